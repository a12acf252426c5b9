// A canonical bucketed radix trie: its shape is a function of the set of records alone.
// Format: docs/formats/state-root.md. Hashing is in hash-trie.ts.
// Invariants: a leaf sits at the shortest prefix whose records fit a page; an inner node has records
// on both sides of its prefix; nodes never change, an update shares what it does not touch.

/* eslint-disable @typescript-eslint/no-non-null-assertion -- ranges are bounded by the asserts of the
   exported functions */

import { assert, finishSteps, type Steps } from "../base/index.ts";
import { PAGE_CAPACITY } from "./page.ts";
import {
    compareKeys,
    keyBit,
    recordBytes,
    sharedBits,
    sortRecordsInSteps,
    STEP_RECORDS,
    type RecordSource,
} from "./record-source.ts";

/** A page: all records under a prefix. */
export interface Leaf {
    readonly kind: "leaf";
    readonly prefixBits: number;
    /** Rows, by ascending key; never empty. */
    readonly records: Uint32Array;
    readonly bytes: number;
    /** SHA-256 as 32 Latin-1 characters (a third of a typed array's memory); set once, when hashed. */
    hash: string | undefined;
}

/** A fork: records whose keys differ first in the bit after the prefix. */
export interface Inner {
    readonly kind: "inner";
    readonly prefixBits: number;
    readonly left: TrieNode;
    readonly right: TrieNode;
    readonly bytes: number;
    readonly count: number;
    hash: string | undefined;
}

/** A node of the trie; an empty trie has none. */
export type TrieNode = Leaf | Inner;

/** A trie; undefined when there are no records. */
export type Trie = TrieNode | undefined;

/** Builds the trie of a set of records in any order; no two may share a key. */
export function buildTrie(source: RecordSource, records: Uint32Array): Trie {
    return updateTrie(source, undefined, { removed: new Uint32Array(), added: records });
}

/** Records to take out of a trie, and to put in. */
export interface TrieChange {
    readonly removed: Uint32Array;
    readonly added: Uint32Array;
}

/** Takes records out and puts others in; works in proportion to their number. */
export function updateTrie(source: RecordSource, trie: Trie, change: TrieChange): Trie {
    return finishSteps(updateTrieInSteps(source, trie, change));
}

/** The same, with turns for others in between. */
export function* updateTrieInSteps(
    source: RecordSource,
    trie: Trie,
    change: TrieChange,
): Steps<Trie> {
    const removed = yield* sortedRange(source, change.removed);
    const added = yield* sortedRange(source, change.added);
    return yield* update(source, trie, { removed, added }, 0);
}

/** Number of records of a trie. */
export function countRecords(trie: Trie): number {
    return trie === undefined ? 0 : trie.kind === "leaf" ? trie.records.length : trie.count;
}

/** The first record by key. */
export function firstRecord(node: TrieNode): number {
    let at = node;
    while (at.kind === "inner") {
        at = at.left;
    }
    return at.records[0]!;
}

/** Gives the same trie over renumbered records; hashes stay, for they do not know the numbers. */
export function renumberTrie(trie: Trie, numbers: Uint32Array): Trie {
    if (trie === undefined) {
        return undefined;
    }
    if (trie.kind === "leaf") {
        return { ...trie, records: trie.records.map((record) => numbers[record]!) };
    }
    const left = renumberTrie(trie.left, numbers);
    const right = renumberTrie(trie.right, numbers);
    assert(left !== undefined && right !== undefined, "both sides of a fork have records");
    return { ...trie, left, right };
}

/** A part of sorted records; `sums[i]` are the bytes of all before i. */
interface Range {
    readonly records: Uint32Array;
    readonly sums: Float64Array;
    readonly start: number;
    readonly end: number;
}

interface Change {
    readonly removed: Range;
    readonly added: Range;
}

function* sortedRange(source: RecordSource, records: Uint32Array): Steps<Range> {
    const sorted = yield* sortRecordsInSteps(source, records);
    for (let at = 1; at < sorted.length; at++) {
        if (at % STEP_RECORDS === 0) {
            yield;
        }
        if (compareKeys(source, sorted[at - 1]!, sorted[at]!) === 0) {
            assert(false, "no two records share a key");
        }
    }
    return yield* rangeOf(source, sorted);
}

function* rangeOf(source: RecordSource, sorted: Uint32Array): Steps<Range> {
    const sums = new Float64Array(sorted.length + 1);
    for (let at = 0; at < sorted.length; at++) {
        if ((at + 1) % STEP_RECORDS === 0) {
            yield;
        }
        sums[at + 1] = sums[at]! + recordBytes(source, sorted[at]!);
    }
    return { records: sorted, sums, start: 0, end: sorted.length };
}

function bytesOf(range: Range): number {
    return range.sums[range.end]! - range.sums[range.start]!;
}

function isEmpty(change: Change): boolean {
    return change.removed.start === change.removed.end && change.added.start === change.added.end;
}

/** Builds the node over a range that is not empty; `start` is the shortest prefix it may have. */
function* build(source: RecordSource, range: Range, start: number): Steps<TrieNode> {
    const bytes = bytesOf(range);
    if (bytes <= PAGE_CAPACITY) {
        return leafOf(range.records.slice(range.start, range.end), start, bytes);
    }
    const bit = sharedBits(source, range.records[range.start]!, range.records[range.end - 1]!);
    const [zeros, ones] = splitAt(source, range, bit);
    const left = yield* build(source, zeros, bit + 1);
    yield;
    return innerOf(bit, left, yield* build(source, ones, bit + 1));
}

function leafOf(records: Uint32Array, prefixBits: number, bytes: number): Leaf {
    assert(records.length > 0, "a page has records");
    return { kind: "leaf", prefixBits, records, bytes, hash: undefined };
}

function innerOf(prefixBits: number, left: TrieNode, right: TrieNode): Inner {
    const count = countRecords(left) + countRecords(right);
    const bytes = left.bytes + right.bytes;
    assert(bytes > PAGE_CAPACITY, "what fits a page is a page");
    return { kind: "inner", prefixBits, left, right, bytes, count, hash: undefined };
}

/** Splits a sorted range whose keys agree before a bit, at the first key that has it. */
function splitAt(source: RecordSource, range: Range, bit: number): [Range, Range] {
    let low = range.start;
    let high = range.end;
    while (low < high) {
        const middle = (low + high) >>> 1;
        if (keyBit(source, range.records[middle]!, bit) === 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return [
        { ...range, end: low },
        { ...range, start: low },
    ];
}

function* update(source: RecordSource, node: Trie, change: Change, start: number): Steps<Trie> {
    if (isEmpty(change)) {
        return node;
    }
    const { removed, added } = change;
    if (node === undefined) {
        assert(removed.start === removed.end, "a removed record is in the trie");
        return yield* build(source, added, start);
    }
    const bytes = node.bytes - bytesOf(removed) + bytesOf(added);
    if (node.kind === "leaf" || bytes <= PAGE_CAPACITY) {
        const records = merge(source, recordsOf(node), change);
        if (records.length === 0) {
            return undefined;
        }
        return yield* build(source, yield* rangeOf(source, records), start);
    }
    const fork = Math.min(node.prefixBits, forkOf(source, node, added));
    const [removedZeros, removedOnes] = splitAt(source, removed, fork);
    const [addedZeros, addedOnes] = splitAt(source, added, fork);
    const zeros = { removed: removedZeros, added: addedZeros };
    const ones = { removed: removedOnes, added: addedOnes };
    // Where an added key leaves the prefix early, the whole node goes to one side of a new fork.
    const side = fork < node.prefixBits ? keyBit(source, firstRecord(node), fork) : -1;
    const oldLeft = side === -1 ? node.left : side === 0 ? node : undefined;
    const oldRight = side === -1 ? node.right : side === 1 ? node : undefined;
    const left = yield* update(source, oldLeft, zeros, fork + 1);
    yield;
    const right = yield* update(source, oldRight, ones, fork + 1);
    if (left === undefined || right === undefined) {
        const rest = left ?? right;
        assert(rest?.kind === "inner", "what does not fit a page is a fork");
        return rest;
    }
    return innerOf(fork, left, right);
}

/** First bit in which an added key leaves the node's prefix; sorted keys leave it at an end first. */
function forkOf(source: RecordSource, node: Inner, added: Range): number {
    if (added.start === added.end) {
        return node.prefixBits;
    }
    const sample = firstRecord(node);
    return Math.min(
        sharedBits(source, sample, added.records[added.start]!),
        sharedBits(source, sample, added.records[added.end - 1]!),
    );
}

/** All records under a node, by key. */
export function recordsOf(node: TrieNode): Uint32Array {
    if (node.kind === "leaf") {
        return node.records;
    }
    const all = new Uint32Array(node.count);
    let at = 0;
    const visit = (one: TrieNode): void => {
        if (one.kind === "inner") {
            visit(one.left);
            visit(one.right);
        } else {
            all.set(one.records, at);
            at += one.records.length;
        }
    };
    visit(node);
    return all;
}

function merge(source: RecordSource, old: Uint32Array, change: Change): Uint32Array {
    const { removed, added } = change;
    const merged = new Uint32Array(old.length + added.end - added.start);
    let nextRemoved = removed.start;
    let nextAdded = added.start;
    let to = 0;
    for (const record of old) {
        if (nextRemoved < removed.end && removed.records[nextRemoved] === record) {
            nextRemoved += 1;
            continue;
        }
        while (nextAdded < added.end) {
            const order = compareKeys(source, added.records[nextAdded]!, record);
            assert(order !== 0, "an added record is not in the trie");
            if (order > 0) {
                break;
            }
            merged[to++] = added.records[nextAdded++]!;
        }
        merged[to++] = record;
    }
    assert(nextRemoved === removed.end, "a removed record is in the trie");
    const rest = added.records.subarray(nextAdded, added.end);
    merged.set(rest, to);
    return merged.slice(0, to + rest.length);
}
