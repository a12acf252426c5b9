// Another server's edit, read; and the boldest edit that our own plan allows.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { editsOfPlan } from "../../../bench/accuracy/candidate-edit.ts";
import { digestOf } from "../../../bench/accuracy/judge.ts";
import { editText } from "../../../bench/accuracy/workspace-copy.ts";
import { readWorkspaceEdit } from "../../../bench/peers/rename-peer.ts";

let root = "";

beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), "rename-peer-"));
    writeFileSync(path.join(root, "a.rs"), "let old = 1;\nuse_it(old);\n");
});

afterEach(() => {
    rmSync(root, { recursive: true, force: true });
});

function edit(line: number, from: number, to: number, annotationId?: string): object {
    const range = { start: { line, character: from }, end: { line, character: to } };
    return { range, newText: "new", ...(annotationId === undefined ? {} : { annotationId }) };
}

describe("readWorkspaceEdit", () => {
    test("reads edits and moves, and takes the old text from the file", () => {
        const uri = pathToFileURL(path.join(root, "a.rs")).href;
        const answer = readWorkspaceEdit(
            {
                documentChanges: [
                    { textDocument: { uri }, edits: [edit(0, 4, 7), edit(1, 7, 10)] as never },
                    { kind: "rename", oldUri: uri, newUri: uri.replace("a.rs", "b.rs") },
                ],
            },
            root,
        );
        expect(answer).toMatchObject({ kind: "edit", outside: [], needsYes: false });
        if (answer.kind === "edit") {
            expect(answer.change.edits.map(({ oldText }) => oldText)).toEqual(["old", "old"]);
            expect(answer.change.moves).toEqual([{ from: "a.rs", to: "b.rs" }]);
        }
    });

    test("tells files outside the workspace apart, and a wish for confirmation", () => {
        const uri = pathToFileURL(path.join(root, "a.rs")).href;
        const std = "file:///usr/lib/std/lib.rs";
        const answer = readWorkspaceEdit(
            {
                changes: { [uri]: [edit(0, 4, 7, "x")] as never, [std]: [edit(0, 0, 1)] as never },
                changeAnnotations: { x: { needsConfirmation: true } },
            },
            root,
        );
        expect(answer).toMatchObject({ outside: ["/usr/lib/std/lib.rs"], needsYes: true });
    });

    test("takes an empty edit for a refusal", () => {
        expect(readWorkspaceEdit({ documentChanges: [] }, root).kind).toBe("refused");
    });
});

test("the boldest edit of a plan replaces undecided tokens of the old name, and no others", () => {
    const text = "old(1); m!(old); n!(new);\n";
    const at = (column: number): { path: string; line: number; column: number } => ({
        path: "a.rs",
        line: 0,
        column,
    });
    const place = (
        column: number,
    ): { at: ReturnType<typeof at>; reason: string; lineText: string } => ({
        at: at(column),
        reason: "",
        lineText: text,
    });
    const made = editsOfPlan(
        {
            edits: [
                {
                    ...at(0),
                    endLine: 0,
                    endColumn: 3,
                    oldText: "old",
                    newText: "new",
                    precision: "exact",
                    role: "call",
                },
            ],
            moves: [],
            unproved: [place(11), place(20), place(0)],
            newName: "new",
        },
        "old",
        () => text,
    );
    expect(editText(text, made.edits)).toBe("new(1); m!(new); n!(new);\n");
});

test("a change has the same digest in any order, and another for another name", () => {
    const one = { ...{ path: "a", line: 0, column: 0, endLine: 0, endColumn: 1 }, oldText: "a" };
    const first = { ...one, newText: "b" };
    const second = { ...one, line: 1, newText: "b" };
    const digest = digestOf({ edits: [first, second], moves: [] });
    expect(digestOf({ edits: [second, first], moves: [] })).toBe(digest);
    expect(digestOf({ edits: [first, { ...second, newText: "c" }], moves: [] })).not.toBe(digest);
});
