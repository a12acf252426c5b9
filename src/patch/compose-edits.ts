// Edits upon edits as edits of the first text: each file is a list of pieces, of the text as it was and of
// what was put in (a piece table).

import { assert, required, type Span } from "../base/index.ts";

/** An edit of a text. */
export interface PieceEdit {
    readonly span: Span;
    readonly newText: string;
    /** Position of the operation that makes it. */
    readonly operation: number;
}

type Piece =
    | { readonly kind: "kept"; readonly start: number; readonly end: number }
    | { readonly kind: "put"; readonly text: string; readonly operations: readonly number[] };

/** An edit of the first text, by all operations that had part in it. */
export interface ComposedEdit {
    readonly span: Span;
    readonly oldText: string;
    readonly newText: string;
    readonly operations: readonly number[];
}

/** One text under edits. */
export class PieceText {
    readonly #first: string;
    #pieces: readonly Piece[];

    constructor(text: string) {
        this.#first = text;
        this.#pieces = text === "" ? [] : [{ kind: "kept", start: 0, end: text.length }];
    }

    /** The text now. */
    text(): string {
        return this.#pieces.map((piece) => this.#textOf(piece)).join("");
    }

    /** Makes edits, whose spans speak of the text now; they may not overlap. */
    edit(edits: readonly PieceEdit[]): void {
        const ordered = [...edits].sort((a, b) => a.span.start - b.span.start);
        const result: Piece[] = [];
        const pieces = [...this.#pieces];
        let position = 0;
        const takeTo = (end: number, keep: boolean): number[] => {
            const dropped: number[] = [];
            while (position < end) {
                const piece = required(pieces.shift(), "an edit lies inside the text");
                const length = this.#textOf(piece).length;
                const part = Math.min(length, end - position);
                if (part < length) {
                    pieces.unshift(cut(piece, part, length));
                }
                const taken = cut(piece, 0, part);
                if (keep) {
                    result.push(taken);
                } else if (taken.kind === "put") {
                    dropped.push(...taken.operations);
                }
                position += part;
            }
            return dropped;
        };
        for (const { span, newText, operation } of ordered) {
            assert(span.start >= position, "edits overlap");
            takeTo(span.start, true);
            const before = takeTo(span.end, false);
            const operations = [...new Set([...before, operation])];
            result.push({ kind: "put", text: newText, operations });
        }
        this.#pieces = [...result, ...pieces];
    }

    /** What leads from the first text to the text now, in ascending order. */
    edits(): ComposedEdit[] {
        const edits: ComposedEdit[] = [];
        let position = 0;
        let text = "";
        let operations: readonly number[] = [];
        const flush = (start: number): void => {
            const oldText = this.#first.slice(position, start);
            if (oldText !== text) {
                const span = { start: position, end: start };
                const by = [...new Set(operations)].sort((a, b) => a - b);
                edits.push({ span, oldText, newText: text, operations: by });
            }
            text = "";
            operations = [];
        };
        for (const piece of this.#pieces) {
            if (piece.kind === "put") {
                text += piece.text;
                operations = [...operations, ...piece.operations];
            } else if (piece.start === position && text === "" && operations.length === 0) {
                position = piece.end;
            } else {
                flush(piece.start);
                position = piece.end;
            }
        }
        flush(this.#first.length);
        return edits;
    }

    #textOf(piece: Piece): string {
        return piece.kind === "kept" ? this.#first.slice(piece.start, piece.end) : piece.text;
    }
}

/** Part of a piece, by offsets in its text. */
function cut(piece: Piece, start: number, end: number): Piece {
    return piece.kind === "kept"
        ? { kind: "kept", start: piece.start + start, end: piece.start + end }
        : { ...piece, text: piece.text.slice(start, end) };
}
