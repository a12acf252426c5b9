// States of a repository in which an operation does not begin: each said, none changed.

import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import type { Refusal } from "../../../src/base/index.ts";
import type { PatchPlan } from "../../../src/patch/index.ts";
import { acquireLock } from "../../../src/platform/index.ts";
import { executeOptions, ExecutorFixture } from "../../support/executor-fixture.ts";
import type { ExecuteOptions } from "../../../src/executor/index.ts";

const RENAME = [["area", "square"]] as const;

let fixture: ExecutorFixture;
let plan: PatchPlan;

beforeEach(() => {
    fixture = new ExecutorFixture();
    plan = fixture.plan(RENAME);
});

afterEach(() => {
    fixture.remove();
});

async function code(more: Partial<ExecuteOptions> = {}, made = plan): Promise<string> {
    const executor = fixture.executor();
    const result = await executor.execute(fixture.change(made), executeOptions(more));
    await executor.finish();
    return (result as Refusal).code;
}

test("no repository, and one without a commit", async () => {
    expect(await code()).toBe("EXECUTOR_NO_REPOSITORY");
    fixture.git("init", "-q");
    expect(await code()).toBe("EXECUTOR_NO_COMMIT");
});

test("a bare repository", async () => {
    fixture.git("init", "-q", "--bare");
    expect(await code()).toBe("EXECUTOR_NO_REPOSITORY");
});

test("a detached head has no branch to move, and is no hindrance otherwise", async () => {
    fixture.commit();
    fixture.git("checkout", "-q", "--detach");
    expect(await code({ landing: "fast-forward" })).toBe("EXECUTOR_DETACHED");
    const executor = fixture.executor();
    const result = await executor.execute(fixture.change(plan), executeOptions());
    expect(result).toMatchObject({ kind: "executed", landing: "branch" });
}, 120_000);

test("a branch in the way", async () => {
    fixture.commit();
    fixture.git("branch", "refactor");
    expect(await code()).toBe("EXECUTOR_BRANCH_EXISTS");
});

test("nobody who commits", async () => {
    fixture.commit();
    fixture.git("config", "user.useConfigOnly", "true");
    fixture.git("config", "--unset", "user.name");
    fixture.git("config", "--unset", "user.email");
    fixture.git("config", "user.name", "");
    expect(await code()).toBe("EXECUTOR_NO_IDENTITY");
});

test("a file that has been changed and committed since the plan", async () => {
    fixture.commit();
    fixture.write("src/lib.rs", "pub fn area() {}\n");
    fixture.commit("later");
    const before = fixture.trace();
    expect(await code()).toBe("PLAN_STALE_FILE");
    expect(fixture.trace()).toEqual(before);
});

test("a file that git ignores, and a target that exists", async () => {
    fixture.write(".gitignore", "/target\n/src/made.rs\n");
    fixture.write("src/made.rs", "pub fn area() {}\n");
    fixture.commit();
    const before = fixture.trace();
    const ignored = fixture.plan(RENAME, { path: "src/made.rs" });
    expect(await code({}, ignored)).toBe("EXECUTOR_NOT_COMMITTED");
    const onto = fixture.plan(RENAME, { to: "notes.txt" });
    expect(await code({}, onto)).toBe("EXECUTOR_TARGET_EXISTS");
    expect(fixture.trace()).toEqual(before);
});

test("a folder that leads out of the repository", async () => {
    const outside = join(fixture.base, "outside");
    mkdirSync(outside);
    fixture.commit();
    rmSync(join(fixture.root, "src/lib.rs"));
    fixture.write("../outside/lib.rs", "pub fn area() {}\n");
    symlinkSync(outside, join(fixture.root, "src/linked"));
    fixture.write("src/lib.rs", "pub fn area() {}\n");
    fixture.commit("link");
    const linked = fixture.plan(RENAME, { path: "src/linked/lib.rs" });
    expect(await code({}, linked)).toBe("EXECUTOR_OUTSIDE");
});

test("a check that cannot be run, and a postcheck that is none", async () => {
    fixture.write("Cargo.toml", `${fixture.read("Cargo.toml")}\n[dependencies]\nnone-such = "9"\n`);
    fixture.commit();
    const before = fixture.trace();
    expect(await code()).toBe("EXECUTOR_BASELINE");
    expect(fixture.trace()).toEqual(before);
    const posts = fixture.plan(RENAME, { patch: { postchecks: ["cargo run"] } });
    expect(await code({}, posts)).toBe("EXECUTOR_POSTCHECK");
}, 120_000);

test("another operation that is being made", async () => {
    fixture.commit();
    const executor = fixture.executor({ lock: (path) => acquireLock(path) });
    const [first, second] = await Promise.all([
        executor.execute(fixture.change(plan), executeOptions()),
        executor.execute(fixture.change(plan), executeOptions()),
    ]);
    expect([first, second].map((one) => ("code" in one ? one.code : one.kind)).sort()).toEqual([
        "EXECUTOR_BUSY",
        "executed",
    ]);
}, 120_000);
