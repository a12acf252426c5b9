// Depth-first search that takes edges in row order, with its own stack: graphs may be long chains.

/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices come from a CSR, whose columns lie
   below its node count by construction */

import { checkedSources } from "./bfs.ts";
import type { Csr } from "./build-csr.ts";

/** What a depth-first search saw. */
export interface DfsResult {
    /** Reached nodes as they were first seen. */
    readonly preorder: Uint32Array;
    /** Reached nodes as they were left. */
    readonly postorder: Uint32Array;
    /** Node before in the search; -1 for roots and the unreachable. */
    readonly parents: Int32Array;
}

/** Searches from each root in turn that no root before it reached. */
export function dfs(csr: Csr, roots: Iterable<number>, kinds: number): DfsResult {
    const { nodeCount, rowOffsets, columns } = csr;
    const parents = new Int32Array(nodeCount).fill(-1);
    const preorder = new Uint32Array(nodeCount);
    const postorder = new Uint32Array(nodeCount);
    const seen = new Uint8Array(nodeCount);
    const stack = new Uint32Array(nodeCount);
    // The next edge of each node to take.
    const edges = rowOffsets.slice(0, nodeCount);
    let before = 0;
    let after = 0;
    for (const root of checkedSources(csr, roots)) {
        let height = 0;
        const enter = (node: number): void => {
            seen[node] = 1;
            preorder[before] = node;
            before += 1;
            stack[height] = node;
            height += 1;
        };
        if (seen[root] === 0) {
            enter(root);
        }
        while (height > 0) {
            const node = stack[height - 1]!;
            const at = edges[node]!;
            if (at === rowOffsets[node + 1]) {
                postorder[after] = node;
                after += 1;
                height -= 1;
                continue;
            }
            edges[node] = at + 1;
            const target = columns[at]!;
            if (((kinds >>> csr.kinds[at]!) & 1) !== 0 && seen[target] === 0) {
                parents[target] = node;
                enter(target);
            }
        }
    }
    return {
        preorder: preorder.subarray(0, before),
        postorder: postorder.subarray(0, after),
        parents,
    };
}
