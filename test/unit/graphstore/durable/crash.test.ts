// Crashes at every change of the disk: what survives is a prefix of the commits that holds all that were
// acknowledged, and recovery from it may crash as well.

import { describe, expect, test } from "vitest";

import { CrashError, SimDisk, type Survival } from "../../../support/sim-disk.ts";
import {
    Expected,
    hold,
    openOn,
    stepsOf,
    takeStep,
    type Step,
} from "../../../support/store-scenario.ts";

/** Roots that each commit of a scenario has, as long as nothing goes wrong. */
async function rootsOf(steps: readonly Step[]): Promise<{ roots: string[]; changes: number }> {
    const disk = new SimDisk();
    const store = await openOn(disk);
    const roots = [store.rootHash];
    for (const [number, step] of steps.entries()) {
        await takeStep(store, step, number, new Expected());
        for (let c = roots.length; c <= store.commitCount; c++) {
            roots.push("");
        }
        roots[store.commitCount] = store.rootHash;
    }
    await store.close();
    return { roots, changes: disk.changes };
}

/** Runs a scenario until the disk crashes; returns what was acknowledged. */
async function runInto(disk: SimDisk, steps: readonly Step[]): Promise<Expected> {
    const expected = new Expected();
    try {
        const store = await openOn(disk);
        for (const [number, step] of steps.entries()) {
            await takeStep(store, step, number, expected);
        }
        await store.close();
    } catch (error) {
        if (!disk.isOff) {
            throw error;
        }
    }
    return expected;
}

async function checkSurvivor(
    disk: SimDisk,
    expected: Expected,
    roots: readonly string[],
): Promise<number> {
    const store = await openOn(disk);
    const { commitCount, rootHash } = store;
    expect(commitCount).toBeGreaterThanOrEqual(expected.acknowledged);
    expect(roots[commitCount]).toBeDefined();
    if (roots[commitCount] !== "") {
        expect(rootHash).toBe(roots[commitCount]);
    }
    if (expected.acknowledged === commitCount && commitCount > 0) {
        expect(rootHash).toBe(expected.roots.get(commitCount));
    }
    store.verify();
    await hold(store, 777, 15);
    store.verify();
    await store.close();
    const again = await openOn(disk);
    expect(again.tornTail).toBeUndefined();
    expect(again.recovery).toMatchObject({ mendedBytes: 0, commitsFromHistory: 0 });
    expect(again.commitCount).toBe(commitCount + 1);
    await again.close();
    return commitCount;
}

// Every change in the slow run; the others see each of them at some other step of a scenario.
const STRIDE = process.env["RUN_SLOW"] === "1" ? 1 : 6;
const TIMEOUT_MS = 120_000;

const SCENARIOS: readonly (readonly Step[])[] = [
    ["small", "group", "bulk", "small", "compact", "small", "long"],
    stepsOf(5, 9),
];

describe.each(SCENARIOS.map((steps, index) => ({ index, steps })))(
    "a machine that goes off in scenario $index",
    ({ steps }) => {
        test.each(["none", "some", "all"] as Survival[])(
            "at any change, keeping %s of what was not synced, loses nothing acknowledged",
            async (survival) => {
                const { roots, changes } = await rootsOf(steps);
                for (let at = changes % STRIDE; at < changes; at += STRIDE) {
                    const disk = new SimDisk(at);
                    disk.fault = { at, kind: "crash" };
                    const expected = await runInto(disk, steps);
                    expect(disk.isOff).toBe(true);
                    try {
                        await checkSurvivor(disk.afterCrash(survival, at), expected, roots);
                    } catch (error) {
                        throw new Error(`at ${at}, ${disk.trace.at(-1)}`, { cause: error });
                    }
                }
            },
            TIMEOUT_MS,
        );

        test(
            "and again at any change of the recovery, converges",
            { timeout: TIMEOUT_MS },
            async () => {
                const { roots, changes } = await rootsOf(steps);
                for (let at = 0; at < changes; at += 4 * STRIDE) {
                    const disk = new SimDisk(at);
                    disk.fault = { at, kind: "crash" };
                    const expected = await runInto(disk, steps);
                    for (let second = 0; ; second++) {
                        const next = disk.afterCrash("some", at);
                        next.fault = { at: second, kind: "crash" };
                        const error = await openOn(next).catch((cause: unknown) => cause);
                        if (!(error instanceof CrashError)) {
                            break;
                        }
                        await checkSurvivor(next.afterCrash("some", second), expected, roots);
                    }
                }
            },
        );
    },
);
