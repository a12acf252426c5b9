// Bytes of a file to text. Rust source is UTF-8; anything else is reported with its place.

import type { Problem } from "../base/index.ts";

/** A file's text, or why there is none. */
export type DecodedText = { readonly text: string } | { readonly problem: Problem };

/** Decodes a file's bytes; a byte order mark stays as U+FEFF at offset 0. */
export function decodeText(bytes: Uint8Array, path: string): DecodedText {
    try {
        return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
    } catch {
        const offset = findInvalidByte(bytes);
        const message = `${path} is not UTF-8: invalid byte at offset ${offset}`;
        return { problem: { code: "FILE_NOT_UTF8", message, path } };
    }
}

/** Offset of the first byte that is not part of a UTF-8 sequence. */
function findInvalidByte(bytes: Uint8Array): number {
    let low = 0;
    let high = bytes.length;
    // The longest prefix that decodes when its end may be cut off within a character.
    while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (decodes(bytes.subarray(0, middle), true)) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    let start = low;
    while (start > 0 && low - start < 4 && !decodes(bytes.subarray(0, start), false)) {
        start -= 1;
    }
    return start;
}

function decodes(bytes: Uint8Array, partial: boolean): boolean {
    try {
        new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: partial });
        return true;
    } catch {
        return false;
    }
}
