// Pages: the canonical bytes of a leaf. Format: docs/formats/state-root.md.

import { assert } from "../base/index.ts";
import { writeRecords, type RecordSource } from "./record-source.ts";

/** Bytes of a page. */
export const PAGE_BYTES = 4096;

/** Bytes before the records of a page. */
const PAGE_HEADER_BYTES = 40;

/** Bytes that the records of a page may take. */
export const PAGE_CAPACITY = PAGE_BYTES - PAGE_HEADER_BYTES;

/** Bytes in which a prefix is written. */
export const PREFIX_BYTES = 32;

/** Writes the page of a leaf. */
export function writePage(
    source: RecordSource,
    leaf: { readonly prefixBits: number; readonly records: Uint32Array; readonly bytes: number },
    into: Buffer,
    start: number,
): void {
    const first = leaf.records[0];
    assert(first !== undefined, "a page has records");
    into.writeUInt16LE(leaf.prefixBits, start);
    into.writeUInt16LE(leaf.records.length, start + 2);
    into.writeUInt32LE(leaf.bytes, start + 4);
    writePrefix(source, first, leaf.prefixBits, { into, at: start + 8 });
    const at = writeRecords(source, leaf.records, into, start + PAGE_HEADER_BYTES);
    assert(at === start + PAGE_HEADER_BYTES + leaf.bytes, "a page holds what was counted");
    into.fill(0, at, start + PAGE_BYTES);
}

/** Writes the first bits of a key, zero bits after them, in 32 bytes. */
export function writePrefix(
    source: RecordSource,
    record: number,
    prefixBits: number,
    place: { readonly into: Buffer; readonly at: number },
): void {
    for (let word = 0; word * 4 < PREFIX_BYTES; word++) {
        const bits = Math.min(32, Math.max(0, prefixBits - word * 32));
        const mask = bits === 0 ? 0 : (0xffff_ffff << (32 - bits)) >>> 0;
        const value = bits === 0 ? 0 : (source.keyWord(record, word) & mask) >>> 0;
        place.into.writeUInt32BE(value, place.at + word * 4);
    }
}
