// Brings the content of a graph into one order, without repetitions, and reports what does not fit.

/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over arrays of one length */

import { compareText, finishSteps, type Problem, type Steps } from "../base/index.ts";
import { buildCsr, edgesOf, type EdgeArrays } from "../csr/index.ts";
import {
    EDGE_KINDS,
    formatNodeId,
    NO_NODE,
    NODE_FLAG,
    type FileRecord,
    type GraphContent,
    type GraphNode,
} from "../graph/index.ts";
import { sortRecordsInSteps, type RecordSource } from "../merkle/index.ts";

/** A graph in canonical order. */
export interface NormalizedGraph {
    /** By ascending id. */
    readonly nodes: readonly GraphNode[];
    /** Low and high word of each node's id, in turn. */
    readonly idWords: Uint32Array;
    /** Between indices of `nodes`, by source, kind, target; each once. */
    readonly edges: EdgeArrays;
    /** By path. */
    readonly files: readonly FileRecord[];
    /** Duplicate paths, ids that two paths share, edges without an end: left out or marked, and said so. */
    readonly problems: readonly Problem[];
}

/** Sorts and checks a graph's content. */
export function normalize(content: GraphContent): NormalizedGraph {
    return finishSteps(normalizeInSteps(content));
}

/** The same, with turns for others in between. */
export function* normalizeInSteps(content: GraphContent): Steps<NormalizedGraph> {
    const problems: Problem[] = [];
    const sorted = yield* sortNodes(content.nodes, problems);
    yield;
    const edges = yield* sortEdges(content, sorted, problems);
    yield;
    const files = sortFiles(content.files, problems);
    return { nodes: sorted.nodes, idWords: sorted.idWords, edges, files, problems };
}

/** Edges between two turns for others. */
const STEP_EDGES = 1 << 17;

interface SortedNodes {
    readonly nodes: GraphNode[];
    readonly idWords: Uint32Array;
    /** Position in the content to position here; that of the one kept for a repeated id. */
    readonly numbers: Uint32Array;
}

function* sortNodes(nodes: readonly GraphNode[], problems: Problem[]): Steps<SortedNodes> {
    const words = new Uint32Array(BigUint64Array.from(nodes, (node) => node.id).buffer);
    const order = yield* sortById(nodes, words);
    const kept: GraphNode[] = [];
    const idWords = new Uint32Array(words.length);
    const numbers = new Uint32Array(nodes.length);
    for (const position of order) {
        const node = nodes[position]!;
        const last = kept.at(-1);
        if (last?.id !== node.id) {
            idWords[2 * kept.length] = words[2 * position]!;
            idWords[2 * kept.length + 1] = words[2 * position + 1]!;
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
        numbers[position] = kept.length - 1;
    }
    return { nodes: kept, idWords: idWords.subarray(0, 2 * kept.length), numbers };
}

/** Sorts by the ids' words: comparing bigints takes ten times as long. Equal ids are ordered by text. */
function* sortById(nodes: readonly GraphNode[], words: Uint32Array): Steps<Uint32Array> {
    const source: RecordSource = {
        keyBytes: 8,
        hasValues: false,
        keyWord: (node, word) => words[2 * node + 1 - word]!,
        valueBytes: () => 0,
        writeValue: (_node, _into, at) => at,
    };
    const order = yield* sortRecordsInSteps(source, Uint32Array.from(nodes.keys()));
    for (let start = 0; start < order.length;) {
        let end = start + 1;
        while (end < order.length && nodes[order[end]!]!.id === nodes[order[start]!]!.id) {
            end += 1;
        }
        if (end - start > 1) {
            const equal = order.subarray(start, end);
            equal.sort((one, other) => compareTexts(nodes[one]!, nodes[other]!));
        }
        start = end;
    }
    return order;
}

function* sortEdges(
    content: GraphContent,
    sorted: SortedNodes,
    problems: Problem[],
): Steps<EdgeArrays> {
    const { edges } = content;
    const sources = new Uint32Array(edges.kinds.length);
    const targets = new Uint32Array(edges.kinds.length);
    const kinds = new Uint8Array(edges.kinds.length);
    let count = 0;
    for (let at = 0; at < edges.kinds.length; at++) {
        if ((at + 1) % STEP_EDGES === 0) {
            yield;
        }
        const source = sorted.numbers[edges.sources[at]!];
        const target = sorted.numbers[edges.targets[at]!];
        if (source === undefined || target === undefined) {
            problems.push(dangling(content, at));
            continue;
        }
        sources[count] = source;
        targets[count] = target;
        kinds[count] = edges.kinds[at]!;
        count += 1;
    }
    const csr = buildCsr(sorted.nodes.length, {
        sources: sources.subarray(0, count),
        targets: targets.subarray(0, count),
        kinds: kinds.subarray(0, count),
    });
    return edgesOf(csr);
}

function dangling({ nodes, edges }: GraphContent, at: number): Problem {
    const [from, to] = [edges.sources[at], edges.targets[at]].map((end = NO_NODE) => {
        const node = nodes[end];
        return node === undefined ? "nothing" : node.path;
    });
    return {
        code: "GRAPH_DANGLING_EDGE",
        message: `a ${EDGE_KINDS[edges.kinds[at] ?? 0] ?? ""} edge from ${from} to ${to} lacks an end`,
    };
}

function sortFiles(files: readonly FileRecord[], problems: Problem[]): FileRecord[] {
    const sorted = files.toSorted((one, other) => compareText(one.path, other.path));
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
        compareText(one.path, other.path) ||
        compareText(one.kind, other.kind) ||
        compareText(one.name, other.name) ||
        one.flags - other.flags
    );
}
