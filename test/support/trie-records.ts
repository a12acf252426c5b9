// Records of a trie held as plain bytes, for tests; and a seeded source of numbers.

import type { RecordSource } from "../../src/merkle/index.ts";

/** A record as bytes. */
export interface ByteRecord {
    readonly key: Buffer;
    readonly value: Buffer;
}

/** Serves records of an array by their index. */
export function byteSource(
    records: readonly ByteRecord[],
    keyBytes: number,
    hasValues: boolean,
): RecordSource {
    const padded = records.map(({ key }) => Buffer.concat([key, Buffer.alloc(4)]));
    return {
        keyBytes,
        hasValues,
        keyWord: (record, word) => padded[record]!.readUInt32BE(word * 4),
        valueBytes: (record) => records[record]!.value.length,
        writeValue: (record, into, at) => {
            into.set(records[record]!.value, at);
            return at + records[record]!.value.length;
        },
    };
}

/** A small generator of numbers in [0, 1), the same for the same seed (mulberry32). */
export function seededNumbers(seed: number): () => number {
    let state = seed >>> 0;
    return () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
}

/** An array in another order. */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
    const out = [...items];
    for (let at = out.length - 1; at > 0; at--) {
        const other = Math.floor(random() * (at + 1));
        [out[at], out[other]] = [out[other]!, out[at]!];
    }
    return out;
}

/** Keys that share long prefixes in part, as the edges of a hub do. */
export function makeRecords(count: number, seed: number, keyBytes: number): ByteRecord[] {
    const random = seededNumbers(seed);
    const byte = (): number => Math.floor(random() * 256);
    const keys = new Map<string, ByteRecord>();
    while (keys.size < count) {
        const key = Buffer.from(Array.from({ length: keyBytes }, byte));
        if (random() < 0.6) {
            key.fill(0x5a, 0, Math.floor(random() * (keyBytes - 2)));
        }
        const value = Buffer.alloc(Math.floor(random() ** 6 * 900), byte());
        keys.set(key.toString("hex"), { key, value });
    }
    return [...keys.values()];
}
