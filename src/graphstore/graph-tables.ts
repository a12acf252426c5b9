// The whole graph as columns with history, and the one way in which deltas change it: replay and
// commit both apply encoded deltas here.
// Invariants: an edge's ends are alive; a snapshot at k reads nothing that a delta after k changes.

import { assert, OperatingError } from "../base/index.ts";
import {
    DELTA_TAG,
    formatNodeId,
    joinWords,
    nodeIdOf,
    SEGMENT_SEPARATOR,
    type DeltaCursor,
} from "../graph/index.ts";
import { ByteHeap } from "./columns.ts";
import { EdgeTable } from "./edge-table.ts";
import { FileTable } from "./file-table.ts";
import { MoveList } from "./move-list.ts";
import { ALIVE, NodeTable } from "./node-table.ts";

/** Delta numbers are words in the columns. */
const DELTA_COUNT_MAX = 0xffff_fff0;

/** What tables are made of. */
export interface TablesParts {
    readonly heap: ByteHeap;
    readonly nodes: NodeTable;
    readonly edges: EdgeTable;
    readonly files: FileTable;
    readonly moves: MoveList;
    readonly deltaCount: number;
}

/** Nodes, edges and files of a store, changed by deltas. */
export class GraphTables {
    heap: ByteHeap;
    nodes: NodeTable;
    edges: EdgeTable;
    files: FileTable;
    /** What recorded renames moved. */
    moves = new MoveList();
    /** Number of deltas applied. */
    deltaCount = 0;
    /** By slot; made when a node is first removed. */
    #degrees: Uint32Array | undefined;

    /** Reserves room for the content of a log of some size. */
    constructor(logBytes = 0) {
        this.heap = new ByteHeap(logBytes);
        this.nodes = new NodeTable(this.heap, Math.floor(logBytes / 400));
        this.edges = new EdgeTable(Math.floor(logBytes / 60));
        this.files = new FileTable(this.heap);
    }

    /** Applies the delta at a cursor; throws GRAPH_BAD_DELTA, the tables then need a rollback. */
    apply(delta: DeltaCursor): void {
        this.deltaCount += 1;
        assert(this.deltaCount < DELTA_COUNT_MAX, "delta numbers fit a word");
        switch (delta.tag) {
            case DELTA_TAG.addNode:
                this.#putNode(delta);
                break;
            case DELTA_TAG.removeNode:
                this.#removeNode(delta);
                break;
            case DELTA_TAG.addEdge:
                this.#addEdge(delta);
                break;
            case DELTA_TAG.removeEdge:
                this.#removeEdge(delta);
                break;
            case DELTA_TAG.putFile:
                this.#putFile(delta);
                break;
            case DELTA_TAG.removeFile:
                this.#removeFile(delta);
                break;
            default:
                this.#rename(delta);
        }
    }

    /** Tables over parts that are there already. */
    static of(parts: TablesParts): GraphTables {
        const tables = new GraphTables();
        const { heap, nodes, edges, files, moves, deltaCount } = parts;
        Object.assign(tables, { heap, nodes, edges, files, moves, deltaCount });
        return tables;
    }

    /** Makes what the tables hold the state after delta k, all of it born then: it has no past. */
    rebase(k: number): void {
        this.nodes.born.data.fill(k, 0, this.nodes.born.length);
        this.edges.born.data.fill(k, 0, this.edges.born.length);
        this.files.rebase(k);
        this.deltaCount = k;
    }

    /** The rows that ended since this was last asked for. */
    takeEnded(): { versions: Uint32Array; edges: Uint32Array; files: Uint32Array } {
        const { nodes, edges, files } = this;
        return {
            versions: nodes.ended.take(),
            edges: edges.ended.take(),
            files: files.ended.take(),
        };
    }

    /** A copy that can go its own way; history is kept. */
    clone(): GraphTables {
        const copy = new GraphTables();
        copy.heap = this.heap.clone();
        copy.nodes = this.nodes.clone(copy.heap);
        copy.edges = this.edges.clone();
        copy.files = this.files.clone(copy.heap);
        copy.moves = this.moves.clone();
        copy.deltaCount = this.deltaCount;
        return copy;
    }

    /** Undoes all deltas after a number. */
    rollback(k: number): void {
        this.nodes.rollback(k);
        this.edges.rollback(k);
        this.files.rollback(k);
        this.moves.rollback(k);
        this.#degrees = undefined;
        this.takeEnded();
        this.deltaCount = k;
    }

    #putNode(delta: DeltaCursor): void {
        const slot = this.nodes.slotFor(delta.idHigh, delta.idLow);
        this.#putVersion(slot, delta);
    }

    #putVersion(slot: number, delta: DeltaCursor): void {
        const { nameStart, nameEnd, pathStart, pathEnd } = delta;
        const textStart = this.heap.put(delta.bytes, nameStart, nameEnd);
        this.heap.put(delta.bytes, pathStart, pathEnd);
        const fields = {
            kind: delta.kind,
            flags: delta.flags,
            textStart,
            nameLength: nameEnd - nameStart,
            pathLength: pathEnd - pathStart,
        };
        this.nodes.put(slot, fields, this.deltaCount);
    }

    #removeNode(delta: DeltaCursor): void {
        const slot = this.#liveSlot(delta.idHigh, delta.idLow);
        if (this.#degreeOf(slot) > 0) {
            this.#bad(`node ${formatNodeId(delta.id())} is removed while it has edges`);
        }
        this.nodes.kill(this.#liveVersion(slot), this.deltaCount);
    }

    #addEdge(delta: DeltaCursor): void {
        const edge = this.#edgeOf(delta);
        if (this.edges.indexed && this.edges.find(edge) !== undefined) {
            this.#bad(`an edge from ${formatNodeId(delta.id())} is added twice`);
        }
        this.edges.add(edge, this.deltaCount);
        this.#countDegree(this.edges.source.length - 1, 1);
    }

    #removeEdge(delta: DeltaCursor): void {
        const row = this.edges.find(this.#edgeOf(delta));
        if (row === undefined) {
            return this.#bad(`an edge from ${formatNodeId(delta.id())} is removed and not there`);
        }
        this.edges.kill(row, this.deltaCount);
        this.#countDegree(row, -1);
    }

    #edgeOf(delta: DeltaCursor): { source: number; target: number; kind: number } {
        return {
            source: this.#liveSlot(delta.idHigh, delta.idLow),
            target: this.#liveSlot(delta.targetHigh, delta.targetLow),
            kind: delta.kind,
        };
    }

    #putFile(delta: DeltaCursor): void {
        const path = delta.text(delta.pathStart, delta.pathEnd);
        const start = this.heap.put(delta.bytes, delta.recordStart, delta.recordEnd);
        this.files.put(path, start, delta.recordEnd - delta.recordStart, this.deltaCount);
    }

    #removeFile(delta: DeltaCursor): void {
        const path = delta.text(delta.pathStart, delta.pathEnd);
        const row = this.files.liveRow(path);
        if (row === undefined) {
            return this.#bad(`file ${path} is removed and not there`);
        }
        this.files.kill(row, this.deltaCount);
    }

    // A rename moves the node, all whose paths begin with its own, and all their edges.
    #rename(delta: DeltaCursor): void {
        const nodes = this.nodes;
        const from = this.#liveSlot(delta.idHigh, delta.idLow);
        const fromVersion = this.#liveVersion(from);
        const oldPrefix = nodes.path(fromVersion) + SEGMENT_SEPARATOR;
        const newPrefix = delta.text(delta.pathStart, delta.pathEnd) + SEGMENT_SEPARATOR;
        const below: { slot: number; version: number; path: string }[] = [];
        for (let slot = 0; slot < nodes.latest.length; slot++) {
            const version = nodes.liveVersion(slot);
            if (version !== undefined && nodes.path(version).startsWith(oldPrefix)) {
                const path = newPrefix + nodes.path(version).slice(oldPrefix.length);
                below.push({ slot, version, path });
            }
        }
        nodes.kill(fromVersion, this.deltaCount);
        for (const { version } of below) {
            nodes.kill(version, this.deltaCount);
        }
        const moved = new Map([[from, this.#freeSlot(delta.targetHigh, delta.targetLow)]]);
        this.#putVersion(this.#freeSlot(delta.targetHigh, delta.targetLow), delta);
        for (const { slot, version, path } of below) {
            moved.set(slot, this.#moveNode(version, path));
        }
        for (const [oldSlot, newSlot] of moved) {
            this.moves.push(oldSlot, newSlot, this.deltaCount);
        }
        this.#moveEdges(moved);
    }

    #moveNode(version: number, path: string): number {
        const nodes = this.nodes;
        const id = nodeIdOf(path);
        const slot = this.#freeSlot(Number(id >> 32n), Number(id & 0xffff_ffffn));
        const name = Buffer.from(nodes.name(version));
        const bytes = Buffer.from(path);
        const textStart = this.heap.put(name, 0, name.length);
        this.heap.put(bytes, 0, bytes.length);
        const fields = {
            kind: nodes.kind.at(version),
            flags: nodes.flags.at(version),
            textStart,
            nameLength: name.length,
            pathLength: bytes.length,
        };
        nodes.put(slot, fields, this.deltaCount);
        return slot;
    }

    #moveEdges(moved: ReadonlyMap<number, number>): void {
        const edges = this.edges;
        edges.buildIndex();
        const rows = edges.source.length;
        for (let row = 0; row < rows; row++) {
            const { source, target, kind } = edges.fields(row);
            const newSource = moved.get(source);
            const newTarget = moved.get(target);
            if (edges.died.at(row) !== ALIVE || (newSource ?? newTarget) === undefined) {
                continue;
            }
            edges.kill(row, this.deltaCount);
            this.#countDegree(row, -1);
            edges.add(
                { source: newSource ?? source, target: newTarget ?? target, kind },
                this.deltaCount,
            );
            this.#countDegree(edges.source.length - 1, 1);
        }
    }

    /** Living edges at a slot, both directions. */
    #degreeOf(slot: number): number {
        if (this.#degrees === undefined) {
            this.#degrees = new Uint32Array(this.nodes.latest.length);
            const died = this.edges.died.data;
            for (let row = 0; row < this.edges.source.length; row++) {
                if (died[row] === ALIVE) {
                    this.#countDegree(row, 1);
                }
            }
        }
        return this.#degrees[slot] ?? 0;
    }

    #countDegree(row: number, by: 1 | -1): void {
        if (this.#degrees === undefined) {
            return;
        }
        const [source, target] = [this.edges.source.at(row), this.edges.target.at(row)];
        const most = Math.max(source, target);
        if (most >= this.#degrees.length) {
            const grown = new Uint32Array(Math.max(most + 1, this.#degrees.length * 2));
            grown.set(this.#degrees);
            this.#degrees = grown;
        }
        const degrees = this.#degrees;
        degrees[source] = (degrees[source] ?? 0) + by;
        degrees[target] = (degrees[target] ?? 0) + by;
    }

    #liveSlot(high: number, low: number): number {
        const slot = this.nodes.findSlot(high, low);
        if (slot === undefined || this.nodes.liveVersion(slot) === undefined) {
            return this.#bad(`node ${formatNodeId(joinWords(high, low))} is not in the graph`);
        }
        return slot;
    }

    #freeSlot(high: number, low: number): number {
        const slot = this.nodes.slotFor(high, low);
        if (this.nodes.liveVersion(slot) !== undefined) {
            return this.#bad(`node ${formatNodeId(joinWords(high, low))} is renamed onto another`);
        }
        return slot;
    }

    #liveVersion(slot: number): number {
        const version = this.nodes.liveVersion(slot);
        assert(version !== undefined, "the slot is alive");
        return version;
    }

    #bad(what: string): never {
        throw new OperatingError("GRAPH_BAD_DELTA", `delta ${this.deltaCount}: ${what}`);
    }
}
