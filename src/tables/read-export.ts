// Tables that were exported to a folder, opened again without the graph that they were made from.

import { join } from "node:path";

import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";

import { openDatabase } from "./database.ts";
import { queryFailed } from "./run-query.ts";
import { quoteName, TABLE_NAMES } from "./table-schema.ts";

/** Exported tables, open for reading. */
export class ExportedTables {
    readonly #instance: DuckDBInstance;

    private constructor(instance: DuckDBInstance) {
        this.#instance = instance;
    }

    /** Opens the tables whose files are in a folder; `files` are the names that it holds. */
    static async open(
        folder: string,
        files: readonly string[],
        limits: { readonly memoryBytes: number; readonly threads: number },
    ): Promise<ExportedTables> {
        const instance = await openDatabase({ ...limits, folders: [folder] });
        const connection = await instance.connect();
        try {
            for (const name of TABLE_NAMES.filter((each) => files.includes(`${each}.parquet`))) {
                const path = join(folder, `${name}.parquet`).replaceAll("'", "''");
                await connection.run(
                    `CREATE VIEW ${quoteName(name)} AS SELECT * FROM read_parquet('${path}')`,
                );
            }
        } catch (cause) {
            throw queryFailed(cause);
        } finally {
            connection.closeSync();
        }
        return new ExportedTables(instance);
    }

    /** A connection for reading; the caller closes it. */
    connect(): Promise<DuckDBConnection> {
        return this.#instance.connect();
    }

    close(): void {
        this.#instance.closeSync();
    }
}
