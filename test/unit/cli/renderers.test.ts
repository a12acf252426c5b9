import { expect, test } from "vitest";

import { OperatingError, refuse } from "../../../src/base/index.ts";
import { count, groupDigits, showBytes, showMilliseconds } from "../../../src/cli/layout.ts";
import { COLORED, PLAIN } from "../../../src/cli/paint.ts";
import { renderDoctor } from "../../../src/cli/render-doctor.ts";
import { renderImpact } from "../../../src/cli/render-impact.ts";
import { renderProgress } from "../../../src/cli/render-progress.ts";
import { renderFailure, renderRefusal } from "../../../src/cli/render-refusal.ts";
import { renderApplied, renderDiff, renderRenamePreview } from "../../../src/cli/render-rename.ts";
import type {
    ImpactResult,
    ReachedDto,
    RenameImpactResult,
    RenamePlanDto,
    SymbolDto,
} from "../../../src/protocol/index.ts";

const SOURCE: Readonly<Record<string, readonly string[]>> = {
    "core/src/orbit.rs": ["impl Orbit {", "    pub fn period(&self) -> f64 {", "    }", "}"],
};

const source = (path: string, line: number): string | undefined => SOURCE[path]?.[line];

function text(lines: readonly string[]): string {
    return `\n${lines.join("\n")}\n`;
}

function symbol(path: string, kind: string, place: string): SymbolDto {
    const [file = "", line = "0", column = "0"] = place.split(":");
    return {
        id: "0123456789abcdef",
        name: path.split("::").at(-1) ?? "",
        kind,
        path,
        crate: path.split("::")[0] ?? "",
        at: { path: file, line: Number(line) - 1, column: Number(column) - 1 },
    };
}

const PERIOD = symbol("core::orbit::Orbit::period", "method", "core/src/orbit.rs:2:12");

function reached(index: readonly [number, number, string], of: SymbolDto): ReachedDto {
    const [distance, via, edge] = index;
    return { symbol: of, distance, via, edge, isTest: of.name.startsWith("checks") };
}

const IMPACT: ImpactResult = {
    symbol: PERIOD,
    reached: [
        reached(
            [1, -1, "call"],
            symbol("core::orbit::mean_motion", "function", "core/src/orbit.rs:9:4"),
        ),
        reached([1, -1, "implements"], {
            ...symbol("<sim::Ring as core::Body>::period", "method", "sim/src/lib.rs:5:8"),
            crate: "sim",
        }),
        reached([2, 0, "call"], symbol("sim::step", "function", "sim/src/lib.rs:30:8")),
        reached(
            [3, 2, "reference"],
            symbol("sim::tests::checks_step", "function", "sim/src/lib.rs:90:8"),
        ),
    ],
    crates: [
        { name: "core", symbols: 1 },
        { name: "sim", symbols: 3 },
    ],
    tests: 1,
    root: "ab".repeat(32),
    undecided: 2,
};

test("says of a call that no token names what makes it", () => {
    const [first] = IMPACT.reached;
    const dispatched = { ...first!, edge: "dispatch", through: "core::Body::period" };
    const lines = ["operator", "for"].map((implicit, at) => {
        const reached = [{ ...(at === 0 ? { ...first!, edge: "call" } : dispatched), implicit }];
        return text(
            renderImpact({ ...IMPACT, reached }, { testsOnly: false, limit: 0 }, source, PLAIN),
        );
    });
    expect(lines[0]).toContain("calls it (implicit: operator)");
    expect(lines[1]).toContain("calls Body::period (implicit: for), so maybe it");
});

test("draws a ripple by crate and distance, with tests marked", () => {
    expect(text(renderImpact(IMPACT, { testsOnly: false, limit: 0 }, source, PLAIN)))
        .toMatchInlineSnapshot(`
          "
          method core::orbit::Orbit::period
            core/src/orbit.rs:2:12

          reached from 4 symbols in 2 crates, among them 1 test; farthest 3 steps

          core  1 symbol
          └─ 1 step
             └─ function  orbit::mean_motion  calls it  core/src/orbit.rs:9:4

          sim  3 symbols, 1 test
          ├─ 1 step
          │  └─ method    <Ring as Body>::period  implements it      sim/src/lib.rs:5:8
          ├─ 2 steps
          │  └─ function  step                    calls mean_motion  sim/src/lib.rs:30:8
          └─ 3 steps
             └─ test      tests::checks_step      mentions step      sim/src/lib.rs:90:8

          2 tokens could mean it and are not decided: users may be missing here

          graph root abababababababababababababababababababababababababababababababab
          "
        `);
});

test("shows the tests of a ripple alone", () => {
    expect(text(renderImpact(IMPACT, { testsOnly: true, limit: 0 }, source, PLAIN)))
        .toMatchInlineSnapshot(`
      "
      method core::orbit::Orbit::period
        core/src/orbit.rs:2:12

      reached from 4 symbols in 2 crates, among them 1 test; farthest 3 steps

      sim  1 symbol, 1 test
      └─ 3 steps
         └─ test  tests::checks_step  mentions step  sim/src/lib.rs:90:8

      2 tokens could mean it and are not decided: users may be missing here

      graph root abababababababababababababababababababababababababababababababab
      "
    `);
});

test("says how much of a ripple it leaves out", () => {
    const lines = renderImpact(IMPACT, { testsOnly: false, limit: 1 }, source, PLAIN);
    expect(lines).toContain("… and 3 more symbols, farther away; --limit 0 shows all");
});

test("says when nothing reaches a symbol", () => {
    const alone = { ...IMPACT, reached: [], crates: [], tests: 0, undecided: 0 };
    expect(text(renderImpact(alone, { testsOnly: false, limit: 0 }, source, PLAIN)))
        .toMatchInlineSnapshot(`
      "
      method core::orbit::Orbit::period
        core/src/orbit.rs:2:12

      nothing in the workspace reaches it

      graph root abababababababababababababababababababababababababababababababab
      "
    `);
});

const PLAN: RenamePlanDto = {
    symbol: PERIOD,
    newName: "orbital_period",
    edits: [
        {
            path: "core/src/orbit.rs",
            line: 1,
            column: 11,
            endLine: 1,
            endColumn: 17,
            newText: "orbital_period",
            oldText: "period",
            precision: "syntactic",
            role: "definition",
        },
    ],
    moves: [],
    conflicts: [],
    unproved: [],
    leftAlone: [],
    branches: [],
    applicable: true,
    needs: [],
    proof: { verdict: "proved", tokens: 412, digest: "cd".repeat(32) },
    fileHashes: {},
    fingerprint: "ef".repeat(32),
    crates: ["core"],
    files: 1,
};

const DIFF = [
    "--- a/core/src/orbit.rs",
    "+++ b/core/src/orbit.rs",
    "@@ -2,1 +2,1 @@",
    "-    pub fn period(&self) -> f64 {",
    "+    pub fn orbital_period(&self) -> f64 {",
    "",
].join("\n");

test("says what came of asking rust-analyzer", () => {
    const said = (asked: RenameImpactResult["asked"]): string[] =>
        renderRenamePreview(
            { plan: PLAN, impact: undefined, diff: DIFF, ...(asked && { asked }) },
            source,
            PLAIN,
        ).filter((line) => line.startsWith("rust-analyzer"));
    expect(said(undefined)).toEqual([]);
    expect(said({ state: "answered", reason: "", asked: 2, answered: 1 })).toEqual([
        "rust-analyzer was asked about 2 places and answered 1",
    ]);
    expect(said({ state: "aside", reason: "it is not there", asked: 1, answered: 0 })).toEqual([
        "rust-analyzer was asked about 1 place: it is not there",
    ]);
});

test("previews a rename with its diff, proof and ripple", () => {
    const result = { plan: PLAN, impact: IMPACT, diff: DIFF };
    expect(text(renderRenamePreview(result, source, PLAIN))).toMatchInlineSnapshot(`
      "
      method core::orbit::Orbit::period
        core/src/orbit.rs:2:12
        to be named orbital_period

      --- a/core/src/orbit.rs
      +++ b/core/src/orbit.rs
      @@ -2,1 +2,1 @@
      -    pub fn period(&self) -> f64 {
      +    pub fn orbital_period(&self) -> f64 {

      1 edit in 1 file of core
      proved: 412 bindings compared before and after, digest cdcdcdcdcdcdcdcd
      reached from 4 symbols in 2 crates, among them 1 test; farthest 3 steps
        test sim::tests::checks_step
      "
    `);
});

test("lists conflicts and the places that are not proved", () => {
    const plan: RenamePlanDto = {
        ...PLAN,
        applicable: false,
        moves: [{ from: "core/src/a.rs", to: "core/src/b.rs" }],
        proof: { verdict: "unproved", tokens: 412, digest: "cd".repeat(32) },
        conflicts: [
            {
                kind: "api",
                grade: "breaks-api",
                message: "the crate is published",
                at: [],
                advice: "keep the old name as well",
            },
        ],
        unproved: [
            {
                at: { path: "sim/src/lib.rs", line: 4, column: 6 },
                reason: "the receiver's type is not known",
                lineText: "    x.period();",
            },
        ],
    };
    const result = { plan, impact: undefined, diff: DIFF };
    expect(text(renderRenamePreview(result, source, PLAIN))).toMatchInlineSnapshot(`
      "
      method core::orbit::Orbit::period
        core/src/orbit.rs:2:12
        to be named orbital_period

      --- a/core/src/orbit.rs
      +++ b/core/src/orbit.rs
      @@ -2,1 +2,1 @@
      -    pub fn period(&self) -> f64 {
      +    pub fn orbital_period(&self) -> f64 {
      move core/src/a.rs → core/src/b.rs

      1 edit in 1 file of core; 1 file moves
      unproved at 1 place: 412 bindings compared before and after, digest cdcdcdcdcdcdcdcd

      breaks-api: the crate is published
        to do: keep the old name as well

      unproved at 1 place:
        sim/src/lib.rs:5:7: the receiver's type is not known
           5 |     x.period();
             |       ^
      "
    `);
});

test("says in which branches of conditional compilation a rename edits", () => {
    const linesOf = (branches: readonly string[]): string[] =>
        renderRenamePreview(
            { plan: { ...PLAN, branches }, impact: undefined, diff: DIFF },
            source,
            PLAIN,
        ).filter((line) => line.startsWith("resolved in all branches"));
    expect(linesOf([])).toEqual([]);
    expect(linesOf(["not(unix)", "unix"])).toEqual([
        "resolved in all branches, edits under cfg(not(unix)), cfg(unix); --validate compiles",
    ]);
    expect(linesOf(["a", "b", "c", "d", "e", "f"])).toEqual([
        "resolved in all branches, edits under cfg(a), cfg(b), cfg(c), cfg(d), and 2 more; --validate compiles",
    ]);
});

test("says which tokens a rename leaves alone, and where the first stand", () => {
    const leftAlone = [0, 2, 4, 6].map((line) => ({
        at: { path: line < 4 ? "core/ui/a.rs" : "core/ui/b.rs", line, column: 4 },
        reason: "the file belongs to no target",
        lineText: "x.period();",
    }));
    const lineOf = (count: number): string | undefined =>
        renderRenamePreview(
            {
                plan: { ...PLAN, leftAlone: leftAlone.slice(0, count) },
                impact: undefined,
                diff: DIFF,
            },
            source,
            PLAIN,
        ).find((line) => line.startsWith("left alone"));
    expect(lineOf(0)).toBeUndefined();
    expect(lineOf(1)).toBe(
        "left alone: 1 token in 1 file that no target reaches: core/ui/a.rs:1:5",
    );
    expect(lineOf(4)).toBe(
        "left alone: 4 tokens in 2 files that no target reaches: " +
            "core/ui/a.rs:1:5, core/ui/a.rs:3:5, core/ui/b.rs:5:5, …",
    );
    const applied = {
        ...{ files: ["core/src/orbit.rs"], moves: [], edits: 1 },
        ...{ root: "ab".repeat(32), opId: "5e0c21d4-0000-4000-8000-000000000001" },
    };
    expect(renderApplied({ ...PLAN, leftAlone }, applied, source, PLAIN)).toContain(
        `  ${lineOf(4)!}`,
    );
});

test("says what a rename has written", () => {
    const applied = {
        ...{ files: ["core/src/orbit.rs"], moves: [], edits: 1 },
        ...{ root: "ab".repeat(32), opId: "5e0c21d4-0000-4000-8000-000000000001" },
    };
    expect(text(renderApplied(PLAN, applied, source, PLAIN))).toMatchInlineSnapshot(`
      "
      renamed core::orbit::Orbit::period to orbital_period
        1 edit in 1 file:
          core/src/orbit.rs
        proved: 412 bindings compared before and after, digest cdcdcdcdcdcdcdcd
        graph root abababababababababababababababababababababababababababababababab
        ferrograph rollback 5e0c21d4
      "
    `);
});

test("colors the lines of a diff by what they do", () => {
    expect(renderDiff(DIFF, COLORED).map((line) => JSON.stringify(line.slice(0, 8)))).toEqual([
        String.raw`"\u001b[1m--- "`,
        String.raw`"\u001b[1m+++ "`,
        String.raw`"\u001b[36m@@ "`,
        String.raw`"\u001b[31m-  "`,
        String.raw`"\u001b[32m+  "`,
    ]);
});

test("shows a refusal with its places, candidates and advice", () => {
    const refusal = refuse("SYMBOL_NOT_FOUND", "there is no symbol `core::orbit::periodd`", {
        at: [{ path: "core/src/orbit.rs", line: 1, column: 11 }],
        candidates: ["core::orbit::Orbit::period"],
        advice: "write one of these",
    });
    expect(text(renderRefusal(refusal, source, PLAIN))).toMatchInlineSnapshot(`
      "
      refused: there is no symbol \`core::orbit::periodd\` [SYMBOL_NOT_FOUND]
        at core/src/orbit.rs:2:12
           2 |     pub fn period(&self) -> f64 {
             |            ^
        it could be:
          core::orbit::Orbit::period
        help: write one of these
      "
    `);
});

test("lists what is in the way of a patch", () => {
    const refusal = refuse("PATCH_CONFLICT", "`a::f`: 1 conflicts", {
        candidates: ["error: taken"],
    });
    expect(renderRefusal(refusal, source, PLAIN).slice(1)).toEqual([
        "  in detail:",
        "    error: taken",
    ]);
});

test("shows a failure with its causes", () => {
    const cause = new Error("EACCES: permission denied");
    const error = new OperatingError("DISK_IO", "cannot read Cargo.toml", {
        cause,
        advice: "look",
    });
    expect(text(renderFailure(error, PLAIN))).toMatchInlineSnapshot(`
      "
      failed: cannot read Cargo.toml [DISK_IO]
        because: EACCES: permission denied
        help: look
      "
    `);
});

test("shows what the doctor found", () => {
    const findings = [
        { name: "node", grade: "good", detail: "20.19.0", advice: "" },
        { name: "rust-analyzer", grade: "poor", detail: "not found", advice: "add it" },
    ] as const;
    expect(text(renderDoctor(findings, PLAIN))).toMatchInlineSnapshot(`
      "
      ok    node           20.19.0
      poor  rust-analyzer  not found
                           → add it

      ferrograph works; 1 thing would make it better
      "
    `);
    expect(renderDoctor(findings.slice(0, 1), PLAIN).at(-1)).toBe("all is well");
});

test("draws progress within the width of the terminal", () => {
    const line = renderProgress({ stage: "parsing", done: 1500, total: 3000 }, 80);
    expect(line).toBe("████████████░░░░░░░░░░░░ parsing 1,500 of 3,000");
    expect(renderProgress({ stage: "parsing", done: 1500, total: 3000 }, 20)).toHaveLength(19);
    expect(renderProgress({ stage: "listing", done: 0, total: 0 }, 80)).toBe("listing");
});

test("says numbers, sizes and durations as people do", () => {
    expect([1, 2, 0].map((number) => count(number, "file"))).toEqual([
        "1 file",
        "2 files",
        "0 files",
    ]);
    expect([7, 1234, 1234567].map(groupDigits)).toEqual(["7", "1,234", "1,234,567"]);
    expect([12, 2048, 5_000_000, 3e9].map(showBytes)).toEqual([
        "12 B",
        "2.0 KiB",
        "4.8 MiB",
        "2.8 GiB",
    ]);
    expect([12.4, 1500, 95_000].map(showMilliseconds)).toEqual(["12 ms", "1.5 s", "1 min 35 s"]);
});
