// File records, with their history: rows hold the record's encoded bytes, decoded when asked for.

import { hash } from "node:crypto";

import { required } from "../base/index.ts";
import { decodeFileRecord, type FileRecord } from "../graph/index.ts";
import { type ByteHeap } from "./columns.ts";
import { EndList } from "./end-list.ts";
import { ALIVE, NO_ROW } from "./node-table.ts";

interface FileRow {
    readonly path: string;
    readonly start: number;
    readonly length: number;
    readonly born: number;
    readonly previous: number;
    died: number;
    key: Buffer | undefined;
}

/** All file records that a store has had since it was opened. */
export class FileTable {
    readonly heap: ByteHeap;
    rows: FileRow[] = [];
    liveCount = 0;
    /** Rows that ended. */
    ended = new EndList((row) => this.row(row).died);
    #latest = new Map<string, number>();

    constructor(heap: ByteHeap) {
        this.heap = heap;
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
        copy.rows = this.rows.map((row) => ({ ...row }));
        copy.#latest = new Map(this.#latest);
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
}
