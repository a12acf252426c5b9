import fc from "fast-check";
import { describe, expect, test } from "vitest";

import {
    decodeDelta,
    decodeDeltas,
    decodeFileRecord,
    DeltaEncoder,
    EDGE_KINDS,
    encodeDelta,
    encodeFileRecord,
    SYMBOL_KINDS,
    type GraphDelta,
    type GraphNode,
    type NodeId,
} from "../../../src/graph/index.ts";

const id = fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn }).map((value) => value as NodeId);
const text = fc.string({ unit: "grapheme", maxLength: 20 });
const hash = fc
    .uint8Array({ minLength: 32, maxLength: 32 })
    .map((bytes) => Buffer.from(bytes).toString("hex"));
const node: fc.Arbitrary<GraphNode> = fc.record({
    id,
    kind: fc.constantFrom(...SYMBOL_KINDS),
    name: text,
    path: text,
    flags: fc.nat({ max: 0xffff_ffff }),
});
const edge = fc.record({ source: id, target: id, kind: fc.constantFrom(...EDGE_KINDS) });
const file = fc.record({
    path: text,
    owners: fc.array(text, { maxLength: 3 }),
    cfg: text,
    contentHash: hash,
    tokenHash: hash,
    factsHash: hash,
});
const delta: fc.Arbitrary<GraphDelta> = fc.oneof(
    fc.record({ kind: fc.constant("add-node" as const), node }),
    fc.record({ kind: fc.constant("remove-node" as const), id }),
    fc.record({ kind: fc.constant("add-edge" as const), edge }),
    fc.record({ kind: fc.constant("remove-edge" as const), edge }),
    fc.record({ kind: fc.constant("put-file" as const), file }),
    fc.record({ kind: fc.constant("remove-file" as const), path: text }),
    fc.record({ kind: fc.constant("rename" as const), from: id, to: node }),
);

const run: GraphNode = {
    id: 0x1122334455667788n as NodeId,
    kind: "function",
    name: "run",
    path: "p/run",
    flags: 6,
};
const GOLDEN: [string, GraphDelta, string][] = [
    [
        "add-node",
        { kind: "add-node", node: run },
        "00000000 8877665544332211 02 0300000000000000 72756e 0500000000000000 702f72756e 06000000",
    ],
    ["remove-node", { kind: "remove-node", id: run.id }, "01000000 8877665544332211"],
    [
        "add-edge",
        { kind: "add-edge", edge: { source: run.id, target: 1n as NodeId, kind: "call" } },
        "02000000 8877665544332211 0100000000000000 01",
    ],
    [
        "remove-edge",
        { kind: "remove-edge", edge: { source: 2n as NodeId, target: run.id, kind: "implements" } },
        "03000000 0200000000000000 8877665544332211 04",
    ],
    [
        "put-file",
        {
            kind: "put-file",
            file: {
                path: "a.rs",
                owners: ["k", "ä"],
                cfg: "unix",
                contentHash: "11".repeat(32),
                tokenHash: "22".repeat(32),
                factsHash: "33".repeat(32),
            },
        },
        "04000000 0400000000000000 612e7273 0200000000000000 0100000000000000 6b" +
            "0200000000000000 c3a4 0400000000000000 756e6978" +
            "11".repeat(32) +
            "22".repeat(32) +
            "33".repeat(32),
    ],
    ["remove-file", { kind: "remove-file", path: "a.rs" }, "05000000 0400000000000000 612e7273"],
    [
        "rename",
        { kind: "rename", from: 3n as NodeId, to: run },
        "06000000 0300000000000000 8877665544332211 02" +
            "0300000000000000 72756e 0500000000000000 702f72756e 06000000",
    ],
];

const corrupt = expect.objectContaining({ code: "LOG_CORRUPT_RECORD" }) as Error;

describe("the delta codec", () => {
    test.each(GOLDEN)("writes %s as documented", (_, one, hex) => {
        expect(Buffer.from(encodeDelta(one)).toString("hex")).toBe(hex.replaceAll(" ", ""));
        expect(decodeDelta(encodeDelta(one))).toEqual(one);
    });

    test("gives back what was written", () => {
        fc.assert(
            fc.property(delta, (one) => {
                expect(decodeDelta(encodeDelta(one))).toEqual(one);
            }),
        );
    });

    test("writes sequences as bincode does", () => {
        fc.assert(
            fc.property(fc.array(delta, { maxLength: 8 }), (deltas) => {
                const encoder = new DeltaEncoder(0);
                encoder.count(0);
                deltas.forEach((one) => {
                    encoder.delta(one);
                });
                encoder.patchCount(0, deltas.length);
                expect(decodeDeltas(encoder.bytes())).toEqual(deltas);
            }),
        );
    });

    test("writes file records alone", () => {
        fc.assert(
            fc.property(file, (one) => {
                expect(decodeFileRecord(encodeFileRecord(one))).toEqual(one);
            }),
        );
    });

    test.each(GOLDEN)("refuses %s cut at every byte, and with a byte too many", (_, one) => {
        const bytes = encodeDelta(one);
        for (let length = 0; length < bytes.length; length++) {
            expect(() => decodeDelta(bytes.subarray(0, length))).toThrow(corrupt);
        }
        expect(() => decodeDelta(Buffer.concat([bytes, Buffer.alloc(1)]))).toThrow(corrupt);
    });

    test("refuses unknown tags and kinds", () => {
        const bytes = encodeDelta({ kind: "add-node", node: run });
        expect(() => decodeDelta(patch(bytes, 0, 7))).toThrow(corrupt);
        expect(() => decodeDelta(patch(bytes, 3, 1))).toThrow(corrupt);
        expect(() => decodeDelta(patch(bytes, 12, SYMBOL_KINDS.length))).toThrow(corrupt);
    });

    test("refuses lengths beyond the end without allocating", () => {
        const bytes = encodeDelta({ kind: "put-file", file: fileOf(["k"]) });
        for (const at of [4, 9, 16, 20]) {
            for (const value of [0x7f, 0xff]) {
                expect(() => decodeDelta(patch(bytes, at, value))).toThrow(corrupt);
            }
        }
        const sequence = new DeltaEncoder();
        sequence.count(2 ** 40);
        expect(() => decodeDeltas(sequence.bytes())).toThrow(corrupt);
    });

    test("refuses a text that is not UTF-8", () => {
        const bytes = encodeDelta({ kind: "remove-file", path: "abcd" });
        expect(() => decodeDelta(patch(bytes, 13, 0xff))).toThrow(corrupt);
    });
});

function fileOf(owners: string[]): Extract<GraphDelta, { kind: "put-file" }>["file"] {
    const zero = "0".repeat(64);
    return { path: "a", owners, cfg: "", contentHash: zero, tokenHash: zero, factsHash: zero };
}

function patch(bytes: Uint8Array, at: number, value: number): Uint8Array {
    const copy = Uint8Array.from(bytes);
    copy[at] = value;
    return copy;
}
