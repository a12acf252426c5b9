// Reachability as the engine's answers need it: who reaches a symbol, how far, on which way.

import type { EdgeKind, NodeId } from "../graph/index.ts";
import type { RippleEntry, SymbolReach } from "../oracle/index.ts";

/** How far a ripple is followed. */
export interface RippleOptions {
    readonly edges: readonly EdgeKind[];
    readonly depth: number | undefined;
}

/** Answers who reaches a node in one graph. */
export interface RippleSource {
    /** Root of the graph that is asked, hex. */
    readonly graphRoot: string;
    /** All nodes that reach any of the given ones, these themselves left out; unknown ones reach nothing. */
    reaching(targets: readonly NodeId[], options: RippleOptions): readonly RippleEntry[];
    /** How many nodes reach each of the given ones by itself, the most first; unknown ones are left out. */
    reaches(targets: readonly NodeId[], options: RippleOptions): readonly SymbolReach[];
}
