// Which names a token of a macro's body can be, by what stands beside it: outside of other macros' input a body
// is Rust as it is written. Says no only where Rust's grammar does.

import { firstAfter, lastBefore } from "./places.ts";

/** What a symbol can be named as. */
export type SymbolClass =
    "method" | "field" | "value" | "type" | "module" | "macro" | "member-type" | "variant";

const WORD_LENGTH_MAX = 16;

/** Words before the name of something new; `const` stands before a pointer's type, too. */
const NEW_TYPE = /^(?:fn|struct|enum|union|trait|type|mod)$/u;
const NEW_ITEM = /^(?:fn|struct|enum|union|trait|type|mod|const|static)$/u;

/** Whether a free token, one that follows neither a dot nor a quote, can name something of a class. */
export function fitsBody(kind: SymbolClass, text: string, span: BodySpan): boolean {
    const { start, end } = span;
    const from = firstAfter(text, end);
    const next = text.slice(from, from + 2);
    const word = wordBefore(text, start);
    if (/^[$#]/u.test(next) || next === "//" || next === "/*" || word === undefined) {
        // A variable may bring any token, and a comment hides what is beside it.
        return true;
    }
    const isPath = next === "::";
    const isBang = next.startsWith("!") && next !== "!=";
    const ends = isBang ? false : /^[;,})\]]/u.test(next) || /^as\b/u.test(text.slice(from));
    switch (kind) {
        case "macro":
            return isBang || (ends && isImported(text, start, word));
        case "module":
            // By itself it stands in an import, or in `pub(in a::b)`.
            return isPath || (ends && (word === "in" || isImported(text, start, word)));
        case "field":
            return !isPath && (ends || next.startsWith(":")) && !NEW_ITEM.test(word);
        case "method":
            return span.isAfterColons || /^(?:fn|const)$/u.test(word);
        case "member-type":
            // By itself it stands in a bound, never before a path.
            return span.isAfterColons || word === "type" || (!isPath && /^[=:]/u.test(next));
        case "value":
            return !isBang && (!isPath || isTurbofish(text, from)) && !NEW_ITEM.test(word);
        case "type":
        case "variant":
            return !isBang && !NEW_TYPE.test(word);
    }
}

/** Where a token stands, and whether `::` stands before it. */
export interface BodySpan {
    readonly start: number;
    readonly end: number;
    readonly isAfterColons: boolean;
}

/** Whether a macro's name without `!` can be an import's: behind `use`, `::`, or in a list. */
function isImported(text: string, start: number, word: string): boolean {
    return word === "use" || /[:{,]/u.test(text[lastBefore(text, start)] ?? "");
}

function isTurbofish(text: string, colons: number): boolean {
    return text[firstAfter(text, colons + 2)] === "<";
}

/** The keyword before a token, empty for none; undefined where a comment may stand between. */
function wordBefore(text: string, start: number): string | undefined {
    const end = lastBefore(text, start) + 1;
    const line = text.slice(text.lastIndexOf("\n", end - 1) + 1, end);
    const isOnLine = !text.slice(end, start).includes("\n");
    if (text.endsWith("*/", end) || (!isOnLine && line.includes("//"))) {
        return undefined;
    }
    const word = /[a-z]+$/u.exec(text.slice(Math.max(0, end - WORD_LENGTH_MAX), end))?.[0] ?? "";
    return /[\p{XID_Continue}$#]/u.test(text[end - word.length - 1] ?? "") ? "" : word;
}
