// Reachability as the engine's answers need it: who reaches a symbol, how far, on which way.

import type { EdgeKind, NodeId } from "../graph/index.ts";

/** One node that reaches the asked one. */
export interface RippleHit {
    readonly id: NodeId;
    /** Number of edges on a shortest way. */
    readonly distance: number;
    /** The next node on that way, towards the asked one. */
    readonly via: NodeId;
    /** Kind of the edge taken to `via`. */
    readonly edge: EdgeKind;
}

/** How far a ripple is followed. */
export interface RippleOptions {
    readonly edges: readonly EdgeKind[];
    readonly depth: number | undefined;
}

/** Answers who reaches a node in one graph. */
export interface RippleSource {
    /** Root of the graph that is asked, hex; empty for a graph that was never committed. */
    readonly graphRoot: string;
    /** All nodes that reach any of the given ones, these themselves left out. */
    reaching(targets: readonly NodeId[], options: RippleOptions): readonly RippleHit[];
}
