// Breadth-first search over a CSR. Stateless; the reference for every other backend.
// Answers are functions of the graph alone, not of the way they were found: reached nodes are listed by
// (distance, node), and a parent is the least node at the distance before, by its least kind of edge.

/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices come from a CSR, whose columns lie
   below its node count by construction */

import { assert } from "../base/index.ts";
import { KIND_COUNT_MAX, type Csr } from "./build-csr.ts";

/** What a search may follow. */
export interface BfsOptions {
    /** Bit set of edge kinds (1 << kind). */
    readonly kinds: number;
    /** Largest distance that is still reached; unlimited by default. */
    readonly maxDepth?: number;
}

/** Parent kind of nodes without a parent. */
const NO_KIND = 255;

/** A depth that no search comes to. */
const UNLIMITED_DEPTH = 0xffff_ffff;

/** What a search reached. */
export interface BfsResult {
    /** Number of edges on a shortest way; -1 where unreachable. */
    readonly dist: Int32Array;
    /** Least node before on such a way; -1 for sources and the unreachable. Found when first asked. */
    readonly parents: Int32Array;
    /** Least kind of the edge from the parent; NO_KIND where there is none. */
    readonly parentKinds: Uint8Array;
    /** Reached nodes by ascending distance and number. */
    reachable(): Uint32Array;
}

/** Parents of a search's nodes, and the kinds of their edges. */
export interface BfsParents {
    readonly parents: Int32Array;
    readonly kinds: Uint8Array;
}

/** Makes the bit set of edge kinds. */
export function kindMask(kinds: Iterable<number>): number {
    let mask = 0;
    for (const kind of kinds) {
        assert(Number.isInteger(kind), "a kind is a number");
        assert(kind >= 0 && kind < KIND_COUNT_MAX, `kind ${kind} is below ${KIND_COUNT_MAX}`);
        mask |= 1 << kind;
    }
    return mask >>> 0;
}

/** Searches from one node or several, following edges of the given kinds. */
export function bfs(csr: Csr, source: number | Iterable<number>, options: BfsOptions): BfsResult {
    const { nodeCount, rowOffsets, columns, kinds } = csr;
    const mask = options.kinds;
    const maxDepth = checkedDepth(options.maxDepth);
    const dist = new Int32Array(nodeCount).fill(-1);
    const queue = new Uint32Array(nodeCount);
    let tail = enqueueSources(queue, dist, checkedSources(csr, source));
    for (let head = 0; head < tail; head++) {
        const node = queue[head]!;
        const next = dist[node]! + 1;
        if (next > maxDepth) {
            break;
        }
        const stop = rowOffsets[node + 1]!;
        for (let at = rowOffsets[node]!; at < stop; at++) {
            const target = columns[at]!;
            if (((mask >>> kinds[at]!) & 1) !== 0 && dist[target] === -1) {
                dist[target] = next;
                queue[tail] = target;
                tail += 1;
            }
        }
    }
    const order = queue.subarray(0, tail);
    sortLevels(order, dist);
    return bfsResult(dist, order, () => findParents(csr, mask, dist, order));
}

/** Wraps what a backend found; parents are looked for when they are first asked. */
export function bfsResult(dist: Int32Array, order: Uint32Array, find: () => BfsParents): BfsResult {
    let found: BfsParents | undefined;
    return {
        dist,
        get parents() {
            return (found ??= find()).parents;
        },
        get parentKinds() {
            return (found ??= find()).kinds;
        },
        reachable: () => order,
    };
}

/** Sources as an array, each of them a node. */
export function checkedSources(csr: Csr, source: number | Iterable<number>): Uint32Array {
    const list = typeof source === "number" ? [source] : [...source];
    for (const node of list) {
        assert(Number.isInteger(node), "a source is a node index");
        assert(node >= 0 && node < csr.nodeCount, `source ${node} is one of the nodes`);
    }
    return Uint32Array.from(list);
}

/** A depth as a word. */
export function checkedDepth(maxDepth: number | undefined): number {
    assert(maxDepth === undefined || maxDepth >= 0, "a depth is not negative");
    return Math.floor(Math.min(maxDepth ?? UNLIMITED_DEPTH, UNLIMITED_DEPTH));
}

function enqueueSources(queue: Uint32Array, dist: Int32Array, sources: Uint32Array): number {
    let tail = 0;
    for (const source of sources) {
        if (dist[source] === -1) {
            dist[source] = 0;
            queue[tail] = source;
            tail += 1;
        }
    }
    return tail;
}

// Few nodes are sorted level by level; many are put in place in one pass over all distances.
function sortLevels(order: Uint32Array, dist: Int32Array): void {
    const starts = [0];
    for (let at = 1; at < order.length; at++) {
        if (dist[order[at]!] !== dist[order[at - 1]!]) {
            starts.push(at);
        }
    }
    if (order.length < dist.length / 16) {
        starts.forEach((start, level) => order.subarray(start, starts[level + 1]).sort());
        return;
    }
    for (let node = 0; node < dist.length; node++) {
        const level = dist[node]!;
        if (level >= 0) {
            order[starts[level]!] = node;
            starts[level]! += 1;
        }
    }
}

// By ascending node within a level, and by ascending kind within a row: the first that comes is the least.
function findParents(csr: Csr, mask: number, dist: Int32Array, order: Uint32Array): BfsParents {
    const { nodeCount, rowOffsets, columns, kinds } = csr;
    const parents = new Int32Array(nodeCount).fill(-1);
    const parentKinds = new Uint8Array(nodeCount).fill(NO_KIND);
    for (const node of order) {
        const next = dist[node]! + 1;
        const stop = rowOffsets[node + 1]!;
        for (let at = rowOffsets[node]!; at < stop; at++) {
            const target = columns[at]!;
            const kind = kinds[at]!;
            if (((mask >>> kind) & 1) !== 0 && dist[target] === next && parents[target] === -1) {
                parents[target] = node;
                parentKinds[target] = kind;
            }
        }
    }
    return { parents, kinds: parentKinds };
}
