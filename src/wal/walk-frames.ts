// Walks the frames of a log without holding it in memory: every header is checked, payloads are read
// and checked where they are asked for. Format: docs/formats/graph-log.md.

import { crc32c } from "./crc32c.ts";
import {
    corrupt,
    decodeFrameHeader,
    decodeLogHeader,
    FRAME_HEADER_BYTES,
    frameBytes,
    LOG_HEADER_BYTES,
    payloadMatches,
    type FrameHeader,
} from "./log-layout.ts";
import type { LogPort } from "./log-port.ts";

/** A frame that was walked over. */
export interface WalkedFrame {
    readonly kind: number;
    readonly start: number;
    /** Offset after its padding. */
    readonly end: number;
    /** What it holds; empty where it was not asked for. */
    readonly payload: Uint8Array;
}

/** Where to begin and end, and which kinds of records are wanted whole. */
export interface WalkOptions {
    readonly contentKind: string;
    /** Offset of a frame; the first one by default. */
    readonly start?: number;
    readonly end: number;
    readonly wanted: ReadonlySet<number>;
}

const WINDOW_BYTES = 256 << 10;

/** Walks frames in order; throws LOG_CORRUPT where one is not good, LOG_VERSION. */
export async function* walkFrames(
    port: Pick<LogPort, "path" | "readAt">,
    options: WalkOptions,
): AsyncGenerator<WalkedFrame> {
    const { path } = port;
    const head = await port.readAt(0, LOG_HEADER_BYTES);
    const seed = crc32c(decodeLogHeader(head, path, options.contentKind).storeUuid);
    let window: Buffer = Buffer.alloc(0);
    let windowStart = 0;
    const readFrom = async (offset: number, byteCount: number): Promise<void> => {
        if (offset < windowStart || offset + byteCount > windowStart + window.length) {
            const wanted = Math.min(Math.max(byteCount, WINDOW_BYTES), options.end - offset);
            const bytes = await port.readAt(offset, wanted);
            window = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
            windowStart = offset;
        }
    };
    let offset = options.start ?? LOG_HEADER_BYTES;
    while (offset < options.end) {
        await readFrom(offset, FRAME_HEADER_BYTES);
        const at = offset - windowStart;
        const end = options.end - windowStart;
        const frame = decodeFrameHeader(window, at, seed, end);
        if (frame === undefined) {
            throw corrupt(path, offset, "a record's header is not good");
        }
        const next = offset + frameBytes(frame.payloadBytes);
        const isWanted = options.wanted.has(frame.kind);
        if (isWanted) {
            await readFrom(offset, next - offset);
        }
        const payload = isWanted ? payloadOf(window, offset - windowStart, frame) : NOTHING;
        if (payload === undefined) {
            throw corrupt(path, offset, "a record is not what was written");
        }
        yield { kind: frame.kind, start: offset, end: next, payload };
        offset = next;
    }
}

const NOTHING = new Uint8Array();

function payloadOf(window: Buffer, at: number, frame: FrameHeader): Uint8Array | undefined {
    if (!payloadMatches(window, at, frame)) {
        return undefined;
    }
    const start = at + FRAME_HEADER_BYTES;
    return window.subarray(start, start + frame.payloadBytes);
}
