// The difference of two states as people speak of it: what was added, removed, changed, and renamed.
// Built from rows that differ; renames.ts finds out what was renamed.

import { EDGE_KINDS, type GraphNode, type NodeId } from "../../graph/index.ts";
import { compareText, required } from "../../base/index.ts";
import type { GraphTables } from "../graph-tables.ts";
import type { ChangedRows } from "./changed-rows.ts";
import type { DifferentEdge, NodesAndEdges } from "./nodes-and-edges.ts";
import { findRenames, type NodeRename } from "./renames.ts";

/** What leads from one state to another. */
export interface GraphDifference {
    readonly renamed: readonly NodeRename[];
    readonly added: readonly GraphNode[];
    readonly removed: readonly GraphNode[];
    /** Same id, another record. */
    readonly changed: readonly { readonly before: GraphNode; readonly after: GraphNode }[];
    /** Edges that no rename, and no end that came or went, explains. */
    readonly addedEdges: readonly DifferentEdge[];
    readonly removedEdges: readonly DifferentEdge[];
    readonly files: FileDifference;
}

/** Paths of files by what became of them. */
export interface FileDifference {
    readonly added: readonly string[];
    readonly removed: readonly string[];
    readonly changed: readonly string[];
}

/** One state's rows, as one side of a difference. */
export interface Side {
    readonly tables: GraphTables;
    /** The delta number of the state. */
    readonly k: number;
}

/** Rows that only one of two states has, by table. */
export interface DifferentRows {
    readonly versions: ChangedRows;
    readonly edges: ChangedRows;
    readonly files: ChangedRows;
}

/** What became of the nodes that one of two states has. */
export interface NodeMoves {
    /** Ids before and after of what was renamed, and of what moved along. */
    readonly moved: ReadonlyMap<NodeId, NodeId>;
    /** Ids of what is gone. */
    readonly gone: readonly NodeId[];
}

/** Finds the renames between two states; `recorded` are those that are known. */
export function movesOf(
    before: Side,
    after: Side,
    rows: DifferentRows,
    recorded: ReadonlyMap<NodeId, NodeId>,
): NodeMoves {
    if (rows.versions.removed.length === 0) {
        return { moved: new Map(), gone: [] };
    }
    const { removed, added } = nodesThatDiffer(before, after, rows);
    if (removed.size === 0 || added.size === 0) {
        return { moved: new Map(), gone: [...removed.keys()] };
    }
    const content = { removed, added, ...edgesThatDiffer(before, after, rows.edges) };
    const { moved } = findRenames(content, recorded);
    return { moved, gone: [...removed.keys()].filter((id) => !moved.has(id)) };
}

function nodesThatDiffer(
    before: Side,
    after: Side,
    rows: DifferentRows,
): {
    readonly removed: Map<NodeId, GraphNode>;
    readonly added: Map<NodeId, GraphNode>;
    readonly changed: { before: GraphNode; after: GraphNode }[];
} {
    const removed = nodesOf(before, rows.versions.removed);
    const added = nodesOf(after, rows.versions.added);
    const changed: { before: GraphNode; after: GraphNode }[] = [];
    for (const [id, node] of removed) {
        const same = added.get(id);
        if (same !== undefined) {
            removed.delete(id);
            added.delete(id);
            if (!isSameNode(node, same)) {
                changed.push({ before: node, after: same });
            }
        }
    }
    return { removed, added, changed };
}

/** Tells what the rows that differ mean. */
export function describeDifference(
    before: Side,
    after: Side,
    rows: DifferentRows,
    moves: ReadonlyMap<NodeId, NodeId>,
): GraphDifference {
    const nodes = nodesThatDiffer(before, after, rows);
    const { removed: oldNodes, added: newNodes, changed } = nodes;
    const edges = edgesThatDiffer(before, after, rows.edges);
    const content = { removed: oldNodes, added: newNodes, ...edges };
    const { renames, moved } = findRenames(content, moves);
    const movedTo = new Set(moved.values());
    return {
        renamed: renames,
        added: byPath([...newNodes.values()].filter(({ id }) => !movedTo.has(id))),
        removed: byPath([...oldNodes.values()].filter(({ id }) => !moved.has(id))),
        changed: changed.sort((a, b) => compareText(a.after.path, b.after.path)),
        ...edgesThatRemain(content, moved),
        files: filesThatDiffer(before, after, rows.files),
    };
}

function nodesOf({ tables }: Side, versions: readonly number[]): Map<NodeId, GraphNode> {
    return new Map(
        versions.map((version) => {
            const node = tables.nodes.record(version);
            return [node.id, node];
        }),
    );
}

function isSameNode(one: GraphNode, other: GraphNode): boolean {
    return (
        one.kind === other.kind &&
        one.name === other.name &&
        one.path === other.path &&
        one.flags === other.flags
    );
}

function edgesThatDiffer(
    before: Side,
    after: Side,
    rows: ChangedRows,
): { readonly removedEdges: DifferentEdge[]; readonly addedEdges: DifferentEdge[] } {
    const removed = edgesOf(before, rows.removed);
    const added = edgesOf(after, rows.added);
    for (const key of removed.keys()) {
        if (added.delete(key)) {
            removed.delete(key);
        }
    }
    return { removedEdges: [...removed.values()], addedEdges: [...added.values()] };
}

function edgesOf({ tables, k }: Side, rows: readonly number[]): Map<string, DifferentEdge> {
    const { nodes, edges } = tables;
    const nodeAt = (slot: number): GraphNode => nodes.record(nodes.versionAt(slot, k));
    return new Map(
        rows.map((row) => {
            const fields = edges.fields(row);
            const edge = {
                source: nodeAt(fields.source),
                target: nodeAt(fields.target),
                kind: required(EDGE_KINDS[fields.kind], "a stored kind is known"),
            };
            return [edgeKey(edge.source.id, edge.target.id, edge.kind), edge];
        }),
    );
}

/** What is left when renames are undone, and when edges of what came or went are not told again. */
function edgesThatRemain(
    { removed, added, removedEdges, addedEdges }: NodesAndEdges,
    moved: ReadonlyMap<NodeId, NodeId>,
): { readonly removedEdges: DifferentEdge[]; readonly addedEdges: DifferentEdge[] } {
    const idAfter = (id: NodeId): NodeId => moved.get(id) ?? id;
    const keyAfter = ({ source, target, kind }: DifferentEdge): string =>
        edgeKey(idAfter(source.id), idAfter(target.id), kind);
    const keyOf = ({ source, target, kind }: DifferentEdge): string =>
        edgeKey(source.id, target.id, kind);
    const gone = new Set(removedEdges.map(keyAfter));
    const come = new Set(addedEdges.map(keyOf));
    const movedTo = new Set(moved.values());
    const isLost = (id: NodeId): boolean => removed.has(id) && !moved.has(id);
    const isNew = (id: NodeId): boolean => added.has(id) && !movedTo.has(id);
    return {
        removedEdges: inOrder(
            removedEdges.filter(
                (edge) =>
                    !come.has(keyAfter(edge)) && !isLost(edge.source.id) && !isLost(edge.target.id),
            ),
        ),
        addedEdges: inOrder(
            addedEdges.filter(
                (edge) =>
                    !gone.has(keyOf(edge)) && !isNew(edge.source.id) && !isNew(edge.target.id),
            ),
        ),
    };
}

function filesThatDiffer(before: Side, after: Side, rows: ChangedRows): FileDifference {
    const removed = new Map(
        rows.removed.map((row) => [before.tables.files.row(row).path, row] as const),
    );
    const added: string[] = [];
    const changed: string[] = [];
    for (const row of rows.added) {
        const { path } = after.tables.files.row(row);
        const old = removed.get(path);
        if (old === undefined) {
            added.push(path);
        } else {
            removed.delete(path);
            const isSame = Buffer.compare(
                before.tables.files.bytes(old),
                after.tables.files.bytes(row),
            );
            if (isSame !== 0) {
                changed.push(path);
            }
        }
    }
    return { added: added.sort(), removed: [...removed.keys()].sort(), changed: changed.sort() };
}

function edgeKey(source: NodeId, target: NodeId, kind: string): string {
    return `${source} ${kind} ${target}`;
}

function byPath(nodes: GraphNode[]): GraphNode[] {
    return nodes.sort((a, b) => compareText(a.path, b.path));
}

function inOrder(edges: DifferentEdge[]): DifferentEdge[] {
    return edges.sort(
        (a, b) =>
            compareText(a.source.path, b.source.path) ||
            compareText(a.kind, b.kind) ||
            compareText(a.target.path, b.target.path),
    );
}
