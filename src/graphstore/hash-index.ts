// Open addressing from hashed keys to rows. The table holds row numbers only; the owner compares keys.

/* eslint-disable @typescript-eslint/no-non-null-assertion -- slots are masked to the table's size */

const EMPTY = 0xffff_ffff;
const DELETED = 0xffff_fffe;

/** Tells whether a row has the key that is sought. */
export type RowTest = (row: number) => boolean;

/** Rows by hash. */
export class HashIndex {
    readonly #hashOf: (row: number) => number;
    #slots: Uint32Array;
    #used = 0;
    /** Slots that are fetched at the first question. */
    #stored: (() => Uint32Array) | undefined;

    constructor(hashOf: (row: number) => number, capacity = 0) {
        this.#hashOf = hashOf;
        let size = 16;
        while (size < capacity * 2) {
            size *= 2;
        }
        this.#slots = new Uint32Array(size).fill(EMPTY);
    }

    /** An index whose slots were kept, with the number of those in use. */
    static stored(
        hashOf: (row: number) => number,
        used: number,
        fetch: () => Uint32Array,
    ): HashIndex {
        const index = new HashIndex(hashOf);
        index.#used = used;
        index.#stored = fetch;
        return index;
    }

    /** A copy of the slots, and how many of them are in use. */
    copySlots(): { readonly slots: Uint32Array; readonly used: number } {
        this.#fetch();
        return { slots: this.#slots.slice(), used: this.#used };
    }

    /** The row with a key; undefined when there is none. */
    find(hash: number, matches: RowTest): number | undefined {
        this.#fetch();
        const slots = this.#slots;
        const mask = slots.length - 1;
        for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
            const row = slots[slot]!;
            if (row === EMPTY) {
                return undefined;
            }
            if (row !== DELETED && matches(row)) {
                return row;
            }
        }
    }

    /** Adds a row whose key is not in the index. */
    add(row: number): void {
        this.#fetch();
        if (this.#used * 5 >= this.#slots.length * 3) {
            this.#grow();
        }
        this.#insert(row);
    }

    /** Takes a row out. */
    remove(row: number): void {
        this.#fetch();
        const slots = this.#slots;
        const mask = slots.length - 1;
        for (let slot = this.#hashOf(row) & mask; slots[slot] !== EMPTY; slot = (slot + 1) & mask) {
            if (slots[slot] === row) {
                slots[slot] = DELETED;
                return;
            }
        }
    }

    #fetch(): void {
        if (this.#stored !== undefined) {
            this.#slots = this.#stored();
            this.#stored = undefined;
        }
    }

    #insert(row: number): void {
        const slots = this.#slots;
        const mask = slots.length - 1;
        let slot = this.#hashOf(row) & mask;
        while (slots[slot] !== EMPTY) {
            slot = (slot + 1) & mask;
        }
        slots[slot] = row;
        this.#used += 1;
    }

    #grow(): void {
        const old = this.#slots;
        this.#slots = new Uint32Array(old.length * 2).fill(EMPTY);
        this.#used = 0;
        for (const row of old) {
            if (row !== EMPTY && row !== DELETED) {
                this.#insert(row);
            }
        }
    }
}
