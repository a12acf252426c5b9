// The reader of SCIP indexes, on bytes that are written here by hand.

import { describe, expect, test } from "vitest";

import { readMessage, readPacked } from "../../../src/capture/rust-analyzer/wire-format.ts";
import {
    readScipIndex,
    ScipReader,
    type ScipDocument,
} from "../../../src/capture/rust-analyzer/scip-index.ts";
import { field, varint, writeScip } from "../../support/scip.ts";

function occurrence(range: readonly number[], symbol: string, roles = 0): number[] {
    const packed = range.flatMap(varint);
    return [...field(1, packed), ...field(2, symbol), ...(roles === 0 ? [] : field(3, roles))];
}

const INDEX = Uint8Array.from([
    ...field(1, field(3, "file:///workspace")),
    ...field(2, [
        ...field(1, "src/lib.rs"),
        ...field(2, occurrence([3, 4, 9], "rust-analyzer cargo a 1.0 f().", 1)),
        ...field(2, occurrence([300, 0, 301, 2], "local 7")),
        ...field(6, 2),
    ]),
]);

describe("readScipIndex", () => {
    test("reads documents, ranges of three and four numbers, and definitions", () => {
        expect(readScipIndex(INDEX)).toEqual([
            {
                path: "src/lib.rs",
                encoding: "utf-16",
                occurrences: [
                    {
                        line: 3,
                        column: 4,
                        endLine: 3,
                        endColumn: 9,
                        symbol: "rust-analyzer cargo a 1.0 f().",
                        isDefinition: true,
                    },
                    {
                        line: 300,
                        column: 0,
                        endLine: 301,
                        endColumn: 2,
                        symbol: "local 7",
                        isDefinition: false,
                    },
                ],
            },
        ]);
    });

    test("counts columns in bytes where the index does not say", () => {
        const bytes = Uint8Array.from(field(2, field(1, "a.rs")));
        expect(readScipIndex(bytes)[0]?.encoding).toBe("utf-8");
    });

    test("reads nothing as an index without documents", () => {
        expect(readScipIndex(new Uint8Array(0))).toEqual([]);
    });

    test("refuses an occurrence without a place", () => {
        const bytes = Uint8Array.from(field(2, field(2, field(2, "local 1"))));
        expect(() => readScipIndex(bytes)).toThrow("range of 0 numbers");
    });

    const documents: readonly ScipDocument[] = [
        {
            path: "src/lib.rs",
            encoding: "utf-8",
            occurrences: [
                {
                    line: 0,
                    column: 0,
                    endLine: 0,
                    endColumn: 3,
                    symbol: "local 0",
                    isDefinition: true,
                },
                {
                    line: 0,
                    column: 7,
                    endLine: 9,
                    endColumn: 0,
                    symbol: "local 1",
                    isDefinition: false,
                },
            ],
        },
        { path: "src/one.rs", encoding: "utf-32", occurrences: [] },
    ];

    test("reads ranges as numbers and as messages, which leave out what is zero", () => {
        expect(readScipIndex(writeScip(documents, "numbers"))).toEqual(documents);
        expect(readScipIndex(writeScip(documents, "typed"))).toEqual(documents);
    });

    test("reads an index that comes in pieces of any size", () => {
        const bytes = writeScip(documents, "numbers");
        for (let size = 1; size <= bytes.length; size++) {
            const reader = new ScipReader();
            const found: ScipDocument[] = [];
            for (let from = 0; from < bytes.length; from += size) {
                found.push(...reader.push(bytes.subarray(from, from + size)));
            }
            reader.end();
            expect(found).toEqual(documents);
        }
    });

    test("refuses every index that is cut off inside of its document", () => {
        const start = field(1, field(3, "file:///workspace")).length;
        for (let length = start + 1; length < INDEX.length; length++) {
            expect(() => readScipIndex(INDEX.subarray(0, length))).toThrow(RangeError);
        }
    });
});

describe("readMessage", () => {
    test("passes over fields of fixed size", () => {
        const bytes = Uint8Array.from([1 * 8 + 1, 1, 2, 3, 4, 5, 6, 7, 8, 2 * 8 + 5, 9, 9, 9, 9]);
        const sizes = [...readMessage(bytes)].map(({ number, value }) => [
            number,
            (value as Uint8Array).length,
        ]);
        expect(sizes).toEqual([
            [1, 8],
            [2, 4],
        ]);
    });

    test("refuses a wire type that is none, and a number without end", () => {
        expect(() => [...readMessage(Uint8Array.from([8 + 3]))]).toThrow("wire type 3");
        expect(() => [...readMessage(new Uint8Array(12).fill(0xff))]).toThrow("too long");
    });

    test("reads packed numbers of any length", () => {
        const numbers = [0, 1, 127, 128, 300, 2 ** 32, 2 ** 40 + 1];
        expect(readPacked(Uint8Array.from(numbers.flatMap(varint)))).toEqual(numbers);
    });
});
