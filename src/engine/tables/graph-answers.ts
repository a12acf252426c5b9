// What SQL asks the graph: searches over a CSR of the very snapshot that the tables hold.

import { kindMask } from "../../csr/index.ts";
import {
    edgeKindCode,
    formatNodeId,
    NODE_FLAG,
    parseNodeId,
    type EdgeKind,
    type NodeId,
} from "../../graph/index.ts";
import type { GraphSnapshot } from "../../graphstore/index.ts";
import { createOracle } from "../../oracle/index.ts";
import type { DominatorRow, GraphAnswers, ReachedRow, ReachRow } from "../../tables/index.ts";
import { parseRippleOptions, RIPPLE_EDGES } from "../measure-impact.ts";
import { selectInSnapshot } from "../past-symbols.ts";
import { traversalHere } from "../traversal-here.ts";

/** Answers questions of one snapshot. A symbol is a path, 16 hex digits, or the decimal id of a row. */
export function answersOf(snapshot: () => GraphSnapshot): GraphAnswers {
    return {
        impact: (symbol, edges, depth) => impactRows(snapshot(), symbol, edges, depth),
        dominators: (symbol) => dominatorRows(snapshot(), symbol),
        reach: (edges) => reachRows(snapshot(), edges),
    };
}

function impactRows(
    snapshot: GraphSnapshot,
    symbol: string,
    edges: readonly string[] | undefined,
    depth: number | undefined,
): ReachedRow[] {
    const kinds = kindsOf(edges, depth);
    const targets = targetsOf(snapshot, symbol);
    const found = createOracle(snapshot, traversalHere()).impactOf(targets, {
        kinds,
        ...(depth === undefined ? {} : { depth }),
    });
    return found.map(({ id, distance, via, edge }) => ({ symbolId: id, distance, via, edge }));
}

function reachRows(snapshot: GraphSnapshot, edges: readonly string[] | undefined): ReachRow[] {
    const kinds = kindsOf(edges, undefined);
    const ids: NodeId[] = [];
    for (let node = 0; node < snapshot.nodeCount; node++) {
        if ((snapshot.flagsAt(node) & NODE_FLAG.external) === 0) {
            ids.push(snapshot.idAt(node));
        }
    }
    const found = createOracle(snapshot, traversalHere()).reachOf(ids, { kinds });
    return found.map(({ id, reached, depth }) => ({ symbolId: id, reached, depth }));
}

function kindsOf(
    edges: readonly string[] | undefined,
    depth: number | undefined,
): readonly EdgeKind[] {
    const options = parseRippleOptions({
        ...(edges === undefined ? {} : { edges }),
        ...(depth === undefined ? {} : { depth }),
    });
    if (options.kind === "refusal") {
        throw new Error(options.message);
    }
    return options.edges;
}

/** Symbols through which others reach the asked one, and through which alone. */
function dominatorRows(snapshot: GraphSnapshot, symbol: string): DominatorRow[] {
    const targets = targetsOf(snapshot, symbol).map((id) => snapshot.findNode(id) ?? 0);
    const kinds = kindMask(RIPPLE_EDGES.map((kind: EdgeKind) => edgeKindCode(kind)));
    const { csr } = snapshot.toCsr({ transpose: true });
    const idoms = traversalHere().dominators(csr, targets, kinds);
    const order = traversalHere().bfs(csr, targets, { kinds }).reachable();
    const dominated = new Uint32Array(idoms.length);
    const depth = new Uint32Array(idoms.length);
    for (const node of order) {
        const above = idoms[node] ?? -1;
        depth[node] = above < 0 ? 0 : (depth[above] ?? 0) + 1;
    }
    // Deeper in the tree first: what a node dominates is known before it is added to the next.
    const deepest = [...order].sort((a, b) => (depth[b] ?? 0) - (depth[a] ?? 0));
    for (const node of deepest) {
        const above = idoms[node] ?? -1;
        if (above >= 0) {
            dominated[above] = (dominated[above] ?? 0) + (dominated[node] ?? 0) + 1;
        }
    }
    return [...order].map((node) => ({
        symbolId: snapshot.idAt(node),
        dominated: dominated[node] ?? 0,
        depth: depth[node] ?? 0,
    }));
}

function targetsOf(snapshot: GraphSnapshot, written: string): readonly NodeId[] {
    const id = idOf(written);
    if (id !== undefined) {
        if (snapshot.findNode(id) === undefined) {
            throw new Error(`no symbol with the id ${formatNodeId(id)}`);
        }
        return [id];
    }
    const found = selectInSnapshot(snapshot, written);
    if (found.kind === "refusal") {
        const near = found.candidates.slice(0, 5).join(", ");
        throw new Error(near === "" ? found.message : `${found.message}; near: ${near}`);
    }
    return found.nodes.map((node) => snapshot.idAt(node));
}

/** An id, as hex digits or as the number that a row has; undefined for a path. */
function idOf(written: string): NodeId | undefined {
    if (/^[0-9a-f]{16}$/u.test(written) && /[a-f]/u.test(written)) {
        return parseNodeId(written);
    }
    return /^\d{1,20}$/u.test(written)
        ? (BigInt.asUintN(64, BigInt(written)) as NodeId)
        : undefined;
}
