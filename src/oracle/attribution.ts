// Which crate and which module a node belongs to: by search from the crates over Contains.

/* eslint-disable @typescript-eslint/no-non-null-assertion -- node numbers come out of a search over the
   same graph */

import { kindMask, type CsrGraph, type Traversal } from "../csr/index.ts";
import { edgeKindCode } from "../graph/index.ts";
import type { GraphSnapshot } from "../graphstore/index.ts";

/** Crate and module of each node; -1 where there is none. */
export interface Attribution {
    readonly crates: Int32Array;
    readonly modules: Int32Array;
}

/** Attributes every node that a crate contains. */
export function attribute(
    snapshot: GraphSnapshot,
    graph: CsrGraph,
    traversal: Traversal,
): Attribution {
    const roots: number[] = [];
    for (let node = 0; node < snapshot.nodeCount; node++) {
        if (snapshot.kindAt(node) === "crate") {
            roots.push(node);
        }
    }
    const contains = kindMask([edgeKindCode("contains")]);
    const found = traversal.bfs(graph.csr, roots, { kinds: contains });
    const crates = new Int32Array(snapshot.nodeCount).fill(-1);
    const modules = new Int32Array(snapshot.nodeCount).fill(-1);
    // By distance: a node's container is attributed before it.
    for (const node of found.reachable()) {
        const parent = found.parents[node]!;
        if (parent < 0) {
            crates[node] = node;
            continue;
        }
        const kind = snapshot.kindAt(parent);
        crates[node] = crates[parent]!;
        modules[node] = kind === "module" || kind === "crate" ? parent : modules[parent]!;
    }
    return { crates, modules };
}
