// What is saved of a damaged store when a person asks for it: what is the store's own and proves itself,
// durable, and nothing else.

import { beforeAll, describe, expect, test } from "vitest";

import { decodeCommit, encodeCommit } from "../../../../src/graphstore/commit-record.ts";
import { openCheckpoint } from "../../../../src/graphstore/durable/read-checkpoint.ts";
import { restoreState } from "../../../../src/graphstore/durable/restore-state.ts";
import {
    salvageGraphStore,
    storePaths,
    type SalvageReport,
} from "../../../../src/graphstore/index.ts";
import { crc32c, encodeFrames, scanLog } from "../../../../src/wal/index.ts";
import { CRAFTED_PATH, putCheckpoint } from "../../../support/crafted-checkpoint.ts";
import { contentText } from "../../../support/graphs.ts";
import { SimDisk } from "../../../support/sim-disk.ts";
import { hold, openOn, stateText } from "../../../support/store-scenario.ts";

const PATHS = storePaths("store");
const LARGE = { tlogCapacity: { initial: 1 << 17, max: 1 << 17 } };

let disk: SimDisk;
let content: string[];

// Two checkpoints of commits 1 and 2, and two commits more.
beforeAll(async () => {
    disk = new SimDisk();
    const store = await openOn(disk, LARGE);
    for (const seed of [1, 2, 3, 4]) {
        await hold(store, seed, 10);
        await (seed < 3 ? store.compact() : undefined);
    }
    content = contentText(store.snapshot());
    await store.close();
});

function salvage(from: SimDisk): Promise<SalvageReport> {
    return salvageGraphStore({ folder: "store", disk: from, ...LARGE });
}

function flipped(path: string, at: number): SimDisk {
    const damaged = disk.copy();
    const bytes = damaged.content(path);
    bytes[at]! ^= 1;
    damaged.put(path, bytes);
    return damaged;
}

async function contentAfter(from: SimDisk): Promise<string[]> {
    const store = await openOn(from, LARGE);
    store.verify();
    const found = contentText(store.snapshot());
    await store.close();
    return found;
}

/** A store of another uuid, with a checkpoint. */
async function otherStore(): Promise<SimDisk> {
    const other = new SimDisk();
    const store = await openOn(other, {
        ...LARGE,
        randomBytes: (count) => new Uint8Array(count).fill(7),
    });
    for (const seed of [11, 12, 13, 14, 15, 16]) {
        await hold(store, seed, 10);
    }
    await store.compact();
    await hold(store, 17, 10);
    await store.close();
    return other;
}

describe("a salvage", () => {
    test("is as durable as what it saved: the machine may go off after it", async () => {
        const damaged = flipped(PATHS.graphLog, 900);
        const report = await salvage(damaged);
        expect(report.stateOfCommit).toBe(4);
        for (const survival of ["none", "some", "all"] as const) {
            const after = damaged.afterCrash(survival);
            expect(await contentAfter(after)).toEqual(content);
            const kept = after.content(`${report.keptIn}/workspace.checkpoint`);
            expect(kept.equals(disk.content(PATHS.checkpoint))).toBe(true);
        }
    });

    test("of a sound store changes nothing of its state, whatever its checkpoint is of", async () => {
        const sound = disk.copy();
        const report = await salvage(sound);
        expect(report).toMatchObject({ commitCount: 4, stateOfCommit: 0, problems: [] });
        expect(await contentAfter(sound)).toEqual(content);
        const older = disk.copy();
        older.put(PATHS.checkpoint, older.content(PATHS.previousCheckpoint));
        expect(await salvage(older)).toMatchObject({ commitCount: 4, stateOfCommit: 0 });
        expect(await contentAfter(older)).toEqual(content);
    });

    test("takes no file of another store, and says so", async () => {
        const other = await otherStore();
        const mixed = flipped(PATHS.graphLog, 900);
        mixed.put(PATHS.checkpoint, other.content(PATHS.checkpoint));
        const report = await salvage(mixed);
        expect(report.problems).toContainEqual(
            expect.stringContaining("workspace.checkpoint is of another store"),
        );
        // The one before is this store's, and the history goes on from it.
        expect(report.stateOfCommit).toBe(4);
        expect(await contentAfter(mixed)).toEqual(content);
        const foreignLog = disk.copy();
        foreignLog.put(PATHS.tlog, other.content(PATHS.tlog));
        expect(await salvage(foreignLog)).toMatchObject({ commitCount: 4, stateOfCommit: 0 });
        expect(await contentAfter(foreignLog)).toEqual(content);
    });

    test("finds the state by checkpoint and log when the history's header is lost", async () => {
        const damaged = flipped(PATHS.graphLog, 30);
        expect(await salvage(damaged)).toMatchObject({ commitCount: 0, stateOfCommit: 4 });
        expect(await contentAfter(damaged)).toEqual(content);
    });

    test("lets go of tables that were made of what is not saved", async () => {
        const kept = disk.copy();
        const store = await openOn(kept, { tablesMinBytes: 0 });
        await store.compact();
        await store.close();
        expect(kept.paths()).toContain("store/workspace.columns");
        await salvage(kept);
        expect(kept.paths()).not.toContain("store/workspace.columns");
    });

    test("is no salvage where there is no store", async () => {
        await expect(salvage(new SimDisk())).rejects.toMatchObject({ code: "STORE_MISSING" });
    });

    test("does not take a mistake of the program for damage", async () => {
        const broken = disk.copy();
        const mistake = new TypeError("a mistake");
        let opened = 0;
        // The first opening is that of the copy that is kept, the second that of looking at it.
        broken.opening = (path) => (path === PATHS.tlog && opened++ === 1 ? mistake : undefined);
        await expect(salvage(broken)).rejects.toBe(mistake);
    });
});

describe("a state that is restored from a checkpoint", () => {
    const idOf = (text: string): Buffer => Buffer.from(text.padEnd(8, "_"));

    function node(kind: number, name: Buffer): { key: Buffer; value: Buffer } {
        const value = Buffer.alloc(9 + name.length);
        value.writeUInt8(kind, 0);
        value.writeUInt32LE(name.length, 5);
        name.copy(value, 9);
        return { key: idOf("node"), value };
    }

    async function restored(record: { key: Buffer; value: Buffer }): Promise<unknown> {
        const crafted = new SimDisk();
        const opened = await putCheckpoint(crafted, [[record], [], []]);
        return restoreState(
            crafted,
            opened,
            { from: 0, bytes: new Uint8Array() },
            () => undefined,
        ).catch((error: unknown) => error);
    }

    test("has the root that its records lead to", async () => {
        expect(await restored(node(1, Buffer.from("name")))).toMatchObject({ commitCount: 1 });
        // What is no UTF-8 is read as something else.
        expect(await restored(node(1, Buffer.of(0xff, 0xfe)))).toMatchObject({
            code: "CHECKPOINT_DAMAGED",
            message: `${CRAFTED_PATH} is damaged at byte 0: its records lead to another state root`,
        });
    });

    test("has records of known kinds only", async () => {
        expect(await restored(node(250, Buffer.from("name")))).toMatchObject({
            code: "LOG_VERSION",
        });
    });

    test("goes on only with commits that continue it and lead to their roots", async () => {
        const opened = await openCheckpoint(disk, PATHS.checkpoint);
        const { mark, storeUuid } = opened.header;
        const history = disk.content(PATHS.graphLog);
        const restore = (bytes: Uint8Array): Promise<{ commitCount: number }> =>
            restoreState(disk, opened, { from: 0, bytes }, () => undefined);
        expect((await restore(history)).commitCount).toBe(4);
        const { records } = scanLog(history, PATHS.graphLog, "GRPH");
        const commit = records.find(({ kind, start }) => kind === 2 && start > mark.logEnd)!;
        const changed = (change: Partial<ReturnType<typeof decodeCommit>>): Buffer => {
            const payload = encodeCommit({ ...decodeCommit(commit.payload), ...change });
            const frame = encodeFrames([{ kind: 2, payload }], {
                sequence: commit.sequence,
                syncedUpTo: commit.syncedUpTo,
                seed: crc32c(storeUuid),
            });
            return Buffer.concat([history.subarray(0, commit.start), frame]);
        };
        expect((await restore(changed({}))).commitCount).toBe(3);
        expect((await restore(changed({ logHash: new Uint8Array(32) }))).commitCount).toBe(2);
        const { roots } = decodeCommit(commit.payload);
        const wrongRoot = changed({ roots: { ...roots, stateRoot: "ab".repeat(32) } });
        await expect(restore(wrongRoot)).rejects.toMatchObject({
            code: "CHECKPOINT_DAMAGED",
            message: expect.stringContaining("what follows leads to another state root") as string,
        });
    });

    test("is the newest of a store whose history begins with damage", async () => {
        const damaged = flipped(PATHS.graphLog, 100);
        await salvage(damaged);
        const store = await openOn(damaged, LARGE);
        expect(stateText(store).split("\n").slice(1)).toEqual(content);
        expect(damaged.paths()).not.toContain(PATHS.previousCheckpoint);
        await store.close();
    });
});
