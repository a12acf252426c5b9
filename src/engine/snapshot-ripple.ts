// The ripple in one snapshot of the graph, as the oracle tells it.

import type { NodeId } from "../graph/index.ts";
import type { GraphSnapshot } from "../graphstore/index.ts";
import { createOracle, type ImpactOptions } from "../oracle/index.ts";
import type { RippleOptions, RippleSource } from "./ripple.ts";
import { traversalHere } from "./traversal-here.ts";

/** Asks one snapshot; what that needs is built at the first question and goes with the snapshot. */
export function rippleOfSnapshot(snapshot: GraphSnapshot): RippleSource {
    const oracle = createOracle(snapshot, traversalHere());
    const known = (ids: readonly NodeId[]): readonly NodeId[] =>
        ids.filter((id) => snapshot.findNode(id) !== undefined);
    const followed = ({ edges, depth }: RippleOptions): ImpactOptions => ({
        kinds: edges,
        ...(depth === undefined ? {} : { depth }),
    });
    return {
        graphRoot: snapshot.graphRoot,
        reaching: (targets, options) => oracle.impactOf(known(targets), followed(options)),
        reaches: (targets, options) => oracle.reachOf(known(targets), followed(options)),
    };
}
