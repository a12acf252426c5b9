// Every check of an archive and of an archived history by itself: files whose other checksums are right.

import { beforeAll, describe, expect, test } from "vitest";

import {
    ARCHIVE_HEADER_BYTES,
    checkArchive,
    checkRange,
    decodeArchiveHeader,
    piecesOf,
    type ArchiveHeader,
} from "../../../../src/graphstore/durable/archive-layout.ts";
import {
    BASED_HEADER_BYTES,
    decodeHistoryHead,
} from "../../../../src/graphstore/durable/history-file.ts";
import {
    isSameMark,
    LOG_MARK_BYTES,
    type LogMark,
} from "../../../../src/graphstore/durable/log-mark.ts";
import { archiveGraphStore } from "../../../../src/graphstore/index.ts";
import { crc32c, LOG_HEADER_BYTES } from "../../../../src/wal/index.ts";
import { SimDisk } from "../../../support/sim-disk.ts";
import { hold, openOn, SMALL_TLOG } from "../../../support/store-scenario.ts";

const PATH = "store/x.archive";
const LOG = "store/workspace.graph.log";
const COLUMNS = "store/workspace.columns";
/** Of the hash in the second of the header's marks. */
const UP_TO_HASH_AT = 40 + LOG_MARK_BYTES + 56;
const pause = (): undefined => undefined;

let disk: SimDisk;
let archive: Buffer;
let header: ArchiveHeader;
let range: Buffer;

beforeAll(async () => {
    disk = new SimDisk();
    const store = await openOn(disk);
    for (const seed of [1, 2, 3, 4, 5, 6]) {
        await hold(store, seed, 25);
    }
    const { deltaCount } = store;
    await store.close();
    const report = await archiveGraphStore(
        { folder: "store", disk, tlogCapacity: SMALL_TLOG },
        Math.floor(deltaCount / 2),
    );
    archive = disk.content(report?.archives[0] ?? "");
    header = decodeArchiveHeader(archive, PATH);
    range = Buffer.concat([...piecesOf(archive, PATH)]);
});

/** A copy with a byte of the header changed and its checksum made right again. */
function withHeader(at: number, by = 1): Buffer {
    const bytes = Buffer.from(archive);
    bytes[at] = (bytes[at] ?? 0) ^ by;
    const end = ARCHIVE_HEADER_BYTES - 4;
    bytes.writeUInt32LE(crc32c(bytes, 0, end), end);
    return bytes;
}

const corrupt = expect.objectContaining({ code: "LOG_CORRUPT" }) as Error;

describe("the header of an archive", () => {
    test("is whole, of an archive, of a version that is known, and as it was written", () => {
        expect(() =>
            decodeArchiveHeader(archive.subarray(0, ARCHIVE_HEADER_BYTES - 1), PATH),
        ).toThrow(corrupt);
        expect(() => decodeArchiveHeader(Buffer.alloc(0), PATH)).toThrow(corrupt);
        expect(() => decodeArchiveHeader(withHeader(0), PATH)).toThrow(corrupt);
        expect(() => decodeArchiveHeader(withHeader(13), PATH)).toThrow(corrupt);
        const changed = Buffer.from(archive);
        changed[30] = (changed[30] ?? 0) ^ 1;
        expect(() => decodeArchiveHeader(changed, PATH)).toThrow(corrupt);
        expect(() => decodeArchiveHeader(withHeader(8, 64), PATH)).toThrow(
            expect.objectContaining({ code: "LOG_VERSION" }),
        );
        expect(decodeArchiveHeader(withHeader(30), PATH).byteCount).toBe(header.byteCount);
    });
});

describe("the pieces of an archive", () => {
    const piecesIn = (bytes: Buffer): number => [...piecesOf(bytes, PATH)].length;
    const withPiece = (change: (bytes: Buffer) => void): Buffer => {
        const bytes = Buffer.from(archive);
        change(bytes);
        bytes.writeUInt32LE(
            crc32c(bytes, ARCHIVE_HEADER_BYTES, ARCHIVE_HEADER_BYTES + 12),
            ARCHIVE_HEADER_BYTES + 12,
        );
        return bytes;
    };

    test("are whole, as they were written, and as long as they were", () => {
        expect(piecesIn(archive)).toBe(1);
        expect(() => piecesIn(archive.subarray(0, ARCHIVE_HEADER_BYTES + 7))).toThrow(corrupt);
        expect(() => piecesIn(archive.subarray(0, archive.length - 1))).toThrow(corrupt);
        const head = Buffer.from(archive);
        head.writeUInt32LE(range.length - 1, ARCHIVE_HEADER_BYTES);
        expect(() => piecesIn(head)).toThrow(corrupt);
        const body = withPiece((bytes) => {
            bytes[ARCHIVE_HEADER_BYTES + 20] = (bytes[ARCHIVE_HEADER_BYTES + 20] ?? 0) ^ 1;
        });
        expect(() => piecesIn(body)).toThrow(corrupt);
        const shorter = withPiece((bytes) => {
            bytes.writeUInt32LE(range.length + 1, ARCHIVE_HEADER_BYTES);
        });
        expect(() => piecesIn(shorter)).toThrow(corrupt);
    });
});

describe("the range of an archive", () => {
    test("leads from its first commit to its last", async () => {
        const check =
            (bytes: Buffer, of: ArchiveHeader): (() => void) =>
            () => {
                checkRange(bytes, of, PATH);
            };
        expect(check(range, header)).not.toThrow();
        const { byteCount, upTo, start } = header;
        expect(check(range, { ...header, byteCount: byteCount + 8 })).toThrow(corrupt);
        expect(check(Buffer.concat([range, Buffer.alloc(8)]), header)).toThrow(corrupt);
        expect(check(range.subarray(0, 64), header)).toThrow(corrupt);
        const later = { ...upTo, logEnd: upTo.logEnd + 8 };
        expect(check(range, { ...header, upTo: later })).toThrow(corrupt);
        const other = { ...upTo, logHash: new Uint8Array(32) };
        expect(check(range, { ...header, upTo: other })).toThrow(corrupt);
        expect(start).toBe(0);
        const made = new SimDisk();
        made.put(PATH, archive);
        expect((await checkArchive(made, PATH, pause)).byteCount).toBe(byteCount);
        const longer = { ...header, byteCount: byteCount + 8 };
        expect(check(Buffer.concat([range, Buffer.alloc(8)]), longer)).toThrow(corrupt);
        const surplus = { ...longer, upTo: later };
        expect(check(Buffer.concat([range, Buffer.alloc(8)]), surplus)).toThrow(corrupt);
        // Pieces that are all as they were written, of another history.
        made.put(PATH, withHeader(UP_TO_HASH_AT));
        await expect(checkArchive(made, PATH, pause)).rejects.toThrow(corrupt);
    });
});

describe("a history that is archived", () => {
    test("has a base that is whole", () => {
        const head = disk.content(LOG);
        expect(decodeHistoryHead(head, LOG).base).toBeDefined();
        for (const length of [200, 1000, 4095]) {
            expect(() => decodeHistoryHead(head.subarray(0, length), LOG)).toThrow(corrupt);
        }
    });

    test("has no more hashes of its beginning than a history can have", () => {
        const head = Buffer.from(disk.content(LOG).subarray(0, BASED_HEADER_BYTES));
        const countAt = LOG_HEADER_BYTES + LOG_MARK_BYTES;
        const end = head.length - 4;
        expect(head.readUInt32LE(countAt)).toBe(decodeHistoryHead(head, LOG).base?.frontier.length);
        head.writeUInt32LE(33, countAt);
        head.writeUInt32LE(crc32c(head, 0, end), end);
        expect(() => decodeHistoryHead(head, LOG)).toThrow(corrupt);
    });

    test("builds upon its own base, not on another one of the same commit", async () => {
        const other = new SimDisk(7);
        const store = await openOn(other);
        for (const seed of [11, 12, 13, 14, 15, 16]) {
            await hold(store, seed, 25);
        }
        const { deltaCount } = store;
        await store.close();
        const options = { folder: "store", disk: other, tlogCapacity: SMALL_TLOG };
        await archiveGraphStore(options, Math.floor(deltaCount / 2));
        const isBase = (path: string): boolean => path.includes("workspace.base-");
        const [own = "", theirs = ""] = [disk, other].map((one) => one.paths().find(isBase));
        const mixed = disk.copy();
        mixed.put(own, other.content(theirs));
        await expect(openOn(mixed)).rejects.toMatchObject({
            code: expect.stringMatching(
                /^(STORE_MIXED|STORE_DAMAGED|CHECKPOINT_DAMAGED)$/u,
            ) as string,
        });
    });

    test("is synced and cut at its place in the file", async () => {
        const later = disk.copy();
        const store = await openOn(later);
        await hold(store, 7, 10);
        await store.compact();
        await store.close();
        expect(later.trace).toContain(`sync ${LOG}`);
        const whole = later.content(LOG);
        later.put(LOG, Buffer.concat([whole, Buffer.alloc(800, 3)]));
        await (await openOn(later)).close();
        expect(later.content(LOG).equals(whole)).toBe(true);
    });

    test("does not take columns of the time before", async () => {
        const made = new SimDisk();
        const store = await openOn(made, { tablesMinBytes: 0 });
        for (const seed of [1, 2, 3, 4, 5, 6]) {
            await hold(store, seed, 25);
        }
        await store.compact();
        const { deltaCount, rootHash } = store;
        await store.close();
        const before = made.content(COLUMNS);
        const options = { folder: "store", disk: made, tlogCapacity: SMALL_TLOG };
        const middle = Math.floor(deltaCount / 2);
        const report = await archiveGraphStore({ ...options, tablesMinBytes: 0 }, middle);
        made.put(COLUMNS, before);
        const opened = await openOn(made, { tablesMinBytes: 0 });
        expect(opened.rootHash).toBe(rootHash);
        const check = await opened.history.verify(() => undefined);
        expect(check.archivedDeltas).toBe(report?.deltaCount);
        await expect(opened.history.graphSnapshotAt(1)).rejects.toMatchObject({
            code: "HISTORY_ARCHIVED",
        });
        await opened.close();
    });
});

test("two marks are the same when all that they say is", () => {
    const mark = header.upTo;
    expect(isSameMark(mark, { ...mark })).toBe(true);
    const zeros = new Uint8Array(32);
    const others: Partial<LogMark>[] = [
        { commitCount: mark.commitCount + 1 },
        { deltaCount: mark.deltaCount + 1 },
        { logEnd: mark.logEnd + 8 },
        { stateRoot: "00".repeat(32) },
        { logHash: zeros },
        { headerHash: zeros },
    ];
    for (const other of others) {
        expect(isSameMark(mark, { ...mark, ...other })).toBe(false);
    }
});

test("a history whose record before the columns was changed together with its checksums is found", async () => {
    const made = new SimDisk();
    const store = await openOn(made, { tablesMinBytes: 0 });
    for (const seed of [1, 2, 3]) {
        await hold(store, seed, 25);
    }
    await store.compact();
    await store.close();
    const log = made.content(LOG);
    const at = 64;
    const payloadEnd = at + 32 + log.readUInt32LE(at);
    log[payloadEnd - 1] = (log[payloadEnd - 1] ?? 0) ^ 1;
    log.writeUInt32LE(crc32c(log, at + 32, payloadEnd), at + 24);
    log.writeUInt32LE(crc32c(log, at, at + 28, crc32c(log.subarray(24, 40))), at + 28);
    made.put(LOG, log);
    const opened = await openOn(made, { tablesMinBytes: 0 });
    await opened.checked();
    expect(opened.damage).toMatchObject({ code: "STORE_DAMAGED" });
    expect(opened.readOnlyReason).toContain("does not lead to the recorded hash");
    await opened.close();
});
