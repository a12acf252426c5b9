// What two states of the same tables do not share, by the rows that began and ended between them: the
// work is in proportion to what happened in between, not to the graph.

import { countUpTo, type EndList } from "../end-list.ts";
import type { GraphTables } from "../graph-tables.ts";

/** Rows that only one of two states has. */
export interface ChangedRows {
    readonly removed: readonly number[];
    readonly added: readonly number[];
}

/** The rows of all three tables that differ between delta j and a later delta k. */
export function changedRows(
    { nodes, edges, files }: GraphTables,
    j: number,
    k: number,
): { readonly versions: ChangedRows; readonly edges: ChangedRows; readonly files: ChangedRows } {
    return {
        versions: changed(j, k, {
            count: nodes.born.length,
            born: (row) => nodes.born.at(row),
            died: (row) => nodes.died.at(row),
            ended: nodes.ended,
        }),
        edges: changed(j, k, {
            count: edges.born.length,
            born: (row) => edges.born.at(row),
            died: (row) => edges.died.at(row),
            ended: edges.ended,
        }),
        files: changed(j, k, {
            count: files.rows.length,
            born: (row) => files.row(row).born,
            died: (row) => files.row(row).died,
            ended: files.ended,
        }),
    };
}

interface Rows {
    readonly count: number;
    /** Ascends with the row. */
    readonly born: (row: number) => number;
    readonly died: (row: number) => number;
    readonly ended: EndList;
}

function changed(j: number, k: number, { count, born, died, ended }: Rows): ChangedRows {
    const removed = [...ended.between(j, k)].filter((row) => born(row) <= j);
    const added: number[] = [];
    for (let row = countUpTo(count, j, born); row < count && born(row) <= k; row++) {
        if (died(row) > k) {
            added.push(row);
        }
    }
    return { removed, added };
}
