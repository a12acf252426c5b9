// The session after a rename, derived from the one before, says of every token what a fresh one says.
// FERROGRAPH_RENAMED_WORKSPACE=DIR asks the same of another workspace; a large one takes minutes.

import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

import { freshName } from "../../../bench/accuracy/fresh-name.ts";
import { resolveHere, type ResolvedHere } from "../../../bench/accuracy/resolve-here.ts";
import { drawInShares } from "../../../bench/accuracy/sample.ts";
import { listCandidates, type Candidate } from "../../../bench/accuracy/strata.ts";
import { repoPath } from "../../../src/base/index.ts";
import { captureChanges, moveFiles } from "../../../src/engine/plan-rename.ts";
import { findRenameTarget, planRename, type RenameContext } from "../../../src/refactor/index.ts";
import { Resolver, resolveWorkspace, type ResolvedWorkspace } from "../../../src/resolve/index.ts";
import { openSyntax } from "../../../src/syntax/index.ts";
import { checkDerived } from "../../support/check-derived.ts";

const SYNTAX = await openSyntax();
const ROOT = path.resolve(import.meta.dirname, "../../..");
const EXAMPLES = readdirSync(path.join(ROOT, "examples")).map((name) =>
    path.join(ROOT, "examples", name),
);
const WANTED = process.env["FERROGRAPH_RENAMED_WORKSPACE"];
const WORKSPACES = WANTED === undefined ? EXAMPLES : [WANTED];
const COUNT = 18;

/** Renames of a workspace, each of which compares both ways; counts the derived ones. */
class Renames {
    derived = 0;
    fresh = 0;
    readonly #here: ResolvedHere;
    readonly #resolver = new Resolver();
    readonly #taken: ReadonlySet<string>;

    constructor(here: ResolvedHere) {
        this.#here = here;
        const text = [...here.texts.values()].join("\n");
        this.#taken = new Set(text.match(/[\p{XID_Start}_]\p{XID_Continue}*/gu));
    }

    rename({ path: file, offset, kind, name }: Candidate): void {
        const newName = freshName({ kind, name }, (one) => this.#taken.has(one));
        const context = this.#context();
        const start = findRenameTarget(context, repoPath(file), offset);
        if (start.kind === "start") {
            planRename(context, start.target, newName);
        }
    }

    #context(): RenameContext {
        const { model, captures, texts } = this.#here;
        const resolution = this.#resolver.resolve({ model, captures });
        return {
            resolution,
            model,
            textOf: (file) => texts.get(file) ?? "",
            contentHashOf: () => "",
            treeOf: (file) => captures.get(file)?.tree,
            reResolve: (changes, moves, change) => {
                const after = captureChanges(captures, { changes, moves }, (file) =>
                    SYNTAX.captureRenamed({ ...file, before: texts.get(file.capture.path) ?? "" }),
                );
                const input = { model: moveFiles(model, moves), captures: after };
                const aside = this.#resolver.resolveAside(
                    input,
                    change && { ...change, moved: { model, files: moves } },
                );
                if (change !== undefined) {
                    this.#count(aside);
                    const names = [change.from, change.to];
                    const parsed = captureChanges(captures, { changes, moves }, (file) =>
                        SYNTAX.capture(file.path, file.after),
                    );
                    const fresh = resolveWorkspace({ ...input, captures: parsed });
                    checkDerived(aside, fresh, { resolution, names, after });
                }
                return aside;
            },
        };
    }

    #count({ source }: ResolvedWorkspace): void {
        this.derived += source.isDerived ? 1 : 0;
        this.fresh += source.isDerived ? 0 : 1;
    }
}

describe("a session after a rename", () => {
    it.each(WORKSPACES)(
        "is what a fresh one would be, in %s",
        { timeout: 600_000 },
        async (root) => {
            const here = await resolveHere(root);
            const renames = new Renames(here);
            for (const { item } of drawInShares(listCandidates(here), COUNT, 7)) {
                renames.rename(item);
            }
            expect(renames.derived).toBeGreaterThan(renames.fresh * 4);
        },
    );
});
