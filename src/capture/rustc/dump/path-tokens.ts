// Finds the tokens of a path's segments. The compiler gives a path one span and its segments none; the
// span may hold generic arguments, comments, a qualified self type, or only the last part of an import.

import { closingToken } from "./macro-bodies.ts";
import { TOKEN, type RustTokens } from "./rust-tokens.ts";

/** Token index per segment, -1 where it has none. */
export type SegmentTokens = readonly number[];

/** Index after the generic arguments whose `<` stands at `open`. */
export function skipAngles(tokens: RustTokens, open: number): number {
    let depth = 0;
    for (let index = open; index < tokens.count; index += 1) {
        if (tokens.isPunctuation(index, "<")) {
            depth += 1;
        } else if (tokens.isPunctuation(index, ">")) {
            const before = tokens.text[(tokens.starts[index] ?? 0) - 1];
            if (before !== "-" && before !== "=") {
                depth -= 1;
                if (depth === 0) {
                    return index + 1;
                }
            }
        } else if (["(", "[", "{"].some((open) => tokens.isPunctuation(index, open))) {
            index = closingToken(tokens, index);
        }
    }
    return tokens.count;
}

// What may follow a path in its span: arguments of `Fn(…)`, an import's braces and star, brackets around.
const AFTER_PATH = "({*),";

/** Tokens of the identifiers of a path that a range of offsets is; none when it is something else. */
export function pathIdents(tokens: RustTokens, start: number, end: number): number[] {
    let index = tokens.firstEndingAfter(start);
    while (tokens.isPunctuation(index, "(")) {
        index += 1;
    }
    const found: number[] = [];
    if (tokens.isPunctuation(index, "<")) {
        const after = skipAngles(tokens, index);
        found.push(...traitIdents(tokens, index + 1, after - 1));
        index = after;
    }
    for (; index < tokens.count && (tokens.starts[index] ?? 0) < end; index += 1) {
        if (tokens.kinds[index] === TOKEN.ident) {
            found.push(index);
        } else if (tokens.isPunctuation(index, "<")) {
            index = skipAngles(tokens, index) - 1;
        } else if (!tokens.isPunctuation(index, ":") && !tokens.isPunctuation(index, "$")) {
            // Desugared code has spans of whole expressions, such as the `val` of `val?`.
            return AFTER_PATH.includes(tokens.name(index)) ? found : [];
        }
    }
    return found;
}

/** Identifiers of `Trait` in `<Type as Trait>`. */
function traitIdents(tokens: RustTokens, first: number, last: number): number[] {
    for (let index = first; index < last; index += 1) {
        if (tokens.isPunctuation(index, "<")) {
            index = skipAngles(tokens, index) - 1;
        } else if (tokens.kinds[index] === TOKEN.ident && tokens.name(index) === "as") {
            return pathIdents(tokens, tokens.starts[index + 1] ?? 0, tokens.starts[last] ?? 0);
        }
    }
    return [];
}

/** Pairs segments with tokens from the last to the first; a name that differs ends the pairing. */
export function alignSegments(
    tokens: RustTokens,
    range: { readonly start: number; readonly end: number },
    names: readonly string[],
    isImport: boolean,
): SegmentTokens {
    const found = names.map(() => -1);
    const idents = pathIdents(tokens, range.start, range.end);
    let left = names.length - 1;
    // `use a::b::{self}` names b by a token that stands before the braces.
    const isSelf = isImport && idents.length === 1 && tokens.name(idents[0] ?? 0) === "self";
    let token = idents.length - 1;
    if (!isSelf || names[left] === "self") {
        for (; token >= 0 && left >= 0; token -= 1, left -= 1) {
            if (tokens.name(idents[token] ?? 0) !== names[left]) {
                return found;
            }
            found[left] = idents[token] ?? -1;
        }
    }
    if (isImport && left >= 0) {
        alignGroup(tokens, idents[0] ?? tokens.firstEndingAfter(range.start), names, found, left);
    }
    return found;
}

/** Goes on to the left of a grouped import's braces: `a::b::{c, d::{e}}`. */
// eslint-disable-next-line max-params -- the state of one pairing
function alignGroup(
    tokens: RustTokens,
    from: number,
    names: readonly string[],
    found: number[],
    last: number,
): void {
    let left = last;
    let index = from - 1;
    while (left >= 0) {
        // Idents before `::` continue the same level; else the level's opening brace is looked for.
        while (left >= 0 && index >= 2 && tokens.isPathSeparator(index - 1)) {
            const ident = index - 2;
            if (tokens.kinds[ident] !== TOKEN.ident || tokens.name(ident) !== names[left]) {
                return;
            }
            found[left] = ident;
            left -= 1;
            index = ident - 1;
        }
        const open = openingBrace(tokens, index);
        if (open < 0) {
            return;
        }
        index = open - 1;
        if (!tokens.isPathSeparator(index - 1)) {
            return;
        }
    }
}

/** The unclosed `{` before an index, inside one `use` item; -1 when there is none. */
function openingBrace(tokens: RustTokens, from: number): number {
    let depth = 0;
    for (let index = from; index >= 0; index -= 1) {
        if (tokens.isPunctuation(index, "}")) {
            depth += 1;
        } else if (tokens.isPunctuation(index, "{")) {
            if (depth === 0) {
                return index;
            }
            depth -= 1;
        } else if (
            tokens.isPunctuation(index, ";") ||
            (tokens.kinds[index] === TOKEN.ident && tokens.name(index) === "use")
        ) {
            return -1;
        }
    }
    return -1;
}
