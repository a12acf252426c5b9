// The edges by which two states of one graph differ, as they are stored: renames are not looked for.

import { EDGE_KINDS, type GraphEdge } from "../../graph/index.ts";
import { assert, required } from "../../base/index.ts";
import { GraphSnapshot } from "../graph-snapshot.ts";
import type { GraphTables } from "../graph-tables.ts";
import { changedRows } from "./changed-rows.ts";

/** Edges that only one of two states has. */
export interface EdgesBetween {
    readonly removed: readonly GraphEdge[];
    readonly added: readonly GraphEdge[];
}

/** Compares a state with a later one; undefined where they are not states of one store. */
export function edgesBetween(
    before: GraphSnapshot,
    after: GraphSnapshot,
): EdgesBetween | undefined {
    const tables = GraphSnapshot.tablesOf(after);
    if (GraphSnapshot.tablesOf(before) !== tables) {
        return undefined;
    }
    assert(before.deltaCount <= after.deltaCount, "the earlier state is given first");
    const { edges } = changedRows(tables, before.deltaCount, after.deltaCount);
    return { removed: edgesOf(tables, edges.removed), added: edgesOf(tables, edges.added) };
}

function edgesOf({ nodes, edges }: GraphTables, rows: readonly number[]): GraphEdge[] {
    return rows.map((row) => {
        const { source, target, kind } = edges.fields(row);
        return {
            source: nodes.idOf(source),
            target: nodes.idOf(target),
            kind: required(EDGE_KINDS[kind], "a stored kind is known"),
        };
    });
}
