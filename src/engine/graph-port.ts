// The store as the engine uses it: content in, minimal differences committed, snapshots to ask out.

import { EDGE_KINDS, type GraphContent } from "../graph/index.ts";
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
import type { RippleSource } from "./ripple.ts";
import { rippleOfSnapshot } from "./snapshot-ripple.ts";

/** Opens the store in a folder, making it where there is none. */
export async function openGraphPort(folder: string): Promise<GraphPort> {
    return new StorePort(await openGraphStore({ folder, createIfMissing: true }));
}

class StorePort implements GraphPort {
    readonly #store: GraphStore;
    /** What is shown: the store's newest snapshot, or one in memory where the store cannot be written. */
    #snapshot: GraphSnapshot;
    #ripple: RippleSource | undefined;
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
        return (this.#ripple ??= rippleOfSnapshot(this.#snapshot));
    }

    rippleOf(content: GraphContent): RippleSource {
        return rippleOfSnapshot(buildSnapshot(normalize(content)));
    }

    close(): Promise<void> {
        return this.#store.close();
    }
}

function countEdges(snapshot: GraphSnapshot): Record<string, number> {
    const counts = new Uint32Array(EDGE_KINDS.length);
    for (const kind of snapshot.edgeArrays().kinds) {
        counts[kind] = (counts[kind] ?? 0) + 1;
    }
    return Object.fromEntries(EDGE_KINDS.map((name, kind) => [name, counts[kind] ?? 0]));
}
