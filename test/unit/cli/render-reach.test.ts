import { expect, test } from "vitest";

import { PLAIN } from "../../../src/cli/paint.ts";
import { renderReach } from "../../../src/cli/render-reach.ts";
import type { SymbolDto } from "../../../src/protocol/index.ts";

function symbol(path: string, kind: string): SymbolDto {
    const at = { path: "core/src/orbit.rs", line: 1, column: 11 };
    return { id: "0123456789abcdef", name: "n", kind, path, crate: "core", at };
}

test("shows the symbols of widest reach, and how many there are more", () => {
    const lines = renderReach(
        {
            widest: [
                { symbol: symbol("core::Orbit", "struct"), reached: 1234, depth: 11 },
                { symbol: symbol("core::Orbit::period", "method"), reached: 7, depth: 1 },
            ],
            asked: 40,
            unreached: 3,
            root: "ab".repeat(32),
        },
        () => undefined,
        PLAIN,
    );
    expect(`\n${lines.join("\n")}\n`).toMatchInlineSnapshot(`
      "
      widest reach of 40 symbols; nothing reaches 3 of them

      1,234  11 steps  struct  core::Orbit          core/src/orbit.rs:2:12
          7    1 step  method  core::Orbit::period  core/src/orbit.rs:2:12

      … and 38 more symbols; --limit 0 shows all

      graph root abababababababababababababababababababababababababababababababab
      "
    `);
});
