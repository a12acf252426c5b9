// Nodes as columns, with their history: an id has one slot for good, and a version for every record
// that it had. A version is visible at delta number k when born <= k < died.

/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over columns of one length */

import { SYMBOL_KINDS, joinWords, type GraphNode, type NodeId } from "../graph/index.ts";
import { assert, required } from "../base/index.ts";
import { WordColumn, type ByteHeap } from "./columns.ts";
import { EndList } from "./end-list.ts";
import { HashIndex } from "./hash-index.ts";

/** Says of a row that it has not died. */
export const ALIVE = 0xffff_ffff;

/** Says that there is no row. */
export const NO_ROW = 0xffff_ffff;

/** A node's record, its texts as ranges of the heap. */
export interface VersionFields {
    readonly kind: number;
    readonly flags: number;
    readonly textStart: number;
    readonly nameLength: number;
    readonly pathLength: number;
}

/** The columns of a node table, by name. */
export type NodeColumns = Readonly<Record<(typeof NODE_COLUMNS)[number], WordColumn>>;

/** Columns by slot, then by version. */
export const NODE_COLUMNS = [
    "idHigh",
    "idLow",
    "latest",
    "slot",
    "kind",
    "flags",
    "textStart",
    "nameLength",
    "pathLength",
    "born",
    "died",
    "previous",
] as const;

/** All nodes that a store has had since it was opened. */
export class NodeTable {
    readonly heap: ByteHeap;
    readonly idHigh: WordColumn;
    readonly idLow: WordColumn;
    readonly latest: WordColumn;
    readonly slot: WordColumn;
    readonly kind: WordColumn;
    readonly flags: WordColumn;
    readonly textStart: WordColumn;
    readonly nameLength: WordColumn;
    readonly pathLength: WordColumn;
    readonly born: WordColumn;
    readonly died: WordColumn;
    readonly previous: WordColumn;
    liveCount = 0;
    /** Versions that ended. */
    ended: EndList;
    #index: HashIndex;

    constructor(heap: ByteHeap, capacity = 0) {
        const column = (): WordColumn => new WordColumn(capacity);
        this.heap = heap;
        this.idHigh = column();
        this.idLow = column();
        this.latest = column();
        this.slot = column();
        this.kind = column();
        this.flags = column();
        this.textStart = column();
        this.nameLength = column();
        this.pathLength = column();
        this.born = column();
        this.died = column();
        this.previous = column();
        this.ended = new EndList((version) => this.died.at(version));
        this.#index = this.#newIndex(capacity);
    }

    /** A table over columns and an index that were kept. */
    static of(
        heap: ByteHeap,
        columns: NodeColumns,
        kept: {
            readonly ended: WordColumn;
            readonly liveCount: number;
            readonly index: { readonly used: number; readonly fetch: () => Uint32Array };
        },
    ): NodeTable {
        const table = new NodeTable(heap);
        Object.assign(table, columns);
        table.ended = EndList.taken((version) => table.died.at(version), kept.ended);
        table.liveCount = kept.liveCount;
        const hashOf = (slot: number): number => table.idLow.data[slot] ?? 0;
        table.#index = HashIndex.stored(hashOf, kept.index.used, kept.index.fetch);
        return table;
    }

    /** A copy of the index by id. */
    copyIndex(): { readonly slots: Uint32Array; readonly used: number } {
        return this.#index.copySlots();
    }

    /** The slot of an id, living or not; undefined when the store never had it. */
    findSlot(high: number, low: number): number | undefined {
        const highs = this.idHigh.data;
        const lows = this.idLow.data;
        return this.#index.find(low, (slot) => lows[slot] === low && highs[slot] === high);
    }

    /** The living version of a slot, as of now; undefined when it has none. */
    liveVersion(slot: number): number | undefined {
        const version = this.latest.at(slot);
        return version !== NO_ROW && this.died.at(version) === ALIVE ? version : undefined;
    }

    /** The version of a slot that is visible at a delta number; NO_ROW when there is none. */
    versionAt(slot: number, k: number): number {
        let version = this.latest.at(slot);
        while (version !== NO_ROW && this.born.at(version) > k) {
            version = this.previous.at(version);
        }
        return version !== NO_ROW && this.died.at(version) > k ? version : NO_ROW;
    }

    /** The same for all slots at once: versions that are visible, and the number of each slot's among them. */
    visibleAt(k: number, count: number): { versions: Uint32Array; denseOf: Uint32Array } {
        const latest = this.latest.data;
        const born = this.born.data;
        const died = this.died.data;
        const slots = this.latest.length;
        const versions = new Uint32Array(count);
        const denseOf = new Uint32Array(slots);
        let found = 0;
        for (let slot = 0; slot < slots; slot++) {
            let version = latest[slot]!;
            while (version !== NO_ROW && born[version]! > k) {
                version = this.previous.data[version]!;
            }
            const isVisible = version !== NO_ROW && died[version]! > k;
            denseOf[slot] = isVisible ? found : NO_ROW;
            if (isVisible) {
                versions[found] = version;
                found += 1;
            }
        }
        assert(found === count, "as many nodes are visible as were counted");
        return { versions, denseOf };
    }

    /** The slot of an id, made when there is none. */
    slotFor(high: number, low: number): number {
        const found = this.findSlot(high, low);
        if (found !== undefined) {
            return found;
        }
        const slot = this.idHigh.push(high);
        this.idLow.push(low);
        this.latest.push(NO_ROW);
        this.#index.add(slot);
        return slot;
    }

    /** Gives a slot a record, in place of the one that it may have. */
    put(slot: number, fields: VersionFields, k: number): void {
        const before = this.liveVersion(slot);
        if (before === undefined) {
            this.liveCount += 1;
        } else {
            this.died.data[before] = k;
            this.ended.push(before);
        }
        const version = this.slot.push(slot);
        this.kind.push(fields.kind);
        this.flags.push(fields.flags);
        this.textStart.push(fields.textStart);
        this.nameLength.push(fields.nameLength);
        this.pathLength.push(fields.pathLength);
        this.born.push(k);
        this.died.push(ALIVE);
        this.previous.push(this.latest.at(slot));
        this.latest.data[slot] = version;
    }

    /** Ends a living version. */
    kill(version: number, k: number): void {
        this.died.data[version] = k;
        this.ended.push(version);
        this.liveCount -= 1;
    }

    idOf(slot: number): NodeId {
        return joinWords(this.idHigh.at(slot), this.idLow.at(slot));
    }

    name(version: number): string {
        return this.heap.text(this.textStart.at(version), this.nameLength.at(version));
    }

    path(version: number): string {
        const start = this.textStart.at(version) + this.nameLength.at(version);
        return this.heap.text(start, this.pathLength.at(version));
    }

    record(version: number): GraphNode {
        return {
            id: this.idOf(this.slot.at(version)),
            kind: required(SYMBOL_KINDS[this.kind.at(version)], "a stored kind is known"),
            name: this.name(version),
            path: this.path(version),
            flags: this.flags.at(version),
        };
    }

    clone(heap: ByteHeap): NodeTable {
        const copy = new NodeTable(heap);
        Object.assign(
            copy,
            this.#columns((column) => column.clone()),
        );
        copy.ended = this.ended.clone((version) => copy.died.at(version));
        copy.liveCount = this.liveCount;
        copy.#reindex();
        return copy;
    }

    /** Undoes all that happened after a delta number. */
    rollback(k: number): void {
        this.ended.rollback(k);
        let versions = this.born.length;
        while (versions > 0 && this.born.at(versions - 1) > k) {
            versions -= 1;
            this.latest.data[this.slot.at(versions)] = this.previous.at(versions);
        }
        for (const column of this.#versionColumns()) {
            column.cut(versions);
        }
        let live = 0;
        for (let version = 0; version < versions; version++) {
            if (this.died.at(version) > k) {
                this.died.data[version] = ALIVE;
                live += 1;
            }
        }
        this.liveCount = live;
    }

    #reindex(): void {
        this.#index = this.#newIndex(this.idHigh.length);
        for (let slot = 0; slot < this.idHigh.length; slot++) {
            this.#index.add(slot);
        }
    }

    #newIndex(capacity: number): HashIndex {
        // Ids are hashes already.
        return new HashIndex((slot) => this.idLow.data[slot] ?? 0, capacity);
    }

    #versionColumns(): WordColumn[] {
        return [
            this.slot,
            this.kind,
            this.flags,
            this.textStart,
            this.nameLength,
            this.pathLength,
            this.born,
            this.died,
            this.previous,
        ];
    }

    #columns(copy: (column: WordColumn) => WordColumn): NodeColumns {
        return Object.fromEntries(
            NODE_COLUMNS.map((name) => [name, copy(this[name])]),
        ) as unknown as NodeColumns;
    }
}
