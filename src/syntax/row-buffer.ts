// Rows of a tree while it is built: preorder with depths, from which `next` and `parent` follow.
// Parts of several walks are spliced by copying rows with another depth.

import { InvariantError } from "../base/index.ts";
import type { SyntaxColumns } from "./tree.ts";

const ROWS_FIRST = 1 << 12;
/** More nodes than any file can have: the grammar's offsets are 32 bits. */
const ROWS_MAX = 1 << 30;

/** Growable columns of rows. */
export class RowBuffer {
    count = 0;
    kind = new Uint8Array(ROWS_FIRST);
    role = new Uint8Array(ROWS_FIRST);
    flags = new Uint32Array(ROWS_FIRST);
    start = new Uint32Array(ROWS_FIRST);
    end = new Uint32Array(ROWS_FIRST);
    name = new Uint32Array(ROWS_FIRST);
    depth = new Uint32Array(ROWS_FIRST);

    /** Appends a row without flags or name; returns its index. */
    add(kind: number, role: number, depth: number): number {
        const row = this.count;
        this.reserve(1);
        this.kind[row] = kind;
        this.role[row] = role;
        this.flags[row] = 0;
        this.name[row] = 0;
        this.depth[row] = depth;
        this.count = row + 1;
        return row;
    }

    /** Makes room for more rows. */
    reserve(more: number): void {
        const needed = this.count + more;
        const have = this.kind.length;
        if (needed <= have) {
            return;
        }
        if (needed > ROWS_MAX) {
            throw new InvariantError(`tree of ${needed} nodes`);
        }
        const size = Math.max(needed, have * 2);
        this.kind = grow(this.kind, new Uint8Array(size));
        this.role = grow(this.role, new Uint8Array(size));
        this.flags = grow(this.flags, new Uint32Array(size));
        this.start = grow(this.start, new Uint32Array(size));
        this.end = grow(this.end, new Uint32Array(size));
        this.name = grow(this.name, new Uint32Array(size));
        this.depth = grow(this.depth, new Uint32Array(size));
    }

    /** Appends rows from another buffer. */
    appendRows(from: RowBuffer, first: number, last: number): void {
        const count = last - first;
        this.reserve(count);
        const at = this.count;
        this.kind.set(from.kind.subarray(first, last), at);
        this.role.set(from.role.subarray(first, last), at);
        this.flags.set(from.flags.subarray(first, last), at);
        this.start.set(from.start.subarray(first, last), at);
        this.end.set(from.end.subarray(first, last), at);
        this.name.set(from.name.subarray(first, last), at);
        this.depth.set(from.depth.subarray(first, last), at);
        this.count = at + count;
    }

    /** Index after the subtree of a row. */
    afterSubtree(row: number): number {
        const depth = this.depth[row] ?? 0;
        let next = row + 1;
        while (next < this.count && (this.depth[next] ?? 0) > depth) {
            next += 1;
        }
        return next;
    }

    clear(): void {
        this.count = 0;
    }

    /** Copies the rows out as the columns of a tree. */
    toColumns(names: readonly string[]): SyntaxColumns {
        const { count, depth } = this;
        const next = new Uint32Array(count);
        const parent = new Uint32Array(count);
        const open: number[] = [];
        for (let row = 0; row < count; row++) {
            const level = depth[row] ?? 0;
            while (open.length > level) {
                next[open.pop() ?? 0] = row;
            }
            parent[row] = open[level - 1] ?? 0;
            open.push(row);
        }
        for (const row of open) {
            next[row] = count;
        }
        return {
            kind: this.kind.slice(0, count),
            role: this.role.slice(0, count),
            flags: this.flags.slice(0, count),
            start: this.start.slice(0, count),
            end: this.end.slice(0, count),
            next,
            parent,
            name: this.name.slice(0, count),
            names,
        };
    }
}

function grow<T extends Uint8Array | Uint32Array>(from: T, to: T): T {
    to.set(from);
    return to;
}
