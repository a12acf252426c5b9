// The graph that impact is asked of: every edge turned round, and the dispatch of calls added.
// A call through `dyn` or a generic is one Call edge to the trait's item. Who makes it may run any item
// that implements that one, so an implementing item is also reached from the callers of its trait item.
// A node is added for each implemented item ("its callers, by dispatch"), so that callers and implementing
// items are joined without listing their product, and without the trait item's other users.

/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over arrays of one length */

import type { Csr, EdgeArrays, Traversal } from "../csr/index.ts";
import { EDGE_KINDS, edgeKindCode } from "../graph/index.ts";

/** From an implementing item to the callers of what it implements. */
export const DISPATCH_STEP = EDGE_KINDS.length;

/** From there to each caller. */
export const DISPATCH_CALL = EDGE_KINDS.length + 1;

const CALL = edgeKindCode("call");
const IMPLEMENTS = edgeKindCode("implements");
const NONE = 0xffff_ffff;

/** Reversed adjacency with dispatch. */
export interface ImpactGraph {
    readonly csr: Csr;
    /** Nodes below this are those of the snapshot, with the same numbers. */
    readonly nodeCount: number;
    /** The implemented item of each added node. */
    readonly dispatched: Uint32Array;
}

/** Builds the impact graph of a graph's edges. */
export function buildImpactGraph(
    nodeCount: number,
    edges: EdgeArrays,
    traversal: Traversal,
): ImpactGraph {
    const { sources, targets, kinds } = edges;
    const added = new Uint32Array(nodeCount).fill(NONE);
    const dispatched: number[] = [];
    let extra = 0;
    for (let at = 0; at < kinds.length; at++) {
        const target = targets[at]!;
        if (kinds[at] === IMPLEMENTS) {
            extra += 1;
            if (added[target] === NONE) {
                added[target] = nodeCount + dispatched.length;
                dispatched.push(target);
            }
        }
    }
    for (let at = 0; at < kinds.length; at++) {
        extra += kinds[at] === CALL && added[targets[at]!] !== NONE ? 1 : 0;
    }
    const from = new Uint32Array(kinds.length + extra);
    const to = new Uint32Array(kinds.length + extra);
    const by = new Uint8Array(kinds.length + extra);
    from.set(targets);
    to.set(sources);
    by.set(kinds);
    let end = kinds.length;
    for (let at = 0; at < kinds.length; at++) {
        const middle = added[targets[at]!]!;
        if (middle === NONE || (kinds[at] !== IMPLEMENTS && kinds[at] !== CALL)) {
            continue;
        }
        const isStep = kinds[at] === IMPLEMENTS;
        from[end] = isStep ? sources[at]! : middle;
        to[end] = isStep ? middle : sources[at]!;
        by[end] = isStep ? DISPATCH_STEP : DISPATCH_CALL;
        end += 1;
    }
    const csr = traversal.buildCsr(nodeCount + dispatched.length, {
        sources: from,
        targets: to,
        kinds: by,
    });
    return { csr, nodeCount, dispatched: Uint32Array.from(dispatched) };
}
