// Writes an epoch log: frames at their places, one sync for a batch; a new epoch by one header.
// Format: docs/formats/tlog.md.
// Invariants: the file is written through before its header is, so that no write ever has to make room;
// `syncedUpTo` never runs ahead of a sync; frames never reach the file's end.

import { assert } from "../base/index.ts";
import { encodeFrames } from "./encode-frames.ts";
import {
    encodeEpochHeader,
    EPOCH_FRAMES_AT,
    epochSeed,
    slotOf,
    type EpochHeader,
} from "./epoch-layout.ts";
import type { LogRecord } from "./log-layout.ts";
import type { LogPort } from "./log-port.ts";

/** Where an epoch log goes on. */
export interface EpochPosition {
    readonly header: EpochHeader;
    /** Offset of the next frame; all before it is durable. */
    readonly end: number;
    readonly nextSequence: number;
}

const FILL_BYTES = 1 << 20;

/** Writes zeros over a range, so that its blocks are the file's own, and makes them durable. */
export async function fillZeros(port: LogPort, from: number, to: number): Promise<void> {
    const zeros = new Uint8Array(Math.min(FILL_BYTES, Math.max(0, to - from)));
    for (let at = from; at < to; at += zeros.length) {
        await port.writeAt(at, zeros.subarray(0, Math.min(zeros.length, to - at)));
    }
    await port.datasync();
}

/** Begins an epoch: the file is filled as far as its capacity goes, then the header is written. */
export async function beginEpoch(port: LogPort, header: EpochHeader): Promise<EpochPosition> {
    assert(header.capacity > EPOCH_FRAMES_AT, "a log has room for frames");
    if (port.size < header.capacity) {
        // A full disk is known before anything is written. Zeros are written all the same: the first write to a
        // block that is only reserved changes what the file system knows of it, and a sync has to write that, too.
        await port.reserve(header.capacity);
        await fillZeros(port, port.size, header.capacity);
    }
    await port.writeAt(slotOf(header.epoch), encodeEpochHeader(header));
    await port.datasync();
    return { header, end: EPOCH_FRAMES_AT, nextSequence: header.firstSequence };
}

/** Appends to an epoch log that was scanned or begun before. Errors are its user's to guard against. */
export class EpochWriter {
    readonly #port: LogPort;
    #position: EpochPosition;

    constructor(port: LogPort, position: EpochPosition) {
        this.#port = port;
        this.#position = position;
    }

    /** The header of the epoch. */
    get header(): EpochHeader {
        return this.#position.header;
    }

    /** Sequence number of the next frame. */
    get nextSequence(): number {
        return this.#position.nextSequence;
    }

    /** Bytes of frames in this epoch. */
    get usedBytes(): number {
        return this.#position.end - EPOCH_FRAMES_AT;
    }

    /** Bytes that frames may take in an epoch. */
    get roomBytes(): number {
        return this.header.capacity - EPOCH_FRAMES_AT;
    }

    /** Writes records as frames, and makes them durable by one sync. */
    async append(records: readonly LogRecord[]): Promise<void> {
        const { header, end, nextSequence } = this.#position;
        const place = { sequence: nextSequence, syncedUpTo: end, seed: epochSeed(header) };
        const bytes = encodeFrames(records, place);
        assert(end + bytes.length <= header.capacity, "frames fit the log");
        await this.#port.writeAt(end, bytes);
        await this.#port.datasync();
        this.#position = {
            header,
            end: end + bytes.length,
            nextSequence: nextSequence + records.length,
        };
    }

    /** Begins a new epoch in the same file; what the old one holds is void once this resolves. */
    async begin(header: EpochHeader): Promise<void> {
        assert(header.epoch === this.header.epoch + 1, "epochs follow one another");
        this.#position = await beginEpoch(this.#port, header);
    }
}
