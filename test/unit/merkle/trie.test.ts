import { describe, expect, test } from "vitest";

import {
    buildTrie,
    countRecords,
    hashPagesByCrypto,
    hashTrie,
    PAGE_CAPACITY,
    renumberTrie,
    sortRecords,
    updateTrie,
    type RecordSource,
    type Trie,
} from "../../../src/merkle/index.ts";
import { byteSource, makeRecords, seededNumbers, shuffled } from "../../support/trie-records.ts";

function rootOf(source: RecordSource, trie: Trie): string {
    return Buffer.from(hashTrie(source, trie)).toString("hex");
}

const range = (start: number, end: number): number[] =>
    Array.from({ length: end - start }, (_, i) => start + i);

describe.each([
    ["nodes", 8, true],
    ["edges", 17, false],
    ["files", 32, true],
] as const)("a trie with keys of %s", (_, keyBytes, hasValues) => {
    const records = makeRecords(900, keyBytes, keyBytes);
    const source = byteSource(records, keyBytes, hasValues);
    const set = range(0, 600);
    const noise = range(600, 900);
    const expected = rootOf(source, buildTrie(source, Uint32Array.from(set)));

    test("has one root for one set in 100 orders with insert and delete noise", () => {
        for (let seed = 1; seed <= 100; seed++) {
            const random = seededNumbers(seed);
            let trie: Trie;
            const pending = new Set<number>();
            // Each noise record is put in at a random time and taken out at a later one.
            const steps = shuffled([...set, ...noise], random);
            while (steps.length > 0) {
                const added = steps.splice(0, 1 + Math.floor(random() * 120));
                const removed = [...pending].filter(() => random() < 0.3);
                removed.forEach((record) => pending.delete(record));
                trie = updateTrie(source, trie, {
                    removed: Uint32Array.from(shuffled(removed, random)),
                    added: Uint32Array.from(added),
                });
                added.filter((record) => record >= 600).forEach((record) => pending.add(record));
            }
            const removed = Uint32Array.from(pending);
            trie = updateTrie(source, trie, { removed, added: new Uint32Array() });
            expect(countRecords(trie)).toBe(600);
            expect(rootOf(source, trie)).toBe(expected);
        }
    });

    test("changes one record at a time and back", () => {
        let trie = buildTrie(source, Uint32Array.from(set));
        for (const record of noise.slice(0, 60)) {
            const added = Uint32Array.of(record);
            const bigger = updateTrie(source, trie, { removed: new Uint32Array(), added });
            expect(rootOf(source, bigger)).not.toBe(expected);
            expect(rootOf(source, trie)).toBe(expected);
            trie = updateTrie(source, bigger, { removed: added, added: new Uint32Array() });
            expect(rootOf(source, trie)).toBe(expected);
        }
    });

    test("becomes empty when all is removed", () => {
        const all = Uint32Array.from(set);
        const trie = buildTrie(source, all);
        const empty = updateTrie(source, trie, { removed: all, added: new Uint32Array() });
        expect(empty).toBeUndefined();
        expect(rootOf(source, empty)).toBe("00".repeat(32));
    });

    test("keeps its root when its records are renumbered", () => {
        const numbers = Uint32Array.from(range(0, 900).map((record) => 899 - record));
        const turned = byteSource(records.toReversed(), keyBytes, hasValues);
        const trie = renumberTrie(buildTrie(source, Uint32Array.from(set)), numbers);
        expect(rootOf(turned, trie)).toBe(expected);
        const change = { removed: Uint32Array.of(899), added: new Uint32Array() };
        expect(rootOf(turned, updateTrie(turned, trie, change))).toBe(
            rootOf(source, buildTrie(source, Uint32Array.from(range(1, 600)))),
        );
    });

    test("sorts records by key", () => {
        const sorted = Array.from(
            sortRecords(source, Uint32Array.from(shuffled(set, seededNumbers(7)))),
        );
        const byBytes = set.toSorted((one, other) =>
            Buffer.compare(records[one]!.key, records[other]!.key),
        );
        expect(sorted).toEqual(byBytes);
    });

    test("refuses what is not so", () => {
        const trie = buildTrie(source, Uint32Array.from(set));
        const none = new Uint32Array();
        expect(() => buildTrie(source, Uint32Array.of(1, 2, 1))).toThrow("share a key");
        expect(() => updateTrie(source, trie, { removed: none, added: Uint32Array.of(5) })).toThrow(
            "not in the trie",
        );
        expect(() => {
            updateTrie(source, trie, { removed: Uint32Array.of(700), added: none });
        }).toThrow("is in the trie");
    });
});

describe("hashing", () => {
    const records = makeRecords(800, 3, 8);
    const source = byteSource(records, 8, true);

    test("touches only the pages that a change touches", () => {
        const trie = buildTrie(source, Uint32Array.from(range(0, 799)));
        let pages = 0;
        const counting = (bytes: Uint8Array, count: number): Uint8Array => {
            pages += count;
            return hashPagesByCrypto(bytes, count);
        };
        hashTrie(source, trie, counting);
        expect(pages).toBeGreaterThan(20);
        pages = 0;
        const added = Uint32Array.of(799);
        hashTrie(source, updateTrie(source, trie, { removed: new Uint32Array(), added }), counting);
        expect(pages).toBeGreaterThan(0);
        expect(pages).toBeLessThanOrEqual(2);
    });

    test("keeps every page within its size", () => {
        const check = (node: Trie): void => {
            if (node?.kind === "leaf") {
                expect(node.bytes).toBeLessThanOrEqual(PAGE_CAPACITY);
            } else if (node !== undefined) {
                check(node.left);
                check(node.right);
            }
        };
        check(buildTrie(source, Uint32Array.from(range(0, 800))));
    });
});
