import { expect, test } from "vitest";

import { PLAIN } from "../../../src/cli/paint.ts";
import { renderFlow } from "../../../src/cli/render-flow.ts";
import type { FlowResult, SymbolDto } from "../../../src/protocol/index.ts";

const PERIOD: SymbolDto = {
    id: "0123456789abcdef",
    name: "period",
    kind: "method",
    path: "core::orbit::Orbit::period",
    crate: "core",
    at: { path: "core/src/orbit.rs", line: 1, column: 11 },
};

test("shows blocks with what may follow them, and which are not reached", () => {
    const at = { path: "core/src/orbit.rs", line: 1, column: 4 };
    const block = (number: number, next: number[], distance: number) => ({
        id: "0".repeat(16),
        number,
        at: number === 2 ? undefined : at,
        next,
        distance,
    });
    const flow: FlowResult = {
        symbol: PERIOD,
        configurations: ["default"],
        shard: "cd".repeat(32),
        from: 1,
        bodies: [
            { part: "", blocks: [block(0, [1, 2], -1), block(1, [2], 0), block(2, [], 1)] },
            { part: "{closure#0}", blocks: [block(0, [], 0)] },
        ],
    };
    const lines = renderFlow(flow, () => "    let a = 1;", PLAIN);
    expect(`\n${lines.join("\n")}\n`).toMatchInlineSnapshot(`
      "
      method core::orbit::Orbit::period
        core/src/orbit.rs:2:12

      body  3 blocks, 3 edges; 2 reached from bb1
        bb0  core/src/orbit.rs:2  let a = 1;  → bb1, bb2  not reached
        bb1  core/src/orbit.rs:2  let a = 1;  → bb2
        bb2                                   ends

      {closure#0}  1 block, 0 edges; 1 reached from bb0
        bb0  core/src/orbit.rs:2  let a = 1;  ends

      compiled as default; shard cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd
      "
    `);
});
