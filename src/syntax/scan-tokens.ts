// A light scan of Rust text into tokens: enough to bridge the grammar's gaps and to hash what a compiler
// sees. It knows comments, strings, characters, lifetimes, words and numbers; all else is one unit each.

/** Kinds of scanned tokens. */
export const TOKEN = {
    word: 1,
    number: 2,
    text: 3,
    lifetime: 4,
    doc: 5,
    sign: 6,
    open: 7,
} as const;

/** Tokens of one text, comments that document nothing left out. */
export interface ScannedTokens {
    readonly count: number;
    readonly kind: Uint8Array;
    readonly start: Uint32Array;
    readonly end: Uint32Array;
}

/** Scans texts, one after the other; the result is valid until the next scan. */
export class TokenScanner implements ScannedTokens {
    count = 0;
    kind = new Uint8Array(1 << 14);
    start = new Uint32Array(1 << 14);
    end = new Uint32Array(1 << 14);

    scan(text: string): ScannedTokens {
        this.count = 0;
        const length = text.length;
        let at = skipHead(text);
        while (at < length) {
            const code = text.charCodeAt(at);
            if (code <= 0x20 || code === 0xfeff || code === 0x85) {
                at += 1;
            } else if (code === 0x2f && text.charCodeAt(at + 1) === 0x2f) {
                at = this.#lineComment(text, at);
            } else if (code === 0x2f && text.charCodeAt(at + 1) === 0x2a) {
                at = this.#blockComment(text, at);
            } else if (isWordStart(code)) {
                at = this.#word(text, at);
            } else if (code >= 0x30 && code <= 0x39) {
                at = this.#add(TOKEN.number, at, endOfNumber(text, at));
            } else if (code === 0x22) {
                at = this.#add(TOKEN.text, at, endOfString(text, at + 1));
            } else if (code === 0x27) {
                at = this.#quote(text, at);
            } else {
                const kind = isDelimiter(code) ? TOKEN.open : TOKEN.sign;
                at = this.#add(kind, at, at + 1);
            }
        }
        return this;
    }

    #add(kind: number, start: number, end: number): number {
        if (this.count === this.kind.length) {
            const size = this.count * 2;
            const kinds = new Uint8Array(size);
            const starts = new Uint32Array(size);
            const ends = new Uint32Array(size);
            kinds.set(this.kind);
            starts.set(this.start);
            ends.set(this.end);
            this.kind = kinds;
            this.start = starts;
            this.end = ends;
        }
        this.kind[this.count] = kind;
        this.start[this.count] = start;
        this.end[this.count] = end;
        this.count += 1;
        return end;
    }

    #lineComment(text: string, at: number): number {
        const found = text.indexOf("\n", at);
        let end = found < 0 ? text.length : found;
        const third = text.charCodeAt(at + 2);
        const isDoc = (third === 0x2f && text.charCodeAt(at + 3) !== 0x2f) || third === 0x21;
        if (isDoc) {
            end -= text.charCodeAt(end - 1) === 0x0d ? 1 : 0;
            this.#add(TOKEN.doc, at, end);
        }
        return end;
    }

    #blockComment(text: string, at: number): number {
        let depth = 1;
        let end = at + 2;
        while (depth > 0 && end < text.length) {
            const code = text.charCodeAt(end);
            const next = text.charCodeAt(end + 1);
            if (code === 0x2f && next === 0x2a) {
                depth += 1;
                end += 2;
            } else if (code === 0x2a && next === 0x2f) {
                depth -= 1;
                end += 2;
            } else {
                end += 1;
            }
        }
        const third = text[at + 2];
        const isDoc = (third === "*" && !/[*/]/u.test(text[at + 3] ?? "/")) || third === "!";
        return isDoc ? this.#add(TOKEN.doc, at, end) : end;
    }

    #word(text: string, at: number): number {
        let end = at + 1;
        while (isWordPart(text.charCodeAt(end))) {
            end += 1;
        }
        const next = text.charCodeAt(end);
        if ((next === 0x22 || next === 0x23 || next === 0x27) && end - at <= 2) {
            const literal = endOfPrefixed(text, at, end);
            if (literal > 0) {
                return this.#add(TOKEN.text, at, literal);
            }
            if (next === 0x23 && text[at] === "r" && end - at === 1) {
                // A raw identifier: `r#type`.
                end += 1;
                while (isWordPart(text.charCodeAt(end))) {
                    end += 1;
                }
            }
        }
        return this.#add(TOKEN.word, at, end);
    }

    /** A character or a lifetime. */
    #quote(text: string, at: number): number {
        if (text[at + 1] === "\\") {
            return this.#add(TOKEN.text, at, endOfCharacter(text, at + 1));
        }
        const code = text.codePointAt(at + 1) ?? 0;
        const width = code > 0xffff ? 2 : 1;
        if (text.charCodeAt(at + 1 + width) === 0x27) {
            return this.#add(TOKEN.text, at, at + 2 + width);
        }
        let end = at + 1;
        while (isWordPart(text.charCodeAt(end))) {
            end += 1;
        }
        return this.#add(end === at + 1 ? TOKEN.sign : TOKEN.lifetime, at, end);
    }
}

/** Length of what is not Rust at the start of a file: a byte order mark and a `#!` line. */
function skipHead(text: string): number {
    const start = text.startsWith("\ufeff") ? 1 : 0;
    const shebang = /^#!(?!\s*\[)[^\n]*/u.exec(text.slice(start, start + 512));
    return start + (shebang?.[0].length ?? 0);
}

function isWordStart(code: number): boolean {
    return (
        (code >= 0x61 && code <= 0x7a) ||
        (code >= 0x41 && code <= 0x5a) ||
        code === 0x5f ||
        code > 0x7f
    );
}

function isWordPart(code: number): boolean {
    return isWordStart(code) || (code >= 0x30 && code <= 0x39);
}

function isDelimiter(code: number): boolean {
    // ( ) , ; [ ] { }
    return (
        code === 0x28 ||
        code === 0x29 ||
        code === 0x2c ||
        code === 0x3b ||
        code === 0x5b ||
        code === 0x5d ||
        code === 0x7b ||
        code === 0x7d
    );
}

function endOfNumber(text: string, at: number): number {
    let end = at;
    while (isWordPart(text.charCodeAt(end))) {
        end += 1;
    }
    const fraction = text.charCodeAt(end) === 0x2e && /[0-9]/u.test(text[end + 1] ?? "");
    if (fraction) {
        end += 1;
        while (isWordPart(text.charCodeAt(end))) {
            end += 1;
        }
    }
    return end;
}

function endOfString(text: string, at: number): number {
    let end = at;
    for (; end < text.length; end++) {
        const code = text.charCodeAt(end);
        if (code === 0x22) {
            return end + 1;
        }
        end += code === 0x5c ? 1 : 0;
    }
    return text.length;
}

function endOfCharacter(text: string, at: number): number {
    const close = text.indexOf("'", at + 2);
    return close < 0 ? text.length : close + 1;
}

/** End of a literal with a prefix (`b"…"`, `br#"…"#`, `c"…"`, `b'…'`), or 0 when it is none. */
function endOfPrefixed(text: string, at: number, end: number): number {
    const prefix = text.slice(at, end);
    const next = text.charCodeAt(end);
    if (next === 0x27) {
        return prefix === "b" ? endOfCharacter(text, end + (text[end + 1] === "\\" ? 1 : 0)) : 0;
    }
    if (next === 0x22 && (prefix === "b" || prefix === "c")) {
        return endOfString(text, end + 1);
    }
    if (!/^[bc]?r$/u.test(prefix)) {
        return 0;
    }
    let body = end;
    while (text[body] === "#") {
        body += 1;
    }
    if (text[body] !== '"') {
        return 0;
    }
    const close = text.indexOf(`"${"#".repeat(body - end)}`, body + 1);
    return close < 0 ? text.length : close + 1 + (body - end);
}
