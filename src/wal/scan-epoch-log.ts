// Reads the frames of an epoch log, and looks for frames behind the first that is not good.
// Format: docs/formats/tlog.md.
// Invariants: nothing is written; no length is used before it is checked against the file's end.

import {
    decodeFrameHeader,
    FRAME_HEADER_BYTES,
    frameBytes,
    mayBeFrame,
    payloadMatches,
    type FrameHeader,
} from "./log-layout.ts";
import { EPOCH_FRAMES_AT, epochSeed, newestHeader, type EpochHeader } from "./epoch-layout.ts";
import type { LogPort } from "./log-port.ts";
import type { ScannedRecord } from "./scan-log.ts";

/** What an epoch log holds in good order. */
export interface EpochScan {
    readonly header: EpochHeader;
    readonly records: readonly ScannedRecord[];
    /** Offset after the last of them. */
    readonly end: number;
}

/** Frames of the epoch that stand behind a place where none is good. */
export interface LaterFrames {
    /** Offset of a frame that was written when the place was durable: acknowledged data has changed. */
    readonly evidence: number | undefined;
    /** Offset after the last frame that was found; the place itself when there is none. */
    readonly end: number;
    /** Lowest and highest sequence number; undefined when there is none. */
    readonly sequences: readonly [number, number] | undefined;
}

const WINDOW_BYTES = 1 << 20;
const ZEROS = Buffer.alloc(4096);

/** Reads the newest header and the good frames after it; undefined when no header is good. Throws LOG_VERSION. */
export async function scanEpochLog(port: LogPort): Promise<EpochScan | undefined> {
    const header = newestHeader(await port.readAt(0, EPOCH_FRAMES_AT), port.path);
    if (header === undefined) {
        return undefined;
    }
    const seed = epochSeed(header);
    const limit = Math.min(header.capacity, port.size);
    const window = new Window(port, limit);
    const records: ScannedRecord[] = [];
    let offset = EPOCH_FRAMES_AT;
    for (;;) {
        await window.cover(offset, FRAME_HEADER_BYTES);
        const start = offset - window.start;
        const frame = decodeFrameHeader(window.bytes, start, seed, limit - window.start);
        if (frame === undefined || !isNext(frame, offset, header.firstSequence + records.length)) {
            break;
        }
        const end = offset + frameBytes(frame.payloadBytes);
        await window.cover(offset, end - offset);
        const at = offset - window.start;
        // The window ends with the log, and so does what may be padding.
        if (!payloadMatches(window.bytes, at, frame)) {
            break;
        }
        const payloadAt = at + FRAME_HEADER_BYTES;
        const payload = window.bytes.subarray(payloadAt, payloadAt + frame.payloadBytes);
        const { kind, sequence, syncedUpTo } = frame;
        records.push({ kind, sequence, syncedUpTo, start: offset, end, payload });
        offset = end;
    }
    return { header, records, end: offset };
}

// A frame cannot know of durable bytes behind its own start, unless it was moved here.
function isNext(frame: FrameHeader, offset: number, sequence: number): boolean {
    return frame.sequence === sequence && frame.syncedUpTo <= offset;
}

/**
 * Looks for frames of the epoch from an offset on. Header checksums make the search linear: no payload
 * is read on suspicion.
 */
export async function findLaterFrames(
    port: LogPort,
    header: EpochHeader,
    from: number,
): Promise<LaterFrames> {
    const seed = epochSeed(header);
    const limit = Math.min(header.capacity, port.size);
    let evidence: number | undefined;
    let end = from;
    let sequences: [number, number] | undefined;
    for await (const { start, bytes } of windowsOf(port, from, limit)) {
        if (isAllZero(bytes)) {
            continue;
        }
        const last = Math.min(start + WINDOW_BYTES, limit - FRAME_HEADER_BYTES + 1);
        for (let offset = start; offset < last;) {
            const at = offset - start;
            if (bytes[at] === 0 && isZero(bytes, at)) {
                offset += ZEROS.length - FRAME_HEADER_BYTES;
                continue;
            }
            // What an older epoch left is gone through byte by byte: most of it does not even look like a header.
            const frame = mayBeFrame(bytes, at)
                ? decodeFrameHeader(bytes, at, seed, limit - start)
                : undefined;
            if (frame !== undefined) {
                evidence ??= frame.syncedUpTo > from ? offset : undefined;
                end = Math.max(end, Math.min(limit, offset + frameBytes(frame.payloadBytes)));
                const [low, high] = sequences ?? [frame.sequence, frame.sequence];
                sequences = [Math.min(low, frame.sequence), Math.max(high, frame.sequence)];
            }
            offset += 8;
        }
    }
    return { evidence, end, sequences };
}

/**
 * Windows of a file, each with the header of a frame more than it is long; one is read ahead. They take
 * turns with two pieces of memory: a window is gone when the next one is asked for.
 */
async function* windowsOf(
    port: LogPort,
    from: number,
    limit: number,
): AsyncGenerator<{ readonly start: number; readonly bytes: Buffer }> {
    const rooms = [0, 1].map(() => Buffer.allocUnsafeSlow(ZERO_WINDOW.length));
    const read = (start: number): Promise<Uint8Array> | undefined => {
        if (start >= limit) {
            return undefined;
        }
        const wanted = Math.min(limit - start, WINDOW_BYTES + FRAME_HEADER_BYTES);
        const room = rooms[((start - from) / WINDOW_BYTES) % rooms.length];
        const reading = port.readAt(start, wanted, room);
        // Whoever awaits it is told; nobody may after an earlier failure.
        reading.catch(() => undefined);
        return reading;
    };
    let next = read(from);
    for (let start = from; next !== undefined; start += WINDOW_BYTES) {
        const reading = next;
        next = read(start + WINDOW_BYTES);
        const bytes = await reading;
        yield { start, bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length) };
    }
}

const ZERO_WINDOW = Buffer.alloc(WINDOW_BYTES + FRAME_HEADER_BYTES);

function isAllZero(bytes: Buffer): boolean {
    return bytes.compare(ZERO_WINDOW, 0, bytes.length) === 0;
}

function isZero(bytes: Buffer, at: number): boolean {
    const end = at + ZEROS.length;
    return end <= bytes.length && bytes.compare(ZEROS, 0, ZEROS.length, at, end) === 0;
}

/** A part of a file in memory, that moves forward. */
class Window {
    readonly #port: LogPort;
    readonly #limit: number;
    bytes: Buffer = Buffer.alloc(0);
    start = 0;

    constructor(port: LogPort, limit: number) {
        this.#port = port;
        this.#limit = limit;
    }

    /** Makes the window hold a range, as far as the file goes. */
    async cover(offset: number, byteCount: number): Promise<void> {
        const end = Math.min(this.#limit, offset + byteCount);
        if (offset >= this.start && end <= this.start + this.bytes.length) {
            return;
        }
        const wanted = Math.min(this.#limit - offset, Math.max(byteCount, WINDOW_BYTES));
        const read = await this.#port.readAt(offset, Math.max(0, wanted));
        this.bytes = Buffer.from(read.buffer, read.byteOffset, read.length);
        this.start = offset;
    }
}
