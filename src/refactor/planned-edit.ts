// An edit that knows where each token it replaces ends up: what the proof pairs tokens by.

import type { Span } from "../base/index.ts";
import type { FileMove, TextEdit } from "./model.ts";

/** Which of the two names at a shorthand token. */
export type TokenPart = "field" | "value" | undefined;

/** A token inside an edit. */
interface EditedToken {
    readonly before: Span;
    readonly part: TokenPart;
    /** Offset and length in the new text. */
    readonly at: number;
    readonly length: number;
    /** Set when the token is shorthand afterwards. */
    readonly partAfter: TokenPart;
}

/** An edit with its tokens. */
export interface PlannedEdit extends TextEdit {
    readonly tokens: readonly EditedToken[];
}

/** A token's place after the edits. */
export interface MappedToken {
    readonly file: string;
    readonly start: number;
    readonly part: TokenPart;
}

interface FileMap {
    /** Ascending, disjoint. */
    readonly edits: readonly PlannedEdit[];
    /** Growth of the text through all edits before each one. */
    readonly shifts: readonly number[];
}

/** Maps tokens of the text before to the text after. */
export class EditMap {
    readonly #files = new Map<string, FileMap>();
    readonly #moves = new Map<string, string>();

    constructor(
        editsByFile: ReadonlyMap<string, readonly PlannedEdit[]>,
        moves: readonly FileMove[],
    ) {
        for (const [file, edits] of editsByFile) {
            const ordered = [...edits].sort((a, b) => a.span.start - b.span.start);
            const shifts: number[] = [];
            let shift = 0;
            for (const edit of ordered) {
                shifts.push(shift);
                shift += edit.newText.length - (edit.span.end - edit.span.start);
            }
            this.#files.set(file, { edits: ordered, shifts });
        }
        for (const move of moves) {
            this.#moves.set(move.from, move.to);
        }
    }

    fileAfter(file: string): string {
        return this.#moves.get(file) ?? file;
    }

    /** Where a token is afterwards; a part is given for shorthand tokens. */
    map(file: string, start: number, part: TokenPart): MappedToken {
        const fileAfter = this.fileAfter(file);
        const map = this.#files.get(file);
        if (map === undefined) {
            return { file: fileAfter, start, part };
        }
        const index = lastStartingAt(map.edits, start);
        const edit = map.edits[index];
        if (edit === undefined) {
            return { file: fileAfter, start, part };
        }
        const base = map.shifts[index] ?? 0;
        if (start >= edit.span.end) {
            const growth = edit.newText.length - (edit.span.end - edit.span.start);
            return { file: fileAfter, start: start + base + growth, part };
        }
        const token =
            edit.tokens.find((one) => one.before.start === start && one.part === part) ??
            edit.tokens.find((one) => one.before.start === start);
        const inside = token === undefined ? start - edit.span.start : token.at;
        return {
            file: fileAfter,
            start: edit.span.start + base + inside,
            part: token === undefined ? part : token.partAfter,
        };
    }
}

/** Index of the last edit that starts at or before an offset; -1 when there is none. */
function lastStartingAt(edits: readonly PlannedEdit[], offset: number): number {
    let low = -1;
    let high = edits.length - 1;
    while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((edits[middle]?.span.start ?? 0) <= offset) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    return low;
}
