// Columns of words as bytes: as they are, as single bytes, or as runs in which the values rise by one
// step. Delta numbers, rows and kinds take next to nothing as runs. Format: docs/formats/columns.md.

/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over arrays of known length */

import { OperatingError } from "../../base/index.ts";

/** How a column is written. */
export const ENCODING = { words: 0, bytes: 1, runs: 2 } as const;

/** A column, encoded. */
export interface EncodedColumn {
    readonly encoding: number;
    readonly bytes: Uint8Array;
}

/** Words of a run: its first row, the value there, what is added with each row. */
const RUN_WORDS = 3;

/** Encodes a column the shortest way. */
export function encodeColumn(values: Uint32Array): EncodedColumn {
    const runs = runsOf(values, values.length >>> 2);
    const isSmall = values.every((value) => value < 256);
    const runBytes = runs === undefined ? Infinity : runs.byteLength;
    if (runs !== undefined && runBytes <= (isSmall ? values.length : values.byteLength)) {
        return { encoding: ENCODING.runs, bytes: bytesOf(runs) };
    }
    return isSmall
        ? { encoding: ENCODING.bytes, bytes: Uint8Array.from(values) }
        : { encoding: ENCODING.words, bytes: bytesOf(values) };
}

/** Decodes a column of a length; throws LOG_CORRUPT_RECORD. `room` are values more that it has room for. */
export function decodeColumn(
    encoding: number,
    bytes: Uint8Array,
    count: number,
    room = 0,
): Uint32Array {
    const values = new Uint32Array(count + room);
    if (encoding === ENCODING.words && bytes.length === count * 4) {
        new Uint8Array(values.buffer).set(bytes);
    } else if (encoding === ENCODING.bytes && bytes.length === count) {
        values.set(bytes);
    } else if (encoding === ENCODING.runs) {
        const runs = new Uint32Array(Uint8Array.from(bytes).buffer);
        fillRuns(values, runs, count);
    } else {
        throw bad();
    }
    return values;
}

function runsOf(values: Uint32Array, most: number): Uint32Array | undefined {
    const words: number[] = [];
    for (let at = 0; at < values.length;) {
        const start = at;
        const first = values[at]!;
        const step = at + 1 < values.length ? (values[at + 1]! - first) >>> 0 : 0;
        at += 1;
        while (at < values.length && values[at]! - values[at - 1]! === (step | 0)) {
            at += 1;
        }
        words.push(start, first, step);
        if (words.length / RUN_WORDS > most + 1) {
            return undefined;
        }
    }
    return Uint32Array.from(words);
}

function fillRuns(values: Uint32Array, runs: Uint32Array, count: number): void {
    if (runs.length % RUN_WORDS !== 0 || (count > 0 && runs[0] !== 0)) {
        throw bad();
    }
    for (let run = 0; run < runs.length; run += RUN_WORDS) {
        const [start, first, step] = [runs[run]!, runs[run + 1]!, runs[run + 2]!];
        const end = run + RUN_WORDS < runs.length ? runs[run + RUN_WORDS]! : count;
        if (end > count || end <= start) {
            throw bad();
        }
        if (step === 0) {
            values.fill(first, start, end);
        } else {
            // Signed words stay small integers; what is stored is the same.
            const rise = step | 0;
            for (let row = start, value = first | 0; row < end; row++) {
                values[row] = value;
                value = (value + rise) | 0;
            }
        }
    }
}

function bytesOf(words: Uint32Array): Uint8Array {
    return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}

function bad(): OperatingError {
    return new OperatingError("LOG_CORRUPT_RECORD", "a column is not as long as it must be");
}
