// Archiving: the store goes on from a later commit, says what it no longer has, and loses nothing whenever
// it is interrupted.

import { describe, expect, test } from "vitest";

import {
    archiveGraphStore,
    inspectFile,
    salvageGraphStore,
    type GraphStore,
} from "../../../../src/graphstore/index.ts";
import { contentText } from "../../../support/graphs.ts";
import { SimDisk, type Survival } from "../../../support/sim-disk.ts";
import {
    Expected,
    hold,
    openOn,
    SMALL_TLOG,
    stepsOf,
    takeStep,
} from "../../../support/store-scenario.ts";

interface Past {
    readonly ends: readonly number[];
    readonly states: ReadonlyMap<number, string>;
    readonly logRoot: string;
    readonly root: string;
}

const LOG = "store/workspace.graph.log";

async function madeStore(disk: SimDisk, count = 16, seed = 5): Promise<Past> {
    const store = await openOn(disk);
    const ends: number[] = [];
    for (const [number, step] of stepsOf(seed, count).entries()) {
        await takeStep(store, step, number, new Expected());
        if (ends.at(-1) !== store.deltaCount) {
            ends.push(store.deltaCount);
        }
    }
    const states = new Map<number, string>();
    for (const k of ends) {
        states.set(k, await stateAt(store, k));
    }
    const past = { ends, states, logRoot: await store.history.logRoot(), root: store.rootHash };
    await store.close();
    return past;
}

async function stateAt(store: GraphStore, k: number): Promise<string> {
    const { snapshot } = await store.history.graphSnapshotAt(k);
    return [snapshot.stateRoot, ...contentText(snapshot)].join("\n");
}

function archive(disk: SimDisk, before: number): ReturnType<typeof archiveGraphStore> {
    return archiveGraphStore({ folder: "store", disk, tlogCapacity: SMALL_TLOG }, before);
}

async function checkAll(disk: SimDisk, past: Past, archived: number): Promise<void> {
    const store = await openOn(disk);
    expect(store.rootHash).toBe(past.root);
    for (const k of past.ends.filter((end) => end >= archived)) {
        expect(await stateAt(store, k)).toBe(past.states.get(k));
    }
    expect(await store.history.logRoot()).toBe(past.logRoot);
    const check = await store.history.verify(() => undefined);
    expect(check).toMatchObject({ archivedDeltas: archived, stateRoot: past.root });
    await store.verifyAll();
    await store.close();
}

describe("archiving", () => {
    test("keeps every later state, and names what is archived", async () => {
        const disk = new SimDisk();
        const past = await madeStore(disk);
        const middle = past.ends[Math.floor(past.ends.length / 2)] ?? 0;
        const whole = disk.content(LOG);
        const report = await archive(disk, middle);
        expect(report).toMatchObject({ deltaCount: middle });
        expect(disk.content(LOG).length).toBeLessThan(whole.length);
        await checkAll(disk, past, middle);
        const store = await openOn(disk);
        const archived = { code: "HISTORY_ARCHIVED" };
        await expect(store.history.graphSnapshotAt(middle - 1)).rejects.toMatchObject(archived);
        await expect(store.history.graphSnapshotAt(0)).rejects.toMatchObject(archived);
        await expect(store.history.diff(1, store.deltaCount)).rejects.toMatchObject(archived);
        await expect(store.history.diff(store.deltaCount, 1)).rejects.toMatchObject(archived);
        const proof = await store.history.prove("ws:nowhere");
        expect(proof.log.root).toBe(past.logRoot);
        // It goes on as any other.
        for (const step of [801, 802, 803]) {
            await hold(store, step, 25);
        }
        store.verify();
        await store.history.verify(() => undefined);
        await store.close();
        const again = await openOn(disk);
        expect(again.tornTail).toBeUndefined();
        await again.verifyAll();
        await again.close();
    });

    test("a delta inside a commit archives the commits before it", async () => {
        const disk = new SimDisk();
        const past = await madeStore(disk);
        const [, second = 0, third = 0] = past.ends;
        expect(third).toBeGreaterThan(second + 1);
        expect(await archive(disk, third - 1)).toMatchObject({ deltaCount: second });
        await checkAll(disk, past, second);
    });

    test("again, and up to the newest commit", async () => {
        const disk = new SimDisk();
        const past = await madeStore(disk);
        const [first = 0, , third = 0] = past.ends;
        expect(await archive(disk, third)).toMatchObject({ deltaCount: third });
        await expect(archive(disk, first)).rejects.toMatchObject({ code: "HISTORY_ARCHIVED" });
        expect(await archive(disk, third)).toBeUndefined();
        const last = past.ends.at(-1) ?? 0;
        const report = await archive(disk, last);
        expect(report?.archives).toHaveLength(2);
        await checkAll(disk, past, last);
        expect(disk.paths().filter((path) => path.includes("workspace.base"))).toHaveLength(1);
    });

    test("what is archived and what is left make up the history as it was", async () => {
        const disk = new SimDisk();
        const past = await madeStore(disk);
        const whole = disk.content(LOG);
        const report = await archive(disk, past.ends[4] ?? 0);
        const parts = [...inspectFile(disk.content(report?.archives[0] ?? ""), "archive")];
        expect(parts[0]).toMatchObject({ what: "archive", fields: { upToDelta: past.ends[4] } });
        const told = parts.filter(({ what }) => what === "commit" || what === "deltas");
        const rest = [...inspectFile(disk.content(LOG), "log")];
        expect(rest[0]?.fields).toMatchObject({ archivedDeltas: past.ends[4] });
        const all = [...inspectFile(whole, "whole")].filter(({ what }) => what !== "header");
        const left = rest.filter(({ what }) => what !== "header");
        expect([...told, ...left].map(({ fields }) => fields)).toEqual(
            all.map(({ fields }) => fields),
        );
    });

    test("archives nothing where there is nothing", async () => {
        const disk = new SimDisk();
        const past = await madeStore(disk);
        expect(await archive(disk, 0)).toBeUndefined();
        const beyond = (past.ends.at(-1) ?? 0) + 1;
        await expect(archive(disk, beyond)).rejects.toMatchObject({ code: "HISTORY_NO_DELTA" });
        await checkAll(disk, past, 0);
    });

    test("makes no tables of the history that it has cut, and takes nothing more", async () => {
        const disk = new SimDisk();
        const store = await openOn(disk, { tablesMinBytes: 0 });
        for (const seed of [1, 2, 3]) {
            await hold(store, seed, 600);
        }
        const { deltaCount } = store;
        expect(deltaCount).toBeGreaterThan(1000);
        expect(disk.paths()).not.toContain("store/workspace.columns");
        await store.archive(Math.floor(deltaCount / 2));
        await expect(hold(store, 4, 5)).rejects.toMatchObject({ code: "STORE_READ_ONLY" });
        await store.close();
        expect(disk.paths()).not.toContain("store/workspace.columns");
        const again = await openOn(disk);
        await again.verifyAll();
        await again.close();
    });

    test("works with tables on disk, and makes them again", async () => {
        const disk = new SimDisk();
        const past = await madeStore(disk);
        const kept = await openOn(disk, { tablesMinBytes: 0 });
        await kept.compact();
        await kept.close();
        const middle = past.ends[5] ?? 0;
        await archiveGraphStore(
            { folder: "store", disk, tlogCapacity: SMALL_TLOG, tablesMinBytes: 0 },
            middle,
        );
        expect(disk.paths()).not.toContain("store/workspace.columns");
        const store = await openOn(disk, { tablesMinBytes: 0 });
        await store.compact();
        await store.close();
        expect(disk.paths()).toContain("store/workspace.columns");
        const opened = await openOn(disk, { tablesMinBytes: 0 });
        await opened.checked();
        expect(opened.damage).toBeUndefined();
        await expect(opened.history.graphSnapshotAt(middle - 1)).rejects.toMatchObject({
            code: "HISTORY_ARCHIVED",
        });
        await opened.close();
        await checkAll(disk, past, middle);
    });
});

describe("interrupted archiving", () => {
    const stride = process.env["RUN_SLOW"] === "1" ? 1 : 3;

    test.each<Survival>(["all", "none", "some"])("leaves old or new: %s", async (survival) => {
        const made = new SimDisk();
        const past = await madeStore(made, 9);
        const middle = past.ends[4] ?? 0;
        const clean = made.copy();
        const [path = ""] = (await archive(clean, middle))?.archives ?? [];
        const { changes } = clean;
        const found = new Set<number>();
        // The names change at the end: none of those steps is left out.
        const steps = Array.from({ length: changes }, (_, at) => at).filter(
            (at) => at % stride === 0 || at > changes - 12,
        );
        for (const at of steps) {
            const disk = made.copy();
            disk.fault = { at, kind: "crash" };
            await archive(disk, middle).catch(() => undefined);
            expect(disk.isOff).toBe(true);
            const after = disk.afterCrash(survival, at + 1);
            const archived = await archivedOf(after);
            found.add(archived);
            expect([0, middle]).toContain(archived);
            await checkAll(after, past, archived);
            const left = after.paths().filter((path) => /\.tmp$|(?:base|archive)-/u.test(path));
            expect(left.length).toBe(archived === 0 ? 0 : 2);
            // The history is gone from the store: the archive is all there is of it.
            expect(archived === 0 || after.content(path).equals(clean.content(path))).toBe(true);
            // And it can be done from there.
            if (archived === 0) {
                await archive(after, middle);
                await checkAll(after, past, middle);
            }
        }
        expect(found).toEqual(new Set([0, middle]));
    });

    async function archivedOf(disk: SimDisk): Promise<number> {
        const store = await openOn(disk);
        const { archivedDeltas } = await store.history.verify(() => undefined);
        await store.close();
        return archivedDeltas;
    }

    test.each(["error", "full"] as const)("and so does a failing disk: %s", async (kind) => {
        const made = new SimDisk();
        const past = await madeStore(made, 9);
        const middle = past.ends[4] ?? 0;
        const clean = made.copy();
        await archive(clean, middle);
        for (let at = 0; at < clean.changes; at += stride) {
            const disk = made.copy();
            disk.fault = { at, kind };
            await archive(disk, middle).catch(() => undefined);
            const after = disk.copy();
            await checkAll(after, past, await archivedOf(after));
        }
    });
});

describe("a disk that changes what it is given", () => {
    test.each(["archive", "history"])("loses nothing: the %s is read again", async (which) => {
        const disk = new SimDisk();
        const past = await madeStore(disk, 9);
        const before = disk.content(LOG);
        const isIts = which === "archive" ? /archive-\d+\.tmp$/u : /graph\.log\.tmp$/u;
        let writes = 0;
        disk.corrupts = (path, bytes) => {
            // The first write is the header's.
            if (isIts.test(path) && writes++ === 1) {
                bytes[bytes.length >> 1]! ^= 1;
            }
        };
        await expect(archive(disk, past.ends[4] ?? 0)).rejects.toMatchObject({
            code: "LOG_CORRUPT",
        });
        expect(writes).toBeGreaterThan(1);
        expect(disk.content(LOG).equals(before)).toBe(true);
        disk.corrupts = undefined;
        await checkAll(disk, past, 0);
    });
});

describe("what an archived history builds upon", () => {
    async function archivedStore(): Promise<{ disk: SimDisk; past: Past; base: string }> {
        const disk = new SimDisk();
        const past = await madeStore(disk, 9);
        await archive(disk, past.ends[4] ?? 0);
        const base = disk.paths().find((path) => path.includes("workspace.base-")) ?? "";
        return { disk, past, base };
    }

    test("is needed, checked, and of this store", async () => {
        const { disk, base } = await archivedStore();
        const missing = disk.copy();
        missing.drop(base);
        await expect(openOn(missing)).rejects.toMatchObject({ code: "STORE_DAMAGED" });
        const good = disk.content(base);
        for (let at = 0; at < good.length; at += 1499) {
            const bad = disk.copy();
            const bytes = Buffer.from(good);
            bytes[at] = (bytes[at] ?? 0) ^ 1;
            bad.put(base, bytes);
            await expect(openOn(bad)).rejects.toMatchObject({ code: "CHECKPOINT_DAMAGED" });
        }
        for (let at = 0; at < 4096; at += 61) {
            const bad = disk.copy();
            const bytes = bad.content(LOG);
            bytes[at] = (bytes[at] ?? 0) ^ 1;
            bad.put(LOG, bytes);
            await expect(openOn(bad)).rejects.toMatchObject({ code: "STORE_DAMAGED" });
        }
    });

    test("an older write-ahead log is not taken together with it", async () => {
        const made = new SimDisk();
        const past = await madeStore(made, 9);
        const early = new SimDisk();
        await madeStore(early, 2);
        const disk = made.copy();
        await archive(disk, past.ends[6] ?? 0);
        disk.put("store/workspace.tlog", early.content("store/workspace.tlog"));
        await expect(openOn(disk)).rejects.toMatchObject({ code: "STORE_MIXED" });
    });

    test("salvage saves what is good behind it", async () => {
        const { disk, past } = await archivedStore();
        const log = disk.content(LOG);
        log[log.length - 400] = (log[log.length - 400] ?? 0) ^ 1;
        log[4096 + 40] = (log[4096 + 40] ?? 0) ^ 1;
        disk.put(LOG, log);
        await expect(openOn(disk)).rejects.toMatchObject({ code: "STORE_DAMAGED" });
        const options = { folder: "store", disk, tlogCapacity: SMALL_TLOG };
        const report = await salvageGraphStore(options);
        expect(report.deltaCount).toBe(past.ends[4]);
        expect(report.stateOfCommit).toBeGreaterThan(report.commitCount);
        const store = await openOn(disk);
        expect(store.rootHash).toBe(past.root);
        await store.history.verify(() => undefined);
        await expect(store.history.graphSnapshotAt(1)).rejects.toMatchObject({
            code: "HISTORY_ARCHIVED",
        });
        await store.close();
    });
});
