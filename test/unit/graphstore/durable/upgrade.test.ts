// Stores of format 1 are raised at opening: all states stay, nothing is lost on the way.

import { describe, expect, test } from "vitest";

import { storePaths, type GraphStore } from "../../../../src/graphstore/index.ts";
import { contentText } from "../../../support/graphs.ts";
import { toOldHistory } from "../../../support/old-history.ts";
import { CrashError, SimDisk } from "../../../support/sim-disk.ts";
import { hold, openOn, stateText } from "../../../support/store-scenario.ts";

const PATHS = storePaths("store");

/** A store of format 1, and every state of it. */
async function oldStore(): Promise<{ disk: SimDisk; states: string[][]; text: string }> {
    const disk = new SimDisk();
    const store = await openOn(disk);
    for (const seed of [1, 2, 3]) {
        await hold(store, seed, 15);
    }
    const states = await statesOf(store);
    const text = stateText(store);
    await store.close();
    const old = new SimDisk();
    old.put(PATHS.graphLog, toOldHistory(disk.content(PATHS.graphLog)));
    return { disk: old, states, text };
}

async function statesOf(store: GraphStore): Promise<string[][]> {
    const states: string[][] = [];
    for (let k = 0; k <= store.deltaCount; k += 9) {
        states.push(contentText((await store.history.graphSnapshotAt(k)).snapshot));
    }
    return states;
}

describe("a store of format 1", () => {
    test("is raised with all its states, and keeps what was", async () => {
        const { disk, states, text } = await oldStore();
        const old = disk.content(PATHS.graphLog);
        const store = await openOn(disk);
        expect(stateText(store)).toBe(text);
        expect(await statesOf(store)).toEqual(states);
        await store.history.verify(() => undefined);
        await hold(store, 4);
        await store.close();
        expect(disk.content(`${PATHS.graphLog}.v1`).equals(old)).toBe(true);
        const again = await openOn(disk);
        expect(again.commitCount).toBe(4);
        expect(again.recovery).toMatchObject({ mendedBytes: 0, tornTail: undefined });
        await again.close();
    });

    test("is raised whole or not at all, wherever the machine goes off", async () => {
        const { disk, text } = await oldStore();
        for (let at = 0; ; at++) {
            const raised = disk.copy();
            raised.fault = { at, kind: "crash" };
            const error = await openOn(raised).catch((cause: unknown) => cause);
            if (!(error instanceof CrashError)) {
                expect(at).toBeGreaterThan(8);
                break;
            }
            const survivals = ["none", "all", "some", "some", "some", "some"] as const;
            for (const [index, survival] of survivals.entries()) {
                const store = await openOn(raised.afterCrash(survival, at * 10 + index));
                expect(stateText(store)).toBe(text);
                await store.close();
            }
        }
    });

    test("loses an interrupted commit, is refused when damaged, and is not read unraised", async () => {
        const { disk, text } = await oldStore();
        const old = disk.content(PATHS.graphLog);
        const torn = new SimDisk();
        torn.put(PATHS.graphLog, Buffer.concat([old, Buffer.alloc(100, 3)]));
        const store = await openOn(torn);
        expect(stateText(store)).toBe(text);
        await store.close();
        const damaged = new SimDisk();
        const bytes = Buffer.from(old);
        bytes[300]! ^= 1;
        damaged.put(PATHS.graphLog, bytes);
        await expect(openOn(damaged)).rejects.toMatchObject({ code: "STORE_DAMAGED" });
        expect(damaged.content(PATHS.graphLog).equals(bytes)).toBe(true);
        await expect(openOn(disk, { readOnly: true })).rejects.toMatchObject({
            code: expect.stringMatching(/LOG_VERSION|STORE_DAMAGED/u) as string,
        });
    });
});
