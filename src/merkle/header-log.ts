// The log over root headers as RFC 6962 has it: one root for all commits up to one, proofs that a
// header is in it, and that it only grew between two. Format: docs/formats/root-header.md.
// Invariants: leaves are hashes of headers; nothing but SHA-256 is needed to verify.

import { hash } from "node:crypto";

import { assert, required } from "../base/index.ts";

const NODE_MARK = 1;
const EMPTY_LOG = hash("sha256", "", "buffer");

/** Hashes of headers in order, with those of all complete subtrees above them. */
export class HeaderLog {
    /** Row h: hashes of the complete subtrees of 2^h leaves. */
    readonly #rows: Uint8Array[][] = [[]];

    /** A log that goes on from `size` headers, of which only `frontier` is kept. */
    static resumed(size: number, frontier: readonly Uint8Array[]): HeaderLog {
        const log = new HeaderLog();
        let next = 0;
        for (let height = 31 - Math.clz32(size); height >= 0; height--) {
            const count = Math.floor(size / 2 ** height);
            const row: Uint8Array[] = [];
            row.length = count;
            if (count % 2 === 1) {
                row[count - 1] = required(frontier[next], "a frontier has all its hashes");
                next += 1;
            }
            log.#rows[height] = row;
        }
        assert(next === frontier.length, "a frontier has no more than its hashes");
        return log;
    }

    /** The hashes of the complete subtrees that the first `size` headers are made of, large ones first. */
    frontier(size: number = this.size): Uint8Array[] {
        this.#checkSize(size);
        const hashes: Uint8Array[] = [];
        let start = 0;
        for (let height = 31 - Math.clz32(size); height >= 0; height--) {
            const width = 2 ** height;
            if (size - start >= width) {
                hashes.push(this.#subtree(start, start + width));
                start += width;
            }
        }
        return hashes;
    }

    /** Number of headers. */
    get size(): number {
        return this.#row(0).length;
    }

    /** Adds the hash of the next header. */
    append(leaf: Uint8Array): void {
        assert(leaf.length === 32, "a leaf is a hash");
        let above = leaf;
        for (let height = 0; ; height++) {
            const row = (this.#rows[height] ??= []);
            row.push(above);
            if (row.length % 2 === 1) {
                return;
            }
            above = hashPair(required(row.at(-2), "a pair has two"), above);
        }
    }

    /** Root over the first headers. */
    root(size: number = this.size): Uint8Array {
        this.#checkSize(size);
        return size === 0 ? EMPTY_LOG : this.#subtree(0, size);
    }

    /** Hashes that lead from a header to the root over the first `size` ones. */
    inclusionProof(index: number, size: number = this.size): Uint8Array[] {
        this.#checkSize(size);
        assert(index >= 0 && index < size, "the header is one of the log");
        const proof: Uint8Array[] = [];
        let [start, end] = [0, size];
        while (end - start > 1) {
            const middle = start + splitOf(end - start);
            if (index < middle) {
                proof.push(this.#subtree(middle, end));
                end = middle;
            } else {
                proof.push(this.#subtree(start, middle));
                start = middle;
            }
        }
        return proof.reverse();
    }

    /** Hashes that show the root over `size` headers to continue that over the first `before`. */
    consistencyProof(before: number, size: number = this.size): Uint8Array[] {
        this.#checkSize(size);
        assert(before >= 1 && before <= size, "a log continues one that is not empty");
        const proof: Uint8Array[] = [];
        let [start, end] = [0, size];
        while (before !== end) {
            const middle = start + splitOf(end - start);
            if (before <= middle) {
                proof.push(this.#subtree(middle, end));
                end = middle;
            } else {
                proof.push(this.#subtree(start, middle));
                start = middle;
            }
        }
        if (start !== 0) {
            proof.push(this.#subtree(start, end));
        }
        return proof.reverse();
    }

    #checkSize(size: number): void {
        assert(size >= 0 && size <= this.size, "the log has that many headers");
    }

    #row(height: number): readonly Uint8Array[] {
        return this.#rows[height] ?? [];
    }

    #subtree(start: number, end: number): Uint8Array {
        const size = end - start;
        const height = 31 - Math.clz32(size);
        if (size === 2 ** height) {
            return required(this.#row(height)[start / size], "a complete subtree is kept");
        }
        const middle = start + splitOf(size);
        return hashPair(this.#subtree(start, middle), this.#subtree(middle, end));
    }
}

/** Computes the root that a header and its inclusion proof lead to; undefined when they cannot fit. */
export function rootOfInclusion(
    leaf: Uint8Array,
    place: { readonly index: number; readonly size: number },
    proof: readonly Uint8Array[],
): Uint8Array | undefined {
    let { index } = place;
    if (!isCount(index) || !isCount(place.size) || index >= place.size) {
        return undefined;
    }
    let last = place.size - 1;
    let root = leaf;
    for (const sibling of proof) {
        if (last === 0) {
            return undefined;
        }
        if (index % 2 === 1 || index === last) {
            root = hashPair(sibling, root);
            while (index % 2 === 0 && index !== 0) {
                index /= 2;
                last = Math.floor(last / 2);
            }
        } else {
            root = hashPair(root, sibling);
        }
        index = Math.floor(index / 2);
        last = Math.floor(last / 2);
    }
    return last === 0 ? root : undefined;
}

/** What a consistency proof is about: two sizes of a log, and the roots claimed for them. */
export interface ConsistencyClaim {
    readonly before: { readonly size: number; readonly root: Uint8Array };
    readonly after: { readonly size: number; readonly root: Uint8Array };
}

/** Whether a log of one root only grew into one of another. */
export function verifyConsistency(
    { before, after }: ConsistencyClaim,
    proof: readonly Uint8Array[],
): boolean {
    if (!isCount(before.size) || !isCount(after.size) || before.size < 1) {
        return false;
    }
    if (before.size >= after.size) {
        return before.size === after.size && proof.length === 0 && same(before.root, after.root);
    }
    const path = isPowerOfTwo(before.size) ? [before.root, ...proof] : [...proof];
    const first = path.shift();
    if (first === undefined) {
        return false;
    }
    let [index, last] = [before.size - 1, after.size - 1];
    while (index % 2 === 1) {
        [index, last] = [Math.floor(index / 2), Math.floor(last / 2)];
    }
    let [older, newer] = [first, first];
    for (const sibling of path) {
        if (last === 0) {
            return false;
        }
        if (index % 2 === 1 || index === last) {
            older = hashPair(sibling, older);
            newer = hashPair(sibling, newer);
            while (index % 2 === 0 && index !== 0) {
                [index, last] = [index / 2, Math.floor(last / 2)];
            }
        } else {
            newer = hashPair(newer, sibling);
        }
        [index, last] = [Math.floor(index / 2), Math.floor(last / 2)];
    }
    return last === 0 && same(older, before.root) && same(newer, after.root);
}

/** The largest power of two below a number above 1. */
function splitOf(size: number): number {
    return 2 ** (31 - Math.clz32(size - 1));
}

function isPowerOfTwo(size: number): boolean {
    return (size & (size - 1)) === 0;
}

function isCount(value: number): boolean {
    return Number.isInteger(value) && value >= 0 && value < 2 ** 31;
}

function same(one: Uint8Array, other: Uint8Array): boolean {
    return Buffer.compare(one, other) === 0;
}

function hashPair(left: Uint8Array, right: Uint8Array): Uint8Array {
    const input = Buffer.alloc(65);
    input.writeUInt8(NODE_MARK, 0);
    input.set(left, 1);
    input.set(right, 33);
    return hash("sha256", input, "buffer");
}
