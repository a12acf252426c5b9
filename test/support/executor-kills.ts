// Ends an executor at its steps, as a kill would, and looks what the next start makes of it.

import { expect } from "vitest";

import { recover, type ExecutionStep } from "../../src/executor/index.ts";
import { EXECUTION_STEPS } from "../../src/executor/journal.ts";
import { LANDINGS, type Landing } from "../../src/protocol/index.ts";
import { executeOptions, type ExecutorFixture, type Trace } from "./executor-fixture.ts";

/** Where in a step the executor ends. */
export type When = "after" | "before";

/** Runs until a step and never beyond it: what would follow, cleaning up too, is never done. */
export async function killAt(
    fixture: ExecutorFixture,
    at: ExecutionStep,
    at2: When,
    landing: Landing,
): Promise<void> {
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

/** Kills and recovers, at all steps; the repository is as before each time, or has landed. */
export async function killEverywhere(
    fixture: ExecutorFixture,
    landing: Landing,
    whens: readonly When[],
): Promise<void> {
    fixture.commit();
    // `trial` is no step of what lands: test/unit/executor/try-out.test.ts ends there.
    for (const step of EXECUTION_STEPS.filter((one) => one !== "trial")) {
        for (const when of whens) {
            if (step !== "uncommitted" || landing !== "fast-forward") {
                await killOnce(fixture, { step, when, landing });
            }
        }
    }
    expect(await recover(fixture.store, fixture.log, nothingApplied)).toBeUndefined();
}

/** Kills and recovers, so many times by seeded choice. */
export async function killRounds(
    fixture: ExecutorFixture,
    rounds: number,
    random: () => number,
): Promise<void> {
    fixture.commit();
    const choose = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)]!;
    const steps = EXECUTION_STEPS.filter((one) => one !== "trial");
    for (let round = 0; round < rounds; round++) {
        const landing = choose(LANDINGS);
        const own = steps.filter((one) => one !== "uncommitted" || landing !== "fast-forward");
        await killOnce(fixture, { step: choose(own), when: choose(["before", "after"]), landing });
    }
    expect(await recover(fixture.store, fixture.log, nothingApplied)).toBeUndefined();
}

async function killOnce(
    fixture: ExecutorFixture,
    { step, when, landing }: { step: ExecutionStep; when: When; landing: Landing },
): Promise<void> {
    const where = `${step} ${when}`;
    const before = fixture.trace();
    await killAt(fixture, step, when, landing);
    const found = await recover(fixture.store, fixture.log, nothingApplied);
    await fixture.executor().finish();
    expect(found?.entry.step, where).toBe(step);
    const isLanded =
        step === "landed" || (step === "land" && when === "after" && landing === "fast-forward");
    expect(found?.hasLanded, where).toBe(isLanded);
    const after = fixture.trace();
    if (!isLanded) {
        expect(withoutTexts(after), where).toEqual(withoutTexts(before));
        return;
    }
    expect(after.worktrees.match(/^worktree /gmu), where).toHaveLength(1);
    expect(after.status, where).toBe("");
    const branches = fixture.git("branch", "--list", "refactor/*");
    expect(branches !== "", where).toBe(landing === "branch");
    if (landing === "branch") {
        fixture.git("branch", "-D", branches.trim());
    } else if (landing === "fast-forward") {
        expect(fixture.read("src/lib.rs")).toContain("pub fn square");
        fixture.git("reset", "-q", "--hard", "HEAD~1");
    }
}

/** Patch files of the store stay: they are no part of the repository. */
function withoutTexts(trace: Trace): Trace {
    return { ...trace, files: trace.files.filter((name) => !name.startsWith("operations")) };
}

function nothingApplied(): Promise<boolean> {
    return Promise.resolve(false);
}
