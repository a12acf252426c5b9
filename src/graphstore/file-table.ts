// File records, with their history: rows hold the record's encoded bytes, decoded when asked for.

import { hash } from "node:crypto";

import { required } from "../base/index.ts";
import { decodeFileRecord, type FileRecord } from "../graph/index.ts";
import type { ByteHeap, WordColumn } from "./columns.ts";
import { EndList } from "./end-list.ts";
import { ALIVE, NO_ROW } from "./node-table.ts";

/** A file record, and when it was in the graph. */
interface FileRow {
    readonly path: string;
    readonly start: number;
    readonly length: number;
    born: number;
    readonly previous: number;
    died: number;
    key: Buffer | undefined;
}

/** Columns by row. */
export type FileColumns = Readonly<Record<(typeof FILE_COLUMNS)[number], Uint32Array>>;

/** Names of a file table's columns. */
export const FILE_COLUMNS = ["start", "length", "born", "died", "previous"] as const;

/** All file records that a store has had since it was opened. */
export class FileTable {
    readonly heap: ByteHeap;
    liveCount = 0;
    /** Rows that ended. */
    ended = new EndList((row) => this.row(row).died);
    readonly #rows: FileRow[] = [];
    readonly #latestRows = new Map<string, number>();
    /** Rows that are kept and not read yet. */
    #stored: FileColumns | undefined;

    constructor(heap: ByteHeap) {
        this.heap = heap;
    }

    /** A table over rows that were kept: where each record lies, and when it was in the graph. */
    static of(heap: ByteHeap, columns: FileColumns, ended: WordColumn): FileTable {
        const table = new FileTable(heap);
        table.#stored = columns;
        table.liveCount = columns.died.reduce((sum, died) => sum + Number(died === ALIVE), 0);
        table.ended = EndList.taken((row) => table.row(row).died, ended);
        return table;
    }

    /** All rows as they were after delta k, as columns. */
    columnsAt(k: number): FileColumns {
        const rows = this.rows.filter(({ born }) => born <= k);
        const column = (value: (row: FileRow) => number): Uint32Array =>
            Uint32Array.from(rows, value);
        return {
            start: column(({ start }) => start),
            length: column(({ length }) => length),
            born: column(({ born }) => born),
            died: column(({ died }) => (died > k ? ALIVE : died)),
            previous: column(({ previous }) => previous),
        };
    }

    /** Makes all rows born at delta k. */
    rebase(k: number): void {
        for (const row of this.rows) {
            row.born = k;
        }
    }

    /** All rows. */
    get rows(): FileRow[] {
        this.#read();
        return this.#rows;
    }

    get #latest(): Map<string, number> {
        this.#read();
        return this.#latestRows;
    }

    /** The living row of a path. */
    liveRow(path: string): number | undefined {
        const row = this.#latest.get(path);
        return row !== undefined && this.row(row).died === ALIVE ? row : undefined;
    }

    /** The row of a path that is visible at a delta number; undefined when there is none. */
    rowAt(path: string, k: number): number | undefined {
        let row = this.#latest.get(path) ?? NO_ROW;
        while (row !== NO_ROW && this.row(row).born > k) {
            row = this.row(row).previous;
        }
        return row !== NO_ROW && this.row(row).died > k ? row : undefined;
    }

    put(path: string, start: number, length: number, k: number): void {
        const before = this.liveRow(path);
        if (before === undefined) {
            this.liveCount += 1;
        } else {
            this.row(before).died = k;
            this.ended.push(before);
        }
        const previous = this.#latest.get(path) ?? NO_ROW;
        this.#latest.set(path, this.rows.length);
        this.rows.push({ path, start, length, born: k, previous, died: ALIVE, key: undefined });
    }

    kill(row: number, k: number): void {
        this.row(row).died = k;
        this.ended.push(row);
        this.liveCount -= 1;
    }

    row(row: number): FileRow {
        return required(this.rows[row], "a file row is inside the table");
    }

    /** SHA-256 of the path: the record's key in the state root. */
    key(row: number): Buffer {
        const one = this.row(row);
        one.key ??= hash("sha256", one.path, "buffer");
        return one.key;
    }

    bytes(row: number): Uint8Array {
        const one = this.row(row);
        return this.heap.view(one.start, one.length);
    }

    record(row: number): FileRecord {
        return decodeFileRecord(this.bytes(row));
    }

    clone(heap: ByteHeap): FileTable {
        const copy = new FileTable(heap);
        for (const [number, row] of this.rows.entries()) {
            copy.#rows.push({ ...row });
            copy.#latestRows.set(row.path, number);
        }
        copy.ended = this.ended.clone((row) => copy.row(row).died);
        copy.liveCount = this.liveCount;
        return copy;
    }

    /** Undoes all that happened after a delta number. */
    rollback(k: number): void {
        this.ended.rollback(k);
        while ((this.rows.at(-1)?.born ?? 0) > k) {
            const row = required(this.rows.pop(), "there is a last row");
            if (row.previous === NO_ROW) {
                this.#latest.delete(row.path);
            } else {
                this.#latest.set(row.path, row.previous);
            }
        }
        this.liveCount = 0;
        for (const row of this.rows) {
            if (row.died > k) {
                row.died = ALIVE;
                this.liveCount += 1;
            }
        }
    }

    #read(): void {
        const stored = this.#stored;
        if (stored === undefined) {
            return;
        }
        this.#stored = undefined;
        const { start, length, born, died, previous } = stored;
        for (let row = 0; row < start.length; row++) {
            const [at, bytes] = [start[row] ?? 0, length[row] ?? 0];
            const path = pathOfFileRecord(this.heap.view(at, bytes));
            this.#rows.push({
                path,
                start: at,
                length: bytes,
                born: born[row] ?? 0,
                previous: previous[row] ?? NO_ROW,
                died: died[row] ?? ALIVE,
                key: undefined,
            });
            this.#latestRows.set(path, row);
        }
    }
}

/** The path that an encoded record begins with: a length u64, then the text. */
function pathOfFileRecord(bytes: Uint8Array): string {
    const record = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    return record.toString("utf8", 8, 8 + Number(record.readBigUInt64LE(0)));
}
