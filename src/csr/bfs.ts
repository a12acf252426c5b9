// Breadth-first search over a CSR. Stateless; the reference for every other backend.

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

/** What a search reached. */
export interface BfsResult {
    /** Number of edges on a shortest way; -1 where unreachable. */
    readonly dist: Int32Array;
    /** Node before on such a way; -1 for sources and the unreachable. */
    readonly parents: Int32Array;
    /** Kind of the edge from the parent; NO_KIND where there is none. */
    readonly parentKinds: Uint8Array;
    /** Reached nodes by ascending distance, sources first. */
    reachable(): Uint32Array;
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
    const maxDepth = options.maxDepth ?? Number.POSITIVE_INFINITY;
    assert(maxDepth >= 0, "a depth is not negative");
    const dist = new Int32Array(nodeCount).fill(-1);
    const parents = new Int32Array(nodeCount).fill(-1);
    const parentKinds = new Uint8Array(nodeCount).fill(NO_KIND);
    const queue = new Uint32Array(nodeCount);
    let tail = enqueueSources(queue, dist, typeof source === "number" ? [source] : source);
    for (let head = 0; head < tail; head++) {
        const node = queue[head]!;
        const next = dist[node]! + 1;
        if (next > maxDepth) {
            break;
        }
        const stop = rowOffsets[node + 1]!;
        for (let at = rowOffsets[node]!; at < stop; at++) {
            const kind = kinds[at]!;
            const target = columns[at]!;
            if (((mask >>> kind) & 1) !== 0 && dist[target] === -1) {
                dist[target] = next;
                parents[target] = node;
                parentKinds[target] = kind;
                queue[tail] = target;
                tail += 1;
            }
        }
    }
    const reached = queue.subarray(0, tail);
    return { dist, parents, parentKinds, reachable: () => reached };
}

function enqueueSources(queue: Uint32Array, dist: Int32Array, sources: Iterable<number>): number {
    let tail = 0;
    for (const source of sources) {
        assert(Number.isInteger(source), "a source is a node index");
        assert(source >= 0 && source < dist.length, `source ${source} is one of the nodes`);
        if (dist[source] === -1) {
            dist[source] = 0;
            queue[tail] = source;
            tail += 1;
        }
    }
    return tail;
}
