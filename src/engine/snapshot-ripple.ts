// The ripple in one snapshot of the graph, as the oracle tells it.

import type { GraphSnapshot } from "../graphstore/index.ts";
import { createOracle } from "../oracle/index.ts";
import type { RippleSource } from "./ripple.ts";
import { traversalHere } from "./traversal-here.ts";

/** Asks one snapshot; what that needs is built at the first question and goes with the snapshot. */
export function rippleOfSnapshot(snapshot: GraphSnapshot): RippleSource {
    const oracle = createOracle(snapshot, traversalHere());
    return {
        graphRoot: snapshot.graphRoot,
        reaching: (targets, { edges, depth }) =>
            oracle.impactOf(
                targets.filter((id) => snapshot.findNode(id) !== undefined),
                { kinds: edges, ...(depth === undefined ? {} : { depth }) },
            ),
    };
}
