// An executor that ends at any step, as by a kill: the next start leaves the repository as it was, or landed.

import { afterEach, beforeEach, expect, test } from "vitest";

import { recover, type ExecutionStep } from "../../../src/executor/index.ts";
import type { Landing } from "../../../src/protocol/index.ts";
import { EXECUTION_STEPS } from "../../../src/executor/journal.ts";
import { executeOptions, ExecutorFixture } from "../../support/executor-fixture.ts";

let fixture: ExecutorFixture;

beforeEach(() => {
    fixture = new ExecutorFixture();
});

afterEach(() => {
    fixture.remove();
});

type When = "after" | "before";

/** Runs until a step and never beyond it: what would follow, cleaning up too, is never done. */
async function killAt(at: ExecutionStep, at2: When, landing: Landing): Promise<void> {
    const plan = fixture.plan([["area", "square"]]);
    await new Promise<void>((resolve, reject) => {
        const executor = fixture.executor({
            lock: fixture.lock,
            atStep: (step, when) => {
                if (step !== at || when !== at2) {
                    return Promise.resolve();
                }
                resolve();
                return new Promise(() => undefined);
            },
        });
        const options = executeOptions({ landing, withUncommitted: landing !== "fast-forward" });
        executor.execute(fixture.change(plan), options).then(() => {
            reject(new Error(`${at} was never reached`));
        }, reject);
    });
}

test.each(["branch", "fast-forward", "patch"] as const)(
    "a kill at each step of landing as %s leaves nothing behind",
    async (landing) => {
        fixture.commit();
        for (const step of EXECUTION_STEPS) {
            if (step === "uncommitted" && landing === "fast-forward") {
                continue;
            }
            for (const when of ["before", "after"] as const) {
                const before = fixture.trace();
                await killAt(step, when, landing);
                const found = await recover(fixture.store, fixture.log);
                await fixture.executor().finish();
                expect(found?.entry.step, `${step} ${when}`).toBe(step);
                const isLanded =
                    step === "landed" ||
                    (step === "land" && when === "after" && landing === "fast-forward");
                expect(found?.hasLanded, `${step} ${when}`).toBe(isLanded);
                const after = fixture.trace();
                if (!isLanded) {
                    const patches = after.files.filter((name) => !name.startsWith("operations"));
                    const files = before.files.filter((name) => !name.startsWith("operations"));
                    expect({ ...after, files: patches }, `${step} ${when}`).toEqual({
                        ...before,
                        files,
                    });
                } else {
                    expect(after.worktrees.match(/^worktree /gmu)).toHaveLength(1);
                    expect(after.status).toBe("");
                    const branches = fixture.git("branch", "--list", "refactor/*");
                    expect(branches !== "").toBe(landing === "branch");
                    if (landing === "branch") {
                        fixture.git("branch", "-D", branches.trim());
                    } else if (landing === "fast-forward") {
                        expect(fixture.read("src/lib.rs")).toContain("pub fn square");
                        fixture.git("reset", "-q", "--hard", "HEAD~1");
                    }
                }
            }
        }
        expect(await recover(fixture.store, fixture.log)).toBeUndefined();
    },
    600_000,
);

test("a worktree that no journal names is no hindrance", async () => {
    fixture.commit();
    await killAt("check", "before", "branch");
    await fixture.executor().finish();
    const branch = fixture.git("branch", "--list", "refactor/*").replace(/^[+* ]+/u, "");
    const executor = fixture.executor();
    const plan = fixture.plan([["area", "square"]]);
    const change = { ...fixture.change(plan), opId: "00000000-0000-4000-8000-000000000002" };
    expect(await executor.execute(change, executeOptions())).toMatchObject({ kind: "executed" });
    expect(fixture.git("worktree", "list").split("\n")).toHaveLength(1);
    fixture.git("branch", "-D", branch);
}, 120_000);
