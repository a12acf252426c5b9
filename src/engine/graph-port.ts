// The store as the engine uses it: content in, minimal differences committed, snapshots to ask out. The
// log is locked and read at once, and replayed when the graph is first needed.

import { CancelledError, takeTurns, type Pause } from "../base/index.ts";
import type { GraphContent, GraphNode } from "../graph/index.ts";
import {
    buildSnapshot,
    encodeDifference,
    normalize,
    normalizeInSteps,
    openGraphStore,
    overlaySnapshot,
    type GraphSnapshot,
    type GraphStore,
} from "../graphstore/index.ts";
import { countEdges } from "./count-kinds.ts";
import type { CommittedGraph, GraphFacts, GraphPort, HistoryPort, LoadedGraph } from "./ports.ts";
import type { RippleSource } from "./ripple.ts";
import { rippleOfSnapshot } from "./snapshot-ripple.ts";

/** Opens the store in a folder, making it where there is none; resolves when it is locked. */
export async function openGraphPort(folder: string): Promise<GraphPort> {
    let replay: () => void = () => undefined;
    let giveUp: () => void = () => undefined;
    const wanted = new Promise<void>((resolve, reject) => {
        replay = resolve;
        giveUp = () => {
            reject(new CancelledError());
        };
    });
    return new Promise((resolve, reject) => {
        const beforeReplay = (logBytes: number): Promise<void> => {
            resolve(new StorePort(logBytes, { opened, replay, giveUp }));
            return wanted;
        };
        const opened = openGraphStore({ folder, createIfMissing: true, beforeReplay });
        // After the lock this is told to whoever loads the graph.
        opened.catch(reject);
    });
}

interface Opening {
    readonly opened: Promise<GraphStore>;
    readonly replay: () => void;
    readonly giveUp: () => void;
}

class StorePort implements GraphPort {
    readonly logBytes: number;
    readonly #opening: Opening;
    #loaded: Promise<LoadedGraph> | undefined;

    constructor(logBytes: number, opening: Opening) {
        this.logBytes = logBytes;
        this.#opening = opening;
    }

    load(): Promise<LoadedGraph> {
        this.#opening.replay();
        this.#loaded ??= this.#opening.opened.then((store) => new StoreGraph(store));
        return this.#loaded;
    }

    async close(): Promise<void> {
        if (this.#loaded === undefined) {
            this.#opening.giveUp();
        }
        // What could not be opened has given everything back already.
        const store = await this.#opening.opened.catch(() => undefined);
        await store?.close();
    }
}

/** Nodes beyond which a graph's are not kept beside its snapshot. */
const NODES_KEPT_MAX = 100_000;

class StoreGraph implements LoadedGraph {
    readonly history: HistoryPort;
    readonly #store: GraphStore;
    /** What is shown: the store's newest snapshot, or one in memory where the store cannot be written. */
    #snapshot: GraphSnapshot;
    /** The nodes that it was made from, where they are few enough to be kept. */
    #nodes: readonly GraphNode[] = [];
    #current: CommittedGraph | undefined;
    #edges: Readonly<Record<string, number>> | undefined;

    constructor(store: GraphStore) {
        this.#store = store;
        this.history = store.history;
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

    async commitContent(content: GraphContent, pause: Pause): Promise<CommittedGraph> {
        const normalized = await takeTurns(normalizeInSteps(content), pause);
        const deltas = await takeTurns(
            encodeDifference(this.#snapshot, normalized, this.#nodes),
            pause,
        );
        this.#nodes = [];
        if (deltas.count === 0) {
            return { ...this.current(), deltas: 0 };
        }
        if (this.#store.readOnlyReason === "") {
            await this.#store.commitGraphDeltas(deltas, pause);
            this.#snapshot = this.#store.snapshot();
        } else {
            this.#snapshot = overlaySnapshot(this.#snapshot, deltas);
        }
        this.#nodes = normalized.nodes.length > NODES_KEPT_MAX ? [] : normalized.nodes;
        this.#edges = undefined;
        this.#current = committedGraph(this.#snapshot, deltas.count, this.#store.logBytes);
        return this.#current;
    }

    current(): CommittedGraph {
        return (this.#current ??= committedGraph(this.#snapshot, 0, this.#store.logBytes));
    }

    rippleOf(content: GraphContent): RippleSource {
        return rippleOfSnapshot(buildSnapshot(normalize(content)));
    }
}

function committedGraph(snapshot: GraphSnapshot, deltas: number, logBytes: number): CommittedGraph {
    let ripple: RippleSource | undefined;
    return {
        deltas,
        stateRoot: snapshot.stateRoot,
        logBytes,
        snapshot,
        ripple: () => (ripple ??= rippleOfSnapshot(snapshot)),
    };
}
