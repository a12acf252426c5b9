// A graph in memory without a store: for overlays that are made whole, and for tests.

import { emitDeltas } from "./emit-deltas.ts";
import type { GraphSnapshot } from "./graph-snapshot.ts";
import { GraphTables } from "./graph-tables.ts";
import type { NormalizedGraph } from "./normalize.ts";
import { applyDeltas, encodeBatch, snapshotOf } from "./overlay.ts";
import { buildTries } from "./state-tries.ts";

/** A graph in memory, without a store. */
export function buildSnapshot(graph: NormalizedGraph): GraphSnapshot {
    const tables = new GraphTables();
    const empty = snapshotOf(tables, 0, buildTries(tables).roots);
    applyDeltas(tables, encodeBatch(emitDeltas(empty, graph)));
    return snapshotOf(tables, 0, buildTries(tables).roots);
}
