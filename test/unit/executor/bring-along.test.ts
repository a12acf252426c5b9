// Submodules and ignored files that a build needs: there while a change is checked, in no commit, and never edited.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import type { Refusal } from "../../../src/base/index.ts";
import type { Executed, ExecuteOptions, Trial } from "../../../src/executor/index.ts";
import type { PatchPlan } from "../../../src/patch/index.ts";
import { executeOptions, ExecutorFixture } from "../../support/executor-fixture.ts";

const RENAME = [["area", "square"]] as const;
const SLOW = 180_000;

let fixture: ExecutorFixture;

beforeEach(() => {
    fixture = new ExecutorFixture();
});

afterEach(() => {
    fixture.remove();
});

async function execute(
    plan: PatchPlan,
    more: Partial<ExecuteOptions> = {},
): Promise<Executed | Refusal> {
    const executor = fixture.executor();
    const result = await executor.execute(fixture.change(plan), executeOptions(more));
    await executor.finish();
    return result;
}

function gitIn(folder: string, ...args: string[]): string {
    const who = ["-c", "user.name=A Person", "-c", "user.email=person@example.org"];
    const all = [...who, "-c", "protocol.file.allow=always", ...args];
    return execFileSync("git", all, { cwd: folder, encoding: "utf8" }).trim();
}

/** A crate `stones` as a submodule in `stones/`, with `pebbles` as a submodule in it, whose file `stones` takes in. */
function addSubmodules(): void {
    const [outer, inner] = [join(fixture.base, "outer"), join(fixture.base, "inner")];
    for (const folder of [outer, inner]) {
        mkdirSync(folder);
        gitIn(folder, "init", "-q", "-b", "main");
    }
    writeFileSync(join(inner, "count.rs"), "7\n");
    gitIn(inner, "add", "-A");
    gitIn(inner, "commit", "-qm", "pebbles");
    const manifest = '[package]\nname = "stones"\nversion = "0.1.0"\nedition = "2021"\n';
    writeFileSync(join(outer, "Cargo.toml"), manifest);
    mkdirSync(join(outer, "src"));
    const library = 'pub const COUNT: u32 = include!("../pebbles/count.rs");\n';
    writeFileSync(join(outer, "src/lib.rs"), library);
    gitIn(outer, "submodule", "--quiet", "add", inner, "pebbles");
    gitIn(outer, "add", "-A");
    gitIn(outer, "commit", "-qm", "stones");
    fixture.commit();
    gitIn(fixture.root, "submodule", "--quiet", "add", outer, "stones");
    gitIn(fixture.root, "submodule", "--quiet", "update", "--init", "--recursive");
    fixture.write(
        "Cargo.toml",
        `${fixture.read("Cargo.toml")}\n[dependencies]\nstones = { path = "stones" }\n`,
    );
    fixture.write(
        "src/lib.rs",
        `${fixture.read("src/lib.rs")}\npub const STONES: u32 = stones::COUNT;\n`,
    );
    execFileSync("cargo", ["generate-lockfile", "--offline"], { cwd: fixture.root });
    fixture.commit("stones");
    // Nothing of them can be fetched again.
    rmSync(outer, { recursive: true });
    rmSync(inner, { recursive: true });
}

/** Tries something out that only looks. */
function look(work: Trial<{ readonly found: string }>["work"]): Trial<{ readonly found: string }> {
    return {
        opId: "00000000-0000-4000-8000-00000000000a",
        ...{ patchId: "look", description: "look", planFingerprint: null },
        ...{ rootBefore: "ab".repeat(32), touches: [] },
        verify: () => Promise.resolve(undefined),
        work,
    };
}

test(
    "a repository with submodules lands a plan without a network, and leaves no trace when it fails",
    async () => {
        addSubmodules();
        const before = fixture.trace();
        const broken = fixture.plan([["side", "self"]]);
        const failed = await execute(broken, { keep: true });
        expect(failed).toMatchObject({ code: "EXECUTOR_BROKEN" });
        const [kept = ""] = fixture
            .git("worktree", "list", "--porcelain")
            .split("\n")
            .filter((line) => line.startsWith("worktree ") && line.includes("kept"));
        const folder = kept.slice("worktree ".length);
        expect(readFileSync(join(folder, "stones/pebbles/count.rs"), "utf8")).toBe("7\n");
        expect(gitIn(folder, "status", "--porcelain")).toBe("M src/lib.rs");
        fixture.git("worktree", "remove", "--force", folder);
        fixture.git(
            "branch",
            "-D",
            ...fixture
                .git("branch", "--list", "--format=%(refname:short)", "refactor/*")
                .split("\n"),
        );
        expect(fixture.trace()).toEqual(before);

        const result = (await execute(fixture.plan(RENAME), {
            landing: "fast-forward",
        })) as Executed;
        expect(result).toMatchObject({ kind: "executed" });
        expect(fixture.git("show", "--name-only", "--format=", result.commit)).toBe("src/lib.rs");
        expect(fixture.git("status", "--porcelain")).toBe("");
        expect(fixture.git("submodule", "status", "--recursive")).not.toMatch(/^[-+U]/mu);
    },
    SLOW,
);

test(
    "what was found with submodules is remembered, and compiles nothing of them again",
    async () => {
        addSubmodules();
        const first = (await execute(fixture.plan(RENAME), {
            landing: "fast-forward",
        })) as Executed;
        expect(first.checks[0]).toMatchObject({ before: 0, added: 0 });
        const second = (await execute(fixture.plan([["square", "area"]]))) as Executed;
        // Of `tiles` alone: its library, and its tests.
        expect(second.checks[0]).toMatchObject({ millisecondsBefore: 0, compiled: 2 });
    },
    SLOW,
);

test(
    "an edit in a submodule is refused",
    async () => {
        addSubmodules();
        const before = fixture.trace();
        const plan = fixture.plan([["COUNT", "NUMBER"]], { path: "stones/src/lib.rs" });
        expect(await execute(plan)).toMatchObject({
            code: "EXECUTOR_SUBMODULES",
            message: expect.stringContaining("lies in the submodule stones") as string,
        });
        expect(fixture.trace()).toEqual(before);
    },
    SLOW,
);

test(
    "a submodule's own uncommitted work, or commit that is not there, is refused",
    async () => {
        addSubmodules();
        fixture.write("stones/src/lib.rs", "pub const COUNT: u32 = 8;\n");
        const plan = fixture.plan(RENAME);
        expect(await execute(plan, { withUncommitted: true })).toMatchObject({
            code: "EXECUTOR_SUBMODULES",
            candidates: ["stones/src/lib.rs"],
        });
        gitIn(join(fixture.root, "stones"), "checkout", "-q", "--", ".");
        const elsewhere = fixture.git("rev-parse", "HEAD");
        fixture.git("update-index", "--cacheinfo", `160000,${elsewhere},stones`);
        fixture.git("commit", "-qm", "elsewhere");
        const before = fixture.trace();
        expect(await execute(plan)).toMatchObject({
            code: "EXECUTOR_SUBMODULES",
            message: expect.stringContaining("has not the commit") as string,
        });
        expect(fixture.trace()).toEqual(before);
    },
    SLOW,
);

test(
    "a submodule that is not checked out is said to be absent",
    async () => {
        const commit = fixture.commit();
        fixture.git("update-index", "--add", "--cacheinfo", `160000,${commit},dependency`);
        fixture.git("commit", "-qm", "a submodule");
        const result = (await execute(fixture.plan(RENAME))) as Executed;
        expect(result.notes).toEqual([
            "1 uncommitted files are no part of what was checked",
            "the submodule dependency is not checked out, and was not there",
        ]);
    },
    SLOW,
);

/** A library that takes in a file that git ignores. */
function addGenerated(): void {
    fixture.write(".gitignore", "/target\n/generated\n/made.rs\n");
    fixture.write("generated/deep/table.rs", "[1, 2, 3]\n");
    fixture.write("generated/cache/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n");
    fixture.write("generated/cache/large", "large\n");
    symlinkSync("deep/table.rs", join(fixture.root, "generated/link.rs"));
    fixture.write("made.rs", "4\n");
    const table = 'pub static TABLE: [u8; 3] = include!("../generated/link.rs");\n';
    const made = 'pub const MADE: u8 = include!("../made.rs");\n';
    fixture.write("src/lib.rs", `${fixture.read("src/lib.rs")}\n${table}${made}`);
    fixture.commit();
}

test(
    "ignored files that the build needs come along where that is asked for, and are in no commit",
    async () => {
        addGenerated();
        const before = fixture.trace();
        const plan = fixture.plan(RENAME);
        // What is broken before does not count; a file that is not there says so in the report.
        const without = (await execute(plan, { landing: "patch" })) as Executed;
        expect(without.checks[0]?.before).toBeGreaterThan(0);
        const bring = ["generated", "./made.rs"];
        const result = (await execute(plan, { bring, landing: "patch" })) as Executed;
        expect(result.checks[0]).toMatchObject({ before: 0, added: 0 });
        expect(result.notes).toEqual([
            "3 ignored files were there when it was checked, and are in no commit",
        ]);
        expect(fixture.git("show", "--name-only", "--format=", result.commit)).toBe("src/lib.rs");
        expect({ ...fixture.trace(), files: [] }).toEqual({ ...before, files: [] });
        // Another content is another state: nothing is taken from memory.
        fixture.write("generated/deep/table.rs", "[1, 2]\n");
        const other = (await execute(plan, { bring, landing: "patch" })) as Executed;
        expect(other.checks[0]?.before).toBeGreaterThan(0);
    },
    SLOW,
);

test(
    "all that is ignored comes along, but what is built, and links stay links",
    async () => {
        addGenerated();
        const executor = fixture.executor();
        const found = await executor.tryOut(
            look(({ folder }) =>
                Promise.resolve({
                    found: execFileSync(
                        "find",
                        [
                            "generated",
                            "made.rs",
                            "(",
                            "-type",
                            "f",
                            "-o",
                            "-type",
                            "l",
                            ")",
                            "-printf",
                            "%y %p %l;\n",
                        ],
                        {
                            cwd: folder,
                            encoding: "utf8",
                        },
                    ),
                }),
            ),
            { withUncommitted: false, bring: ["."] },
        );
        await executor.finish();
        expect("found" in found ? found.found.trim().split("\n").sort() : found).toEqual([
            "f generated/deep/table.rs ;",
            "f made.rs ;",
            "l generated/link.rs deep/table.rs;",
        ]);
    },
    SLOW,
);

test(
    "what cannot be brought along is refused, without a trace",
    async () => {
        addGenerated();
        const before = fixture.trace();
        const plan = fixture.plan(RENAME);
        for (const path of ["nothing", "src", "../outer", "/etc/hosts", "generated/cache", ""]) {
            expect([path, await execute(plan, { bring: [path] })]).toMatchObject([
                path,
                { code: "EXECUTOR_BRING" },
            ]);
        }
        expect(fixture.trace()).toEqual(before);
    },
    SLOW,
);

test(
    "a file is never moved onto one that came along, nor through a link that did",
    async () => {
        addGenerated();
        const moved = fixture.plan(RENAME, { to: "generated/deep/table.rs" });
        expect(await execute(moved, { bring: ["generated"] })).toMatchObject({
            code: "EXECUTOR_TARGET_EXISTS",
        });
        const outside = join(fixture.base, "outside");
        mkdirSync(outside);
        symlinkSync(outside, join(fixture.root, "generated/away"));
        const through = fixture.plan(RENAME, { to: "generated/away/lib.rs" });
        expect(await execute(through, { bring: ["generated"] })).toMatchObject({
            code: "EXECUTOR_OUTSIDE",
        });
        expect(existsSync(join(outside, "lib.rs"))).toBe(false);
    },
    SLOW,
);
