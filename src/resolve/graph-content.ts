// From a resolution to what the graph stores: nodes, edges, file records.

import { createHash } from "node:crypto";
import type {
    FileRecord,
    GraphContent,
    GraphEdge,
    GraphNode,
    EdgeKind,
    NodeId,
} from "../graph/index.ts";
import { EDGE_KINDS } from "../graph/index.ts";
import type { SymbolEdge } from "./model.ts";
import { tokenEdges, type ResolvedWorkspace } from "./resolved-workspace.ts";
import { structuralEdges } from "./relations.ts";

/** Builds the graph's content. Externals are nodes where something uses them. */
export function graphContentOf(resolved: ResolvedWorkspace): GraphContent {
    return new ContentBuilder(resolved).build();
}

class ContentBuilder {
    readonly #resolved: ResolvedWorkspace;
    readonly #edges: GraphEdge[] = [];
    readonly #seen = new Set<number>();
    readonly #used: Uint8Array;
    readonly #fileHashes = new Map<string, ReturnType<typeof createHash>>();

    constructor(resolved: ResolvedWorkspace) {
        this.#resolved = resolved;
        this.#used = new Uint8Array(resolved.symbolCount);
    }

    build(): GraphContent {
        const { program } = this.#resolved.semantics;
        for (const edge of structuralEdges(this.#resolved.relations)) {
            this.#add(edge);
        }
        for (const inst of program.instances) {
            const hash = this.#hashOf(inst.path);
            for (const edge of tokenEdges(this.#resolved, inst)) {
                if (this.#add(edge)) {
                    hash.update(`${edge.kind} ${this.#id(edge.source)} ${this.#id(edge.target)}\n`);
                }
            }
        }
        return { nodes: this.#nodes(), edges: this.#edges, files: this.#files() };
    }

    #hashOf(path: string): ReturnType<typeof createHash> {
        let hash = this.#fileHashes.get(path);
        if (hash === undefined) {
            hash = createHash("sha256");
            this.#fileHashes.set(path, hash);
        }
        return hash;
    }

    #id(index: number): NodeId {
        return (this.#resolved.identities.ids[index] ?? 0n) as NodeId;
    }

    #add(edge: SymbolEdge): boolean {
        const count = this.#resolved.symbolCount;
        const key = (edge.source * count + edge.target) * EDGE_KINDS.length + kindCode(edge.kind);
        if (this.#seen.has(key)) {
            return false;
        }
        this.#seen.add(key);
        this.#used[edge.source] = 1;
        this.#used[edge.target] = 1;
        const source = this.#id(edge.source);
        const target = this.#id(edge.target);
        this.#edges.push({ source, target, kind: edge.kind });
        return true;
    }

    #nodes(): GraphNode[] {
        const { relations, identities, semantics } = this.#resolved;
        const nodes: GraphNode[] = [];
        for (const symbol of semantics.program.symbols) {
            const isExternal = symbol.external !== "";
            const isNode = relations.nodeOf[symbol.index] === symbol.index;
            if (!isNode || (isExternal && this.#used[symbol.index] === 0)) {
                continue;
            }
            const path = identities.paths[symbol.index] ?? "";
            const name =
                symbol.kind === "impl" ? (identities.displays[symbol.index] ?? "") : symbol.name;
            const node = {
                id: this.#id(symbol.index),
                kind: symbol.kind,
                name,
                path,
                flags: symbol.flags,
            };
            nodes.push(node);
            if (symbol.inst !== undefined) {
                this.#hashOf(symbol.inst.path).update(`node ${path} ${symbol.flags}\n`);
            }
        }
        return nodes;
    }

    #files(): FileRecord[] {
        const { identities, semantics } = this.#resolved;
        return this.#resolved.files().map((file) => {
            const capture = semantics.program.captures.get(file.path);
            return {
                path: file.path,
                owners: file.owners.map((owner) => identities.paths[owner] ?? "").sort(),
                cfg: file.cfg,
                contentHash: capture?.contentHash ?? "",
                tokenHash: capture?.tokenHash ?? "",
                factsHash: this.#hashOf(file.path).digest("hex"),
            };
        });
    }
}

function kindCode(kind: EdgeKind): number {
    return EDGE_KINDS.indexOf(kind);
}
