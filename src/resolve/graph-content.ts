// From a resolution to what the graph stores: nodes, edges, file records.

import { createHash } from "node:crypto";
import type { FileRecord, GraphContent, GraphEdge, GraphNode, NodeId } from "../graph/index.ts";
import { EDGE_KINDS } from "../graph/index.ts";
import { structuralEdges, tokenEdges } from "./edges.ts";
import type { SymbolEdge } from "./model.ts";
import type { ResolvedWorkspace } from "./resolved-workspace.ts";
import type { ResolutionSource } from "./resolution-source.ts";
import type { Captures } from "./session.ts";

/** Builds the graph's content. Externals are nodes where something uses them. */
export function graphContentOf(resolved: ResolvedWorkspace, captures: Captures): GraphContent {
    return new ContentBuilder(resolved.source, captures).build();
}

type Hash = ReturnType<typeof createHash>;

class ContentBuilder {
    readonly #source: ResolutionSource;
    readonly #captures: Captures;
    readonly #edges: GraphEdge[] = [];
    readonly #seen = new Set<number>();
    readonly #used = new Set<number>();
    readonly #fileHashes = new Map<string, Hash>();

    constructor(source: ResolutionSource, captures: Captures) {
        this.#source = source;
        this.#captures = captures;
    }

    build(): GraphContent {
        const source = this.#source;
        // Every file first: walking them is what makes externals, and with them the number of symbols.
        source.files.forEach((_, number) => source.table(number));
        for (const edge of structuralEdges(source)) {
            this.#add(edge);
        }
        source.files.forEach((file, number) => {
            const hash = this.#hashOf(file.path);
            for (const edge of tokenEdges(source, number)) {
                if (this.#add(edge)) {
                    hash.update(`${edge.kind} ${this.#id(edge.source)} ${this.#id(edge.target)}\n`);
                }
            }
        });
        return { nodes: this.#nodes(), edges: this.#edges, files: this.#files() };
    }

    #hashOf(path: string): Hash {
        let hash = this.#fileHashes.get(path);
        if (hash === undefined) {
            hash = createHash("sha256");
            this.#fileHashes.set(path, hash);
        }
        return hash;
    }

    #id(index: number): NodeId {
        return this.#source.idOf(index) as NodeId;
    }

    #add(edge: SymbolEdge): boolean {
        const count = this.#source.symbolCount;
        const code = EDGE_KINDS.indexOf(edge.kind);
        const key = (edge.source * count + edge.target) * EDGE_KINDS.length + code;
        if (this.#seen.has(key)) {
            return false;
        }
        this.#seen.add(key);
        this.#use(edge.source);
        this.#use(edge.target);
        const source = this.#id(edge.source);
        const target = this.#id(edge.target);
        this.#edges.push({ source, target, kind: edge.kind });
        return true;
    }

    /** An external is a node where it is used. */
    #use(index: number): void {
        if (this.#source.externalPath(index) !== "") {
            this.#used.add(index);
        }
    }

    #nodes(): GraphNode[] {
        const source = this.#source;
        const nodes: GraphNode[] = [];
        for (let index = 0; index < source.symbolCount; index++) {
            const isExternal = source.externalPath(index) !== "";
            const isNode = isExternal ? this.#used.has(index) : source.nodeOf(index) === index;
            if (!isNode) {
                continue;
            }
            const { id, kind, name, path, flags, file } = source.symbol(index);
            nodes.push({ id, kind, name, path, flags });
            if (file !== undefined) {
                this.#hashOf(file).update(`node ${path} ${flags}\n`);
            }
        }
        return nodes;
    }

    #files(): FileRecord[] {
        return this.#source.ownership().map((file) => {
            const capture = this.#captures.get(file.path);
            return {
                path: file.path,
                owners: file.owners.map((owner) => this.#source.symbol(owner).path).sort(),
                cfg: file.cfg,
                contentHash: capture?.contentHash ?? "",
                tokenHash: capture?.tokenHash ?? "",
                factsHash: this.#hashOf(file.path).digest("hex"),
            };
        });
    }
}
