// The extension's texts: plans, operations, status, tables, pages, evidence, failures.

import { expect, test } from "vitest";

import { evidenceBody } from "../../../extensions/vscode/src/model/evidence-page.ts";
import { operationRows } from "../../../extensions/vscode/src/model/operation-rows.ts";
import { escapeHtml, pageHtml } from "../../../extensions/vscode/src/model/page.ts";
import { cellText, isNumeric, toCsv } from "../../../extensions/vscode/src/model/query-table.ts";
import { pathAfter, renamePatch } from "../../../extensions/vscode/src/model/rename-patch.ts";
import { askedText, canAccept, planRow } from "../../../extensions/vscode/src/model/rename-tree.ts";
import { statusMarkdown } from "../../../extensions/vscode/src/model/status-page.ts";
import { statusText } from "../../../extensions/vscode/src/model/status-text.ts";
import { bytes, count, timeAgo } from "../../../extensions/vscode/src/model/words.ts";
import {
    failureText,
    isCancelled,
    readFailure,
} from "../../../extensions/vscode/src/request-failure.ts";
import type {
    OperationDto,
    RenamePlanDto,
    StatusResult,
    ValidateRenameResult,
} from "../../../src/protocol/index.ts";

const PLACE = { path: "src/lib.rs", line: 3, column: 7 };
const PLAN: RenamePlanDto = {
    symbol: { id: "1", name: "scale", kind: "function", path: "a::scale", crate: "a", at: PLACE },
    newName: "grow",
    edits: [
        {
            ...PLACE,
            endLine: 3,
            endColumn: 12,
            oldText: "scale",
            newText: "grow",
            precision: "exact",
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
    proof: { verdict: "proved", tokens: 1_240, digest: "d" },
    fileHashes: {},
    fingerprint: "f",
    crates: ["a"],
    files: 1,
};
const OUTPUT = {
    kind: "derive-output",
    grade: "changes-output",
    message: "derives Debug",
    at: [PLACE],
    advice: "say yes",
} as const;

test("shows a plan with its proof and its edits by file", () => {
    const row = planRow(PLAN);
    expect(row).toMatchObject({
        kind: "plan",
        label: "scale → grow",
        description: "1 edit in 1 file · proved over 1,240 tokens",
        icon: "pass",
    });
    expect(row.children).toMatchObject([
        {
            label: "src/lib.rs",
            children: [
                { label: "4:8", description: "scale → grow · definition · exact", at: PLACE },
            ],
        },
    ]);
});

test("a plan that needs a yes may be made, one that is not proved may not", () => {
    const needy = { ...PLAN, applicable: false, needs: ["changes-output"], conflicts: [OUTPUT] };
    expect(canAccept(needy)).toBe(true);
    expect(planRow(needy)).toMatchObject({ kind: "plan", icon: "warning" });
    expect(planRow(needy).children[0]).toMatchObject({ label: "changes-output", at: PLACE });
    const unproved = [{ at: PLACE, reason: "ambiguous", lineText: "scale(2.0)" }];
    const open = { ...needy, unproved };
    expect(canAccept(open)).toBe(false);
    expect(planRow(open)).toMatchObject({ kind: "plan-refused", icon: "error" });
    const error = { ...OUTPUT, grade: "error" } as const;
    expect(canAccept({ ...needy, conflicts: [OUTPUT, error] })).toBe(false);
});

test("makes a rename as a patch, of a path or of a place", () => {
    expect(JSON.parse(renamePatch(PLAN, []))).toEqual({
        id: "rename-scale",
        description: "rename a::scale to grow",
        patterns: [{ match: { symbol: "a::scale" }, action: { rename: "grow" } }],
    });
    const local = { ...PLAN, symbol: { ...PLAN.symbol, id: "", name: "'a", path: "'a" } };
    expect(JSON.parse(renamePatch(local, ["breaks-api"]))).toMatchObject({
        id: "rename--a",
        patterns: [{ match: { symbol: "src/lib.rs:4:8" } }],
        constraints: { only_if_no_conflicts: false, accept: ["breaks-api"] },
    });
    expect(pathAfter(PLAN)).toBe("a::grow");
});

test("shows operations with what came of them", () => {
    const operation: OperationDto = {
        opId: "f7",
        patchId: "first",
        description: "rename a to b",
        result: "applied",
        appliedCommit: null,
        endedMs: 1_000_000,
        planFingerprint: "c0",
        diagnostics: null,
    };
    const failure = { opId: "f8", result: "failed", diagnostics: "E0425\nmore" } as const;
    const undo = { opId: "f9", patchId: "rollback", description: "undo f7: rename a to b" };
    const [row, failed, undone] = operationRows(
        [operation, { ...operation, ...failure }, { ...operation, ...undo }],
        1_000_000 + 7_300_000,
    );
    expect(row).toMatchObject({
        id: "f7",
        kind: "operation-applied",
        label: "rename a to b",
        description: "applied 2 hours ago",
    });
    expect(row?.children.map((each) => each.label)).toEqual(["operation", "patch", "plan"]);
    expect(failed?.children.at(-1)).toMatchObject({ label: "diagnostics", description: "E0425" });
    expect(undone).toMatchObject({ kind: "operation-applied-undo", label: "undo: rename a to b" });
});

test("says in the status bar what the server is doing", () => {
    expect(statusText({ kind: "starting" }).spoken).toBe("Ferrograph is starting");
    expect(statusText({ kind: "stopped", reason: "it has ended" })).toMatchObject({
        isWarning: true,
        spoken: "Ferrograph is not running: it has ended",
    });
    const running = statusText({ kind: "running", status: STATUS });
    expect(running.text).toContain("1,010");
    expect(running.tooltip).toEqual([
        "1,010 symbols in 57 files, 4,896 lines",
        "rustc: idle",
        "memory 96 MiB",
    ]);
    expect(
        statusText({ kind: "running", status: { ...STATUS, state: "read-only" } }).isWarning,
    ).toBe(true);
});

test("shows the status as a page", () => {
    const page = statusMarkdown(STATUS);
    expect(page).toContain("# Ferrograph is ready");
    expect(page).toContain("| Files, lines | 57, 4,896 |");
    expect(page).toContain("| Edges | call 12 |");
});

const STATUS: StatusResult = {
    root: "/w",
    pid: 7,
    serverVersion: "0.1.0",
    protocolVersion: 1,
    state: "ready",
    readOnlyReason: "",
    workspaceSource: "cargo",
    packages: 6,
    targets: 12,
    files: 57,
    filesOutsideTargets: [],
    lines: 4_896,
    symbols: 1_010,
    edges: { call: 12, implements: 0 },
    occurrences: {},
    frontends: [
        { name: "syntax", state: "ready", precision: "syntactic" },
        { name: "rustc", state: "idle", precision: "exact" },
    ],
    rustAnalyzer: {} as StatusResult["rustAnalyzer"],
    rustc: {} as StatusResult["rustc"],
    tables: {
        state: "none",
        rows: {},
        root: "",
        k: 0,
        bytes: 0,
        error: "",
        gitProblem: "",
        types: [],
        checkpoint: undefined,
    },
    stateRoot: "93",
    graphRoot: "94",
    deltaCount: 2_000,
    commitCount: 3,
    clients: ["editor"],
    backlog: 0,
    memoryBytes: 96 * 1024 * 1024,
    memory: {} as StatusResult["memory"],
    heldFiles: 0,
    disk: [{ file: "x.graph.log", bytes: 2_048 }],
    problems: [],
    searches: { backend: "typescript", card: "none" },
    versions: {},
    lastCaptureMilliseconds: 12,
    warmStartMilliseconds: undefined,
};

test("writes tables as comma-separated values", () => {
    expect(
        toCsv(
            [{ name: "a" }, { name: "b,c" }],
            [
                ['say "x"', 1],
                [null, ["l", 2]],
            ],
        ),
    ).toBe('a,"b,c"\r\n"say ""x""",1\r\n,"[""l"",2]"\r\n');
    expect(cellText(true)).toBe("true");
    expect(["UBIGINT", "DOUBLE", "DECIMAL(3,1)", "VARCHAR", "INTERVAL"].map(isNumeric)).toEqual([
        true,
        true,
        true,
        false,
        false,
    ]);
});

test("pages run nothing but their own script, and load nothing from elsewhere", () => {
    const html = pageHtml({
        title: "A <b>",
        nonce: "n0",
        cspSource: "https://own",
        styles: ["https://own/a.css"],
        script: "https://own/a.js",
        body: "<main></main>",
    });
    const policy = /content="([^"]*default-src[^"]*)"/u.exec(html)?.[1];
    expect(policy).toBe(
        "default-src 'none'; style-src https://own 'nonce-n0'; script-src 'nonce-n0'",
    );
    expect(html).toContain("<title>A &lt;b&gt;</title>");
    expect(html.match(/<script/gu)).toHaveLength(1);
    expect(escapeHtml(`<a href="x">&`)).toBe("&lt;a href=&quot;x&quot;&gt;&amp;");
});

test("shows the evidence of a validated rename, and what was not looked at", () => {
    const check = { verdict: "not-run", reason: "nothing seen", milliseconds: 0 } as const;
    const result: ValidateRenameResult = {
        symbol: PLAN.symbol,
        newName: "grow",
        fingerprint: "c07a",
        diff: "--- a/src/lib.rs\n+++ b/src/lib.rs\n@@ -1 +1 @@\n-fn scale<T>() {}\n+fn grow<T>() {}\n",
        edits: PLAN.edits,
        moves: [],
        conflicts: [OUTPUT],
        fileHashes: {},
        written: false,
        opId: "f7",
        evidence: {
            configurations: [
                { name: "default", judged: true },
                { name: "--all-features", judged: false, reason: "does not compile before" },
            ],
            rounds: [{ fingerprint: "c07a", added: [PLACE], removed: [], diagnostics: 0 }],
            bindings: { verdict: "equal", compared: 1_830, crates: ["a", "b"] },
            mir: { verdict: "equal", bodies: 41 },
            checks: [],
            link: check,
            docLinks: check,
            doctests: check,
            durations: [{ stage: "checking", milliseconds: 2_300 }],
            milliseconds: 4_200,
            notes: ["a note"],
        },
    };
    const page = evidenceBody(result);
    expect(page).toContain("Passed: 1 edit in 1 file, not written, 4.2 s.");
    expect(page).toContain("1,830 bindings in a, b");
    expect(page).toContain("41 bodies");
    expect(page).toContain("left out: does not compile before");
    expect(page).toContain("not-run: nothing seen");
    expect(page).toContain("src/lib.rs:4:8");
    expect(page).toContain("<del>-fn scale&lt;T&gt;() {}</del>");
    expect(page).toContain("<b>+++ b/src/lib.rs</b>");
    expect(page).not.toContain("undefined");
});

test("puts refusals into a line, the advice once", () => {
    const data = { code: "SYMBOL_NOT_FOUND", advice: "write a path", candidates: ["a::b", "a::c"] };
    const failure = readFailure(Object.assign(new Error("no such symbol"), { data }));
    expect(failure.code).toBe("SYMBOL_NOT_FOUND");
    expect(failureText(failure)).toBe("no such symbol (a::b; a::c) — write a path");
    expect(failureText({ ...failure, message: "no: write a path", candidates: [] })).toBe(
        "no: write a path",
    );
    expect(readFailure("plain")).toMatchObject({ message: "plain", code: "", candidates: [] });
    expect(isCancelled(Object.assign(new Error("x"), { code: -32800 }))).toBe(true);
    expect(isCancelled(new Error("x"))).toBe(false);
});

test("puts numbers and times into words", () => {
    expect([count(1, "file"), count(12_000, "file")]).toEqual(["1 file", "12,000 files"]);
    expect([bytes(512), bytes(2_048), bytes(50 * 1024 * 1024)]).toEqual([
        "512 B",
        "2.0 KiB",
        "50 MiB",
    ]);
    expect([timeAgo(0, 10_000), timeAgo(0, 61_000), timeAgo(0, 90_000_000)]).toEqual([
        "just now",
        "1 minute ago",
        "1 day ago",
    ]);
});

test("what came of asking rust-analyzer is one line", () => {
    const asked = { state: "answered", reason: "", asked: 2, answered: 1 } as const;
    expect(askedText(undefined)).toBe("");
    expect(askedText(asked)).toBe("rust-analyzer was asked about 2 places and answered 1");
    expect(askedText({ ...asked, state: "aside", reason: "it is not there", asked: 1 })).toBe(
        "rust-analyzer was asked about 1 place: it is not there",
    );
});
