// An edit that knows where each token it replaces ends up: what the proof pairs tokens by.

import { appendTo, assert, type Span } from "../base/index.ts";
import type { FileMove, TextEdit } from "./model.ts";

/** Which of the two names at a shorthand token. */
export type TokenPart = "field" | "value" | undefined;

/** A token that an edit writes; it may have stood elsewhere in the file before. */
export interface EditedToken {
    readonly before: Span;
    /** File that it stood in, where that is not the edit's. */
    readonly file?: string;
    readonly part: TokenPart;
    /** Offset and length in the new text. */
    readonly at: number;
    readonly length: number;
    /** Set when the token is shorthand afterwards. */
    readonly partAfter: TokenPart;
}

/** A token that an edit writes and that no token stood for. */
export interface AddedToken {
    /** Offset in the new text. */
    readonly at: number;
    /** Label of the local that it defines. */
    readonly defines?: string;
    /** Label of the local that it must mean; without one any decided meaning will do. */
    readonly means?: string;
    /** It may be undecided: what it is made from was. */
    readonly open?: boolean;
}

/** What an added token must mean: the local defined at a place, or anything that is decided. */
export interface AddedMeaning {
    readonly definition: string | undefined;
    readonly open: boolean;
}

/** An edit with its tokens. */
export interface PlannedEdit extends TextEdit {
    readonly tokens: readonly EditedToken[];
    readonly added?: readonly AddedToken[];
    /** An import token of several meanings becomes one token for each. */
    readonly parted?: boolean;
}

/** Makes one edit of those that begin at one offset: insertions, in their order, and one replacement after. */
export function mergeEdits(edits: readonly PlannedEdit[]): PlannedEdit[] {
    const merged = new Map<string, PlannedEdit>();
    for (const edit of edits) {
        const key = `${edit.path}:${edit.span.start}`;
        const known = merged.get(key);
        merged.set(key, known === undefined ? edit : join(known, edit));
    }
    return [...merged.values()];
}

function join(first: PlannedEdit, second: PlannedEdit): PlannedEdit {
    const isInsertion = first.span.start === first.span.end;
    const [head, tail] = isInsertion ? [first, second] : [second, first];
    assert(head.span.start === head.span.end, "two replacements begin at one offset");
    const shift = head.newText.length;
    const moved = <T extends { readonly at: number }>(tokens: readonly T[]): T[] =>
        tokens.map((token) => ({ ...token, at: token.at + shift }));
    return {
        ...tail,
        newText: head.newText + tail.newText,
        tokens: [...head.tokens, ...moved(tail.tokens)],
        added: [...(head.added ?? []), ...moved(tail.added ?? [])],
    };
}

/** A token's place after the edits. */
export interface MappedToken {
    readonly file: string;
    readonly start: number;
    readonly part: TokenPart;
}

/** One name at a token that an edit elsewhere takes up, and where it is then. */
interface CarriedToken {
    readonly part: TokenPart;
    readonly after: MappedToken;
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
    /** Tokens that an edit elsewhere in the file takes up, by file and start before. */
    readonly #carried = new Map<string, Map<number, CarriedToken[]>>();

    constructor(
        editsByFile: ReadonlyMap<string, readonly PlannedEdit[]>,
        moves: readonly FileMove[],
    ) {
        for (const move of moves) {
            this.#moves.set(move.from, move.to);
        }
        for (const [file, edits] of editsByFile) {
            const ordered = [...edits].sort((a, b) => a.span.start - b.span.start);
            const shifts: number[] = [];
            let shift = 0;
            for (const edit of ordered) {
                shifts.push(shift);
                shift += edit.newText.length - (edit.span.end - edit.span.start);
            }
            this.#files.set(file, { edits: ordered, shifts });
            this.#carry(file, ordered, shifts);
        }
    }

    #carry(file: string, edits: readonly PlannedEdit[], shifts: readonly number[]): void {
        edits.forEach(({ span, tokens }, index) => {
            for (const { before, file: from = file, part, at, partAfter } of tokens) {
                const isElsewhere = before.start < span.start || before.start >= span.end;
                if (from !== file || isElsewhere) {
                    const start = span.start + (shifts[index] ?? 0) + at;
                    const carried = this.#carried.get(from) ?? new Map<number, CarriedToken[]>();
                    this.#carried.set(from, carried);
                    const after = { file: this.fileAfter(file), start, part: partAfter };
                    appendTo(carried, before.start, { part, after });
                }
            }
        });
    }

    /** Places after all edits, by file, of the tokens that edits add; with the local that each must mean. */
    addedTokens(): Map<string, AddedMeaning> {
        const labels = new Map<string, string>();
        const found: { readonly place: string; readonly token: AddedToken }[] = [];
        for (const [file, { edits, shifts }] of this.#files) {
            edits.forEach((edit, index) => {
                for (const token of edit.added ?? []) {
                    const start = edit.span.start + (shifts[index] ?? 0) + token.at;
                    const place = `${this.fileAfter(file)}:${start}`;
                    found.push({ place, token });
                    if (token.defines !== undefined) {
                        labels.set(token.defines, place);
                    }
                }
            });
        }
        return new Map(
            found.map(({ place, token }) => {
                const label = token.means ?? token.defines;
                const definition = label === undefined ? undefined : labels.get(label);
                return [place, { definition, open: token.open === true }];
            }),
        );
    }

    fileAfter(file: string): string {
        return this.#moves.get(file) ?? file;
    }

    /** Tells where tokens of a file are that are asked for in their order; undefined where all stay. */
    cursor(file: string): FileCursor | undefined {
        const map = this.#files.get(file);
        return map === undefined
            ? undefined
            : new FileCursor(map.edits, map.shifts, this.#carried.get(file));
    }

    /** Where a token is afterwards; a part is given for shorthand tokens. */
    map(file: string, start: number, part: TokenPart): MappedToken {
        const fileAfter = this.fileAfter(file);
        const map = this.#files.get(file);
        if (map === undefined) {
            return { file: fileAfter, start, part };
        }
        const carried = this.#carried.get(file)?.get(start);
        const taken = carried?.find((one) => one.part === part) ?? carried?.[0];
        if (taken !== undefined) {
            return taken.after;
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

/** Where the tokens of one file are after the edits, by steps from one to the next. */
export class FileCursor {
    readonly #edits: readonly PlannedEdit[];
    readonly #shifts: readonly number[];
    readonly #carried: ReadonlyMap<number, unknown> | undefined;
    /** Edits that begin before the last token. */
    #passed = 0;
    #last = 0;
    #shift = 0;
    /** Where the last passed edit ends. */
    #end = 0;

    constructor(
        edits: readonly PlannedEdit[],
        shifts: readonly number[],
        carried: ReadonlyMap<number, unknown> | undefined,
    ) {
        this.#edits = edits;
        this.#shifts = shifts;
        this.#carried = carried;
    }

    /** Where the token at `start` begins afterwards; undefined where an edit takes it up. */
    next(start: number): number | undefined {
        if (start < this.#last) {
            this.#passed = 0;
            this.#shift = 0;
            this.#end = 0;
        }
        this.#last = start;
        for (
            let edit = this.#edits[this.#passed];
            edit !== undefined && edit.span.start <= start;
            edit = this.#edits[this.#passed]
        ) {
            const { span, newText } = edit;
            this.#end = span.end;
            this.#shift =
                (this.#shifts[this.#passed] ?? 0) + newText.length - (span.end - span.start);
            this.#passed += 1;
        }
        const isTaken = start < this.#end || this.#carried?.has(start) === true;
        return isTaken ? undefined : start + this.#shift;
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
