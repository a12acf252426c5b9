// The contract of every traversal backend: same arrays in, same answers out. Run by one test file for
// each backend with its own factory.

import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";

import {
    dominatorsOf,
    NO_DOMINATOR,
    NOT_REACHED,
    typescriptTraversal,
    type BfsOptions,
    type BfsResult,
    type Csr,
    type EdgeArrays,
    type Traversal,
} from "../../src/csr/index.ts";
import { seededNumbers } from "../support/trie-records.ts";

/** How large the random graphs should be, and how many. */
export interface TraversalSupport {
    readonly nodeCountMax: number;
    readonly runs: number;
}

type Edge = readonly [source: number, target: number, kind: number];

/** Declares the tests of a backend. */
export function traversalContract(
    name: string,
    factory: () => Traversal,
    supports: TraversalSupport,
): void {
    describe(`traversal by ${name}`, () => {
        // Made when the tests run: where they do not, there may be nothing to make it from.
        let backend: Traversal;
        beforeAll(() => {
            backend = factory();
        });
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

        test("answers distances, parents and the reached nodes by distance and number", () => {
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
            expect(Array.from(found.reachable())).toEqual([2, 4, 3]);
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
                        checkSame(found, typescriptTraversal.bfs(csr, 0, options));
                    },
                ),
                { numRuns: supports.runs },
            );
        });

        test("goes the same ways through wide graphs", () => {
            // Wide enough that a backend may search from below.
            const random = seededNumbers(5);
            const nodeCount = 3000;
            const edges = randomEdges(random, nodeCount, 40_000);
            const csr = backend.buildCsr(nodeCount, edges);
            for (let round = 0; round < 14; round++) {
                const source = Math.floor(random() * nodeCount);
                const kinds = round % 2 === 0 ? 0xffff_ffff : 1 + 4 + 16;
                checkSame(
                    backend.bfs(csr, source, { kinds }),
                    typescriptTraversal.bfs(csr, source, { kinds }),
                );
            }
        });

        describe("from many sources", () => {
            test.each([0, 1, 2, 31, 32, 33, 63, 64, 65, 130])("%i of them", (count) => {
                const random = seededNumbers(count + 1);
                const nodeCount = 90;
                const csr = backend.buildCsr(nodeCount, randomEdges(random, nodeCount, 200));
                const sources = Array.from({ length: count }, () =>
                    Math.floor(random() * nodeCount),
                );
                for (const options of [
                    { kinds: 0xffff_ffff, withSets: true },
                    { kinds: 5, maxDepth: 2, countedNodes: 40, withSets: true },
                    { kinds: 7, maxDepth: 0, countedNodes: 1000 },
                ]) {
                    checkMany(backend, csr, sources, options);
                }
            });

            test("refuses what is outside the graph", () => {
                expect(() => backend.bfsMany(build(5, small), [5], { kinds: 1 })).toThrow();
                expect(backend.bfsMany(build(0, []), [], { kinds: 1 }).counts).toHaveLength(0);
            });
        });

        test("searches depth first in row order", () => {
            const found = backend.dfs(build(5, small), [0, 4], 0xffff_ffff);
            expect(Array.from(found.preorder)).toEqual([0, 1, 2, 3, 4]);
            expect(Array.from(found.postorder)).toEqual([3, 2, 1, 0, 4]);
            expect(Array.from(found.parents)).toEqual([-1, 0, 1, 2, -1]);
            expect(() => backend.dfs(build(5, small), [5], 1)).toThrow();
        });

        test("finds depth-first orders, components and numberings of the reference", () => {
            fc.assert(
                fc.property(
                    graphOf(supports.nodeCountMax),
                    fc.nat(31),
                    ({ nodeCount, edges }, kinds) => {
                        const csr = build(nodeCount, edges);
                        const roots = [0, nodeCount - 1];
                        expect(backend.dfs(csr, roots, kinds)).toEqual(
                            typescriptTraversal.dfs(csr, roots, kinds),
                        );
                        const order = backend.bfsOrder(csr);
                        expect(order).toEqual(typescriptTraversal.bfsOrder(csr));
                        expect(backend.relabel(csr, order)).toEqual(
                            typescriptTraversal.relabel(csr, order),
                        );
                    },
                ),
                { numRuns: supports.runs },
            );
        });

        test("numbers nodes anew without changing the graph", () => {
            const csr = build(5, small);
            const order = Uint32Array.of(4, 3, 2, 1, 0);
            const renamed = listEdges(backend.relabel(csr, order));
            expect(renamed.map(([s, t, k]) => [4 - s, 4 - t, k].join()).sort()).toEqual(
                small.map((edge) => edge.join()).sort(),
            );
            expect(() => backend.relabel(csr, Uint32Array.of(0, 0, 1, 2, 3))).toThrow();
            expect(() => backend.relabel(csr, Uint32Array.of(0, 1))).toThrow();
        });

        test("finds dominators: those without which a node is not reached", () => {
            fc.assert(
                fc.property(
                    graphOf(Math.min(supports.nodeCountMax, 24)),
                    fc.nat(31),
                    fc.array(fc.nat(1000), { maxLength: 3 }),
                    ({ nodeCount, edges }, kinds, more) => {
                        const csr = build(nodeCount, edges);
                        const entries = [0, ...more.map((entry) => entry % nodeCount)];
                        checkDominators(
                            csr,
                            entries,
                            kinds,
                            backend.dominators(csr, entries, kinds),
                        );
                        const turned = backend.transpose(csr);
                        const post = backend.dominators(turned, entries, kinds);
                        checkDominators(turned, entries, kinds, post);
                    },
                ),
                { numRuns: supports.runs },
            );
        });

        test("finds dominators of loops, of several entries and of none", () => {
            //  0 ─> 1 ─> 2 ─> 1, 2 ─> 3      4 ─> 3      5
            const edges: Edge[] = [
                [0, 1, 2],
                [1, 2, 2],
                [2, 1, 2],
                [2, 3, 2],
                [4, 3, 2],
            ];
            const csr = build(6, edges);
            expect(Array.from(backend.dominators(csr, [0], 4))).toEqual([
                NO_DOMINATOR,
                0,
                1,
                2,
                NOT_REACHED,
                NOT_REACHED,
            ]);
            const two = backend.dominators(csr, [0, 4, 0], 4);
            expect(Array.from(two)).toEqual([-1, 0, 1, -1, -1, NOT_REACHED]);
            expect(dominatorsOf(two, 2)).toEqual([1, 0]);
            expect(dominatorsOf(two, 5)).toBeUndefined();
            expect(new Set(backend.dominators(csr, [], 4))).toEqual(new Set([NOT_REACHED]));
            expect(() => backend.dominators(csr, [6], 4)).toThrow();
        });

        test("finds components: nodes that reach each other", () => {
            fc.assert(
                fc.property(
                    graphOf(Math.min(supports.nodeCountMax, 24)),
                    fc.nat(31),
                    ({ nodeCount, edges }, kinds) => {
                        const csr = build(nodeCount, edges);
                        const reach = Array.from({ length: nodeCount }, (_, node) =>
                            reachWithout(csr, [node], kinds, -1),
                        );
                        const least = reach.map((reached, node) =>
                            reached.findIndex((is, other) => is && reach[other]![node]!),
                        );
                        expect(Array.from(backend.components(csr, kinds))).toEqual(least);
                    },
                ),
                { numRuns: supports.runs },
            );
        });

        test("follows a chain of a hundred thousand without running out of stack", () => {
            const length = 100_000;
            const csr = backend.buildCsr(length, {
                sources: Uint32Array.from({ length: length - 1 }, (_, node) => node),
                targets: Uint32Array.from({ length: length - 1 }, (_, node) => node + 1),
                kinds: new Uint8Array(length - 1),
            });
            expect(backend.bfs(csr, 0, { kinds: 1 }).dist[length - 1]).toBe(length - 1);
            expect(backend.dfs(csr, [0], 1).postorder[0]).toBe(length - 1);
            expect(backend.dominators(csr, [0], 1)[length - 1]).toBe(length - 2);
            expect(backend.components(csr, 1)[length - 1]).toBe(length - 1);
        });
    });
}

function randomEdges(random: () => number, nodeCount: number, count: number): EdgeArrays {
    const node = (): number => Math.floor(random() * nodeCount);
    return {
        sources: Uint32Array.from({ length: count }, node),
        targets: Uint32Array.from({ length: count }, node),
        kinds: Uint8Array.from({ length: count }, () => Math.floor(random() * 5)),
    };
}

function checkSame(found: BfsResult, expected: BfsResult): void {
    expect(found.dist).toEqual(expected.dist);
    expect(found.reachable()).toEqual(expected.reachable());
    expect(found.parents).toEqual(expected.parents);
    expect(found.parentKinds).toEqual(expected.parentKinds);
}

/** Each search by itself finds what it finds among many. */
function checkMany(
    backend: Traversal,
    csr: Csr,
    sources: readonly number[],
    options: Parameters<Traversal["bfsMany"]>[2],
): void {
    const many = backend.bfsMany(csr, sources, options);
    expect(many).toEqual(typescriptTraversal.bfsMany(csr, sources, options));
    const words = Math.ceil(sources.length / 32);
    expect(many.sets).toHaveLength(options.withSets === true ? words * csr.nodeCount : 0);
    sources.forEach((source, index) => {
        const { dist } = typescriptTraversal.bfs(csr, source, options);
        const counted = dist.subarray(0, options.countedNodes ?? csr.nodeCount);
        expect(many.counts[index]).toBe(counted.filter((distance) => distance >= 0).length);
        expect(many.depths[index]).toBe(Math.max(0, ...counted));
        for (let node = 0; many.sets.length > 0 && node < csr.nodeCount; node++) {
            const word = many.sets[node * words + (index >>> 5)]!;
            expect((word >>> (index & 31)) & 1).toBe(dist[node]! >= 0 ? 1 : 0);
        }
    });
}

/** Which nodes the sources reach when one is taken away. */
function reachWithout(
    csr: Csr,
    sources: readonly number[],
    kinds: number,
    without: number,
): boolean[] {
    const seen = Array.from({ length: csr.nodeCount }, () => false);
    const open: number[] = [];
    const see = (node: number): void => {
        if (node !== without && !seen[node]!) {
            seen[node] = true;
            open.push(node);
        }
    };
    sources.forEach(see);
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
        for (let at = csr.rowOffsets[node]!; at < csr.rowOffsets[node + 1]!; at++) {
            if ((kinds >>> csr.kinds[at]!) & 1) {
                see(csr.columns[at]!);
            }
        }
    }
    return seen;
}

function checkDominators(
    csr: Csr,
    entries: readonly number[],
    kinds: number,
    idoms: Int32Array,
): void {
    const reached = reachWithout(csr, entries, kinds, -1);
    const without = reached.map((_, node) => reachWithout(csr, entries, kinds, node));
    reached.forEach((is, node) => {
        const expected = reached.flatMap((_, other) =>
            other !== node && reached[other]! && !without[other]![node]! ? [other] : [],
        );
        const found = dominatorsOf(idoms, node);
        expect(found === undefined ? undefined : [...found].sort((a, b) => a - b)).toEqual(
            is ? expected : undefined,
        );
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
