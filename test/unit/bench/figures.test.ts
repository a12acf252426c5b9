// Figures: medians, memory, rows with their ratios.

import { describe, expect, test } from "vitest";

import { isCalled } from "../../../bench/accuracy/callers.ts";
import { parsePeak, parseTicks } from "../../../bench/measure/process-cost.ts";
import { makeRows, renderRows } from "../../../bench/measure/rows.ts";
import { median, quantile } from "../../../bench/measure/statistics.ts";

test("quantiles are values of the sample, by nearest rank", () => {
    const values = [5, 1, 4, 2, 3];
    expect(median(values)).toBe(3);
    expect(quantile(values, 0.95)).toBe(5);
    expect(quantile(values, 0)).toBe(1);
    expect(median([1, 2])).toBe(1);
    expect(() => median([])).toThrow(RangeError);
});

test("the peak is read from the status of a process", () => {
    expect(parsePeak("Name:\tnode\nVmHWM:\t  123456 kB\nVmRSS:\t 99 kB\n")).toBe(123456);
    expect(parsePeak("Name:\tkthreadd\n")).toBeUndefined();
});

test("processor time is read past a name with blanks and parentheses", () => {
    const stat = "12 (a (b) c) S 1 12 12 0 -1 4194304 9 9 0 0 100 20 3 4 20 0 1 0 99 1 2";
    expect(parseTicks(stat)).toBe(127);
    expect(parseTicks("12 (a) S 1")).toBeUndefined();
});

describe("makeRows", () => {
    const rows = makeRows(
        [
            { name: "time", unit: "ms", better: "lower", ours: 10.004, peer: 30 },
            { name: "rate", unit: "1/s", better: "higher", ours: 10, peer: 30 },
            { name: "alone", unit: "ms", better: "lower", ours: 5, peer: undefined },
            { name: "not measured", unit: "ms", better: "lower", ours: undefined, peer: 7 },
        ],
        "peer 1.0",
    );

    test("says how many times better we are, whichever way the unit counts", () => {
        expect(rows.map(({ name, ratio }) => [name, ratio])).toEqual([
            ["time", 3],
            ["rate", 0.333],
            ["alone", null],
        ]);
        expect(rows[2]).toEqual({
            name: "alone",
            unit: "ms",
            better: "lower",
            ours: 5,
            peer: null,
            peerName: "peer 1.0",
            ratio: null,
        });
    });

    test("leaves cells of an absent peer empty", () => {
        expect(renderRows(rows)).toContain("| alone | ms | 5 |  |  |");
        expect(renderRows(rows)).toContain("| what | unit | ours | peer 1.0 | times better |");
    });
});

test.each([
    ["f()", 1, true],
    ["f (x)", 1, true],
    ["f::<Vec<u8>>()", 1, true],
    ["f::<fn() -> u8>(x)", 1, true],
    ["f::<u8>", 1, false],
    ["f;", 1, false],
    ["f", 1, false],
    ["f::g()", 1, false],
])("in %s the name is called: %s", (text, end, called) => {
    expect(isCalled(text, end)).toBe(called);
});
