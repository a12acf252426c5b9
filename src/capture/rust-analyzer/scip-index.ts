// Reads a SCIP index (the format of `rust-analyzer scip`): documents and their occurrences.

import { readMessage, readPacked, type WireField } from "./protobuf.ts";

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

const INDEX_DOCUMENTS = 2;
const DOCUMENT = { path: 1, occurrences: 2, encoding: 6 } as const;
const OCCURRENCE = { range: 1, symbol: 2, roles: 3 } as const;
const ROLE_DEFINITION = 1;
const ENCODINGS: Readonly<Record<number, ScipEncoding>> = { 1: "utf-8", 2: "utf-16", 3: "utf-32" };

/** Reads an index; throws RangeError when the bytes are no index. */
export function readScipIndex(bytes: Uint8Array): ScipDocument[] {
    const documents: ScipDocument[] = [];
    for (const field of readMessage(bytes)) {
        if (field.number === INDEX_DOCUMENTS) {
            documents.push(readDocument(bytesOf(field)));
        }
    }
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
    let symbol = "";
    let roles = 0;
    for (const field of readMessage(bytes)) {
        if (field.number === OCCURRENCE.range) {
            range = range.concat(
                typeof field.value === "number" ? [field.value] : readPacked(field.value),
            );
        } else if (field.number === OCCURRENCE.symbol) {
            symbol = textOf(field);
        } else if (field.number === OCCURRENCE.roles) {
            roles = numberOf(field);
        }
    }
    // Three numbers when it ends on the line on which it begins, else four.
    const [line, column, third, fourth] = range;
    if (line === undefined || column === undefined || third === undefined) {
        throw new RangeError(`occurrence of ${symbol} with a range of ${range.length} numbers`);
    }
    const isDefinition = (roles & ROLE_DEFINITION) !== 0;
    return fourth === undefined
        ? { line, column, endLine: line, endColumn: third, symbol, isDefinition }
        : { line, column, endLine: third, endColumn: fourth, symbol, isDefinition };
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
