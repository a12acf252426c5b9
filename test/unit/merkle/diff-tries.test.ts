import { describe, expect, test } from "vitest";

import {
    buildTrie,
    diffTries,
    hashTrie,
    updateTrie,
    type RecordSource,
    type Trie,
} from "../../../src/merkle/index.ts";
import { byteSource, makeRecords, seededNumbers, shuffled } from "../../support/trie-records.ts";

function hashed(source: RecordSource, records: readonly number[]): Trie {
    const trie = buildTrie(source, Uint32Array.from(records));
    hashTrie(source, trie);
    return trie;
}

const ascending = (rows: Iterable<number>): number[] => [...rows].sort((a, b) => a - b);

describe.each([
    ["nodes", 8, true],
    ["edges", 17, false],
    ["files", 32, true],
] as const)("the difference of tries of %s", (_, keyBytes, hasValues) => {
    const records = makeRecords(1200, keyBytes + 7, keyBytes);
    const source = byteSource(records, keyBytes, hasValues);
    const rows = [...records.keys()];

    test("is that of the two sets", () => {
        const random = seededNumbers(keyBytes);
        for (const size of [0, 1, 30, 400, 1000]) {
            for (const other of [0, 1, 30, 400, 1000]) {
                const before = new Set(shuffled(rows, random).slice(0, size));
                const after = new Set(shuffled(rows, random).slice(0, other));
                const { removed, added } = diffTries(
                    { source, trie: hashed(source, [...before]) },
                    { source, trie: hashed(source, [...after]) },
                );
                expect(ascending(removed)).toEqual(
                    ascending([...before].filter((row) => !after.has(row))),
                );
                expect(ascending(added)).toEqual(
                    ascending([...after].filter((row) => !before.has(row))),
                );
            }
        }
    });

    test("looks at what differs only", () => {
        const trie = hashed(source, rows.slice(0, 1000));
        let looks = 0;
        const counting: RecordSource = {
            ...source,
            keyWord: (record, word) => {
                looks += 1;
                return source.keyWord(record, word);
            },
        };
        const change = { removed: Uint32Array.of(3), added: Uint32Array.of(1100, 1101) };
        const next = updateTrie(source, trie, change);
        hashTrie(source, next);
        const { removed, added } = diffTries(
            { source: counting, trie },
            { source: counting, trie: next },
        );
        expect([removed, ascending(added)]).toEqual([[3], [1100, 1101]]);
        const everything = 1000 * 2 * Math.ceil(keyBytes / 4);
        expect(looks).toBeLessThan(everything / 2);
    });

    test("compares values across two numberings", () => {
        const changed = records
            .slice(0, 500)
            .map(({ key, value }, row) => ({
                key,
                value: row % 100 === 0 ? Buffer.concat([value, Buffer.from("x")]) : value,
            }))
            .toReversed();
        const other = byteSource(changed, keyBytes, hasValues);
        const { removed, added } = diffTries(
            { source, trie: hashed(source, rows.slice(0, 500)) },
            { source: other, trie: hashed(other, rows.slice(0, 500)) },
        );
        const expected = hasValues ? [0, 100, 200, 300, 400] : [];
        expect(ascending(removed)).toEqual(expected);
        expect(ascending(added.map((row) => 499 - row))).toEqual(expected);
    });
});
