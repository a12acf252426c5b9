// What status, captures and roots look like.

import { expect, test } from "vitest";

import { PLAIN } from "../../../src/cli/paint.ts";
import { renderCapture, renderRoot, renderStatus } from "../../../src/cli/render-status.ts";
import type { StatusResult } from "../../../src/protocol/index.ts";

function text(lines: readonly string[]): string {
    return `\n${lines.join("\n")}\n`;
}

const STATUS: StatusResult = {
    memory: { limitBytes: undefined, dropped: [], isExceeded: false },
    root: "somewhere/orrery",
    pid: 4242,
    serverVersion: "0.1.0",
    protocolVersion: 1,
    state: "ready",
    readOnlyReason: "",
    workspaceSource: "cargo-metadata",
    packages: 6,
    targets: 14,
    files: 52,
    filesOutsideTargets: ["scratch/old.rs"],
    lines: 3021,
    symbols: 1002,
    edges: { contains: 900, call: 1200, "control-flow": 0, reference: 800, implements: 40 },
    occurrences: { symbol: 8000, external: 700, unresolved: 12 },
    frontends: [{ name: "syntax", state: "ready", precision: "syntactic" }],
    rustc: {
        phase: "idle",
        reason: "",
        compiler: "rustc 1.95.0",
        capturedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
        milliseconds: 61_000,
        bytes: 3_000_000,
        units: 5,
        unitsWithFlow: 2,
        configurations: [
            {
                name: "default",
                cargoFolder: "",
                compiles: true,
                errorCount: 0,
                firstError: "",
            },
            {
                name: "tests",
                cargoFolder: "",
                compiles: false,
                errorCount: 1,
                firstError: "cannot find value `x` in this scope",
            },
        ],
        stale: [{ crate: "app (test)", reason: "does not compile" }],
        exact: { symbol: 7000, local: 900, ambiguous: 0 },
        implicit: { edges: { operator: 1200, drop: 3 }, outside: 4000, notMapped: 25 },
        disagreements: {
            count: 1,
            first: [
                {
                    path: "src/lib.rs",
                    start: 12,
                    name: "go",
                    reason: "the resolver says a::go, rustc says b::go",
                },
            ],
        },
    },
    rustAnalyzer: {
        phase: "idle",
        reason: "",
        advice: "",
        version: "rust-analyzer 1.96.0",
        capturedAt: Date.UTC(2026, 0, 2, 3, 5, 5),
        milliseconds: 31_000,
        bytes: 900_000,
        documents: 48,
        occurrences: 9000,
        taken: 8000,
        leftOut: { collided: 12, "in-macro": 40 },
        methodCalls: { seen: 1000, known: 970 },
        exact: { symbol: 300, local: 0 },
        disagreements: {
            count: 2,
            outvoted: 1,
            first: [
                {
                    path: "src/lib.rs",
                    start: 40,
                    name: "run",
                    reason: "the resolver says a::run, rust-analyzer says b::run",
                },
            ],
        },
    },
    tables: {
        state: "open",
        rows: { files: 52, symbols: 1002 },
        root: "93".repeat(32),
        k: 164,
        bytes: 4_000_000,
        error: "",
        gitProblem: "",
        types: [],
        checkpoint: undefined,
    },
    stateRoot: "aa".repeat(32),
    graphRoot: "bb".repeat(32),
    deltaCount: 4000,
    commitCount: 2,
    clients: ["cli"],
    backlog: 3,
    memoryBytes: 123_456_789,
    heldFiles: 0,
    disk: [{ file: "main.graph.log", bytes: 2048 }],
    problems: [
        { code: "MODULE_FILE_MISSING", message: "no file for `mod x;`", path: "a.rs", line: 3 },
    ],
    searches: { backend: "C++", card: "no driver" },
    versions: { node: "20.19.0" },
    lastCaptureMilliseconds: 812,
    warmStartMilliseconds: 95,
};

test("shows the status", () => {
    expect(text(renderStatus(STATUS, PLAIN))).toMatchInlineSnapshot(`
      "
      workspace       somewhere/orrery (from cargo-metadata)
      daemon          process 4242, version 0.1.0, protocol 1
      state           ready
      captured        6 packages, 14 targets, 52 files, 3,021 lines
      graph           1,002 symbols; edges: 900 contains, 1,200 call, 800 reference, 40 implements
      occurrences     8,000 symbol, 700 external, 12 unresolved
      frontend        syntax: ready, syntactic
      rustc's facts   5 compilations (2 with control flow), 2.9 MiB, captured 2026-01-02T03:04:05.000Z in 1 min 1 s, rustc 1.95.0
      compiled        default
      compiled        tests: 1 error, cannot find value \`x\` in this scope
      exact           7,000 symbol, 900 local
      implicit        1,200 operator, 3 drop; 4,000 leave the workspace, 25 not mapped
      disagreements   1
      rust-analyzer   8,000 of 9,000 occurrences in 48 files, 879 KiB, captured 2026-01-02T03:05:05.000Z in 31.0 s, rust-analyzer 1.96.0
      left out        12 collided, 40 in-macro
      exact by it     300 symbol
      disagreements   2, and 1 against rustc and resolver
      tables          1,054 rows, 3.8 MiB; after delta 164, graph root 9393939393939393
                      files 52, symbols 1,002
      history         4,000 deltas in 2 commits
      state root      aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
      graph root      bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
      searches        C++; card: no driver
      memory          118 MiB, no syntax held
      disk            2.0 KiB (main.graph.log 2.0 KiB)
      last capture    812 ms
      warm start      95 ms
      backlog         3 changes
      clients         cli
      versions        node 20.19.0

      1 file that no target reaches:
        scratch/old.rs

      crates whose facts are not of their present state:
        app (test): does not compile

      rustc and the resolver disagree:
        src/lib.rs, offset 12: \`go\`: the resolver says a::go, rustc says b::go

      rust-analyzer says another thing than the rest:
        src/lib.rs, offset 40: \`run\`: the resolver says a::run, rust-analyzer says b::run

      1 problem:
        a.rs:4: no file for \`mod x;\` [MODULE_FILE_MISSING]
      "
    `);
});

test("says why a store is read-only", () => {
    const archived = {
        ...STATUS,
        disk: [
            { file: "workspace.archive-1200", bytes: 4096 },
            { file: "workspace.archive-90", bytes: 2048 },
            { file: "workspace.archive-90.tmp", bytes: 1 },
        ],
    };
    expect(text(renderStatus(archived, PLAIN))).toContain(
        "archives        up to commit 90 (2.0 KiB), up to commit 1,200 (4.0 KiB)",
    );
    expect(text(renderStatus(STATUS, PLAIN))).not.toContain("archives");
    const status = { ...STATUS, state: "read-only", readOnlyReason: "the disk is full" } as const;
    expect(text(renderStatus(status, PLAIN))).toContain("read-only: the disk is full");
});

test("shows what a capture did", () => {
    const result = {
        files: 52,
        parsed: 3,
        lines: 3021,
        symbols: 1002,
        edges: 2940,
        deltas: 17,
        root: "bb".repeat(32),
        milliseconds: 1234,
        problems: [],
    };
    expect(text(renderCapture(result, PLAIN))).toMatchInlineSnapshot(`
      "
      captured 52 files, 3,021 lines (3 parsed) in 1.2 s
        1,002 symbols, 2,940 edges; 17 deltas committed
        graph root bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
      "
    `);
});

test("says when a capture has found nothing to do", () => {
    const result = {
        files: 52,
        parsed: 0,
        lines: 3021,
        symbols: 1002,
        edges: 2940,
        deltas: 0,
        root: "bb".repeat(32),
        milliseconds: 5,
        problems: [],
    };
    expect(renderCapture(result, PLAIN)[0]).toBe(
        "up to date: 52 files, 3,021 lines; looked through in 5 ms",
    );
});

test("shows the roots", () => {
    const root = {
        stateRoot: "a1",
        graphRoot: "b2",
        nodeRoot: "c3",
        edgeRoot: "d4",
        fileRoot: "e5",
        deltaCount: 1,
        commitCount: 1,
        nodes: 1,
        edges: 2000,
        files: 3,
        logRoot: "f6",
    };
    expect(text(renderRoot(root))).toMatchInlineSnapshot(`
      "
      state root   a1
      graph root   b2
      node root    c3  1 node
      edge root    d4  2,000 edges
      file root    e5  3 files
      log root     f6  1 delta in 1 commit
      "
    `);
});

test("a limit of memory is shown with what it has cost", () => {
    const dropped = [{ what: "syntax", times: 2, items: 104 }];
    const memory = { limitBytes: 512 * 2 ** 20, dropped, isExceeded: true };
    expect(text(renderStatus({ ...STATUS, memory }, PLAIN))).toMatch(
        /memory limit +512[.0]* MiB; let go: syntax \(2 times, 104 in all\); what must be held exceeds it/,
    );
    const quiet = { limitBytes: 2 ** 30, dropped: [], isExceeded: false };
    expect(text(renderStatus({ ...STATUS, memory: quiet }, PLAIN))).toContain("nothing let go");
});
