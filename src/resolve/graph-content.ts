// From a resolution to what the graph stores: nodes, edges, file records.

import { createHash } from "node:crypto";

import { appendTo, type Steps } from "../base/index.ts";
import {
    EDGE_KINDS,
    NO_NODE,
    type EdgeColumns,
    type FileRecord,
    type GraphContent,
    type GraphNode,
} from "../graph/index.ts";
import { EdgeSet } from "./edge-set.ts";
import {
    giveImplicitEdges,
    giveKnownEdges,
    giveStructuralEdges,
    giveTokenEdges,
    type EdgeSink,
    type TokenEdges,
} from "./edges.ts";
import { interfaceHash } from "./interface-hash.ts";
import { originOf } from "./kept-tables.ts";
import type { FileOwnership } from "./model.ts";
import type { FileCapture } from "../syntax/index.ts";
import type { ImplicitCalls, ResolutionSource } from "./resolution-source.ts";
import type { ResolvedWorkspace } from "./resolved-workspace.ts";
import type { Captures } from "./session.ts";
import { SYMBOL_TRAIT, SymbolFacts } from "./symbol-facts.ts";
import type { OccurrenceTable } from "./walk/occurrence-table.ts";

/** Builds the graph's content. Externals are nodes where something uses them. */
export function graphContentOf(
    resolved: ResolvedWorkspace,
    captures: Captures,
): Steps<GraphContent> {
    return new ContentBuilder(resolved.source, captures).build();
}

/** Symbols between two turns for others. */
const STEP_ROWS = 1024;

/** Edges of one file as one crate sees it, each once; valid while its tokens and calls are these. */
interface FileEdges {
    readonly table: OccurrenceTable;
    readonly calls: ImplicitCalls;
    readonly columns: EdgeColumns;
}

/** Edges of a file, and which of them nothing before it says. */
interface SaidEdges {
    readonly edges: FileEdges;
    readonly isNew: Uint8Array;
}

/** A file's hash, and what it was made from: ids stand for the paths that they are made of. */
interface FileHash {
    readonly from: Uint32Array;
    readonly hash: string;
}

/** Hashes of files by their captures: whatever the symbols' numbers, equal ids give an equal hash. */
const knownHashes = new WeakMap<FileCapture, FileHash>();

/** By what tables of the same tokens have in common: whatever the symbols' numbers, they say the same edges. */
const tokenEdges = new WeakMap<object, TokenEdges>();

/** Edges of a workspace for each of its symbols, about; more have to be made room for. */
const EDGES_PER_SYMBOL = 4;

/** What stays from one graph of a basis to the next; two may be made at the same time. */
class KeptContent {
    static readonly #kept = new WeakMap<object, KeptContent>();
    readonly edges: (FileEdges | undefined)[] = [];
    edgeCount = 0;

    static of({ basis }: ResolutionSource): KeptContent {
        let kept = KeptContent.#kept.get(basis);
        if (kept === undefined) {
            kept = new KeptContent();
            KeptContent.#kept.set(basis, kept);
        }
        return kept;
    }
}

class ContentBuilder {
    readonly #source: ResolutionSource;
    readonly #captures: Captures;
    readonly #kept: KeptContent;
    /** Between symbols. */
    readonly #edges: EdgeSet;
    /** Edges of the file that is looked at. */
    readonly #ofFile = new EdgeSet();
    readonly #used = new Set<number>();

    constructor(source: ResolutionSource, captures: Captures) {
        this.#source = source;
        this.#captures = captures;
        this.#kept = KeptContent.of(source);
        this.#edges = new EdgeSet(this.#kept.edgeCount || EDGES_PER_SYMBOL * source.symbolCount);
    }

    *build(): Steps<GraphContent> {
        const source = this.#source;
        // Every file first: walking them is what makes externals.
        for (let number = 0; number < source.files.length; number++) {
            source.table(number);
            yield;
        }
        const facts = yield* SymbolFacts.inSteps(source);
        yield* giveStructuralEdges(source, (from, to, kind) => {
            this.#edges.add(from, to, kind);
        });
        const said = new Map<string, SaidEdges[]>();
        for (const [number, file] of source.files.entries()) {
            appendTo(said, file.path, this.#addEdgesOf(number));
            yield;
        }
        this.#noteUsed(facts);
        yield;
        const { nodes, positions } = yield* this.#nodes(facts);
        yield;
        const edges = this.#edgesBetween(positions);
        this.#kept.edgeCount = edges.kinds.length;
        const files: FileRecord[] = [];
        for (const file of source.ownership()) {
            files.push(this.#fileRecord(file, said.get(file.path) ?? [], facts));
            yield;
        }
        // The first change of a file is compared with them, and then somebody waits.
        for (const { tree } of this.#captures.values()) {
            interfaceHash(tree);
            yield;
        }
        return { nodes, edges, files };
    }

    #addEdgesOf(number: number): SaidEdges {
        const edges = this.#edgesOf(number);
        const { sources, targets, kinds } = edges.columns;
        const isNew = kinds.map((kind, row) =>
            this.#edges.add(sources[row] ?? 0, targets[row] ?? 0, kind) ? 1 : 0,
        );
        return { edges, isNew };
    }

    #edgesOf(number: number): FileEdges {
        const [table, calls] = [this.#source.table(number), this.#source.implicitCalls(number)];
        const known = this.#kept.edges[number];
        if (known?.table === table && known.calls === calls) {
            return known;
        }
        const { sources, targets, kinds } = this.#findEdges(number, table);
        const columns = {
            sources: sources.slice(),
            targets: targets.slice(),
            kinds: kinds.slice(),
        };
        const edges = { table, calls, columns };
        this.#kept.edges[number] = edges;
        return edges;
    }

    #findEdges(number: number, table: OccurrenceTable): EdgeColumns {
        const found = this.#ofFile;
        found.clear();
        const origin = originOf(table);
        const known = tokenEdges.get(origin);
        const sink: EdgeSink = (from, to, kind) => {
            found.add(from, to, kind);
        };
        if (known !== undefined) {
            giveKnownEdges(this.#source, known, { table, sink });
        } else {
            const places: number[] = [];
            giveTokenEdges(this.#source, number, (from, to, kind, place) => {
                if (found.add(from, to, kind)) {
                    places.push(place);
                }
            });
            tokenEdges.set(origin, {
                places: Float64Array.from(places),
                kinds: found.columns().kinds.slice(),
            });
        }
        giveImplicitEdges(this.#source, number, sink);
        return found.columns();
    }

    /** An external is a node where it is used. */
    #noteUsed(facts: SymbolFacts): void {
        const { sources, targets } = this.#edges.columns();
        const note = (index: number): void => {
            if ((facts.traitsOf(index) & SYMBOL_TRAIT.external) !== 0) {
                this.#used.add(index);
            }
        };
        sources.forEach(note);
        targets.forEach(note);
    }

    /** The nodes, and the position of each symbol among them. */
    *#nodes(
        facts: SymbolFacts,
    ): Steps<{ readonly nodes: GraphNode[]; readonly positions: Uint32Array }> {
        const nodes: GraphNode[] = [];
        const count = this.#source.symbolCount;
        const positions = new Uint32Array(count).fill(NO_NODE);
        for (let index = 0; index < count; index++) {
            const traits = facts.traitsOf(index);
            const isExternal = (traits & SYMBOL_TRAIT.external) !== 0;
            const isOwn = (traits & SYMBOL_TRAIT.ownNode) !== 0;
            if (isExternal ? this.#used.has(index) : isOwn) {
                positions[index] = nodes.length;
                nodes.push(facts.nodeAt(index));
            }
            if (index % STEP_ROWS === 0) {
                yield;
            }
        }
        return { nodes, positions };
    }

    #edgesBetween(positions: Uint32Array): EdgeColumns {
        const { sources, targets, kinds } = this.#edges.columns();
        const position = (symbol: number): number => positions[symbol] ?? NO_NODE;
        return { sources: sources.map(position), targets: targets.map(position), kinds };
    }

    #fileRecord(file: FileOwnership, said: readonly SaidEdges[], facts: SymbolFacts): FileRecord {
        const { path, owners, cfg } = file;
        const capture = this.#captures.get(path);
        return {
            path,
            owners: owners.map((owner) => this.#source.symbol(owner).path).sort(),
            cfg,
            contentHash: capture?.contentHash ?? "",
            tokenHash: capture?.tokenHash ?? "",
            factsHash: this.#factsHash(path, said, facts),
        };
    }

    /** Hash of the edges that a file says first, and of the nodes in it. */
    #factsHash(path: string, said: readonly SaidEdges[], facts: SymbolFacts): string {
        const capture = this.#captures.get(path);
        const from = wordsOf(said, facts.nodesIn(path), facts);
        const known = capture === undefined ? undefined : knownHashes.get(capture);
        if (known !== undefined && isSame(known.from, from)) {
            return known.hash;
        }
        const hash = this.#hash(path, said, facts);
        if (capture !== undefined) {
            knownHashes.set(capture, { from, hash });
        }
        return hash;
    }

    #hash(path: string, said: readonly SaidEdges[], facts: SymbolFacts): string {
        const lines: string[] = [];
        for (const { edges, isNew } of said) {
            const { sources, targets, kinds } = edges.columns;
            kinds.forEach((kind, row) => {
                if (isNew[row] === 1) {
                    const from = facts.idText(sources[row] ?? 0);
                    const to = facts.idText(targets[row] ?? 0);
                    lines.push(`${EDGE_KINDS[kind] ?? "reference"} ${from} ${to}\n`);
                }
            });
        }
        for (const index of facts.nodesIn(path)) {
            const node = facts.nodeAt(index);
            lines.push(`node ${node.path} ${node.flags}\n`);
        }
        return createHash("sha256").update(lines.join("")).digest("hex");
    }
}

/** What a file's hash is made from, as words. */
function wordsOf(
    said: readonly SaidEdges[],
    nodes: readonly number[],
    facts: SymbolFacts,
): Uint32Array {
    const ids = new Uint32Array(facts.ids.buffer);
    const rows = said.reduce((sum, { isNew }) => sum + isNew.length, nodes.length);
    const words = new Uint32Array(1 + 5 * rows);
    let at = 1;
    const putId = (symbol: number): void => {
        words[at] = ids[2 * symbol] ?? 0;
        words[at + 1] = ids[2 * symbol + 1] ?? 0;
        at += 2;
    };
    for (const { edges, isNew } of said) {
        const { sources, targets, kinds } = edges.columns;
        for (let row = 0; row < kinds.length; row++) {
            if (isNew[row] === 1) {
                words[at] = kinds[row] ?? 0;
                at += 1;
                putId(sources[row] ?? 0);
                putId(targets[row] ?? 0);
            }
        }
    }
    // Where the nodes begin.
    words[0] = at;
    for (const index of nodes) {
        words[at] = facts.nodeAt(index).flags;
        at += 1;
        putId(index);
    }
    return words.slice(0, at);
}

function isSame(one: Uint32Array, other: Uint32Array): boolean {
    return one.length === other.length && one.every((word, at) => word === other[at]);
}
