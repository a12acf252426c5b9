// The model of the code graph, its canonical paths and ids, and the codec of its deltas.

export {
    displayPath,
    encodeCanonicalPath,
    encodeChildPath,
    encodeOrdinalPath,
    encodeOriginPath,
    parseCanonicalPath,
    SEGMENT_SEPARATOR,
} from "./canonical-path.ts";
export {
    decodeDelta,
    decodeDeltas,
    decodeFileRecord,
    DeltaEncoder,
    edgeKindCode,
    encodeDelta,
    encodeFileRecord,
    type EdgeWords,
} from "./delta-codec.ts";
export { DeltaCursor, joinWords } from "./delta-cursor.ts";
export { DELTA_TAG } from "./delta-layout.ts";
export {
    EDGE_KINDS,
    NO_NODE,
    NODE_FLAG,
    SYMBOL_KINDS,
    type CanonicalPath,
    type EdgeColumns,
    type EdgeKind,
    type FileRecord,
    type GraphContent,
    type GraphDelta,
    type GraphEdge,
    type GraphNode,
    type Namespace,
    type NodeId,
    type PathOrigin,
    type PathSegment,
    type SymbolKind,
} from "./model.ts";
export { flagNames } from "./flag-names.ts";
export { blockNodeId, formatNodeId, nodeIdOf, parseNodeId } from "./node-id.ts";
