// The contract of every traversal backend: same arrays in, same answers out. Run by one test file for
// each backend with its own factory.

import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { BfsOptions, BfsResult, Csr, EdgeArrays } from "../../src/csr/index.ts";

/** A backend under test. */
export interface TraversalBackend {
    buildCsr(nodeCount: number, edges: EdgeArrays): Csr;
    transpose(csr: Csr): Csr;
    bfs(csr: Csr, source: number | Iterable<number>, options: BfsOptions): BfsResult;
}

/** What a backend can do beyond the common part, and how large the random graphs should be. */
export interface TraversalSupport {
    /** Parents are those that the TypeScript reference finds, not just any shortest way's. */
    readonly deterministicParents: boolean;
    readonly nodeCountMax: number;
    readonly runs: number;
}

type Edge = readonly [source: number, target: number, kind: number];

/** Declares the tests of a backend. */
export function traversalContract(
    name: string,
    factory: () => TraversalBackend,
    supports: TraversalSupport,
): void {
    describe(`traversal by ${name}`, () => {
        const backend = factory();
        const build = (nodeCount: number, edges: readonly Edge[]): Csr =>
            backend.buildCsr(nodeCount, arraysOf(edges));

        //   0 ──call──> 1 ──call──> 2
        //   │           └─ref─> 3 <─┘ call
        //   └──ref──> 3          4 (alone)
        const small: Edge[] = [
            [1, 3, 3],
            [0, 3, 3],
            [0, 1, 1],
            [2, 3, 1],
            [1, 2, 1],
        ];

        test("keeps rows sorted by kind and target", () => {
            const csr = build(5, [...small, [1, 0, 3], [1, 4, 1]]);
            expect(Array.from(csr.rowOffsets)).toEqual([0, 2, 6, 7, 7, 7]);
            expect(Array.from(csr.columns)).toEqual([1, 3, 2, 4, 0, 3, 3]);
            expect(Array.from(csr.kinds)).toEqual([1, 3, 1, 1, 3, 3, 1]);
        });

        test("counts an edge given twice once, and two kinds twice", () => {
            const csr = build(2, [
                [0, 1, 1],
                [0, 1, 3],
                [0, 1, 1],
                [0, 1, 1],
            ]);
            expect(csr.edgeCount).toBe(2);
            expect(Array.from(csr.kinds)).toEqual([1, 3]);
        });

        test("answers distances, parents and the order of arrival", () => {
            const found = backend.bfs(build(5, small), 0, { kinds: 0xffff_ffff });
            expect(Array.from(found.dist)).toEqual([0, 1, 2, 1, -1]);
            expect(Array.from(found.parents)).toEqual([-1, 0, 1, 0, -1]);
            expect(Array.from(found.parentKinds)).toEqual([255, 1, 1, 3, 255]);
            expect(Array.from(found.reachable())).toEqual([0, 1, 3, 2]);
        });

        test("follows only the kinds of the mask", () => {
            const found = backend.bfs(build(5, small), 0, { kinds: 1 << 1 });
            expect(Array.from(found.dist)).toEqual([0, 1, 2, 3, -1]);
            const none = backend.bfs(build(5, small), 0, { kinds: 0 });
            expect(Array.from(none.reachable())).toEqual([0]);
        });

        test("knows kind 31", () => {
            const csr = build(2, [[0, 1, 31]]);
            expect(backend.bfs(csr, 0, { kinds: 2 ** 31 }).dist[1]).toBe(1);
            expect(backend.bfs(csr, 0, { kinds: 2 ** 31 - 1 }).dist[1]).toBe(-1);
        });

        test("stops at the depth", () => {
            const csr = build(5, small);
            const depths = [0, 1, 2].map((maxDepth) =>
                Array.from(backend.bfs(csr, 0, { kinds: 2, maxDepth }).reachable()),
            );
            expect(depths).toEqual([[0], [0, 1], [0, 1, 2]]);
        });

        test("starts from several sources", () => {
            const found = backend.bfs(build(5, small), [4, 2, 4], { kinds: 0xffff_ffff });
            expect(Array.from(found.reachable())).toEqual([4, 2, 3]);
            expect(Array.from(found.dist)).toEqual([-1, -1, 0, 1, 0]);
        });

        test("takes no sources, no edges, no nodes, loops", () => {
            expect(build(0, [])).toMatchObject({ nodeCount: 0, edgeCount: 0 });
            expect(backend.bfs(build(0, []), [], { kinds: 1 }).dist).toHaveLength(0);
            expect(backend.bfs(build(3, []), 1, { kinds: 1 }).reachable()).toHaveLength(1);
            expect(backend.bfs(build(5, small), [], { kinds: 1 }).reachable()).toHaveLength(0);
            const loop = build(1, [[0, 0, 0]]);
            expect(Array.from(backend.bfs(loop, 0, { kinds: 1 }).dist)).toEqual([0]);
        });

        test("refuses what is outside the graph", () => {
            const csr = build(5, small);
            expect(() => build(1, [[0, 1, 0]])).toThrow();
            expect(() => build(1, [[1, 0, 0]])).toThrow();
            expect(() => build(2, [[0, 1, 32]])).toThrow();
            expect(() => backend.bfs(csr, 5, { kinds: 1 })).toThrow();
            expect(() => backend.bfs(csr, -1, { kinds: 1 })).toThrow();
            expect(() => backend.bfs(csr, 0.5, { kinds: 1 })).toThrow();
        });

        test("refuses more than 2^31 - 1 nodes", () => {
            expect(() => build(2 ** 31, [])).toThrow(
                expect.objectContaining({ code: "CSR_TOO_LARGE" }),
            );
        });

        test("holds the given set of edges, and turned round its mirror image", () => {
            fc.assert(
                fc.property(graphOf(supports.nodeCountMax), ({ nodeCount, edges }) => {
                    const csr = build(nodeCount, edges);
                    const set = [...new Set(edges.map((edge) => edge.join()))].sort();
                    expect(listEdges(csr).map(String).sort()).toEqual(set);
                    const turned = backend.transpose(csr);
                    expect(listEdges(turned)).toEqual(
                        listEdges(
                            build(
                                nodeCount,
                                edges.map(([s, t, k]) => [t, s, k]),
                            ),
                        ),
                    );
                    expect(listEdges(backend.transpose(turned))).toEqual(listEdges(csr));
                }),
                { numRuns: supports.runs },
            );
        });

        test("agrees with a naive search", () => {
            fc.assert(
                fc.property(
                    graphOf(supports.nodeCountMax),
                    fc.nat(31),
                    fc.option(fc.nat(5), { nil: undefined }),
                    ({ nodeCount, edges }, kinds, maxDepth) => {
                        const csr = build(nodeCount, edges);
                        const options = maxDepth === undefined ? { kinds } : { kinds, maxDepth };
                        const found = backend.bfs(csr, 0, options);
                        expect(Array.from(found.dist)).toEqual(
                            naiveDist(nodeCount, edges, options),
                        );
                        checkParents(found, edges, kinds);
                        if (supports.deterministicParents) {
                            const again = backend.bfs(csr, 0, options);
                            expect(Array.from(again.parents)).toEqual(Array.from(found.parents));
                        }
                    },
                ),
                { numRuns: supports.runs },
            );
        });
    });
}

function arraysOf(edges: readonly Edge[]): EdgeArrays {
    return {
        sources: Uint32Array.from(edges, (edge) => edge[0]),
        targets: Uint32Array.from(edges, (edge) => edge[1]),
        kinds: Uint8Array.from(edges, (edge) => edge[2]),
    };
}

function graphOf(nodeCountMax: number): fc.Arbitrary<{ nodeCount: number; edges: Edge[] }> {
    return fc.integer({ min: 1, max: nodeCountMax }).chain((nodeCount) =>
        fc.record({
            nodeCount: fc.constant(nodeCount),
            edges: fc.array(fc.tuple(fc.nat(nodeCount - 1), fc.nat(nodeCount - 1), fc.nat(4)), {
                maxLength: nodeCount * 3,
            }),
        }),
    );
}

function listEdges(csr: Csr): Edge[] {
    const edges: Edge[] = [];
    for (let row = 0; row < csr.nodeCount; row++) {
        for (let at = csr.rowOffsets[row]!; at < csr.rowOffsets[row + 1]!; at++) {
            edges.push([row, csr.columns[at]!, csr.kinds[at]!]);
        }
    }
    return edges;
}

function naiveDist(nodeCount: number, edges: readonly Edge[], options: BfsOptions): number[] {
    const dist: number[] = Array.from({ length: nodeCount }, (_, node) => (node === 0 ? 0 : -1));
    for (let depth = 0; depth < (options.maxDepth ?? nodeCount); depth++) {
        for (const [source, target, kind] of edges) {
            if (dist[source] === depth && dist[target] === -1 && (options.kinds >>> kind) & 1) {
                dist[target] = depth + 1;
            }
        }
    }
    return dist;
}

/** Every parent is one edge nearer, over an edge that exists; the order of arrival is by distance. */
function checkParents(found: BfsResult, edges: readonly Edge[], kinds: number): void {
    const set = new Set(edges.map((edge) => edge.join()));
    const order = Array.from(found.reachable());
    expect(order.length).toBe(found.dist.filter((distance) => distance >= 0).length);
    expect(new Set(order).size).toBe(order.length);
    let last = 0;
    for (const node of order) {
        const distance = found.dist[node]!;
        expect(distance).toBeGreaterThanOrEqual(last);
        last = distance;
        const parent = found.parents[node]!;
        if (distance === 0) {
            expect([parent, found.parentKinds[node]]).toEqual([-1, 255]);
        } else {
            const kind = found.parentKinds[node]!;
            expect(found.dist[parent]).toBe(distance - 1);
            expect(set.has([parent, node, kind].join())).toBe(true);
            expect((kinds >>> kind) & 1).toBe(1);
        }
    }
}
