// Graphs for tests: small ones from seeds, and content to compare states by.

import {
    EDGE_KINDS,
    edgeKindCode,
    encodeCanonicalPath,
    NO_NODE,
    nodeIdOf,
    type EdgeKind,
    type FileRecord,
    type GraphContent,
    type GraphEdge,
    type GraphNode,
    type NodeId,
    type SymbolKind,
} from "../../src/graph/index.ts";
import type { GraphSnapshot } from "../../src/graphstore/index.ts";
import { seededNumbers } from "./trie-records.ts";

/** A node at a path of names below a crate `k`; every name but the last is a module. */
export function nodeOf(names: string, kind: SymbolKind = "function", flags = 0): GraphNode {
    const parts = names.split("::");
    const path = encodeCanonicalPath({
        origin: {
            kind: "workspace",
            folder: ".",
            package: parts[0] ?? "k",
            targetKind: "lib",
            targetName: parts[0] ?? "k",
        },
        segments: parts.slice(1).map((name, index) => ({
            kind: index === parts.length - 2 ? kind : "module",
            namespace: "value",
            name,
        })),
    });
    return { id: nodeIdOf(path), kind, name: parts.at(-1) ?? "", path, flags };
}

/** A file record whose hashes are made from a digit. */
export function fileOf(path: string, digit = "0"): FileRecord {
    return {
        path,
        owners: ["k"],
        cfg: "",
        contentHash: digit.repeat(64),
        tokenHash: digit.repeat(64),
        factsHash: digit.repeat(64),
    };
}

/** An edge written as `source kind target` over names of nodeOf. */
export function edgeOf(
    source: GraphNode,
    kind: EdgeKind,
    target: GraphNode,
): { source: NodeId; target: NodeId; kind: EdgeKind } {
    return { source: source.id, target: target.id, kind };
}

/** A graph's content written as lists; an edge whose end is not among the nodes lacks it. */
export interface ListedContent {
    readonly nodes: readonly GraphNode[];
    readonly edges: readonly GraphEdge[];
    readonly files: readonly FileRecord[];
}

/** Content from lists. */
export function contentOf({ nodes, edges, files }: ListedContent): GraphContent {
    const positions = new Map(nodes.map((node, position) => [node.id, position]));
    const positionOf = (id: NodeId): number => positions.get(id) ?? NO_NODE;
    return {
        nodes,
        edges: {
            sources: Uint32Array.from(edges, (edge) => positionOf(edge.source)),
            targets: Uint32Array.from(edges, (edge) => positionOf(edge.target)),
            kinds: Uint8Array.from(edges, (edge) => edgeKindCode(edge.kind)),
        },
        files,
    };
}

/** A random graph; graphs of near seeds share most of their nodes. */
export function randomContent(seed: number, nodeCount = 40, edgeCount = 120): ListedContent {
    const random = seededNumbers(seed);
    const pick = (count: number): number => Math.floor(random() * count);
    const nodes = new Map<string, GraphNode>();
    while (nodes.size < nodeCount) {
        const names = `k::m${pick(4)}::f${pick(nodeCount * 2)}`;
        nodes.set(names, nodeOf(names, "function", pick(3)));
    }
    const list = [...nodes.values()];
    const edges = Array.from({ length: edgeCount }, () =>
        edgeOf(list[pick(nodeCount)]!, EDGE_KINDS[pick(5)]!, list[pick(nodeCount)]!),
    );
    const files = new Map<string, FileRecord>();
    for (let file = 0; file < 6; file++) {
        const path = `src/f${pick(9)}.rs`;
        files.set(path, fileOf(path, String(pick(4))));
    }
    return { nodes: list, edges, files: [...files.values()] };
}

/** The content of a snapshot as sorted text, for comparing. */
export function contentText(snapshot: GraphSnapshot): string[] {
    return [
        ...[...snapshot.nodes()].map(
            (node) => `n ${node.path} ${node.kind} ${node.name} ${node.flags}`,
        ),
        ...[...snapshot.edges()].map((edge) => `e ${edge.source} ${edge.kind} ${edge.target}`),
        ...[...snapshot.files()].map((file) => `f ${JSON.stringify(file)}`),
    ].sort();
}
