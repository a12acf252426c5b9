// Hashes of a file: of its bytes, and of its tokens (what a compiler sees).

import { createHash } from "node:crypto";

import { TOKEN, type ScannedTokens } from "./scan-tokens.ts";

/** SHA-256 of a text's bytes as UTF-8, hex. */
export function hashText(text: string): string {
    return createHash("sha256").update(text, "utf8").digest("hex");
}

/**
 * SHA-256 over a text's tokens, hex: blanks and comments that document nothing do not count, but whether
 * two tokens touch does where it changes what they are (`> >` and `>>`, `a b` and `ab`).
 */
export function hashTokens(text: string, tokens: ScannedTokens): string {
    const { count, kind, start, end } = tokens;
    const pieces: string[] = [];
    let from = -1;
    let last = -1;
    for (let i = 0; i < count; i++) {
        const at = start[i] ?? 0;
        const delimiter = i === 0 || kind[i] === TOKEN.open || kind[i - 1] === TOKEN.open;
        if (at === last && from >= 0) {
            last = end[i] ?? 0;
            continue;
        }
        if (from >= 0) {
            pieces.push(text.slice(from, last));
        }
        if (kind[i - 1] === TOKEN.doc) {
            pieces.push("\n");
        } else if (!delimiter && (kind[i] === TOKEN.sign) === (kind[i - 1] === TOKEN.sign)) {
            pieces.push(" ");
        }
        from = at;
        last = end[i] ?? 0;
    }
    if (from >= 0) {
        pieces.push(text.slice(from, last));
    }
    return createHash("sha256").update(pieces.join(""), "utf8").digest("hex");
}
