// An executor that ends at any step, as by a kill: the next start leaves the repository as it was, or landed.

import { afterEach, beforeEach, expect, test } from "vitest";

import { killAt, killEverywhere } from "../../support/executor-kills.ts";
import { executeOptions, ExecutorFixture } from "../../support/executor-fixture.ts";

let fixture: ExecutorFixture;

beforeEach(() => {
    fixture = new ExecutorFixture();
});

afterEach(() => {
    fixture.remove();
});

test("a kill after each step leaves nothing behind", async () => {
    await killEverywhere(fixture, "fast-forward", ["after"]);
}, 240_000);

test("a worktree that no journal names is no hindrance", async () => {
    fixture.commit();
    await killAt(fixture, "check", "before", "branch");
    await fixture.executor().finish();
    const branch = fixture.git("branch", "--list", "refactor/*").replace(/^[+* ]+/u, "");
    const executor = fixture.executor();
    const plan = fixture.plan([["area", "square"]]);
    const change = { ...fixture.change(plan), opId: "00000000-0000-4000-8000-000000000002" };
    expect(await executor.execute(change, executeOptions())).toMatchObject({ kind: "executed" });
    expect(fixture.git("worktree", "list").split("\n")).toHaveLength(1);
    fixture.git("branch", "-D", branch);
}, 120_000);
