// A graph in memory without a store: for overlays that are made whole, and for tests.

import { finishSteps } from "../base/index.ts";
import { encodeDifference } from "./emit-deltas.ts";
import type { GraphSnapshot } from "./graph-snapshot.ts";
import { GraphTables } from "./graph-tables.ts";
import type { NormalizedGraph } from "./normalize.ts";
import { overlaySnapshot, snapshotOf } from "./overlay.ts";
import { buildTries } from "./state-tries.ts";

/** A graph in memory, without a store. */
export function buildSnapshot(graph: NormalizedGraph): GraphSnapshot {
    const tables = new GraphTables();
    const empty = snapshotOf(tables, 0, finishSteps(buildTries(tables)).roots);
    return overlaySnapshot(empty, finishSteps(encodeDifference(empty, graph)));
}
