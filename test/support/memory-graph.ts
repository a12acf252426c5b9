// A graph port in memory, for engine tests: the same answers as the store's, by the naive way.

import { createHash } from "node:crypto";

import type { GraphContent, GraphEdge, NodeId } from "../../src/graph/index.ts";
import type { GraphPort } from "../../src/engine/ports.ts";
import type { RippleHit, RippleSource } from "../../src/engine/ripple.ts";

const EMPTY: GraphContent = { nodes: [], edges: [], files: [] };

/** A graph that forgets everything when the test ends; commits are counted. */
export class MemoryGraph implements GraphPort {
    content = EMPTY;
    commits = 0;
    isClosed = false;

    get stateRoot(): string {
        return rootOf(this.content);
    }

    facts(): ReturnType<GraphPort["facts"]> {
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
        return {
            graphRoot: rootOf(content),
            reaching: (targets, { edges, depth = Number.POSITIVE_INFINITY }) =>
                naiveRipple(
                    content.edges.filter((edge) => edges.includes(edge.kind)),
                    targets,
                    depth,
                ),
        };
    }

    close(): Promise<void> {
        this.isClosed = true;
        return Promise.resolve();
    }
}

function naiveRipple(
    edges: readonly GraphEdge[],
    targets: readonly NodeId[],
    depth: number,
): RippleHit[] {
    const seen = new Set(targets);
    const hits: RippleHit[] = [];
    let front = [...targets];
    for (let distance = 1; front.length > 0 && distance <= depth; distance++) {
        const next: NodeId[] = [];
        for (const via of front) {
            for (const { source, target, kind } of edges) {
                if (target === via && !seen.has(source)) {
                    seen.add(source);
                    next.push(source);
                    hits.push({ id: source, distance, via, edge: kind });
                }
            }
        }
        front = next;
    }
    return hits;
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
