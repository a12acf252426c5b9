// What renames that were made elsewhere mean for this workspace: the difference of two states of the graph, and of its
// renames those whose old names are still here, as a semantic patch. Two states are of this store's
// history, or of two revisions of git, which are captured aside.

import { join } from "node:path";

import { isRefusal, OperatingError, type Refusal, refuse } from "../base/index.ts";
import type { GitRepository } from "../git/index.ts";
import { createLogger, makeTemporaryFolder, removeFolder } from "../platform/index.ts";
import type {
    DiffResult,
    PropagatedRenameDto,
    PropagateParams,
    PropagateResult,
    PropagationState,
    SymbolDto,
} from "../protocol/index.ts";
import { readAccepted } from "./accepted.ts";
import { describeTarget } from "./describe.ts";
import type { Engine, RequestContext } from "./engine.ts";
import { openEngine } from "./open-engine.ts";
import { selectTarget } from "./select-target.ts";
import type { View } from "./view.ts";

type Rename = DiffResult["renamed"][number];

/** Several symbols are called so here. */
const AMBIGUOUS: unique symbol = Symbol("ambiguous");

/** Tells which renames between two states can be made here too, and gives them as a patch. */
export async function propagateRenames(
    engine: Engine,
    context: RequestContext,
    { between, accept = [] }: PropagateParams,
): Promise<PropagateResult | Refusal> {
    const accepted = readAccepted(accept);
    if (accepted.kind === "refusal") {
        return accepted;
    }
    await engine.ready;
    const difference =
        between.kind === "deltas"
            ? await engine.history.diff({ j: between.from, k: between.to })
            : await diffOfRevisions(engine, context, between);
    if (isRefusal(difference)) {
        return difference;
    }
    await engine.apply({ kind: "disk", paths: [] });
    return engine.query(context, (view) => {
        // An impl is named after its type and its trait: it has no name of its own.
        const known = difference.renamed.filter(({ from }) => from.kind !== "impl");
        const renames = known.map((each) => stateHere(view, each, known));
        const name = `${between.from} to ${between.to}`;
        return { renames, patch: patchOf(renames, known, { name, accept }) };
    });
}

/** Captures one revision after the other at the same place, into a store of its own. */
async function diffOfRevisions(
    engine: Engine,
    context: RequestContext,
    revisions: { readonly from: string; readonly to: string },
): Promise<DiffResult | Refusal> {
    const git = await import("../git/index.ts");
    const repository = await git.GitRepository.open(engine.root);
    if (typeof repository === "string") {
        return refuse("PROPAGATE_NO_GIT", `${engine.root} is not in a git repository with files`, {
            advice: "give numbers of deltas instead, with --deltas",
        });
    }
    const commits: string[] = [];
    for (const revision of [revisions.from, revisions.to]) {
        const commit = await repository.commitOf(revision);
        if (commit === undefined) {
            return refuse("PROPAGATE_NO_REVISION", `git knows no commit \`${revision}\``, {
                advice: "give a branch, a tag, a hash, or something like HEAD~3",
            });
        }
        commits.push(commit);
    }
    const folder = await makeTemporaryFolder("ferrograph-revisions-");
    try {
        return await diffOfCommits(repository, folder, commits, context);
    } finally {
        await removeFolder(folder);
    }
}

async function diffOfCommits(
    repository: GitRepository,
    folder: string,
    commits: readonly string[],
    context: RequestContext,
): Promise<DiffResult | Refusal> {
    const tree = join(folder, "tree");
    const root = join(tree, repository.prefix);
    const storeFolder = join(folder, "store");
    const deltas: number[] = [];
    let answer: DiffResult | Refusal | undefined;
    for (const [at, commit] of commits.entries()) {
        context.onProgress?.("reading revisions", at, commits.length);
        await removeFolder(tree);
        await repository.exportTree(commit, tree, join(folder, "index"));
        const logger = createLogger({ level: "silent", destination: "stderr" });
        const aside = openEngine({ root, storeFolder, trusted: false, watch: false, logger });
        try {
            await aside.ready;
            await aside.capture(context, {});
            deltas.push((await aside.roots(context)).deltaCount);
            const [j, k] = deltas;
            answer =
                j === undefined || k === undefined ? undefined : await aside.history.diff({ j, k });
        } finally {
            await aside.close();
        }
    }
    if (answer === undefined) {
        throw new OperatingError("PROPAGATE_CANCELLED", "the revisions were not compared");
    }
    return answer;
}

/** What this workspace has of a rename. */
function stateHere(view: View, rename: Rename, all: readonly Rename[]): PropagatedRenameDto {
    const { from, to } = rename;
    // What it lies in may have been renamed there and here already, or there alone.
    const old = findHere(view, from, [from.path, siblingPath(to.path, from.name)]);
    const made = findHere(view, to, [
        to.path,
        siblingPath(from.path, to.name),
        ...inOldOwner(to, all),
    ]);
    const dto = { kind: from.kind, from: from.path, to: to.path };
    if (old === AMBIGUOUS || made === AMBIGUOUS) {
        return { ...dto, state: "ambiguous", here: undefined };
    }
    return { ...dto, state: stateOf(old, made), here: old ?? made };
}

function stateOf(old: string | undefined, made: string | undefined): PropagationState {
    if (old === undefined) {
        return made === undefined ? "absent" : "made";
    }
    return made === undefined ? "to-make" : "taken";
}

/** The path under which one of some paths means a symbol of a kind here. */
function findHere(
    view: View,
    { kind }: SymbolDto,
    paths: readonly string[],
): string | typeof AMBIGUOUS | undefined {
    for (const path of new Set(paths)) {
        const found = selectTarget(view, { kind: "path", path });
        if (found.kind === "refusal" && found.code === "SYMBOL_AMBIGUOUS") {
            return AMBIGUOUS;
        }
        if (found.kind === "selection" && describeTarget(view, found.target).kind === kind) {
            return path;
        }
    }
    return undefined;
}

/** Paths of a renamed item below owners that are still called as they were. */
function inOldOwner({ path }: SymbolDto, all: readonly Rename[]): string[] {
    return all.flatMap(({ from, to }) =>
        path.startsWith(`${to.path}::`) ? [`${from.path}${path.slice(to.path.length)}`] : [],
    );
}

function siblingPath(path: string, name: string): string {
    return [...path.split("::").slice(0, -1), name].join("::");
}

/** The patch; members before what they lie in does not matter: a plan follows its items through its own edits. */
function patchOf(
    renames: readonly PropagatedRenameDto[],
    known: readonly Rename[],
    { name, accept }: { readonly name: string; readonly accept: readonly string[] },
): string | undefined {
    const patterns = renames.flatMap(({ state, here }, at) => {
        const to = known[at]?.to.name;
        return state === "to-make" && here !== undefined && to !== undefined
            ? [{ match: { symbol: here, expect: 1 }, action: { rename: to } }]
            : [];
    });
    if (patterns.length === 0) {
        return undefined;
    }
    const id = `propagate-${name.replaceAll(/[^A-Za-z0-9._-]+/gu, "-")}`;
    const consent = { constraints: { only_if_no_conflicts: false, accept } };
    const patch = {
        id,
        description: `renames from ${name}`,
        patterns,
        ...(accept.length === 0 ? {} : consent),
    };
    return `${JSON.stringify(patch, null, 2)}\n`;
}
