// Deltas as the payloads of log records: encoded as they come, and cut so that no record is large.

import { DeltaEncoder, type DELTA_TAG, type EdgeWords, type GraphDelta } from "../graph/index.ts";

/** Deltas as payloads, in order. */
export interface EncodedDeltas {
    readonly payloads: readonly Uint8Array[];
    /** Number of deltas in all of them. */
    readonly count: number;
}

/** Payloads are cut at about this size. */
const PAYLOAD_BYTES_TARGET = 256 << 10;

/** Encodes deltas one after the other. */
export class PayloadWriter {
    readonly #payloads: Uint8Array[] = [];
    readonly #encoder = new DeltaEncoder(512);
    #pending = 0;
    #count = 0;

    delta(delta: GraphDelta): void {
        this.#begin();
        this.#encoder.delta(delta);
    }

    edge(tag: typeof DELTA_TAG.addEdge | typeof DELTA_TAG.removeEdge, edge: EdgeWords): void {
        this.#begin();
        this.#encoder.edge(tag, edge);
    }

    /** All that was written. */
    finish(): EncodedDeltas {
        this.#cut();
        return { payloads: this.#payloads, count: this.#count };
    }

    #begin(): void {
        if (this.#encoder.length >= PAYLOAD_BYTES_TARGET) {
            this.#cut();
        }
        if (this.#pending === 0) {
            this.#encoder.count(0);
        }
        this.#pending += 1;
        this.#count += 1;
    }

    #cut(): void {
        if (this.#pending > 0) {
            this.#encoder.patchCount(0, this.#pending);
            this.#payloads.push(Uint8Array.from(this.#encoder.bytes()));
            this.#encoder.reset();
            this.#pending = 0;
        }
    }
}

/** Encodes a list of deltas; what is encoded already stays as it is. */
export function encodeDeltas(deltas: readonly GraphDelta[] | EncodedDeltas): EncodedDeltas {
    if ("payloads" in deltas) {
        return deltas;
    }
    const writer = new PayloadWriter();
    for (const delta of deltas) {
        writer.delta(delta);
    }
    return writer.finish();
}
