// The whole graph at one delta number, immutable: a window on tables that go on growing.
// Nodes are numbered 0…n-1 within a snapshot; ids are for the borders.

/* eslint-disable @typescript-eslint/no-non-null-assertion -- dense numbers are checked where they come
   in; the loops run over arrays of one length */

import { assert, required } from "../base/index.ts";
import { buildCsr, CsrGraph, transpose, type Csr, type EdgeArrays } from "../csr/index.ts";
import {
    EDGE_KINDS,
    SYMBOL_KINDS,
    type FileRecord,
    type GraphEdge,
    type GraphNode,
    type NodeId,
    type SymbolKind,
} from "../graph/index.ts";
import { countUpTo } from "./end-list.ts";
import type { GraphTables } from "./graph-tables.ts";
import { NO_ROW } from "./node-table.ts";
import type { StateRoots } from "./state-tries.ts";

// Splits an id without making bigints.
const idWord = new BigUint64Array(1);
const idWords = new Uint32Array(idWord.buffer);

/** Where in the history a snapshot stands. */
export interface SnapshotPosition {
    /** Number of deltas (k). */
    readonly deltaCount: number;
    /** Number of commits (c). */
    readonly commitCount: number;
}

/** How many things a snapshot holds. */
export interface SnapshotCounts {
    readonly nodeCount: number;
    readonly edgeCount: number;
    readonly fileCount: number;
}

/** The graph at a delta number. */
export class GraphSnapshot {
    readonly deltaCount: number;
    readonly commitCount: number;
    readonly nodeCount: number;
    readonly edgeCount: number;
    readonly fileCount: number;
    readonly #tables: GraphTables;
    #roots: StateRoots | (() => StateRoots);
    #numbering: Numbering | undefined;
    #edgeArrays: EdgeArrays | undefined;

    constructor(
        tables: GraphTables,
        position: SnapshotPosition,
        counts: SnapshotCounts,
        roots: StateRoots | (() => StateRoots),
    ) {
        this.#tables = tables;
        this.deltaCount = position.deltaCount;
        this.commitCount = position.commitCount;
        this.nodeCount = counts.nodeCount;
        this.edgeCount = counts.edgeCount;
        this.fileCount = counts.fileCount;
        this.#roots = roots;
    }

    /** Roots of the state, hex; those of a state inside a commit are computed when first asked for. */
    get roots(): StateRoots {
        if (typeof this.#roots === "function") {
            this.#roots = this.#roots();
        }
        return this.#roots;
    }

    /** Root over nodes, edges and files. */
    get stateRoot(): string {
        return this.roots.stateRoot;
    }

    /** Root over nodes and edges. */
    get graphRoot(): string {
        return this.roots.graphRoot;
    }

    /** The number of a node; undefined when the graph does not have it. */
    findNode(id: NodeId): number | undefined {
        idWord[0] = id;
        const slot = this.#tables.nodes.findSlot(idWords[1]!, idWords[0]!);
        const dense = slot === undefined ? NO_ROW : (this.#numbers().denseOf[slot] ?? NO_ROW);
        return dense === NO_ROW ? undefined : dense;
    }

    /** The record of a node. */
    nodeAt(index: number): GraphNode {
        return this.#tables.nodes.record(this.#version(index));
    }

    /** The id of a node. */
    idAt(index: number): NodeId {
        const { nodes } = this.#tables;
        return nodes.idOf(nodes.slot.at(this.#version(index)));
    }

    /** The name of a node. */
    nameAt(index: number): string {
        return this.#tables.nodes.name(this.#version(index));
    }

    /** The canonical path of a node. */
    pathAt(index: number): string {
        return this.#tables.nodes.path(this.#version(index));
    }

    /** The kind of a node. */
    kindAt(index: number): SymbolKind {
        const code = this.#tables.nodes.kind.at(this.#version(index));
        return required(SYMBOL_KINDS[code], "a stored kind is known");
    }

    /** The flags of a node. */
    flagsAt(index: number): number {
        return this.#tables.nodes.flags.at(this.#version(index));
    }

    /** All nodes, one at a time. */
    *nodes(): IterableIterator<GraphNode> {
        for (let index = 0; index < this.nodeCount; index++) {
            yield this.nodeAt(index);
        }
    }

    /** All edges, one at a time; in bulk, edgeArrays. */
    *edges(): IterableIterator<GraphEdge> {
        const { sources, targets, kinds } = this.edgeArrays();
        for (let at = 0; at < sources.length; at++) {
            yield {
                source: this.idAt(sources[at]!),
                target: this.idAt(targets[at]!),
                kind: required(EDGE_KINDS[kinds[at]!], "a stored kind is known"),
            };
        }
    }

    /** All edges between node numbers, in no particular order. Not to be written to. */
    edgeArrays(): EdgeArrays {
        this.#edgeArrays ??= this.#collectEdges();
        return this.#edgeArrays;
    }

    /** All file records, one at a time. */
    *files(): IterableIterator<FileRecord> {
        const { files } = this.#tables;
        for (let row = 0; row < files.rows.length; row++) {
            const { born, died } = files.row(row);
            if (born <= this.deltaCount && died > this.deltaCount) {
                yield files.record(row);
            }
        }
    }

    /** The record of a file; undefined when the graph does not have it. */
    findFile(path: string): FileRecord | undefined {
        const row = this.#tables.files.rowAt(path, this.deltaCount);
        return row === undefined ? undefined : this.#tables.files.record(row);
    }

    /** Ids of all nodes by number. */
    nodeIds(): BigUint64Array {
        const { nodes } = this.#tables;
        const { versions } = this.#numbers();
        const ids = new BigUint64Array(versions.length);
        const words = new Uint32Array(ids.buffer);
        for (let index = 0; index < versions.length; index++) {
            const slot = nodes.slot.data[versions[index]!]!;
            words[2 * index] = nodes.idLow.data[slot]!;
            words[2 * index + 1] = nodes.idHigh.data[slot]!;
        }
        return ids;
    }

    /** Adjacency, turned round on request. Built anew each time: query it and drop it. */
    toCsr(options: { readonly transpose?: boolean } = {}): CsrGraph {
        const forward: Csr = buildCsr(this.nodeCount, this.edgeArrays());
        const csr = options.transpose === true ? transpose(forward) : forward;
        return new CsrGraph(csr, this.graphRoot, this.nodeIds());
    }

    /** The tables behind, for what derives other states from this one inside this folder. */
    static tablesOf(snapshot: GraphSnapshot): GraphTables {
        return snapshot.#tables;
    }

    #version(index: number): number {
        const version = this.#numbers().versions[index];
        assert(version !== undefined, `node ${index} is one of ${this.nodeCount}`);
        return version;
    }

    // Walks all slots once: which are visible, and at which version.
    #numbers(): Numbering {
        if (this.#numbering !== undefined) {
            return this.#numbering;
        }
        this.#numbering = this.#tables.nodes.visibleAt(this.deltaCount, this.nodeCount);
        return this.#numbering;
    }

    #collectEdges(): EdgeArrays {
        const { edges } = this.#tables;
        const { denseOf } = this.#numbers();
        const sources = new Uint32Array(this.edgeCount);
        const targets = new Uint32Array(this.edgeCount);
        const kinds = new Uint8Array(this.edgeCount);
        const k = this.deltaCount;
        const died = edges.died.data;
        const [source, target, kind] = [edges.source.data, edges.target.data, edges.kind.data];
        // They ascend by when they began.
        const end = countUpTo(edges.born.length, k, (row) => edges.born.at(row));
        let count = 0;
        for (let row = 0; row < end; row++) {
            if (died[row]! > k) {
                sources[count] = denseOf[source[row]!]!;
                targets[count] = denseOf[target[row]!]!;
                kinds[count] = kind[row]!;
                count += 1;
            }
        }
        assert(count === this.edgeCount, "as many edges are visible as were counted");
        return { sources, targets, kinds };
    }
}

interface Numbering {
    /** Node number to version row. */
    readonly versions: Uint32Array;
    /** Slot to node number, NO_ROW when the slot is not visible. */
    readonly denseOf: Uint32Array;
}
