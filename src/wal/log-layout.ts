// Byte layout of log files: header and frames. Format: docs/formats/graph-log.md.
// Invariants: the header's checksum covers all its other bytes; a frame's checksum covers its header,
// which holds that of the payload; both are seeded with the store's uuid.

import { assert, OperatingError } from "../base/index.ts";
import { crc32c } from "./crc32c.ts";

/** Magic of every file of the store: a high bit, letters, CR LF, ^Z, LF; a text-mode copy breaks it. */
export const LOG_MAGIC = Uint8Array.of(0x89, 0x46, 0x47, 0x53, 0x0d, 0x0a, 0x1a, 0x0a);

/** Version of header and framing. */
export const LOG_FORMAT_VERSION = 2;

/** Bytes of a log file's header. */
export const LOG_HEADER_BYTES = 64;

/** Bytes of a frame's header; the payload follows. */
export const FRAME_HEADER_BYTES = 32;

/** Largest payload of one record. */
const PAYLOAD_BYTES_MAX = 64 << 20;

/** What a log file says of itself. */
export interface LogHeader {
    /** Four ASCII letters that tell the files of a store apart. */
    readonly contentKind: string;
    /** Version of the payloads, the user's business. */
    readonly schemaVersion: number;
    /** The store's uuid, 16 bytes. */
    readonly storeUuid: Uint8Array;
    /** Sequence number of the first record. */
    readonly firstSequence: number;
}

/** Encodes a file header. */
export function encodeLogHeader(
    header: LogHeader,
    version: number = LOG_FORMAT_VERSION,
): Uint8Array {
    assert(/^[A-Za-z0-9]{4}$/u.test(header.contentKind), "a content kind has four letters");
    assert(header.storeUuid.length === 16, "a uuid has 16 bytes");
    const bytes = Buffer.alloc(LOG_HEADER_BYTES);
    bytes.set(LOG_MAGIC, 0);
    bytes.writeUInt32LE(version, 8);
    bytes.write(header.contentKind, 12, "latin1");
    bytes.writeUInt32LE(header.schemaVersion, 16);
    bytes.set(header.storeUuid, 24);
    bytes.writeBigUInt64LE(BigInt(header.firstSequence), 40);
    bytes.writeUInt32LE(crc32c(bytes, 0, 60), 60);
    return bytes;
}

/** The format version that a file's header speaks of; undefined when it is not a good header. */
export function logFormatVersion(bytes: Uint8Array): number | undefined {
    const isHeader =
        bytes.length >= LOG_HEADER_BYTES &&
        LOG_MAGIC.every((byte, at) => bytes[at] === byte) &&
        wordAt(bytes, 60) === crc32c(bytes, 0, 60);
    return isHeader ? wordAt(bytes, 8) : undefined;
}

function wordAt(bytes: Uint8Array, at: number): number {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).readUInt32LE(at);
}

/** Decodes and checks a file header; throws LOG_CORRUPT or LOG_VERSION, naming the file. */
export function decodeLogHeader(
    bytes: Uint8Array,
    path: string,
    contentKind: string,
    knownVersion: number = LOG_FORMAT_VERSION,
): LogHeader {
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    if (bytes.length < LOG_HEADER_BYTES) {
        throw corrupt(path, 0, `a header of ${bytes.length} bytes is too short`);
    }
    if (!LOG_MAGIC.every((byte, at) => bytes[at] === byte)) {
        throw corrupt(path, 0, "it does not begin as a log of Ferrograph");
    }
    if (view.readUInt32LE(60) !== crc32c(bytes, 0, 60)) {
        throw corrupt(path, 0, "the header's checksum is wrong");
    }
    const version = view.readUInt32LE(8);
    if (version !== knownVersion) {
        const known = `this program reads version ${knownVersion}`;
        throw new OperatingError("LOG_VERSION", `${path} has format version ${version}; ${known}`, {
            advice: "use the version of Ferrograph that wrote it, or move the file away",
        });
    }
    const found = view.toString("latin1", 12, 16);
    if (found !== contentKind) {
        throw corrupt(path, 12, `it holds "${found}" where "${contentKind}" is expected`);
    }
    return {
        contentKind,
        schemaVersion: view.readUInt32LE(16),
        storeUuid: Uint8Array.from(bytes.subarray(24, 40)),
        firstSequence: Number(view.readBigUInt64LE(40)),
    };
}

/** Makes the error for rotten bytes at a place of a file. */
export function corrupt(path: string, offset: number, what: string): OperatingError {
    return new OperatingError("LOG_CORRUPT", `${path} is damaged at byte ${offset}: ${what}`, {
        advice: "keep the file; nothing in it was changed",
    });
}

/** Rounds up to the alignment of frames. */
export function alignFrame(bytes: number): number {
    return Math.ceil(bytes / 8) * 8;
}

/** A record to be written. */
export interface LogRecord {
    /** What the payload is, 1 to 255; the user's business. */
    readonly kind: number;
    readonly payload: Uint8Array;
}

/** Writes a frame; returns the offset after it, padding included. */
export function encodeFrame(
    into: Buffer,
    at: number,
    record: LogRecord,
    place: { readonly sequence: number; readonly syncedUpTo: number; readonly seed: number },
): number {
    const { kind, payload } = record;
    assert(kind > 0 && kind < 256, "a record kind fits one byte and is not 0");
    assert(payload.length > 0, "a record has a payload");
    assert(payload.length <= PAYLOAD_BYTES_MAX, `a payload of ${payload.length} bytes is too long`);
    into.fill(0, at, at + FRAME_HEADER_BYTES);
    into.writeUInt32LE(payload.length, at);
    into.writeUInt8(kind, at + 4);
    into.writeBigUInt64LE(BigInt(place.sequence), at + 8);
    into.writeBigUInt64LE(BigInt(place.syncedUpTo), at + 16);
    into.writeUInt32LE(crc32c(payload), at + 24);
    into.writeUInt32LE(crc32c(into, at, at + 28, place.seed), at + 28);
    const start = at + FRAME_HEADER_BYTES;
    into.set(payload, start);
    const end = at + frameBytes(payload.length);
    into.fill(0, start + payload.length, end);
    return end;
}

/** Size of a frame with its padding. */
export function frameBytes(payloadBytes: number): number {
    return alignFrame(FRAME_HEADER_BYTES + payloadBytes);
}

/** A frame's header, as read. */
export interface FrameHeader {
    readonly payloadBytes: number;
    readonly kind: number;
    readonly sequence: number;
    readonly syncedUpTo: number;
    readonly payloadCrc: number;
}

/** Whether bytes can be a frame's header at all: a kind, and zeros after it. Says no at little cost. */
export function mayBeFrame(bytes: Buffer, at: number): boolean {
    return bytes[at + 4] !== 0 && bytes[at + 5] === 0 && bytes[at + 6] === 0 && bytes[at + 7] === 0;
}

/**
 * Reads a frame's header; undefined when its checksum is wrong or it does not fit before the end, which
 * is that of the bytes unless they are only a part of the file.
 */
export function decodeFrameHeader(
    bytes: Buffer,
    at: number,
    seed: number,
    end = bytes.length,
): FrameHeader | undefined {
    if (at + FRAME_HEADER_BYTES > bytes.length) {
        return undefined;
    }
    const payloadBytes = bytes.readUInt32LE(at);
    const kind = bytes.readUInt8(at + 4);
    if (payloadBytes === 0 || kind === 0 || payloadBytes > end - at - FRAME_HEADER_BYTES) {
        return undefined;
    }
    if (bytes.readUInt32LE(at + 28) !== crc32c(bytes, at, at + 28, seed)) {
        return undefined;
    }
    return {
        payloadBytes,
        kind,
        sequence: Number(bytes.readBigUInt64LE(at + 8)),
        syncedUpTo: Number(bytes.readBigUInt64LE(at + 16)),
        payloadCrc: bytes.readUInt32LE(at + 24),
    };
}

/** Whether a frame's payload is the one that its header speaks of, and its padding is zero. */
export function payloadMatches(bytes: Buffer, at: number, header: FrameHeader): boolean {
    const start = at + FRAME_HEADER_BYTES;
    const end = start + header.payloadBytes;
    const next = at + frameBytes(header.payloadBytes);
    if (next > bytes.length || crc32c(bytes, start, end) !== header.payloadCrc) {
        return false;
    }
    for (let pad = end; pad < next; pad++) {
        if (bytes[pad] !== 0) {
            return false;
        }
    }
    return true;
}
