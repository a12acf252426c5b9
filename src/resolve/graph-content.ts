// From a resolution to what the graph stores: nodes, edges, file records.

import { createHash } from "node:crypto";

import type { Steps } from "../base/index.ts";
import {
    EDGE_KINDS,
    NO_NODE,
    type EdgeColumns,
    type EdgeKind,
    type FileRecord,
    type GraphContent,
    type GraphNode,
} from "../graph/index.ts";
import { EdgeSet } from "./edge-set.ts";
import { fileEdges, structuralEdges } from "./edges.ts";
import type { SymbolEdge } from "./model.ts";
import type { ResolvedWorkspace } from "./resolved-workspace.ts";
import type { ResolutionSource } from "./resolution-source.ts";
import type { Captures } from "./session.ts";

/** Builds the graph's content. Externals are nodes where something uses them. */
export function graphContentOf(
    resolved: ResolvedWorkspace,
    captures: Captures,
): Steps<GraphContent> {
    return new ContentBuilder(resolved.source, captures).build();
}

type Hash = ReturnType<typeof createHash>;

const KIND_CODES = new Map<EdgeKind, number>(EDGE_KINDS.map((kind, code) => [kind, code]));

/** Symbols or structural edges between two turns for others. */
const STEP_ROWS = 1024;

class ContentBuilder {
    readonly #source: ResolutionSource;
    readonly #captures: Captures;
    /** Between symbols. */
    readonly #edges = new EdgeSet();
    readonly #used = new Set<number>();
    readonly #fileHashes = new Map<string, Hash>();
    /** Ids as they are hashed; asked for once for each edge of a symbol. */
    readonly #idTexts: (string | undefined)[] = [];

    constructor(source: ResolutionSource, captures: Captures) {
        this.#source = source;
        this.#captures = captures;
    }

    *build(): Steps<GraphContent> {
        const source = this.#source;
        // Every file first: walking them is what makes externals.
        for (let number = 0; number < source.files.length; number++) {
            source.table(number);
            yield;
        }
        // Ids are made in order, all before one at once.
        for (let index = 0; index < source.symbolCount; index++) {
            source.idOf(index);
            if (index % STEP_ROWS === 0) {
                yield;
            }
        }
        let rows = 0;
        for (const edge of structuralEdges(source)) {
            this.#add(edge);
            rows += 1;
            if (rows % STEP_ROWS === 0) {
                yield;
            }
        }
        for (const [number, file] of source.files.entries()) {
            const lines: string[] = [];
            for (const edge of fileEdges(source, number)) {
                if (this.#add(edge)) {
                    const [from, to] = [this.#idText(edge.source), this.#idText(edge.target)];
                    lines.push(`${edge.kind} ${from} ${to}\n`);
                }
            }
            this.#hashOf(file.path).update(lines.join(""));
            yield;
        }
        const { nodes, positions } = yield* this.#nodes();
        yield;
        return { nodes, edges: this.#edgesBetween(positions), files: this.#files() };
    }

    #hashOf(path: string): Hash {
        let hash = this.#fileHashes.get(path);
        if (hash === undefined) {
            hash = createHash("sha256");
            this.#fileHashes.set(path, hash);
        }
        return hash;
    }

    #idText(index: number): string {
        return (this.#idTexts[index] ??= String(this.#source.idOf(index)));
    }

    /** False for an edge that is there already. */
    #add({ source, target, kind }: SymbolEdge): boolean {
        const isNew = this.#edges.add(source, target, KIND_CODES.get(kind) ?? 0);
        if (isNew) {
            this.#use(source);
            this.#use(target);
        }
        return isNew;
    }

    /** An external is a node where it is used. */
    #use(index: number): void {
        if (this.#source.externalPath(index) !== "") {
            this.#used.add(index);
        }
    }

    /** The nodes, and the position of each symbol among them. */
    *#nodes(): Steps<{ readonly nodes: GraphNode[]; readonly positions: Uint32Array }> {
        const source = this.#source;
        const nodes: GraphNode[] = [];
        const count = source.symbolCount;
        const positions = new Uint32Array(count).fill(NO_NODE);
        for (let index = 0; index < count; index++) {
            const isExternal = source.externalPath(index) !== "";
            const isNode = isExternal ? this.#used.has(index) : source.nodeOf(index) === index;
            if (index % STEP_ROWS === 0) {
                yield;
            }
            if (!isNode) {
                continue;
            }
            const { id, kind, name, path, flags, file } = source.symbol(index);
            positions[index] = nodes.length;
            nodes.push({ id, kind, name, path, flags });
            if (file !== undefined) {
                this.#hashOf(file).update(`node ${path} ${flags}\n`);
            }
        }
        return { nodes, positions };
    }

    #edgesBetween(positions: Uint32Array): EdgeColumns {
        const { sources, targets, kinds } = this.#edges.columns();
        const position = (symbol: number): number => positions[symbol] ?? NO_NODE;
        return { sources: sources.map(position), targets: targets.map(position), kinds };
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
