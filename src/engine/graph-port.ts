// The store as the engine uses it: content in, minimal differences committed, reachability out. Every
// answer comes from a CSR of one snapshot and carries that snapshot's root.

import { assert } from "../base/index.ts";
import { bfs, kindMask, type CsrGraph } from "../csr/index.ts";
import { EDGE_KINDS, type GraphContent, type NodeId } from "../graph/index.ts";
import {
    buildSnapshot,
    emitDeltas,
    normalize,
    openGraphStore,
    overlaySnapshot,
    type GraphSnapshot,
    type GraphStore,
} from "../graphstore/index.ts";
import type { GraphFacts, GraphPort } from "./ports.ts";
import type { RippleHit, RippleOptions, RippleSource } from "./ripple.ts";

/** Opens the store in a folder, making it where there is none. */
export async function openGraphPort(folder: string): Promise<GraphPort> {
    return new StorePort(await openGraphStore({ folder, createIfMissing: true }));
}

class StorePort implements GraphPort {
    readonly #store: GraphStore;
    /** What is shown: the store's newest snapshot, or one in memory where the store cannot be written. */
    #snapshot: GraphSnapshot;
    #ripple: SnapshotRipple | undefined;
    #edges: Readonly<Record<string, number>> | undefined;

    constructor(store: GraphStore) {
        this.#store = store;
        this.#snapshot = store.snapshot();
    }

    facts(): GraphFacts {
        const { roots, deltaCount, commitCount, nodeCount, fileCount } = this.#snapshot;
        this.#edges ??= countEdges(this.#snapshot);
        return {
            ...roots,
            deltaCount,
            commitCount,
            nodes: nodeCount,
            edges: this.#edges,
            files: fileCount,
            readOnlyReason: this.#store.readOnlyReason,
        };
    }

    get stateRoot(): string {
        return this.#snapshot.stateRoot;
    }

    async commitContent(content: GraphContent): Promise<number> {
        const deltas = emitDeltas(this.#snapshot, normalize(content));
        if (deltas.length === 0) {
            return 0;
        }
        if (this.#store.readOnlyReason === "") {
            await this.#store.commitGraphDeltas(deltas);
            this.#snapshot = this.#store.snapshot();
        } else {
            this.#snapshot = overlaySnapshot(this.#snapshot, deltas);
        }
        this.#ripple = undefined;
        this.#edges = undefined;
        return deltas.length;
    }

    ripple(): RippleSource {
        return (this.#ripple ??= new SnapshotRipple(this.#snapshot));
    }

    rippleOf(content: GraphContent): RippleSource {
        return new SnapshotRipple(buildSnapshot(normalize(content)));
    }

    close(): Promise<void> {
        return this.#store.close();
    }
}

/** Reachability in one snapshot; the CSR is built at the first question and goes with the snapshot. */
class SnapshotRipple implements RippleSource {
    readonly graphRoot: string;
    readonly #snapshot: GraphSnapshot;
    #transposed: CsrGraph | undefined;

    constructor(snapshot: GraphSnapshot) {
        this.#snapshot = snapshot;
        this.graphRoot = snapshot.graphRoot;
    }

    reaching(targets: readonly NodeId[], { edges, depth }: RippleOptions): readonly RippleHit[] {
        const graph = (this.#transposed ??= this.#snapshot.toCsr({ transpose: true }));
        assert(graph.root === this.graphRoot, "the CSR is of the view's graph");
        const sources = targets.flatMap((id) => graph.nodeIndex(id) ?? []);
        const kinds = kindMask(edges.map((kind) => EDGE_KINDS.indexOf(kind)));
        const found = bfs(graph.csr, sources, {
            kinds,
            ...(depth === undefined ? {} : { maxDepth: depth }),
        });
        const idOf = (index: number): NodeId => (graph.nodeIds[index] ?? 0n) as NodeId;
        const hits: RippleHit[] = [];
        for (const index of found.reachable()) {
            const distance = found.dist[index] ?? 0;
            const edge = EDGE_KINDS[found.parentKinds[index] ?? 0];
            if (distance > 0 && edge !== undefined) {
                hits.push({
                    id: idOf(index),
                    distance,
                    via: idOf(found.parents[index] ?? 0),
                    edge,
                });
            }
        }
        return hits;
    }
}

function countEdges(snapshot: GraphSnapshot): Record<string, number> {
    const counts = new Uint32Array(EDGE_KINDS.length);
    for (const kind of snapshot.edgeArrays().kinds) {
        counts[kind] = (counts[kind] ?? 0) + 1;
    }
    return Object.fromEntries(EDGE_KINDS.map((name, kind) => [name, counts[kind] ?? 0]));
}
