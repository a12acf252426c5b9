// Edges as columns, with their history. Ends are slots of the node table. The index by triple is made
// at the first need: a replay that only adds edges does without.

import { WordColumn } from "./columns.ts";
import { EndList } from "./end-list.ts";
import { HashIndex } from "./hash-index.ts";
import { ALIVE } from "./node-table.ts";

/** An edge between slots. */
export interface EdgeFields {
    readonly source: number;
    readonly target: number;
    readonly kind: number;
}

/** The columns of an edge table, by name. */
export type EdgeColumns = Readonly<Record<(typeof EDGE_COLUMNS)[number], WordColumn>>;

/** Columns by row. */
export const EDGE_COLUMNS = ["source", "target", "kind", "born", "died"] as const;

/** All edges that a store has had since it was opened. */
export class EdgeTable {
    source: WordColumn;
    target: WordColumn;
    kind: WordColumn;
    born: WordColumn;
    died: WordColumn;
    liveCount = 0;
    /** Rows that ended. */
    ended: EndList;
    #index: HashIndex | undefined;

    constructor(capacity = 0) {
        this.source = new WordColumn(capacity);
        this.target = new WordColumn(capacity);
        this.kind = new WordColumn(capacity);
        this.born = new WordColumn(capacity);
        this.died = new WordColumn(capacity);
        this.ended = new EndList((row) => this.died.at(row));
    }

    /** A table over columns that were kept. */
    static of(
        columns: EdgeColumns,
        kept: { readonly ended: WordColumn; readonly liveCount: number },
    ): EdgeTable {
        const table = new EdgeTable();
        Object.assign(table, columns);
        table.ended = EndList.taken((row) => table.died.at(row), kept.ended);
        table.liveCount = kept.liveCount;
        return table;
    }

    /** Whether additions are checked against what is there. */
    get indexed(): boolean {
        return this.#index !== undefined;
    }

    /** Indexes the living edges; false when two of them are the same. */
    buildIndex(): boolean {
        if (this.#index !== undefined) {
            return true;
        }
        const index = new HashIndex((row) => this.#hashOf(row), this.liveCount);
        this.#index = index;
        for (let row = 0; row < this.source.length; row++) {
            if (this.died.data[row] === ALIVE) {
                if (this.find(this.fields(row)) !== undefined) {
                    return false;
                }
                index.add(row);
            }
        }
        return true;
    }

    /** The living row of a triple. */
    find(edge: EdgeFields): number | undefined {
        const index = this.#index;
        if (index === undefined) {
            this.buildIndex();
            return this.find(edge);
        }
        const { source, target, kind } = edge;
        const sources = this.source.data;
        const targets = this.target.data;
        const kinds = this.kind.data;
        return index.find(
            hashTriple(source, target, kind),
            (row) => sources[row] === source && targets[row] === target && kinds[row] === kind,
        );
    }

    add(edge: EdgeFields, k: number): void {
        const row = this.source.push(edge.source);
        this.target.push(edge.target);
        this.kind.push(edge.kind);
        this.born.push(k);
        this.died.push(ALIVE);
        this.liveCount += 1;
        this.#index?.add(row);
    }

    kill(row: number, k: number): void {
        this.#index?.remove(row);
        this.died.data[row] = k;
        this.ended.push(row);
        this.liveCount -= 1;
    }

    fields(row: number): EdgeFields {
        return {
            source: this.source.at(row),
            target: this.target.at(row),
            kind: this.kind.at(row),
        };
    }

    clone(): EdgeTable {
        const copy = new EdgeTable();
        copy.source = this.source.clone();
        copy.target = this.target.clone();
        copy.kind = this.kind.clone();
        copy.born = this.born.clone();
        copy.died = this.died.clone();
        copy.ended = this.ended.clone((row) => copy.died.at(row));
        copy.liveCount = this.liveCount;
        return copy;
    }

    /** Undoes all that happened after a delta number. */
    rollback(k: number): void {
        this.ended.rollback(k);
        let rows = this.born.length;
        while (rows > 0 && this.born.at(rows - 1) > k) {
            rows -= 1;
        }
        let live = 0;
        for (let row = 0; row < rows; row++) {
            if (this.died.at(row) > k) {
                this.died.data[row] = ALIVE;
                live += 1;
            }
        }
        for (const column of [this.source, this.target, this.kind, this.born, this.died]) {
            column.cut(rows);
        }
        this.liveCount = live;
        this.#index = undefined;
    }

    #hashOf(row: number): number {
        return hashTriple(this.source.at(row), this.target.at(row), this.kind.at(row));
    }
}

function hashTriple(source: number, target: number, kind: number): number {
    let hash = Math.imul(source ^ (kind << 27), 0x9e3779b1) ^ Math.imul(target + 1, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    return (hash ^ (hash >>> 13)) >>> 0;
}
