// Reads the frames of a log and tells a torn tail from rot. Format: docs/formats/graph-log.md.
// Invariants: nothing is written; no length is used before it is checked against the end.

import { assert } from "../base/index.ts";
import { crc32c } from "./crc32c.ts";
import {
    decodeFrameHeader,
    decodeLogHeader,
    FRAME_HEADER_BYTES,
    frameBytes,
    LOG_FORMAT_VERSION,
    LOG_HEADER_BYTES,
    payloadMatches,
    type FrameHeader,
    type LogHeader,
} from "./log-layout.ts";

/** A whole record in the scanned bytes. */
export interface ScannedRecord {
    readonly kind: number;
    readonly sequence: number;
    /** How much of the log was durable when the record was written. */
    readonly syncedUpTo: number;
    /** Offset of the frame, and of the first byte after its padding. */
    readonly start: number;
    readonly end: number;
    /** View of the scanned bytes. */
    readonly payload: Uint8Array;
}

/** What follows the last good record. */
export type LogTail =
    | { readonly kind: "clean" }
    /** Bytes that no acknowledged write covers: an interrupted append. */
    | { readonly kind: "torn"; readonly offset: number }
    /** Bytes that had been durable are not what was written. */
    | { readonly kind: "rot"; readonly offset: number; readonly evidence: number };

/** What a scan found. */
export interface LogScan {
    readonly header: LogHeader;
    readonly records: readonly ScannedRecord[];
    readonly tail: LogTail;
    /** Offset after the last good record. */
    readonly end: number;
}

/** Scans a whole log file; throws LOG_CORRUPT or LOG_VERSION when its header is not good. */
export function scanLog(
    bytes: Uint8Array,
    path: string,
    contentKind: string,
    knownVersion: number = LOG_FORMAT_VERSION,
): LogScan {
    const header = decodeLogHeader(bytes, path, contentKind, knownVersion);
    const { firstSequence: sequence } = header;
    const place = { from: 0, start: LOG_HEADER_BYTES, sequence, seed: frameSeed(header) };
    return { header, ...scanFrames(bytes, place) };
}

/** Where in a log bytes stand, and what its first frame there is. */
export interface ScanPlace {
    /** Offset of the first byte. */
    readonly from: number;
    /** Offset of the first frame. */
    readonly start: number;
    /** Its sequence number. */
    readonly sequence: number;
    readonly seed: number;
}

/** Scans a part of a log that reaches to its end; offsets are those of the whole log. */
export function scanFrames(bytes: Uint8Array, place: ScanPlace): Omit<LogScan, "header"> {
    const { from, seed } = place;
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const records: ScannedRecord[] = [];
    let offset = place.start;
    let { sequence } = place;
    while (offset - from < view.length) {
        const frame = decodeFrameHeader(view, offset - from, seed);
        // A frame cannot know of durable bytes behind its own start, unless it was moved here.
        if (frame?.sequence !== sequence || frame.syncedUpTo > offset) {
            break;
        }
        if (!payloadMatches(view, offset - from, frame)) {
            break;
        }
        const record = recordAt(view, offset, frame, from);
        records.push(record);
        offset = record.end;
        sequence += 1;
    }
    return { records, tail: classifyTail(view, offset, seed, from), end: offset };
}

/** The seed that binds frames to their store. */
export function frameSeed(header: LogHeader): number {
    return crc32c(header.storeUuid);
}

function recordAt(view: Buffer, start: number, frame: FrameHeader, from: number): ScannedRecord {
    const payloadStart = start - from + FRAME_HEADER_BYTES;
    const end = start + frameBytes(frame.payloadBytes);
    assert(end - from <= view.length, "a frame lies inside the file");
    return {
        kind: frame.kind,
        sequence: frame.sequence,
        syncedUpTo: frame.syncedUpTo,
        start,
        end,
        payload: view.subarray(payloadStart, payloadStart + frame.payloadBytes),
    };
}

// A later frame that was written when the bytes at `offset` were already durable proves that they
// have changed since. Header checksums make the search linear: no payload is hashed on suspicion.
function classifyTail(view: Buffer, offset: number, seed: number, from: number): LogTail {
    if (offset - from >= view.length) {
        return { kind: "clean" };
    }
    for (let at = offset - from; at + FRAME_HEADER_BYTES <= view.length; at += 8) {
        const frame = decodeFrameHeader(view, at, seed);
        if (frame !== undefined && frame.syncedUpTo > offset) {
            return { kind: "rot", offset, evidence: at + from };
        }
    }
    return { kind: "torn", offset };
}
