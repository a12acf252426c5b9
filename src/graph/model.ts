// The model of the code graph: nodes, edges, file records, deltas. Plain data, no behavior.
// Canonical paths and ids are in canonical-path.ts; the codec of deltas in delta-codec.ts.

import type { Brand } from "../base/index.ts";

/** First 8 bytes (big-endian) of SHA-256 over a symbol's canonical path; 16 hex digits at the borders. */
export type NodeId = Brand<bigint, "NodeId">;

/** Kinds of graph nodes, in the order of their codes in every format (index = code). Append only. */
export const SYMBOL_KINDS = [
    "crate",
    "module",
    "function",
    "method",
    "struct",
    "enum",
    "union",
    "variant",
    "field",
    "trait",
    "impl",
    "const",
    "static",
    "type-alias",
    "assoc-type",
    "assoc-const",
    "macro",
    "trait-alias",
    "external",
] as const;

/** Kind of a graph node. `external` is a definition of std or a dependency whose kind is not known. */
export type SymbolKind = (typeof SYMBOL_KINDS)[number];

/** Kinds of edges, in the order of their codes in every format (index = code). Append only. */
export const EDGE_KINDS = ["contains", "call", "control-flow", "reference", "implements"] as const;

/** Kind of an edge. */
export type EdgeKind = (typeof EDGE_KINDS)[number];

/** Bits of GraphNode.flags. */
export const NODE_FLAG = {
    external: 1,
    test: 2,
    unsafe: 4,
    publicApi: 8,
    macroMade: 16,
    cfgGated: 32,
    entryPoint: 64,
    noMangle: 128,
    async: 256,
    duplicate: 512,
} as const;

/** A named definition. Two nodes are the same node exactly when their ids are equal. */
export interface GraphNode {
    readonly id: NodeId;
    readonly kind: SymbolKind;
    /** The identifier without raw prefix; for an impl, its header as text. */
    readonly name: string;
    /** Canonical path as text (canonical-path.ts). */
    readonly path: string;
    readonly flags: number;
}

/** A typed edge. The triple is the identity: an edge exists once however often the source says it. */
export interface GraphEdge {
    readonly source: NodeId;
    readonly target: NodeId;
    readonly kind: EdgeKind;
}

/** What the graph keeps of a file: no positions, no text. */
export interface FileRecord {
    /** Workspace-relative path. */
    readonly path: string;
    /** Canonical paths of the crates that own the file, sorted; empty when no target reaches it. */
    readonly owners: readonly string[];
    /** Canonical cfg predicate under which the file is part of its crates; empty when always. */
    readonly cfg: string;
    /** SHA-256 of the bytes, 64 hex digits. */
    readonly contentHash: string;
    /** SHA-256 of the tokens, trivia left out, 64 hex digits. */
    readonly tokenHash: string;
    /** SHA-256 of what the file adds to the graph, 64 hex digits. */
    readonly factsHash: string;
}

/** One change of the graph. */
export type GraphDelta =
    | { readonly kind: "add-node"; readonly node: GraphNode }
    | { readonly kind: "remove-node"; readonly id: NodeId }
    | { readonly kind: "add-edge"; readonly edge: GraphEdge }
    | { readonly kind: "remove-edge"; readonly edge: GraphEdge }
    | { readonly kind: "put-file"; readonly file: FileRecord }
    | { readonly kind: "remove-file"; readonly path: string }
    | { readonly kind: "rename"; readonly from: NodeId; readonly to: GraphNode };

/** Edges as columns of one length; millions of objects would cost gigabytes. */
export interface EdgeColumns {
    /** Positions in a list of nodes, NO_NODE for an end that is not there. */
    readonly sources: Uint32Array;
    readonly targets: Uint32Array;
    /** Positions in EDGE_KINDS. */
    readonly kinds: Uint8Array;
}

/** Stands for an end of an edge that is no node. */
export const NO_NODE = 0xffff_ffff;

/** The whole content of a graph, in no particular order. */
export interface GraphContent {
    readonly nodes: readonly GraphNode[];
    /** Between positions of `nodes`. */
    readonly edges: EdgeColumns;
    readonly files: readonly FileRecord[];
}

/** A name space of Rust; `none` for things without one (impls, crates). */
export type Namespace = "type" | "value" | "macro" | "none";

/** One step of a canonical path. */
export interface PathSegment {
    readonly kind: SymbolKind;
    readonly namespace: Namespace;
    readonly name: string;
    /** The segment's own cfg predicate in canonical form; absent when it has none. */
    readonly cfg?: string;
    /** Only for true duplicates (items in blocks, macro output, invalid code), in source order, from 1. */
    readonly ordinal?: number;
}

/** Where a canonical path begins. */
export type PathOrigin =
    | {
          readonly kind: "workspace";
          /** Manifest folder relative to the workspace root, `.` for the root itself. */
          readonly folder: string;
          readonly package: string;
          readonly targetKind: string;
          readonly targetName: string;
      }
    | {
          readonly kind: "external";
          readonly package: string;
          /** Version, or empty when not known (std, no lockfile). */
          readonly version: string;
          /** Registry, git URL, `std`, or empty when not known. */
          readonly source: string;
      };

/** A symbol's identity before hashing. */
export interface CanonicalPath {
    readonly origin: PathOrigin;
    readonly segments: readonly PathSegment[];
}
