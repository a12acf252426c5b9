// One DuckDB database, made as harmless as it can be: no files but its own, no extensions, and settings
// that nobody changes afterwards.

import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";

import { OperatingError } from "../base/index.ts";

/** How a database is opened. */
export interface DatabaseOptions {
    /** File of the database; it lies in memory without one. */
    readonly file?: string;
    /** Most memory that it takes; what needs more spills to disk, or fails. */
    readonly memoryBytes: number;
    readonly threads: number;
    /** The only folders whose files its SQL may touch. */
    readonly folders: readonly string[];
    /** Where it spills; nowhere without one. */
    readonly spillFolder?: string;
}

/** Opens a database. */
export async function openDatabase(options: DatabaseOptions): Promise<DuckDBInstance> {
    const { file = ":memory:", memoryBytes, threads, folders, spillFolder = "" } = options;
    let instance: DuckDBInstance;
    try {
        instance = await DuckDBInstance.create(file, {
            memory_limit: `${Math.floor(memoryBytes / 1024)}KiB`,
            threads: String(threads),
            temp_directory: spillFolder,
            autoinstall_known_extensions: "false",
            autoload_known_extensions: "false",
            // A crash in the middle of a write-ahead log is DuckDB's to recover.
            preserve_insertion_order: "true",
        });
    } catch (cause) {
        throw new OperatingError("TABLES_UNREADABLE", `the tables in ${file} cannot be opened`, {
            cause,
            advice: "delete the file: it is made again from the graph",
        });
    }
    const connection = await instance.connect();
    try {
        const list = folders.map((folder) => `'${folder.replaceAll("'", "''")}'`).join(", ");
        await connection.run(`SET allowed_directories = [${list}]`);
        await connection.run("SET enable_external_access = false");
        await connection.run("SET lock_configuration = true");
    } finally {
        connection.closeSync();
    }
    return instance;
}

/** Runs a statement and gives its rows as objects. */
export async function rowsOf(
    connection: DuckDBConnection,
    sql: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
    return (await connection.runAndReadAll(sql)).getRowObjects();
}
