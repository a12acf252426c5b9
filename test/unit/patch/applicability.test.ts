// How sure each edit of a plan is: bindings are proved, types are not compared.

import { describe, expect, test } from "vitest";

import { planFixture } from "../../support/patch-check.ts";

const SOURCE = "fn one() -> u8 { 1 }\nfn two() -> u8 { 2 }\nfn f() -> u8 { one() }\n";

async function applicabilities(...patterns: readonly object[]): Promise<unknown> {
    const planned = await planFixture(JSON.stringify({ id: "t", patterns }), SOURCE);
    return "kind" in planned
        ? planned.message
        : planned.plan.files.flatMap(({ edits }) =>
              edits.map(({ newText, applicability }) => [newText, applicability]),
          );
}

describe("an edit is", () => {
    test("machine-applicable where names are all there is", async () => {
        expect(
            await applicabilities({ match: { symbol: "one" }, action: { rename: "first" } }),
        ).toEqual([
            ["first", "machine-applicable"],
            ["first", "machine-applicable"],
        ]);
    });

    test("maybe-incorrect where other code is put in the place of code", async () => {
        expect(
            await applicabilities({
                match: { pattern: "main::one()" },
                action: { pattern_rewrite: "crate::two()" },
            }),
        ).toEqual([["crate::two()", "maybe-incorrect"]]);
        expect(
            await applicabilities({
                match: { symbol: "one" },
                action: { replace_path: "main::two" },
            }),
        ).toEqual([["crate::two", "maybe-incorrect"]]);
    });
});
