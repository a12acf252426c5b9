// Appends records to a log: one write and one sync for a batch. Format: docs/formats/graph-log.md.
// Invariants: after a failed write or sync nothing is written any more (the kernel may have dropped
// the pages and would report success the second time); `syncedUpTo` never runs ahead of a sync.

import { assert, OperatingError } from "../base/index.ts";
import {
    encodeFrame,
    encodeLogHeader,
    frameBytes,
    LOG_HEADER_BYTES,
    type LogHeader,
    type LogRecord,
} from "./log-layout.ts";
import type { LogPort } from "./log-port.ts";
import { frameSeed } from "./scan-log.ts";

/** Where a log goes on: after the last good record. */
export interface LogPosition {
    readonly header: LogHeader;
    /** Offset of the next frame; all before it is durable. */
    readonly end: number;
    readonly nextSequence: number;
}

/** Frames that are encoded and not yet written. */
export interface EncodedBatch {
    readonly bytes: Uint8Array;
    /** Offset and length of each frame within the bytes. */
    readonly frames: readonly { readonly start: number; readonly end: number }[];
}

/** Writes to a log that was scanned or created before. */
export class LogWriter {
    readonly #port: LogPort;
    readonly #seed: number;
    #end: number;
    #nextSequence: number;
    #failure: unknown;
    #busy = false;

    constructor(port: LogPort, position: LogPosition) {
        assert(port.size === position.end, "a log is written at its end");
        assert(position.end % 8 === 0, "frames are aligned");
        this.#port = port;
        this.#seed = frameSeed(position.header);
        this.#end = position.end;
        this.#nextSequence = position.nextSequence;
    }

    /** Size of the log, all of it durable. */
    get end(): number {
        return this.#end;
    }

    /** Sequence number of the next record. */
    get nextSequence(): number {
        return this.#nextSequence;
    }

    /** The first error of a write or sync; undefined while the log is sound. */
    get failure(): unknown {
        return this.#failure;
    }

    /** Encodes records that will follow the log's end, or batches that are not written yet. */
    encode(records: readonly LogRecord[], after: readonly EncodedBatch[] = []): EncodedBatch {
        let size = 0;
        for (const record of records) {
            size += frameBytes(record.payload.length);
        }
        const bytes = Buffer.allocUnsafe(size);
        const frames: { start: number; end: number }[] = [];
        let at = 0;
        let sequence = this.#nextSequence;
        for (const batch of after) {
            sequence += batch.frames.length;
        }
        for (const record of records) {
            const place = { sequence, syncedUpTo: this.#end, seed: this.#seed };
            const end = encodeFrame(bytes, at, record, place);
            frames.push({ start: at, end });
            at = end;
            sequence += 1;
        }
        assert(at === size, "frames fill the buffer");
        return { bytes, frames };
    }

    /**
     * Writes batches that were encoded in this order, and makes them durable. After a failure this and
     * every later call throws LOG_POISONED with the first error as its cause.
     */
    async append(batches: readonly EncodedBatch[]): Promise<void> {
        this.assertSound();
        assert(!this.#busy, "appends follow one another");
        this.#busy = true;
        try {
            let count = 0;
            let bytes = 0;
            for (const batch of batches) {
                await this.#port.writeAt(this.#end + bytes, batch.bytes);
                bytes += batch.bytes.length;
                count += batch.frames.length;
            }
            await this.#port.datasync();
            this.#end += bytes;
            this.#nextSequence += count;
        } catch (cause) {
            this.#failure = cause;
            this.assertSound();
        } finally {
            this.#busy = false;
        }
    }

    /** Throws LOG_POISONED when an earlier write or sync has failed. */
    assertSound(): void {
        if (this.#failure !== undefined) {
            throw new OperatingError(
                "LOG_POISONED",
                `${this.#port.path} takes no more writes after an error: ${describe(this.#failure)}`,
                { cause: this.#failure, advice: "restart once the cause is gone" },
            );
        }
    }
}

/** Writes and syncs the header of an empty log. */
export async function createLog(port: LogPort, header: LogHeader): Promise<LogPosition> {
    assert(port.size === 0, "a header is written to an empty file");
    await port.writeAt(0, encodeLogHeader(header));
    await port.datasync();
    return { header, end: LOG_HEADER_BYTES, nextSequence: header.firstSequence };
}

function describe(cause: unknown): string {
    return cause instanceof Error ? cause.message : String(cause);
}
