// A disk that fails at any one change or read: what fails is told, nothing is tried again, the state
// before stays readable, and after the next opening it is the old or the new one.

import { describe, expect, test, vi } from "vitest";

import type { OperatingError } from "../../../../src/base/index.ts";
import { storePaths } from "../../../../src/graphstore/index.ts";
import { SimDisk } from "../../../support/sim-disk.ts";
import {
    Expected,
    hold,
    openOn,
    stateText,
    takeStep,
    type Step,
} from "../../../support/store-scenario.ts";

vi.setConfig({ testTimeout: 120_000 });

const PATHS = storePaths("store");
const STEPS: readonly Step[] = ["small", "small", "group", "bulk", "small", "compact", "small"];
const STRIDE = process.env["RUN_SLOW"] === "1" ? 1 : 5;

async function start(): Promise<SimDisk> {
    const disk = new SimDisk();
    const store = await openOn(disk);
    await hold(store, 50);
    await store.close();
    return disk;
}

async function countChanges(base: SimDisk): Promise<number> {
    const disk = base.copy();
    const store = await openOn(disk);
    for (const [number, step] of STEPS.entries()) {
        await takeStep(store, step, number, new Expected());
    }
    await store.close();
    return disk.changes;
}

describe.each(["error", "full"] as const)("a disk with one failure (%s)", (kind) => {
    test("poisons the store, loses nothing acknowledged, and works after the next opening", async () => {
        const base = await start();
        const changes = await countChanges(base);
        for (let at = kind === "full" ? 2 : 0; at < changes; at += STRIDE) {
            const disk = base.copy();
            disk.fault = { at, kind };
            const expected = new Expected();
            const store = await openOn(disk).catch(() => undefined);
            if (store !== undefined) {
                const failed = await failingStep(store, expected);
                const { failure, text } = failed;
                expect(failure, disk.trace[at]).toMatchObject({ code: "LOG_POISONED" });
                expect(failure?.cause).toMatchObject({
                    code: kind === "full" ? "DISK_FULL" : "DISK_IO",
                });
                const quiet = disk.changes;
                const second = await hold(store, 99).catch((error: unknown) => error);
                expect(second).toMatchObject({ code: "LOG_POISONED" });
                expect((second as Error).cause).toBe(failure?.cause);
                expect(disk.changes).toBe(quiet);
                expect(store.readOnlyReason).not.toBe("");
                expect(stateText(store)).toBe(text);
                await store.close();
                expect(disk.changes).toBe(quiet);
            }
            for (const survival of ["none", "some", "all"] as const) {
                const again = await openOn(disk.afterCrash(survival, at));
                expect(again.commitCount, disk.trace[at]).toBeGreaterThanOrEqual(
                    expected.acknowledged,
                );
                again.verify();
                await hold(again, 98);
                await again.close();
            }
        }
    });
});

/** Takes steps until one fails, or closing does; returns the error and the state that stays. */
async function failingStep(
    store: Awaited<ReturnType<typeof openOn>>,
    expected: Expected,
): Promise<{ failure: OperatingError | undefined; text: string }> {
    for (let round = 0; ; round++) {
        for (const [number, step] of STEPS.entries()) {
            try {
                await takeStep(store, step, round * 10 + number, expected);
            } catch (error) {
                return { failure: error as OperatingError, text: stateText(store) };
            }
        }
        if (round > 3) {
            return { failure: undefined, text: "" };
        }
    }
}

describe("a disk that cannot be read", () => {
    test("at any read of the opening refuses, and changes nothing", async () => {
        const base = await start();
        const probe = base.copy();
        await (await openOn(probe)).close();
        for (let at = 0; at < probe.reads; at++) {
            const disk = base.copy();
            disk.fault = { at, kind: "read" };
            const error = await openOn(disk).catch((cause: unknown) => cause);
            expect(error).toMatchObject({ code: "DISK_IO" });
            for (const path of base.paths()) {
                expect(disk.content(path).equals(base.content(path)), path).toBe(true);
            }
            disk.fault = undefined;
            await (await openOn(disk)).close();
        }
    });
});

test("clocks that go backwards or far ahead change nothing but what they say", async () => {
    const disk = new SimDisk();
    let now = 2_000_000_000_000;
    for (const jump of [0, -1e12, 5e14, -4e15, 1]) {
        now += jump;
        const store = await openOn(disk, { clock: () => now });
        await hold(store, Math.abs(jump % 7) + 1, 10);
        await store.close();
    }
    const store = await openOn(disk);
    store.verify();
    expect(store.commitCount).toBeGreaterThan(1);
    await store.history.verify(() => undefined);
    await store.close();
});

test("a leftover of a checkpoint that was being written is not used, and goes", async () => {
    const disk = await start();
    disk.put(PATHS.temporaryCheckpoint, Buffer.alloc(9000, 7));
    await (await openOn(disk)).close();
    expect(disk.paths()).not.toContain(PATHS.temporaryCheckpoint);
});

test("a reader's snapshot stays what it was while the store is compacted", async () => {
    const disk = await start();
    const store = await openOn(disk);
    const snapshot = store.snapshot();
    const before = stateText(store);
    const reader = await openOn(disk, { readOnly: true });
    const compacting = store.compact();
    for (let seed = 1; seed < 12; seed++) {
        await hold(store, seed, 20);
    }
    await compacting;
    await hold(store, 50);
    expect(stateText(reader)).toBe(before);
    expect([...snapshot.nodes()].length).toBe(snapshot.nodeCount);
    await store.verifyAll();
    await store.close();
});
