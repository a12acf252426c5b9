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
    /** One of its records: all of them share the prefix. */
    readonly sample: number;
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

/** One of a node's records, whose key begins with the node's prefix. */
export function sampleRecord(node: TrieNode): number {
    return node.kind === "inner" ? node.sample : node.records[0]!;
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
    return { ...trie, left, right, sample: numbers[trie.sample]! };
}

/** A part of a trie with more records is built in steps; leaving and coming back costs at each level. */
const STEP_RECORDS_BUILT = 1 << 11;

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

function countChanges({ removed, added }: Change): number {
    return removed.end - removed.start + added.end - added.start;
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
    if (range.end - range.start > STEP_RECORDS_BUILT) {
        yield;
    }
    const right = yield* build(source, ones, bit + 1);
    return innerOf(bit, { left, right, sample: sampleRecord(left) });
}

function leafOf(records: Uint32Array, prefixBits: number, bytes: number): Leaf {
    assert(records.length > 0, "a page has records");
    return { kind: "leaf", prefixBits, records, bytes, hash: undefined };
}

function innerOf(
    prefixBits: number,
    { left, right, sample }: Pick<Inner, "left" | "right" | "sample">,
): Inner {
    const count = countRecords(left) + countRecords(right);
    const bytes = left.bytes + right.bytes;
    assert(bytes > PAGE_CAPACITY, "what fits a page is a page");
    return { kind: "inner", prefixBits, left, right, bytes, count, sample, hash: undefined };
}

/** Splits a sorted range whose keys agree before a bit, at the first key that has it. */
function splitAt(source: RecordSource, range: Range, bit: number): [Range, Range] {
    const { records, sums, start, end } = range;
    let low = start;
    let high = end;
    while (low < high) {
        const middle = (low + high) >>> 1;
        if (keyBit(source, records[middle]!, bit) === 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return [
        { records, sums, start, end: low },
        { records, sums, start: low, end },
    ];
}

function* update(source: RecordSource, node: Trie, change: Change, start: number): Steps<Trie> {
    if (countChanges(change) <= STEP_RECORDS_BUILT) {
        return updateAtOnce(source, node, change, start);
    }
    if (node?.kind !== "inner" || isPageAfter(node, change)) {
        return yield* replace(source, node, change, start);
    }
    const { fork, zeros, ones } = splitChange(source, node, change);
    const left = yield* update(source, zeros.node, zeros.change, fork + 1);
    yield;
    const right = yield* update(source, ones.node, ones.change, fork + 1);
    return joined(fork, zeros.node, left, right);
}

/** The same without turns: for a few records those would cost more than the work itself. */
function updateAtOnce(source: RecordSource, node: Trie, change: Change, start: number): Trie {
    if (countChanges(change) === 0) {
        return node;
    }
    if (node?.kind !== "inner" || isPageAfter(node, change)) {
        return finishSteps(replace(source, node, change, start));
    }
    const { fork, zeros, ones } = splitChange(source, node, change);
    const left = updateAtOnce(source, zeros.node, zeros.change, fork + 1);
    const right = updateAtOnce(source, ones.node, ones.change, fork + 1);
    return joined(fork, zeros.node, left, right);
}

function bytesAfter(node: TrieNode, { removed, added }: Change): number {
    return node.bytes - bytesOf(removed) + bytesOf(added);
}

function isPageAfter(node: TrieNode, change: Change): boolean {
    return bytesAfter(node, change) <= PAGE_CAPACITY;
}

/** What takes the place of a page, of nothing, or of a fork that comes to fit a page. */
function* replace(source: RecordSource, node: Trie, change: Change, start: number): Steps<Trie> {
    const { removed, added } = change;
    if (node === undefined) {
        assert(removed.start === removed.end, "a removed record is in the trie");
        return yield* build(source, added, start);
    }
    const records = merge(source, recordsOf(node), change);
    if (records.length === 0) {
        return undefined;
    }
    const bytes = bytesAfter(node, change);
    return bytes <= PAGE_CAPACITY
        ? leafOf(records, start, bytes)
        : yield* build(source, yield* rangeOf(source, records), start);
}

/** A side of a fork, and what changes there. */
interface Side {
    readonly node: Trie;
    readonly change: Change;
}

function splitChange(
    source: RecordSource,
    node: Inner,
    { removed, added }: Change,
): { readonly fork: number; readonly zeros: Side; readonly ones: Side } {
    const fork = Math.min(node.prefixBits, forkOf(source, node, added));
    const [removedZeros, removedOnes] = splitAt(source, removed, fork);
    const [addedZeros, addedOnes] = splitAt(source, added, fork);
    // Where an added key leaves the prefix early, the whole node goes to one side of a new fork.
    const side = fork < node.prefixBits ? keyBit(source, node.sample, fork) : -1;
    const left = side === -1 ? node.left : side === 0 ? node : undefined;
    const right = side === -1 ? node.right : side === 1 ? node : undefined;
    return {
        fork,
        zeros: { node: left, change: { removed: removedZeros, added: addedZeros } },
        ones: { node: right, change: { removed: removedOnes, added: addedOnes } },
    };
}

function joined(fork: number, leftBefore: Trie, left: Trie, right: Trie): Trie {
    if (left === undefined || right === undefined) {
        const rest = left ?? right;
        assert(rest?.kind === "inner", "what does not fit a page is a fork");
        return rest;
    }
    // A record of the side that changed: those who walk this way again have touched its key already.
    return innerOf(fork, { left, right, sample: sampleRecord(left === leftBefore ? right : left) });
}

/** First bit in which an added key leaves the node's prefix; sorted keys leave it at an end first. */
function forkOf(source: RecordSource, node: Inner, added: Range): number {
    if (added.start === added.end) {
        return node.prefixBits;
    }
    const least = sharedBits(source, node.sample, added.records[added.start]!);
    return added.end - added.start === 1
        ? least
        : Math.min(least, sharedBits(source, node.sample, added.records[added.end - 1]!));
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

/** Works in proportion to the change, but for the copying: keys that stay are hardly looked at. */
function merge(source: RecordSource, old: Uint32Array, { removed, added }: Change): Uint32Array {
    const kept = without(old, removed);
    if (added.start === added.end) {
        return kept;
    }
    const merged = new Uint32Array(kept.length + added.end - added.start);
    let from = 0;
    let to = 0;
    for (let next = added.start; next < added.end; next++) {
        const record = added.records[next]!;
        const place = placeOf(source, kept, from, record);
        while (from < place) {
            merged[to++] = kept[from++]!;
        }
        merged[to++] = record;
    }
    merged.set(kept.subarray(from), to);
    return merged;
}

/** Both in the order of keys. */
function without(old: Uint32Array, removed: Range): Uint32Array {
    const count = removed.end - removed.start;
    if (count === 0) {
        return old;
    }
    assert(count <= old.length, "a removed record is in the trie");
    const kept = new Uint32Array(old.length - count);
    let from = 0;
    let to = 0;
    for (let next = removed.start; next < removed.end; next++) {
        const at = old.indexOf(removed.records[next]!, from);
        assert(at !== -1, "a removed record is in the trie");
        kept.set(old.subarray(from, at), to);
        to += at - from;
        from = at + 1;
    }
    kept.set(old.subarray(from), to);
    return kept;
}

/** The first of sorted records, from some place on, whose key is above a record's; looks near first. */
function placeOf(source: RecordSource, sorted: Uint32Array, from: number, record: number): number {
    let low = from;
    let high = from;
    for (let stride = 1; high < sorted.length && isBefore(source, sorted[high]!, record);) {
        low = high + 1;
        high += stride;
        stride *= 2;
    }
    high = Math.min(high, sorted.length);
    while (low < high) {
        const middle = (low + high) >>> 1;
        if (isBefore(source, sorted[middle]!, record)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

function isBefore(source: RecordSource, old: number, added: number): boolean {
    const order = compareKeys(source, old, added);
    assert(order !== 0, "an added record is not in the trie");
    return order < 0;
}
