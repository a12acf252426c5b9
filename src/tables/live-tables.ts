// The tables of one workspace in a database of their own: what of which state they hold is written in the
// same transaction as the rows, so that they are never between two states.

import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";

import { openDatabase, rowsOf, type DatabaseOptions } from "./database.ts";
import { appendRows, TableRows } from "./table-rows.ts";
import { createStatement, quoteName, TABLES, type TableName } from "./table-schema.ts";

/** Raised with every change of a table, or of what its rows mean: older tables are made again. */
export const TABLES_VERSION = 2;

/** Which state of the graph the tables speak of. */
export interface TablesState {
    readonly stateRoot: string;
    readonly graphRoot: string;
    /** Number of deltas (k). */
    readonly deltaCount: number;
    /** Whether `ast_nodes` is filled. */
    readonly hasSyntax: boolean;
}

/** A file whose rows are in the tables. */
export interface IndexedFile {
    readonly fileId: bigint;
    /** What its rows were made from: equal digests, equal rows. */
    readonly digest: string;
}

/** Where edges come and go. */
export interface EdgeRow {
    readonly source: bigint;
    readonly target: bigint;
    readonly kind: string;
}

const FILE_COLUMNS: Readonly<Partial<Record<TableName, string>>> = {
    files: "file_id",
    ast_nodes: "file_id",
    symbols: "def_file_id",
    references: "file_id",
    types: "file_id",
    tests: "file_id",
};

/** The tables of one workspace. */
export class LiveTables {
    readonly #instance: DuckDBInstance;
    readonly #writing: DuckDBConnection;
    #state: TablesState | undefined;
    #files: Map<string, IndexedFile>;

    private constructor(
        instance: DuckDBInstance,
        writing: DuckDBConnection,
        known: {
            readonly state: TablesState | undefined;
            readonly files: Map<string, IndexedFile>;
        },
    ) {
        this.#instance = instance;
        this.#writing = writing;
        this.#state = known.state;
        this.#files = known.files;
    }

    /** Opens the tables, and makes them where there are none, or only ones of another version. */
    static async open(options: DatabaseOptions): Promise<LiveTables> {
        const instance = await openDatabase(options);
        try {
            const writing = await instance.connect();
            if ((await readVersion(writing)) !== TABLES_VERSION) {
                await makeTables(writing);
            }
            return new LiveTables(instance, writing, {
                state: await readState(writing),
                files: await readFiles(writing),
            });
        } catch (thrown) {
            instance.closeSync();
            throw thrown;
        }
    }

    /** The state that the tables hold; undefined while they hold none. */
    get state(): TablesState | undefined {
        return this.#state;
    }

    /** Files whose rows are in the tables, by path. */
    get files(): ReadonlyMap<string, IndexedFile> {
        return this.#files;
    }

    /** A connection for reading; the caller closes it. */
    connect(): Promise<DuckDBConnection> {
        return this.#instance.connect();
    }

    /** A connection that sees the tables as they are now, and the state that they hold; the caller closes it. */
    async connectAt(): Promise<{
        readonly connection: DuckDBConnection;
        readonly state: TablesState | undefined;
    }> {
        const connection = await this.#instance.connect();
        try {
            await connection.run("BEGIN TRANSACTION READ ONLY");
            return { connection, state: await readState(connection) };
        } catch (thrown) {
            connection.closeSync();
            throw thrown;
        }
    }

    /** Number of rows of each table. */
    async countRows(): Promise<Record<string, number>> {
        const { connection } = await this.connectAt();
        try {
            const counts = TABLES.map(
                ({ name }) =>
                    `SELECT '${name}' AS name, count(*)::DOUBLE AS n FROM ${quoteName(name)}`,
            );
            const rows = await rowsOf(connection, counts.join(" UNION ALL "));
            return Object.fromEntries(rows.map((row) => [String(row["name"]), Number(row["n"])]));
        } finally {
            connection.closeSync();
        }
    }

    /** The newest commit that is known, and how many are. */
    async newestCommit(): Promise<{ readonly hash: string | undefined; readonly count: number }> {
        const [row] = await rowsOf(
            this.#writing,
            "SELECT arg_max(commit_hash, sequence) AS hash, count(*)::INTEGER AS n FROM git_commits",
        );
        const hash = row?.["hash"];
        return {
            hash: typeof hash === "string" ? hash : undefined,
            count: Number(row?.["n"] ?? 0),
        };
    }

    /** Makes a change as one transaction: all of it, or nothing when `make` throws. */
    async change(make: (writer: TablesWriter) => Promise<TablesState>): Promise<void> {
        await this.#writing.run("BEGIN TRANSACTION");
        try {
            const writer = new TablesWriter(this.#writing, new Map(this.#files));
            const state = await make(writer);
            await writer.finish(state);
            await this.#writing.run("COMMIT");
            this.#state = state;
            this.#files = writer.files;
        } catch (thrown) {
            await this.#writing.run("ROLLBACK").catch(() => undefined); // It may have ended by itself.
            throw thrown;
        }
    }

    close(): void {
        this.#writing.closeSync();
        this.#instance.closeSync();
    }
}

/** One change under way. */
export class TablesWriter {
    readonly files: Map<string, IndexedFile>;
    readonly #connection: DuckDBConnection;

    constructor(connection: DuckDBConnection, files: Map<string, IndexedFile>) {
        this.#connection = connection;
        this.files = files;
    }

    /** Takes away all rows of some files. */
    async removeFiles(paths: readonly string[]): Promise<void> {
        const ids = paths.flatMap((path) => this.files.get(path)?.fileId ?? []);
        if (ids.length > 0) {
            const list = ids.join(", ");
            for (const row of await rowsOf(
                this.#connection,
                `SELECT file_id, last_modified_commit AS hash FROM files WHERE file_id IN (${list})`,
            )) {
                this.#modified.set(String(row["file_id"]), row["hash"]);
            }
            for (const [table, column] of Object.entries(FILE_COLUMNS)) {
                await this.#run(`DELETE FROM ${quoteName(table)} WHERE ${column} IN (${list})`);
            }
            await this.#run(`DELETE FROM ferrograph.indexed_files WHERE file_id IN (${list})`);
        }
        paths.forEach((path) => this.files.delete(path));
    }

    /** Notes what the rows of a file, which are appended apart, were made from. */
    noteFile(path: string, file: IndexedFile): void {
        this.files.set(path, file);
        this.#noted.push([path, file]);
    }

    readonly #noted: [string, IndexedFile][] = [];

    /** The commits that last changed files whose rows were taken away, by their ids. */
    readonly #modified = new Map<string, unknown>();

    /** Takes away the rows of a table, or those of them that a condition is true of. */
    async clear(table: TableName, condition = "true"): Promise<void> {
        await this.#run(`DELETE FROM ${quoteName(table)} WHERE ${condition}`);
    }

    /** Takes away symbols of other packages. */
    async removeExternals(ids: readonly bigint[]): Promise<void> {
        if (ids.length > 0) {
            await this.clear("symbols", `def_file_id IS NULL AND symbol_id IN (${ids.join(", ")})`);
        }
    }

    async append(rows: TableRows): Promise<void> {
        if (rows.length > 0) {
            const appender = await this.#connection.createAppender(rows.table);
            try {
                appendRows(appender, rows);
            } finally {
                appender.closeSync();
            }
        }
    }

    /** Sets the commit that last changed each file, where there are new commits. */
    async setModified(): Promise<void> {
        await this.#findModified("");
    }

    /** Sets the commit that last changed some files, where there are no new commits: what it was before, if it was there. */
    async keepModified(paths: readonly string[]): Promise<void> {
        const ids = paths.flatMap((path) => this.files.get(path)?.fileId ?? []);
        const known = ids.flatMap((id) => {
            const hash = this.#modified.get(String(id));
            return typeof hash === "string" ? `(${id}, '${hash}')` : [];
        });
        if (known.length > 0) {
            await this.#run(
                `UPDATE files SET last_modified_commit = known.hash
                 FROM (VALUES ${known.join(", ")}) known (id, hash) WHERE known.id = files.file_id`,
            );
        }
        const added = ids.filter((id) => !this.#modified.has(String(id)));
        if (added.length > 0) {
            await this.#findModified(`AND files.file_id IN (${added.join(", ")})`);
        }
    }

    /** Goes through the whole history. */
    async #findModified(only: string): Promise<void> {
        await this.#run(
            `UPDATE files SET last_modified_commit = m.hash FROM (
                 SELECT path, arg_max(commit_hash, sequence) AS hash
                 FROM (SELECT unnest(modified_files) AS path, commit_hash, sequence FROM git_commits)
                 GROUP BY path
             ) m WHERE m.path = files.path AND files.last_modified_commit IS DISTINCT FROM m.hash ${only}`,
        );
    }

    /** Takes away edges one by one. */
    async removeEdges(edges: readonly EdgeRow[]): Promise<void> {
        if (edges.length === 0) {
            return;
        }
        await this.#run(
            "CREATE OR REPLACE TEMP TABLE gone (source UBIGINT, target UBIGINT, kind VARCHAR)",
        );
        const appender = await this.#connection.createAppender("gone", "main", "temp");
        for (const { source, target, kind } of edges) {
            appender.appendUBigInt(source);
            appender.appendUBigInt(target);
            appender.appendVarchar(kind);
            appender.endRow();
        }
        appender.closeSync();
        await this.#run(
            `DELETE FROM edges USING temp.gone g WHERE g.source = edges.source
             AND g.target = edges.target AND g.kind = edges.kind`,
        );
    }

    async addEdges(edges: readonly EdgeRow[]): Promise<void> {
        const rows = new TableRows("edges");
        edges.forEach(({ source, target, kind }) => {
            rows.push(source, target, kind);
        });
        await this.append(rows);
    }

    /** Writes down what the tables hold now. */
    async finish(state: TablesState): Promise<void> {
        const appender = await this.#connection.createAppender("indexed_files", "ferrograph");
        for (const [path, { fileId, digest }] of this.#noted) {
            appender.appendVarchar(path);
            appender.appendUBigInt(fileId);
            appender.appendVarchar(digest);
            appender.endRow();
        }
        appender.closeSync();
        const { stateRoot, graphRoot, deltaCount, hasSyntax } = state;
        await this.#run("DELETE FROM ferrograph.state");
        await this.#run(
            `INSERT INTO ferrograph.state VALUES ('${stateRoot}', '${graphRoot}', ${deltaCount}, ${hasSyntax})`,
        );
    }

    async #run(sql: string): Promise<void> {
        await this.#connection.run(sql);
    }
}

async function readVersion(connection: DuckDBConnection): Promise<number | undefined> {
    const [found] = await rowsOf(
        connection,
        "SELECT count(*)::INTEGER AS n FROM duckdb_tables() WHERE schema_name = 'ferrograph' AND table_name = 'version'",
    );
    if (found?.["n"] !== 1) {
        return undefined;
    }
    const [row] = await rowsOf(connection, "SELECT version FROM ferrograph.version");
    return typeof row?.["version"] === "number" ? row["version"] : undefined;
}

/** Drops whatever is there, and makes the tables of this version. */
async function makeTables(connection: DuckDBConnection): Promise<void> {
    const old = await rowsOf(
        connection,
        "SELECT schema_name || '.' || '\"' || table_name || '\"' AS name FROM duckdb_tables() WHERE NOT internal",
    );
    await connection.run("BEGIN TRANSACTION");
    for (const row of old) {
        await connection.run(`DROP TABLE ${String(row["name"])}`);
    }
    for (const table of TABLES) {
        await connection.run(createStatement(table));
    }
    await connection.run("CREATE SCHEMA IF NOT EXISTS ferrograph");
    await connection.run(
        "CREATE TABLE ferrograph.indexed_files (path VARCHAR, file_id UBIGINT, digest VARCHAR)",
    );
    await connection.run(
        "CREATE TABLE ferrograph.state (state_root VARCHAR, graph_root VARCHAR, delta_count BIGINT, has_syntax BOOLEAN)",
    );
    await connection.run(`CREATE TABLE ferrograph.version AS SELECT ${TABLES_VERSION} AS version`);
    await connection.run("COMMIT");
}

async function readState(connection: DuckDBConnection): Promise<TablesState | undefined> {
    const [row] = await rowsOf(connection, "SELECT * FROM ferrograph.state");
    if (row === undefined) {
        return undefined;
    }
    return {
        stateRoot: String(row["state_root"]),
        graphRoot: String(row["graph_root"]),
        deltaCount: Number(row["delta_count"]),
        hasSyntax: row["has_syntax"] === true,
    };
}

async function readFiles(connection: DuckDBConnection): Promise<Map<string, IndexedFile>> {
    const rows = await rowsOf(
        connection,
        "SELECT path, file_id, digest FROM ferrograph.indexed_files",
    );
    return new Map(
        rows.map((row) => [
            String(row["path"]),
            { fileId: row["file_id"] as bigint, digest: String(row["digest"]) },
        ]),
    );
}
