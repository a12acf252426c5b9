// Positions in text: line ends of all kinds, and columns in all encodings.

import { expect, test } from "vitest";
import fc from "fast-check";

import { LineIndex } from "../../../src/base/index.ts";

const TEXT = "one\r\ntwo 🦀é\rthree\n";

test("ends lines at LF, CRLF and CR", () => {
    const lines = new LineIndex(TEXT);
    const content = [0, 1, 2, 3].map((line) =>
        TEXT.slice(lines.lineStart(line), lines.lineEnd(line)),
    );
    expect(content).toEqual(["one", "two 🦀é", "three", ""]);
    expect(lines.lineCount).toBe(4);
});

test("counts columns in the unit that is asked for", () => {
    const lines = new LineIndex(TEXT);
    const end = lines.lineEnd(1);
    expect(lines.position(end)).toEqual({ line: 1, column: 7 });
    expect(lines.position(end, "utf-32")).toEqual({ line: 1, column: 6 });
    expect(lines.position(end, "utf-8")).toEqual({ line: 1, column: 10 });
});

test("stops at the end of a line and of the text", () => {
    const lines = new LineIndex(TEXT);
    expect(lines.offset({ line: 0, column: 99 })).toBe(3);
    expect(lines.offset({ line: 99, column: 0 })).toBe(TEXT.length);
});

test("finds the way back from every position", () => {
    const characters = fc.constantFrom("a", "é", "🦀", "\n", "\r\n", "\r", " ");
    const encoding = fc.constantFrom("utf-8" as const, "utf-16" as const, "utf-32" as const);
    fc.assert(
        fc.property(fc.array(characters), encoding, (parts, unit) => {
            const text = parts.join("");
            const lines = new LineIndex(text);
            for (let line = 0; line < lines.lineCount; line++) {
                const offset = lines.lineEnd(line);
                expect(lines.offset(lines.position(offset, unit), unit)).toBe(offset);
            }
        }),
    );
});
