// How many nodes and edges of each kind a snapshot has.

import { EDGE_KINDS } from "../graph/index.ts";
import type { GraphSnapshot } from "../graphstore/index.ts";

/** Number of nodes by kind; kinds without any are left out. */
export function countNodes(snapshot: GraphSnapshot): Record<string, number> {
    const counts = new Map<string, number>();
    for (let node = 0; node < snapshot.nodeCount; node++) {
        const kind = snapshot.kindAt(node);
        counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
    return Object.fromEntries(counts);
}

/** Number of edges of every kind. */
export function countEdges(snapshot: GraphSnapshot): Record<string, number> {
    const counts = new Uint32Array(EDGE_KINDS.length);
    for (const kind of snapshot.edgeArrays().kinds) {
        counts[kind] = (counts[kind] ?? 0) + 1;
    }
    return Object.fromEntries(EDGE_KINDS.map((name, kind) => [name, counts[kind] ?? 0]));
}
