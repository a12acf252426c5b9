// Records of a sub-trie as numbers: the trie holds row numbers, their bytes stay where they are.
// Format: docs/formats/state-root.md.

/* eslint-disable @typescript-eslint/no-non-null-assertion -- inner loops of sorting, over arrays of
   one length */

import { hash } from "node:crypto";

import { finishSteps, type Steps } from "../base/index.ts";

/** Gives keys and values of the records of one sub-trie. */
export interface RecordSource {
    /** Bytes of a key. */
    readonly keyBytes: number;
    /** Whether records have a value; without one the key is the record. */
    readonly hasValues: boolean;
    /** A word of the key, big-endian; the last one is filled with zero bits on the right. */
    keyWord(record: number, word: number): number;
    /** Bytes of the value. */
    valueBytes(record: number): number;
    /** Writes the value; returns the offset after it. */
    writeValue(record: number, into: Buffer, at: number): number;
    /** Writes a page's records, where that is quicker at once; returns the offset after them. */
    writeRecords?(records: Uint32Array, into: Buffer, at: number): number;
}

/** Records longer than this stand in their page as hash and length. */
export const RECORD_BYTES_MAX = 512;

/** Stands for the length of a value that is given by its hash. */
export const VALUE_HASHED = 0xffff;

/** Bytes that a record takes in its page. */
export function recordBytes(source: RecordSource, record: number): number {
    if (!source.hasValues) {
        return source.keyBytes;
    }
    const inline = source.keyBytes + 2 + source.valueBytes(record);
    return inline <= RECORD_BYTES_MAX ? inline : source.keyBytes + 2 + 4 + 32;
}

/** Whether the value of a record stands in its page as hash and length. */
export function isLong(source: RecordSource, record: number): boolean {
    return source.hasValues && source.keyBytes + 2 + source.valueBytes(record) > RECORD_BYTES_MAX;
}

/** Writes a record as it stands in a page; returns the offset after it. */
export function writeRecord(
    source: RecordSource,
    record: number,
    into: Buffer,
    start: number,
): number {
    let at = writeKey(source, record, into, start);
    if (!source.hasValues) {
        return at;
    }
    const length = source.valueBytes(record);
    if (source.keyBytes + 2 + length <= RECORD_BYTES_MAX) {
        at = into.writeUInt16LE(length, at);
        return source.writeValue(record, into, at);
    }
    const value = Buffer.alloc(length);
    source.writeValue(record, value, 0);
    at = into.writeUInt16LE(VALUE_HASHED, at);
    at = into.writeUInt32LE(length, at);
    into.set(hash("sha256", value, "buffer"), at);
    return at + 32;
}

/** Writes the records of a page; returns the offset after them. */
export function writeRecords(
    source: RecordSource,
    records: Uint32Array,
    into: Buffer,
    start: number,
): number {
    if (source.writeRecords !== undefined) {
        return source.writeRecords(records, into, start);
    }
    let at = start;
    for (const record of records) {
        at = writeRecord(source, record, into, at);
    }
    return at;
}

/** Writes the key of a record; returns the offset after it. */
export function writeKey(
    source: RecordSource,
    record: number,
    into: Buffer,
    start: number,
): number {
    let at = start;
    const end = start + source.keyBytes;
    for (let word = 0; at < end; word++) {
        const value = source.keyWord(record, word);
        for (let shift = 24; shift >= 0 && at < end; shift -= 8) {
            into[at] = value >>> shift;
            at += 1;
        }
    }
    return at;
}

/** Number of leading bits that two keys share. */
export function sharedBits(source: RecordSource, one: number, other: number): number {
    const bits = source.keyBytes * 8;
    for (let word = 0; word * 32 < bits; word++) {
        const difference = source.keyWord(one, word) ^ source.keyWord(other, word);
        if (difference !== 0) {
            return word * 32 + Math.clz32(difference);
        }
    }
    return bits;
}

/** A bit of a key, from the left. */
export function keyBit(source: RecordSource, record: number, bit: number): number {
    return (source.keyWord(record, bit >>> 5) >>> (31 - (bit & 31))) & 1;
}

/** Orders two records by key. */
export function compareKeys(source: RecordSource, one: number, other: number): number {
    const words = Math.ceil(source.keyBytes / 4);
    for (let word = 0; word < words; word++) {
        const difference = (source.keyWord(one, word) >>> 0) - (source.keyWord(other, word) >>> 0);
        if (difference !== 0) {
            return difference;
        }
    }
    return 0;
}

/** Records that are sorted or summed up between two turns for others. */
export const STEP_RECORDS = 1 << 16;

/** Sorts records by key. */
export function sortRecords(source: RecordSource, records: Uint32Array): Uint32Array {
    return finishSteps(sortRecordsInSteps(source, records));
}

/** Sorts records by key: by counting over the first word, then within runs that share it. */
export function* sortRecordsInSteps(
    source: RecordSource,
    records: Uint32Array,
): Steps<Uint32Array> {
    if (records.length < 256) {
        return records.slice().sort((one, other) => compareKeys(source, one, other));
    }
    let sorted: Uint32Array = records;
    let words: Uint32Array = Uint32Array.from(records, (record) => source.keyWord(record, 0));
    for (const shift of [0, 16]) {
        yield;
        [sorted, words] = sortByDigit(sorted, words, shift);
    }
    let start = 0;
    for (let at = 1; at <= sorted.length; at++) {
        if (at % STEP_RECORDS === 0) {
            yield;
        }
        if (at === sorted.length || words[at] !== words[start]) {
            sortRun(source, sorted, start, at);
            start = at;
        }
    }
    return sorted;
}

function sortByDigit(
    records: Uint32Array,
    words: Uint32Array,
    shift: number,
): [Uint32Array, Uint32Array] {
    const starts = new Uint32Array(0x1_0001);
    for (const word of words) {
        starts[((word >>> shift) & 0xffff) + 1]! += 1;
    }
    for (let digit = 0; digit < 0x1_0000; digit++) {
        starts[digit + 1]! += starts[digit]!;
    }
    const outRecords = new Uint32Array(records.length);
    const outWords = new Uint32Array(records.length);
    for (let at = 0; at < records.length; at++) {
        const word = words[at]!;
        const digit = (word >>> shift) & 0xffff;
        const to = starts[digit]!;
        starts[digit] = to + 1;
        outRecords[to] = records[at]!;
        outWords[to] = word;
    }
    return [outRecords, outWords];
}

function sortRun(source: RecordSource, records: Uint32Array, start: number, end: number): void {
    if (end - start > 32) {
        records.subarray(start, end).sort((one, other) => compareKeys(source, one, other));
        return;
    }
    for (let at = start + 1; at < end; at++) {
        const record = records[at]!;
        let to = at;
        while (to > start && compareKeys(source, records[to - 1]!, record) > 0) {
            records[to] = records[to - 1]!;
            to -= 1;
        }
        records[to] = record;
    }
}
