// The tables on disk: a store that opens from them is the one that a replay gives, in all its past; what is
// wrong with them is found, and costs nothing but the replay.

import { describe, expect, test } from "vitest";

import { SimDisk } from "../../support/sim-disk.ts";
import { contentText } from "../../support/graphs.ts";
import { Expected, hold, openOn, stepsOf, takeStep } from "../../support/store-scenario.ts";
import type { GraphStore } from "../../../src/graphstore/index.ts";

const TABLES = "store/workspace.columns";
const NAME_BEFORE = "store/workspace.tables";

async function storeOn(disk: SimDisk, steps: number, seed = 3): Promise<GraphStore> {
    const store = await openOn(disk, { tablesMinBytes: 0 });
    for (const [number, step] of stepsOf(seed, steps).entries()) {
        await takeStep(store, step, number, new Expected());
    }
    return store;
}

/** All that a store says of its past. */
async function pastOf(store: GraphStore): Promise<string[]> {
    const lines: string[] = [];
    const last = store.deltaCount;
    for (let k = 0; k <= last; k += Math.max(1, Math.floor(last / 40))) {
        const { snapshot, position } = await store.history.graphSnapshotAt(k);
        lines.push(`${k} ${position.isInside} ${snapshot.stateRoot}`, ...contentText(snapshot));
    }
    const difference = await store.history.diff(Math.floor(last / 3), last);
    lines.push(JSON.stringify(difference, (_, value: unknown) => textOf(value)));
    lines.push(await store.history.logRoot());
    return lines;
}

function textOf(value: unknown): unknown {
    return typeof value === "bigint" ? value.toString(16) : value;
}

describe("opening from tables", () => {
    test.each([3, 4, 5, 6])("gives what a replay gives, seed %d", async (seed) => {
        const disk = new SimDisk();
        const store = await storeOn(disk, 24, seed);
        await store.compact();
        await hold(store, 901, 20);
        await hold(store, 902, 9);
        await store.close();
        expect(disk.paths()).toContain(TABLES);
        const replayedOn = disk.copy();
        replayedOn.drop(TABLES);
        const replayed = await openOn(replayedOn, { readOnly: true });
        const opened = await openOn(disk, { tablesMinBytes: 0 });
        expect(opened.commitCount).toBe(replayed.commitCount);
        expect(await pastOf(opened)).toEqual(await pastOf(replayed));
        await opened.checked();
        expect(opened.damage).toBeUndefined();
        // And it goes on as if it had been replayed.
        await hold(opened, 903, 30);
        await hold(opened, 904, 3);
        opened.verify();
        await opened.verifyAll();
        await opened.history.verify(() => undefined);
        await opened.close();
        const again = await openOn(disk, { tablesMinBytes: 0 });
        await again.verifyAll();
        await again.close();
    });

    test("reads no more of the history than what follows them", async () => {
        const disk = new SimDisk();
        const store = await storeOn(disk, 20);
        await store.compact();
        await store.close();
        const opened = await openOn(disk, { readOnly: true, tablesMinBytes: 0 });
        expect(opened.history.graphDeltaCount()).toBe(opened.deltaCount);
        await opened.checked();
        await opened.close();
        // Rot at the beginning of the history is no longer met at opening, and found right after.
        const rotten = disk.copy();
        const log = rotten.content("store/workspace.graph.log");
        log[200] = (log[200] ?? 0) ^ 1;
        rotten.put("store/workspace.graph.log", log);
        const found = await openOn(rotten, { tablesMinBytes: 0 });
        expect(found.deltaCount).toBe(opened.deltaCount);
        await found.checked();
        expect(found.damage?.code).toBe("STORE_DAMAGED");
        expect(found.readOnlyReason).toContain("workspace.graph.log is damaged at byte 64");
        await expect(hold(found, 1, 5)).rejects.toMatchObject({ code: "STORE_DAMAGED" });
        await expect(found.verifyAll()).rejects.toMatchObject({ code: "STORE_DAMAGED" });
        await found.close();
    });
});

describe("tables that are not good", () => {
    async function closedStore(): Promise<{ disk: SimDisk; root: string; deltas: number }> {
        const disk = new SimDisk();
        const store = await storeOn(disk, 12);
        await store.compact();
        const { rootHash: root, deltaCount: deltas } = store;
        await store.close();
        return { disk, root, deltas };
    }

    test("are left alone when header, length, store or history are not theirs", async () => {
        const { disk, root, deltas } = await closedStore();
        const good = disk.content(TABLES);
        const longer = Buffer.concat([good, Buffer.alloc(1)]);
        const cut = good.subarray(0, good.length - 1);
        const headers = Array.from({ length: 24 }, (_, index) => {
            const bytes = Buffer.from(good);
            bytes[index * 53] = (bytes[index * 53] ?? 0) ^ 4;
            return bytes;
        });
        const other = await closedStoreWithOtherSeed();
        for (const bytes of [longer, cut, Buffer.alloc(0), other, ...headers]) {
            const bad = disk.copy();
            bad.put(TABLES, bytes);
            const store = await openOn(bad, { tablesMinBytes: 0 });
            expect([store.rootHash, store.deltaCount]).toEqual([root, deltas]);
            await store.verifyAll();
            await store.close();
        }
    });

    test("that have the name of before get their new one at opening, and are used", async () => {
        const { disk, root } = await closedStore();
        const good = disk.content(TABLES);
        const before = disk.copy();
        await before.remove(TABLES);
        before.put(NAME_BEFORE, good);
        await (await openOn(before, { readOnly: true, tablesMinBytes: 0 })).close();
        expect(before.paths()).toContain(NAME_BEFORE);
        const store = await openOn(before, { tablesMinBytes: 0 });
        expect(store.rootHash).toBe(root);
        expect(before.paths()).not.toContain(NAME_BEFORE);
        expect(before.content(TABLES).equals(good)).toBe(true);
        await store.close();
        // Those of a program that knows the old name alone: newer ones are there.
        before.put(NAME_BEFORE, Buffer.alloc(9));
        const again = await openOn(before, { tablesMinBytes: 0 });
        expect(again.rootHash).toBe(root);
        expect(before.paths()).not.toContain(NAME_BEFORE);
        await again.close();
    });

    async function closedStoreWithOtherSeed(): Promise<Buffer> {
        const disk = new SimDisk();
        const store = await storeOn(disk, 12, 99);
        await store.compact();
        await store.close();
        return disk.content(TABLES);
    }

    test("are never believed where a section has changed", async () => {
        const { disk, root } = await closedStore();
        const good = disk.content(TABLES);
        const step = process.env["RUN_SLOW"] === "1" ? 1 : 211;
        let refused = 0;
        for (let at = 4096; at < good.length; at += step) {
            const bad = disk.copy();
            const bytes = Buffer.from(good);
            bytes[at] = (bytes[at] ?? 0) ^ 0x20;
            bad.put(TABLES, bytes);
            const outcome = await openAndVerify(bad);
            expect(["TABLES_DAMAGED", root]).toContain(outcome);
            refused += outcome === root ? 0 : 1;
        }
        expect(refused).toBeGreaterThan(0);
    });

    async function openAndVerify(disk: SimDisk): Promise<string> {
        try {
            const store = await openOn(disk, { readOnly: true, tablesMinBytes: 0 });
            store.verify();
            await pastOf(store);
            return store.rootHash;
        } catch (error) {
            return (error as { code?: string }).code ?? String(error);
        }
    }

    test("left half written by a crash, are gone once the store is open", async () => {
        const disk = new SimDisk();
        await (await storeOn(disk, 4)).close();
        disk.put(`${TABLES}.tmp`, Buffer.alloc(100, 7));
        const store = await openOn(disk, { tablesMinBytes: 1 << 30 });
        expect(disk.paths()).not.toContain(`${TABLES}.tmp`);
        await store.close();
    });

    test("interrupted or failing while they are written, leave the store as it is", async () => {
        const trace = new SimDisk();
        await (await storeOn(trace, 10)).close();
        const changes = trace.trace.flatMap((line, at) =>
            line.includes("workspace.columns") ? [at] : [],
        );
        expect(changes.length).toBeGreaterThan(4);
        const picked = changes.filter((_, index) => index % 9 === 0 || index > changes.length - 5);
        for (const kind of ["crash", "error", "full"] as const) {
            for (const at of picked) {
                const disk = new SimDisk();
                disk.fault = { at, kind };
                const done = await storeOn(disk, 10)
                    .then(async (store) => {
                        await store.close();
                        return true;
                    })
                    .catch(() => false);
                // A failure that met the tables alone is nobody's business.
                const isTheirs = disk.trace[at]?.includes("workspace.columns") === true;
                expect(done || disk.isOff || !isTheirs).toBe(true);
                const after = disk.isOff ? disk.afterCrash("some") : disk.copy();
                const store = await openOn(after, { tablesMinBytes: 0 });
                await store.verifyAll();
                await store.history.verify(() => undefined);
                await store.close();
                expect(after.paths()).not.toContain(`${TABLES}.tmp`);
            }
        }
    });
});
