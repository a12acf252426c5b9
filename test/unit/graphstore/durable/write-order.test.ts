// What is written, synced and named before what: at the moments that matter the machine goes off, and
// only what was synced is left.

import { describe, expect, test } from "vitest";

import { OperatingError } from "../../../../src/base/index.ts";
import { storePaths, type GraphStore } from "../../../../src/graphstore/index.ts";
import { CrashError, SimDisk } from "../../../support/sim-disk.ts";
import { hold, openOn, stateText } from "../../../support/store-scenario.ts";

const PATHS = storePaths("store");
const LARGE = { tlogCapacity: { initial: 1 << 17, max: 1 << 17 } };

async function openWith(disk: SimDisk, seeds: readonly number[]): Promise<GraphStore> {
    const store = await openOn(disk, LARGE);
    for (const seed of seeds) {
        await hold(store, seed, 8);
    }
    return store;
}

async function expectText(disk: SimDisk, text: string): Promise<GraphStore> {
    const store = await openOn(disk, LARGE);
    expect(stateText(store)).toBe(text);
    return store;
}

describe("a store that is being made", () => {
    test("is there whole or not at all, whatever names are left", async () => {
        for (let at = 0; ; at++) {
            const disk = new SimDisk(at);
            disk.fault = { at, kind: "crash" };
            const error = await openOn(disk).catch((cause: unknown) => cause);
            if (!(error instanceof CrashError)) {
                expect(at).toBeGreaterThan(8);
                break;
            }
            for (let seed = 0; seed < 24; seed++) {
                const store = await openOn(disk.afterCrash("some", at * 100 + seed));
                await hold(store, 1, 8);
                await store.close();
            }
        }
    });

    test("has its log written through before the log's header is, in every epoch", async () => {
        const disk = new SimDisk();
        const store = await openOn(disk);
        for (let seed = 1; seed < 20; seed++) {
            await hold(store, seed, 60);
        }
        await store.close();
        const headers = disk.trace.flatMap((line, at) =>
            new RegExp(`^write ${PATHS.tlog} (?:0|4096) 512$`, "u").test(line) ? [at] : [],
        );
        expect(headers.length).toBeGreaterThan(3);
        let growths = 0;
        for (const at of headers) {
            const lines = disk.trace.slice(0, at).filter((line) => line.includes(PATHS.tlog));
            const isFill = (line: string): boolean =>
                line.startsWith("write") && Number(line.split(" ")[3]) > 20_000;
            const fill = lines.findLastIndex(isFill);
            if (fill !== -1 && lines.slice(fill + 1).every((line) => line.startsWith("sync"))) {
                growths += 1;
                expect(lines.slice(fill + 1).length).toBeGreaterThan(0);
            }
            expect(isFill(lines.at(-1) ?? "")).toBe(false);
        }
        expect(growths).toBeGreaterThan(0);
    });
});

describe("a history", () => {
    test("is durable by itself once the store was closed", async () => {
        const disk = new SimDisk();
        const store = await openWith(disk, [1, 2, 3]);
        await store.close();
        const after = disk.afterCrash("none");
        expect(after.content(PATHS.graphLog).equals(disk.content(PATHS.graphLog))).toBe(true);
    });

    test("is durable before a checkpoint speaks of it: the log may rot behind it", async () => {
        const probe = new SimDisk();
        const probed = await openWith(probe, [1, 2, 3]);
        await probed.compact();
        await probed.close();
        const named = probe.trace.findIndex((line) => line.endsWith(` ${PATHS.checkpoint}`));
        const disk = new SimDisk();
        const store = await openWith(disk, [1, 2, 3]);
        const text = stateText(store);
        const { tlogEnd } = lastWrite(disk);
        disk.fault = { at: named + 2, kind: "crash" };
        await expect(store.compact()).rejects.toThrow();
        expect(disk.trace[named + 1]).toMatch(/^sync-folder /u);
        const after = disk.afterCrash("none");
        expect(after.paths()).toContain(PATHS.checkpoint);
        const tlog = after.content(PATHS.tlog);
        tlog[tlogEnd - 1]! ^= 1;
        after.put(PATHS.tlog, tlog);
        const found = await expectText(after, text);
        expect(found.recovery.commitsFromHistory).toBe(1);
        await found.close();
    });

    test("is durable before an epoch ends, through commits that came during the checkpoint", async () => {
        const disk = new SimDisk();
        const store = await openWith(disk, [1, 2]);
        const compacting = store.compact();
        for (const seed of [3, 4, 5]) {
            await hold(store, seed, 8);
        }
        await compacting;
        const text = stateText(store);
        const found = await expectText(disk.afterCrash("none"), text);
        await found.close();
        await store.close();
    });
});

function lastWrite(disk: SimDisk): { tlogEnd: number } {
    const line = disk.trace.findLast((each) => each.startsWith(`write ${PATHS.tlog} `)) ?? "";
    const [offset, length] = line.split(" ").slice(2).map(Number);
    return { tlogEnd: (offset ?? 0) + (length ?? 0) };
}

test("a checkpoint is durable, whole and by name, once it was written", async () => {
    const disk = new SimDisk();
    const store = await openWith(disk, [1, 2]);
    await store.compact();
    const after = disk.afterCrash("none");
    expect(after.content(PATHS.checkpoint).equals(disk.content(PATHS.checkpoint))).toBe(true);
    await store.close();
});

describe("what is cut off", () => {
    test("is durable in its own file before it is gone from the log", async () => {
        const disk = new SimDisk();
        await (await openWith(disk, [1, 2])).close();
        const junk = Buffer.alloc(777, 5);
        disk.put(PATHS.graphLog, Buffer.concat([disk.content(PATHS.graphLog), junk]));
        const probe = disk.copy();
        await (await openOn(probe, LARGE)).close();
        const cutAt = probe.trace.findIndex((line) => line.startsWith(`truncate`));
        expect(cutAt).toBeGreaterThan(0);
        const cut = disk.copy();
        const before = cut.changes;
        cut.fault = { at: before + cutAt + 1, kind: "crash" };
        await expect(openOn(cut, LARGE)).rejects.toThrow();
        const after = cut.afterCrash("none");
        expect(after.content(`${PATHS.graphLog}.cut-2`).equals(junk)).toBe(true);
    });
});

describe("a store whose checkpoint fails beside commits", () => {
    test("keeps nothing of the commits that waited, and is read as it was", async () => {
        const probe = new SimDisk();
        const probed = await openWith(probe, [1, 2, 3]);
        const start = probe.changes;
        await probed.compact();
        const end = probe.changes;
        await probed.close();
        for (let at = start; at < end; at++) {
            const disk = new SimDisk();
            const store = await openWith(disk, [1, 2, 3]);
            disk.fault = { at, kind: "error" };
            const compacting = store.compact().catch((error: unknown) => error);
            const commits = [4, 5, 6].map((seed) =>
                hold(store, seed, 8).catch((error: unknown) => error),
            );
            const failures = await Promise.all([compacting, ...commits]);
            const { failure } = { failure: failures.find((each) => each !== undefined) };
            expect(failure).toMatchObject({ code: "LOG_POISONED", cause: { code: "DISK_IO" } });
            store.verify();
            const text = stateText(store);
            const last = await hold(store, 7, 8).catch((error: unknown) => error);
            expect((last as Error).cause).toBe((failure as Error).cause);
            store.verify();
            expect(stateText(store)).toBe(text);
            const { commitCount } = store;
            await store.close();
            const again = await openOn(disk.afterCrash("none"), LARGE);
            expect(again.commitCount).toBeGreaterThanOrEqual(commitCount);
            again.verify();
            await again.close();
        }
    });
});

test("a log that cannot be opened is not a log that is missing", async () => {
    const disk = new SimDisk();
    await (await openWith(disk, [1])).close();
    const refusal = new OperatingError("DISK_IO", "cannot open it");
    disk.opening = (path) => (path === PATHS.tlog ? refusal : undefined);
    for (const readOnly of [false, true]) {
        await expect(openOn(disk, { ...LARGE, readOnly })).rejects.toBe(refusal);
    }
    disk.opening = undefined;
    disk.drop(PATHS.tlog);
    for (const readOnly of [false, true]) {
        await expect(openOn(disk, { ...LARGE, readOnly })).rejects.toMatchObject({
            code: "STORE_DAMAGED",
            message: expect.stringContaining("workspace.tlog is missing") as string,
        });
    }
});
