// What one would write without thinking: an array of distances, and a queue.

import type { Csr } from "../../src/csr/index.ts";

/** Distances from a node over edges of the kinds of a mask; -1 where unreachable. */
export function plainSearch(csr: Csr, source: number, mask: number): Int32Array {
    const { nodeCount, rowOffsets, columns, kinds } = csr;
    const dist = new Int32Array(nodeCount).fill(-1);
    const queue = new Uint32Array(nodeCount);
    dist[source] = 0;
    queue[0] = source;
    let tail = 1;
    for (let head = 0; head < tail; head++) {
        const node = queue[head] ?? 0;
        const next = (dist[node] ?? 0) + 1;
        const stop = rowOffsets[node + 1] ?? 0;
        for (let at = rowOffsets[node] ?? 0; at < stop; at++) {
            const target = columns[at] ?? 0;
            if (dist[target] === -1 && ((mask >>> (kinds[at] ?? 0)) & 1) !== 0) {
                dist[target] = next;
                queue[tail] = target;
                tail += 1;
            }
        }
    }
    return dist;
}
