import { describe, expect, test } from "vitest";

import {
    crc32c,
    encodeFrames,
    encodeLogHeader,
    frameSeed,
    LOG_FORMAT_VERSION,
    LOG_HEADER_BYTES,
    scanLog,
    type LogHeader,
    type LogScan,
} from "../../../src/wal/index.ts";

const header: LogHeader = {
    contentKind: "TEST",
    schemaVersion: 3,
    storeUuid: Uint8Array.from({ length: 16 }, (_, i) => i),
    firstSequence: 0,
};

const payloads = ["one", "two two", "three three three", "four four"];

/** A log whose every record was synced before the next was written. */
function writtenLog(texts: readonly string[] = payloads, of: LogHeader = header): Buffer {
    let bytes = Buffer.from(encodeLogHeader(of));
    texts.forEach((text, sequence) => {
        const place = { sequence, syncedUpTo: bytes.length, seed: frameSeed(of) };
        const frame = encodeFrames([{ kind: 7, payload: Buffer.from(text) }], place);
        bytes = Buffer.concat([bytes, frame]);
    });
    return bytes;
}

function textsOf(scan: LogScan): string[] {
    return scan.records.map((record) => Buffer.from(record.payload).toString());
}

function scan(bytes: Uint8Array): LogScan {
    return scanLog(bytes, "x.log", "TEST");
}

describe("a log", () => {
    test("gives back its records and header", () => {
        const found = scan(writtenLog());
        expect(textsOf(found)).toEqual(payloads);
        expect(found.header).toEqual(header);
        expect(found.tail).toEqual({ kind: "clean" });
        expect(found.records.map((record) => [record.kind, record.sequence])).toEqual([
            [7, 0],
            [7, 1],
            [7, 2],
            [7, 3],
        ]);
        expect(found.records.every((record) => record.start % 8 === 0)).toBe(true);
    });

    test("cut at every byte keeps the whole records before", () => {
        const content = writtenLog();
        const ends = [LOG_HEADER_BYTES, ...scan(content).records.map((record) => record.end)];
        for (let size = LOG_HEADER_BYTES; size < content.length; size++) {
            const found = scan(content.subarray(0, size));
            const whole = ends.filter((end) => end <= size).length - 1;
            expect(textsOf(found)).toEqual(payloads.slice(0, whole));
            expect(found.end).toBe(ends[whole]);
            expect(found.tail).toEqual(
                ends.includes(size) ? { kind: "clean" } : { kind: "torn", offset: ends[whole] },
            );
        }
    });

    test("with one bit wrong before the last record is rotten, at that record", () => {
        const content = writtenLog();
        const { records } = scan(content);
        const last = records.at(-1)?.start ?? 0;
        for (let at = LOG_HEADER_BYTES; at < last; at++) {
            const damaged = Buffer.from(content);
            damaged[at]! ^= 1 << (at % 8);
            const hit = records.findIndex((record) => at < record.end);
            const found = scan(damaged);
            expect(found.tail).toMatchObject({ kind: "rot", offset: records[hit]?.start });
            expect(textsOf(found)).toEqual(payloads.slice(0, hit));
        }
    });

    test("with one bit wrong in the last record loses no other", () => {
        const content = writtenLog();
        const last = scan(content).records.at(-1)?.start ?? 0;
        for (let at = last; at < content.length; at++) {
            const damaged = Buffer.from(content);
            damaged[at]! ^= 1 << (at % 8);
            const found = scan(damaged);
            expect(found.tail).toEqual({ kind: "torn", offset: last });
            expect(textsOf(found)).toEqual(payloads.slice(0, -1));
        }
    });

    test("whose last batch lost any of its sectors is torn, not rotten", () => {
        const kept = writtenLog(["kept"]);
        const before = kept.length;
        const records = Array.from({ length: 12 }, (_, i) => ({
            kind: 1,
            payload: Buffer.alloc(200, i + 1),
        }));
        const place = { sequence: 1, syncedUpTo: before, seed: frameSeed(header) };
        const content = Buffer.concat([kept, encodeFrames(records, place)]);
        const sectors = Math.ceil((content.length - before) / 512);
        for (let lost = 0; lost < sectors; lost++) {
            const damaged = Buffer.from(content);
            damaged.fill(
                0,
                before + lost * 512,
                Math.min(content.length, before + (lost + 1) * 512),
            );
            expect(scan(damaged).tail.kind).toBe("torn");
        }
    });

    test("with a missing, doubled or swapped record is rotten", () => {
        const content = writtenLog(["a", "b", "c", "d"]);
        const [a, b, c] = scan(content).records;
        const part = (from = 0, to = content.length): Buffer => content.subarray(from, to);
        const missing = Buffer.concat([part(0, b!.start), part(b!.end)]);
        expect(scan(missing).tail).toMatchObject({ kind: "rot", offset: b!.start });
        const doubled = Buffer.concat([part(0, b!.end), part(b!.start)]);
        expect(textsOf(scan(doubled))).toEqual(["a", "b"]);
        const swapped = Buffer.concat([
            part(0, a!.start),
            part(b!.start, b!.end),
            part(a!.start, a!.end),
            part(c!.start),
        ]);
        expect(scan(swapped).tail).toMatchObject({ kind: "rot", offset: a!.start });
    });

    test("with garbage or zeros after its end is torn", () => {
        const content = writtenLog();
        for (const fill of [0, 0xff, 0x20]) {
            const found = scan(Buffer.concat([content, Buffer.alloc(333, fill)]));
            expect(found.tail).toEqual({ kind: "torn", offset: content.length });
            expect(textsOf(found)).toEqual(payloads);
        }
    });

    test("with a huge length allocates nothing and says so", () => {
        const content = writtenLog();
        const damaged = Buffer.from(content);
        damaged.writeUInt32LE(0xffff_ffff, LOG_HEADER_BYTES);
        expect(scan(damaged).tail).toMatchObject({ kind: "rot", offset: LOG_HEADER_BYTES });
    });

    test("does not take records of another store", () => {
        const content = writtenLog();
        const uuid = Uint8Array.from({ length: 16 }, () => 9);
        const other = writtenLog([], { ...header, storeUuid: uuid });
        const mixed = Buffer.concat([other, content.subarray(LOG_HEADER_BYTES)]);
        expect(scan(mixed).records).toEqual([]);
    });

    test("with a wrong header is refused", () => {
        const content = writtenLog();
        for (let at = 0; at < LOG_HEADER_BYTES; at++) {
            const damaged = Buffer.from(content);
            damaged[at]! ^= 0x40;
            expect(() => scan(damaged)).toThrow(expect.objectContaining({ code: "LOG_CORRUPT" }));
        }
        expect(() => scanLog(content, "x", "OTHR")).toThrow(
            expect.objectContaining({ code: "LOG_CORRUPT" }),
        );
        expect(() => scan(content.subarray(0, 63))).toThrow(
            expect.objectContaining({ code: "LOG_CORRUPT" }),
        );
    });

    test("of a newer version is refused by name", () => {
        const content = writtenLog([]);
        const newer = Buffer.from(content);
        newer.writeUInt32LE(LOG_FORMAT_VERSION + 1, 8);
        newer.writeUInt32LE(crc32c(newer, 0, 60), 60);
        expect(() => scan(newer)).toThrow(expect.objectContaining({ code: "LOG_VERSION" }));
    });
});
