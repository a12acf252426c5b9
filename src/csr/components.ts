// Strongly connected components: Tarjan's algorithm (1972), with its own stack.

/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices come from a CSR, whose columns lie
   below its node count by construction */

import type { Csr } from "./build-csr.ts";

const UNSEEN = 0xffff_ffff;

/** Finds for each node the least node of its strongly connected component. */
export function components(csr: Csr, kinds: number): Uint32Array {
    const { nodeCount } = csr;
    const search: Search = {
        order: new Uint32Array(nodeCount).fill(UNSEEN),
        low: new Uint32Array(nodeCount),
        component: new Uint32Array(nodeCount).fill(UNSEEN),
        edges: csr.rowOffsets.slice(0, nodeCount),
        open: [],
        stack: [],
        count: 0,
    };
    for (let root = 0; root < nodeCount; root++) {
        if (search.order[root] === UNSEEN) {
            enter(search, root);
            searchFrom(csr, kinds, search);
        }
    }
    return search.component;
}

interface Search {
    readonly order: Uint32Array;
    readonly low: Uint32Array;
    readonly component: Uint32Array;
    /** The next edge of each node to take. */
    readonly edges: Uint32Array;
    /** Nodes whose component is not known yet. */
    readonly open: number[];
    readonly stack: number[];
    count: number;
}

function enter(search: Search, node: number): void {
    search.order[node] = search.count;
    search.low[node] = search.count;
    search.count += 1;
    search.open.push(node);
    search.stack.push(node);
}

function searchFrom(csr: Csr, kinds: number, search: Search): void {
    const { order, low, component, edges, stack } = search;
    for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
        const at = edges[node]!;
        if (at < csr.rowOffsets[node + 1]!) {
            edges[node] = at + 1;
            const target = csr.columns[at]!;
            if (((kinds >>> csr.kinds[at]!) & 1) === 0) {
                continue;
            }
            if (order[target] === UNSEEN) {
                enter(search, target);
            } else if (component[target] === UNSEEN) {
                low[node] = Math.min(low[node]!, order[target]!);
            }
            continue;
        }
        if (low[node] === order[node]) {
            close(search, node);
        }
        stack.pop();
        const above = stack.at(-1);
        if (above !== undefined) {
            low[above] = Math.min(low[above]!, low[node]!);
        }
    }
}

function close(search: Search, node: number): void {
    const first = search.open.lastIndexOf(node);
    const members = search.open.splice(first);
    const least = members.reduce((a, b) => Math.min(a, b), node);
    for (const member of members) {
        search.component[member] = least;
    }
}
