// Where a file defines macros by example, and where it calls macros: a name that the compiler places in
// a macro's body may have been written at a call.

import { TOKEN, type RustTokens } from "./rust-tokens.ts";

/** A macro's definition: its name and the extent of its rules. */
export interface MacroBody {
    readonly name: string;
    readonly start: number;
    readonly end: number;
}

/** Input of a macro call: tokens between its delimiters, as token indices. */
export interface MacroCall {
    readonly first: number;
    readonly last: number;
}

const OPEN = "([{";
const CLOSE = ")]}";

/** Index of the token that closes the delimiter at `open`, or the count of tokens. */
export function closingToken(tokens: RustTokens, open: number): number {
    let depth = 0;
    for (let index = open; index < tokens.count; index += 1) {
        if (tokens.kinds[index] === TOKEN.punctuation) {
            const character = tokens.text[tokens.starts[index] ?? 0] ?? "";
            if (OPEN.includes(character)) {
                depth += 1;
            } else if (CLOSE.includes(character)) {
                depth -= 1;
                if (depth === 0) {
                    return index;
                }
            }
        }
    }
    return tokens.count;
}

function isOpen(tokens: RustTokens, index: number): boolean {
    return (
        tokens.kinds[index] === TOKEN.punctuation &&
        OPEN.includes(tokens.text[tokens.starts[index] ?? 0] ?? " ")
    );
}

/** Finds `macro_rules! name { … }` and `macro name( … ) { … }`. */
export function findMacroBodies(tokens: RustTokens): MacroBody[] {
    const bodies: MacroBody[] = [];
    for (let index = 0; index < tokens.count; index += 1) {
        if (tokens.kinds[index] !== TOKEN.ident) {
            continue;
        }
        const word = tokens.name(index);
        const named =
            word === "macro_rules" && tokens.isPunctuation(index + 1, "!")
                ? index + 2
                : word === "macro"
                  ? index + 1
                  : -1;
        if (named < 0 || tokens.kinds[named] !== TOKEN.ident || !isOpen(tokens, named + 1)) {
            continue;
        }
        let close = closingToken(tokens, named + 1);
        if (word === "macro" && isOpen(tokens, close + 1)) {
            close = closingToken(tokens, close + 1);
        }
        bodies.push({
            name: tokens.name(named),
            start: tokens.starts[named + 1] ?? 0,
            end: tokens.ends[close] ?? tokens.text.length,
        });
        index = close;
    }
    return bodies;
}

/** Finds the outermost macro calls that start inside a range of offsets, definitions left out. */
export function findMacroCalls(tokens: RustTokens, start: number, end: number): MacroCall[] {
    const calls: MacroCall[] = [];
    for (
        let index = tokens.firstEndingAfter(start);
        index < tokens.count && (tokens.starts[index] ?? 0) < end;
        index += 1
    ) {
        if (tokens.kinds[index] !== TOKEN.ident || !tokens.isPunctuation(index + 1, "!")) {
            continue;
        }
        const isDefinition =
            tokens.name(index) === "macro_rules" && tokens.kinds[index + 2] === TOKEN.ident;
        const open = isDefinition ? index + 3 : index + 2;
        if (!isOpen(tokens, open)) {
            continue;
        }
        const close = closingToken(tokens, open);
        if (!isDefinition) {
            calls.push({ first: open + 1, last: close - 1 });
        }
        index = close;
    }
    return calls;
}

/** True when the token is a name in `#[derive(…)]`: what has its place was made by that derive. */
export function isInDerive(tokens: RustTokens, index: number): boolean {
    let at = index;
    while (
        at >= 0 &&
        (tokens.kinds[at] === TOKEN.ident ||
            tokens.isPunctuation(at, ":") ||
            tokens.isPunctuation(at, ","))
    ) {
        at -= 1;
    }
    return tokens.isPunctuation(at, "(") && tokens.name(at - 1) === "derive";
}
