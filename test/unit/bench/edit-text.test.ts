// Edits of a plan, made on a text.

import { expect, test } from "vitest";

import { editText } from "../../../bench/accuracy/workspace-copy.ts";
import type { EditDto } from "../../../src/protocol/index.ts";

function edit(line: number, column: number, oldText: string, newText: string): EditDto {
    return {
        path: "a.rs",
        line,
        column,
        endLine: line,
        endColumn: column + oldText.length,
        oldText,
        newText,
        precision: "syntactic",
        role: "call",
    };
}

const TEXT = "fn a() {}\r\nfn b() { a(); /* 𝒳 */ a() }\n";

test("makes edits in any order, columns counted in UTF-16", () => {
    const edits = [
        edit(0, 3, "a", "longer"),
        edit(1, 23, "a", "longer"),
        edit(1, 9, "a", "longer"),
    ];
    expect(editText(TEXT, edits)).toBe("fn longer() {}\r\nfn b() { longer(); /* 𝒳 */ longer() }\n");
});

test("refuses a text that is not the one of the plan", () => {
    expect(() => editText(TEXT, [edit(0, 3, "z", "y")])).toThrow("a.rs:1:4: found a, not z");
});

test("refuses edits that overlap", () => {
    expect(() => editText(TEXT, [edit(0, 0, "fn a", "x"), edit(0, 3, "a", "y")])).toThrow(
        "two edits overlap",
    );
});
