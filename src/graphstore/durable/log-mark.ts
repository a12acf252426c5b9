// Where a commit left the history: what the other files of a store say of it, so that none is ever taken
// together with one that it does not belong to. Format: docs/formats/tlog.md.

import { NO_HEADER } from "../../merkle/index.ts";
import { commitHeaderHash, type CommitRecord } from "../commit-record.ts";

/** A place between two commits of a history. */
export interface LogMark {
    readonly commitCount: number;
    readonly deltaCount: number;
    /** Bytes of the `.graph.log` up to here. */
    readonly logEnd: number;
    /** State root, hex. */
    readonly stateRoot: string;
    /** Running hash of the `.graph.log` up to here. */
    readonly logHash: Uint8Array;
    /** Hash of the last commit's root header; zeros before the first. */
    readonly headerHash: Uint8Array;
}

/** Bytes of an encoded mark. */
export const LOG_MARK_BYTES = 3 * 8 + 3 * 32;

/** The mark after a commit; without one, that of an empty history. */
export function markAfter(
    commit: CommitRecord | undefined,
    at: { readonly logEnd: number; readonly logHash: Uint8Array; readonly stateRoot: string },
): LogMark {
    return {
        ...at,
        commitCount: commit?.commitCount ?? 0,
        deltaCount: commit?.deltaCount ?? 0,
        headerHash: commit === undefined ? NO_HEADER : commitHeaderHash(commit),
    };
}

/** Encodes a mark. */
export function encodeLogMark(mark: LogMark): Buffer {
    const bytes = Buffer.alloc(LOG_MARK_BYTES);
    bytes.writeBigUInt64LE(BigInt(mark.commitCount), 0);
    bytes.writeBigUInt64LE(BigInt(mark.deltaCount), 8);
    bytes.writeBigUInt64LE(BigInt(mark.logEnd), 16);
    bytes.write(mark.stateRoot, 24, "hex");
    bytes.set(mark.logHash, 56);
    bytes.set(mark.headerHash, 88);
    return bytes;
}

/** Decodes the mark at an offset of bytes that are long enough. */
export function decodeLogMark(from: Uint8Array, start = 0): LogMark {
    const bytes = Buffer.from(from.buffer, from.byteOffset + start, LOG_MARK_BYTES);
    return {
        commitCount: Number(bytes.readBigUInt64LE(0)),
        deltaCount: Number(bytes.readBigUInt64LE(8)),
        logEnd: Number(bytes.readBigUInt64LE(16)),
        stateRoot: bytes.toString("hex", 24, 56),
        logHash: Uint8Array.from(bytes.subarray(56, 88)),
        headerHash: Uint8Array.from(bytes.subarray(88, 120)),
    };
}

/** Whether two marks are the same place of the same history. */
export function isSameMark(one: LogMark, other: LogMark): boolean {
    return (
        one.commitCount === other.commitCount &&
        one.deltaCount === other.deltaCount &&
        one.logEnd === other.logEnd &&
        one.stateRoot === other.stateRoot &&
        Buffer.compare(one.logHash, other.logHash) === 0 &&
        Buffer.compare(one.headerHash, other.headerHash) === 0
    );
}
