// Traversal by the addon. A graph is copied into the addon's memory at its first question; small graphs, which are
// searched in a millisecond either way, are searched in TypeScript.

import { assert } from "../base/index.ts";
import type { NativeAddon, NativeGraph, NativeRows } from "../native/index.ts";
import { bfsResult, checkedDepth, checkedSources } from "./bfs.ts";
import { checkLimits, type Csr, type EdgeArrays } from "./build-csr.ts";
import { typescriptTraversal, type Traversal } from "./traversal.ts";

/** Graphs of fewer edges are searched in TypeScript. */
const NATIVE_EDGES_MIN = 20_000;

/** Makes a traversal of the addon; graphs of fewer edges than `edgesMin` go another way. */
export function nativeTraversal(addon: NativeAddon, edgesMin = NATIVE_EDGES_MIN): Traversal {
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
            const { dist, order } = graph.bfs(sources, kinds, checkedDepth(options.maxDepth));
            return bfsResult(dist, order, () => graph.parents(kinds, dist, order));
        },
        bfsMany: (csr, sources, options) =>
            isSmall(csr)
                ? reference.bfsMany(csr, sources, options)
                : graphOf(csr).bfsMany(
                      checkedSources(csr, sources),
                      options.kinds >>> 0,
                      checkedDepth(options.maxDepth),
                      Math.min(options.countedNodes ?? csr.nodeCount, csr.nodeCount),
                      options.withSets === true,
                  ),
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
