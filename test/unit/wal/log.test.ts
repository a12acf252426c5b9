import { describe, expect, test } from "vitest";

import { OperatingError } from "../../../src/base/index.ts";
import {
    createLog,
    FRAME_HEADER_BYTES,
    LOG_FORMAT_VERSION,
    LOG_HEADER_BYTES,
    LogWriter,
    scanLog,
    type LogHeader,
    type LogScan,
} from "../../../src/wal/index.ts";
import { SimLog } from "../../support/sim-log.ts";

const header: LogHeader = {
    contentKind: "TEST",
    schemaVersion: 3,
    storeUuid: Uint8Array.from({ length: 16 }, (_, i) => i),
    firstSequence: 0,
};

const payloads = ["one", "two two", "three three three", "four four"];

/** A log whose every record was synced before the next was written. */
async function writtenLog(texts: readonly string[] = payloads): Promise<SimLog> {
    const log = new SimLog();
    const writer = new LogWriter(log, await createLog(log, header));
    for (const text of texts) {
        await writer.append([writer.encode([{ kind: 7, payload: Buffer.from(text) }])]);
    }
    return log;
}

function textsOf(scan: LogScan): string[] {
    return scan.records.map((record) => Buffer.from(record.payload).toString());
}

function scan(bytes: Uint8Array): LogScan {
    return scanLog(bytes, "x.log", "TEST");
}

describe("a log", () => {
    test("gives back its records and header", async () => {
        const found = scan((await writtenLog()).content);
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

    test("writes several batches with one sync", async () => {
        const log = await writtenLog([]);
        const writer = new LogWriter(log, {
            header,
            end: LOG_HEADER_BYTES,
            nextSequence: 0,
        });
        const syncs = log.syncs;
        const first = writer.encode([
            { kind: 1, payload: Buffer.from("a") },
            { kind: 1, payload: Buffer.from("b") },
        ]);
        await writer.append([
            first,
            writer.encode([{ kind: 2, payload: Buffer.from("c") }], [first]),
        ]);
        expect(log.syncs).toBe(syncs + 1);
        expect(textsOf(scan(log.content))).toEqual(["a", "b", "c"]);
        expect(writer.end).toBe(log.size);
        expect(writer.nextSequence).toBe(3);
    });

    test("cut at every byte keeps the whole records before", async () => {
        const { content } = await writtenLog();
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

    test("with one bit wrong before the last record is rotten, at that record", async () => {
        const { content } = await writtenLog();
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

    test("with one bit wrong in the last record loses no other", async () => {
        const { content } = await writtenLog();
        const last = scan(content).records.at(-1)?.start ?? 0;
        for (let at = last; at < content.length; at++) {
            const damaged = Buffer.from(content);
            damaged[at]! ^= 1 << (at % 8);
            const found = scan(damaged);
            expect(found.tail).toEqual({ kind: "torn", offset: last });
            expect(textsOf(found)).toEqual(payloads.slice(0, -1));
        }
    });

    test("whose last batch lost any of its sectors is torn, not rotten", async () => {
        const log = await writtenLog(["kept"]);
        const before = log.size;
        const writer = new LogWriter(log, { header, end: before, nextSequence: 1 });
        const batch = writer.encode(
            Array.from({ length: 12 }, (_, i) => ({ kind: 1, payload: Buffer.alloc(200, i + 1) })),
        );
        await writer.append([batch]);
        const sectors = Math.ceil((log.size - before) / 512);
        for (let lost = 0; lost < sectors; lost++) {
            const damaged = Buffer.from(log.content);
            damaged.fill(0, before + lost * 512, Math.min(log.size, before + (lost + 1) * 512));
            expect(scan(damaged).tail.kind).toBe("torn");
        }
    });

    test("with a missing, doubled or swapped record is rotten", async () => {
        const { content } = await writtenLog(["a", "b", "c", "d"]);
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

    test("with garbage or zeros after its end is torn", async () => {
        const { content } = await writtenLog();
        for (const fill of [0, 0xff, 0x20]) {
            const found = scan(Buffer.concat([content, Buffer.alloc(333, fill)]));
            expect(found.tail).toEqual({ kind: "torn", offset: content.length });
            expect(textsOf(found)).toEqual(payloads);
        }
    });

    test("with a huge length allocates nothing and says so", async () => {
        const { content } = await writtenLog();
        const damaged = Buffer.from(content);
        damaged.writeUInt32LE(0xffff_ffff, LOG_HEADER_BYTES);
        expect(scan(damaged).tail).toMatchObject({ kind: "rot", offset: LOG_HEADER_BYTES });
    });

    test("does not take records of another store", async () => {
        const { content } = await writtenLog();
        const other = new SimLog();
        const uuid = Uint8Array.from({ length: 16 }, () => 9);
        await createLog(other, { ...header, storeUuid: uuid });
        const mixed = Buffer.concat([other.content, content.subarray(LOG_HEADER_BYTES)]);
        expect(scan(mixed).records).toEqual([]);
    });

    test("with a wrong header is refused", async () => {
        const { content } = await writtenLog();
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

    test("of a newer version is refused by name", async () => {
        const { content } = await writtenLog([]);
        const { crc32c } = await import("../../../src/wal/index.ts");
        const newer = Buffer.from(content);
        newer.writeUInt32LE(LOG_FORMAT_VERSION + 1, 8);
        newer.writeUInt32LE(crc32c(newer, 0, 60), 60);
        expect(() => scan(newer)).toThrow(expect.objectContaining({ code: "LOG_VERSION" }));
    });
});

describe("a log writer", () => {
    test.each([
        { at: "write", call: 0, partial: FRAME_HEADER_BYTES + 1 },
        { at: "sync", call: 0 },
    ] as const)("takes nothing more after a failed $at", async (fault) => {
        const log = await writtenLog(["kept"]);
        const writer = new LogWriter(log, { header, end: log.size, nextSequence: 1 });
        log.writes = 0;
        log.syncs = 0;
        log.fault = fault;
        const append = (): Promise<void> =>
            writer.append([writer.encode([{ kind: 1, payload: Buffer.from("lost") }])]);
        const first = await append().catch((error: unknown) => error);
        log.fault = undefined;
        const second = await append().catch((error: unknown) => error);
        expect(first).toBeInstanceOf(OperatingError);
        expect(second).toMatchObject({ code: "LOG_POISONED" });
        expect((second as Error).cause).toBe((first as Error).cause);
        expect(writer.failure).toBe((first as Error).cause);
        expect(log.writes).toBe(1);
    });
});
