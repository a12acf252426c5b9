// What a store promises, on every kind of disk: a simulated one, the real one with and without the addon, a real one
// whose reads and writes do a part of what they were asked for, and those two with small calls made at once.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { fileCallsOf } from "../../../src/graphstore/disk-here.ts";
import { storePaths, type GraphStore } from "../../../src/graphstore/index.ts";
import { loadNative } from "../../../src/native/index.ts";
import { CallPace, realDisk, type Disk } from "../../../src/platform/index.ts";
import { nodeOf } from "../../support/graphs.ts";
import { shortDisk } from "../../support/short-disk.ts";
import { SimDisk } from "../../support/sim-disk.ts";
import {
    Expected,
    hold,
    openOn,
    stateText,
    takeStep,
    type Step,
} from "../../support/store-scenario.ts";

const native = loadNative();

const DISKS: readonly { readonly name: string; readonly make: () => Disk }[] = [
    { name: "a simulated disk", make: () => new SimDisk() },
    { name: "the real disk", make: () => realDisk() },
    ...(native.ok
        ? [{ name: "the real disk, by the addon", make: () => realDisk(fileCallsOf(native.addon)) }]
        : []),
    { name: "a quick real disk", make: () => realDisk(undefined, new CallPace(true)) },
    { name: "a disk that does things by halves", make: () => shortDisk(3) },
    {
        name: "a quick disk that does things by halves",
        make: () => shortDisk(3, new CallPace(true)),
    },
];

const SCENARIO: readonly Step[] = ["small", "long", "group", "bulk", "small", "group", "compact"];

describe.each(DISKS)("a store on $name", ({ make }) => {
    let folder: string;
    let disk: Disk;

    beforeEach(() => {
        folder = join(mkdtempSync(join(tmpdir(), "ferrograph-contract-")), "store");
        disk = make();
    });

    afterEach(() => {
        rmSync(join(folder, ".."), { recursive: true, force: true });
    });

    const open = (more: Parameters<typeof openOn>[1] = {}): Promise<GraphStore> =>
        openOn(disk, { folder, ...more });

    test("is after every reopening what it was", async () => {
        const expected = new Expected();
        for (const [number, step] of SCENARIO.entries()) {
            const store = await open();
            await takeStep(store, step, number, expected);
            const text = stateText(store);
            await store.close();
            const read = await open({ readOnly: true });
            expect(stateText(read)).toBe(text);
            expect(read.recovery).toEqual({
                tornTail: undefined,
                mendedBytes: 0,
                commitsFromHistory: 0,
                checkpointProblem: "",
            });
            await read.close();
            const again = await open();
            expect(stateText(again)).toBe(text);
            again.verify();
            await again.close();
        }
    });

    test("keeps many commits through checkpoints and new epochs", async () => {
        const store = await open();
        for (let number = 0; number < 60; number++) {
            await hold(store, number, 20);
        }
        const { rootHash, deltaCount } = store;
        const check = await store.history.verify(() => undefined);
        expect(check.stateRoot).toBe(rootHash);
        await store.close();
        expect(await disk.fileSize(storePaths(folder).checkpoint)).toBeGreaterThan(0);
        expect(await disk.fileSize(storePaths(folder).temporaryCheckpoint)).toBeUndefined();
        const again = await open();
        expect([again.commitCount, again.deltaCount, again.rootHash]).toEqual([
            60,
            deltaCount,
            rootHash,
        ]);
        await again.close();
    });

    test("writes those that wait together, in the order of the calls", async () => {
        const store = await open();
        const results = await Promise.all(
            Array.from({ length: 150 }, (_, at) =>
                store.commitGraphDeltas([{ kind: "add-node", node: nodeOf(`k::n${at}`) }]),
            ),
        );
        expect(results.map(({ k, c }) => [k, c])).toEqual(results.map((_, at) => [at + 1, at + 1]));
        await store.close();
        const again = await open();
        expect(again.commitCount).toBe(150);
        again.verify();
        await again.close();
    });

    test("is locked while it is open, and only then", async () => {
        const store = await open();
        await expect(open()).rejects.toMatchObject({ code: "STORE_LOCKED" });
        await store.close();
        await (await open()).close();
    });

    test("compacts without losing a delta number, and writes the checkpoint where asked", async () => {
        const store = await open();
        for (const seed of [1, 2, 3]) {
            await hold(store, seed);
        }
        const before = stateText(store);
        const checkpointPath = join(folder, "copy.checkpoint");
        await store.compact({ checkpointPath });
        expect(stateText(store)).toBe(before);
        expect(await disk.fileSize(checkpointPath)).toBe(
            await disk.fileSize(storePaths(folder).checkpoint),
        );
        await hold(store, 4);
        await store.close();
        const again = await open();
        expect(again.commitCount).toBe(4);
        expect((await again.history.graphSnapshotAt(1)).snapshot.deltaCount).toBe(1);
        await again.close();
    });
});
