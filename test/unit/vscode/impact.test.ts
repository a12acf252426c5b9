// The impact view's model: rows, filters, ways.

import { expect, test } from "vitest";

import {
    describeFilter,
    EVERYTHING,
    impactParams,
    keepWays,
    toKinds,
} from "../../../extensions/vscode/src/model/impact-filter.ts";
import {
    impactRows,
    shortPath,
    summaryOf,
    wayOf,
} from "../../../extensions/vscode/src/model/impact-tree.ts";
import { spoken, type TreeNode } from "../../../extensions/vscode/src/model/tree-node.ts";
import { rippleOf } from "./impacts.ts";

const RIPPLE = rippleOf(
    "a::m::near 1",
    "a::n::also 1 -1 reference",
    "b::far 2 0",
    "b::tests::checks 3 2 dispatch test",
);

function write(rows: readonly TreeNode[], indent = ""): string[] {
    return rows.flatMap((row) => [
        `${indent}${spoken(row)}`,
        ...write(row.children, `${indent}  `),
    ]);
}

test("lists a ripple by crate, module and symbol", () => {
    expect(write(impactRows(RIPPLE, EVERYTHING))).toEqual([
        "scale, reaches 4 symbols, 2 crates, 1 test",
        "a, 2 symbols",
        "  a::m, 1 symbol",
        "    near, call · 1 step · syntactic",
        "  a::n, 1 symbol",
        "    also, reference · 1 step · syntactic",
        "b, 2 symbols, 1 test",
        "  b, 1 symbol",
        "    far, call · 2 steps · syntactic",
        "  b::tests, 1 symbol, 1 test",
        "    checks, dispatch · 3 steps · syntactic · test",
    ]);
});

test("leaves out what a filter leaves out, and says so", () => {
    const testsOnly = { ...EVERYTHING, testsOnly: true };
    expect(write(impactRows(RIPPLE, testsOnly))).toEqual([
        "scale, reaches 4 symbols, 2 crates, 1 test · 1 shown",
        "b, 1 symbol, 1 test",
        "  b::tests, 1 symbol, 1 test",
        "    checks, dispatch · 3 steps · syntactic · test",
    ]);
    const narrow = { ...EVERYTHING, depth: 1, crates: ["a"], kinds: toKinds(["call"]) };
    expect(describeFilter(narrow)).toBe("call · up to 1 steps · a");
    expect(describeFilter(EVERYTHING)).toBe("");
    expect(write(impactRows(RIPPLE, { ...narrow, crates: ["b"] }))).toHaveLength(1);
});

test("rows are the same when they are made again, and each is one of a kind", () => {
    const ids = (rows: readonly TreeNode[]): string[] =>
        rows.flatMap((row) => [row.id, ...ids(row.children)]);
    const all = ids(impactRows(RIPPLE, EVERYTHING));
    expect(new Set(all).size).toBe(all.length);
    expect(ids(impactRows(RIPPLE, EVERYTHING))).toEqual(all);
});

test("warns of tokens that are not decided", () => {
    const rows = impactRows({ ...RIPPLE, undecided: 2 }, EVERYTHING);
    expect(rows[1]).toMatchObject({ kind: "notice", label: "2 tokens not decided" });
});

test("opens a small ripple, and only its crates' names of a large one", () => {
    const large = rippleOf(...Array.from({ length: 60 }, (_, index) => `a::m::f${index} 1`));
    expect(impactRows(RIPPLE, EVERYTHING)[1]?.isOpen).toBe(true);
    expect(impactRows(large, EVERYTHING)[1]?.isOpen).toBe(false);
});

test("asks the server to follow what the filter wants followed", () => {
    const symbol = { kind: "path", path: "base::scale" } as const;
    expect(impactParams(symbol, EVERYTHING)).toEqual({
        symbol,
        edges: ["call", "reference", "implements"],
        details: true,
    });
    const kinds = toKinds(["reference", "of-no-kind"]);
    expect(impactParams(symbol, { ...EVERYTHING, depth: 3, kinds })).toEqual({
        symbol,
        edges: ["reference"],
        details: true,
        depth: 3,
    });
    expect(toKinds([])).toEqual(EVERYTHING.kinds);
});

test("keeps the ways to what is shown", () => {
    const { reached, shown } = keepWays(RIPPLE, { ...EVERYTHING, testsOnly: true });
    expect(reached.map((each) => [each.symbol.name, each.via])).toEqual([
        ["near", -1],
        ["far", 0],
        ["checks", 1],
    ]);
    expect([...shown]).toEqual([2]);
});

test("tells the way of a symbol, step by step", () => {
    expect(wayOf(RIPPLE, RIPPLE.reached[3]!)).toEqual([
        "→ dispatch → b::far",
        "→ call → a::m::near",
        "→ call → base::scale",
    ]);
});

test.each([
    ["a::m::Type::new", "a::m", "Type::new"],
    ["<a::m::Type as a::m::Trait>::f", "a::m", "<Type as Trait>::f"],
    ["other::f", "a::m", "other::f"],
])("writes %s in %s as %s", (path, module, short) => {
    expect(shortPath(path, module)).toBe(short);
});

test("puts numbers into words", () => {
    expect(summaryOf({ crates: [], tests: 0 })).toBe("reaches nothing");
    expect(summaryOf({ crates: [{ name: "a", symbols: 1_041 }], tests: 1 })).toBe(
        "reaches 1,041 symbols, 1 crate, 1 test",
    );
});
