// Looks through a log that may be damaged: every frame that is good, and every stretch that is not.
// Decides nothing and repairs nothing. Format: docs/formats/graph-log.md.

import { OperatingError } from "../base/index.ts";
import { crc32c } from "./crc32c.ts";
import {
    decodeFrameHeader,
    decodeLogHeader,
    FRAME_HEADER_BYTES,
    frameBytes,
    LOG_HEADER_BYTES,
    payloadMatches,
    type LogHeader,
} from "./log-layout.ts";

/** What stands at one place of a log. */
export type SurveyedPart =
    | {
          readonly kind: "frame";
          readonly start: number;
          readonly end: number;
          readonly recordKind: number;
          readonly sequence: number;
          readonly syncedUpTo: number;
          readonly payload: Uint8Array;
      }
    | {
          readonly kind: "damage";
          readonly start: number;
          readonly end: number;
          readonly reason: string;
      };

/** What a log file says of itself, or why that cannot be believed. */
export function surveyHeader(
    bytes: Uint8Array,
    path: string,
): { readonly header: LogHeader | undefined; readonly damage: string | undefined } {
    const written = Buffer.from(bytes.subarray(12, 16)).toString("latin1");
    try {
        return { header: decodeLogHeader(bytes, path, written), damage: undefined };
    } catch (error) {
        if (error instanceof OperatingError) {
            return { header: undefined, damage: error.message };
        }
        throw error;
    }
}

/** Goes through all parts of a log after its header. */
export function* surveyFrames(
    bytes: Uint8Array,
    start = LOG_HEADER_BYTES,
    seed = crc32c(bytes, 24, 40),
): Generator<SurveyedPart> {
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    let at = start;
    while (at < view.length) {
        const frame = decodeFrameHeader(view, at, seed);
        if (frame === undefined) {
            const end = nextFrame(view, at + 8, seed);
            const isZero = view.subarray(at, end).every((byte) => byte === 0);
            const reason = isZero ? "zeros" : "no record's header";
            yield { kind: "damage", start: at, end, reason };
            at = end;
            continue;
        }
        const end = Math.min(view.length, at + frameBytes(frame.payloadBytes));
        const { kind: recordKind, sequence, syncedUpTo } = frame;
        if (payloadMatches(view, at, frame)) {
            const payloadAt = at + FRAME_HEADER_BYTES;
            const payload = view.subarray(payloadAt, payloadAt + frame.payloadBytes);
            const place = { start: at, end, recordKind, sequence, syncedUpTo };
            yield { kind: "frame", ...place, payload };
        } else {
            const reason = `record ${sequence} does not have the payload that was written`;
            yield { kind: "damage", start: at, end, reason };
        }
        at = end;
    }
}

function nextFrame(view: Buffer, from: number, seed: number): number {
    for (let at = from; at + FRAME_HEADER_BYTES <= view.length; at += 8) {
        if (decodeFrameHeader(view, at, seed) !== undefined) {
            return at;
        }
    }
    return view.length;
}
