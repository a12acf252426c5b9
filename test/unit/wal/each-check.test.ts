// Every check of the layouts by itself: bytes whose checksums are right, and of which one thing is wrong.

import { describe, expect, test } from "vitest";

import {
    crc32c,
    encodeFrames,
    encodeLogHeader,
    EPOCH_FRAMES_AT,
    findLaterFrames,
    framesOf,
    logFormatVersion,
    scanEpochLog,
    scanLog,
    walkFrames,
    type LogPort,
} from "../../../src/wal/index.ts";
import { encodeEpochHeader, epochSeed, newestHeader } from "../../../src/wal/epoch-layout.ts";
import { decodeFrameHeader, decodeLogHeader, payloadMatches } from "../../../src/wal/log-layout.ts";

const UUID = Uint8Array.from({ length: 16 }, (_, at) => at + 1);
const EPOCH = {
    schemaVersion: 1,
    storeUuid: UUID,
    epoch: 1,
    capacity: 3 * EPOCH_FRAMES_AT,
    firstSequence: 5,
    salt: new Uint8Array(16).fill(9),
    base: Uint8Array.of(1, 2, 3),
};
const SLOT = 4096;

/** Bytes of a log whose header is that of the epoch, changed, with its checksum made right again. */
function epochBytes(change: (slot: Buffer) => void = () => undefined): Buffer {
    const bytes = Buffer.alloc(EPOCH.capacity);
    bytes.set(encodeEpochHeader(EPOCH), SLOT);
    const slot = bytes.subarray(SLOT, SLOT + 512);
    change(slot);
    slot.writeUInt32LE(crc32c(slot, 0, 508), 508);
    return bytes;
}

function portOf(bytes: Uint8Array): LogPort {
    return {
        path: "x.tlog",
        size: bytes.length,
        readAt: (at: number, count: number) => Promise.resolve(bytes.subarray(at, at + count)),
        readAll: () => Promise.resolve(bytes),
    } as unknown as LogPort;
}

function codeOf(work: () => unknown): unknown {
    try {
        return work();
    } catch (error) {
        return (error as { code?: string }).code ?? String(error);
    }
}

describe("a header of an epoch", () => {
    test("is taken as it was written", () => {
        expect(newestHeader(epochBytes(), "x")).toEqual(EPOCH);
    });

    test("counts only whole, with its magic, its checksum, and a base that fits", () => {
        const good = epochBytes();
        expect(newestHeader(good.subarray(0, SLOT + 200), "x")).toBeUndefined();
        expect(newestHeader(new Uint8Array(), "x")).toBeUndefined();
        expect(
            newestHeader(
                epochBytes((slot) => (slot[3] = 1)),
                "x",
            ),
        ).toBeUndefined();
        const changed = epochBytes();
        changed[SLOT + 300] = 1;
        expect(newestHeader(changed, "x")).toBeUndefined();
        const long = epochBytes((slot) => slot.writeUInt32LE(425, 80));
        expect(newestHeader(long, "x")).toBeUndefined();
    });

    test("of another version or kind is refused by name", () => {
        const version = epochBytes((slot) => slot.writeUInt32LE(2, 8));
        expect(codeOf(() => newestHeader(version, "x"))).toBe("LOG_VERSION");
        const kind = epochBytes((slot) => slot.write("GRPH", 12));
        expect(codeOf(() => newestHeader(kind, "x"))).toBe("LOG_CORRUPT");
    });

    test("in the slot of the other is none", () => {
        const bytes = Buffer.alloc(EPOCH.capacity);
        bytes.set(encodeEpochHeader(EPOCH), 0);
        expect(newestHeader(bytes, "x")).toBeUndefined();
    });
});

const HEADER = { contentKind: "GRPH", schemaVersion: 1, storeUuid: UUID, firstSequence: 0 };

/** A log's header, changed, with its checksum made right again. */
function logHeader(change: (bytes: Buffer) => void = () => undefined): Buffer {
    const bytes = Buffer.from(encodeLogHeader(HEADER));
    change(bytes);
    bytes.writeUInt32LE(crc32c(bytes, 0, 60), 60);
    return bytes;
}

describe("a header of a log", () => {
    const read = (bytes: Uint8Array): unknown =>
        codeOf(() => decodeLogHeader(bytes, "x", "GRPH").firstSequence);

    test("counts only whole, with its magic, its checksum, its version and its kind", () => {
        expect(read(logHeader())).toBe(0);
        expect(read(logHeader().subarray(0, 63))).toBe("LOG_CORRUPT");
        expect(read(new Uint8Array())).toBe("LOG_CORRUPT");
        expect(read(logHeader((bytes) => (bytes[0] = 0x88)))).toBe("LOG_CORRUPT");
        const changed = logHeader();
        changed[50] = 1;
        expect(read(changed)).toBe("LOG_CORRUPT");
        expect(read(logHeader((bytes) => bytes.writeUInt32LE(3, 8)))).toBe("LOG_VERSION");
        expect(read(logHeader((bytes) => bytes.write("TLOG", 12)))).toBe("LOG_CORRUPT");
    });

    test("written in the other order of bytes is refused", () => {
        expect(read(logHeader((bytes) => bytes.writeUInt32BE(2, 8)))).toBe("LOG_VERSION");
        const turned = logHeader((bytes) => bytes.writeUInt32BE(2, 8));
        turned.writeUInt32BE(crc32c(turned, 0, 60), 60);
        expect(read(turned)).toBe("LOG_CORRUPT");
    });

    test("tells its version only when it is one", () => {
        expect(logFormatVersion(logHeader())).toBe(2);
        expect(logFormatVersion(logHeader().subarray(0, 40))).toBeUndefined();
        expect(logFormatVersion(logHeader((bytes) => (bytes[1] = 0)))).toBeUndefined();
        const changed = logHeader();
        changed[50] = 1;
        expect(logFormatVersion(changed)).toBeUndefined();
    });
});

const SEED = 77;

function frame(payload = "payload", change: (bytes: Buffer) => void = () => undefined): Buffer {
    const records = [{ kind: 7, payload: Buffer.from(payload) }];
    const bytes = encodeFrames(records, { sequence: 3, syncedUpTo: 8, seed: SEED });
    change(bytes);
    bytes.writeUInt32LE(crc32c(bytes, 0, 28, SEED), 28);
    return bytes;
}

describe("a frame", () => {
    test("has a header only whole, inside the end, with a length, a kind and a checksum", () => {
        expect(decodeFrameHeader(frame(), 0, SEED)).toMatchObject({ kind: 7, sequence: 3 });
        expect(decodeFrameHeader(frame().subarray(0, 31), 0, SEED)).toBeUndefined();
        expect(decodeFrameHeader(frame(), 0, SEED, 36)).toBeUndefined();
        const zeroLength = frame("payload", (bytes) => bytes.writeUInt32LE(0, 0));
        expect(decodeFrameHeader(zeroLength, 0, SEED)).toBeUndefined();
        const zeroKind = frame("payload", (bytes) => bytes.writeUInt8(0, 4));
        expect(decodeFrameHeader(zeroKind, 0, SEED)).toBeUndefined();
        for (const length of [0xffff_ffff, 0x8000_0000, 9]) {
            const long = frame("payload", (bytes) => bytes.writeUInt32LE(length, 0));
            expect(decodeFrameHeader(long, 0, SEED)).toBeUndefined();
        }
        expect(decodeFrameHeader(frame(), 0, SEED + 1)).toBeUndefined();
    });

    test("has the payload that its header speaks of, and zeros behind it", () => {
        const header = decodeFrameHeader(frame(), 0, SEED)!;
        expect(payloadMatches(frame(), 0, header)).toBe(true);
        expect(payloadMatches(frame().subarray(0, 39), 0, header)).toBe(false);
        const changed = frame();
        changed[33] = 1;
        expect(payloadMatches(changed, 0, header)).toBe(false);
        const padded = frame();
        padded[39] = 1;
        expect(payloadMatches(padded, 0, header)).toBe(false);
    });

    test("stops those who read frames when it is not good", () => {
        const good = frame("one");
        for (const at of [0, 34, good.length - 1]) {
            const bad = frame("two");
            bad[at]! ^= 1;
            const bytes = Buffer.concat([good, bad, good]);
            expect([...framesOf(bytes, 0, SEED)].length).toBe(1);
        }
    });
});

describe("a log that is walked over", () => {
    const seed = crc32c(UUID);
    const place = (sequence: number): Parameters<typeof encodeFrames>[1] => {
        return { sequence, syncedUpTo: 0, seed };
    };
    const bytes = Buffer.concat([
        logHeader(),
        encodeFrames([{ kind: 1, payload: Buffer.from("skipped") }], place(0)),
        encodeFrames([{ kind: 2, payload: Buffer.from("wanted") }], place(1)),
    ]);

    async function walk(from: Uint8Array): Promise<string[]> {
        const options = { contentKind: "GRPH", end: from.length, wanted: new Set([2]) };
        const found: string[] = [];
        for await (const { payload } of walkFrames(portOf(from), options)) {
            found.push(Buffer.from(payload).toString());
        }
        return found;
    }

    test("gives what is wanted, and refuses headers and wanted payloads that are not good", async () => {
        expect(await walk(bytes)).toEqual(["", "wanted"]);
        for (const at of [64, 104, bytes.length - 8]) {
            const bad = Buffer.from(bytes);
            bad[at]! ^= 1;
            await expect(walk(bad)).rejects.toMatchObject({ code: "LOG_CORRUPT" });
        }
        const unread = Buffer.from(bytes);
        unread[64 + 33]! ^= 1;
        expect(await walk(unread)).toEqual(["", "wanted"]);
    });
});

describe("frames of an epoch", () => {
    const seed = epochSeed(EPOCH);
    const written = (sequence: number, syncedUpTo: number, payload = "x"): Buffer =>
        encodeFrames([{ kind: 7, payload: Buffer.from(payload) }], { sequence, syncedUpTo, seed });

    async function scan(...frames: Buffer[]): Promise<number | undefined> {
        const bytes = epochBytes();
        Buffer.concat(frames).copy(bytes, EPOCH_FRAMES_AT);
        return (await scanEpochLog(portOf(bytes)))?.records.length;
    }

    test("follow one another by number, and know of nothing behind their own start", async () => {
        const first = written(5, EPOCH_FRAMES_AT);
        const second = EPOCH_FRAMES_AT + first.length;
        expect(await scan(first, written(6, second))).toBe(2);
        expect(await scan(first, written(7, second))).toBe(1);
        expect(await scan(first, written(6, second + 8))).toBe(1);
        expect(await scan(written(6, EPOCH_FRAMES_AT))).toBe(0);
        const changed = written(6, second);
        changed[32]! ^= 1;
        expect(await scan(first, changed)).toBe(1);
    });

    test("end with the log, however much the file has", async () => {
        const room = EPOCH.capacity - EPOCH_FRAMES_AT;
        const most = written(5, EPOCH_FRAMES_AT, "y".repeat(room - 32));
        expect(await scan(most)).toBe(1);
        // Its padding would lie behind the end of the log.
        const cut = Buffer.alloc(EPOCH.capacity + 8);
        cut.set(epochBytes((slot) => slot.writeBigUInt64LE(BigInt(EPOCH.capacity - 7), 48)));
        written(5, EPOCH_FRAMES_AT, "y".repeat(room - 39)).copy(cut, EPOCH_FRAMES_AT);
        expect((await scanEpochLog(portOf(cut)))?.records.length).toBe(0);
    });

    test("are found behind bytes that are not good, in any number of zeros", async () => {
        for (const gap of [8, 4088, 4096, 5000]) {
            const bytes = epochBytes();
            const at = EPOCH_FRAMES_AT + Math.ceil(gap / 8) * 8;
            written(9, at).copy(bytes, at);
            const found = await findLaterFrames(portOf(bytes), EPOCH, EPOCH_FRAMES_AT);
            expect(found).toMatchObject({ evidence: at, sequences: [9, 9] });
        }
        const short = epochBytes().subarray(0, EPOCH_FRAMES_AT + 100);
        expect(await findLaterFrames(portOf(short), EPOCH, EPOCH_FRAMES_AT)).toEqual({
            evidence: undefined,
            end: EPOCH_FRAMES_AT,
            sequences: undefined,
        });
    });

    test("are none without a header", async () => {
        expect(await scanEpochLog(portOf(Buffer.alloc(100)))).toBeUndefined();
    });
});

describe("records of a log", () => {
    const seed = crc32c(UUID);
    const written = (sequence: number, syncedUpTo: number): Buffer =>
        encodeFrames([{ kind: 7, payload: Buffer.from("x") }], { sequence, syncedUpTo, seed });
    const count = (...frames: Buffer[]): number =>
        scanLog(Buffer.concat([logHeader(), ...frames]), "x", "GRPH").records.length;

    test("follow one another by number, and know of nothing behind their own start", () => {
        const first = written(0, 64);
        expect(count(first, written(1, 64 + first.length))).toBe(2);
        expect(count(first, written(2, 64 + first.length))).toBe(1);
        expect(count(first, written(1, 72 + first.length))).toBe(1);
        const changed = written(1, 64);
        changed[32]! ^= 1;
        expect(count(first, changed)).toBe(1);
    });
});
