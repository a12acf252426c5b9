// The commands about operations: how they are written, and what they print.

import { expect, test } from "vitest";

import { parseCommandLine } from "../../../src/cli/parse-command-line.ts";
import { PLAIN } from "../../../src/cli/paint.ts";
import {
    renderLanded,
    renderLog,
    renderPropagated,
    renderRollback,
} from "../../../src/cli/render-operations.ts";
import type { LandedDto, OperationDto } from "../../../src/protocol/index.ts";

const PAINT = PLAIN;

function command(...args: string[]): unknown {
    const line = parseCommandLine(args);
    return line.kind === "run" ? line.command : line;
}

test("apply is checked on a branch unless something else is said", () => {
    expect(command("apply", "p.json")).toEqual({
        ...{ name: "apply", file: "p.json", inPlace: false, withUncommitted: false },
        ...{ validate: "check", land: "branch", bring: [], keep: false, fresh: false },
    });
    const more = ["--validate", "deep", "--land", "patch", "--with-uncommitted", "--keep"];
    expect(command("apply", "p.json", "--bring", "a", "--bring", "b/c.rs")).toMatchObject({
        bring: ["a", "b/c.rs"],
    });
    expect(command("apply", "p.json", "--in-place", "--bring", "a")).toMatchObject({
        kind: "usage",
    });
    expect(command("apply", "p.json", ...more)).toMatchObject({
        ...{ validate: "deep", land: "patch", withUncommitted: true, keep: true },
    });
    expect(command("apply", "p.json", "--in-place")).toMatchObject({ inPlace: true });
    expect(command("rollback", "ab12", "--land", "fast-forward")).toMatchObject({
        ...{ name: "rollback", opId: "ab12", validate: "check", land: "fast-forward" },
    });
    expect(command("replay", "ab12", "-o", "p.json")).toEqual({
        ...{ name: "replay", opId: "ab12", out: "p.json" },
    });
    expect(command("log", "--limit", "3")).toEqual({ name: "log", limit: 3 });
});

test.each([
    [["apply", "p.json", "--in-place", "--keep"], "so without --keep"],
    [["apply", "p.json", "--validate", "all"], "--validate is one of check, tests, deep, not all"],
    [["rollback", "x", "--land", "main"], "--land is one of branch, fast-forward, patch, not main"],
    [["log", "--keep"], "log takes no --keep"],
])("says what is wrong with %j", (args, message) => {
    const line = parseCommandLine(args);
    expect(line.kind === "usage" ? line.message : line.kind).toContain(message);
});

const LANDED: LandedDto = {
    commit: "9c".repeat(20),
    base: "f1".repeat(20),
    landing: "branch",
    branch: "refactor/x/y",
    checks: [
        {
            ...{
                kind: "cargo",
                command: "cargo check",
                before: 2,
                added: 0,
                compiledBefore: 0,
                compiled: 1,
            },
            ...{ millisecondsBefore: 100, milliseconds: 1234 },
        },
    ],
    notes: ["a note"],
};

test("prints where a commit is, and what was checked", () => {
    expect(renderLanded(LANDED, PAINT)).toEqual([
        "  ok cargo check  1.2 s, 1 target compiled, 2 wrong before and still",
        "commit 9c9c9c9c9c9c is on branch refactor/x/y",
        "  git merge refactor/x/y",
        "a note",
    ]);
    const patch = { ...LANDED, landing: "patch" as const, patchFile: "a.patch", textFile: "a.md" };
    expect(renderLanded(patch, PAINT).slice(1, 3)).toEqual([
        "commit 9c9c9c9c9c9c is in a.patch",
        "a text for it is in a.md",
    ]);
});

test("prints the log, and what was undone", () => {
    const operation: OperationDto = {
        ...{ opId: "f7978320-8247-4431-9561-40a612834a66", patchId: "first", result: "failed" },
        ...{ description: "rename a to b", appliedCommit: null, endedMs: 0 },
        ...{ planFingerprint: null, diagnostics: "EXECUTOR_BROKEN: it does not compile\nx\ny" },
    };
    expect(renderLog({ operations: [operation], known: 3 }, PAINT)).toEqual([
        "f7978320  1970-01-01 00:00:00  failed  first",
        "    rename a to b",
        "    EXECUTOR_BROKEN: it does not compile (2 more lines)",
        "and 2 older; --limit shows more",
    ]);
    const undone = {
        files: ["a.rs"],
        moves: [],
        edits: 1,
        root: "",
        opId: "2",
        undone: "123456789",
    };
    expect(renderRollback({ ...undone, how: "written" }, PAINT)).toEqual([
        "undone 12345678: 1 file written back",
        "operation 2",
    ]);
});

test("propagate takes revisions, or numbers of deltas, and says what is here of each rename", () => {
    expect(command("propagate", "base", "main", "--out", "p.json")).toEqual({
        name: "propagate",
        between: { kind: "revisions", from: "base", to: "main" },
        accept: [],
        out: "p.json",
    });
    expect(command("propagate", "3", "12", "--deltas")).toMatchObject({
        between: { kind: "deltas", from: 3, to: 12 },
    });
    expect(command("propagate", "a", "b", "--accept", "breaks-api")).toMatchObject({
        accept: ["breaks-api"],
    });
    const wrong = parseCommandLine(["propagate", "base", "main", "--deltas"]);
    expect(wrong.kind === "usage" ? wrong.message : "").toContain("FROM is a number of deltas");
    const one = { kind: "function", from: "k::a", to: "k::b", here: undefined };
    const renames = [
        { ...one, state: "made" as const },
        { ...one, state: "taken" as const },
    ];
    expect(renderPropagated({ renames, patch: undefined }, PAINT)).toEqual([
        "function k::a -> k::b  is made here",
        "function k::a -> k::b  both names are here: left alone",
    ]);
    expect(renderPropagated({ renames: [], patch: undefined }, PAINT)).toEqual([
        "nothing was renamed between the two",
    ]);
});
