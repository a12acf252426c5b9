// A few tables in memory, made for one question and dropped after it. Tables that are not given are not
// there: a question about them fails instead of finding nothing.

import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";

import { openDatabase } from "./database.ts";
import { appendRows, type TableRows } from "./table-rows.ts";
import { createStatement, schemaOf, type TableName } from "./table-schema.ts";

/** Tables in memory. */
export class SnapshotTables {
    readonly #instance: DuckDBInstance;

    private constructor(instance: DuckDBInstance) {
        this.#instance = instance;
    }

    /** Makes the named tables and fills them. */
    static async make(
        names: readonly TableName[],
        rows: Iterable<TableRows>,
        limits: { readonly memoryBytes: number; readonly threads: number; readonly folder: string },
    ): Promise<SnapshotTables> {
        const { memoryBytes, threads, folder } = limits;
        const instance = await openDatabase({ memoryBytes, threads, folders: [folder] });
        const connection = await instance.connect();
        try {
            for (const name of names) {
                await connection.run(createStatement(schemaOf(name)));
            }
            for (const some of rows) {
                const appender = await connection.createAppender(some.table);
                appendRows(appender, some);
                appender.closeSync();
            }
        } catch (thrown) {
            instance.closeSync();
            throw thrown;
        } finally {
            connection.closeSync();
        }
        return new SnapshotTables(instance);
    }

    /** A connection for reading; the caller closes it. */
    connect(): Promise<DuckDBConnection> {
        return this.#instance.connect();
    }

    close(): void {
        this.#instance.closeSync();
    }
}
