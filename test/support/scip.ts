// SCIP indexes by hand: documents to bytes in either form of ranges, and occurrences named by the n-th
// occurrence of a word in a file.

import { LineIndex, finishSteps } from "../../src/base/index.ts";
import type { ScipDocument, ScipOccurrence } from "../../src/capture/index.ts";
import {
    decodeUnitEvidence,
    Evidence,
    Resolver,
    ScipReducer,
    type ScipReport,
} from "../../src/resolve/index.ts";
import { captureFiles, placeOf, type Word } from "./facts.ts";
import type { Fixture } from "./fixture.ts";

/** How ranges are written: three or four numbers, or messages of the newer schema. */
export type RangeForm = "numbers" | "typed";

/** One occurrence: where, of what, and whether it is the definition. */
export type ScipLine = readonly [at: Word, symbol: string, definition?: "definition"];

/** A field of a message. */
export function field(number: number, value: number | readonly number[] | string): number[] {
    if (typeof value === "number") {
        return [...varint(number * 8), ...varint(value)];
    }
    const bytes = typeof value === "string" ? [...new TextEncoder().encode(value)] : value;
    return [...varint(number * 8 + 2), ...varint(bytes.length), ...bytes];
}

/** A number as the wire has it. */
export function varint(value: number): number[] {
    return value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...varint(Math.floor(value / 0x80))];
}

/** An index as bytes. */
export function writeScip(documents: readonly ScipDocument[], form: RangeForm): Uint8Array {
    const parts = documents.map(({ path, encoding, occurrences }) => {
        const rows = occurrences.map((one) => field(2, writeOccurrence(one, form)));
        const code = { "utf-8": 1, "utf-16": 2, "utf-32": 3 }[encoding];
        return Uint8Array.from(field(2, [...field(1, path), ...rows.flat(), ...field(6, code)]));
    });
    return Buffer.concat([Uint8Array.from(field(1, field(3, "file:///workspace"))), ...parts]);
}

function writeOccurrence(one: ScipOccurrence, form: RangeForm): number[] {
    const { line, column, endLine, endColumn, symbol, isDefinition } = one;
    const isOneLine = line === endLine;
    const optional = (number: number, value: number): number[] =>
        value === 0 ? [] : field(number, value);
    const range =
        form === "numbers"
            ? field(
                  1,
                  (isOneLine
                      ? [line, column, endColumn]
                      : [line, column, endLine, endColumn]
                  ).flatMap(varint),
              )
            : isOneLine
              ? field(8, [...optional(1, line), ...optional(2, column), ...optional(3, endColumn)])
              : field(9, [
                    ...optional(1, line),
                    ...optional(2, column),
                    ...optional(3, endLine),
                    ...optional(4, endColumn),
                ]);
    return [...range, ...field(2, symbol), ...(isDefinition ? field(3, 1) : [])];
}

/** The documents of a fixture. */
export function scipOf(fixture: Fixture, lines: readonly ScipLine[]): ScipDocument[] {
    const paths = [...new Set(lines.map(([[path]]) => path))];
    return paths.map((path) => {
        const index = new LineIndex(fixture.files.get(path)!);
        const occurrences = lines
            .filter(([at]) => at[0] === path)
            .map(([at, symbol, definition]): ScipOccurrence => {
                const { start, end } = placeOf(fixture, at);
                const from = index.position(start, "utf-8");
                const to = index.position(end, "utf-8");
                return {
                    line: from.line,
                    column: from.column,
                    endLine: to.line,
                    endColumn: to.column,
                    symbol,
                    isDefinition: definition === "definition",
                };
            });
        return { path, encoding: "utf-8", occurrences };
    });
}

/** What an index says of a fixture, by way of its stored form. */
export function analyzerEvidence(
    fixture: Fixture,
    documents: readonly ScipDocument[],
    textOf: (path: string) => string | undefined = () => undefined,
): { readonly evidence: Evidence; readonly report: ScipReport } {
    const captures = captureFiles(fixture);
    const resolution = new Resolver().resolve({ model: fixture.model, captures });
    const reducer = new ScipReducer({
        model: fixture.model,
        resolution,
        captures,
        textOf: (path) => fixture.files.get(path),
    });
    finishSteps(reducer.prepare());
    documents.forEach((document) => {
        reducer.take(document);
    });
    const units = finishSteps(reducer.finish()).flatMap(
        ({ bytes }) => decodeUnitEvidence(bytes) ?? [],
    );
    return { evidence: new Evidence(units, reducer.outside, textOf), report: reducer.report() };
}
