// SQL from outside: one reading statement, under a limit of time, its rows handed out page by page.

import {
    JsonDuckDBValueConverter,
    StatementType,
    type DuckDBConnection,
    type DuckDBDataChunk,
    type DuckDBPreparedStatement,
    type DuckDBResult,
    type Json,
} from "@duckdb/node-api";

import { OperatingError } from "../base/index.ts";
import { ArrowStream, type AnswerColumn } from "./arrow-stream.ts";

/** A page of an answer. */
export interface RowsPage {
    readonly rows: readonly (readonly Json[])[];
    readonly isLast: boolean;
}

/** A page of an answer as bytes of one stream. */
export interface BytesPage {
    readonly bytes: Uint8Array;
    readonly isLast: boolean;
}

/** Limits of one query. */
export interface QueryLimits {
    readonly timeoutMs: number;
}

/** Rows of a page, about: whole chunks of the database. */
const PAGE_ROWS = 4096;

const READING: ReadonlySet<StatementType> = new Set([StatementType.SELECT, StatementType.EXPLAIN]);

/** Refuses all but one statement that reads. */
export async function checkStatement(connection: DuckDBConnection, sql: string): Promise<void> {
    (await prepareReading(connection, sql)).destroySync();
}

/** Prepares one statement that reads, and refuses all others; the caller destroys it. */
async function prepareReading(
    connection: DuckDBConnection,
    sql: string,
): Promise<DuckDBPreparedStatement> {
    // DuckDB has no answer for a text without a statement.
    const isEmpty = sql.replace(/--[^\n]*|\/\*[^]*?\*\/|[\s;]/gu, "") === "";
    const statements = isEmpty
        ? undefined
        : await connection.extractStatements(sql).catch((cause: unknown) => {
              throw queryFailed(cause);
          });
    if (statements?.count !== 1) {
        throw new OperatingError(
            "QUERY_NOT_ONE_STATEMENT",
            `a query is one statement, and these are ${statements?.count ?? 0}`,
            { advice: "run them one by one" },
        );
    }
    const prepared = await statements.prepare(0).catch((cause: unknown) => {
        throw queryFailed(cause);
    });
    if (!READING.has(prepared.statementType)) {
        prepared.destroySync();
        throw new OperatingError("QUERY_NOT_READING", "a query only reads: SELECT or EXPLAIN", {
            advice: "the tables follow the graph; nothing else changes them",
        });
    }
    return prepared;
}

/** An answer under way. */
export class QueryCursor {
    readonly columns: readonly AnswerColumn[];
    readonly #result: DuckDBResult;
    readonly #connection: DuckDBConnection;
    readonly #deadline: Deadline;
    #arrow: ArrowStream | undefined;
    #isClosed = false;

    private constructor(connection: DuckDBConnection, result: DuckDBResult, deadline: Deadline) {
        this.#connection = connection;
        this.#result = result;
        this.#deadline = deadline;
        const names = result.columnNames();
        this.columns = result
            .columnTypes()
            .map((type, at) => ({ name: names[at] ?? "", type: String(type) }));
    }

    /** Begins a query; the cursor owns the connection from then on, whatever comes of it. */
    static async begin(
        connection: DuckDBConnection,
        sql: string,
        { timeoutMs }: QueryLimits,
    ): Promise<QueryCursor> {
        const deadline = new Deadline(connection, timeoutMs);
        try {
            const prepared = await prepareReading(connection, sql);
            try {
                const result = await deadline.during(() => prepared.stream());
                return new QueryCursor(connection, result, deadline);
            } finally {
                prepared.destroySync();
            }
        } catch (thrown) {
            connection.closeSync();
            throw thrown;
        }
    }

    /** The next rows; values as JSON has them, whole numbers of 64 bits as strings. */
    async nextRows(): Promise<RowsPage> {
        const rows: (readonly Json[])[] = [];
        while (rows.length < PAGE_ROWS) {
            const chunk = await this.#fetch();
            if (chunk === undefined) {
                return { rows, isLast: true };
            }
            rows.push(...chunk.convertRows(JsonDuckDBValueConverter));
        }
        return { rows, isLast: false };
    }

    /** The next bytes of an Arrow IPC stream; all pages together are one stream. */
    async nextArrow(): Promise<BytesPage> {
        this.#arrow ??= new ArrowStream(this.columns, this.#result.columnTypes());
        let count = 0;
        while (count < PAGE_ROWS) {
            const chunk = await this.#fetch();
            if (chunk === undefined) {
                return { bytes: this.#arrow.end(), isLast: true };
            }
            this.#arrow.write(chunk);
            count += chunk.rowCount;
        }
        return { bytes: this.#arrow.take(), isLast: false };
    }

    /** Ends it, early or not. */
    close(): void {
        if (!this.#isClosed) {
            this.#isClosed = true;
            this.#connection.interrupt();
            this.#connection.closeSync();
        }
    }

    async #fetch(): Promise<DuckDBDataChunk | undefined> {
        if (this.#isClosed) {
            return undefined;
        }
        try {
            const chunk = await this.#deadline.during(() => this.#result.fetchChunk());
            if (chunk === null || chunk.rowCount === 0) {
                this.close();
                return undefined;
            }
            return chunk;
        } catch (thrown) {
            this.close();
            throw thrown;
        }
    }
}

/** Time that a query may still take; what the asker takes between two pages does not count. */
export class Deadline {
    readonly #connection: DuckDBConnection;
    readonly #timeoutMs: number;
    #leftMs: number;

    constructor(connection: DuckDBConnection, timeoutMs: number) {
        this.#connection = connection;
        this.#timeoutMs = timeoutMs;
        this.#leftMs = timeoutMs;
    }

    async during<T>(run: () => Promise<T>): Promise<T> {
        const start = performance.now();
        const over = { is: false };
        const timer = setTimeout(
            () => {
                over.is = true;
                this.#connection.interrupt();
            },
            Math.max(0, this.#leftMs),
        );
        try {
            return await run();
        } catch (cause) {
            if (over.is) {
                throw new OperatingError(
                    "QUERY_TIMEOUT",
                    `the query took longer than ${this.#timeoutMs} ms`,
                    { cause, advice: "ask for less, or allow more with --timeout SECONDS" },
                );
            }
            throw queryFailed(cause);
        } finally {
            clearTimeout(timer);
            this.#leftMs -= performance.now() - start;
        }
    }
}

/** What the database says, as a failure of the query. */
export function queryFailed(cause: unknown): OperatingError {
    if (cause instanceof OperatingError) {
        return cause;
    }
    const message = cause instanceof Error ? cause.message : String(cause);
    return new OperatingError(
        "QUERY_FAILED",
        message
            .trim()
            .replace(/^[\w ]+ Error: /u, "")
            .replace(/^[A-Z](?=[a-z ])/u, lowerFirst),
        {
            cause,
            advice: "tables and columns: docs/tables.md, or `SELECT * FROM duckdb_columns()`",
        },
    );
}

function lowerFirst(letter: string): string {
    return letter.toLowerCase();
}
