// Names captured by format strings: `{name}`, `{name:?}`, `{:width$}`, `{:.prec$}`.

import { stringBody } from "./string-text.ts";

/** A name in a format string, by offset in the literal's text. */
export interface FormatCapture {
    readonly start: number;
    readonly end: number;
    readonly name: string;
}

const NAME = /[\p{XID_Start}_]\p{XID_Continue}*/uy;
const COUNT = /(?:([\p{XID_Start}_]\p{XID_Continue}*)|[0-9]+)\$/uy;
const NUMBER = /[0-9]*/uy;

/** Finds the names that a string literal captures as a format string. */
export function findFormatCaptures(literal: string): FormatCapture[] {
    const { start, end, raw } = stringBody(literal);
    const captures: FormatCapture[] = [];
    for (let at = start; at < end;) {
        const char = literal[at];
        if (char === "\\" && !raw) {
            at = afterEscape(literal, at);
        } else if (char === "{" || char === "}") {
            const doubled = literal[at + 1] === char;
            at =
                doubled || char === "}"
                    ? at + (doubled ? 2 : 1)
                    : readHole(literal, at + 1, captures);
        } else {
            at += 1;
        }
    }
    return captures.filter((capture) => capture.end <= end);
}

function afterEscape(literal: string, at: number): number {
    if (literal.startsWith("u{", at + 1)) {
        const close = literal.indexOf("}", at);
        return close < 0 ? literal.length : close + 1;
    }
    return at + 2;
}

/** Reads one `{…}`, whose inside begins at `at`; returns the offset after it. */
function readHole(literal: string, at: number, captures: FormatCapture[]): number {
    let position = skipSpace(literal, at);
    position = readName(literal, position, captures);
    position = skipSpace(literal, position);
    if (literal[position] === ":") {
        position = readSpec(literal, position + 1, captures);
    }
    const close = literal.indexOf("}", position);
    return close < 0 ? literal.length : close + 1;
}

function readName(literal: string, at: number, captures: FormatCapture[]): number {
    NAME.lastIndex = at;
    const name = NAME.exec(literal)?.[0];
    if (name === undefined) {
        NUMBER.lastIndex = at;
        return at + (NUMBER.exec(literal)?.[0].length ?? 0);
    }
    captures.push({ start: at, end: at + name.length, name });
    return at + name.length;
}

/** `[[fill]align][sign]['#']['0'][width]['.' precision]type`. */
function readSpec(literal: string, at: number, captures: FormatCapture[]): number {
    let position = at;
    const fill = literal[at] === "\\" ? afterEscape(literal, at) - at : width(literal, at);
    if (isAlign(literal[at + fill])) {
        position += fill + 1;
    } else if (isAlign(literal[at])) {
        position += 1;
    }
    while (literal[position] === "+" || literal[position] === "-" || literal[position] === "#") {
        position += 1;
    }
    if (literal[position] === "0" && literal[position + 1] !== "$") {
        position += 1;
    }
    position = readCount(literal, position, captures);
    return literal[position] === "." ? readCount(literal, position + 1, captures) : position;
}

function readCount(literal: string, at: number, captures: FormatCapture[]): number {
    COUNT.lastIndex = at;
    const match = COUNT.exec(literal);
    if (match === null) {
        NUMBER.lastIndex = at;
        return at + (NUMBER.exec(literal)?.[0].length ?? 0);
    }
    const name = match[1];
    if (name !== undefined) {
        captures.push({ start: at, end: at + name.length, name });
    }
    return at + match[0].length;
}

function isAlign(char: string | undefined): boolean {
    return char === "<" || char === ">" || char === "^";
}

function width(literal: string, at: number): number {
    return (literal.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

function skipSpace(literal: string, at: number): number {
    let position = at;
    while (/\s/u.test(literal[position] ?? "")) {
        position += 1;
    }
    return position;
}
