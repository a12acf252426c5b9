// Growing typed arrays, and the heap of bytes that texts live in.

import { assert } from "../base/index.ts";

/** A growing array of 32-bit words. Readers take `data` anew for each use: growth replaces it. */
export class WordColumn {
    data: Uint32Array;
    length = 0;

    constructor(capacity = 16) {
        this.data = new Uint32Array(Math.max(16, capacity));
    }

    push(value: number): number {
        if (this.length === this.data.length) {
            const grown = new Uint32Array(this.data.length * 2);
            grown.set(this.data);
            this.data = grown;
        }
        this.data[this.length] = value;
        this.length += 1;
        return this.length - 1;
    }

    at(index: number): number {
        const value = index < this.length ? this.data[index] : undefined;
        assert(value !== undefined, "a column is read inside its length");
        return value;
    }

    clone(): WordColumn {
        const copy = new WordColumn(this.length + 16);
        copy.data.set(this.data.subarray(0, this.length));
        copy.length = this.length;
        return copy;
    }
}

/** Bytes that only grow; rows point into it. */
export class ByteHeap {
    #bytes: Buffer;
    #end = 0;

    constructor(capacity = 256) {
        this.#bytes = Buffer.allocUnsafeSlow(Math.max(256, capacity));
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
        return this.#bytes.toString("utf8", start, start + length);
    }

    /** A view; valid for good, since bytes never change once written. */
    view(start: number, length: number): Uint8Array {
        return this.#bytes.subarray(start, start + length);
    }

    copyTo(target: Buffer, at: number, start: number, length: number): number {
        return at + this.#bytes.copy(target, at, start, start + length);
    }

    equals(start: number, length: number, other: Uint8Array): boolean {
        return (
            length === other.length &&
            this.#bytes.compare(other, 0, length, start, start + length) === 0
        );
    }

    clone(): ByteHeap {
        const copy = new ByteHeap(this.#end + 1024);
        copy.#end = this.#bytes.copy(copy.#bytes, 0, 0, this.#end);
        return copy;
    }

    cut(length: number): void {
        assert(length <= this.#end, "cutting does not grow a heap");
        this.#end = length;
    }
}
