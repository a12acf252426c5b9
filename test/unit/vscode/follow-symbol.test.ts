// What the impact view shows once the graph has changed: the symbol under the name that it has now, or that it is gone.

import { expect, test } from "vitest";

import {
    followRenamed,
    followSymbol,
    THERE,
    type Followed,
} from "../../../extensions/vscode/src/model/follow-symbol.ts";
import { EVERYTHING } from "../../../extensions/vscode/src/model/impact-filter.ts";
import { impactRows } from "../../../extensions/vscode/src/model/impact-tree.ts";
import { toGraphData } from "../../../extensions/vscode/src/model/graph-model.ts";
import { spoken } from "../../../extensions/vscode/src/model/tree-node.ts";
import type { ImpactResult, SymbolSelector } from "../../../src/protocol/index.ts";
import { rippleOf } from "./impacts.ts";

const RIPPLE = rippleOf("a::m::near 1");

function named(name: string, line = 8): ImpactResult {
    const at = { path: "base/src/lib.rs", line, column: 7 };
    return { ...RIPPLE, symbol: { ...RIPPLE.symbol, name, path: `base::${name}`, at } };
}

/** A server whose graph has these symbols. */
function serverOf(...all: readonly ImpactResult[]) {
    return (selector: SymbolSelector): Promise<ImpactResult> => {
        const found = all.find(({ symbol }) =>
            selector.kind === "path"
                ? symbol.path === selector.path
                : symbol.at?.line === selector.place.line,
        );
        return found === undefined
            ? Promise.reject(
                  Object.assign(new Error("no such symbol"), {
                      data: { code: "SYMBOL_NOT_FOUND" },
                  }),
              )
            : Promise.resolve(found);
    };
}

function rowsOf({ impact, standing }: Followed): string[] {
    return impactRows(impact, EVERYTHING, standing).map(spoken);
}

test("a symbol that is there is shown as it is now", async () => {
    const now = { ...named("hundreds", 20), tests: 3 };
    const followed = await followSymbol(serverOf(now), {
        impact: named("hundreds"),
        standing: THERE,
    });
    expect(followed).toEqual({ impact: now, standing: THERE });
});

test("what was renamed here is known under its new name, found or not yet", async () => {
    const after = { path: "base::hundreds", name: "hundreds" };
    const now = named("hundreds", 20);
    expect(await followRenamed(serverOf(now), named("centuries"), after)).toEqual({
        impact: now,
        standing: THERE,
    });
    const early = await followRenamed(serverOf(named("centuries")), named("centuries"), after);
    expect(early).toEqual({ impact: named("hundreds"), standing: THERE });
    expect(await followSymbol(serverOf(now), early)).toEqual({ impact: now, standing: THERE });
});

test("a rename that was rolled back is followed to the former name, and said", async () => {
    const server = serverOf(named("centuries"));
    const shown = { impact: named("hundreds"), standing: THERE };
    const followed = await followSymbol(server, shown);
    expect(rowsOf(followed).slice(0, 2)).toEqual([
        "centuries, reaches 1 symbol, 1 crate, 0 tests",
        "base::hundreds is no longer there, centuries stands where it was defined",
    ]);
    // It stays so while nothing happens, and ends when the name is back.
    expect(await followSymbol(server, followed)).toEqual(followed);
    const again = await followSymbol(serverOf(named("hundreds")), followed);
    expect(rowsOf(again)[0]).toContain("hundreds, reaches");
    expect(again.standing).toEqual(THERE);
});

test.each([
    ["nothing is in its place", serverOf()],
    [
        "something else is in its place",
        serverOf({ ...RIPPLE, symbol: { ...named("Other").symbol, kind: "struct" } }),
    ],
])("a symbol that is gone is said to be gone, and found again: %s", async (_what, server) => {
    const before = { impact: named("hundreds"), standing: THERE };
    const followed = await followSymbol(server, before);
    expect(rowsOf(followed)).toEqual(["hundreds, no longer there under that name"]);
    const { impact, standing } = followed;
    expect(toGraphData(impact, EVERYTHING, standing)).toMatchObject({
        summary: "no longer there under that name",
        symbols: [],
    });
    const back = await followSymbol(serverOf(named("hundreds")), followed);
    expect(back).toEqual(before);
});

test("a server that fails is no symbol that is gone", async () => {
    const fails = (): Promise<never> => Promise.reject(new Error("the connection is closed"));
    const before = { impact: named("hundreds"), standing: THERE };
    await expect(followSymbol(fails, before)).rejects.toThrow("the connection is closed");
});
