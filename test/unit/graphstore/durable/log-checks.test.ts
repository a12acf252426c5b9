// Every check of the two logs by itself: files whose checksums and hashes are right, and of which one
// thing is wrong.

import { beforeAll, describe, expect, test } from "vitest";

import { EPOCH_FRAMES_AT, type ScannedRecord } from "../../../../src/wal/index.ts";
import {
    decodeEpochBase,
    epochHeader,
    NO_CHECKPOINT,
} from "../../../../src/graphstore/durable/epoch-base.ts";
import type { LogMark } from "../../../../src/graphstore/durable/log-mark.ts";
import { decodePageDeltas } from "../../../../src/graphstore/durable/page-deltas.ts";
import {
    decodeTransactions,
    encodeTransaction,
    type Transaction,
} from "../../../../src/graphstore/durable/transactions.ts";
import type { CommitRecord } from "../../../../src/graphstore/commit-record.ts";
import { storePaths } from "../../../../src/graphstore/index.ts";
import { recraftHistory, recraftTlog } from "../../../support/crafted-log.ts";
import { toOldHistory } from "../../../support/old-history.ts";
import { SimDisk } from "../../../support/sim-disk.ts";
import { hold, openOn, stateText } from "../../../support/store-scenario.ts";

const PATHS = storePaths("store");
const LARGE = { tlogCapacity: { initial: 1 << 17, max: 1 << 17 } };

let disk: SimDisk;
let text: string;

beforeAll(async () => {
    disk = new SimDisk();
    const store = await openOn(disk, LARGE);
    await hold(store, 9, 30);
    await store.compact();
    for (const seed of [1, 2, 3]) {
        await hold(store, seed, 12);
    }
    text = stateText(store);
    await store.close();
});

test("a history of zeros that is longer than its header is damaged, not new", async () => {
    for (const [bytes, isNew] of [
        [64, true],
        [30, true],
        [65, false],
        [4096, false],
    ] as const) {
        const zeros = new SimDisk();
        zeros.put(PATHS.graphLog, Buffer.alloc(bytes));
        const opened = openOn(zeros, LARGE).then(async (store) => {
            await store.close();
            return true;
        });
        await (isNew
            ? expect(opened).resolves.toBe(true)
            : expect(opened).rejects.toMatchObject({ code: "STORE_DAMAGED" }));
    }
});

describe("a commit of the history", () => {
    /** What opening says of a history whose third commit is changed; empty when nothing. */
    async function verdictOf(change: (commit: CommitRecord) => CommitRecord): Promise<string> {
        const crafted = disk.copy();
        crafted.drop(PATHS.checkpoint);
        crafted.drop(PATHS.previousCheckpoint);
        await recraftHistory(crafted, (each) => (each.commitCount === 3 ? change(each) : each));
        try {
            const store = await openOn(crafted, LARGE);
            expect(stateText(store)).toBe(text);
            await store.close();
            return "";
        } catch (error) {
            return `${(error as { code: string }).code}: ${(error as Error).message}`;
        }
    }

    test("is taken when all of it is right", async () => {
        expect(await verdictOf((commit) => commit)).toBe("");
    });

    const wrong = new Uint8Array(32).fill(1);
    test.each<[string, (commit: CommitRecord) => CommitRecord]>([
        ["commit number", (commit) => ({ ...commit, commitCount: 7 })],
        ["running hash", (commit) => ({ ...commit, logHash: wrong })],
        ["place in the log", (commit) => ({ ...commit, logOffset: commit.logOffset + 8 })],
        ["header before", (commit) => ({ ...commit, previous: wrong })],
        ["number of deltas", (commit) => ({ ...commit, deltas: commit.deltas + 1 })],
        ["number of deltas", (commit) => ({ ...commit, deltaCount: commit.deltaCount + 1 })],
        ["number of nodes", (commit) => ({ ...commit, nodeCount: commit.nodeCount + 1 })],
        ["number of edges", (commit) => ({ ...commit, edgeCount: commit.edgeCount + 1 })],
        ["number of files", (commit) => ({ ...commit, fileCount: commit.fileCount + 1 })],
    ])("with another %s is refused by name", async (what, change) => {
        expect(await verdictOf(change)).toMatch(
            new RegExp(
                `^STORE_DAMAGED: .* damaged at byte \\d+: the ${what} of a commit is wrong`,
                "u",
            ),
        );
    });

    test("that stands behind a record of an unknown kind is not reached", async () => {
        const crafted = disk.copy();
        await recraftHistory(
            crafted,
            (commit) => commit,
            (records) => [
                ...records.slice(0, 3),
                { kind: 9, payload: Buffer.of(1) },
                ...records.slice(3),
            ],
        );
        await expect(openOn(crafted, LARGE)).rejects.toMatchObject({
            code: "STORE_DAMAGED",
            message: expect.stringMatching(/damaged at byte \d+: unknown kind 9/u) as string,
        });
    });

    test("with another root is found before anything is built upon it", async () => {
        const crafted = disk.copy();
        crafted.drop(PATHS.checkpoint);
        crafted.drop(PATHS.previousCheckpoint);
        const stateRoot = "ab".repeat(32);
        await recraftHistory(crafted, (commit) =>
            commit.commitCount === 4
                ? { ...commit, roots: { ...commit.roots, stateRoot } }
                : commit,
        );
        const refusal = {
            code: "STORE_DAMAGED",
            message: expect.stringContaining(`recorded is ${stateRoot}`) as string,
        };
        const store = await openOn(crafted, LARGE);
        expect(() => {
            store.verify();
        }).toThrow(expect.objectContaining(refusal));
        const { changes } = crafted;
        await expect(hold(store, 5)).rejects.toMatchObject(refusal);
        await expect(store.compact()).rejects.toMatchObject(refusal);
        await expect(store.verifyAll()).rejects.toMatchObject(refusal);
        expect(crafted.changes).toBe(changes);
        await store.close();
    });

    test("is looked at in a history of format 1 too, and in its shape", async () => {
        const raised = async (old: Buffer): Promise<string> => {
            const crafted = new SimDisk();
            crafted.put(PATHS.graphLog, old);
            const error = await openOn(crafted, LARGE).catch((caught: unknown) => caught);
            expect(crafted.content(PATHS.graphLog).equals(old)).toBe(true);
            return (error as { code: string }).code;
        };
        const wrongCount = disk.copy();
        await recraftHistory(wrongCount, (commit) => ({
            ...commit,
            nodeCount: commit.nodeCount + 1,
        }));
        const old = toOldHistory(wrongCount.content(PATHS.graphLog));
        expect(await raised(old)).toBe("STORE_DAMAGED");
        const history = disk.content(PATHS.graphLog);
        expect(await raised(toOldHistory(history, (commit) => commit.subarray(0, 251)))).toBe(
            "LOG_VERSION",
        );
        const otherSchema = toOldHistory(history, (commit) => {
            commit.writeUInt32LE(2, 56);
            return commit;
        });
        expect(await raised(otherSchema)).toBe("LOG_VERSION");
        const rotten = toOldHistory(history);
        rotten[rotten.length >> 1]! ^= 1;
        expect(await raised(rotten)).toBe("STORE_DAMAGED");
    });
});

describe("pages of the write-ahead log", () => {
    /** What verification says of a log whose transactions are changed; empty when nothing. */
    async function verdictOf(
        change: (transactions: readonly Transaction[]) => readonly Transaction[],
    ): Promise<string> {
        const crafted = disk.copy();
        await recraftTlog(crafted, change);
        const store = await openOn(crafted, LARGE);
        expect(stateText(store)).toBe(text);
        try {
            expect(await store.verifyAll()).toEqual({ checkpointOf: 1, commitsReplayed: 3 });
            return "";
        } catch (error) {
            return `${(error as { code: string }).code}: ${(error as Error).message}`;
        } finally {
            await store.close();
        }
    }

    /** Changes the first page delta that fits; its parts are views of the payload. */
    function changed(
        fits: (delta: ReturnType<typeof decodePageDeltas>[number]) => boolean,
        change: (delta: ReturnType<typeof decodePageDeltas>[number]) => void,
    ): (transactions: readonly Transaction[]) => readonly Transaction[] {
        return (transactions) => {
            const found = transactions
                .flatMap(({ pages }) => pages)
                .flatMap(decodePageDeltas)
                .find(fits);
            expect(found).toBeDefined();
            change(found!);
            return transactions;
        };
    }

    test("are as they were written", async () => {
        expect(await verdictOf((transactions) => transactions)).toBe("");
    });

    test("that are missing lead to another root", async () => {
        expect(
            await verdictOf(([first, ...others]) => [{ ...first!, pages: [] }, ...others]),
        ).toMatch(/^LOG_CORRUPT: .*commit 2 leads to another state root$/u);
    });

    test("take away only what is there, and add only what is not", async () => {
        expect(
            await verdictOf(
                changed(
                    ({ removed }) => removed.length > 0,
                    ({ removed }) => (removed[0]![0]! ^= 0x55),
                ),
            ),
        ).toMatch(/^LOG_CORRUPT: .*a removed record is not there$/u);
        expect(
            await verdictOf(
                changed(
                    ({ added }) => added.length > 1,
                    ({ added }) => added[0]!.key.copy(added[1]!.key),
                ),
            ),
        ).toMatch(/^LOG_CORRUPT: .*an added record is there already$/u);
    });

    test("are what their deltas say", async () => {
        for (const change of [
            (hash: Buffer): unknown => (hash[0]! ^= 1),
            (hash: Buffer): unknown => hash.fill(0),
        ]) {
            expect(
                await verdictOf(
                    changed(
                        () => true,
                        ({ hash }) => change(hash),
                    ),
                ),
            ).toMatch(/^LOG_CORRUPT: .*a page is not as its delta says$/u);
        }
    });

    test("have deltas of a known sub-trie and of their length", () => {
        const head = Buffer.alloc(76);
        expect(decodePageDeltas(head).length).toBe(1);
        head[0] = 3;
        expect(() => decodePageDeltas(head)).toThrow("there is no sub-trie 3");
        head[0] = 0;
        expect(() => decodePageDeltas(head.subarray(0, 75))).toThrow("page deltas end too early");
        head.writeUInt32LE(0xffff_ffff, 68);
        expect(() => decodePageDeltas(head)).toThrow("page deltas end too early");
    });
});

const BASE: LogMark = {
    commitCount: 4,
    deltaCount: 40,
    logEnd: 400,
    stateRoot: "00".repeat(32),
    logHash: new Uint8Array(32),
    headerHash: new Uint8Array(32),
};

describe("a transaction", () => {
    const good: Transaction = {
        mark: { ...BASE, commitCount: 5, deltaCount: 41, logEnd: 408 },
        logStart: 400,
        logBytes: new Uint8Array(8),
        checkpointId: undefined,
        pages: [Uint8Array.of(1), Uint8Array.of(2)],
    };
    const bulk: Transaction = {
        ...good,
        logBytes: undefined,
        checkpointId: NO_CHECKPOINT,
        pages: [],
    };

    type Records = readonly { readonly kind: number; readonly payload: Uint8Array }[];

    function decode(records: Records): number {
        const scanned: ScannedRecord[] = records.map((record, index) => ({
            ...record,
            sequence: index,
            syncedUpTo: 0,
            start: EPOCH_FRAMES_AT,
            end: EPOCH_FRAMES_AT,
        }));
        return decodeTransactions(scanned, BASE, EPOCH_FRAMES_AT).transactions.length;
    }

    test("is taken as it was written", () => {
        expect(decode(encodeTransaction(good))).toBe(1);
        expect(decode(encodeTransaction(bulk))).toBe(1);
        expect(decode([...encodeTransaction(good), { kind: 1, payload: Uint8Array.of(1) }])).toBe(
            1,
        );
    });

    test.each<[string, Partial<LogMark>, number]>([
        ["number", { commitCount: 6 }, 400],
        ["count of deltas", { deltaCount: 40 }, 400],
        ["place", { logEnd: 416 }, 408],
        ["length", { logEnd: 400 }, 400],
    ])("follows the one before by %s", (_, mark, logStart) => {
        const other = { ...bulk, mark: { ...good.mark, ...mark }, logStart };
        expect(() => decode(encodeTransaction(other))).toThrow("does not follow the one before");
    });

    test("has a known kind, all its parts, and the lengths that it speaks of", () => {
        const records = encodeTransaction(good);
        const commit = records.at(-1)!;
        expect(() => decode([...records.slice(0, -1), { ...commit, kind: 7 }])).toThrow(
            "unknown kind 7",
        );
        expect(() => decode([{ kind: 2, payload: commit.payload.subarray(0, 136) }])).toThrow(
            "too short",
        );
        expect(() => decode(records.slice(1))).toThrow("page deltas of a commit are missing");
        const short = { ...commit, payload: commit.payload.subarray(0, -1) };
        expect(() => decode([...records.slice(0, -1), short])).toThrow("records are not as long");
        const [named] = encodeTransaction({ ...bulk, checkpointId: new Uint8Array(31) });
        expect(() => decode([named!])).toThrow("a commit names no checkpoint");
    });
});

test("an epoch builds upon a whole base of a known version", () => {
    const more = { capacity: 1, epoch: 1, firstSequence: 0, salt: new Uint8Array(16) };
    const header = epochHeader(
        { mark: BASE, checkpointId: NO_CHECKPOINT },
        { ...more, storeUuid: new Uint8Array(16) },
    );
    expect(decodeEpochBase(header, "x").mark).toEqual(BASE);
    const codeOf = (change: Partial<typeof header>): string => {
        try {
            decodeEpochBase({ ...header, ...change }, "x");
            return "";
        } catch (error) {
            return (error as { code: string }).code;
        }
    };
    expect(codeOf({ schemaVersion: 9 })).toBe("LOG_VERSION");
    expect(codeOf({ base: header.base.subarray(1) })).toBe("LOG_CORRUPT_RECORD");
});
