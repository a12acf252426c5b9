// The model of the code graph.

export {
    EDGE_KINDS,
    NODE_FLAG,
    SYMBOL_KINDS,
    type CanonicalPath,
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
