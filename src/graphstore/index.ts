// The durable graph: store, snapshots, normalizer, minimal differences, overlays.

export { buildSnapshot } from "./build-snapshot.ts";
export { type CommitRecord } from "./commit-record.ts";
export { emitDeltas, encodeDifference, type EmitOptions } from "./emit-deltas.ts";
export type { EncodedDeltas } from "./encoded-deltas.ts";
export { GraphSnapshot } from "./graph-snapshot.ts";
export { type CommitResult, type GraphStore, type TornTail } from "./graph-store.ts";
export { normalize, normalizeInSteps, type NormalizedGraph } from "./normalize.ts";
export { GRAPH_LOG_NAME, openGraphStore, type OpenGraphStoreOptions } from "./open-graph-store.ts";
export { overlaySnapshot } from "./overlay.ts";
export type { StateRoots } from "./state-tries.ts";
