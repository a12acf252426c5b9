// Finished rows of the tree before an edit, for the nodes that the edit did not touch.

import type { RowSource } from "./flatten.ts";
import { FLAG } from "./kinds.ts";
import type { RowBuffer } from "./row-buffer.ts";
import type { SyntaxColumns } from "./tree.ts";

/** What an edit replaced: offsets before and after. */
export interface ChangedRange {
    readonly start: number;
    readonly oldEnd: number;
    readonly newEnd: number;
}

/** Rows of an older tree of the same file, by place. */
export class RowReuse implements RowSource {
    readonly #columns: SyntaxColumns;
    readonly #changed: ChangedRange;
    readonly #depth: Uint32Array;

    constructor(columns: SyntaxColumns, changed: ChangedRange) {
        this.#columns = columns;
        this.#changed = changed;
        const { parent } = columns;
        this.#depth = new Uint32Array(parent.length);
        for (let row = 1; row < parent.length; row++) {
            this.#depth[row] = (this.#depth[parent[row] ?? 0] ?? 0) + 1;
        }
    }

    copy(rows: RowBuffer, row: number): boolean {
        const { start: changedStart, oldEnd, newEnd } = this.#changed;
        const start = rows.start[row] ?? 0;
        const end = rows.end[row] ?? 0;
        // A node that touches the edit may end elsewhere now: only strictly separate ones are taken.
        if (end >= changedStart && start <= newEnd) {
            return false;
        }
        const shift = end < changedStart ? 0 : newEnd - oldEnd;
        const old = this.#find(start - shift, end - shift, rows.kind[row] ?? 0);
        if (old < 0) {
            return false;
        }
        this.#append(rows, row, old, shift);
        return true;
    }

    #find(start: number, end: number, kind: number): number {
        const columns = this.#columns;
        let low = 0;
        let high = columns.start.length;
        while (low < high) {
            const middle = (low + high) >> 1;
            if ((columns.start[middle] ?? 0) < start) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let found = -1;
        for (let row = low; columns.start[row] === start; row++) {
            // What was bridged hangs on text before the row, which may have changed.
            if (((columns.flags[row] ?? 0) & (FLAG.bridged | FLAG.error)) !== 0) {
                return -1;
            }
            if (found < 0 && columns.kind[row] === kind && columns.end[row] === end) {
                found = row;
            }
        }
        return found;
    }

    /** Appends the rows below `old` under `row`, which is the buffer's last. */
    #append(rows: RowBuffer, row: number, old: number, shift: number): void {
        const { kind, role, flags, start, end, next, name } = this.#columns;
        const last = next[old] ?? old + 1;
        const first = old + 1;
        const count = last - first;
        rows.flags[row] = flags[old] ?? 0;
        rows.name[row] = name[old] ?? 0;
        rows.reserve(count);
        const at = rows.count;
        rows.kind.set(kind.subarray(first, last), at);
        rows.role.set(role.subarray(first, last), at);
        rows.flags.set(flags.subarray(first, last), at);
        rows.name.set(name.subarray(first, last), at);
        const deeper = (rows.depth[row] ?? 0) - (this.#depth[old] ?? 0);
        for (let i = 0; i < count; i++) {
            rows.start[at + i] = (start[first + i] ?? 0) + shift;
            rows.end[at + i] = (end[first + i] ?? 0) + shift;
            rows.depth[at + i] = (this.#depth[first + i] ?? 0) + deeper;
        }
        rows.count = at + count;
    }
}
