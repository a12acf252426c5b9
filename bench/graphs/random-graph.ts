// Random graphs from a seed: the same for ours and for the peers, five edges a node, five kinds.

import type { EdgeArrays } from "../../src/csr/index.ts";

/** Edges a node has on average. */
export const EDGES_PER_NODE = 5;

/** Kinds of edges. */
export const KIND_COUNT = 5;

/** Makes a graph's edges. */
export function randomEdges(edgeCount: number): EdgeArrays & { readonly nodeCount: number } {
    const nodeCount = Math.ceil(edgeCount / EDGES_PER_NODE);
    let state = edgeCount >>> 0;
    const below = (bound: number): number => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 16), 0x45d9f3b);
        mixed ^= mixed >>> 16;
        return Math.floor(((mixed >>> 0) / 2 ** 32) * bound);
    };
    return {
        nodeCount,
        sources: Uint32Array.from({ length: edgeCount }, () => below(nodeCount)),
        targets: Uint32Array.from({ length: edgeCount }, () => below(nodeCount)),
        kinds: Uint8Array.from({ length: edgeCount }, () => below(KIND_COUNT)),
    };
}
