import fc from "fast-check";
import { expect, test } from "vitest";

import { buildCsr, CsrGraph, edgesOf, kindMask } from "../../../src/csr/index.ts";

const noEdges = { sources: new Uint32Array(), targets: new Uint32Array(), kinds: new Uint8Array() };

function graphOf(ids: readonly bigint[]): CsrGraph {
    return new CsrGraph(buildCsr(ids.length, noEdges), "root", BigUint64Array.from(ids));
}

test("finds the index of every id and of no other", () => {
    fc.assert(
        fc.property(
            fc.uniqueArray(fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn })),
            fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn }),
            (ids, other) => {
                const graph = graphOf(ids);
                ids.forEach((id, index) => {
                    expect(graph.nodeIndex(id)).toBe(index);
                });
                expect(graph.nodeIndex(other)).toBe(
                    ids.includes(other) ? ids.indexOf(other) : undefined,
                );
            },
        ),
    );
});

test("tells ids apart that share their lower word", () => {
    const graph = graphOf([5n, (1n << 32n) + 5n, (2n << 32n) + 5n]);
    expect(graph.nodeIndex((2n << 32n) + 5n)).toBe(2);
    expect(graph.nodeIndex((3n << 32n) + 5n)).toBeUndefined();
});

test("refuses ids that are not one for each node", () => {
    expect(() => new CsrGraph(buildCsr(2, noEdges), "root", new BigUint64Array(1))).toThrow();
});

test("lists its edges in row order", () => {
    const csr = buildCsr(3, {
        sources: Uint32Array.of(2, 0, 2),
        targets: Uint32Array.of(1, 2, 0),
        kinds: Uint8Array.of(0, 1, 1),
    });
    expect(edgesOf(csr)).toEqual({
        sources: Uint32Array.of(0, 2, 2),
        targets: Uint32Array.of(2, 1, 0),
        kinds: Uint8Array.of(1, 0, 1),
    });
});

test("makes masks of kinds", () => {
    expect(kindMask([0, 4])).toBe(17);
    expect(kindMask([31])).toBe(2 ** 31);
    expect(() => kindMask([32])).toThrow();
});
