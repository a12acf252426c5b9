// An answer as an Arrow IPC stream, made chunk by chunk.

import {
    Bool,
    DateDay,
    Decimal,
    Field,
    Float32,
    Float64,
    Int16,
    Int32,
    Int64,
    Int8,
    List,
    RecordBatchStreamWriter,
    Schema,
    Struct,
    TimestampMicrosecond,
    Uint16,
    Uint32,
    Uint64,
    Uint8,
    Utf8,
    makeData,
    RecordBatch,
    vectorFromArray,
    type DataType,
} from "apache-arrow";
import {
    DuckDBDateValue,
    DuckDBListType,
    DuckDBListValue,
    DuckDBStructType,
    DuckDBStructValue,
    DuckDBTimestampValue,
    DuckDBTypeId,
    type DuckDBDataChunk,
    type DuckDBType,
    type DuckDBValue,
} from "@duckdb/node-api";

/** One column of an answer. */
export interface AnswerColumn {
    readonly name: string;
    /** Type as DuckDB writes it. */
    readonly type: string;
}

/** Types of numbers and texts that both sides have. Wider whole numbers become decimals. */
const PLAIN: Readonly<Partial<Record<DuckDBTypeId, () => DataType>>> = {
    [DuckDBTypeId.BOOLEAN]: () => new Bool(),
    [DuckDBTypeId.TINYINT]: () => new Int8(),
    [DuckDBTypeId.SMALLINT]: () => new Int16(),
    [DuckDBTypeId.INTEGER]: () => new Int32(),
    [DuckDBTypeId.BIGINT]: () => new Int64(),
    [DuckDBTypeId.UTINYINT]: () => new Uint8(),
    [DuckDBTypeId.USMALLINT]: () => new Uint16(),
    [DuckDBTypeId.UINTEGER]: () => new Uint32(),
    [DuckDBTypeId.UBIGINT]: () => new Uint64(),
    [DuckDBTypeId.FLOAT]: () => new Float32(),
    [DuckDBTypeId.DOUBLE]: () => new Float64(),
    [DuckDBTypeId.HUGEINT]: () => new Decimal(0, 38, 128),
    [DuckDBTypeId.TIMESTAMP]: () => new TimestampMicrosecond(),
    [DuckDBTypeId.DATE]: () => new DateDay(),
};

/** The Arrow type of a column; what Arrow has no like for is text. */
export function arrowTypeOf(type: DuckDBType): DataType {
    if (type instanceof DuckDBListType) {
        return new List(new Field("item", arrowTypeOf(type.valueType), true));
    }
    if (type instanceof DuckDBStructType) {
        return new Struct(
            type.entryNames.map(
                (name, at) => new Field(name, arrowTypeOf(type.entryTypes[at] ?? type), true),
            ),
        );
    }
    return PLAIN[type.typeId]?.() ?? new Utf8();
}

/** One stream: a schema, then batches. */
export class ArrowStream {
    readonly #types: readonly DataType[];
    readonly #schema: Schema;
    #batches: RecordBatch[] = [];
    #hasBegun = false;

    constructor(columns: readonly AnswerColumn[], types: readonly DuckDBType[]) {
        this.#types = types.map(arrowTypeOf);
        this.#schema = new Schema(
            columns.map(({ name }, at) => new Field(name, this.#types[at] ?? new Utf8(), true)),
        );
    }

    /** Adds the rows of a chunk. */
    write(chunk: DuckDBDataChunk): void {
        const children = this.#types.map((type, at) => {
            const values = chunk.getColumnValues(at).map((value) => arrowValueOf(value, type));
            const [data] = vectorFromArray(values, type).data;
            return data ?? makeData({ type });
        });
        const length = chunk.rowCount;
        const data = makeData({ type: new Struct(this.#schema.fields), length, children });
        this.#batches.push(new RecordBatch(this.#schema, data));
    }

    /** Bytes of what was added since bytes were last taken. */
    take(): Uint8Array {
        const bytes = this.#encode();
        return bytes.subarray(0, bytes.length - END_BYTES);
    }

    /** The last bytes of the stream. */
    end(): Uint8Array {
        return this.#encode();
    }

    /** A writer keeps all that it ever wrote, so each piece has its own; the schema stands before the first alone. */
    #encode(): Uint8Array {
        const writer = new RecordBatchStreamWriter();
        writer.reset(undefined, this.#schema);
        this.#batches.forEach((batch) => {
            writer.write(batch);
        });
        writer.finish();
        const bytes = writer.toUint8Array(true);
        this.#batches = [];
        const from = this.#hasBegun ? messageBytes(bytes) : 0;
        this.#hasBegun = true;
        return bytes.subarray(from);
    }
}

/** Length of the mark that ends a stream. */
const END_BYTES = 8;

/** Length of the message that bytes begin with, one without a body: a mark, a length, metadata. */
function messageBytes(bytes: Uint8Array): number {
    return 8 + new DataView(bytes.buffer, bytes.byteOffset).getInt32(4, true);
}

/** A value as a builder of its type takes it. */
function arrowValueOf(value: DuckDBValue, type: DataType): unknown {
    if (value === null) {
        return null;
    }
    if (type instanceof List && value instanceof DuckDBListValue) {
        const item = type.valueType as DataType;
        return value.items.map((each) => arrowValueOf(each, item));
    }
    if (type instanceof Struct && value instanceof DuckDBStructValue) {
        return Object.fromEntries(
            type.children.map((field: Field) => [
                field.name,
                arrowValueOf(value.entries[field.name] ?? null, field.type as DataType),
            ]),
        );
    }
    if (value instanceof DuckDBTimestampValue) {
        return Number(value.micros) / 1000;
    }
    if (value instanceof DuckDBDateValue) {
        return value.days * 86_400_000;
    }
    if (type instanceof Decimal) {
        return decimalWords(value as bigint);
    }
    return type instanceof Utf8 ? String(value) : value;
}

function decimalWords(value: bigint): Uint32Array {
    const bits = BigInt.asUintN(128, value);
    return Uint32Array.from({ length: 4 }, (_, at) =>
        Number((bits >> BigInt(32 * at)) & 0xffff_ffffn),
    );
}
