// Places for people, and the token under a cursor.

import { LineIndex, type Place, type Span } from "../base/index.ts";

/** Turns an offset of a file into a place. */
export function placeAt(text: string, path: string, offset: number): Place {
    const { line, column } = new LineIndex(text).position(offset);
    return { path, line, column };
}

/** A word of the text, as far as characters tell. */
export interface WordToken {
    /** Without quote; a raw prefix is inside. */
    readonly span: Span;
    readonly name: string;
    readonly raw: boolean;
    readonly quoted: boolean;
    /** It begins with a digit. */
    readonly isNumber: boolean;
}

const WORD_PART = /[\p{XID_Continue}_]/u;

/** The word that an offset touches; an end counts as inside. Undefined between words. */
export function wordAt(text: string, offset: number): WordToken | undefined {
    let at = offset;
    // A cursor on the `#` or `r` of a raw prefix, or on a quote, means the name after it.
    if (text[at] === "'" && isWordPart(text, at + 1)) {
        at += 1;
    } else if (text[at] === "#" && text[at - 1] === "r" && isWordPart(text, at + 1)) {
        at += 1;
    } else if (text.startsWith("r#", at) && isWordPart(text, at + 2) && !isWordPart(text, at - 1)) {
        at += 2;
    }
    let start = at;
    while (start > 0 && isWordPart(text, start - 1)) {
        start -= 1;
    }
    let end = at;
    while (end < text.length && isWordPart(text, end)) {
        end += 1;
    }
    if (start === end) {
        return undefined;
    }
    const name = text.slice(start, end);
    const raw = text.startsWith("r#", start - 2) && !isWordPart(text, start - 3);
    const first = raw ? start - 2 : start;
    return {
        span: { start: first, end },
        name,
        raw,
        quoted: text[first - 1] === "'" && text[end] !== "'",
        isNumber: /^\p{Nd}/u.test(name),
    };
}

/** Whether the UTF-16 unit at an index belongs to a word; both halves of a pair count. */
function isWordPart(text: string, index: number): boolean {
    if (index < 0 || index >= text.length) {
        return false;
    }
    const unit = text.charCodeAt(index);
    const start = unit >= 0xdc00 && unit <= 0xdfff ? index - 1 : index;
    return WORD_PART.test(String.fromCodePoint(text.codePointAt(start) ?? 0));
}

const SPACE = /\s/u;

/** Offset of the last character before `offset` that is no blank; -1 when there is none. */
export function lastBefore(text: string, offset: number): number {
    let at = offset - 1;
    while (at >= 0 && SPACE.test(text[at] ?? "")) {
        at -= 1;
    }
    return at;
}

/** Offset of the first character at or after `offset` that is no blank. */
export function firstAfter(text: string, offset: number): number {
    let at = offset;
    while (at < text.length && SPACE.test(text[at] ?? "")) {
        at += 1;
    }
    return at;
}

/** Whether the text after a token continues a path. */
export function isBeforeColons(text: string, end: number): boolean {
    return text.startsWith("::", firstAfter(text, end));
}
