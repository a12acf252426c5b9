// Dominators: which nodes every way from the entries to a node passes. Semi-NCA (Georgiadis, 2005), as seen
// from a virtual root before all entries. Post-dominators are those of the transposed graph.
// Vertices go by their preorder numbers; 0 is the virtual root, so that vertex v is preorder[v - 1].

/* eslint-disable @typescript-eslint/no-non-null-assertion -- vertices are numbers of one search */

import { checkedSources } from "./bfs.ts";
import type { Csr } from "./build-csr.ts";
import { dfs, type DfsResult } from "./dfs.ts";

/** Immediate dominator of a node that is dominated by nothing but itself. */
export const NO_DOMINATOR = -1;

/** Immediate dominator of a node that no entry reaches. */
export const NOT_REACHED = -2;

/** Finds the immediate dominator of every node. */
export function dominators(csr: Csr, entries: Iterable<number>, kinds: number): Int32Array {
    const roots = checkedSources(csr, entries);
    const search = dfs(csr, roots, kinds);
    const numbers = new Uint32Array(csr.nodeCount);
    search.preorder.forEach((node, index) => {
        numbers[node] = index + 1;
    });
    const idoms = semidominate(search, numbers, {
        isEntry: markEntries(search, numbers, roots),
        ...listPredecessors(csr, search, { numbers, kinds }),
    });
    const answer = new Int32Array(csr.nodeCount).fill(NOT_REACHED);
    search.preorder.forEach((node, index) => {
        const idom = idoms[index + 1]!;
        answer[node] = idom === 0 ? NO_DOMINATOR : search.preorder[idom - 1]!;
    });
    return answer;
}

/** All that dominate a node, the nearest first, itself left out; undefined when it is not reached. */
export function dominatorsOf(idoms: Int32Array, node: number): readonly number[] | undefined {
    if ((idoms[node] ?? NOT_REACHED) === NOT_REACHED) {
        return undefined;
    }
    const chain: number[] = [];
    for (let up = idoms[node]!; up >= 0; up = idoms[up]!) {
        chain.push(up);
    }
    return chain;
}

interface Predecessors {
    readonly starts: Uint32Array;
    readonly vertices: Uint32Array;
}

function markEntries(search: DfsResult, numbers: Uint32Array, roots: Uint32Array): Uint8Array {
    const marks = new Uint8Array(search.preorder.length + 1);
    for (const root of roots) {
        marks[numbers[root]!] = 1;
    }
    return marks;
}

function listPredecessors(
    csr: Csr,
    search: DfsResult,
    { numbers, kinds }: { readonly numbers: Uint32Array; readonly kinds: number },
): Predecessors {
    const starts = new Uint32Array(search.preorder.length + 2);
    const eachEdge = (visit: (from: number, to: number) => void): void => {
        for (const node of search.preorder) {
            for (let at = csr.rowOffsets[node]!; at < csr.rowOffsets[node + 1]!; at++) {
                if (((kinds >>> csr.kinds[at]!) & 1) !== 0) {
                    visit(numbers[node]!, numbers[csr.columns[at]!]!);
                }
            }
        }
    };
    eachEdge((_, to) => {
        starts[to + 1]! += 1;
    });
    for (let vertex = 1; vertex < starts.length; vertex++) {
        starts[vertex]! += starts[vertex - 1]!;
    }
    const next = starts.slice(0, -1);
    const vertices = new Uint32Array(starts.at(-1)!);
    eachEdge((from, to) => {
        vertices[next[to]!] = from;
        next[to]! += 1;
    });
    return { starts, vertices };
}

function semidominate(
    search: DfsResult,
    numbers: Uint32Array,
    graph: Predecessors & { readonly isEntry: Uint8Array },
): Uint32Array {
    const count = search.preorder.length;
    const ancestors = new Uint32Array(count + 1);
    search.preorder.forEach((node, index) => {
        const parent = search.parents[node]!;
        ancestors[index + 1] = parent < 0 ? 0 : numbers[parent]!;
    });
    const idoms = ancestors.slice();
    const labels = Uint32Array.from({ length: count + 1 }, (_, vertex) => vertex);
    const semis = labels.slice();
    const forest: Forest = { ancestors, labels, semis };
    for (let vertex = count; vertex >= 1; vertex--) {
        let least = graph.isEntry[vertex] === 1 ? 0 : idoms[vertex]!;
        for (let at = graph.starts[vertex]!; at < graph.starts[vertex + 1]!; at++) {
            least = Math.min(least, semis[evaluate(forest, graph.vertices[at]!, vertex + 1)]!);
        }
        semis[vertex] = least;
    }
    for (let vertex = 1; vertex <= count; vertex++) {
        while (idoms[vertex]! > semis[vertex]!) {
            idoms[vertex] = idoms[idoms[vertex]!]!;
        }
    }
    return idoms;
}

interface Forest {
    readonly ancestors: Uint32Array;
    readonly labels: Uint32Array;
    readonly semis: Uint32Array;
}

const path: number[] = [];

// The vertex of least semidominator on the way from a vertex up to those that are not linked yet;
// vertices from `linked` on are. Compresses the way.
function evaluate(forest: Forest, vertex: number, linked: number): number {
    const { ancestors, labels, semis } = forest;
    if (ancestors[vertex]! < linked) {
        return labels[vertex]!;
    }
    let top = vertex;
    do {
        path.push(top);
        top = ancestors[top]!;
    } while (ancestors[top]! >= linked);
    let above = top;
    let best = labels[top]!;
    for (let at = path.pop(); at !== undefined; at = path.pop()) {
        ancestors[at] = ancestors[above]!;
        if (semis[best]! < semis[labels[at]!]!) {
            labels[at] = best;
        } else {
            best = labels[at]!;
        }
        above = at;
    }
    return labels[vertex]!;
}
