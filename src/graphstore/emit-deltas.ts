// The minimal difference between a snapshot and what the graph should be.
// Order: renames, edges removed, nodes removed, nodes put, edges added, files. So every delta on its
// own leaves a graph whose edges have both ends.

/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over arrays of one length */

import { required } from "../base/index.ts";
import {
    EDGE_KINDS,
    type FileRecord,
    type GraphDelta,
    type GraphEdge,
    type GraphNode,
    type NodeId,
} from "../graph/index.ts";
import type { GraphSnapshot } from "./graph-snapshot.ts";
import type { NormalizedGraph } from "./normalize.ts";
import { overlaySnapshot } from "./overlay.ts";

/** What is known of a change beyond its two states. */
export interface EmitOptions {
    /** Old id to new id of nodes that were renamed; descendants follow by themselves. */
    readonly renames?: ReadonlyMap<NodeId, NodeId>;
}

/** Lists the deltas that lead from a snapshot to a graph; none when they are the same. */
export function emitDeltas(
    previous: GraphSnapshot,
    next: NormalizedGraph,
    options: EmitOptions = {},
): GraphDelta[] {
    const renames = emitRenames(previous, next, options.renames ?? new Map<NodeId, NodeId>());
    const base = renames.length === 0 ? previous : overlaySnapshot(previous, renames);
    const numbers = numberNodes(base, next);
    const edges = diffEdges(base, next, numbers);
    return [
        ...renames,
        ...edges.removed.map((edge): GraphDelta => ({ kind: "remove-edge", edge })),
        ...removedNodes(base, numbers),
        ...changedNodes(base, next, numbers),
        ...edges.added.map((edge): GraphDelta => ({ kind: "add-edge", edge })),
        ...diffFiles(base, next.files),
    ];
}

const ABSENT = 0xffff_ffff;

interface Numbers {
    /** Index in the next graph to number in the previous one. */
    readonly toOld: Uint32Array;
    /** And back. */
    readonly toNew: Uint32Array;
}

// A rename that would run into another node is left to plain removal and addition.
function emitRenames(
    previous: GraphSnapshot,
    next: NormalizedGraph,
    renames: ReadonlyMap<NodeId, NodeId>,
): GraphDelta[] {
    if (renames.size === 0) {
        return [];
    }
    const byId = new Map(next.nodes.map((node) => [node.id, node]));
    const deltas: GraphDelta[] = [];
    let base = previous;
    for (const [from, to] of renames) {
        const node = byId.get(to);
        if (node === undefined || byId.has(from) || base.findNode(from) === undefined) {
            continue;
        }
        const delta: GraphDelta = { kind: "rename", from, to: node };
        const after = tryOverlay(base, delta);
        if (after !== undefined) {
            deltas.push(delta);
            base = after;
        }
    }
    return deltas;
}

function tryOverlay(base: GraphSnapshot, delta: GraphDelta): GraphSnapshot | undefined {
    try {
        return overlaySnapshot(base, [delta]);
    } catch (error) {
        if (error instanceof Error && "code" in error && error.code === "GRAPH_BAD_DELTA") {
            return undefined;
        }
        throw error;
    }
}

function numberNodes(base: GraphSnapshot, next: NormalizedGraph): Numbers {
    const toOld = new Uint32Array(next.nodes.length).fill(ABSENT);
    const toNew = new Uint32Array(base.nodeCount).fill(ABSENT);
    next.nodes.forEach((node, index) => {
        const old = base.findNode(node.id);
        if (old !== undefined) {
            toOld[index] = old;
            toNew[old] = index;
        }
    });
    return { toOld, toNew };
}

function removedNodes(base: GraphSnapshot, numbers: Numbers): GraphDelta[] {
    const deltas: GraphDelta[] = [];
    numbers.toNew.forEach((index, old) => {
        if (index === ABSENT) {
            deltas.push({ kind: "remove-node", id: base.idAt(old) });
        }
    });
    return deltas;
}

function changedNodes(base: GraphSnapshot, next: NormalizedGraph, numbers: Numbers): GraphDelta[] {
    const deltas: GraphDelta[] = [];
    next.nodes.forEach((node, index) => {
        const old = numbers.toOld[index]!;
        if (old === ABSENT || !isSameNode(base, old, node)) {
            deltas.push({ kind: "add-node", node });
        }
    });
    return deltas;
}

function isSameNode(base: GraphSnapshot, old: number, node: GraphNode): boolean {
    return (
        base.flagsAt(old) === node.flags &&
        base.kindAt(old) === node.kind &&
        base.pathAt(old) === node.path &&
        base.nameAt(old) === node.name
    );
}

/** Compares row by row: both sides as lists of (target, kind) in the next graph's numbers. */
function diffEdges(
    base: GraphSnapshot,
    next: NormalizedGraph,
    numbers: Numbers,
): { removed: GraphEdge[]; added: GraphEdge[] } {
    const old = base.edgeArrays();
    const total = next.nodes.length;
    const removed: GraphEdge[] = [];
    const keys = new Float64Array(old.sources.length);
    let kept = 0;
    for (let at = 0; at < old.sources.length; at++) {
        const source = numbers.toNew[old.sources[at]!]!;
        const target = numbers.toNew[old.targets[at]!]!;
        if (source === ABSENT || target === ABSENT) {
            removed.push(oldEdge(base, old.sources[at]!, old.targets[at]!, old.kinds[at]!));
        } else {
            keys[kept] = edgeKey(source, target, old.kinds[at]!, total);
            kept += 1;
        }
    }
    const sorted = keys.subarray(0, kept).sort();
    const added: GraphEdge[] = [];
    const { sources, targets, kinds } = next.edges;
    let oldAt = 0;
    for (let at = 0; at < sources.length; at++) {
        const key = edgeKey(sources[at]!, targets[at]!, kinds[at]!, total);
        for (; oldAt < kept && sorted[oldAt]! < key; oldAt++) {
            removed.push(edgeOfKey(next, sorted[oldAt]!));
        }
        if (oldAt < kept && sorted[oldAt] === key) {
            oldAt += 1;
        } else {
            added.push(edgeOfKey(next, key));
        }
    }
    for (; oldAt < kept; oldAt++) {
        removed.push(edgeOfKey(next, sorted[oldAt]!));
    }
    return { removed, added };
}

/** An edge as one number, in the order of (source, kind, target); exact below 2^53. */
function edgeKey(source: number, target: number, kind: number, total: number): number {
    return (source * EDGE_KINDS.length + kind) * total + target;
}

function edgeOfKey(next: NormalizedGraph, key: number): GraphEdge {
    const total = next.nodes.length;
    const row = Math.floor(key / total);
    const source = Math.floor(row / EDGE_KINDS.length);
    return {
        source: next.nodes[source]!.id,
        target: next.nodes[key % total]!.id,
        kind: required(EDGE_KINDS[row % EDGE_KINDS.length], "a kind is known"),
    };
}

function oldEdge(base: GraphSnapshot, source: number, target: number, kind: number): GraphEdge {
    return {
        source: base.idAt(source),
        target: base.idAt(target),
        kind: required(EDGE_KINDS[kind], "a kind is known"),
    };
}

function diffFiles(base: GraphSnapshot, files: readonly FileRecord[]): GraphDelta[] {
    const deltas: GraphDelta[] = [];
    const wanted = new Set(files.map((file) => file.path));
    for (const file of base.files()) {
        if (!wanted.has(file.path)) {
            deltas.push({ kind: "remove-file", path: file.path });
        }
    }
    for (const file of files) {
        const old = base.findFile(file.path);
        if (old === undefined || !isSameFile(old, file)) {
            deltas.push({ kind: "put-file", file });
        }
    }
    return deltas;
}

function isSameFile(one: FileRecord, other: FileRecord): boolean {
    return (
        one.contentHash === other.contentHash &&
        one.tokenHash === other.tokenHash &&
        one.factsHash === other.factsHash &&
        one.cfg === other.cfg &&
        one.owners.length === other.owners.length &&
        one.owners.every((owner, index) => owner === other.owners[index])
    );
}
