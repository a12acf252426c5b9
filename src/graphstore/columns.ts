// Growing typed arrays, and the heap of bytes that texts live in.

import { assert, doubled } from "../base/index.ts";

/** A growing array of 32-bit words. Readers take `data` anew for each use: growth replaces it. */
export class WordColumn {
    #data: Uint32Array | undefined;
    /** What stands at the beginning and is fetched at the first use of it. */
    #stored: (() => Uint32Array) | undefined;
    /** What was pushed behind it meanwhile. */
    #pushed: number[] = [];
    #length = 0;

    constructor(capacity = 16) {
        this.#data = new Uint32Array(Math.max(16, capacity));
    }

    /** A column whose first values are fetched when they are needed. */
    static stored(length: number, fetch: () => Uint32Array): WordColumn {
        const column = new WordColumn();
        column.#data = undefined;
        column.#stored = fetch;
        column.#length = length;
        return column;
    }

    get length(): number {
        return this.#length;
    }

    /** All values, and room behind them. */
    get data(): Uint32Array {
        return this.#data ?? this.#fetch();
    }

    push(value: number): number {
        if (this.#data === undefined) {
            this.#pushed.push(value);
        } else {
            if (this.#length === this.#data.length) {
                this.#data = doubled(this.#data);
            }
            this.#data[this.#length] = value;
        }
        this.#length += 1;
        return this.#length - 1;
    }

    at(index: number): number {
        const value = index < this.#length ? this.data[index] : undefined;
        assert(value !== undefined, "a column is read inside its length");
        return value;
    }

    /** Forgets the last values. */
    cut(length: number): void {
        assert(length <= this.#length, "cutting does not grow a column");
        if (length < this.#length && this.#data === undefined) {
            this.#fetch();
        }
        this.#length = length;
    }

    clone(): WordColumn {
        const copy = new WordColumn(this.#length + 16);
        copy.data.set(this.data.subarray(0, this.#length));
        copy.#length = this.#length;
        return copy;
    }

    #fetch(): Uint32Array {
        assert(this.#stored !== undefined, "a column without values has them stored");
        const stored = this.#stored();
        const pushed = this.#pushed;
        let data = stored;
        // What is stored may have room behind it already.
        const before = this.#length - pushed.length;
        if (this.#length >= stored.length) {
            data = new Uint32Array(before + Math.max(16, pushed.length * 2));
            data.set(stored.subarray(0, before));
        }
        data.set(pushed, before);
        this.#data = data;
        this.#stored = undefined;
        this.#pushed = [];
        return data;
    }
}

/** Bytes that are fetched in ranges, each before its first use. */
export interface StoredBytes {
    /** Puts a range in its place; what is there already is not fetched again. */
    readonly fetch: (into: Buffer, start: number, end: number) => void;
}

/** Bytes that only grow; rows point into it. */
export class ByteHeap {
    #bytes: Buffer;
    #end = 0;
    /** The first bytes, as far as they are not here yet. */
    #stored: StoredBytes | undefined;
    #storedEnd = 0;

    constructor(capacity = 256) {
        this.#bytes = Buffer.allocUnsafeSlow(Math.max(256, capacity));
    }

    /** A heap whose first bytes are fetched when they are needed. */
    static stored(length: number, stored: StoredBytes): ByteHeap {
        const heap = new ByteHeap(length + (1 << 20));
        heap.#end = length;
        heap.#stored = stored;
        heap.#storedEnd = length;
        return heap;
    }

    get length(): number {
        return this.#end;
    }

    /** Copies a range in; returns where it begins. */
    put(from: Uint8Array, start: number, end: number): number {
        const at = this.#end;
        const needed = at + end - start;
        if (needed > this.#bytes.length) {
            assert(needed < 0xffff_ffff, "texts of a graph take less than 4 GiB");
            this.fetchAll();
            const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
            this.#bytes.copy(grown, 0, 0, at);
            this.#bytes = grown;
        }
        if (end - start < 48) {
            // Short copies cost less by hand than a view does.
            const bytes = this.#bytes;
            for (let i = start, to = at; i < end; i++, to++) {
                bytes[to] = from[i] ?? 0;
            }
        } else {
            this.#bytes.set(from.subarray(start, end), at);
        }
        this.#end = needed;
        return at;
    }

    text(start: number, length: number): string {
        this.#fetch(start, start + length);
        return this.#bytes.toString("utf8", start, start + length);
    }

    /** A view; valid for good, since bytes never change once written. */
    view(start: number, length: number): Uint8Array {
        this.#fetch(start, start + length);
        return this.#bytes.subarray(start, start + length);
    }

    copyTo(target: Buffer, at: number, start: number, length: number): number {
        this.#fetch(start, start + length);
        return at + this.#bytes.copy(target, at, start, start + length);
    }

    equals(start: number, length: number, other: Uint8Array): boolean {
        this.#fetch(start, start + length);
        return (
            length === other.length &&
            this.#bytes.compare(other, 0, length, start, start + length) === 0
        );
    }

    clone(): ByteHeap {
        this.fetchAll();
        const copy = new ByteHeap(this.#end + 1024);
        copy.#end = this.#bytes.copy(copy.#bytes, 0, 0, this.#end);
        return copy;
    }

    cut(length: number): void {
        assert(length <= this.#end, "cutting does not grow a heap");
        this.fetchAll();
        this.#end = length;
    }

    /** Fetches whatever is not here yet. */
    fetchAll(): void {
        this.#fetch(0, this.#storedEnd);
        this.#stored = undefined;
    }

    #fetch(start: number, end: number): void {
        if (this.#stored !== undefined && start < this.#storedEnd) {
            this.#stored.fetch(this.#bytes, start, Math.min(end, this.#storedEnd));
        }
    }
}
