// Requests about the tables: SQL and exports. Documented in docs/protocol/requests.md, which is pinned to
// this file.

/** How the rows of an answer are sent: as JSON values, or as bytes of an Arrow IPC stream or a Parquet file. */
export const QUERY_FORMATS = ["rows", "arrow", "parquet"] as const;

/** One of QUERY_FORMATS. */
export type QueryFormat = (typeof QUERY_FORMATS)[number];

/** Asks the tables (docs/tables.md) with one SQL statement that reads. */
export interface QueryParams {
    readonly sql: string;
    /** `rows` by default. */
    readonly format?: QueryFormat;
    /** Time that it may take in all; 30,000 by default. */
    readonly timeoutMs?: number;
    /** Number of deltas after which the graph is asked; the newest by default. Of the past there are `symbols`, `edges` and `files`. */
    readonly at?: number;
}

/** A part of an answer. */
export interface QueryPage {
    /** Values as JSON has them; whole numbers of 64 bits are strings. Empty unless the format is `rows`. */
    readonly rows: readonly (readonly unknown[])[];
    /** Base64; all parts together are one stream, or one file. Empty for `rows`. */
    readonly data: string;
    /** Present when there is more: ask with query-next. */
    readonly next?: string;
}

/** An answer, or its first part. */
export interface QueryResult extends QueryPage {
    readonly columns: readonly { readonly name: string; readonly type: string }[];
    /** Graph root that the answer speaks of, hex. */
    readonly root: string;
    /** Number of deltas. */
    readonly k: number;
    readonly milliseconds: number;
}

/** Asks for the next part of an answer. */
export interface QueryNextParams {
    readonly cursor: string;
    /** Nothing more of it is wanted. */
    readonly close?: boolean;
}

/** Tools that can be asked for types: of all definitions, and of locals. */
export const TYPE_SOURCES = ["rustdoc", "rust-analyzer"] as const;

/** Asks tools for types, which then are rows of `types` for as long as their file is unchanged. */
export interface TypesParams {
    readonly sources: readonly (typeof TYPE_SOURCES)[number][];
}

/** What a tool told of types. */
export interface TypesStatus {
    readonly source: (typeof TYPE_SOURCES)[number];
    /** Name and version. */
    readonly tool: string;
    readonly files: number;
    readonly types: number;
    /** Milliseconds since 1970. */
    readonly endedAt: number;
    /** Time that it took; 0 when the same was asked before. */
    readonly milliseconds: number;
    /** What it could not do. */
    readonly problems: readonly string[];
}

/** What tools told, one entry for each that was asked. */
export interface TypesResult {
    readonly tools: readonly TypesStatus[];
}

/** The tables, as far as there are any. */
export interface TablesStatus {
    /** `none` until they are first asked for; `stored` when they lie there and are opened when needed. */
    readonly state: "none" | "stored" | "open" | "failed";
    /** Rows by table; empty unless they are open. */
    readonly rows: Readonly<Record<string, number>>;
    /** Graph root that they speak of, hex; empty unless they are open. */
    readonly root: string;
    /** Number of deltas. */
    readonly k: number;
    /** Bytes of the database. */
    readonly bytes: number;
    /** Why they could not follow the last time; empty when they did. */
    readonly error: string;
    /** Why history of git is missing, or only a part of it; empty when all is well. */
    readonly gitProblem: string;
    readonly types: readonly TypesStatus[];
    /** The newest export that was made beside a checkpoint of the store. */
    readonly checkpoint:
        | {
              readonly folder: string;
              readonly root: string;
              readonly k: number;
              readonly bytes: number;
          }
        | undefined;
}

/** Writes all tables as Parquet files. */
export interface ExportParams {
    /** Absolute path of the folder; it is made if missing. */
    readonly folder: string;
    /** With `ast_nodes`. */
    readonly syntax?: boolean;
}

/** One exported table. */
export interface ExportedTableDto {
    readonly name: string;
    readonly file: string;
    readonly rows: number;
    readonly bytes: number;
}

/** What was written. */
export interface ExportResult {
    readonly folder: string;
    readonly root: string;
    readonly k: number;
    readonly tables: readonly ExportedTableDto[];
    readonly milliseconds: number;
}
