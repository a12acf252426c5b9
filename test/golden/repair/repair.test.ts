// What the compiler says of edited text, and what that says of tokens: each case is a text file.
//
//     TITLE
//     --- rename NEW_NAME, bold|plain
//     the workspace before, with the cursor as `$0`
//     --- says
//     CODE PATH:LINE `TEXT` [called at LINE `TEXT`]: MESSAGE, of the text after; a line each
//     --- gives
//     what is said of each token of the text before; or nothing
//
// `bold` edits every doubtful token of the old name, `plain` none.

import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

import { LineIndex } from "../../../src/base/index.ts";
import type { Diagnostic, DiagnosticSpan } from "../../../src/cargo/index.ts";
import {
    applyEdits,
    findRenameTarget,
    planRename,
    readRepairs,
    type RenameContext,
    type RenamePlan,
} from "../../../src/refactor/index.ts";
import { repoPath } from "../../../src/base/index.ts";
import { parseFixture } from "../../support/fixture.ts";
import { openFixture } from "../../support/rename-check.ts";

const FOLDER = new URL("178-repair/", import.meta.url);
const CASE =
    /^[^\n]+\n--- rename (?<name>\w+), (?<way>bold|plain)\n(?<before>[^]*?)--- says\n(?<says>[^]*?)--- gives\n(?<gives>[^]*)$/u;
const LINE =
    /^(?<code>\S*) (?<file>[^ :]+):(?<line>\d+) `(?<text>[^`]+)`(?: called at (?<callLine>\d+) `(?<callText>[^`]+)`)?: (?<message>.*)$/u;

function place(lines: LineIndex, file: string, line: string, text: string): DiagnosticSpan {
    const from = lines.lineStart(Number(line) - 1);
    const at = lines.text.indexOf(text, from);
    expect(at, `${text} at ${file}:${line}`).toBeGreaterThanOrEqual(from);
    const start = lines.position(at);
    const end = lines.position(at + text.length);
    return {
        ...{ file, line: start.line, column: start.column },
        ...{ endLine: end.line, endColumn: end.column },
        ...{ isPrimary: true, label: "", calls: [] },
    };
}

function diagnosticOf(said: string, textAfter: (path: string) => string): Diagnostic {
    const { code, file, line, text, callLine, callText, message } = LINE.exec(said)!.groups!;
    const lines = new LineIndex(textAfter(file!));
    const span = place(lines, file!, line!, text!);
    const calls = callLine === undefined ? [] : [place(lines, file!, callLine, callText!)];
    return {
        level: code!.includes("_") ? "warning" : "error",
        code: code!,
        message: message!,
        rendered: message!,
        ...{ manifestPath: "Cargo.toml", targetName: "main" },
        spans: [{ ...span, calls }],
    };
}

function planFor(context: RenameContext, name: string, way: string, at: [string, number]): RenamePlan {
    const start = findRenameTarget(context, repoPath(at[0]), at[1]);
    expect(start.kind).toBe("start");
    const target = (start as Extract<typeof start, { kind: "start" }>).target;
    const plain = planRename(context, target, name) as RenamePlan;
    expect(plain.kind).toBe("plan");
    const doubts = new Set(plain.unproved.map(({ path, span }) => `${path}:${span.start}`));
    return way === "plain"
        ? plain
        : (planRename(context, target, name, {
              told: ({ file, span }) =>
                  doubts.has(`${file}:${span.start}`) ? "is-subject" : undefined,
          }) as RenamePlan);
}

test.each(readdirSync(FOLDER).sort())("%s", (file) => {
    const match = CASE.exec(readFileSync(new URL(file, FOLDER), "utf8"));
    expect(match, `${file} is no case`).not.toBeNull();
    const { name, way, before, says, gives } = match!.groups!;
    const fixture = parseFixture(before!);
    const context = openFixture(fixture);
    const { path, offset } = fixture.cursor!;
    const plan = planFor(context, name!, way!, [path, offset]);
    const textAfter = (one: string): string =>
        applyEdits(
            context.textOf(one),
            plan.edits.filter((edit) => edit.path === one),
        );
    const diagnostics = says!
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => diagnosticOf(line, textAfter));
    const repairs = readRepairs(context, plan, diagnostics).map((repair) => {
        const lines = new LineIndex(context.textOf(repair.path));
        const { line, column } = lines.position(repair.span.start);
        const part = repair.part === undefined ? "" : `, its ${repair.part}`;
        return `${repair.path}:${line + 1}:${column + 1}${part} ${repair.relation} (${repair.code})\n`;
    });
    expect(repairs.join("")).toBe(gives);
});
