// The minimal difference between a snapshot and what the graph should be.
// Order: renames, edges removed, nodes removed, nodes put, edges added, files. So every delta on its
// own leaves a graph whose edges have both ends.

/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over arrays of one length */

import { finishSteps, required, type Steps } from "../base/index.ts";
import {
    DELTA_TAG,
    EDGE_KINDS,
    joinWords,
    type EdgeWords,
    type FileRecord,
    type GraphDelta,
    type GraphEdge,
    type GraphNode,
    type NodeId,
} from "../graph/index.ts";
import { PayloadWriter, type EncodedDeltas } from "./encoded-deltas.ts";
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
    const deltas: GraphDelta[] = [...renames];
    const sink: DeltaSink = {
        delta: (delta) => {
            deltas.push(delta);
        },
        edge: (tag, words) => {
            const kind = tag === DELTA_TAG.addEdge ? "add-edge" : "remove-edge";
            deltas.push({ kind, edge: toEdge(words) });
        },
    };
    finishSteps(writeDifference(base, next, sink));
    return deltas;
}

/**
 * Encodes the deltas that lead from a snapshot to a graph. With the nodes that the snapshot was made from, by ascending id,
 * those of them that are in the graph, too, are not looked at.
 */
export function* encodeDifference(
    previous: GraphSnapshot,
    next: NormalizedGraph,
    nodes: readonly GraphNode[] = [],
): Steps<EncodedDeltas> {
    const writer = new PayloadWriter();
    yield* writeDifference(previous, next, writer, nodes);
    return writer.finish();
}

/** Takes deltas in order; edges as words, for which no object is made. */
type DeltaSink = Pick<PayloadWriter, "delta" | "edge">;

/** Edges or nodes between two turns for others. */
const STEP_ROWS = 1 << 15;

function* writeDifference(
    base: GraphSnapshot,
    next: NormalizedGraph,
    sink: DeltaSink,
    known: readonly GraphNode[] = [],
): Steps<void> {
    const numbers = numberNodes(base, next);
    yield;
    const edges = yield* diffEdges(base, next, numbers);
    for (const [row, edge] of edges.removed.entries()) {
        sink.edge(DELTA_TAG.removeEdge, edge);
        if (row % STEP_ROWS === 0) {
            yield;
        }
    }
    removedNodes(base, numbers).forEach(sink.delta, sink);
    yield;
    yield* writeChangedNodes(base, next.nodes, { numbers, known }, sink);
    yield* writeAddedEdges(next, edges.added, sink);
    diffFiles(base, next.files).forEach(sink.delta, sink);
}

function* writeAddedEdges(
    { idWords, edges }: NormalizedGraph,
    added: Uint32Array,
    sink: DeltaSink,
): Steps<void> {
    const words: EdgeWords = {
        sourceLow: 0,
        sourceHigh: 0,
        targetLow: 0,
        targetHigh: 0,
        kind: 0,
    };
    for (let row = 0; row < added.length; row++) {
        const at = added[row]!;
        const source = edges.sources[at]!;
        const target = edges.targets[at]!;
        words.sourceLow = idWords[2 * source]!;
        words.sourceHigh = idWords[2 * source + 1]!;
        words.targetLow = idWords[2 * target]!;
        words.targetHigh = idWords[2 * target + 1]!;
        words.kind = edges.kinds[at]!;
        sink.edge(DELTA_TAG.addEdge, words);
        if (row % STEP_ROWS === 0) {
            yield;
        }
    }
}

function toEdge(words: EdgeWords): GraphEdge {
    return {
        source: joinWords(words.sourceHigh, words.sourceLow),
        target: joinWords(words.targetHigh, words.targetLow),
        kind: required(EDGE_KINDS[words.kind], "a kind is known"),
    };
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

function* writeChangedNodes(
    base: GraphSnapshot,
    nodes: readonly GraphNode[],
    { numbers, known }: { readonly numbers: Numbers; readonly known: readonly GraphNode[] },
    sink: DeltaSink,
): Steps<void> {
    let at = 0;
    for (const [index, node] of nodes.entries()) {
        while (at < known.length && known[at]!.id < node.id) {
            at += 1;
        }
        const old = numbers.toOld[index]!;
        if (known[at] !== node && (old === ABSENT || !isSameNode(base, old, node))) {
            sink.delta({ kind: "add-node", node });
        }
        if ((index + 1) % STEP_ROWS === 0) {
            yield;
        }
    }
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
function* diffEdges(
    base: GraphSnapshot,
    next: NormalizedGraph,
    numbers: Numbers,
): Steps<{ readonly removed: EdgeWords[]; readonly added: Uint32Array }> {
    const old = base.edgeArrays();
    const total = next.nodes.length;
    const removed: EdgeWords[] = [];
    const keys = new Float64Array(old.sources.length);
    let kept = 0;
    for (let at = 0; at < old.sources.length; at++) {
        const source = numbers.toNew[old.sources[at]!]!;
        const target = numbers.toNew[old.targets[at]!]!;
        if (source === ABSENT || target === ABSENT) {
            const ends = [base.idAt(old.sources[at]!), base.idAt(old.targets[at]!)] as const;
            removed.push(wordsOf(...ends, old.kinds[at]!));
        } else {
            keys[kept] = edgeKey(source, target, old.kinds[at]!, total);
            kept += 1;
        }
    }
    yield;
    const sorted = keys.subarray(0, kept).sort();
    yield;
    const { sources, targets, kinds } = next.edges;
    const added = new Uint32Array(sources.length);
    let addedCount = 0;
    let oldAt = 0;
    for (let at = 0; at < sources.length; at++) {
        const key = edgeKey(sources[at]!, targets[at]!, kinds[at]!, total);
        for (; oldAt < kept && sorted[oldAt]! < key; oldAt++) {
            removed.push(wordsOfKey(next, sorted[oldAt]!));
        }
        if (oldAt < kept && sorted[oldAt] === key) {
            oldAt += 1;
        } else {
            added[addedCount] = at;
            addedCount += 1;
        }
        if ((at + 1) % STEP_ROWS === 0) {
            yield;
        }
    }
    for (; oldAt < kept; oldAt++) {
        removed.push(wordsOfKey(next, sorted[oldAt]!));
    }
    return { removed, added: added.subarray(0, addedCount) };
}

/** An edge as one number, in the order of (source, kind, target); exact below 2^53. */
function edgeKey(source: number, target: number, kind: number, total: number): number {
    return (source * EDGE_KINDS.length + kind) * total + target;
}

function wordsOfKey(next: NormalizedGraph, key: number): EdgeWords {
    const total = next.nodes.length;
    const row = Math.floor(key / total);
    const source = Math.floor(row / EDGE_KINDS.length);
    const idOf = (node: number): NodeId => required(next.nodes[node], "a key names nodes").id;
    return wordsOf(idOf(source), idOf(key % total), row % EDGE_KINDS.length);
}

function wordsOf(source: NodeId, target: NodeId, kind: number): EdgeWords {
    return {
        sourceLow: Number(source & 0xffff_ffffn),
        sourceHigh: Number(source >> 32n),
        targetLow: Number(target & 0xffff_ffffn),
        targetHigh: Number(target >> 32n),
        kind,
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
