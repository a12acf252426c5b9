import { expect, test } from "vitest";

import { PLAIN } from "../../../src/cli/paint.ts";
import { renderFlow } from "../../../src/cli/render-flow.ts";
import type { FlowBlockDto, FlowResult, SymbolDto } from "../../../src/protocol/index.ts";

const PERIOD: SymbolDto = {
    id: "0123456789abcdef",
    name: "period",
    kind: "method",
    path: "core::orbit::Orbit::period",
    crate: "core",
    at: { path: "core/src/orbit.rs", line: 1, column: 11 },
};

const AT = { path: "core/src/orbit.rs", line: 1, column: 4 };

function block(number: number, next: number[], distance: number): FlowBlockDto {
    return {
        id: "0".repeat(16),
        number,
        at: number === 2 ? undefined : AT,
        next,
        distance,
    };
}

const FLOW: FlowResult = {
    symbol: PERIOD,
    configurations: ["default"],
    shard: "cd".repeat(32),
    from: 1,
    bodies: [
        { part: "", blocks: [block(0, [1, 2], -1), block(1, [2], 0), block(2, [], 1)] },
        { part: "{closure#0}", blocks: [block(0, [], 0)] },
    ],
};

const ALL = { unreachedOnly: false };

function render(flow: FlowResult, view = ALL): string[] {
    return renderFlow(flow, view, () => "    let a = 1;", PLAIN);
}

test("shows only the blocks that are not reached", () => {
    expect(render(FLOW, { unreachedOnly: true }).slice(3, -2)).toEqual([
        "body  3 blocks, 3 edges; 2 reached from bb1",
        "  bb0  core/src/orbit.rs:2  let a = 1;  \u2192 bb1, bb2  not reached",
        "",
        "{closure#0}  1 block, 0 edges; 1 reached from bb0",
    ]);
});

test("shows what every way to a block passes, or that no way leads there", () => {
    const passed = [
        { part: "", to: 2, blocks: [1, 2] },
        { part: "", to: 0, blocks: [] },
        { part: "{closure#0}", to: 0, blocks: [0] },
    ];
    expect(render({ ...FLOW, passed }).slice(3, -2)).toEqual([
        "every way from bb1 to bb2 passes",
        "  bb1  core/src/orbit.rs:2  let a = 1;  \u2192 bb2",
        "  bb2                                   ends",
        "",
        "no way leads from bb1 to bb0",
        "",
        "every way from bb0 to bb0 of {closure#0} passes",
        "  bb0  core/src/orbit.rs:2  let a = 1;  ends",
    ]);
});

test("shows blocks with what may follow them, and which are not reached", () => {
    const lines = render(FLOW);
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
