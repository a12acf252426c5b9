// Positions between offsets and LSP, in every encoding, with characters outside the BMP, CRLF and BOM.

import { expect, test } from "vitest";

import { LineIndex, type ColumnEncoding } from "../../../src/base/index.ts";
import { OpenDocuments } from "../../../src/server/documents.ts";
import {
    chooseEncoding,
    fromPosition,
    fromRange,
    toPosition,
} from "../../../src/server/positions.ts";

const TEXT = 'let a = "\u{1f980}é";\r\nlet b = a;\r\n';
const ENCODINGS: readonly ColumnEncoding[] = ["utf-8", "utf-16", "utf-32"];

test("chooses UTF-16 unless the client does not offer it", () => {
    expect(chooseEncoding(undefined)).toBe("utf-16");
    expect(chooseEncoding([])).toBe("utf-16");
    expect(chooseEncoding(["utf-8", "utf-16"])).toBe("utf-16");
    expect(chooseEncoding(["utf-8", "utf-32"])).toBe("utf-8");
    expect(chooseEncoding(["utf-32"])).toBe("utf-32");
    expect(chooseEncoding(["utf-7"])).toBe("utf-16");
});

test("counts characters outside the BMP as each encoding does", () => {
    const lines = new LineIndex(TEXT);
    const offset = TEXT.indexOf(";");
    const columns = ENCODINGS.map((encoding) => toPosition(lines, offset, encoding).character);
    expect(columns).toEqual([16, 13, 12]);
});

test.each(ENCODINGS)("goes there and back in %s", (encoding) => {
    const lines = new LineIndex(TEXT);
    for (let offset = 0; offset <= TEXT.length; offset++) {
        const code = TEXT.charCodeAt(offset);
        const isInside = (code >= 0xdc00 && code < 0xe000) || TEXT[offset] === "\n";
        if (!isInside) {
            expect(fromPosition(lines, toPosition(lines, offset, encoding), encoding)).toBe(offset);
        }
    }
});

test.each(ENCODINGS)("does not count a byte order mark in %s", (encoding) => {
    const lines = new LineIndex("\ufefffn main() {}");
    expect(toPosition(lines, 4, encoding)).toEqual({ line: 0, character: 3 });
    expect(fromPosition(lines, { line: 0, character: 3 }, encoding)).toBe(4);
});

test("ends a line before its terminator", () => {
    const lines = new LineIndex(TEXT);
    expect(fromPosition(lines, { line: 1, character: 99 }, "utf-16")).toBe(TEXT.length - 2);
    expect(fromPosition(lines, { line: 99, character: 0 }, "utf-16")).toBe(TEXT.length);
});

test("puts a reversed range in order", () => {
    const lines = new LineIndex("abc");
    const range = { start: { line: 0, character: 2 }, end: { line: 0, character: 1 } };
    expect(fromRange(lines, range, "utf-16")).toEqual({ start: 1, end: 2 });
});

test("applies incremental changes one after the other", () => {
    const documents = new OpenDocuments();
    const uri = "file:///a.rs";
    documents.open({ uri, version: 1, path: "a.rs", lines: new LineIndex("ab\u{1f980}c") });
    const at = (from: number, to: number): object => ({
        start: { line: 0, character: from },
        end: { line: 0, character: to },
    });
    const changes = [
        { range: at(2, 6), text: "X" },
        { range: at(0, 1), text: "" },
    ] as Parameters<OpenDocuments["change"]>[1];
    const after = documents.change({ uri, version: 2 }, changes, "utf-8");
    expect(after?.lines.text).toBe("bXc");
    expect(documents.findByPath("a.rs")?.version).toBe(2);
    documents.change({ uri, version: 3 }, [{ text: "whole" }], "utf-8");
    expect(documents.findByPath("a.rs")?.lines.text).toBe("whole");
    expect(documents.change({ uri: "file:///b.rs", version: 1 }, [], "utf-8")).toBeUndefined();
    expect(documents.close(uri)?.lines.text).toBe("whole");
    expect(documents.findByPath("a.rs")).toBeUndefined();
});
