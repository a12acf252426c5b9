// Plans made to land with real git and cargo: what lands, what is refused, and that nothing else is left.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import type { Executed } from "../../../src/executor/index.ts";
import type { Refusal } from "../../../src/base/index.ts";
import { executeOptions, ExecutorFixture } from "../../support/executor-fixture.ts";

const RENAME = [["area", "square"]] as const;
const SLOW = 240_000;

let fixture: ExecutorFixture;

beforeEach(() => {
    fixture = new ExecutorFixture();
});

afterEach(() => {
    fixture.remove();
});

function done(result: Executed | Refusal): Executed {
    expect(result).toMatchObject({ kind: "executed" });
    return result as Executed;
}

test(
    "leaves a checked commit on a branch of its own, and the user's work where it is",
    async () => {
        fixture.commit();
        const plan = fixture.plan(RENAME);
        fixture.write("notes.txt", "half a thought\n");
        fixture.write("new.txt", "untracked\n");
        fixture.git("add", "new.txt");
        const before = fixture.trace();
        const executor = fixture.executor();
        const first = done(await executor.execute(fixture.change(plan), executeOptions()));
        await executor.finish();
        expect(first.branch).toMatch(
            /^refactor\/00000000-0000-4000-8000-000000000001\/\d{8}T\d{6}Z$/u,
        );
        const after = fixture.trace();
        expect({ ...after, refs: "" }).toEqual({ ...before, refs: "" });
        const branch = first.branch ?? "";
        expect(fixture.git("rev-parse", branch)).toBe(first.commit);
        expect(fixture.git("show", `${branch}:src/lib.rs`)).toContain("pub fn square");
        expect(fixture.git("diff", "--name-only", `main..${branch}`)).toBe("src/lib.rs");
        const trailers = fixture.git("log", "-1", "--format=%(trailers:only)", branch);
        expect(trailers).toBe(
            [
                "Op-Id: 00000000-0000-4000-8000-000000000001",
                "Patch-Id: swap",
                `Plan-Fingerprint: ${plan.fingerprint}`,
                `Graph-Root-Before: ${"ab".repeat(32)}`,
            ].join("\n"),
        );
        expect(first.notes).toEqual(["2 uncommitted files are no part of what was checked"]);

        // A second run compiles before the change only what the first one changed, and nothing twice.
        fixture.git("branch", "-D", branch);
        fixture.git("merge", "-q", "--ff-only", first.commit);
        const again = fixture.plan([["double", "twice"]]);
        const second = done(await executor.execute(fixture.change(again), executeOptions()));
        const [check] = second.checks;
        expect(check).toMatchObject({ compiledBefore: 0, before: 0, added: 0 });
        expect(check?.compiled).toBeGreaterThan(0);
    },
    SLOW,
);

test(
    "names what broke, where and by which operation, and leaves no trace",
    async () => {
        fixture.write("src/main.rs", 'fn main() {\n    println!("{}", tiles::area(2));\n}\n');
        fixture.commit();
        const plan = fixture.plan([
            ["double", "twice"],
            ["area", "square"],
        ]);
        const before = fixture.trace();
        const executor = fixture.executor();
        const result = await executor.execute(fixture.change(plan), executeOptions());
        await executor.finish();
        expect(result).toMatchObject({
            code: "EXECUTOR_BROKEN",
            message:
                "`cargo check --workspace --all-targets` finds 2 things wrong that was not before",
        });
        const lines = (result as Refusal).candidates;
        expect(lines[0]).toBe(
            "src/main.rs:2: error[E0425]: cannot find function `area` in crate `tiles`",
        );
        expect(fixture.trace()).toEqual(before);

        expect(lines.at(-1)).toBe("broken since step 2 of 2: rename area to square");

        const more = fixture.plan([
            ["double", "twice"],
            ["area", "square"],
            ["areas", "squares"],
            ["side", "edge"],
        ]);
        const found = await executor.execute(fixture.change(more), executeOptions());
        expect((found as Refusal).candidates.at(-1)).toBe(
            "broken since step 2 of 4: rename area to square",
        );
        await executor.finish();
        expect(fixture.trace()).toEqual(before);

        const kept = await executor.execute(fixture.change(plan), executeOptions({ keep: true }));
        const folder =
            /^the edited worktree is in (.+)$/u.exec((kept as Refusal).advice)?.[1] ?? "";
        expect(readFileSync(join(folder, "src/lib.rs"), "utf8")).toContain("pub fn square");
        fixture.git("worktree", "remove", "--force", folder);
    },
    SLOW,
);

test(
    "counts only what was not wrong before; tests that fail once only are flaky",
    async () => {
        const flaky = join(fixture.base, "flaky");
        const failing = [
            "#[test]\nfn always() {\n    panic!();\n}\n",
            `#[test]\nfn sometimes() {\n    let path = ${JSON.stringify(flaky)};`,
            "    let seen = std::fs::read(path).unwrap_or_default().len();",
            '    std::fs::write(path, "x".repeat(seen + 1)).unwrap();',
            "    assert_ne!(seen, 1);\n}\n",
        ].join("\n");
        fixture.write("tests/failing.rs", failing);
        fixture.commit();
        const plan = fixture.plan(RENAME);
        const executor = fixture.executor();
        const tests = [["-p", "tiles", "--test", "failing"]];
        const options = executeOptions({ level: "tests", landing: "patch" });
        const result = done(await executor.execute(fixture.change(plan, tests), options));
        expect(result.checks.map(({ before, added }) => [before, added])).toEqual([
            [0, 0],
            [1, 0],
        ]);
        expect(result.notes).toEqual([
            "test sometimes failed (tests/failing.rs) at first, and passed when run again",
        ]);
        expect(fixture.git("branch", "--list")).toBe("* main");
        expect(readFileSync(result.patchFile ?? "", "utf8")).toContain("+pub fn square");
        expect(readFileSync(result.textFile ?? "", "utf8")).toContain(
            "nothing new; 1 found before",
        );
        fixture.git("am", "-q", result.patchFile ?? "");
        expect(fixture.read("src/lib.rs")).toContain("pub fn square");

        fixture.write("src/lib.rs", fixture.read("src/lib.rs").replace("side * side", "side + 6"));
        fixture.commit("change");
        const breaking = fixture.plan([["6", "7"]]);
        const broken = await executor.execute(
            fixture.change(breaking),
            executeOptions({ level: "deep" }),
        );
        expect(broken).toMatchObject({
            code: "EXECUTOR_BROKEN",
            candidates: ["test tests::areas failed (unittests src/lib.rs)"],
        });
    },
    SLOW,
);

test(
    "compiles fuzz targets at the level `deep`, or says why it cannot",
    async () => {
        const manifest = (more: string): string =>
            `[package]\nname = "tiles-fuzz"\nversion = "0.0.0"\nedition = "2021"\n${more}`;
        const own = "[package.metadata]\ncargo-fuzz = true\n[workspace]\n[dependencies]\n";
        fixture.write("fuzz/Cargo.toml", manifest(`${own}tiles = { path = ".." }\n`));
        fixture.write("fuzz/src/main.rs", "fn main() {\n    tiles::area(2);\n}\n");
        fixture.commit();
        const executor = fixture.executor();
        const options = executeOptions({ level: "deep", landing: "patch" });
        const command = "cargo check --manifest-path fuzz/Cargo.toml --all-targets";
        const fine = await executor.execute(
            fixture.change(fixture.plan([["double", "twice"]])),
            options,
        );
        expect(done(fine).checks.map((check) => check.command)).toContain(command);
        const broken = await executor.execute(fixture.change(fixture.plan(RENAME)), options);
        expect(broken).toMatchObject({
            code: "EXECUTOR_BROKEN",
            message: `\`${command}\` finds 2 things wrong that was not before`,
        });
        fixture.write("fuzz/Cargo.toml", manifest(`${own}none-such = "9"\n`));
        fixture.commit("missing");
        const missing = await executor.execute(fixture.change(fixture.plan(RENAME)), options);
        expect(done(missing).notes.join()).toContain(
            `\`${command}\` cannot be run on what is there`,
        );
        await executor.finish();
    },
    SLOW,
);

test(
    "takes uncommitted work along when asked, as a commit of its own",
    async () => {
        const base = fixture.commit();
        fixture.write(
            "src/lib.rs",
            `${fixture.read("src/lib.rs")}\npub fn unit() -> u32 {\n    area(1)\n}\n`,
        );
        fixture.write("src/extra.txt", "new\n");
        const before = fixture.trace();
        const plan = fixture.plan(RENAME);
        const executor = fixture.executor();
        const refused = await executor.execute(fixture.change(plan), executeOptions());
        expect(refused).toMatchObject({
            code: "EXECUTOR_UNCOMMITTED",
            candidates: ["src/lib.rs"],
        });
        expect(fixture.trace()).toEqual(before);
        const options = executeOptions({ withUncommitted: true });
        const result = done(await executor.execute(fixture.change(plan), options));
        await executor.finish();
        expect({ ...fixture.trace(), refs: "" }).toEqual({ ...before, refs: "" });
        const parents = fixture.git("log", "--format=%H", result.branch ?? "").split("\n");
        expect(parents).toEqual([result.commit, result.uncommitted, base]);
        const taken = fixture.git("show", "--name-only", "--format=", result.uncommitted ?? "");
        expect(taken.split("\n")).toEqual(["src/extra.txt", "src/lib.rs"]);
        const mixed = executeOptions({ withUncommitted: true, landing: "fast-forward" });
        expect(await executor.execute(fixture.change(plan), mixed)).toMatchObject({
            code: "EXECUTOR_LANDING",
        });
    },
    SLOW,
);

test(
    "fast-forwards the user's branch and files, and only if it is one",
    async () => {
        fixture.commit();
        fixture.write("notes.txt", "half a thought\n");
        const plan = fixture.plan(RENAME);
        const options = executeOptions({ landing: "fast-forward" });
        const meanwhile = fixture.executor({
            atStep: (step, when) => {
                if (step === "commit" && when === "after") {
                    fixture.write("later.txt", "later\n");
                    fixture.git("add", "later.txt");
                    fixture.git("commit", "-qm", "later", "--", "later.txt");
                }
                return Promise.resolve();
            },
        });
        const moved = await meanwhile.execute(fixture.change(plan), options);
        expect(moved).toMatchObject({ code: "EXECUTOR_NOT_FAST_FORWARD" });
        expect(fixture.git("branch", "--list")).toBe("* main");

        const executor = fixture.executor();
        const result = done(await executor.execute(fixture.change(plan), options));
        await executor.finish();
        expect(result.branch).toBe("main");
        expect(fixture.git("rev-parse", "main")).toBe(result.commit);
        expect(fixture.read("src/lib.rs")).toContain("pub fn square");
        expect(fixture.git("status", "--porcelain")).toBe("M notes.txt");
        expect(fixture.git("for-each-ref", "--format=%(refname)")).toBe("refs/heads/main");
        expect(fixture.git("worktree", "list").split("\n")).toHaveLength(1);
    },
    SLOW,
);

test(
    "moves files, runs the matrix and postchecks, never a hook",
    async () => {
        fixture.write("src/lib.rs", `${fixture.read("src/lib.rs")}\nmod tile;\n`);
        fixture.write(
            "src/tile.rs",
            `pub(crate) fn _side() {}\n${"// a line that stays\n".repeat(9)}`,
        );
        fixture.write(
            "Cargo.toml",
            `${fixture.read("Cargo.toml")}\n[features]\nwide = []\n\n[workspace]\n`,
        );
        fixture.commit();
        const hook = join(fixture.root, ".git/hooks/pre-commit");
        writeFileSync(hook, `#!/bin/sh\ntouch ${fixture.base}/hooked\nexit 1\n`, { mode: 0o755 });
        fixture.git("config", "commit.gpgSign", "true");
        const plan = fixture.plan([["_side", "_edge"]], {
            path: "src/tile.rs",
            to: "src/tile/mod.rs",
            patch: {
                constraints: {
                    cfg_matrix: [{}, { features: ["wide"], no_default_features: true }],
                },
                postchecks: ["cargo doc --no-deps", "cargo fmt --check"],
            },
        });
        const executor = fixture.executor();
        const result = done(await executor.execute(fixture.change(plan), executeOptions()));
        expect(result.checks.map(({ command }) => command)).toEqual([
            "cargo check --workspace --all-targets",
            "cargo check --workspace --all-targets --no-default-features --features wide",
            "cargo doc --no-deps",
            "cargo fmt --check",
        ]);
        const changed = fixture.git("diff", "--name-status", "-M", `main..${result.commit}`);
        expect(changed).toMatch(/^R\d+\tsrc\/tile\.rs\tsrc\/tile\/mod\.rs$/u);
        expect(existsSync(join(fixture.base, "hooked"))).toBe(false);
    },
    SLOW,
);

test(
    "makes the worktree beside a repository whose manifests point out of it",
    async () => {
        mkdirSync(join(fixture.base, "glue/src"), { recursive: true });
        writeFileSync(
            join(fixture.base, "glue/Cargo.toml"),
            '[package]\nname = "glue"\nversion = "0.1.0"\nedition = "2021"\n',
        );
        writeFileSync(join(fixture.base, "glue/src/lib.rs"), "");
        fixture.write(
            "Cargo.toml",
            `${fixture.read("Cargo.toml")}\n[dependencies]\nglue = { path = "../glue" }\n`,
        );
        fixture.commit();
        const plan = fixture.plan(RENAME);
        let seen: string[] = [];
        const executor = fixture.executor({
            atStep: (step) => {
                seen = step === "check" ? readdirSync(fixture.base) : seen;
                return Promise.resolve();
            },
        });
        done(await executor.execute(fixture.change(plan), executeOptions()));
        await executor.finish();
        expect(seen).toContain(".repository.ferrograph-worktree");
        expect(readdirSync(fixture.base).sort()).toEqual(["cache", "glue", "repository", "store"]);
    },
    SLOW,
);

test(
    "is cancelled between and within steps, without a trace",
    async () => {
        fixture.commit();
        const plan = fixture.plan(RENAME);
        const before = fixture.trace();
        for (const at of ["worktree", "baseline", "check", "land"]) {
            const abort = new AbortController();
            const executor = fixture.executor({
                atStep: (step, when) => {
                    if (step === at && when === "before") {
                        abort.abort();
                    }
                    return Promise.resolve();
                },
            });
            const options = executeOptions({ signal: abort.signal });
            const run = executor.execute(fixture.change(plan), options);
            if (at === "land") {
                // Landing on a branch is done already: what is left is to say so.
                await expect(run).resolves.toMatchObject({ kind: "executed" });
                const { branch } = (await run) as Executed;
                fixture.git("branch", "-D", branch ?? "");
            } else {
                await expect(run).rejects.toThrow("cancelled");
            }
            await executor.finish();
            expect(fixture.trace()).toEqual(before);
        }
    },
    SLOW,
);
