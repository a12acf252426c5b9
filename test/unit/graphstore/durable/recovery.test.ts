// What opening does about files that are cut, changed, swapped, missing, or of other times and stores.

import { describe, expect, test, vi } from "vitest";

import { crc32c } from "../../../../src/wal/index.ts";
import {
    salvageGraphStore,
    storePaths,
    type GraphStore,
} from "../../../../src/graphstore/index.ts";
import { contentText } from "../../../support/graphs.ts";
import { SimDisk } from "../../../support/sim-disk.ts";
import { hold, openOn, SMALL_TLOG, stateText } from "../../../support/store-scenario.ts";

const PATHS = storePaths("store");

// Sweeps take every byte (or bit) in the slow run, and some of them in the others.
vi.setConfig({ testTimeout: 120_000 });
const FACTOR = process.env["RUN_SLOW"] === "1" ? 1 : 12;

interface Written {
    readonly disk: SimDisk;
    /** After each commit: root, state, size of the history, end of the log's frames. */
    readonly states: { root: string; text: string; logBytes: number; tlogEnd: number }[];
}

/** A store with some commits in its log, upon a checkpoint if asked for. */
async function written(commits: number, options: { checkpoint?: boolean } = {}): Promise<Written> {
    const disk = new SimDisk();
    const capacity = { initial: 1 << 17, max: 1 << 17 };
    const store = await openOn(disk, { tlogCapacity: capacity });
    if (options.checkpoint === true) {
        await hold(store, 90, 60);
        await store.compact();
    }
    const states: Written["states"] = [];
    for (let seed = 1; seed <= commits; seed++) {
        await hold(store, seed, 8);
        states.push({
            root: store.rootHash,
            text: stateText(store),
            logBytes: store.logBytes,
            tlogEnd: endOfLastWrite(disk, PATHS.tlog),
        });
    }
    await store.close();
    return { disk, states };
}

function endOfLastWrite(disk: SimDisk, path: string): number {
    const line = disk.trace.findLast((each) => each.startsWith(`write ${path} `)) ?? "";
    const [offset, length] = line.split(" ").slice(2).map(Number);
    return (offset ?? 0) + (length ?? 0);
}

function contentOfAll(disk: SimDisk): Map<string, string> {
    return new Map(disk.paths().map((path) => [path, disk.content(path).toString("latin1")]));
}

async function codeOfOpening(disk: SimDisk): Promise<string> {
    const error = await openOn(disk).then(
        async (store) => {
            await store.close();
            return { code: "" };
        },
        (caught: unknown) => caught as { code: string },
    );
    return error.code;
}

/** Refuses to open, with a code, and leaves every byte as it was. */
async function expectRefused(disk: SimDisk, code: RegExp): Promise<void> {
    const before = contentOfAll(disk);
    expect(await codeOfOpening(disk)).toMatch(code);
    // Nothing is salvaged that nobody asked for.
    expect(disk.paths()).toEqual([...before.keys()]);
    for (const [path, content] of before) {
        expect(disk.content(path).toString("latin1") === content, path).toBe(true);
    }
}

function flip(disk: SimDisk, path: string, at: number, bit = 0): void {
    const bytes = disk.content(path);
    bytes[at]! ^= 1 << bit;
    disk.put(path, bytes);
}

async function expectState(disk: SimDisk, text: string | undefined): Promise<GraphStore> {
    const store = await openOn(disk);
    expect(stateText(store)).toBe(text);
    return store;
}

describe("a write-ahead log that is cut at any byte", () => {
    test("with the history as it was loses nothing, and says what it took from there", async () => {
        const { disk, states } = await written(4);
        const end = states[3]!.tlogEnd;
        for (let size = states[1]!.tlogEnd; size < end; size += 16 * FACTOR + 1) {
            const cut = disk.copy();
            cut.put(PATHS.tlog, cut.content(PATHS.tlog).subarray(0, size));
            const store = await expectState(cut, states[3]!.text);
            const whole = states.filter((state) => state.tlogEnd <= size).length;
            expect(store.recovery.commitsFromHistory).toBe(4 - whole);
            await hold(store, 9, 8);
            await store.close();
            const again = await openOn(cut);
            expect(again.recovery).toMatchObject({ commitsFromHistory: 0, tornTail: undefined });
            expect(again.commitCount).toBe(5);
            await again.close();
        }
    });

    test("with a history that never got there gives the last whole commit, once", async () => {
        const { disk, states } = await written(3);
        const [before, last] = [states[1]!, states[2]!];
        for (let size = before.tlogEnd; size < last.tlogEnd; size++) {
            if (FACTOR > 1 && size % 47 !== 0) {
                continue;
            }
            const cut = disk.copy();
            const tlog = cut.content(PATHS.tlog);
            tlog.fill(0, size);
            cut.put(PATHS.tlog, tlog);
            cut.put(PATHS.graphLog, cut.content(PATHS.graphLog).subarray(0, before.logBytes));
            const store = await expectState(cut, before.text);
            if (size >= before.tlogEnd + 32) {
                expect(store.tornTail).toMatchObject({
                    path: PATHS.tlog,
                    offset: before.tlogEnd,
                    sequences: [4, expect.any(Number)],
                    keptIn: `${PATHS.tlog}.cut-2`,
                });
                expect(cut.content(`${PATHS.tlog}.cut-2`).length).toBeGreaterThanOrEqual(32);
            }
            await store.close();
            const again = await expectState(cut, before.text);
            expect(again.tornTail).toBeUndefined();
            await again.close();
        }
    });

    test("and a history with an interrupted commit behind it: that is kept and cut off", async () => {
        const { disk, states } = await written(2);
        const junk = Buffer.alloc(333, 5);
        disk.put(PATHS.graphLog, Buffer.concat([disk.content(PATHS.graphLog), junk]));
        const store = await expectState(disk, states[1]!.text);
        expect(store.tornTail).toMatchObject({
            path: PATHS.graphLog,
            offset: states[1]!.logBytes,
            byteCount: 333,
        });
        await store.close();
        expect(disk.content(`${PATHS.graphLog}.cut-2`).equals(junk)).toBe(true);
        expect(disk.content(PATHS.graphLog).length).toBe(states[1]!.logBytes);
    });

    test("and an unsynced history is as it was when the machine goes off after recovery", async () => {
        const { disk, states } = await written(3);
        const tlog = disk.content(PATHS.tlog);
        tlog.fill(0, states[1]!.tlogEnd + 100);
        disk.put(PATHS.tlog, tlog);
        disk.put(PATHS.graphLog, disk.content(PATHS.graphLog).subarray(0, 64));
        const store = await expectState(disk, states[1]!.text);
        expect(store.recovery.mendedBytes).toBeGreaterThan(0);
        await (await expectState(disk.afterCrash("none"), states[1]!.text)).close();
    });

    test("keeps the last three cuts", async () => {
        const { disk, states } = await written(6);
        const tlog = disk.content(PATHS.tlog);
        const history = disk.content(PATHS.graphLog);
        for (let commit = 1; commit < 6; commit++) {
            const bytes = Buffer.from(tlog);
            bytes.fill(0, states[commit - 1]!.tlogEnd + 200);
            disk.put(PATHS.tlog, bytes);
            disk.put(PATHS.graphLog, history.subarray(0, states[commit - 1]!.logBytes));
            await (await openOn(disk)).close();
        }
        const cuts = disk.paths().filter((path) => path.includes(".cut-"));
        expect(cuts).toEqual([3, 4, 5].map((c) => `${PATHS.tlog}.cut-${c}`));
    });
});

describe("any subset of the sectors of the last commit", () => {
    test("gives the state before it or after it", async () => {
        const { disk, states } = await written(3);
        const [before, last] = [states[1]!, states[2]!];
        const whole = disk.content(PATHS.tlog);
        const sectors: number[] = [];
        for (let at = before.tlogEnd; at < last.tlogEnd; at = (Math.floor(at / 512) + 1) * 512) {
            sectors.push(at);
        }
        for (let round = 0; round < 60; round++) {
            const torn = disk.copy();
            const bytes = Buffer.from(whole);
            bytes.fill(0, before.tlogEnd);
            sectors.forEach((at, index) => {
                if ((round * 2654435761) & (1 << (index % 30)) || round === 59) {
                    const end = Math.min(last.tlogEnd, (Math.floor(at / 512) + 1) * 512);
                    whole.copy(bytes, at, at, end);
                }
            });
            torn.put(PATHS.tlog, bytes);
            torn.put(PATHS.graphLog, torn.content(PATHS.graphLog).subarray(0, before.logBytes));
            const store = await openOn(torn);
            const isWhole = bytes.equals(whole);
            expect(stateText(store)).toBe(isWhole ? last.text : before.text);
            store.verify();
            await store.close();
        }
    });
});

describe("one wrong bit", () => {
    test("in acknowledged frames of the log is refused with file and offset", async () => {
        const { disk, states } = await written(3);
        const last = states[1]!.tlogEnd;
        for (let at = 8192; at < last; at += 3 * FACTOR + 1) {
            const damaged = disk.copy();
            flip(damaged, PATHS.tlog, at, at % 8);
            await expectRefused(damaged, /^STORE_DAMAGED$/u);
        }
        flip(disk, PATHS.tlog, 8200);
        await expect(openOn(disk)).rejects.toMatchObject({
            message: expect.stringContaining("workspace.tlog is damaged at byte 8192") as string,
        });
    });

    test("in the last group of the log is made good from the history, and told", async () => {
        const { disk, states } = await written(3);
        for (let at = states[1]!.tlogEnd; at < states[2]!.tlogEnd; at += 3 * FACTOR + 1) {
            const damaged = disk.copy();
            flip(damaged, PATHS.tlog, at, at % 8);
            const store = await expectState(damaged, states[2]!.text);
            expect(store.recovery.commitsFromHistory).toBe(1);
            await store.close();
        }
    });

    test("in the history behind the log's base is made good from the log, and told", async () => {
        const { disk, states } = await written(3, { checkpoint: true });
        const base = states[0]!.logBytes;
        for (let at = base; at < states[2]!.logBytes; at += 3 * FACTOR + 1) {
            const damaged = disk.copy();
            flip(damaged, PATHS.graphLog, at, at % 8);
            const store = await expectState(damaged, states[2]!.text);
            expect(store.recovery.mendedBytes).toBeGreaterThan(0);
            await store.close();
        }
    });

    test("in the history before that is refused, still reads, and is salvaged", async () => {
        const { disk, states } = await written(3, { checkpoint: true });
        const content = states[2]!.text.split("\n").slice(1);
        for (let at = 0; at < 4000; at += 8 * FACTOR + 1) {
            const damaged = disk.copy();
            flip(damaged, PATHS.graphLog, at, at % 8);
            await expectRefused(damaged, /^(?:STORE_DAMAGED|LOG_VERSION|STORE_MIXED)$/u);
            const options = { folder: "store", disk: damaged, tlogCapacity: SMALL_TLOG };
            const report = await salvageGraphStore(options);
            expect(report.problems.length).toBeGreaterThan(0);
            const store = await openOn(damaged);
            if (at >= 64) {
                expect(report).toMatchObject({ commitCount: 0, stateOfCommit: 4 });
                expect(contentText(store.snapshot())).toEqual(content);
            }
            store.verify();
            await store.close();
            const kept = damaged.content(`${report.keptIn}/workspace.graph.log`);
            expect(kept.length).toBe(disk.content(PATHS.graphLog).length);
        }
    });

    test("and a salvage that is interrupted anywhere can be done again", async () => {
        const { disk, states } = await written(3, { checkpoint: true });
        flip(disk, PATHS.graphLog, 900);
        const content = states[2]!.text.split("\n").slice(1);
        for (let at = 0; ; at += FACTOR > 1 ? 3 : 1) {
            const damaged = disk.copy();
            damaged.fault = { at, kind: "crash" };
            const options = { folder: "store", tlogCapacity: SMALL_TLOG };
            const error = await salvageGraphStore({ ...options, disk: damaged }).catch(
                (caught: unknown) => caught,
            );
            if (!damaged.isOff) {
                expect(error).toMatchObject({ stateOfCommit: 4 });
                break;
            }
            for (const survival of ["none", "some", "all"] as const) {
                const next = damaged.afterCrash(survival, at);
                await salvageGraphStore({ ...options, disk: next });
                const store = await openOn(next);
                // The state is in the store, or with the files as they were, which are kept.
                const kept = next.paths().filter((path) => path.includes("/salvaged-"));
                const isSaved = contentText(store.snapshot()).join("\n") === content.join("\n");
                const isKept = kept.some(
                    (path) =>
                        path.endsWith("/workspace.checkpoint") &&
                        next.content(path).equals(disk.content(PATHS.checkpoint)),
                );
                expect(isSaved || isKept, `at ${at}, ${survival}`).toBe(true);
                store.verify();
                await store.close();
            }
        }
    });

    test("in one header of the log is of no account, in both is refused", async () => {
        const { disk, states } = await written(2, { checkpoint: true });
        // Two epochs have begun: the newer header is in the first slot.
        for (let at = 0; at < 512; at += FACTOR) {
            const damaged = disk.copy();
            flip(damaged, PATHS.tlog, 4096 + at);
            await (await expectState(damaged, states[1]!.text)).close();
            flip(damaged, PATHS.tlog, at);
            await expectRefused(damaged, /^STORE_DAMAGED$/u);
        }
    });

    test("in a checkpoint is found: header and trailer at opening, the rest by verification", async () => {
        const { disk, states } = await written(2, { checkpoint: true });
        const size = disk.content(PATHS.checkpoint).length;
        const edges = [...range(0, 512, FACTOR), ...range(size - 128, size, FACTOR)];
        for (const at of edges) {
            const damaged = disk.copy();
            flip(damaged, PATHS.checkpoint, at, at % 8);
            const store = await expectState(damaged, states[1]!.text);
            expect(store.recovery.checkpointProblem).toMatch(/is damaged at byte/u);
            await store.compact();
            await store.close();
            const again = await openOn(damaged);
            expect(again.recovery.checkpointProblem).toBe("");
            await again.close();
        }
        for (let at = 512; at < size - 128; at += 32 * FACTOR + 1) {
            const damaged = disk.copy();
            flip(damaged, PATHS.checkpoint, at, at % 8);
            const store = await openOn(damaged);
            await expect(store.verifyAll()).rejects.toMatchObject({ code: "CHECKPOINT_DAMAGED" });
            await store.close();
        }
    });
});

function range(start: number, end: number, step: number): number[] {
    return Array.from({ length: Math.ceil((end - start) / step) }, (_, at) => start + at * step);
}

describe("a checkpoint that is cut", () => {
    test("is passed over for the one before; the state is the same", async () => {
        const { disk, states } = await written(2, { checkpoint: true });
        const size = disk.content(PATHS.checkpoint).length;
        for (const end of [...range(0, size, 1024), size - 1, size - 127, size - 129]) {
            const cut = disk.copy();
            cut.put(PATHS.previousCheckpoint, cut.content(PATHS.checkpoint));
            cut.put(PATHS.checkpoint, cut.content(PATHS.checkpoint).subarray(0, end));
            const store = await expectState(cut, states[1]!.text);
            expect(store.recovery.checkpointProblem).not.toBe("");
            await store.close();
        }
        disk.drop(PATHS.checkpoint);
        await (await expectState(disk, states[1]!.text)).close();
    });
});

describe("frames of the log that are not where they were written", () => {
    test("doubled, swapped or missing are not replayed", async () => {
        const { disk, states } = await written(4);
        const tlog = disk.content(PATHS.tlog);
        const [a, b, c] = states.map(({ tlogEnd }) => tlogEnd);
        const part = (from = 0, to = tlog.length): Buffer => tlog.subarray(from, to);
        const spliced = {
            missing: [part(0, a), part(b)],
            swapped: [part(0, a), part(b, c), part(a, b), part(c)],
            doubled: [part(0, b), part(a, b), part(b)],
        };
        for (const parts of Object.values(spliced)) {
            const damaged = disk.copy();
            damaged.put(PATHS.tlog, Buffer.concat(parts).subarray(0, tlog.length));
            await expectRefused(damaged, /^STORE_DAMAGED$/u);
        }
        // A copy behind the last frame is no part of the log.
        const copied = Buffer.from(tlog);
        tlog.copy(copied, states[3]!.tlogEnd, a, b);
        disk.put(PATHS.tlog, copied);
        await (await expectState(disk, states[3]!.text)).close();
    });

    test("of the epoch before are not replayed, whatever stands before them", async () => {
        const { disk, states } = await written(3);
        const old = disk.content(PATHS.tlog);
        const store = await openOn(disk);
        await store.compact();
        await store.close();
        const tlog = disk.content(PATHS.tlog);
        old.copy(tlog, 8192, 8192);
        disk.put(PATHS.tlog, tlog);
        const again = await expectState(disk, states[2]!.text);
        expect(again.recovery.commitsFromHistory).toBe(0);
        await again.close();
    });

    test("with a huge length is no frame", async () => {
        const { disk } = await written(2);
        for (const length of [0xffff_ffff, 0x7fff_ffff, 1 << 17]) {
            const tlog = disk.content(PATHS.tlog);
            tlog.writeUInt32LE(length, 8192);
            tlog.writeUInt32LE(crc32c(tlog, 8192, 8220), 8220);
            disk.put(PATHS.tlog, tlog);
            await expectRefused(disk, /^STORE_DAMAGED$/u);
        }
    });
});

describe("files that do not belong together", () => {
    test("of two stores are refused", async () => {
        const { disk } = await written(2, { checkpoint: true });
        const other = new SimDisk();
        const store = await openOn(other, {
            randomBytes: (count) => new Uint8Array(count).fill(7),
        });
        await hold(store, 1, 60);
        await store.compact();
        await store.close();
        for (const path of [PATHS.graphLog, PATHS.tlog, PATHS.checkpoint]) {
            const mixed = disk.copy();
            mixed.put(path, other.content(path));
            await expectRefused(mixed, /^STORE_MIXED$/u);
            const named = path === PATHS.graphLog ? PATHS.tlog : path;
            await expect(openOn(mixed)).rejects.toMatchObject({
                message: `${named} is of another store than ${PATHS.graphLog}`,
            });
        }
    });

    test("an older history, or logs older than the checkpoint, are refused", async () => {
        const { disk } = await written(2);
        const old = disk.copy();
        const store = await openOn(disk);
        await hold(store, 5, 60);
        await store.compact();
        await store.close();
        const olderHistory = disk.copy();
        olderHistory.put(PATHS.graphLog, old.content(PATHS.graphLog));
        await expectRefused(olderHistory, /^STORE_MIXED$/u);
        const olderLogs = disk.copy();
        olderLogs.put(PATHS.graphLog, old.content(PATHS.graphLog));
        olderLogs.put(PATHS.tlog, old.content(PATHS.tlog));
        await expectRefused(olderLogs, /^STORE_MIXED$/u);
    });

    test("an older checkpoint, or an older log, is made good from the history", async () => {
        const { disk } = await written(2, { checkpoint: true });
        const old = disk.copy();
        const store = await openOn(disk);
        await hold(store, 5, 60);
        await store.compact();
        await hold(store, 6, 30);
        const text = stateText(store);
        await store.close();
        for (const path of [PATHS.checkpoint, PATHS.tlog]) {
            const mixed = disk.copy();
            mixed.put(path, old.content(path));
            if (path === PATHS.tlog) {
                mixed.drop(PATHS.checkpoint);
            }
            await (await expectState(mixed, text)).close();
        }
    });

    test("a missing history or log is refused while there are commits", async () => {
        const { disk } = await written(2);
        for (const path of [PATHS.graphLog, PATHS.tlog]) {
            const mixed = disk.copy();
            mixed.drop(path);
            await expectRefused(mixed, /^STORE_DAMAGED$/u);
        }
    });

    test("newer versions and other page sizes are refused by name", async () => {
        const { disk } = await written(2, { checkpoint: true });
        const raise = (path: string, at: number, crcAt: number, slot = 0): SimDisk => {
            const newer = disk.copy();
            const bytes = newer.content(path);
            bytes.writeUInt32LE(77, slot + at);
            bytes.writeUInt32LE(crc32c(bytes, slot, slot + crcAt), slot + crcAt);
            newer.put(path, bytes);
            return newer;
        };
        await expectRefused(raise(PATHS.graphLog, 8, 60), /^LOG_VERSION$/u);
        await expectRefused(raise(PATHS.tlog, 8, 508), /^LOG_VERSION$/u);
        await expectRefused(raise(PATHS.tlog, 16, 508), /^LOG_VERSION$/u);
        await expectRefused(raise(PATHS.checkpoint, 8, 508), /^LOG_VERSION$/u);
        await expectRefused(raise(PATHS.checkpoint, 20, 508), /^LOG_VERSION$/u);
    });
});

describe("a store that cannot be written", () => {
    test("opens to read with the log's commits in memory, and changes nothing", async () => {
        const { disk, states } = await written(3);
        const history = disk.content(PATHS.graphLog).subarray(0, states[0]!.logBytes);
        disk.put(PATHS.graphLog, history);
        disk.isReadOnly = true;
        const { changes } = disk;
        const before = contentOfAll(disk);
        const store = await expectState(disk, states[2]!.text);
        expect(store.readOnlyReason).toMatch(/read-only/u);
        await expect(hold(store, 4)).rejects.toMatchObject({ code: "STORE_READ_ONLY" });
        await store.close();
        expect(contentOfAll(disk)).toEqual(before);
        expect(disk.changes).toBe(changes);
    });
});
