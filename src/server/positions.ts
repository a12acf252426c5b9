// Positions between the program and LSP: the negotiated encoding, and byte order marks, which a
// file may begin with and editors do not count.

import type { ColumnEncoding, LineIndex, Span } from "../base/index.ts";
import type { Position, Range } from "vscode-languageserver";

const BYTE_ORDER_MARK = 0xfeff;

/** Chooses the position encoding: UTF-16 unless the client does not offer it. */
export function chooseEncoding(offered: readonly string[] | undefined): ColumnEncoding {
    if (offered === undefined || offered.length === 0 || offered.includes("utf-16")) {
        return "utf-16";
    }
    const known = offered.find((each) => each === "utf-8" || each === "utf-32");
    return known ?? "utf-16"; // LSP: every client must support UTF-16.
}

/** Turns an offset into an LSP position. */
export function toPosition(lines: LineIndex, offset: number, encoding: ColumnEncoding): Position {
    const { line, column } = lines.position(offset, encoding);
    const hidden = line === 0 ? markWidth(lines, encoding) : 0;
    return { line, character: Math.max(0, column - hidden) };
}

/** Turns a span into an LSP range. */
export function toRange(lines: LineIndex, span: Span, encoding: ColumnEncoding): Range {
    return {
        start: toPosition(lines, span.start, encoding),
        end: toPosition(lines, span.end, encoding),
    };
}

/** Turns an LSP position into an offset; one beyond a line's end is the line's end. */
export function fromPosition(
    lines: LineIndex,
    position: Position,
    encoding: ColumnEncoding,
): number {
    const hidden = position.line === 0 ? markWidth(lines, encoding) : 0;
    return lines.offset({ line: position.line, column: position.character + hidden }, encoding);
}

/** Turns an LSP range into a span; a reversed range is put in order. */
export function fromRange(lines: LineIndex, range: Range, encoding: ColumnEncoding): Span {
    const start = fromPosition(lines, range.start, encoding);
    const end = fromPosition(lines, range.end, encoding);
    return start <= end ? { start, end } : { start: end, end: start };
}

function markWidth(lines: LineIndex, encoding: ColumnEncoding): number {
    if (lines.text.charCodeAt(0) !== BYTE_ORDER_MARK) {
        return 0;
    }
    return encoding === "utf-8" ? 3 : 1;
}
