// States in memory that are never committed: a snapshot plus deltas.

import { DeltaCursor, DeltaEncoder, type GraphDelta } from "../graph/index.ts";
import { GraphSnapshot } from "./graph-snapshot.ts";
import type { GraphTables } from "./graph-tables.ts";
import { buildTries, type StateRoots } from "./state-tries.ts";

/** The graph that deltas would lead to; throws GRAPH_BAD_DELTA when they do not fit. */
export function overlaySnapshot(
    snapshot: GraphSnapshot,
    deltas: readonly GraphDelta[],
): GraphSnapshot {
    const tables = GraphSnapshot.tablesOf(snapshot).clone();
    tables.rollback(snapshot.deltaCount);
    applyDeltas(tables, encodeBatch(deltas));
    return snapshotOf(tables, snapshot.commitCount, buildTries(tables).roots);
}

/** The snapshot of what tables hold now. */
export function snapshotOf(
    tables: GraphTables,
    commitCount: number,
    roots: StateRoots,
): GraphSnapshot {
    const counts = {
        nodeCount: tables.nodes.liveCount,
        edgeCount: tables.edges.liveCount,
        fileCount: tables.files.liveCount,
    };
    return new GraphSnapshot(tables, { deltaCount: tables.deltaCount, commitCount }, counts, roots);
}

/** Encodes deltas as one sequence. */
export function encodeBatch(deltas: readonly GraphDelta[]): Uint8Array {
    const encoder = new DeltaEncoder(deltas.length * 32);
    encoder.count(deltas.length);
    for (const delta of deltas) {
        encoder.delta(delta);
    }
    return encoder.bytes();
}

/** Applies an encoded sequence of deltas. */
export function applyDeltas(tables: GraphTables, sequence: Uint8Array): void {
    const cursor = DeltaCursor.ofSequence(sequence);
    while (cursor.next()) {
        tables.apply(cursor);
    }
    cursor.finish();
}
