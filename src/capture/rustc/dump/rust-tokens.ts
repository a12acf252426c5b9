// Splits Rust source into tokens, for finding the names that a dump gives no place of their own.
// Lexical only: comments and white space are left out, every other byte belongs to one token.

/** What a token is. */
export const TOKEN = {
    ident: 0,
    lifetime: 1,
    string: 2,
    number: 3,
    punctuation: 4,
} as const;

/** Tokens of one text as columns; offsets are UTF-16 units. */
export class RustTokens {
    readonly text: string;
    readonly kinds: number[] = [];
    readonly starts: number[] = [];
    readonly ends: number[] = [];

    constructor(text: string) {
        this.text = text;
        let at = text.startsWith("#!") && !/^#!\s*\[/.test(text) ? lineEnd(text, 0) : 0;
        while (at < text.length) {
            at = this.#next(at);
        }
    }

    get count(): number {
        return this.starts.length;
    }

    /** Text of a token, a raw identifier without its prefix. */
    name(index: number): string {
        const start = this.starts[index] ?? 0;
        const end = this.ends[index] ?? 0;
        if (this.kinds[index] === TOKEN.ident && this.text.startsWith("r#", start)) {
            return this.text.slice(start + 2, end);
        }
        return this.text.slice(start, end);
    }

    /** True when the token is this one character of punctuation. */
    isPunctuation(index: number, character: string): boolean {
        return (
            this.kinds[index] === TOKEN.punctuation &&
            this.text[this.starts[index] ?? 0] === character
        );
    }

    /** True when the token and the one after it are `::`. */
    isPathSeparator(index: number): boolean {
        return (
            this.isPunctuation(index, ":") &&
            this.isPunctuation(index + 1, ":") &&
            this.ends[index] === this.starts[index + 1]
        );
    }

    /** True for a bracket that opens a group. */
    isOpen(index: number): boolean {
        return ["(", "[", "{"].some((sign) => this.isPunctuation(index, sign));
    }

    /** The token after the group that opens at one, `to` at most. */
    endOfGroup(open: number, to: number = this.count): number {
        let depth = 0;
        for (let at = open; at < to; at++) {
            if (this.isOpen(at)) {
                depth += 1;
            } else if ([")", "]", "}"].some((sign) => this.isPunctuation(at, sign))) {
                depth -= 1;
                if (depth <= 0) {
                    return at + 1;
                }
            }
        }
        return to;
    }

    /** Index of the first token that ends after an offset. */
    firstEndingAfter(offset: number): number {
        let low = 0;
        let high = this.ends.length;
        while (low < high) {
            const middle = (low + high) >>> 1;
            if ((this.ends[middle] ?? 0) <= offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Index of the token that holds an offset, or -1. */
    at(offset: number): number {
        const index = this.firstEndingAfter(offset);
        return (this.starts[index] ?? Infinity) <= offset ? index : -1;
    }

    #next(at: number): number {
        const text = this.text;
        const code = text.charCodeAt(at);
        if (code <= 32 || code === 0xfeff) {
            return at + 1;
        }
        if (code === 47) {
            const after = text.charCodeAt(at + 1);
            if (after === 47) {
                return lineEnd(text, at);
            }
            if (after === 42) {
                return blockCommentEnd(text, at);
            }
        }
        if (code === 39) {
            return this.#quote(at);
        }
        if (code === 34) {
            return this.#push(TOKEN.string, at, stringEnd(text, at + 1, 34));
        }
        if (code >= 48 && code <= 57) {
            return this.#push(TOKEN.number, at, numberEnd(text, at));
        }
        if (isIdentStart(code, text, at)) {
            return this.#word(at);
        }
        if (code >= 128) {
            return at + 1;
        }
        return this.#push(TOKEN.punctuation, at, at + 1);
    }

    /** An identifier, or the prefix of a literal: r, b, br, c, cr. */
    #word(at: number): number {
        const text = this.text;
        const end = identEnd(text, at);
        const next = text.charCodeAt(end);
        if (end - at <= 2 && (next === 34 || next === 35 || next === 39)) {
            const word = text.slice(at, end);
            if (/^(?:r|br|cr)$/.test(word)) {
                let hashes = 0;
                while (text.charCodeAt(end + hashes) === 35) {
                    hashes += 1;
                }
                if (text.charCodeAt(end + hashes) === 34) {
                    const close = text.indexOf(`"${"#".repeat(hashes)}`, end + hashes + 1);
                    const to = close < 0 ? text.length : close + 1 + hashes;
                    return this.#push(TOKEN.string, at, to);
                }
                if (word === "r" && hashes === 1) {
                    return this.#push(TOKEN.ident, at, identEnd(text, end + 1));
                }
            }
            if (next === 34 && /^[bc]$/.test(word)) {
                return this.#push(TOKEN.string, at, stringEnd(text, end + 1, 34));
            }
            if (next === 39 && word === "b") {
                return this.#push(TOKEN.number, at, stringEnd(text, end + 1, 39));
            }
        }
        return this.#push(TOKEN.ident, at, end);
    }

    /** A character or a lifetime. */
    #quote(at: number): number {
        const text = this.text;
        const next = text.charCodeAt(at + 1);
        if (next === 92) {
            return this.#push(TOKEN.number, at, stringEnd(text, at + 1, 39));
        }
        const width = next >= 0xd800 && next < 0xdc00 ? 2 : 1;
        if (text.charCodeAt(at + 1 + width) === 39) {
            return this.#push(TOKEN.number, at, at + width + 2);
        }
        const raw = text.startsWith("r#", at + 1) ? 2 : 0;
        return this.#push(TOKEN.lifetime, at, Math.max(identEnd(text, at + 1 + raw), at + 1));
    }

    #push(kind: number, start: number, end: number): number {
        this.kinds.push(kind);
        this.starts.push(start);
        this.ends.push(end);
        return end;
    }
}

const XID_START = /[\p{XID_Start}_]/uy;
const XID_CONTINUE = /\p{XID_Continue}*/uy;

function isIdentStart(code: number, text: string, at: number): boolean {
    if (code < 128) {
        return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
    }
    XID_START.lastIndex = at;
    return XID_START.test(text);
}

function identEnd(text: string, start: number): number {
    let at = start;
    for (; at < text.length; at += 1) {
        const code = text.charCodeAt(at);
        const isWord =
            (code >= 97 && code <= 122) ||
            (code >= 65 && code <= 90) ||
            (code >= 48 && code <= 57) ||
            code === 95;
        if (!isWord) {
            if (code < 128) {
                return at;
            }
            XID_CONTINUE.lastIndex = at;
            const found = XID_CONTINUE.exec(text)?.[0].length ?? 0;
            if (found === 0) {
                return at;
            }
            at += found - 1;
        }
    }
    return at;
}

function lineEnd(text: string, at: number): number {
    const end = text.indexOf("\n", at);
    return end < 0 ? text.length : end;
}

function blockCommentEnd(text: string, start: number): number {
    let depth = 1;
    let at = start + 2;
    while (depth > 0) {
        const open = text.indexOf("/*", at);
        const close = text.indexOf("*/", at);
        if (close < 0) {
            return text.length;
        }
        if (open >= 0 && open < close) {
            depth += 1;
            at = open + 2;
        } else {
            depth -= 1;
            at = close + 2;
        }
    }
    return at;
}

function stringEnd(text: string, start: number, quote: number): number {
    for (let at = start; at < text.length; at += 1) {
        const code = text.charCodeAt(at);
        if (code === 92) {
            at += 1;
        } else if (code === quote) {
            return at + 1;
        }
    }
    return text.length;
}

function numberEnd(text: string, start: number): number {
    let at = identEnd(text, start);
    // `1.5` is one number; `tuple.0.1`, `1..2` and `1.max(2)` are not.
    const previous = text.charCodeAt(start - 1);
    if (previous !== 46 && text.charCodeAt(at) === 46) {
        const after = text.charCodeAt(at + 1);
        if (after >= 48 && after <= 57) {
            at = identEnd(text, at + 1);
        } else if (after !== 46 && !isIdentStart(after, text, at + 1)) {
            return at + 1;
        }
    }
    const last = text.charCodeAt(at - 1);
    const sign = text.charCodeAt(at);
    if (
        (last === 101 || last === 69) &&
        (sign === 43 || sign === 45) &&
        !/^0x/.test(text.slice(start, at))
    ) {
        at = identEnd(text, at + 1);
    }
    return at;
}
