// Brings the content of a graph into one order, without repetitions, and reports what does not fit.

/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over arrays of one length */

import type { Problem } from "../base/index.ts";
import { buildCsr, edgesOf, type EdgeArrays } from "../csr/index.ts";
import {
    edgeKindCode,
    formatNodeId,
    NODE_FLAG,
    type FileRecord,
    type GraphContent,
    type GraphNode,
    type NodeId,
} from "../graph/index.ts";

/** A graph in canonical order. */
export interface NormalizedGraph {
    /** By ascending id. */
    readonly nodes: readonly GraphNode[];
    /** Between indices of `nodes`, by source, kind, target; each once. */
    readonly edges: EdgeArrays;
    /** By path. */
    readonly files: readonly FileRecord[];
    /** Duplicate paths, ids that two paths share, edges without an end: left out or marked, and said so. */
    readonly problems: readonly Problem[];
}

/** Sorts and checks a graph's content. */
export function normalize(content: GraphContent): NormalizedGraph {
    const problems: Problem[] = [];
    const nodes = sortNodes(content.nodes, problems);
    const edges = sortEdges(content, nodes, problems);
    const files = sortFiles(content.files, problems);
    return { nodes, edges, files, problems };
}

function sortNodes(nodes: readonly GraphNode[], problems: Problem[]): GraphNode[] {
    const sorted = nodes.toSorted(
        (one, other) => compare(one.id, other.id) || compareTexts(one, other),
    );
    const kept: GraphNode[] = [];
    for (const node of sorted) {
        const last = kept.at(-1);
        if (last?.id !== node.id) {
            kept.push(node);
        } else if (last.path === node.path) {
            // Two definitions with one path: the id stands for both, and the flag says so.
            kept[kept.length - 1] = { ...last, flags: last.flags | NODE_FLAG.duplicate };
            problems.push({
                code: "GRAPH_DUPLICATE_PATH",
                message: `two definitions have the path ${node.path}`,
            });
        } else {
            problems.push({
                code: "GRAPH_ID_COLLISION",
                message: `${last.path} and ${node.path} share the id ${formatNodeId(node.id)}`,
            });
        }
    }
    return kept;
}

function sortEdges(
    content: GraphContent,
    nodes: readonly GraphNode[],
    problems: Problem[],
): EdgeArrays {
    const indexOf = new Map<NodeId, number>(nodes.map((node, index) => [node.id, index]));
    const sources = new Uint32Array(content.edges.length);
    const targets = new Uint32Array(content.edges.length);
    const kinds = new Uint8Array(content.edges.length);
    let count = 0;
    for (const edge of content.edges) {
        const source = indexOf.get(edge.source);
        const target = indexOf.get(edge.target);
        if (source === undefined || target === undefined) {
            const ends = `${formatNodeId(edge.source)} to ${formatNodeId(edge.target)}`;
            problems.push({
                code: "GRAPH_DANGLING_EDGE",
                message: `a ${edge.kind} edge from ${ends} lacks an end`,
            });
            continue;
        }
        sources[count] = source;
        targets[count] = target;
        kinds[count] = edgeKindCode(edge.kind);
        count += 1;
    }
    const csr = buildCsr(nodes.length, {
        sources: sources.subarray(0, count),
        targets: targets.subarray(0, count),
        kinds: kinds.subarray(0, count),
    });
    return edgesOf(csr);
}

function sortFiles(files: readonly FileRecord[], problems: Problem[]): FileRecord[] {
    const sorted = files.toSorted((one, other) => compare(one.path, other.path));
    return sorted.filter((file, index) => {
        const repeated = index > 0 && sorted[index - 1]!.path === file.path;
        if (repeated) {
            problems.push({
                code: "GRAPH_DUPLICATE_FILE",
                message: `the file ${file.path} is given twice`,
                path: file.path,
            });
        }
        return !repeated;
    });
}

function compareTexts(one: GraphNode, other: GraphNode): number {
    return (
        compare(one.path, other.path) ||
        compare(one.kind, other.kind) ||
        compare(one.name, other.name) ||
        one.flags - other.flags
    );
}

function compare<T extends string | bigint>(one: T, other: T): number {
    return one < other ? -1 : one > other ? 1 : 0;
}
