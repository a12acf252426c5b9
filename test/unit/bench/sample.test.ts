// Samples: equal shares, the same for the same seed.

import { expect, test } from "vitest";

import { drawInShares, seededRandom, shuffle } from "../../../bench/accuracy/sample.ts";

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

test("a seed gives the same numbers, another seed others, all below one", () => {
    const first = seededRandom(1);
    const again = seededRandom(1);
    const other = seededRandom(2);
    const numbers = range(100).map(() => first());
    expect(range(100).map(() => again())).toEqual(numbers);
    expect(range(100).map(() => other())).not.toEqual(numbers);
    expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
    expect(new Set(numbers).size).toBe(100);
});

test("a shuffle keeps every item", () => {
    const shuffled = shuffle(range(50), seededRandom(3));
    expect([...shuffled].sort((a, b) => a - b)).toEqual(range(50));
    expect(shuffled).not.toEqual(range(50));
});

test("groups give equal shares, and large ones what small ones lack", () => {
    const groups = new Map([
        ["small", [1, 2]],
        ["none", []],
        ["large", range(100)],
        ["larger", range(200)],
    ]);
    const drawn = drawInShares(groups, 20, 7);
    const count = (group: string): number => drawn.filter((one) => one.group === group).length;
    expect([count("small"), count("none"), count("large"), count("larger")]).toEqual([2, 0, 9, 9]);
    expect(new Set(drawn.map(({ group, item }) => `${group} ${item}`)).size).toBe(20);
});

test("a draw does not depend on the order of the groups", () => {
    const items = range(30);
    const one = new Map([
        ["a", items],
        ["b", items],
    ]);
    const other = new Map([
        ["b", items],
        ["a", items],
    ]);
    expect(drawInShares(other, 10, 5)).toEqual(drawInShares(one, 10, 5));
});

test("a draw of more than there is gives everything once", () => {
    expect(drawInShares(new Map([["a", range(3)]]), 10, 1)).toHaveLength(3);
});
