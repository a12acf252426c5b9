// Bytes behind the last commit, records that are not where they were written, and logs that end exactly
// between two records: whatever is whole stays, whatever was acknowledged is found or refused.

import { beforeAll, describe, expect, test } from "vitest";

import { crc32c, scanLog } from "../../../../src/wal/index.ts";
import { storePaths } from "../../../../src/graphstore/index.ts";
import { SimDisk } from "../../../support/sim-disk.ts";
import { hold, openOn, stateText } from "../../../support/store-scenario.ts";
import { seededNumbers } from "../../../support/trie-records.ts";

const PATHS = storePaths("store");
const LARGE = { tlogCapacity: { initial: 1 << 17, max: 1 << 17 } };

let disk: SimDisk;
let text: string;
/** Where each commit's frames end in the log, and its records in the history. */
let ends: { tlog: number; history: number }[];
/** Where the log's base ends in the history. */
let base: number;

beforeAll(async () => {
    disk = new SimDisk();
    const store = await openOn(disk, LARGE);
    await hold(store, 50, 8);
    await hold(store, 51, 8);
    await store.compact();
    base = store.logBytes;
    ends = [];
    for (const seed of [1, 2, 3, 4]) {
        await hold(store, seed, 8);
        const line = disk.trace.findLast((each) => each.startsWith(`write ${PATHS.tlog} `)) ?? "";
        const [offset, length] = line.split(" ").slice(2).map(Number);
        ends.push({ tlog: offset! + length!, history: store.logBytes });
    }
    text = stateText(store);
    await store.close();
});

async function expectSame(damaged: SimDisk): Promise<void> {
    const store = await openOn(damaged, LARGE);
    expect(stateText(store)).toBe(text);
    await hold(store, 9, 8);
    store.verify();
    await store.close();
    const again = await openOn(damaged, LARGE);
    expect(again.recovery).toMatchObject({ tornTail: undefined, mendedBytes: 0 });
    expect(again.commitCount).toBe(7);
    await again.close();
}

async function codeOf(damaged: SimDisk): Promise<string> {
    const before = new Map(damaged.paths().map((path) => [path, damaged.content(path)]));
    const error = await openOn(damaged, LARGE).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Error);
    for (const [path, content] of before) {
        expect(damaged.content(path).equals(content), path).toBe(true);
    }
    return (error as { code: string }).code;
}

describe("behind the last commit", () => {
    test("garbage in the log is no commit, and is overwritten by the next", async () => {
        const random = seededNumbers(8);
        for (const length of [1, 7, 8, 31, 32, 500, 4096, 20_000]) {
            const dirty = disk.copy();
            const tlog = dirty.content(PATHS.tlog);
            for (let at = 0; at < length; at++) {
                tlog[ends[3]!.tlog + at] = Math.floor(random() * 256);
            }
            dirty.put(PATHS.tlog, tlog);
            await expectSame(dirty);
        }
    });

    test("garbage and zeros in the history are cut off, and kept", async () => {
        const random = seededNumbers(9);
        for (const length of [1, 8, 33, 5000]) {
            for (const fill of [0, 1]) {
                const dirty = disk.copy();
                const tail = Buffer.from(
                    Array.from({ length }, () => fill * Math.floor(random() * 256)),
                );
                dirty.put(PATHS.graphLog, Buffer.concat([dirty.content(PATHS.graphLog), tail]));
                await expectSame(dirty);
                expect(dirty.content(`${PATHS.graphLog}.cut-6`).equals(tail)).toBe(true);
            }
        }
    });
});

describe("records of the history", () => {
    /** The histories in which records from one on are doubled, swapped or missing. */
    function spliced(at: number): Buffer[] {
        const bytes = disk.content(PATHS.graphLog);
        const { records } = scanLog(bytes, PATHS.graphLog, "GRPH");
        const [one, two] = [records[at]!, records[at + 1]!];
        const part = (from: number, to: number): Buffer => bytes.subarray(from, to);
        const [before, after] = [part(0, one.start), part(two.end, bytes.length)];
        const [first, second] = [part(one.start, one.end), part(two.start, two.end)];
        return [
            Buffer.concat([before, first, first, second, after]),
            Buffer.concat([before, second, first, after]),
            Buffer.concat([before, second, after]),
            Buffer.concat([before, first, after]),
        ];
    }

    test("that are doubled, swapped or missing before the log's base are refused", async () => {
        const { records } = scanLog(disk.content(PATHS.graphLog), PATHS.graphLog, "GRPH");
        const count = records.filter(({ end }) => end <= base).length;
        expect(count).toBeGreaterThan(3);
        for (let at = 0; at + 1 < count; at++) {
            for (const history of spliced(at)) {
                const damaged = disk.copy();
                damaged.put(PATHS.graphLog, history);
                expect(await codeOf(damaged)).toMatch(/^STORE_(?:DAMAGED|MIXED)$/u);
            }
        }
    });

    test("that are doubled, swapped or missing behind it are taken from the log", async () => {
        const { records } = scanLog(disk.content(PATHS.graphLog), PATHS.graphLog, "GRPH");
        const from = records.findIndex(({ start }) => start >= base);
        for (let at = from; at + 1 < records.length; at++) {
            for (const history of spliced(at)) {
                const damaged = disk.copy();
                damaged.put(PATHS.graphLog, history);
                const store = await openOn(damaged, LARGE);
                expect(stateText(store)).toBe(text);
                await store.close();
            }
        }
    });

    test("with absurd lengths are no records", async () => {
        const { records, header } = scanLog(disk.content(PATHS.graphLog), PATHS.graphLog, "GRPH");
        const seed = crc32c(header.storeUuid);
        for (const { start, end } of records) {
            for (const length of [0xffff_ffff, 0x8000_0000, 1 << 26, 0]) {
                const damaged = disk.copy();
                const history = damaged.content(PATHS.graphLog);
                history.writeUInt32LE(length, start);
                history.writeUInt32LE(crc32c(history, start, start + 28, seed), start + 28);
                damaged.put(PATHS.graphLog, history);
                if (end <= base) {
                    expect(await codeOf(damaged)).toBe("STORE_DAMAGED");
                } else {
                    await expectSame(damaged);
                }
            }
        }
    });
});

describe("a log that ends exactly between two commits", () => {
    test("is made good from the other while that has them", async () => {
        for (const end of ends.slice(0, -1)) {
            const cutTlog = disk.copy();
            const tlog = cutTlog.content(PATHS.tlog);
            tlog.fill(0, end.tlog);
            cutTlog.put(PATHS.tlog, tlog);
            await expectSame(cutTlog);
            const cutHistory = disk.copy();
            const history = cutHistory.content(PATHS.graphLog).subarray(0, end.history);
            cutHistory.put(PATHS.graphLog, history);
            await expectSame(cutHistory);
        }
    });

    test("and without its unused end is written through again", async () => {
        const short = disk.copy();
        const tlog = short.content(PATHS.tlog);
        short.put(PATHS.tlog, tlog.subarray(0, ends[3]!.tlog + 64));
        await (await openOn(short, LARGE)).close();
        expect(short.content(PATHS.tlog).length).toBe(tlog.length);
        await expectSame(short);
    });

    test("before what was durable is refused", async () => {
        const { records } = scanLog(disk.content(PATHS.graphLog), PATHS.graphLog, "GRPH");
        for (const { end } of records.filter((record) => record.end < base)) {
            const cut = disk.copy();
            cut.put(PATHS.graphLog, cut.content(PATHS.graphLog).subarray(0, end));
            const error = await openOn(cut, LARGE).catch((caught: unknown) => caught);
            expect(error).toMatchObject({
                code: "STORE_MIXED",
                message: expect.stringContaining(`${base} of it were durable`) as string,
            });
        }
    });
});
