// Traversal by the addon. A graph is copied into the addon's memory at its first question; small graphs, which are
// searched in a millisecond either way, are searched in TypeScript, and very large ones on a card where that is faster.

import { assert } from "../base/index.ts";
import type {
    NativeAddon,
    NativeCard,
    NativeFound,
    NativeGraph,
    NativeRows,
} from "../native/index.ts";
import { bfsResult, checkedDepth, checkedSources } from "./bfs.ts";
import type { ManyResult } from "./bfs-many.ts";
import { checkLimits, type Csr, type EdgeArrays } from "./build-csr.ts";
import { typescriptTraversal, type Traversal } from "./traversal.ts";

/** Graphs of fewer edges are searched in TypeScript. */
const NATIVE_EDGES_MIN = 20_000;

/** Graphs of fewer edges are not worth asking for a card. */
const CARD_EDGES_MIN = 200_000;

/** Which graphs go which way. */
export interface NativeOptions {
    /** Graphs of fewer edges are searched in TypeScript. */
    readonly edgesMin?: number;
    /** The card, if it is open; asked for graphs of `cardEdgesMin` edges and more. */
    readonly card?: () => NativeCard | undefined;
    readonly cardEdgesMin?: number;
}

/** Makes a traversal of the addon. */
export function nativeTraversal(addon: NativeAddon, options: NativeOptions = {}): Traversal {
    const { edgesMin = NATIVE_EDGES_MIN, cardEdgesMin = CARD_EDGES_MIN } = options;
    // The addon's copy goes with the arrays that it was made from.
    const graphs = new WeakMap<Csr, NativeGraph>();
    const graphOf = (csr: Csr): NativeGraph => {
        let graph = graphs.get(csr);
        if (graph === undefined) {
            graph = new addon.Graph(csr.rowOffsets, csr.columns, csr.kinds);
            graphs.set(csr, graph);
        }
        return graph;
    };
    const isSmall = (csr: Csr): boolean => csr.edgeCount < edgesMin;
    const cardFor = (csr: Csr): NativeCard | undefined =>
        csr.edgeCount < cardEdgesMin ? undefined : options.card?.();
    const reference = typescriptTraversal;
    return {
        name: "C++",
        buildCsr: (nodeCount, edges) =>
            edges.sources.length < edgesMin
                ? reference.buildCsr(nodeCount, edges)
                : buildNatively(addon, nodeCount, edges),
        transpose: (csr) =>
            isSmall(csr) ? reference.transpose(csr) : csrOf(graphOf(csr).transpose()),
        bfsOrder: (csr) => (isSmall(csr) ? reference.bfsOrder(csr) : graphOf(csr).order()),
        relabel: (csr, order) =>
            isSmall(csr)
                ? reference.relabel(csr, order)
                : relabelNatively(graphOf(csr), csr, order),
        bfs: (csr, source, options) => {
            if (isSmall(csr)) {
                return reference.bfs(csr, source, options);
            }
            const graph = graphOf(csr);
            const kinds = options.kinds >>> 0;
            const sources = checkedSources(csr, source);
            const isFaster = csr.edgeCount >= (cardFor(csr)?.bfsEdgesMin ?? Infinity);
            const args = [sources, kinds, checkedDepth(options.maxDepth)] as const;
            const { dist, order } = searchFrom(graph, args, isFaster);
            return bfsResult(dist, order, () => graph.parents(kinds, dist, order));
        },
        bfsMany: (csr, sources, options) => {
            if (isSmall(csr)) {
                return reference.bfsMany(csr, sources, options);
            }
            const graph = graphOf(csr);
            const args = [
                checkedSources(csr, sources),
                options.kinds >>> 0,
                checkedDepth(options.maxDepth),
                Math.min(options.countedNodes ?? csr.nodeCount, csr.nodeCount),
                options.withSets === true,
            ] as const;
            const isFaster = csr.edgeCount >= (cardFor(csr)?.manyEdgesMin ?? Infinity);
            return searchFromMany(graph, args, isFaster);
        },
        dfs: (csr, roots, kinds) =>
            isSmall(csr)
                ? reference.dfs(csr, roots, kinds)
                : graphOf(csr).dfs(checkedSources(csr, roots), kinds >>> 0),
        dominators: (csr, entries, kinds) =>
            isSmall(csr)
                ? reference.dominators(csr, entries, kinds)
                : graphOf(csr).dominators(checkedSources(csr, entries), kinds >>> 0),
        components: (csr, kinds) =>
            isSmall(csr) ? reference.components(csr, kinds) : graphOf(csr).components(kinds >>> 0),
    };
}

function searchFrom(
    graph: NativeGraph,
    args: Readonly<Parameters<NativeGraph["bfs"]>>,
    isOnCard: boolean,
): NativeFound {
    const here = (): NativeFound => graph.bfs(...args);
    return isOnCard ? orElse(() => graph.bfsOnCard(...args), here) : here();
}

function searchFromMany(
    graph: NativeGraph,
    args: Readonly<Parameters<NativeGraph["bfsMany"]>>,
    isOnCard: boolean,
): ManyResult {
    const here = (): ManyResult => graph.bfsMany(...args);
    return isOnCard ? orElse(() => graph.bfsManyOnCard(...args), here) : here();
}

/** What the card answers; where it fails or is full, what the processor does. */
function orElse<T>(onCard: () => T, here: () => T): T {
    try {
        return onCard();
    } catch (error) {
        const code = error instanceof Error && "code" in error ? error.code : undefined;
        if (code === "ERR_CARD_FAILED" || code === "ERR_MEMORY_ALLOCATION_FAILED") {
            return here();
        }
        throw error;
    }
}

function buildNatively(addon: NativeAddon, nodeCount: number, edges: EdgeArrays): Csr {
    checkLimits(nodeCount, edges.sources.length);
    const { sources, targets, kinds } = edges;
    return csrOf(addon.buildCsr(nodeCount, sources, targets, kinds));
}

function relabelNatively(graph: NativeGraph, csr: Csr, order: Uint32Array): Csr {
    assert(order.length === csr.nodeCount, "an order lists every node");
    return csrOf(graph.relabel(order));
}

function csrOf({ rowOffsets, columns, kinds }: NativeRows): Csr {
    return {
        nodeCount: rowOffsets.length - 1,
        edgeCount: columns.length,
        rowOffsets,
        columns,
        kinds,
    };
}
