// How verdicts of two sides on a token relate.

import { describe, expect, test } from "vitest";

import {
    compareToken,
    noAgreements,
    precisionOf,
    recallOf,
    type TokenVerdict,
} from "../../../bench/accuracy/compare-occurrences.ts";

const NONE: TokenVerdict = { sites: [], isExternal: false, undecided: "", text: "", role: "" };
const at = (offset: number): TokenVerdict => ({ ...NONE, sites: [{ path: "a.rs", offset }] });
const external: TokenVerdict = { ...NONE, isExternal: true };
const open: TokenVerdict = { ...NONE, undecided: "the type is not known" };

describe("compareToken", () => {
    test.each([
        ["same", [at(1)], [at(1)]],
        ["same", [at(1), at(2)], [at(2)]],
        ["same", [open, at(2)], [at(2)]],
        ["same-external", [external], [external]],
        ["undecided", [open], [at(1)]],
        ["undecided", [open, at(2)], [at(1)]],
        ["not-seen", [], [at(1)]],
        ["other-place", [at(1)], [at(2)]],
        ["ours-external", [external], [at(2)]],
        ["theirs-external", [at(1)], [external]],
    ] as const)("says %s", (agreement, ours, theirs) => {
        expect(compareToken(ours, theirs)).toBe(agreement);
    });
});

test("precision is of what is decided, recall of everything", () => {
    const counts = { ...noAgreements(), same: 80, "same-external": 10, undecided: 7 };
    counts["other-place"] = 2;
    counts["not-seen"] = 1;
    expect(precisionOf(counts)).toBeCloseTo(90 / 92);
    expect(recallOf(counts)).toBeCloseTo(0.9);
});

test("nothing decided has no precision, nothing asked no recall", () => {
    expect(precisionOf({ ...noAgreements(), undecided: 3 })).toBeUndefined();
    expect(recallOf(noAgreements())).toBeUndefined();
});
