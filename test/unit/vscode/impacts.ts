// Ripples for the tests of the extension's models.

import type { ImpactResult, ReachedDto } from "../../../src/protocol/index.ts";

/** `path distance via edge`, with ` test` for a test; the module is the path's beginning, in two segments at most. */
export function rippleOf(...lines: readonly string[]): ImpactResult {
    const reached = lines.map((line, index): ReachedDto => {
        const [path = "", distance = "1", via = "-1", edge = "call", flag] = line.split(" ");
        const segments = path.split("::");
        return {
            symbol: {
                id: String(index),
                name: segments.at(-1) ?? "",
                kind: "function",
                path,
                crate: segments[0] ?? "",
                at: { path: "src/lib.rs", line: index, column: 3 },
            },
            distance: Number(distance),
            via: Number(via),
            edge,
            isTest: flag === "test",
            module: segments.slice(0, -1).slice(0, 2).join("::"),
            precision: "syntactic",
        };
    });
    const names = [...new Set(reached.map((each) => each.symbol.crate))];
    return {
        symbol: {
            id: "f",
            name: "scale",
            kind: "function",
            path: "base::scale",
            crate: "base",
            at: { path: "base/src/lib.rs", line: 8, column: 7 },
        },
        reached,
        crates: names.map((name) => ({
            name,
            symbols: reached.filter((each) => each.symbol.crate === name).length,
        })),
        tests: reached.filter((each) => each.isTest).length,
        root: "r",
        undecided: 0,
    };
}
