// Edits applied, mapped and shown.

import { describe, expect, test } from "vitest";

import { applyEdits, renderUnifiedDiff, type TextEdit } from "../../../src/refactor/index.ts";
import { EditMap, type PlannedEdit } from "../../../src/refactor/planned-edit.ts";

function edit(path: string, start: number, oldText: string, newText: string): TextEdit {
    const span = { start, end: start + oldText.length };
    return { path, span, oldText, newText, role: "value", precision: "syntactic" };
}

describe("applyEdits", () => {
    test("takes edits in any order", () => {
        const edits = [edit("a", 4, "b", "long"), edit("a", 0, "a", "")];
        expect(applyEdits("a + b;", edits)).toBe(" + long;");
    });

    test("does not accept edits that overlap", () => {
        const edits = [edit("a", 0, "abc", "x"), edit("a", 2, "c", "y")];
        expect(() => applyEdits("abcd", edits)).toThrow("overlap");
    });

    test("does not accept edits beyond the text", () => {
        expect(() => applyEdits("ab", [edit("a", 1, "bc", "x")])).toThrow("outside");
    });
});

describe("EditMap", () => {
    const whole = (start: number, oldText: string, newText: string): PlannedEdit => ({
        ...edit("a.rs", start, oldText, newText),
        tokens: [
            {
                before: { start, end: start + oldText.length },
                part: undefined,
                at: 0,
                length: newText.length,
                partAfter: undefined,
            },
        ],
    });

    test("tokens behind edits shift, tokens of other files stay", () => {
        const map = new EditMap(
            new Map([["a.rs", [whole(4, "b", "long"), whole(9, "b", "")]]]),
            [],
        );
        expect([0, 4, 6, 9, 12].map((start) => map.map("a.rs", start, undefined).start)).toEqual([
            0, 4, 9, 12, 14,
        ]);
        expect(map.map("b.rs", 12, undefined)).toEqual({
            file: "b.rs",
            start: 12,
            part: undefined,
        });
    });

    test("a split shorthand token is two tokens afterwards", () => {
        const before = { start: 4, end: 5 };
        const split: PlannedEdit = {
            ...edit("a.rs", 4, "i", "new: i"),
            tokens: [
                { before, part: "field", at: 0, length: 3, partAfter: undefined },
                { before, part: "value", at: 5, length: 1, partAfter: undefined },
            ],
        };
        const map = new EditMap(new Map([["a.rs", [split]]]), [{ from: "a.rs", to: "b.rs" }]);
        expect(map.map("a.rs", 4, "field")).toEqual({ file: "b.rs", start: 4, part: undefined });
        expect(map.map("a.rs", 4, "value")).toEqual({ file: "b.rs", start: 9, part: undefined });
        expect(map.map("a.rs", 6, undefined)).toEqual({ file: "b.rs", start: 11, part: undefined });
    });
});

describe("renderUnifiedDiff", () => {
    const lines = (count: number): string =>
        Array.from({ length: count }, (_, index) => `line ${index + 1}\n`).join("");

    test("three lines of context, one hunk for near changes", () => {
        const text = lines(20);
        const at = (line: number): number => text.indexOf(`line ${line}\n`);
        const edits = [edit("f", at(5), "line", "LINE"), edit("f", at(8), "line", "LINE")];
        expect(renderUnifiedDiff(edits, [], () => text)).toBe(
            "diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -2,10 +2,10 @@\n" +
                " line 2\n line 3\n line 4\n-line 5\n+LINE 5\n line 6\n line 7\n-line 8\n+LINE 8\n" +
                " line 9\n line 10\n line 11\n",
        );
    });

    test("far changes make two hunks, and the second counts the growth of the first", () => {
        const text = lines(20);
        const edits = [
            edit("f", 0, "line 1", "a\nb"),
            edit("f", text.indexOf("line 20"), "line", "x"),
        ];
        const diff = renderUnifiedDiff(edits, [], () => text);
        expect(diff.match(/^@@.*$/gmu)).toEqual(["@@ -1,4 +1,5 @@", "@@ -17,4 +18,4 @@"]);
    });

    test("a file without a final line end says so", () => {
        expect(renderUnifiedDiff([edit("f", 2, "b", "c")], [], () => "a\nb")).toBe(
            "diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n a\n-b\n" +
                "\\ No newline at end of file\n+c\n\\ No newline at end of file\n",
        );
    });

    test("a moved file is a rename, with or without edits", () => {
        const moves = [
            { from: "a.rs", to: "b.rs" },
            { from: "c.rs", to: "d.rs" },
        ];
        expect(renderUnifiedDiff([edit("a.rs", 0, "x", "y")], moves, () => "x\n")).toBe(
            "diff --git a/a.rs b/b.rs\nrename from a.rs\nrename to b.rs\n--- a/a.rs\n+++ b/b.rs\n" +
                "@@ -1,1 +1,1 @@\n-x\n+y\n" +
                "diff --git a/c.rs b/d.rs\nrename from c.rs\nrename to d.rs\n",
        );
    });

    test("line ends of Windows stay in the lines", () => {
        expect(renderUnifiedDiff([edit("f", 0, "a", "b")], [], () => "a\r\n")).toContain(
            "-a\r\n+b\r\n",
        );
    });
});
