// SQL, exports and pages of answers: what clients ask of the tables.

import { randomUUID } from "node:crypto";
import { join } from "node:path";

import { OperatingError } from "../../base/index.ts";
import type { GraphSnapshot } from "../../graphstore/index.ts";
import { monotonicMs, readBytes, removeFile } from "../../platform/index.ts";
import type {
    ExportParams,
    ExportResult,
    QueryNextParams,
    QueryPage,
    QueryParams,
    QueryResult,
    TypesParams,
    TypesResult,
    TypesStatus,
} from "../../protocol/index.ts";
import type { QueryCursor } from "../../tables/index.ts";
import type { RequestContext } from "../engine.ts";
import { loadTables } from "./load-tables.ts";
import type { Askable, TablesHost, TablesOf } from "./tables-host.ts";

/** Time that a query may take unless it is told otherwise. */
const TIMEOUT_MS = 30_000;
/** Answers that one client has not read to their end. */
const CURSORS_MAX = 8;
/** Bytes of one page of a file. */
const PAGE_BYTES = 1024 * 1024;

/** What pages are made from. */
type Pages = () => Promise<{ readonly page: QueryPage; readonly isLast: boolean }>;

interface Waiting {
    readonly client: string;
    readonly next: Pages;
    readonly close: () => void;
}

/** Tables of some past state, made for one question. */
export type PastTables = (k: number) => Promise<TablesOf<Askable>>;

/** Asks the tables of one workspace. */
export class TableQueries {
    readonly #host: TablesHost;
    readonly #pastTables: PastTables;
    readonly #waiting = new Map<string, Waiting>();
    /** The graph that table functions ask; set before a statement is prepared. */
    #asked: GraphSnapshot | undefined;
    readonly #known = new WeakSet<object>();

    constructor(host: TablesHost, pastTables: PastTables) {
        this.#host = host;
        this.#pastTables = pastTables;
    }

    /** Runs one reading statement; gives its first rows, and a cursor when there are more. */
    async query(context: RequestContext, params: QueryParams): Promise<QueryResult> {
        const start = monotonicMs();
        const module = await loadTables();
        const found: TablesOf<Askable> =
            params.at === undefined
                ? await this.#host.fresh({
                      withSyntax: /\bast_nodes\b/iu.test(params.sql),
                      signal: context.signal,
                      onProgress: context.onProgress,
                  })
                : await this.#pastTables(params.at);
        const connection = await this.#connect(found);
        const limits = { timeoutMs: params.timeoutMs ?? TIMEOUT_MS };
        const format = params.format ?? "rows";
        const { graphRoot, deltaCount } = found.snapshot;
        const about = { root: graphRoot, k: deltaCount };
        if (format === "parquet") {
            const pages = await this.#parquet(found, connection, params.sql, limits);
            const { page, next } = await this.#first(context.client, pages, () => undefined);
            return { ...about, columns: [], ...page, ...next, milliseconds: since(start) };
        }
        const cursor = await module.QueryCursor.begin(connection, params.sql, limits).catch(
            (thrown: unknown) => {
                found.close?.();
                throw thrown;
            },
        );
        const stop = (): void => {
            cursor.close();
            found.close?.();
        };
        const { page, next } = await this.#first(context.client, pagesOf(cursor, format), stop);
        const columns = cursor.columns.map(({ name, type }) => ({ name, type }));
        return { ...about, columns, ...page, ...next, milliseconds: since(start) };
    }

    /** The first column of all rows of a statement. */
    async firstColumn(context: RequestContext, sql: string): Promise<readonly unknown[]> {
        const first = await this.query(context, { sql });
        const values = first.rows.map((row) => row[0]);
        for (let { next } = first; next !== undefined;) {
            const page = await this.next(context, { cursor: next });
            values.push(...page.rows.map((row) => row[0]));
            next = page.next;
        }
        return values;
    }

    /** The next page of an answer. */
    async next(context: RequestContext, { cursor, close }: QueryNextParams): Promise<QueryPage> {
        const waiting = this.#waiting.get(cursor);
        if (waiting?.client !== context.client) {
            throw new OperatingError("QUERY_NO_CURSOR", "there is no such answer to go on with", {
                advice: "ask again; answers that are not read are let go",
            });
        }
        if (close === true) {
            this.#drop(cursor);
            return { rows: [], data: "" };
        }
        const { page, isLast } = await waiting.next().catch((thrown: unknown) => {
            this.#drop(cursor);
            throw thrown;
        });
        if (isLast) {
            this.#drop(cursor);
            return page;
        }
        return { ...page, next: cursor };
    }

    /** Writes all tables to a folder as Parquet files. */
    async export(context: RequestContext, params: ExportParams): Promise<ExportResult> {
        const start = monotonicMs();
        const { exportTables } = await import("./export-folder.ts");
        const { signal, onProgress } = context;
        const withSyntax = params.syntax === true;
        const fresh = await this.#host.fresh({ withSyntax, signal, onProgress });
        const done = await exportTables(fresh, params.folder, {
            ...{ withSyntax, signal, onProgress },
        });
        const { graphRoot, deltaCount, tables } = done;
        const milliseconds = since(start);
        return { folder: params.folder, root: graphRoot, k: deltaCount, tables, milliseconds };
    }

    /** Asks tools for types, one after the other. */
    async types(context: RequestContext, { sources }: TypesParams): Promise<TypesResult> {
        const tools: TypesStatus[] = [];
        for (const source of sources) {
            tools.push(await this.#host.askTypes(source, context));
        }
        return { tools };
    }

    /** Lets go of what a client has not read. */
    forget(client: string): void {
        for (const [cursor, waiting] of this.#waiting) {
            if (waiting.client === client) {
                this.#drop(cursor);
            }
        }
    }

    async #connect(fresh: TablesOf<Askable>): ReturnType<Askable["connect"]> {
        const connection = await fresh.tables.connect();
        this.#asked = fresh.snapshot;
        if (!this.#known.has(fresh.tables)) {
            const [{ registerGraphFunctions }, { answersOf }] = await Promise.all([
                loadTables(),
                import("./graph-answers.ts"),
            ]);
            const snapshot = (): GraphSnapshot => this.#asked ?? fresh.snapshot;
            registerGraphFunctions(connection, answersOf(snapshot));
            this.#known.add(fresh.tables);
        }
        return connection;
    }

    async #first(
        client: string,
        next: Pages,
        close: () => void,
    ): Promise<{ readonly page: QueryPage; readonly next: { readonly next?: string } }> {
        const { page, isLast } = await next();
        if (isLast) {
            close();
            return { page, next: {} };
        }
        const own = [...this.#waiting].filter(([, each]) => each.client === client);
        if (own.length >= CURSORS_MAX) {
            this.#drop(own[0]?.[0] ?? "");
        }
        const cursor = randomUUID();
        this.#waiting.set(cursor, { client, next, close });
        return { page, next: { next: cursor } };
    }

    #drop(cursor: string): void {
        this.#waiting.get(cursor)?.close();
        this.#waiting.delete(cursor);
    }

    async #parquet(
        { staging, close }: TablesOf<Askable>,
        connection: Awaited<ReturnType<Askable["connect"]>>,
        sql: string,
        limits: { readonly timeoutMs: number },
    ): Promise<Pages> {
        const module = await loadTables();
        const file = join(staging, `${randomUUID()}.parquet`);
        try {
            await module.checkStatement(connection, sql);
            await new module.Deadline(connection, limits.timeoutMs).during(() =>
                module.copyTo(connection, sql, file),
            );
            return bytePages(await readBytes(file));
        } finally {
            connection.closeSync();
            close?.();
            await removeFile(file).catch(() => undefined); // It is emptied at the next start.
        }
    }
}

function since(start: number): number {
    return Math.round(monotonicMs() - start);
}

function pagesOf(cursor: QueryCursor, format: "rows" | "arrow"): Pages {
    return async () => {
        if (format === "rows") {
            const { rows, isLast } = await cursor.nextRows();
            return { page: { rows, data: "" }, isLast };
        }
        const { bytes, isLast } = await cursor.nextArrow();
        return { page: { rows: [], data: Buffer.from(bytes).toString("base64") }, isLast };
    };
}

function bytePages(bytes: Uint8Array): Pages {
    let at = 0;
    return () => {
        const part = bytes.subarray(at, at + PAGE_BYTES);
        at += part.length;
        const data = Buffer.from(part).toString("base64");
        return Promise.resolve({ page: { rows: [], data }, isLast: at >= bytes.length });
    };
}
