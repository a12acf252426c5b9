// The difference of two hashed tries: both are walked together, and what has one hash is skipped, so
// that the work is in proportion to the difference. The tries may number their records differently.

/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over arrays of known length */

import { assert, finishSteps, type Steps } from "../base/index.ts";
import { keyBit, recordBytes, writeRecord, type RecordSource } from "./record-source.ts";
import { sampleRecord, recordsOf, type Trie, type TrieNode } from "./trie.ts";

/** A trie whose hashes are computed, with its records. */
export interface HashedTrie {
    readonly source: RecordSource;
    readonly trie: Trie;
}

/** Records that only one side has; one whose value changed is in both lists. */
export interface TrieDifference {
    /** Numbers in the first trie's source, by key. */
    readonly removed: readonly number[];
    /** Numbers in the second trie's source, by key. */
    readonly added: readonly number[];
}

/** Tells what leads from one trie to another. */
export function diffTries(before: HashedTrie, after: HashedTrie): TrieDifference {
    return finishSteps(diffTriesInSteps(before, after));
}

/** The same, with turns for others in between. */
export function* diffTriesInSteps(before: HashedTrie, after: HashedTrie): Steps<TrieDifference> {
    const sides: Sides = { before: before.source, after: after.source, removed: [], added: [] };
    assert(sides.before.keyBytes === sides.after.keyBytes, "tries of one kind are compared");
    yield* walk(sides, before.trie, after.trie);
    return { removed: sides.removed, added: sides.added };
}

interface Sides {
    readonly before: RecordSource;
    readonly after: RecordSource;
    readonly removed: number[];
    readonly added: number[];
}

function* walk(sides: Sides, before: Trie, after: Trie): Steps<void> {
    if (before === undefined || after === undefined) {
        takeAll(sides.removed, before);
        takeAll(sides.added, after);
        return;
    }
    assert(before.hash !== undefined && after.hash !== undefined, "compared tries are hashed");
    if (before.hash === after.hash) {
        return;
    }
    if (before.kind === "leaf" || after.kind === "leaf") {
        mergeRecords(sides, recordsOf(before), recordsOf(after));
        yield;
        return;
    }
    const shared = sharedPrefix(sides, before, after);
    if (shared < Math.min(before.prefixBits, after.prefixBits)) {
        takeAll(sides.removed, before);
        takeAll(sides.added, after);
    } else if (before.prefixBits === after.prefixBits) {
        yield* walk(sides, before.left, after.left);
        yield* walk(sides, before.right, after.right);
    } else if (before.prefixBits < after.prefixBits) {
        // The other trie lies on one side of this fork.
        const isRight = keyBit(sides.after, sampleRecord(after), before.prefixBits) === 1;
        yield* walk(sides, before.left, isRight ? undefined : after);
        yield* walk(sides, before.right, isRight ? after : undefined);
    } else {
        const isRight = keyBit(sides.before, sampleRecord(before), after.prefixBits) === 1;
        yield* walk(sides, isRight ? undefined : before, after.left);
        yield* walk(sides, isRight ? before : undefined, after.right);
    }
}

function takeAll(into: number[], trie: Trie): void {
    if (trie !== undefined) {
        takeRows(into, recordsOf(trie));
    }
}

function takeRows(into: number[], rows: Uint32Array): void {
    for (const row of rows) {
        into.push(row);
    }
}

function mergeRecords(sides: Sides, before: Uint32Array, after: Uint32Array): void {
    let [left, right] = [0, 0];
    while (left < before.length && right < after.length) {
        const order = compareAcross(sides, before[left]!, after[right]!);
        if (order < 0) {
            sides.removed.push(before[left++]!);
        } else if (order > 0) {
            sides.added.push(after[right++]!);
        } else {
            if (!isSameRecord(sides, before[left]!, after[right]!)) {
                sides.removed.push(before[left]!);
                sides.added.push(after[right]!);
            }
            left += 1;
            right += 1;
        }
    }
    takeRows(sides.removed, before.subarray(left));
    takeRows(sides.added, after.subarray(right));
}

function compareAcross(sides: Sides, one: number, other: number): number {
    const words = Math.ceil(sides.before.keyBytes / 4);
    for (let word = 0; word < words; word++) {
        const left = sides.before.keyWord(one, word) >>> 0;
        const right = sides.after.keyWord(other, word) >>> 0;
        if (left !== right) {
            return left - right;
        }
    }
    return 0;
}

function isSameRecord(sides: Sides, one: number, other: number): boolean {
    if (!sides.before.hasValues || (sides.before === sides.after && one === other)) {
        return true;
    }
    const length = recordBytes(sides.before, one);
    if (length !== recordBytes(sides.after, other)) {
        return false;
    }
    const bytes = Buffer.alloc(2 * length);
    writeRecord(sides.before, one, bytes, 0);
    writeRecord(sides.after, other, bytes, length);
    return bytes.compare(bytes, length, 2 * length, 0, length) === 0;
}

function sharedPrefix(sides: Sides, one: TrieNode, other: TrieNode): number {
    const left = sampleRecord(one);
    const right = sampleRecord(other);
    const bits = sides.before.keyBytes * 8;
    for (let word = 0; word * 32 < bits; word++) {
        const difference = sides.before.keyWord(left, word) ^ sides.after.keyWord(right, word);
        if (difference !== 0) {
            return word * 32 + Math.clz32(difference);
        }
    }
    return bits;
}
