// Byte layout of a `.archive`: the beginning of a history, compressed in pieces. Format: docs/formats/archive.md.
// Invariants: the header has a checksum, each piece another; what comes out leads from the running hash
// of one commit to that of another, or it is not taken.

import { deflateRawSync, inflateRawSync } from "node:zlib";

import { OperatingError, type Pause } from "../../base/index.ts";
import type { Disk } from "../../platform/index.ts";
import { STATE_SCHEMA_VERSION } from "../../merkle/index.ts";
import { crc32c, framesOf, LOG_HEADER_BYTES, LOG_MAGIC, type LogPort } from "../../wal/index.ts";
import { extendLogHash, startLogHash } from "../replay-log.ts";
import { decodeLogMark, encodeLogMark, LOG_MARK_BYTES, type LogMark } from "./log-mark.ts";

/** Version of archives. */
export const ARCHIVE_FORMAT_VERSION = 1;

/** Bytes of the header. */
export const ARCHIVE_HEADER_BYTES = 512;

/** Bytes before each piece. */
const PIECE_HEAD_BYTES = 16;

const PIECE_BYTES = 1 << 20;
const CONTENT_KIND = "ARCH";
const AFTER_AT = 40;
const UP_TO_AT = AFTER_AT + LOG_MARK_BYTES;
const RANGE_AT = UP_TO_AT + LOG_MARK_BYTES;

/** What an archive holds. */
export interface ArchiveHeader {
    readonly storeUuid: Uint8Array;
    /** The commit that it goes on from; that of an empty history in the first archive. */
    readonly after: LogMark;
    /** The last commit in it. */
    readonly upTo: LogMark;
    /** Offset in the history of its first byte: 0 in the first archive, which has the file header too. */
    readonly start: number;
    readonly byteCount: number;
}

/** Writes an archive of a range of a history; not durable before the caller syncs it. */
export async function writeArchive(
    file: LogPort,
    header: ArchiveHeader,
    readAt: (offset: number, byteCount: number) => Promise<Uint8Array>,
    pause: Pause,
): Promise<void> {
    await file.writeAt(0, encodeArchiveHeader(header));
    let at = ARCHIVE_HEADER_BYTES;
    for (let done = 0; done < header.byteCount; done += PIECE_BYTES) {
        const wanted = Math.min(PIECE_BYTES, header.byteCount - done);
        const packed = deflateRawSync(await readAt(header.start + done, wanted));
        const head = Buffer.alloc(PIECE_HEAD_BYTES);
        head.writeUInt32LE(wanted, 0);
        head.writeUInt32LE(packed.length, 4);
        head.writeUInt32LE(crc32c(packed), 8);
        head.writeUInt32LE(crc32c(head, 0, 12), 12);
        await file.writeAt(at, Buffer.concat([head, packed]));
        at += head.length + packed.length;
        await pause();
    }
}

/** Encodes a header. */
function encodeArchiveHeader(header: ArchiveHeader): Buffer {
    const bytes = Buffer.alloc(ARCHIVE_HEADER_BYTES);
    bytes.set(LOG_MAGIC, 0);
    bytes.writeUInt32LE(ARCHIVE_FORMAT_VERSION, 8);
    bytes.write(CONTENT_KIND, 12, "latin1");
    bytes.writeUInt32LE(STATE_SCHEMA_VERSION, 16);
    bytes.set(header.storeUuid, 24);
    bytes.set(encodeLogMark(header.after), AFTER_AT);
    bytes.set(encodeLogMark(header.upTo), UP_TO_AT);
    bytes.writeBigUInt64LE(BigInt(header.start), RANGE_AT);
    bytes.writeBigUInt64LE(BigInt(header.byteCount), RANGE_AT + 8);
    const end = ARCHIVE_HEADER_BYTES - 4;
    bytes.writeUInt32LE(crc32c(bytes, 0, end), end);
    return bytes;
}

/** Decodes a header; throws LOG_CORRUPT, LOG_VERSION. */
export function decodeArchiveHeader(from: Uint8Array, path: string): ArchiveHeader {
    const bytes = Buffer.from(from.buffer, from.byteOffset, from.length);
    const end = ARCHIVE_HEADER_BYTES - 4;
    const isHeader =
        bytes.length >= ARCHIVE_HEADER_BYTES &&
        LOG_MAGIC.every((byte, at) => bytes[at] === byte) &&
        bytes.toString("latin1", 12, 16) === CONTENT_KIND &&
        bytes.readUInt32LE(end) === crc32c(bytes, 0, end);
    if (!isHeader) {
        throw damaged(path, 0, "its header is not good");
    }
    const version = bytes.readUInt32LE(8);
    if (version !== ARCHIVE_FORMAT_VERSION) {
        const known = `this program reads version ${ARCHIVE_FORMAT_VERSION}`;
        throw new OperatingError("LOG_VERSION", `${path} has format version ${version}; ${known}`);
    }
    return {
        storeUuid: Uint8Array.from(bytes.subarray(24, 40)),
        after: decodeLogMark(bytes, AFTER_AT),
        upTo: decodeLogMark(bytes, UP_TO_AT),
        start: Number(bytes.readBigUInt64LE(RANGE_AT)),
        byteCount: Number(bytes.readBigUInt64LE(RANGE_AT + 8)),
    };
}

/** The pieces of an archive in order, each as it was before; throws LOG_CORRUPT. */
export function* piecesOf(from: Uint8Array, path: string): Generator<Buffer, undefined, undefined> {
    const bytes = Buffer.from(from.buffer, from.byteOffset, from.length);
    for (let at = ARCHIVE_HEADER_BYTES; at < bytes.length;) {
        const start = at + PIECE_HEAD_BYTES;
        const isHead =
            start <= bytes.length && bytes.readUInt32LE(at + 12) === crc32c(bytes, at, at + 12);
        const end = isHead ? start + bytes.readUInt32LE(at + 4) : Infinity;
        if (end > bytes.length || crc32c(bytes, start, end) !== bytes.readUInt32LE(at + 8)) {
            throw damaged(path, at, "a piece is not what was written");
        }
        const maxOutputLength = bytes.readUInt32LE(at);
        const piece = inflateRawSync(bytes.subarray(start, end), { maxOutputLength });
        if (piece.length !== maxOutputLength) {
            throw damaged(path, at, "a piece is not as long as it was");
        }
        yield piece;
        at = end;
    }
    return undefined;
}

/** Reads an archive and checks that it leads from its first commit to its last; throws LOG_CORRUPT. */
export async function checkArchive(disk: Disk, path: string, pause: Pause): Promise<ArchiveHeader> {
    const file = await disk.openFile(path, "read-only");
    try {
        const bytes = await file.readAll();
        const header = decodeArchiveHeader(bytes, path);
        const parts: Buffer[] = [];
        for (const piece of piecesOf(bytes, path)) {
            parts.push(piece);
            await pause();
        }
        checkRange(Buffer.concat(parts), header, path);
        return header;
    } finally {
        await file.close();
    }
}

/** Checks the bytes of an archived range against the marks at its ends; throws LOG_CORRUPT. */
export function checkRange(bytes: Buffer, header: ArchiveHeader, path: string): void {
    const { after, upTo, start, byteCount, storeUuid } = header;
    const isFirst = start === 0;
    let logHash = isFirst ? startLogHash(bytes) : after.logHash;
    let at = isFirst ? LOG_HEADER_BYTES : 0;
    for (const frame of framesOf(bytes, at, crc32c(storeUuid))) {
        logHash = extendLogHash(logHash, frame.bytes);
        at += frame.bytes.length;
    }
    const isWhole =
        at === byteCount &&
        bytes.length === byteCount &&
        start + byteCount === upTo.logEnd &&
        Buffer.compare(logHash, upTo.logHash) === 0;
    if (!isWhole) {
        throw damaged(path, 0, "what it holds does not lead to its last commit");
    }
}

function damaged(path: string, offset: number, what: string): OperatingError {
    return new OperatingError("LOG_CORRUPT", `${path} is damaged at byte ${offset}: ${what}`, {
        advice: "keep the file; the store goes on without it",
    });
}
