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
import { sortRecords, type RecordSource } from "../merkle/index.ts";
import { HashIndex } from "./hash-index.ts";

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
    const sorted = sortById(nodes);
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

/** Sorts by the ids' words: comparing bigints takes ten times as long. Equal ids are ordered by text. */
function sortById(nodes: readonly GraphNode[]): GraphNode[] {
    const words = wordsOf(nodes);
    const source: RecordSource = {
        keyBytes: 8,
        hasValues: false,
        keyWord: (node, word) => words[2 * node + 1 - word]!,
        valueBytes: () => 0,
        writeValue: (_node, _into, at) => at,
    };
    const order = sortRecords(source, Uint32Array.from(nodes.keys()));
    const sorted = Array.from(order, (index) => nodes[index]!);
    for (let start = 0; start < sorted.length;) {
        let end = start + 1;
        while (end < sorted.length && sorted[end]!.id === sorted[start]!.id) {
            end += 1;
        }
        if (end - start > 1) {
            sorted.splice(start, end - start, ...sorted.slice(start, end).sort(compareTexts));
        }
        start = end;
    }
    return sorted;
}

/** Low and high word of each id, in turn. */
function wordsOf(nodes: readonly GraphNode[]): Uint32Array {
    return new Uint32Array(BigUint64Array.from(nodes, (node) => node.id).buffer);
}

function indexNodes(nodes: readonly GraphNode[]): (id: NodeId) => number | undefined {
    const words = wordsOf(nodes);
    const index = new HashIndex((node) => words[2 * node]!, nodes.length);
    nodes.forEach((_, node) => {
        index.add(node);
    });
    const one = new BigUint64Array(1);
    const wanted = new Uint32Array(one.buffer);
    return (id) => {
        one[0] = id;
        const lowWord = wanted[0]!;
        const highWord = wanted[1]!;
        return index.find(
            lowWord,
            (node) => words[2 * node] === lowWord && words[2 * node + 1] === highWord,
        );
    };
}

function sortEdges(
    content: GraphContent,
    nodes: readonly GraphNode[],
    problems: Problem[],
): EdgeArrays {
    const indexOf = indexNodes(nodes);
    const sources = new Uint32Array(content.edges.length);
    const targets = new Uint32Array(content.edges.length);
    const kinds = new Uint8Array(content.edges.length);
    let count = 0;
    for (const edge of content.edges) {
        const source = indexOf(edge.source);
        const target = indexOf(edge.target);
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

function compare(one: string, other: string): number {
    return one < other ? -1 : one > other ? 1 : 0;
}
