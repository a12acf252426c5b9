// The contents of string literals.

const SIMPLE: Readonly<Record<string, string>> = {
    n: "\n",
    r: "\r",
    t: "\t",
    "0": "\0",
    "\\": "\\",
    '"': '"',
    "'": "'",
};

/** Where the contents of a string literal's text begin and end, and whether escapes are to be read. */
export function stringBody(literal: string): { start: number; end: number; raw: boolean } {
    const match = /^[bc]?(r?)(#*)"/u.exec(literal);
    if (match === null) {
        return { start: 0, end: literal.length, raw: true };
    }
    const start = match[0].length;
    const hashes = match[2]?.length ?? 0;
    const end = Math.max(start, literal.length - 1 - hashes);
    return { start, end, raw: match[1] === "r" };
}

/** Contents of a string literal, escapes replaced. */
export function unescapeString(literal: string): string {
    const { start, end, raw } = stringBody(literal);
    const body = literal.slice(start, end);
    if (raw || !body.includes("\\")) {
        return body;
    }
    return body.replace(/\\(?:u\{[0-9a-fA-F_]+\}|x[0-9a-fA-F]{2}|\r?\n\s*|.)/gsu, unescapeOne);
}

function unescapeOne(escape: string): string {
    const kind = escape[1] ?? "";
    if (escape.length > 2 && (kind === "u" || kind === "x")) {
        const code = parseInt(escape.slice(2).replace(/[{}_]/gu, ""), 16);
        return code <= 0x10ffff ? String.fromCodePoint(code) : escape;
    }
    return /\s/u.test(kind) ? "" : (SIMPLE[kind] ?? escape);
}
