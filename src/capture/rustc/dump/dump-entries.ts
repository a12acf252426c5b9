// Splits a dump, as it streams in, into its top-level entries: a header line, then text up to a line
// that is one closing brace. Never holds more than one entry; an entry beyond the limit (one giant
// table) is passed over without being kept.

import type { CancelSignal } from "../../../base/index.ts";

/** One top-level entry of a dump. */
export interface DumpEntry {
    /** Its text without the closing line; undefined when it was longer than the limit. */
    readonly text: string | undefined;
    readonly bytes: number;
}

/** Bounds of reading. */
export interface ReadLimits {
    /** Entries longer than this are passed over. */
    readonly entryBytesMax: number;
    readonly signal?: CancelSignal | undefined;
}

/** What a dump arrives as. */
export type DumpStream = AsyncIterable<string | Buffer>;

const END = Buffer.from("\n}\n");

/** The entries of a dump in order. */
export async function* readEntries(
    stream: DumpStream,
    entryBytesMax: number,
): AsyncGenerator<DumpEntry> {
    let parts: Buffer[] = [];
    let bytes = 0;
    let tail = Buffer.alloc(0);
    for await (const piece of stream) {
        let chunk = typeof piece === "string" ? Buffer.from(piece) : piece;
        // An end split between two chunks shows once the last bytes of the former are put before.
        chunk = tail.length === 0 ? chunk : Buffer.concat([tail, chunk]);
        let from = 0;
        for (let at = chunk.indexOf(END); at >= 0; at = chunk.indexOf(END, from)) {
            parts.push(chunk.subarray(from, at + 1));
            bytes += at + 1 - from;
            yield entryOf(parts, bytes, entryBytesMax);
            parts = [];
            bytes = 0;
            from = at + END.length;
        }
        const keep = Math.max(from, chunk.length - (END.length - 1));
        parts.push(chunk.subarray(from, keep));
        bytes += keep - from;
        tail = Buffer.from(chunk.subarray(keep));
        if (bytes > entryBytesMax) {
            parts = [];
        }
    }
    parts.push(tail);
    bytes += tail.length;
    const rest = entryOf(parts, bytes, entryBytesMax);
    if (rest.text === undefined || rest.text.trim() !== "") {
        yield rest;
    }
}

function entryOf(parts: readonly Buffer[], bytes: number, entryBytesMax: number): DumpEntry {
    if (bytes > entryBytesMax) {
        return { text: undefined, bytes };
    }
    const whole = parts.length === 1 ? parts[0] : Buffer.concat(parts);
    return { text: whole?.toString("utf8") ?? "", bytes };
}
