// A graph port in memory, for engine tests: the same answers as the store's, without a disk.

import { createHash } from "node:crypto";

import { EDGE_KINDS, type GraphContent } from "../../src/graph/index.ts";
import type {
    CommittedGraph,
    GraphPort,
    HistoryPort,
    LoadedGraph,
} from "../../src/engine/ports.ts";
import type { RippleSource } from "../../src/engine/ripple.ts";
import { rippleOfSnapshot } from "../../src/engine/snapshot-ripple.ts";
import { buildSnapshot, normalize } from "../../src/graphstore/index.ts";
import { contentOf } from "./graphs.ts";

const EMPTY: GraphContent = contentOf({ nodes: [], edges: [], files: [] });

/** A graph that forgets everything when the test ends; commits are counted. */
export class MemoryGraph implements GraphPort, LoadedGraph {
    content = EMPTY;
    commits = 0;
    isClosed = false;
    /** Nothing of the past is kept. */
    readonly history: HistoryPort = {
        archivedDeltas: () => 0,
        graphDeltaCount: () => this.commits,
        graphSnapshotAt: noPast,
        positionOf: noPast,
        diff: noPast,
        prove: noPast,
        proveGrowth: noPast,
        logRoot: () => Promise.resolve("00".repeat(32)),
        verify: noPast,
    };

    /** Grows with every commit, as a log does. */
    get logBytes(): number {
        return 64 * (this.commits + 1);
    }

    load(): Promise<LoadedGraph> {
        return Promise.resolve(this);
    }

    facts(): ReturnType<LoadedGraph["facts"]> {
        const edges: Record<string, number> = {};
        for (const code of this.content.edges.kinds) {
            const kind = EDGE_KINDS[code] ?? "";
            edges[kind] = (edges[kind] ?? 0) + 1;
        }
        const root = rootOf(this.content);
        return {
            stateRoot: root,
            graphRoot: root,
            nodeRoot: root,
            edgeRoot: root,
            fileRoot: root,
            deltaCount: this.commits,
            commitCount: this.commits,
            nodes: this.content.nodes.length,
            edges,
            files: this.content.files.length,
            readOnlyReason: "",
        };
    }

    commitContent(content: GraphContent): Promise<CommittedGraph> {
        const changed = rootOf(content) !== rootOf(this.content);
        this.content = content;
        this.commits += changed ? 1 : 0;
        return Promise.resolve({ ...this.current(), deltas: changed ? 1 : 0 });
    }

    current(): CommittedGraph {
        const { content, logBytes } = this;
        const ripple = (): RippleSource => this.rippleOf(content);
        const snapshot = buildSnapshot(normalize(content));
        return { deltas: 0, stateRoot: rootOf(content), logBytes, ripple, snapshot };
    }

    rippleOf(content: GraphContent): RippleSource {
        return rippleOfSnapshot(buildSnapshot(normalize(content)));
    }

    close(): Promise<void> {
        this.isClosed = true;
        return Promise.resolve();
    }
}

function rootOf(content: GraphContent): string {
    const hash = createHash("sha256");
    const lines = [
        ...content.nodes.map((node) => `n ${node.id} ${node.path}`),
        ...Array.from(content.edges.kinds, (kind, at) => {
            const { sources, targets } = content.edges;
            const end = (position = 0): string => content.nodes[position]?.path ?? "";
            return `e ${end(sources[at])} ${end(targets[at])} ${kind}`;
        }),
        ...content.files.map((file) => `f ${file.path} ${file.contentHash}`),
    ];
    return hash.update(lines.sort().join("\n")).digest("hex");
}

function noPast(): Promise<never> {
    return Promise.reject(new Error("a graph in memory has no past"));
}
