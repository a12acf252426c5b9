// Rows of a table in the order in which they ended, so that what ended between two delta numbers is
// found without a look at the rest.
// Invariant: the delta numbers at which the rows ended ascend.

import { WordColumn } from "./columns.ts";

/** Rows by the time of their end. */
export class EndList {
    readonly #rows: WordColumn;
    readonly #diedAt: (row: number) => number;
    #taken = 0;

    /** `diedAt` tells at which delta number a row ended. */
    constructor(diedAt: (row: number) => number, rows = new WordColumn()) {
        this.#diedAt = diedAt;
        this.#rows = rows;
    }

    /** A list of rows that were taken already. */
    static taken(diedAt: (row: number) => number, rows: WordColumn): EndList {
        const list = new EndList(diedAt, rows);
        list.#taken = rows.length;
        return list;
    }

    /** Notes that a row has ended. */
    push(row: number): void {
        this.#rows.push(row);
    }

    /** The rows that ended since this was last asked for. */
    take(): Uint32Array {
        if (this.#taken === this.#rows.length) {
            return new Uint32Array();
        }
        const rows = this.#rows.data.slice(this.#taken, this.#rows.length);
        this.#taken = this.#rows.length;
        return rows;
    }

    /** The rows that ended after delta j and not after delta k. */
    between(j: number, k: number): Uint32Array {
        return this.#rows.data.subarray(this.#countUpTo(j), this.#countUpTo(k));
    }

    /** Forgets the ends after a delta number; to be called while the rows still tell when they ended. */
    rollback(k: number): void {
        this.#rows.cut(this.#countUpTo(k));
        this.#taken = this.#rows.length;
    }

    /** The rows that ended up to a delta number, in order. */
    upTo(k: number): Uint32Array {
        return this.#rows.data.slice(0, this.#countUpTo(k));
    }

    clone(diedAt: (row: number) => number): EndList {
        return new EndList(diedAt, this.#rows.clone());
    }

    #countUpTo(k: number): number {
        return countUpTo(this.#rows.length, k, (at) => this.#diedAt(this.#rows.at(at)));
    }
}

/** How many of ascending numbers are not above a bound. */
export function countUpTo(count: number, bound: number, numberAt: (at: number) => number): number {
    let [low, high] = [0, count];
    while (low < high) {
        const middle = (low + high) >>> 1;
        if (numberAt(middle) <= bound) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}
