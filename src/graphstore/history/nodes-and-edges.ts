// Nodes and edges that only one of two states has. Types only.

import type { EdgeKind, GraphNode, NodeId } from "../../graph/index.ts";

/** An edge with the nodes at its ends, as one of the two states has them. */
export interface DifferentEdge {
    readonly source: GraphNode;
    readonly target: GraphNode;
    readonly kind: EdgeKind;
}

/** Nodes and edges that two states do not share, before renames are found. */
export interface NodesAndEdges {
    readonly removed: ReadonlyMap<NodeId, GraphNode>;
    readonly added: ReadonlyMap<NodeId, GraphNode>;
    readonly removedEdges: readonly DifferentEdge[];
    readonly addedEdges: readonly DifferentEdge[];
}
