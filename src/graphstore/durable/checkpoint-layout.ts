// Byte layout of a `.checkpoint`: header, pages, long values, page table, trailer.
// Format: docs/formats/checkpoint.md.
// Invariants: header and trailer have checksums; the trailer knows the hash of the page table, which
// knows that of every page; the state root stands above all of them.

import { hash } from "node:crypto";

import { assert, OperatingError } from "../../base/index.ts";
import { PAGE_BYTES, STATE_SCHEMA_VERSION } from "../../merkle/index.ts";
import { crc32c, LOG_MAGIC } from "../../wal/index.ts";
import { decodeLogMark, encodeLogMark, LOG_MARK_BYTES, type LogMark } from "./log-mark.ts";

/** Version of checkpoints. */
export const CHECKPOINT_FORMAT_VERSION = 1;

/** Bytes of the header: the pages begin at a multiple of their size. */
export const CHECKPOINT_HEADER_BYTES = PAGE_BYTES;

/** Bytes of the trailer. */
export const CHECKPOINT_TRAILER_BYTES = 128;

/** Bytes of a hash in the page table. */
export const HASH_BYTES = 32;

/** Bytes of the header that say something. */
const HEADER_USED = 512;
const MARK_AT = 40;
const ROOTS_AT = MARK_AT + LOG_MARK_BYTES;
const COUNTS_AT = ROOTS_AT + 3 * HASH_BYTES;
const CONTENT_KIND = "CKPT";
const TRAILER_KIND = "CKPTEND\n";

/** What the header of a checkpoint says; lists are by sub-trie. */
export interface CheckpointHeader {
    readonly storeUuid: Uint8Array;
    /** Where in the history the state stands. */
    readonly mark: LogMark;
    readonly roots: readonly Uint8Array[];
    readonly recordCounts: readonly number[];
    readonly pageCounts: readonly number[];
    /** Bytes of the long values. */
    readonly longBytes: number;
}

/** Where the parts of a checkpoint begin. */
export interface CheckpointPlaces {
    readonly longAt: number;
    readonly tableAt: number;
    readonly trailerAt: number;
    readonly fileBytes: number;
}

/** Works out where the parts of a checkpoint begin. */
export function placesOf(header: CheckpointHeader): CheckpointPlaces {
    const pages = header.pageCounts.reduce((sum, count) => sum + count, 0);
    const longAt = CHECKPOINT_HEADER_BYTES + pages * PAGE_BYTES;
    const tableAt = longAt + header.longBytes;
    const trailerAt = tableAt + pages * HASH_BYTES;
    return { longAt, tableAt, trailerAt, fileBytes: trailerAt + CHECKPOINT_TRAILER_BYTES };
}

/** Encodes a header. */
export function encodeCheckpointHeader(header: CheckpointHeader): Buffer {
    const bytes = Buffer.alloc(CHECKPOINT_HEADER_BYTES);
    bytes.set(LOG_MAGIC, 0);
    bytes.writeUInt32LE(CHECKPOINT_FORMAT_VERSION, 8);
    bytes.write(CONTENT_KIND, 12, "latin1");
    bytes.writeUInt32LE(STATE_SCHEMA_VERSION, 16);
    bytes.writeUInt32LE(PAGE_BYTES, 20);
    bytes.set(header.storeUuid, 24);
    bytes.set(encodeLogMark(header.mark), MARK_AT);
    let at = ROOTS_AT;
    for (const root of header.roots) {
        assert(root.length === HASH_BYTES, "a root has 32 bytes");
        bytes.set(root, at);
        at += HASH_BYTES;
    }
    for (const count of [...header.recordCounts, ...header.pageCounts, header.longBytes]) {
        at = bytes.writeBigUInt64LE(BigInt(count), at);
    }
    bytes.writeUInt32LE(crc32c(bytes, 0, HEADER_USED - 4), HEADER_USED - 4);
    return bytes;
}

/** Decodes a header; throws CHECKPOINT_DAMAGED, or LOG_VERSION for another version or page size. */
export function decodeCheckpointHeader(from: Uint8Array, path: string): CheckpointHeader {
    const bytes = Buffer.from(from.buffer, from.byteOffset, from.length);
    const isHeader =
        bytes.length === CHECKPOINT_HEADER_BYTES &&
        LOG_MAGIC.every((byte, at) => bytes[at] === byte) &&
        bytes.toString("latin1", 12, 16) === CONTENT_KIND &&
        bytes.readUInt32LE(HEADER_USED - 4) === crc32c(bytes, 0, HEADER_USED - 4) &&
        bytes.subarray(HEADER_USED).every((byte) => byte === 0);
    if (!isHeader) {
        throw damagedCheckpoint(path, 0, "its header is not good");
    }
    checkVersion(path, "format version", bytes.readUInt32LE(8), CHECKPOINT_FORMAT_VERSION);
    checkVersion(path, "schema version", bytes.readUInt32LE(16), STATE_SCHEMA_VERSION);
    checkVersion(path, "page size", bytes.readUInt32LE(20), PAGE_BYTES);
    const number = (index: number): number => Number(bytes.readBigUInt64LE(COUNTS_AT + index * 8));
    return {
        storeUuid: Uint8Array.from(bytes.subarray(24, 40)),
        mark: decodeLogMark(bytes, MARK_AT),
        roots: [0, 1, 2].map((index) => {
            const at = ROOTS_AT + index * HASH_BYTES;
            return Uint8Array.from(bytes.subarray(at, at + HASH_BYTES));
        }),
        recordCounts: [0, 1, 2].map(number),
        pageCounts: [3, 4, 5].map(number),
        longBytes: number(6),
    };
}

/** What the trailer holds of the rest of the file. */
export interface CheckpointHashes {
    readonly header: Uint8Array;
    readonly long: Uint8Array;
    readonly table: Uint8Array;
}

/** Encodes a trailer. */
export function encodeCheckpointTrailer(fileBytes: number, hashes: CheckpointHashes): Buffer {
    const bytes = Buffer.alloc(CHECKPOINT_TRAILER_BYTES);
    bytes.write(TRAILER_KIND, 0, "latin1");
    bytes.writeBigUInt64LE(BigInt(fileBytes), 8);
    bytes.set(hashes.header, 16);
    bytes.set(hashes.long, 48);
    bytes.set(hashes.table, 80);
    bytes.writeUInt32LE(crc32c(bytes, 0, CHECKPOINT_TRAILER_BYTES - 4), 124);
    return bytes;
}

/** Decodes a trailer; undefined when it is not good or of a file of another length. */
export function decodeCheckpointTrailer(
    from: Uint8Array,
    fileBytes: number,
): CheckpointHashes | undefined {
    const bytes = Buffer.from(from.buffer, from.byteOffset, from.length);
    const isTrailer =
        bytes.length === CHECKPOINT_TRAILER_BYTES &&
        bytes.toString("latin1", 0, 8) === TRAILER_KIND &&
        bytes.readUInt32LE(124) === crc32c(bytes, 0, CHECKPOINT_TRAILER_BYTES - 4) &&
        Number(bytes.readBigUInt64LE(8)) === fileBytes;
    return isTrailer
        ? {
              header: bytes.subarray(16, 48),
              long: bytes.subarray(48, 80),
              table: bytes.subarray(80, 112),
          }
        : undefined;
}

/** What a checkpoint is known by: the hash of its trailer. */
export function checkpointIdOf(trailer: Uint8Array): Uint8Array {
    return hash("sha256", trailer, "buffer");
}

/** Makes the error for a checkpoint that is not what was written. */
export function damagedCheckpoint(path: string, offset: number, what: string): OperatingError {
    const message = `${path} is damaged at byte ${offset}: ${what}`;
    return new OperatingError("CHECKPOINT_DAMAGED", message, {
        advice: "keep the file; the state is rebuilt from the history",
    });
}

function checkVersion(path: string, what: string, found: number, known: number): void {
    if (found !== known) {
        throw new OperatingError(
            "LOG_VERSION",
            `${path} has ${what} ${found}; this program reads ${known}`,
            { advice: "use the version of Ferrograph that wrote it, or move the file away" },
        );
    }
}
