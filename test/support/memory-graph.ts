// A graph port in memory, for engine tests: the same answers as the store's, without a disk.

import { createHash } from "node:crypto";

import type { GraphContent } from "../../src/graph/index.ts";
import type { GraphPort, LoadedGraph } from "../../src/engine/ports.ts";
import type { RippleSource } from "../../src/engine/ripple.ts";
import { rippleOfSnapshot } from "../../src/engine/snapshot-ripple.ts";
import { buildSnapshot, normalize } from "../../src/graphstore/index.ts";

const EMPTY: GraphContent = { nodes: [], edges: [], files: [] };

/** A graph that forgets everything when the test ends; commits are counted. */
export class MemoryGraph implements GraphPort, LoadedGraph {
    content = EMPTY;
    commits = 0;
    isClosed = false;

    /** Grows with every commit, as a log does. */
    get logBytes(): number {
        return 64 * (this.commits + 1);
    }

    load(): Promise<LoadedGraph> {
        return Promise.resolve(this);
    }

    get stateRoot(): string {
        return rootOf(this.content);
    }

    facts(): ReturnType<LoadedGraph["facts"]> {
        const edges: Record<string, number> = {};
        for (const edge of this.content.edges) {
            edges[edge.kind] = (edges[edge.kind] ?? 0) + 1;
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

    commitContent(content: GraphContent): Promise<number> {
        const changed = rootOf(content) !== rootOf(this.content);
        this.content = content;
        this.commits += changed ? 1 : 0;
        return Promise.resolve(changed ? 1 : 0);
    }

    ripple(): RippleSource {
        return this.rippleOf(this.content);
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
        ...content.edges.map((edge) => `e ${edge.source} ${edge.target} ${edge.kind}`),
        ...content.files.map((file) => `f ${file.path} ${file.contentHash}`),
    ];
    return hash.update(lines.sort().join("\n")).digest("hex");
}
