// The good frames of bytes from an offset on, whatever stands before it.

import { decodeFrameHeader, FRAME_HEADER_BYTES, frameBytes, payloadMatches } from "./log-layout.ts";

/** A frame, with its bytes as they stand, padding included. */
export interface GoodFrame {
    readonly kind: number;
    readonly payload: Uint8Array;
    readonly bytes: Uint8Array;
}

/** Walks frames until one is not good. */
export function* framesOf(
    from: Uint8Array,
    start: number,
    seed: number,
): Generator<GoodFrame, undefined, undefined> {
    const bytes = Buffer.from(from.buffer, from.byteOffset, from.length);
    for (let at = start; at < bytes.length;) {
        const frame = decodeFrameHeader(bytes, at, seed);
        if (frame === undefined || !payloadMatches(bytes, at, frame)) {
            return undefined;
        }
        const end = at + frameBytes(frame.payloadBytes);
        const payloadAt = at + FRAME_HEADER_BYTES;
        yield {
            kind: frame.kind,
            payload: bytes.subarray(payloadAt, payloadAt + frame.payloadBytes),
            bytes: bytes.subarray(at, end),
        };
        at = end;
    }
    return undefined;
}
