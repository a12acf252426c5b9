// Numbers nodes anew, so that what is searched together lies together: about twice as fast to search.

/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices come from a CSR, whose columns lie
   below its node count by construction */

import { assert } from "../base/index.ts";
import { buildCsr, edgesOf, type Csr } from "./build-csr.ts";

/** Lists nodes in the order of breadth-first searches from each node that none before it reached. */
export function bfsOrder(csr: Csr): Uint32Array {
    const { nodeCount, rowOffsets, columns } = csr;
    const order = new Uint32Array(nodeCount);
    const seen = new Uint8Array(nodeCount);
    let tail = 0;
    let head = 0;
    for (let root = 0; root < nodeCount; root++) {
        if (seen[root] === 1) {
            continue;
        }
        seen[root] = 1;
        order[tail] = root;
        tail += 1;
        for (; head < tail; head++) {
            const node = order[head]!;
            for (let at = rowOffsets[node]!; at < rowOffsets[node + 1]!; at++) {
                const target = columns[at]!;
                if (seen[target] === 0) {
                    seen[target] = 1;
                    order[tail] = target;
                    tail += 1;
                }
            }
        }
    }
    return order;
}

/** Calls node order[i] node i; `order` lists every node once. */
export function relabel(csr: Csr, order: Uint32Array): Csr {
    assert(order.length === csr.nodeCount, "an order lists every node");
    const places = new Int32Array(csr.nodeCount).fill(-1);
    order.forEach((node, place) => {
        assert(places[node] === -1, "an order lists a node once");
        places[node] = place;
    });
    const edges = edgesOf(csr);
    return buildCsr(csr.nodeCount, {
        sources: edges.sources.map((node) => places[node]!),
        targets: edges.targets.map((node) => places[node]!),
        kinds: edges.kinds,
    });
}
