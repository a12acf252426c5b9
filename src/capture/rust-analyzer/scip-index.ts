// Reads a SCIP index (the format of `rust-analyzer scip`): documents and their occurrences, one document at a
// time as the bytes come. What an occurrence encloses is not read: on a reference it is the range of what is
// referred to, and a definition's is known from the text.

import { fieldAt, readMessage, readPacked, type WireField } from "./wire-format.ts";

/** How a document counts columns; the codes are those of the format. */
export type ScipEncoding = "utf-8" | "utf-16" | "utf-32";

/** A token and the symbol that it names; lines and columns from 0. */
export interface ScipOccurrence {
    readonly line: number;
    readonly column: number;
    readonly endLine: number;
    readonly endColumn: number;
    /** `local 12`, or scheme, package and descriptors. */
    readonly symbol: string;
    readonly isDefinition: boolean;
}

/** One file of the index. */
export interface ScipDocument {
    readonly path: string;
    readonly encoding: ScipEncoding;
    readonly occurrences: readonly ScipOccurrence[];
}

type Place = Pick<ScipOccurrence, "line" | "column" | "endLine" | "endColumn">;

const INDEX_DOCUMENTS = 2;
const DOCUMENT = { path: 1, occurrences: 2, encoding: 6 } as const;
const OCCURRENCE = { range: 1, symbol: 2, roles: 3, singleLine: 8, multiLine: 9 } as const;
const SINGLE_LINE = { line: 1, column: 2, endColumn: 3 } as const;
const MULTI_LINE = { line: 1, column: 2, endLine: 3, endColumn: 4 } as const;
const ROLE_DEFINITION = 1;
const ENCODINGS: Readonly<Record<number, ScipEncoding>> = { 1: "utf-8", 2: "utf-16", 3: "utf-32" };

/** Reads an index piece by piece. */
export class ScipReader {
    #rest: Uint8Array = new Uint8Array(0);

    /** Takes in more bytes and gives the documents that they complete; throws RangeError for no index. */
    *push(bytes: Uint8Array): Generator<ScipDocument> {
        const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
        let from = 0;
        for (;;) {
            const found = fieldAt(all, from);
            if (found === undefined) {
                break;
            }
            from = found.end;
            if (found.field.number === INDEX_DOCUMENTS) {
                yield readDocument(bytesOf(found.field));
            }
        }
        this.#rest = all.slice(from);
    }

    /** Says that there are no more bytes; throws RangeError when some are missing. */
    end(): void {
        if (this.#rest.length > 0) {
            throw new RangeError(`index cut off: its last ${this.#rest.length} bytes are no field`);
        }
    }
}

/** Reads an index as a whole; throws RangeError when the bytes are no index. */
export function readScipIndex(bytes: Uint8Array): ScipDocument[] {
    const reader = new ScipReader();
    const documents = [...reader.push(bytes)];
    reader.end();
    return documents;
}

function readDocument(bytes: Uint8Array): ScipDocument {
    let path = "";
    let encoding: ScipEncoding = "utf-8";
    const occurrences: ScipOccurrence[] = [];
    for (const field of readMessage(bytes)) {
        if (field.number === DOCUMENT.path) {
            path = textOf(field);
        } else if (field.number === DOCUMENT.occurrences) {
            occurrences.push(readOccurrence(bytesOf(field)));
        } else if (field.number === DOCUMENT.encoding) {
            encoding = ENCODINGS[numberOf(field)] ?? "utf-8";
        }
    }
    return { path, encoding, occurrences };
}

function readOccurrence(bytes: Uint8Array): ScipOccurrence {
    let range: number[] = [];
    let typed: Place | undefined;
    let symbol = "";
    let roles = 0;
    for (const field of readMessage(bytes)) {
        switch (field.number) {
            case OCCURRENCE.range:
                range = range.concat(
                    typeof field.value === "number" ? [field.value] : readPacked(field.value),
                );
                break;
            case OCCURRENCE.symbol:
                symbol = textOf(field);
                break;
            case OCCURRENCE.roles:
                roles = numberOf(field);
                break;
            case OCCURRENCE.singleLine:
                typed = readSingleLine(bytesOf(field));
                break;
            case OCCURRENCE.multiLine:
                typed = readMultiLine(bytesOf(field));
                break;
            default:
        }
    }
    const place = typed ?? placeOf(range, symbol);
    return { ...place, symbol, isDefinition: (roles & ROLE_DEFINITION) !== 0 };
}

/** Three numbers when it ends on the line on which it begins, else four. */
function placeOf(range: readonly number[], symbol: string): Place {
    const [line, column, third, fourth] = range;
    if (line === undefined || column === undefined || third === undefined) {
        throw new RangeError(`occurrence of ${symbol} with a range of ${range.length} numbers`);
    }
    return fourth === undefined
        ? { line, column, endLine: line, endColumn: third }
        : { line, column, endLine: third, endColumn: fourth };
}

function readSingleLine(bytes: Uint8Array): Place {
    const number = numbersOf(bytes);
    const line = number(SINGLE_LINE.line);
    const [column, endColumn] = [number(SINGLE_LINE.column), number(SINGLE_LINE.endColumn)];
    return { line, column, endLine: line, endColumn };
}

function readMultiLine(bytes: Uint8Array): Place {
    const number = numbersOf(bytes);
    return {
        line: number(MULTI_LINE.line),
        column: number(MULTI_LINE.column),
        endLine: number(MULTI_LINE.endLine),
        endColumn: number(MULTI_LINE.endColumn),
    };
}

/** Numbers of a message by field; one that is zero is not written. */
function numbersOf(bytes: Uint8Array): (field: number) => number {
    const found = new Map([...readMessage(bytes)].map((field) => [field.number, numberOf(field)]));
    return (field) => found.get(field) ?? 0;
}

function bytesOf(field: WireField): Uint8Array {
    if (typeof field.value === "number") {
        throw new RangeError(`field ${field.number} is a number, not a message`);
    }
    return field.value;
}

function numberOf(field: WireField): number {
    if (typeof field.value !== "number") {
        throw new RangeError(`field ${field.number} is not a number`);
    }
    return field.value;
}

function textOf(field: WireField): string {
    return new TextDecoder().decode(bytesOf(field));
}
