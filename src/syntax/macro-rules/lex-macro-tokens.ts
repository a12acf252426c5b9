// Rust's tokens, as macros see them: operators glued by longest match, delimiters single, comments left out
// unless they document.

import { MACRO_TOKEN, type MacroProblem, type MacroToken } from "./model.ts";

/** A part of a text, to be lexed. */
export interface LexedPart {
    readonly text: string;
    readonly start: number;
    readonly end: number;
    readonly source: number;
}

const LONG_SIGNS = new Set(["<<=", ">>=", "...", "..="]);
const SHORT_SIGNS = new Set([
    ...["==", "!=", "<=", ">=", "&&", "||", "+=", "-=", "*=", "/=", "%=", "^=", "&=", "|="],
    ...["<<", ">>", "::", "->", "<-", "=>", ".."],
]);
const SIGNS = "=<>!~+-*/%^&|@.,;:#$?";

/** Lexes a part of a text; its spans are offsets into the whole text. */
export function lexMacroTokens(part: LexedPart): readonly MacroToken[] | MacroProblem {
    const tokens: MacroToken[] = [];
    const { text, end, source } = part;
    let at = part.start;
    while (at < end) {
        const code = text.charCodeAt(at);
        if (isBlank(code)) {
            at += 1;
            continue;
        }
        const [kind, stop] = readToken(text, at, code);
        if (kind === BAD || stop > end) {
            return { problem: "not a Rust token", source, start: at, end: at + 1 };
        }
        if (kind !== COMMENT) {
            tokens.push({
                kind,
                text: text.slice(at, stop),
                source,
                start: at,
                end: stop,
                mark: undefined,
                crate: undefined,
                fragment: undefined,
            });
        }
        at = stop;
    }
    return tokens;
}

const BAD = -1;
const COMMENT = 0;

type Read = readonly [kind: number, end: number];

function readToken(text: string, at: number, code: number): Read {
    if (isWordStart(code)) {
        return readWord(text, at);
    }
    if (isDigit(code)) {
        return [MACRO_TOKEN.literal, endOfNumber(text, at)];
    }
    switch (code) {
        case 0x22:
            return literal(endOfString(text, at + 1), text);
        case 0x27:
            return readQuote(text, at);
        case 0x28:
        case 0x5b:
        case 0x7b:
            return [MACRO_TOKEN.open, at + 1];
        case 0x29:
        case 0x5d:
        case 0x7d:
            return [MACRO_TOKEN.close, at + 1];
        case 0x2f:
            return readSlash(text, at);
        default:
            return readSign(text, at);
    }
}

function readSign(text: string, at: number): Read {
    if (!SIGNS.includes(text.charAt(at))) {
        return [BAD, at];
    }
    if (LONG_SIGNS.has(text.slice(at, at + 3))) {
        return [MACRO_TOKEN.punctuation, at + 3];
    }
    const isShort = SHORT_SIGNS.has(text.slice(at, at + 2));
    return [MACRO_TOKEN.punctuation, at + (isShort ? 2 : 1)];
}

function readSlash(text: string, at: number): Read {
    const next = text.charAt(at + 1);
    if (next === "/") {
        const found = text.indexOf("\n", at);
        let end = found < 0 ? text.length : found;
        const isDoc = /^\/\/(?:!|\/(?!\/))/u.test(text.slice(at, at + 4));
        if (isDoc) {
            end -= text.charAt(end - 1) === "\r" ? 1 : 0;
        }
        return [isDoc ? MACRO_TOKEN.doc : COMMENT, end];
    }
    if (next === "*") {
        const end = endOfBlockComment(text, at);
        const isDoc = /^\/\*(?:!|\*(?![*/]))/u.test(text.slice(at, at + 4));
        return end < 0 ? [BAD, at] : [isDoc ? MACRO_TOKEN.doc : COMMENT, end];
    }
    return readSign(text, at);
}

function endOfBlockComment(text: string, at: number): number {
    let depth = 1;
    let end = at + 2;
    while (depth > 0) {
        const close = text.indexOf("*/", end);
        if (close < 0) {
            return -1;
        }
        const open = text.indexOf("/*", end);
        const opens = open >= 0 && open < close;
        depth += opens ? 1 : -1;
        end = (opens ? open : close) + 2;
    }
    return end;
}

function readWord(text: string, at: number): Read {
    const end = endOfWord(text, at);
    const next = text.charCodeAt(end);
    if ((next === 0x22 || next === 0x23 || next === 0x27) && end - at <= 2) {
        return readPrefixed(text, at, end) ?? [MACRO_TOKEN.identifier, end];
    }
    return [MACRO_TOKEN.identifier, end];
}

/** A literal with a prefix, `b"…"`, `cr#"…"#`, `b'…'`, or a raw identifier. */
function readPrefixed(text: string, at: number, end: number): Read | undefined {
    const prefix = text.slice(at, end);
    const next = text.charAt(end);
    if (next === "'") {
        return prefix === "b" ? literal(endOfCharacter(text, end + 1), text) : undefined;
    }
    if (next === '"' && (prefix === "b" || prefix === "c")) {
        return literal(endOfString(text, end + 1), text);
    }
    if (prefix !== "r" && prefix !== "br" && prefix !== "cr") {
        return undefined;
    }
    let body = end;
    while (text.charAt(body) === "#") {
        body += 1;
    }
    if (text.charAt(body) === '"') {
        const close = text.indexOf(`"${"#".repeat(body - end)}`, body + 1);
        return literal(close < 0 ? -1 : close + 1 + (body - end), text);
    }
    if (prefix === "r" && body === end + 1 && isWordStart(text.charCodeAt(body))) {
        return [MACRO_TOKEN.identifier, endOfWord(text, body)];
    }
    return undefined;
}

/** A character or a lifetime. */
function readQuote(text: string, at: number): Read {
    if (text.charAt(at + 1) === "\\") {
        return literal(endOfCharacter(text, at + 1), text);
    }
    const width = (text.codePointAt(at + 1) ?? 0) > 0xffff ? 2 : 1;
    if (text.charAt(at + 1 + width) === "'") {
        return literal(at + 2 + width, text);
    }
    const isRaw = text.startsWith("r#", at + 1) && isWordStart(text.charCodeAt(at + 3));
    const start = at + (isRaw ? 3 : 1);
    if (!isWordStart(text.charCodeAt(start))) {
        return [BAD, at];
    }
    return [MACRO_TOKEN.lifetime, endOfWord(text, start)];
}

/** A literal that ends here, with the suffix that may follow. */
function literal(end: number, text: string): Read {
    if (end < 0) {
        return [BAD, end];
    }
    const hasSuffix = isWordStart(text.charCodeAt(end));
    return [MACRO_TOKEN.literal, hasSuffix ? endOfWord(text, end) : end];
}

function endOfCharacter(text: string, body: number): number {
    const from = body + (text.charAt(body) === "\\" ? 2 : 1);
    const close = text.indexOf("'", from);
    return close < 0 ? -1 : close + 1;
}

function endOfString(text: string, body: number): number {
    for (let end = body; end < text.length; end++) {
        const code = text.charCodeAt(end);
        if (code === 0x22) {
            return end + 1;
        }
        end += code === 0x5c ? 1 : 0;
    }
    return -1;
}

function endOfNumber(text: string, at: number): number {
    const isDecimal = !/^0[xob]/u.test(text.slice(at, at + 2));
    let end = endOfDigits(text, at, isDecimal);
    const next = text.charCodeAt(end + 1);
    if (text.charAt(end) === "." && next !== 0x2e && !isWordStart(next)) {
        end += 1;
        if (isDigit(next)) {
            end = endOfDigits(text, end, isDecimal);
        }
    }
    return end;
}

/** Digits, an exponent, a suffix. */
function endOfDigits(text: string, at: number, isDecimal: boolean): number {
    const end = endOfWord(text, at);
    const hasSign = /[+-]/u.test(text.charAt(end)) && /[0-9_]/u.test(text.charAt(end + 1));
    if (isDecimal && hasSign && /^[0-9_]+[eE]$/u.test(text.slice(at, end))) {
        return endOfWord(text, end + 1);
    }
    return end;
}

function endOfWord(text: string, at: number): number {
    let end = at;
    for (;;) {
        const code = text.charCodeAt(end);
        if (!isWordStart(code) && !isDigit(code)) {
            return end;
        }
        end += 1;
    }
}

function isDigit(code: number): boolean {
    return code >= 0x30 && code <= 0x39;
}

function isWordStart(code: number): boolean {
    return (
        (code >= 0x61 && code <= 0x7a) ||
        (code >= 0x41 && code <= 0x5a) ||
        code === 0x5f ||
        (code > 0x7f && !isBlank(code))
    );
}

function isBlank(code: number): boolean {
    return (
        code === 0x20 ||
        (code >= 0x09 && code <= 0x0d) ||
        code === 0x85 ||
        code === 0x200e ||
        code === 0x200f ||
        code === 0x2028 ||
        code === 0x2029 ||
        code === 0xfeff
    );
}
