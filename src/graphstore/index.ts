// The durable graph: store, snapshots, normalizer, minimal differences, overlays.

export { buildSnapshot } from "./build-snapshot.ts";
export { type CommitRecord } from "./commit-record.ts";
export { CHECKPOINT_FORMAT_VERSION } from "./durable/checkpoint-layout.ts";
export type { TlogCapacity } from "./durable/epoch-base.ts";
export type { RecoveryReport, TornTail } from "./durable/recover-store.ts";
export type { SalvageReport } from "./durable/salvage-store.ts";
export type { FilesCheck } from "./durable/verify-files.ts";
export { GRAPH_LOG_NAME, storePaths, type StorePaths } from "./durable/store-paths.ts";
export { emitDeltas, encodeDifference, type EmitOptions } from "./emit-deltas.ts";
export type { EncodedDeltas } from "./encoded-deltas.ts";
export { GraphSnapshot } from "./graph-snapshot.ts";
export { type CommitResult, type GraphStore } from "./graph-store.ts";
export type { CommitEntry, HistoryPosition } from "./history/commit-index.ts";
export { edgesBetween, type EdgesBetween } from "./history/edges-between.ts";
export type { GraphDifference } from "./history/graph-difference.ts";
export type { GraphHistory, PastGraph } from "./history/graph-history.ts";
export { inspectFile, type InspectedPart } from "./history/inspect-file.ts";
export type { DifferentEdge } from "./history/nodes-and-edges.ts";
export {
    formatGrowthFile,
    formatProofFile,
    PROOF_FORMAT_VERSION,
    type GraphProof,
    type GrowthProof,
} from "./history/proof-file.ts";
export type { NodeRename } from "./history/renames.ts";
export type { HistoryCheck } from "./history/verify-history.ts";
export { verifyProofFile, type ProofVerdict } from "./history/verify-proof.ts";
export { normalize, normalizeInSteps, type NormalizedGraph } from "./normalize.ts";
export type { ArchiveReport } from "./durable/archive-store.ts";
export {
    archiveGraphStore,
    openGraphStore,
    salvageGraphStore,
    type OpenGraphStoreOptions,
} from "./open-graph-store.ts";
export { overlaySnapshot } from "./overlay.ts";
export type { StateRoots } from "./state-tries.ts";
