// Records as the bytes of frames that follow one another. Format: docs/formats/graph-log.md.

import { assert } from "../base/index.ts";
import { encodeFrame, frameBytes, type LogRecord } from "./log-layout.ts";

/** Where frames will stand. */
export interface FramePlace {
    /** Sequence number of the first. */
    readonly sequence: number;
    /** How many bytes of the file are durable when they are written. */
    readonly syncedUpTo: number;
    /** What binds them to their file. */
    readonly seed: number;
}

/** Encodes records as frames with their padding. */
export function encodeFrames(records: readonly LogRecord[], place: FramePlace): Buffer {
    let size = 0;
    for (const record of records) {
        size += frameBytes(record.payload.length);
    }
    const bytes = Buffer.allocUnsafe(size);
    let at = 0;
    let { sequence } = place;
    for (const record of records) {
        at = encodeFrame(bytes, at, record, { ...place, sequence });
        sequence += 1;
    }
    assert(at === size, "frames fill the buffer");
    return bytes;
}
