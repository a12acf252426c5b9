// Tables as Parquet files, sorted, so that a filter by file or symbol reads little.

import type { DuckDBConnection } from "@duckdb/node-api";

import { queryFailed } from "./run-query.ts";
import { GROUP_ROWS, quoteName, TABLES_WITH_HISTORY, type TableSchema } from "./table-schema.ts";
import type { TablesState } from "./live-tables.ts";

/**
 * Writes a table to a file. Equal rows give equal bytes: the number of deltas, in which equal graphs may
 * differ, is said only by tables that tell of the past.
 */
export async function writeParquet(
    connection: DuckDBConnection,
    { name, order, groupRows }: TableSchema,
    to: { readonly file: string; readonly state: TablesState; readonly version: number },
): Promise<void> {
    const { file, state, version } = to;
    const metadata = {
        ferrograph_tables_version: String(version),
        ferrograph_graph_root: state.graphRoot,
        ...(TABLES_WITH_HISTORY.includes(name)
            ? { ferrograph_delta_count: String(state.deltaCount) }
            : {}),
    };
    const pairs = Object.entries(metadata).map(([key, value]) => `${key}: '${value}'`);
    const select = `SELECT * FROM ${quoteName(name)} ORDER BY ${order.map(quoteName).join(", ")}`;
    const options = `, KV_METADATA {${pairs.join(", ")}}`;
    await copyTo(connection, select, file, { groupRows, options });
}

/** Writes the rows of a checked statement to a Parquet file. */
export async function copyTo(
    connection: DuckDBConnection,
    select: string,
    file: string,
    {
        groupRows = GROUP_ROWS,
        options = "",
    }: { readonly groupRows?: number; readonly options?: string } = {},
): Promise<void> {
    const path = `'${file.replaceAll("'", "''")}'`;
    // A comment may end the statement, so what follows is on a line of its own.
    const sql = `COPY (${select.trim().replace(/;\s*$/u, "")}\n) TO ${path}
        (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${groupRows}${options})`;
    await connection.run(sql).catch((cause: unknown) => {
        throw queryFailed(cause);
    });
}
