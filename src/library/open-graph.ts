// Opens the store of a captured workspace to read its graph, at any point of its history.
// What is exported here is what programs may import; nothing of it names a type of another folder.

import { Dictionary, Int32, makeVector, Table, Utf8, vectorFromArray } from "apache-arrow";

import { OperatingError } from "../base/index.ts";
import { kindMask, nativeTraversal, typescriptTraversal, type Traversal } from "../csr/index.ts";
import { EDGE_KINDS, flagNames, parseNodeId, formatNodeId } from "../graph/index.ts";
import { openGraphStore, type GraphSnapshot, type GraphStore } from "../graphstore/index.ts";
import { loadNative } from "../native/index.ts";

/** A kind of edge. `contains` leads from an item to what it holds; the others from who uses to what is used. */
export type EdgeKindName = "contains" | "call" | "control-flow" | "reference" | "implements";

/** A node of the graph. */
export interface GraphNodeInfo {
    /** 16 hex digits. */
    readonly id: string;
    readonly kind: string;
    readonly name: string;
    /** Canonical path: what the id is made from. */
    readonly path: string;
    /** `test`, `unsafe`, `public-api`, … */
    readonly flags: readonly string[];
}

/** How a search goes. */
export interface SearchOptions {
    /** Edges that are followed; `call`, `reference` and `implements` by default. */
    readonly kinds?: readonly EdgeKindName[];
    /** Against the edges: who uses the sources, and who uses these; on by default. */
    readonly reverse?: boolean;
    /** Largest distance; unlimited by default. */
    readonly maxDepth?: number;
}

/** One node that a search reached. */
export interface ReachedNode {
    readonly id: string;
    /** Number of edges on a shortest way. */
    readonly distance: number;
    /** The node before on such a way; undefined for a source. */
    readonly parent: string | undefined;
}

/** Nodes and edges as Arrow tables, in columns. */
export interface GraphTables {
    /** `id` (uint64), `kind`, `name`, `path` (utf8), `flags` (int32, the bits of the format). */
    readonly nodes: Table;
    /** `source`, `target` (uint64), `kind` (utf8). */
    readonly edges: Table;
}

/** The graph after some deltas; it never changes. */
export interface Graph {
    /** SHA-256 root over nodes and edges, hex: equal roots are equal graphs. */
    readonly root: string;
    readonly deltas: number;
    readonly nodeCount: number;
    readonly edgeCount: number;
    /** A node by id; undefined where there is none. */
    node(id: string): GraphNodeInfo | undefined;
    /** All nodes, in no particular order. */
    nodes(): Iterable<GraphNodeInfo>;
    /** Nodes that are reached from some, these included, by distance. Unknown ids reach nothing. */
    reach(sources: readonly string[], options?: SearchOptions): ReachedNode[];
    /** All of it in columns. */
    toArrow(): GraphTables;
}

/** An opened store. */
export interface GraphFile {
    /** Number of deltas in its history. */
    readonly deltas: number;
    /** The newest graph. */
    current(): Graph;
    /** The graph after k deltas; rejects with HISTORY_NO_DELTA when there are fewer. */
    at(k: number): Promise<Graph>;
    close(): Promise<void>;
}

/**
 * Opens a store to read: a folder `.ferrograph`, made by `ferrograph capture`. It takes no lock and writes
 * nothing, also while a daemon writes; it shows what was committed when it was opened. Rejects with an error
 * whose `code` is in docs/errors.md.
 */
export async function openGraph(folder: string): Promise<GraphFile> {
    const store = await openGraphStore({ folder, readOnly: true });
    return new StoreFile(store);
}

class StoreFile implements GraphFile {
    readonly #store: GraphStore;

    constructor(store: GraphStore) {
        this.#store = store;
    }

    get deltas(): number {
        return this.#store.history.graphDeltaCount();
    }

    current(): Graph {
        return new SnapshotGraph(this.#store.history.materializedGraph());
    }

    async at(k: number): Promise<Graph> {
        return new SnapshotGraph((await this.#store.history.graphSnapshotAt(k)).snapshot);
    }

    async close(): Promise<void> {
        await this.#store.close();
    }
}

/** An id as it is written. */
const ID = /^[0-9a-f]{16}$/u;

const DEFAULT_KINDS: readonly EdgeKindName[] = ["call", "reference", "implements"];

class SnapshotGraph implements Graph {
    readonly root: string;
    readonly deltas: number;
    readonly nodeCount: number;
    readonly edgeCount: number;
    readonly #snapshot: GraphSnapshot;

    constructor(snapshot: GraphSnapshot) {
        this.#snapshot = snapshot;
        this.root = snapshot.graphRoot;
        this.deltas = snapshot.deltaCount;
        this.nodeCount = snapshot.nodeCount;
        this.edgeCount = snapshot.edgeCount;
    }

    node(id: string): GraphNodeInfo | undefined {
        const index = this.#find(id);
        return index === undefined ? undefined : this.#info(index);
    }

    *nodes(): Iterable<GraphNodeInfo> {
        for (let index = 0; index < this.nodeCount; index++) {
            yield this.#info(index);
        }
    }

    reach(sources: readonly string[], options: SearchOptions = {}): ReachedNode[] {
        const { kinds = DEFAULT_KINDS, reverse = true, maxDepth } = options;
        const mask = kindMask(kinds.map((kind) => codeOf(kind)));
        const { csr } = this.#snapshot.toCsr({ transpose: reverse });
        const from = sources.flatMap((id) => this.#find(id) ?? []);
        const depth = maxDepth === undefined ? {} : { maxDepth };
        const found = traversal().bfs(csr, from, { kinds: mask, ...depth });
        return Array.from(found.reachable(), (index) => {
            const parent = found.parents[index] ?? -1;
            return {
                id: this.#id(index),
                distance: found.dist[index] ?? 0,
                parent: parent < 0 ? undefined : this.#id(parent),
            };
        });
    }

    toArrow(): GraphTables {
        const snapshot = this.#snapshot;
        const ids = snapshot.nodeIds();
        const indices = Array.from({ length: this.nodeCount }, (_, index) => index);
        const { sources, targets, kinds } = snapshot.edgeArrays();
        const idsOf = (nodes: Uint32Array): BigUint64Array =>
            BigUint64Array.from(nodes, (node) => ids[node] ?? 0n);
        const words = (): Dictionary<Utf8, Int32> => new Dictionary(new Utf8(), new Int32());
        return {
            nodes: new Table({
                id: makeVector(ids),
                kind: vectorFromArray(
                    indices.map((index) => snapshot.kindAt(index)),
                    words(),
                ),
                name: vectorFromArray(
                    indices.map((index) => snapshot.nameAt(index)),
                    new Utf8(),
                ),
                path: vectorFromArray(
                    indices.map((index) => snapshot.pathAt(index)),
                    new Utf8(),
                ),
                flags: makeVector(Int32Array.from(indices, (index) => snapshot.flagsAt(index))),
            }),
            edges: new Table({
                source: makeVector(idsOf(sources)),
                target: makeVector(idsOf(targets)),
                kind: vectorFromArray(
                    Array.from(kinds, (kind) => EDGE_KINDS[kind] ?? ""),
                    words(),
                ),
            }),
        };
    }

    #find(id: string): number | undefined {
        return ID.test(id) ? this.#snapshot.findNode(parseNodeId(id)) : undefined;
    }

    #id(index: number): string {
        return formatNodeId(this.#snapshot.idAt(index));
    }

    #info(index: number): GraphNodeInfo {
        const snapshot = this.#snapshot;
        return {
            id: this.#id(index),
            kind: snapshot.kindAt(index),
            name: snapshot.nameAt(index),
            path: snapshot.pathAt(index),
            flags: flagNames(snapshot.flagsAt(index)),
        };
    }
}

function codeOf(kind: EdgeKindName): number {
    const code = EDGE_KINDS.indexOf(kind);
    if (code === -1) {
        throw new OperatingError("GRAPH_EDGE_KIND", `\`${kind}\` is no kind of edge`, {
            advice: `the kinds are ${EDGE_KINDS.join(", ")}`,
        });
    }
    return code;
}

/** The addon's search where it can be loaded: the answers are the same. */
function traversal(): Traversal {
    const native = loadNative();
    return native.ok ? nativeTraversal(native.addon) : typescriptTraversal;
}
