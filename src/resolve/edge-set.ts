// Edges, each once, as growing columns with an index over them: a graph has millions.

/* eslint-disable @typescript-eslint/no-non-null-assertion -- slots are masked to the table's size, and
   rows are those of the columns */

import type { EdgeColumns } from "../graph/index.ts";

const EMPTY = 0xffff_ffff;
const ROWS_MIN = 1024;

/** A set of edges, in the order in which they came. */
export class EdgeSet {
    #sources: Uint32Array;
    #targets: Uint32Array;
    #kinds: Uint8Array;
    /** Twice as many slots as rows, a power of two. */
    #slots: Uint32Array;
    #count = 0;

    /** With space for so many edges, and for more as they come. */
    constructor(expected = 0) {
        const rows = 2 ** Math.ceil(Math.log2(Math.max(expected, ROWS_MIN)));
        this.#sources = new Uint32Array(rows);
        this.#targets = new Uint32Array(rows);
        this.#kinds = new Uint8Array(rows);
        this.#slots = new Uint32Array(2 * rows).fill(EMPTY);
    }

    /** Takes all edges out; the space for them stays. */
    clear(): void {
        this.#slots.fill(EMPTY);
        this.#count = 0;
    }

    /** Adds an edge; false when it is there. */
    add(source: number, target: number, kind: number): boolean {
        if (this.#count === this.#kinds.length) {
            this.#grow();
        }
        const slot = this.#slotOf(source, target, kind);
        if (this.#slots[slot] !== EMPTY) {
            return false;
        }
        const row = this.#count;
        this.#sources[row] = source;
        this.#targets[row] = target;
        this.#kinds[row] = kind;
        this.#slots[slot] = row;
        this.#count += 1;
        return true;
    }

    /** The edges; valid until the next one is added. */
    columns(): EdgeColumns {
        return {
            sources: this.#sources.subarray(0, this.#count),
            targets: this.#targets.subarray(0, this.#count),
            kinds: this.#kinds.subarray(0, this.#count),
        };
    }

    /** The slot of an edge, or the empty one where it belongs. */
    #slotOf(source: number, target: number, kind: number): number {
        const mask = this.#slots.length - 1;
        for (let slot = hashOf(source, target, kind) & mask; ; slot = (slot + 1) & mask) {
            const row = this.#slots[slot]!;
            const isHere =
                row === EMPTY ||
                (this.#sources[row] === source &&
                    this.#targets[row] === target &&
                    this.#kinds[row] === kind);
            if (isHere) {
                return slot;
            }
        }
    }

    #grow(): void {
        const rows = this.#count * 2;
        const sources = new Uint32Array(rows);
        const targets = new Uint32Array(rows);
        const kinds = new Uint8Array(rows);
        sources.set(this.#sources);
        targets.set(this.#targets);
        kinds.set(this.#kinds);
        this.#sources = sources;
        this.#targets = targets;
        this.#kinds = kinds;
        this.#slots = new Uint32Array(2 * rows).fill(EMPTY);
        for (let row = 0; row < this.#count; row++) {
            this.#slots[this.#slotOf(sources[row]!, targets[row]!, kinds[row]!)] = row;
        }
    }
}

function hashOf(source: number, target: number, kind: number): number {
    const mixed = Math.imul(source, 0x9e37_79b1) ^ Math.imul(target * 8 + kind, 0x85eb_ca6b);
    const spread = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b_3c6d);
    return (spread ^ (spread >>> 13)) >>> 0;
}
