// Checks proofs of keys with nothing but SHA-256: computes the root that a proof leads to, and what it
// says of the key. Trusts nothing in the proof; the root must come from elsewhere.
// Format: docs/formats/proof.md.

import { hash } from "node:crypto";

import { PAGE_BYTES, PAGE_CAPACITY, PREFIX_BYTES } from "./page.ts";
import { bitOfKey, type KeyProof, type ProofEnd } from "./prove-key.ts";
import { VALUE_HASHED } from "./record-source.ts";

/** What the records of a trie look like. */
export interface RecordShape {
    readonly keyBytes: number;
    readonly hasValues: boolean;
}

/** What a proof says of its key. */
export type KeyVerdict =
    /** With the record's bytes after the key: length and value, or length and hash of a long one. */
    | { readonly kind: "present"; readonly root: Uint8Array; readonly body: Uint8Array }
    | { readonly kind: "absent"; readonly root: Uint8Array }
    /** It proves nothing. */
    | { readonly kind: "invalid"; readonly reason: string };

/** Follows a proof from its end to the root. */
export function verifyKey(key: Uint8Array, proof: KeyProof, shape: RecordShape): KeyVerdict {
    try {
        check(key.length === shape.keyBytes, "the key has another length");
        const lastBits = checkForks(proof, key);
        const { end } = proof;
        const { digest, body } = readEnd(end, key, lastBits, shape);
        const root = climb(digest, proof, key);
        return body === undefined ? { kind: "absent", root } : { kind: "present", root, body };
    } catch (error) {
        if (error instanceof ProofError) {
            return { kind: "invalid", reason: error.message };
        }
        throw error;
    }
}

class ProofError extends Error {
    override readonly name = "ProofError";
}

function check(holds: boolean, reason: string): void {
    if (!holds) {
        throw new ProofError(reason);
    }
}

/** The shortest prefix that what is below the forks may have. */
function checkForks({ forks }: KeyProof, key: Uint8Array): number {
    let start = 0;
    for (const { prefixBits, sibling } of forks) {
        const isDeeper = Number.isInteger(prefixBits) && prefixBits >= start;
        check(isDeeper && prefixBits < key.length * 8, "a fork is not below the one before");
        check(sibling.length === 32, "a sibling is not a hash");
        start = prefixBits + 1;
    }
    return start;
}

interface End {
    readonly digest: Uint8Array;
    /** Undefined where the key is not. */
    readonly body: Uint8Array | undefined;
}

function readEnd(end: ProofEnd, key: Uint8Array, start: number, shape: RecordShape): End {
    switch (end.kind) {
        case "empty":
            check(start === 0, "an empty trie has no forks");
            return { digest: new Uint8Array(32), body: undefined };
        case "fork": {
            const { prefixBits, prefix, left, right } = end;
            const isDeeper = Number.isInteger(prefixBits) && prefixBits >= start;
            check(isDeeper && prefixBits < key.length * 8, "the fork is not below its parent");
            check(prefix.length === PREFIX_BYTES, "the fork's prefix has another length");
            check(left.length === 32 && right.length === 32, "a side of the fork is not a hash");
            check(differsWithin(prefix, key, prefixBits), "the fork has the key's prefix");
            return { digest: hashFork(prefixBits, prefix, left, right), body: undefined };
        }
        case "page":
            return { digest: hashPage(end.page), body: readPage(end.page, key, start, shape) };
    }
}

function readPage(
    from: Uint8Array,
    key: Uint8Array,
    start: number,
    shape: RecordShape,
): Uint8Array | undefined {
    check(from.length === PAGE_BYTES, `a page has ${PAGE_BYTES} bytes`);
    const page = Buffer.from(from.buffer, from.byteOffset, from.length);
    const prefixBits = page.readUInt16LE(0);
    check(prefixBits === start, "the page does not begin where its parent ends");
    const prefix = prefixOfKey(key, prefixBits);
    check(prefix.equals(page.subarray(8, 8 + PREFIX_BYTES)), "the page is another key's");
    const head = PAGE_BYTES - PAGE_CAPACITY;
    const end = head + page.readUInt32LE(4);
    check(end <= PAGE_BYTES, "the page holds more than fits");
    let [at, found] = [head, undefined as Uint8Array | undefined];
    let before: Buffer | undefined;
    for (let left = page.readUInt16LE(2); left > 0; left--) {
        const next = at + shape.keyBytes + bodyBytes(page, at + shape.keyBytes, shape);
        check(next <= end, "a record goes beyond the page's records");
        const one = page.subarray(at, at + shape.keyBytes);
        check(before === undefined || before.compare(one) < 0, "the page's keys do not ascend");
        if (one.equals(key)) {
            found = page.subarray(at + shape.keyBytes, next);
        }
        [at, before] = [next, one];
    }
    check(at === end, "the page's records do not fill what it says");
    return found;
}

function bodyBytes(page: Buffer, at: number, shape: RecordShape): number {
    if (!shape.hasValues) {
        return 0;
    }
    check(at + 2 <= PAGE_BYTES, "a record goes beyond the page");
    const length = page.readUInt16LE(at);
    return length === VALUE_HASHED ? 2 + 4 + 32 : 2 + length;
}

function climb(digest: Uint8Array, { forks }: KeyProof, key: Uint8Array): Uint8Array {
    let below = digest;
    for (const { prefixBits, sibling } of forks.toReversed()) {
        const prefix = prefixOfKey(key, prefixBits);
        below =
            bitOfKey(key, prefixBits) === 1
                ? hashFork(prefixBits, prefix, sibling, below)
                : hashFork(prefixBits, prefix, below, sibling);
    }
    return below;
}

function hashPage(page: Uint8Array): Uint8Array {
    return hash("sha256", Buffer.concat([Uint8Array.of(0), page]), "buffer");
}

function hashFork(
    prefixBits: number,
    prefix: Uint8Array,
    left: Uint8Array,
    right: Uint8Array,
): Uint8Array {
    const head = Uint8Array.of(1, prefixBits & 0xff, prefixBits >>> 8);
    return hash("sha256", Buffer.concat([head, prefix, left, right]), "buffer");
}

function prefixOfKey(key: Uint8Array, bits: number): Buffer {
    const prefix = Buffer.alloc(PREFIX_BYTES);
    prefix.set(key.subarray(0, Math.ceil(bits / 8)));
    if (bits % 8 !== 0) {
        const last = bits >>> 3;
        prefix[last] = (prefix[last] ?? 0) & (0xff << (8 - (bits % 8)));
    }
    return prefix;
}

function differsWithin(prefix: Uint8Array, key: Uint8Array, bits: number): boolean {
    return !prefixOfKey(prefix, bits).equals(prefixOfKey(key, bits));
}
