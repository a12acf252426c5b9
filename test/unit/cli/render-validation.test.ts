// A validated rename as a person reads it.

import { expect, test } from "vitest";

import { PLAIN } from "../../../src/cli/paint.ts";
import { renderValidation } from "../../../src/cli/render-validation.ts";
import type { ValidateRenameResult } from "../../../src/protocol/index.ts";

const PLACE = { path: "src/lib.rs", line: 6, column: 4 };

const RESULT: ValidateRenameResult = {
    symbol: { id: "", name: "area", kind: "method", path: "m::area", crate: "m", at: PLACE },
    newName: "extent",
    fingerprint: "c0ffee".repeat(8),
    diff: "-area\n+extent\n",
    edits: [
        {
            ...PLACE,
            ...{ endLine: 6, endColumn: 8, newText: "extent", oldText: "area" },
            precision: "exact",
            role: "definition",
        },
    ],
    moves: [],
    conflicts: [],
    fileHashes: {},
    written: false,
    opId: "f7978320",
    evidence: {
        configurations: [
            { name: "default", judged: true },
            { name: "all targets", judged: false, reason: "unresolved import `x`" },
        ],
        rounds: [
            { fingerprint: "a", added: [PLACE], removed: [], diagnostics: 2 },
            { fingerprint: "b", added: [], removed: [PLACE], diagnostics: 0 },
        ],
        bindings: { verdict: "equal", compared: 1200, crates: ["m"] },
        mir: { verdict: "equal", bodies: 1 },
        checks: [
            {
                ...{ command: "cargo check --workspace", before: 0, added: 0 },
                kind: "cargo",
                ...{ millisecondsBefore: 100, milliseconds: 2000, compiledBefore: 0, compiled: 3 },
            },
        ],
        link: { verdict: "not-run", reason: "nothing for the linker", milliseconds: 0 },
        docLinks: { verdict: "passed", milliseconds: 400 },
        doctests: { verdict: "not-run", reason: "no code", milliseconds: 0 },
        durations: [],
        milliseconds: 4300,
        notes: ["2 uncommitted files are no part of what was checked"],
    },
};

test("shows the edit that would be made, and all that was found", () => {
    expect(renderValidation(RESULT, PLAIN).join("\n")).toBe(
        [
            "-area",
            "+extent",
            "validated m::area to extent: 1 edit in 1 file",
            "  ok default compiles",
            "  -- all targets is left out: unresolved import `x`",
            "  ok 2 rounds, 1 token changed by what the compiler said",
            "  ok 1,200 bindings and MIR of 1 body are equal in m",
            "  ok documentation links (0.4 s)",
            "  -- documentation tests not run: no code",
            "  -- linking not run: nothing for the linker",
            "  0.1 s before, 2.0 s after: cargo check --workspace",
            "  2 uncommitted files are no part of what was checked",
            "  4.3 s in all",
            "nothing is written; --write writes exactly these edits once they pass",
            "operation f7978320, fingerprint c0ffeec0ffeec0ff",
        ].join("\n"),
    );
});

test("says what is written without its diff, and what was not compared", () => {
    const { evidence } = RESULT;
    const aside = { verdict: "not-compared", reason: "an unknown compiler" } as const;
    const lines = renderValidation(
        {
            ...RESULT,
            written: true,
            evidence: {
                ...evidence,
                bindings: { ...aside, compared: 0, crates: [] },
                mir: { ...aside, bodies: 0 },
            },
        },
        PLAIN,
    );
    expect(lines[0]).toBe("renamed m::area to extent: 1 edit in 1 file");
    expect(lines).toContain("  -- bindings and MIR are not compared: an unknown compiler");
    expect(lines.join("\n")).not.toContain("nothing is written");
});
