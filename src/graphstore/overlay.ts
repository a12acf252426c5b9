// States in memory that are never committed: a snapshot plus deltas.

import { finishSteps } from "../base/index.ts";
import { DeltaCursor, type GraphDelta } from "../graph/index.ts";
import { encodeDeltas, type EncodedDeltas } from "./encoded-deltas.ts";
import { GraphSnapshot } from "./graph-snapshot.ts";
import type { GraphTables } from "./graph-tables.ts";
import { buildTries, type StateRoots } from "./state-tries.ts";

/** The graph that deltas would lead to; throws GRAPH_BAD_DELTA when they do not fit. */
export function overlaySnapshot(
    snapshot: GraphSnapshot,
    deltas: readonly GraphDelta[] | EncodedDeltas,
): GraphSnapshot {
    const tables = GraphSnapshot.tablesOf(snapshot).clone();
    tables.rollback(snapshot.deltaCount);
    for (const payload of encodeDeltas(deltas).payloads) {
        applyDeltas(tables, payload);
    }
    return snapshotOf(tables, snapshot.commitCount, finishSteps(buildTries(tables)).roots);
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

/** Applies an encoded sequence of deltas. */
export function applyDeltas(tables: GraphTables, sequence: Uint8Array): void {
    const cursor = DeltaCursor.ofSequence(sequence);
    while (cursor.next()) {
        tables.apply(cursor);
    }
    cursor.finish();
}
