// The reader of SCIP indexes, on bytes that are written here by hand.

import { describe, expect, test } from "vitest";

import { readMessage, readPacked } from "../../../bench/peers/protobuf.ts";
import { readScipIndex } from "../../../bench/peers/scip-index.ts";

function varint(value: number): number[] {
    return value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...varint(Math.floor(value / 0x80))];
}

function field(number: number, value: number | readonly number[] | string): number[] {
    if (typeof value === "number") {
        return [...varint(number * 8), ...varint(value)];
    }
    const bytes = typeof value === "string" ? [...new TextEncoder().encode(value)] : value;
    return [...varint(number * 8 + 2), ...varint(bytes.length), ...bytes];
}

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
