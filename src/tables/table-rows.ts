// Rows of one table on their way into the database, column by column, and their way into its vectors.

import duckdb from "@duckdb/node-bindings";
import {
    DuckDBDataChunk,
    listValue,
    structValue,
    DuckDBTimestampValue,
    DuckDBUUIDValue,
    type DuckDBAppender,
    type DuckDBListValue,
    type DuckDBStructValue,
    type DuckDBValue,
} from "@duckdb/node-api";

import { assert, required } from "../base/index.ts";
import { schemaOf, type ColumnType, type TableName } from "./table-schema.ts";

/** A value of a cell. UBIGINT is a bigint, TIMESTAMP milliseconds since 1970, lists and structs are theirs. */
export type Cell = DuckDBValue;

/** Rows that are appended to one table. */
export class TableRows {
    readonly table: TableName;
    readonly #columns: Cell[][];

    constructor(table: TableName) {
        this.table = table;
        this.#columns = schemaOf(table).columns.map(() => []);
    }

    /** Number of rows. */
    get length(): number {
        return this.#columns[0]?.length ?? 0;
    }

    /** Adds a row: one cell for each column, in the order of the schema. */
    push(...cells: readonly Cell[]): void {
        assert(cells.length === this.#columns.length, `a row of ${this.table} has all its cells`);
        for (let at = 0; at < cells.length; at++) {
            this.#columns[at]?.push(cells[at] ?? null);
        }
    }

    /** Cells of a column. */
    column(at: number): readonly Cell[] {
        return required(this.#columns[at], "a column of the table");
    }
}

/** Appends rows, as many at a time as a vector holds. */
export function appendRows(appender: DuckDBAppender, rows: TableRows): void {
    const { columns } = schemaOf(rows.table);
    const types = columns.map((_, at) => appender.columnType(at));
    const batch = duckdb.vector_size();
    for (let from = 0; from < rows.length; from += batch) {
        const count = Math.min(batch, rows.length - from);
        const chunk = DuckDBDataChunk.create(types, count);
        columns.forEach(({ type }, at) => {
            const cells = rows.column(at).slice(from, from + count);
            if (!fillPlain(chunk, at, type, cells)) {
                chunk.setColumnValues(at, cells);
            }
        });
        appender.appendDataChunk(chunk);
    }
}

/** Copies the cells of a column in one piece; false for a type that needs the slower way. */
function fillPlain(
    chunk: DuckDBDataChunk,
    at: number,
    type: ColumnType,
    cells: readonly Cell[],
): boolean {
    if (type !== "UBIGINT" && type !== "UINTEGER" && type !== "VARCHAR") {
        return false;
    }
    const vector = duckdb.data_chunk_get_vector(rawChunkOf(chunk), at);
    if (type === "VARCHAR") {
        cells.forEach((cell, row) => {
            if (cell !== null) {
                duckdb.vector_assign_string_element(vector, row, String(cell));
            }
        });
    } else {
        const data =
            type === "UBIGINT"
                ? BigUint64Array.from(cells, (cell) => (cell ?? 0n) as bigint)
                : Uint32Array.from(cells, (cell) => (cell ?? 0) as number);
        duckdb.copy_data_to_vector(vector, 0, data.buffer, 0, data.byteLength);
    }
    if (cells.includes(null)) {
        const valid = new BigUint64Array(Math.ceil(cells.length / 64));
        cells.forEach((cell, row) => {
            const word = row >> 6;
            valid[word] = (valid[word] ?? 0n) | (cell === null ? 0n : 1n << BigInt(row & 63));
        });
        duckdb.vector_ensure_validity_writable(vector);
        duckdb.copy_data_to_vector_validity(vector, 0, valid.buffer, 0, valid.byteLength);
    }
    return true;
}

/** The chunk that a chunk wraps: its own setters check and convert cell by cell, which took half of a fill. */
function rawChunkOf(chunk: DuckDBDataChunk): duckdb.DataChunk {
    return (chunk as unknown as { readonly chunk: duckdb.DataChunk }).chunk;
}

/** A cell with a list. */
export function listOf(items: readonly Cell[]): DuckDBListValue {
    return listValue(items);
}

/** A cell with named parts. */
export function structOf(entries: Readonly<Record<string, Cell>>): DuckDBStructValue {
    return structValue(entries);
}

/** A cell with a point in time, from milliseconds since 1970. */
export function timestampOf(milliseconds: number): DuckDBTimestampValue {
    return new DuckDBTimestampValue(BigInt(milliseconds) * 1000n);
}

/** A cell with a UUID, from its text. */
export function uuidOf(text: string): DuckDBUUIDValue {
    return DuckDBUUIDValue.fromUint128(BigInt(`0x${text.replaceAll("-", "")}`));
}
