// A small repository with a crate, a plan of one edit, and an executor whose folders are a test's own.

import { execFileSync } from "node:child_process";
import {
    existsSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    realpathSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { changeOfPlan } from "../../src/engine/patches/execute-plan.ts";
import { Executor, type ChangeToLand, type ExecuteOptions } from "../../src/executor/index.ts";
import type { ExecutorParts } from "../../src/executor/index.ts";
import { hashOf, sealPlan, type PatchPlan } from "../../src/patch/index.ts";
import type { Lock } from "../../src/platform/index.ts";
import { KeptLog } from "./engine-fixture.ts";

const LIBRARY = `pub fn area(side: u32) -> u32 {
    side * side
}

pub fn double(side: u32) -> u32 {
    area(side) * 2
}

#[cfg(test)]
mod tests {
    #[test]
    fn areas() {
        assert_eq!(super::area(3), 9);
    }
}
`;

/** What a repository shows of itself; equal traces mean that nothing was left behind. */
export interface Trace {
    readonly status: string;
    readonly refs: string;
    readonly worktrees: string;
    readonly head: string;
    readonly files: readonly string[];
}

/** A repository on disk, with folders of a store and of caches beside it. */
export class ExecutorFixture {
    #operations = 0;
    readonly base: string;
    readonly root: string;
    readonly store: string;
    readonly cache: string;
    readonly log = new KeptLog();

    constructor() {
        this.base = realpathSync(mkdtempSync(join(tmpdir(), "ferrograph-executor-")));
        this.root = join(this.base, "repository");
        this.store = join(this.base, "store");
        this.cache = join(this.base, "cache");
        mkdirSync(this.root);
        mkdirSync(this.store);
        mkdirSync(this.cache);
        this.write(".gitignore", "/target\n");
        this.write(
            "Cargo.toml",
            '[package]\nname = "tiles"\nversion = "0.1.0"\nedition = "2021"\n',
        );
        this.write("Cargo.lock", 'version = 4\n\n[[package]]\nname = "tiles"\nversion = "0.1.0"\n');
        this.write("src/lib.rs", LIBRARY);
        this.write("notes.txt", "notes\n");
    }

    /** Commits all there is. */
    commit(message = "base"): string {
        if (!existsSync(join(this.root, ".git"))) {
            this.git("init", "-q", "-b", "main");
            this.git("config", "user.name", "A Person");
            this.git("config", "user.email", "person@example.org");
        }
        this.git("add", "-A");
        this.git("commit", "-qm", message);
        return this.git("rev-parse", "HEAD");
    }

    git(...args: string[]): string {
        return execFileSync("git", args, { cwd: this.root, encoding: "utf8" }).trim();
    }

    read(path: string): string {
        return readFileSync(join(this.root, path), "utf8");
    }

    write(path: string, text: string): void {
        mkdirSync(dirname(join(this.root, path)), { recursive: true });
        writeFileSync(join(this.root, path), text);
    }

    /** A plan that replaces words of one file, and moves it when asked. */
    plan(
        replacements: readonly (readonly [string, string])[],
        more: { readonly path?: string; readonly to?: string; readonly patch?: object } = {},
    ): PatchPlan {
        const path = more.path ?? "src/lib.rs";
        const before = this.read(path);
        const edits = replacements.flatMap(([from, to], operation) =>
            [...before.matchAll(new RegExp(`\\b${from}\\b`, "gu"))].map(({ index }) => ({
                start: index,
                end: index + from.length,
                oldText: from,
                newText: to,
                applicability: "machine-applicable" as const,
                operations: [operation],
            })),
        );
        const ordered = edits.sort((a, b) => b.start - a.start);
        let after = before;
        for (const { start, end, newText } of ordered) {
            after = after.slice(0, start) + newText + after.slice(end);
        }
        const risk = { score: 0, level: "low" as const, reasons: [] };
        return sealPlan({
            format: "ferrograph-plan/1",
            patch: { id: "swap", patterns: [], ...more.patch },
            graphRoot: "ab".repeat(32),
            operations: replacements.map(([from, to]) => ({
                pattern: 0,
                action: "rename",
                path: `tiles::${from}`,
                symbolId: "0".repeat(16),
                at: undefined,
                description: `rename ${from} to ${to}`,
                preconditions: [],
                accepted: [],
                proof: { verdict: "proved", tokens: 1, digest: "" },
                edits: 1,
                risk,
            })),
            files: [
                {
                    path,
                    pathAfter: more.to ?? path,
                    before: hashOf(before),
                    after: hashOf(after),
                    edits: ordered,
                },
            ],
            leftAlone: [],
            risk,
        });
    }

    /** The change that a plan is, as an operation of its own. */
    change(plan: PatchPlan, tests?: string[][]): ChangeToLand {
        return {
            ...changeOfPlan(plan, () => Promise.resolve(tests)),
            opId: `00000000-0000-4000-8000-${String(++this.#operations).padStart(12, "0")}`,
            rootBefore: plan.graphRoot,
        };
    }

    executor(parts: Partial<ExecutorParts> = {}): Executor {
        const { root, store, cache, log } = this;
        return new Executor({
            ...{ root, storeFolder: store, cacheFolder: cache, logger: log },
            ...parts,
        });
    }

    /** A lock that ends with `die`, as it would with its process. */
    lock = (): Lock => ({
        path: "",
        release: () => undefined,
    });

    trace(): Trace {
        return {
            status: this.git("status", "--porcelain=v1", "--untracked-files=all"),
            refs: this.git("for-each-ref"),
            worktrees: this.git("worktree", "list", "--porcelain"),
            head: this.git("symbolic-ref", "-q", "HEAD"),
            files: [
                ...readdirSync(this.root, { recursive: true }).filter(
                    (name) => typeof name === "string" && !name.startsWith(".git/"),
                ),
                ...readdirSync(this.base),
                ...readdirSync(this.store),
            ].map(String),
        };
    }

    remove(): void {
        rmSync(this.base, { recursive: true, force: true });
    }
}

/** Options of an operation. */
export function executeOptions(more: Partial<ExecuteOptions> = {}): ExecuteOptions {
    return { level: "check", landing: "branch", withUncommitted: false, keep: false, ...more };
}
