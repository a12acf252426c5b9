// Tries as pages, and pages as tries: the pages of a trie in order, the records of a page, the root
// that pages lead to. Format: docs/formats/state-root.md.
// Invariants: what is decoded may be anything; only what encodes to the same bytes is taken.

import { hash } from "node:crypto";

import { PAGE_BYTES, PAGE_CAPACITY, PREFIX_BYTES } from "./page.ts";
import { keyBit, sharedBits, VALUE_HASHED, type RecordSource } from "./record-source.ts";
import { type Leaf, type Trie, type TrieNode } from "./trie.ts";
import type { RecordShape } from "./verify-key.ts";

/** The pages of a trie, by key. */
export function* pagesOf(trie: Trie): Generator<Leaf, undefined, undefined> {
    const waiting: TrieNode[] = trie === undefined ? [] : [trie];
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
        if (node.kind === "leaf") {
            yield node;
        } else {
            waiting.push(node.right, node.left);
        }
    }
    return undefined;
}

/** The page that owns a record's key, whether or not the record is in it; undefined when none does. */
export function findPage(source: RecordSource, trie: Trie, record: number): Leaf | undefined {
    let node = trie;
    while (node?.kind === "inner") {
        node = keyBit(source, record, node.prefixBits) === 0 ? node.left : node.right;
    }
    // A key that leaves a fork's prefix leaves that of every page below it as well.
    const sample = node?.records[0];
    const isOwned =
        node !== undefined &&
        sample !== undefined &&
        sharedBits(source, sample, record) >= node.prefixBits;
    return isOwned ? node : undefined;
}

/** A record as it stands in a page. */
export interface PageRecord {
    readonly key: Buffer;
    /** The value; undefined where it stands as hash and length, or records have none. */
    readonly value: Buffer | undefined;
    /** Length and SHA-256 of a long value. */
    readonly long: { readonly length: number; readonly hash: Buffer } | undefined;
}

/** A page, decoded. */
export interface DecodedPage {
    readonly prefixBits: number;
    /** 32 bytes, zero bits after the prefix. */
    readonly prefix: Buffer;
    /** By key. */
    readonly records: readonly PageRecord[];
}

/** Decodes a page; undefined when it is not one. */
export function decodePage(page: Uint8Array, shape: RecordShape): DecodedPage | undefined {
    const bytes = Buffer.from(page.buffer, page.byteOffset, page.length);
    if (bytes.length !== PAGE_BYTES) {
        return undefined;
    }
    const prefixBits = bytes.readUInt16LE(0);
    const count = bytes.readUInt16LE(2);
    const start = PAGE_BYTES - PAGE_CAPACITY;
    const end = start + bytes.readUInt32LE(4);
    if (prefixBits > shape.keyBytes * 8 || end > PAGE_BYTES || count === 0) {
        return undefined;
    }
    const records: PageRecord[] = [];
    let at = start;
    for (let number = 0; number < count; number++) {
        const record = decodeRecord(bytes, at, end, shape);
        if (record === undefined) {
            return undefined;
        }
        records.push(record.record);
        at = record.end;
    }
    const isWhole = at === end && bytes.subarray(end).every((byte) => byte === 0);
    const prefix = bytes.subarray(start - PREFIX_BYTES, start);
    return isWhole ? { prefixBits, prefix, records } : undefined;
}

function decodeRecord(
    bytes: Buffer,
    start: number,
    end: number,
    { keyBytes, hasValues }: RecordShape,
): { readonly record: PageRecord; readonly end: number } | undefined {
    const keyEnd = start + keyBytes;
    if (keyEnd + (hasValues ? 2 : 0) > end) {
        return undefined;
    }
    const key = bytes.subarray(start, keyEnd);
    if (!hasValues) {
        return { record: { key, value: undefined, long: undefined }, end: keyEnd };
    }
    const length = bytes.readUInt16LE(keyEnd);
    const at = keyEnd + 2;
    if (length === VALUE_HASHED) {
        if (at + 36 > end) {
            return undefined;
        }
        const long = { length: bytes.readUInt32LE(at), hash: bytes.subarray(at + 4, at + 36) };
        return { record: { key, value: undefined, long }, end: at + 36 };
    }
    if (at + length > end) {
        return undefined;
    }
    const value = bytes.subarray(at, at + length);
    return { record: { key, value, long: undefined }, end: at + length };
}

/** A page's place and hash. */
export interface HashedPage {
    readonly prefixBits: number;
    /** 32 bytes, zero bits after the prefix. */
    readonly prefix: Uint8Array;
    readonly hash: Uint8Array;
}

/** The root that pages in order lead to; 32 zero bytes for none. Undefined when no trie has such pages. */
export function rootOfPages(pages: readonly HashedPage[]): Uint8Array | undefined {
    if (pages.length === 0) {
        return new Uint8Array(32);
    }
    return rootOf(pages, 0, pages.length);
}

function rootOf(pages: readonly HashedPage[], start: number, end: number): Uint8Array | undefined {
    const [first, last] = [pages[start], pages[end - 1]];
    if (first === undefined || last === undefined) {
        return undefined;
    }
    if (end - start === 1) {
        return first.hash;
    }
    const bits = sharedPrefixBits(first, last);
    if (bits >= Math.min(first.prefixBits, last.prefixBits)) {
        return undefined;
    }
    let [middle, high] = [start + 1, end - 1];
    while (middle < high) {
        const at = (middle + high) >>> 1;
        if (bitOf(pages[at]?.prefix, bits) === 0) {
            middle = at + 1;
        } else {
            high = at;
        }
    }
    const left = rootOf(pages, start, middle);
    const right = rootOf(pages, middle, end);
    if (left === undefined || right === undefined) {
        return undefined;
    }
    const input = Buffer.alloc(1 + 2 + PREFIX_BYTES + 64);
    input.writeUInt8(1, 0);
    input.writeUInt16LE(bits, 1);
    const whole = bits >>> 3;
    input.set(first.prefix.subarray(0, whole), 3);
    input[3 + whole] = (first.prefix[whole] ?? 0) & (0xff00 >>> (bits & 7));
    input.set(left, 3 + PREFIX_BYTES);
    input.set(right, 35 + PREFIX_BYTES);
    return hash("sha256", input, "buffer");
}

function sharedPrefixBits(one: HashedPage, other: HashedPage): number {
    for (let at = 0; at < PREFIX_BYTES; at++) {
        const difference = (one.prefix[at] ?? 0) ^ (other.prefix[at] ?? 0);
        if (difference !== 0) {
            return at * 8 + Math.clz32(difference) - 24;
        }
    }
    return PREFIX_BYTES * 8;
}

function bitOf(prefix: Uint8Array | undefined, bit: number): number {
    return ((prefix?.[bit >>> 3] ?? 0) >>> (7 - (bit & 7))) & 1;
}
