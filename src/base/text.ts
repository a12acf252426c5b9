// Positions in text. Inside the program a place is a UTF-16 offset into the decoded text of a file;
// lines, columns and other encodings exist at the borders only.

/** A half-open range of UTF-16 offsets. */
export interface Span {
    readonly start: number;
    readonly end: number;
}

/** How a client counts columns. */
export type ColumnEncoding = "utf-8" | "utf-16" | "utf-32";

/** A 0-based line and column; the column's unit is the ColumnEncoding in use. */
export interface LineColumn {
    readonly line: number;
    readonly column: number;
}

/** Maps offsets of one text to lines and columns and back. Lines end at LF, CRLF or CR. */
export class LineIndex {
    readonly text: string;
    readonly #starts: Uint32Array;

    constructor(text: string) {
        this.text = text;
        this.#starts = findLineStarts(text);
    }

    get lineCount(): number {
        return this.#starts.length;
    }

    /** Offset at which a line starts; the text's length for a line beyond the end. */
    lineStart(line: number): number {
        return this.#starts[line] ?? this.text.length;
    }

    /** Offset at which a line's content ends, its terminator left out. */
    lineEnd(line: number): number {
        let end = this.lineStart(line + 1);
        const start = this.lineStart(line);
        if (end > start && line + 1 < this.lineCount && this.text.charCodeAt(end - 1) === 10) {
            end -= 1;
        }
        if (end > start && line + 1 < this.lineCount && this.text.charCodeAt(end - 1) === 13) {
            end -= 1;
        }
        return end;
    }

    /** Line and column of an offset, the column in the given encoding. */
    position(offset: number, encoding: ColumnEncoding = "utf-16"): LineColumn {
        const line = this.lineOf(offset);
        const start = this.lineStart(line);
        if (encoding === "utf-16") {
            return { line, column: offset - start };
        }
        return { line, column: measure(this.text.slice(start, offset), encoding) };
    }

    /** Offset of a line and column; a column past the line's end gives the line's end. */
    offset(at: LineColumn, encoding: ColumnEncoding = "utf-16"): number {
        if (at.line >= this.lineCount) {
            return this.text.length;
        }
        const start = this.lineStart(at.line);
        const end = this.lineEnd(at.line);
        if (encoding === "utf-16") {
            return Math.min(start + at.column, end);
        }
        let units = 0;
        let offset = start;
        while (offset < end && units < at.column) {
            const code = this.text.codePointAt(offset) ?? 0;
            units += encoding === "utf-32" ? 1 : utf8Length(code);
            offset += code > 0xffff ? 2 : 1;
        }
        return offset;
    }

    /** The 0-based line that holds an offset. */
    lineOf(offset: number): number {
        let low = 0;
        let high = this.#starts.length - 1;
        while (low < high) {
            const middle = (low + high + 1) >> 1;
            if ((this.#starts[middle] ?? 0) <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}

function findLineStarts(text: string): Uint32Array {
    const starts: number[] = [0];
    if (!text.includes("\r")) {
        // Most texts: what searches natively is ten times as fast.
        for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", end + 1)) {
            starts.push(end + 1);
        }
        return Uint32Array.from(starts);
    }
    for (let i = 0; i < text.length; i++) {
        const code = text.charCodeAt(i);
        if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) {
            starts.push(i + 1);
        }
    }
    return Uint32Array.from(starts);
}

function measure(text: string, encoding: "utf-8" | "utf-32"): number {
    let units = 0;
    for (const char of text) {
        units += encoding === "utf-32" ? 1 : utf8Length(char.codePointAt(0) ?? 0);
    }
    return units;
}

function utf8Length(code: number): number {
    if (code < 0x80) {
        return 1;
    }
    if (code < 0x800) {
        return 2;
    }
    return code < 0x10000 ? 3 : 4;
}
