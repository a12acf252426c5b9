// What stands in a source in the place of tokens that are left out: as long as they were, with their lines, so that all
// that follows stays where it was.

import type { RustTokens } from "../dump/rust-tokens.ts";

/** What stands in a text instead of what stood there. */
export interface Replacement {
    readonly start: number;
    readonly end: number;
    readonly text: string;
    /** Bodies that go by it. */
    readonly bodies: number;
}

/** What is put where some tokens were, at their beginning and at their end. */
export interface Put {
    readonly put: string;
    readonly close: string;
    readonly bodies: number;
}

/** Blanks. */
export const NOTHING: Put = { put: "", close: "", bodies: 0 };

/** Puts something in the place of tokens; none where it has no room. */
export function replace(
    tokens: RustTokens,
    [from, to]: readonly [number, number],
    { put, close, bodies }: Put,
): Replacement[] {
    const start = tokens.starts[from] ?? 0;
    const end = tokens.ends[to - 1] ?? start;
    const text = fill(tokens.text.slice(start, end), put, close);
    return text === undefined ? [] : [{ start, end, text, bodies }];
}

/** As long as what was there, with its lines, so that all that follows stays where it was. */
function fill(was: string, put: string, close: string): string | undefined {
    const lines = was.split("\n");
    const first = lines[0] ?? "";
    const last = lines.at(-1) ?? "";
    // Columns count characters, not units.
    const width = (line: string): number => Array.from(line).length;
    if (lines.length === 1) {
        const blanks = width(first) - put.length - close.length;
        return blanks < 0 ? undefined : put + " ".repeat(blanks) + close;
    }
    const blanks = width(last) - close.length;
    return blanks < 0
        ? undefined
        : `${put}${"\n".repeat(lines.length - 1)}${" ".repeat(blanks)}${close}`;
}
