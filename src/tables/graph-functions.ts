// Table functions that the graph answers: what SQL would need recursion for is a search over a CSR.

import {
    DuckDBTableFunction,
    INTEGER,
    UBIGINT,
    VARCHAR,
    type DuckDBConnection,
    type DuckDBDataChunk,
    type DuckDBType,
    type DuckDBValue,
} from "@duckdb/node-api";
import duckdb from "@duckdb/node-bindings";

/** One row of `impact` and `callers`. */
export interface ReachedRow {
    readonly symbolId: bigint;
    readonly distance: number;
    /** Next symbol on a shortest way; undefined for the asked one. */
    readonly via: bigint | undefined;
    readonly edge: string;
}

/** One row of `dominators`. */
export interface DominatorRow {
    readonly symbolId: bigint;
    /** Number of symbols that are reached only through it. */
    readonly dominated: number;
    readonly depth: number;
}

/** One row of `reach`. */
export interface ReachRow {
    readonly symbolId: bigint;
    /** Number of symbols that reach it. */
    readonly reached: number;
    /** Greatest distance among them. */
    readonly depth: number;
}

/** Answers of the graph; a symbol is a path or 16 hex digits. Errors are told to whoever asked. */
export interface GraphAnswers {
    impact(
        symbol: string,
        edges: readonly string[] | undefined,
        depth: number | undefined,
    ): readonly ReachedRow[];
    dominators(symbol: string): readonly DominatorRow[];
    /** How far a change of each symbol of the workspace reaches. */
    reach(edges: readonly string[] | undefined): readonly ReachRow[];
}

interface Shape<R> {
    readonly name: string;
    /** Whether it is asked about one symbol. */
    readonly takesSymbol: boolean;
    readonly columns: readonly (readonly [string, DuckDBType, (row: R) => DuckDBValue])[];
    /** Types of parameters after the symbol, which may be left out by name. */
    readonly named: Readonly<Record<string, DuckDBType>>;
    readonly rows: (symbol: string, named: (name: string) => DuckDBValue | null) => readonly R[];
}

/** Makes `impact`, `callers`, `dominators` and `reach` known to a database. */
export function registerGraphFunctions(connection: DuckDBConnection, answers: GraphAnswers): void {
    const reached = [
        ["symbol_id", UBIGINT, (row: ReachedRow) => row.symbolId],
        ["distance", INTEGER, (row: ReachedRow) => row.distance],
        ["via", UBIGINT, (row: ReachedRow) => row.via ?? null],
        ["edge", VARCHAR, (row: ReachedRow) => row.edge],
    ] as const;
    const depthOf = (value: DuckDBValue | null): number | undefined =>
        value === null ? undefined : Number(value);
    const kindsOf = (kinds: DuckDBValue | null): string[] | undefined =>
        kinds === null
            ? undefined
            : String(kinds)
                  .split(",")
                  .map((one) => one.trim());
    register(connection, {
        name: "reach",
        takesSymbol: false,
        columns: [
            ["symbol_id", UBIGINT, (row: ReachRow) => row.symbolId],
            ["reached", INTEGER, (row: ReachRow) => row.reached],
            ["depth", INTEGER, (row: ReachRow) => row.depth],
        ],
        named: { kinds: VARCHAR },
        rows: (_, named) => answers.reach(kindsOf(named("kinds"))),
    });
    register(connection, {
        name: "impact",
        takesSymbol: true,
        columns: reached,
        named: { kinds: VARCHAR, depth: INTEGER },
        rows: (symbol, named) => {
            const list = kindsOf(named("kinds"));
            return answers.impact(symbol, list, depthOf(named("depth")));
        },
    });
    register(connection, {
        name: "callers",
        takesSymbol: true,
        columns: reached,
        named: { depth: INTEGER },
        rows: (symbol, named) =>
            answers
                .impact(symbol, ["call", "implements"], depthOf(named("depth")) ?? 1)
                .filter((row) => row.distance > 0),
    });
    register(connection, {
        name: "dominators",
        takesSymbol: true,
        columns: [
            ["symbol_id", UBIGINT, (row: DominatorRow) => row.symbolId],
            ["dominated", INTEGER, (row: DominatorRow) => row.dominated],
            ["depth", INTEGER, (row: DominatorRow) => row.depth],
        ],
        named: {},
        rows: (symbol) => answers.dominators(symbol),
    });
}

/** What a scan has handed out. */
interface Scan<R> {
    readonly rows: readonly R[];
    next: number;
}

function register<R>(connection: DuckDBConnection, shape: Shape<R>): void {
    const { name, takesSymbol, columns, named, rows } = shape;
    const made = DuckDBTableFunction.create({
        name,
        parameterTypes: takesSymbol ? [VARCHAR] : [],
        namedParameterTypes: named,
        bindFunction: (info) => {
            for (const [column, type] of columns) {
                info.addResultColumn(column, type);
            }
            try {
                const symbol = takesSymbol ? String(info.getParameter(0)) : "";
                const found = rows(symbol, (parameter) => info.getNamedParameter(parameter));
                info.setBindData({ rows: found });
            } catch (thrown) {
                info.setError(thrown instanceof Error ? thrown.message : String(thrown));
            }
        },
        initFunction: (info) => {
            const bound = info.getBindData() as { readonly rows: readonly R[] } | undefined;
            info.setMaxThreads(1);
            info.setInitData({ rows: bound?.rows ?? [], next: 0 } satisfies Scan<R>);
        },
        mainFunction: (info, chunk) => {
            fill(info.getInitData() as Scan<R>, chunk, columns);
        },
    });
    connection.registerTableFunction(made);
}

function fill<R>(scan: Scan<R>, chunk: DuckDBDataChunk, columns: Shape<R>["columns"]): void {
    const rows = scan.rows.slice(scan.next, scan.next + duckdb.vector_size());
    scan.next += rows.length;
    chunk.rowCount = rows.length;
    if (rows.length > 0) {
        columns.forEach(([, , valueOf], at) => {
            chunk.setColumnValues(at, rows.map(valueOf));
        });
    }
}
