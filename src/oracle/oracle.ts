// Answers what a change of a symbol reaches. Every answer is a breadth-first search over a CSR that was
// built from the snapshot; nothing loops over the snapshot's content.

/* eslint-disable @typescript-eslint/no-non-null-assertion -- node numbers come out of searches over the
   same graph */

import { assert, OperatingError, required } from "../base/index.ts";
import {
    CsrGraph,
    edgesOf,
    kindMask,
    typescriptTraversal,
    type BfsOptions,
    type BfsResult,
    type Csr,
    type Traversal,
} from "../csr/index.ts";
import {
    EDGE_KINDS,
    edgeKindCode,
    formatNodeId,
    NODE_FLAG,
    type EdgeKind,
    type NodeId,
} from "../graph/index.ts";
import type { GraphSnapshot } from "../graphstore/index.ts";
import { attribute, type Attribution } from "./attribution.ts";
import {
    buildImpactGraph,
    DISPATCH_CALL,
    DISPATCH_STEP,
    type ImpactGraph,
} from "./impact-graph.ts";

/** Kinds that a ripple follows when nothing else is asked for. */
const IMPACT_KINDS: readonly EdgeKind[] = ["call", "reference", "implements"];

/** How a ripple went from a node to the next: an edge, or a call that may be dispatched to it. */
export type RippleEdge = EdgeKind | "dispatch";

/** One node that reaches the asked one. */
export interface RippleEntry {
    readonly id: NodeId;
    /** Number of edges on a shortest way; a dispatched call is two (call, implements). */
    readonly distance: number;
    /** The next node on that way, towards the asked one. */
    readonly via: NodeId;
    /** What leads from this node to `via`. */
    readonly edge: RippleEdge;
    /** The trait's item that is called, when `edge` is `dispatch`. */
    readonly through: NodeId | undefined;
}

/** How far a ripple is followed. */
export interface ImpactOptions {
    /** Kinds of edges; IMPACT_KINDS by default. */
    readonly kinds?: readonly EdgeKind[];
    /** Largest distance; unlimited by default. */
    readonly depth?: number;
}

/** A direct user of a rename family. */
export interface FamilyUser {
    readonly id: NodeId;
    /** The member that is used. */
    readonly uses: NodeId;
    readonly edge: EdgeKind;
}

/** What a rename has to change together, and who names it. */
export interface RenameReach {
    /** The symbol and all that must have its name, the symbol first. */
    readonly family: readonly NodeId[];
    readonly users: readonly FamilyUser[];
}

/** How far a change of one symbol reaches. */
export interface SymbolReach {
    readonly id: NodeId;
    /** Number of nodes that reach it: the length of its impactOf. */
    readonly reached: number;
    /** Greatest distance among them; 0 where nothing reaches it. */
    readonly depth: number;
}

/** Answers questions of one snapshot. Unknown ids throw GRAPH_NO_NODE. */
export interface Oracle {
    readonly snapshot: GraphSnapshot;
    /** All nodes that reach a node or any of several, by distance; these themselves left out. */
    impactOf(target: NodeId | readonly NodeId[], options?: ImpactOptions): readonly RippleEntry[];
    /** Those of impactOf that belong to another crate than the symbol. */
    crossCrateUsers(id: NodeId, options?: ImpactOptions): readonly RippleEntry[];
    /** The rename family (joined by Implements, and by cfg twins where given) and its direct users. */
    propagateRename(id: NodeId, twins?: readonly (readonly NodeId[])[]): RenameReach;
    /** The tests among impactOf. */
    affectedTests(id: NodeId, options?: ImpactOptions): readonly RippleEntry[];
    /** How far each of many symbols reaches, the widest first, then by id. */
    reachOf(ids: readonly NodeId[], options?: ImpactOptions): readonly SymbolReach[];
    /** The crate that contains a node; undefined for externals. */
    crateOf(id: NodeId): NodeId | undefined;
    /** The innermost module or crate that contains a node, itself left out; undefined for externals. */
    moduleOf(id: NodeId): NodeId | undefined;
}

/** Makes an oracle of a snapshot; what it needs is built at the first question. */
export function createOracle(
    snapshot: GraphSnapshot,
    traversal: Traversal = typescriptTraversal,
): Oracle {
    return new CsrOracle(snapshot, traversal);
}

const CALL = edgeKindCode("call");
const REFERENCE = edgeKindCode("reference");
const IMPLEMENTS = edgeKindCode("implements");

class CsrOracle implements Oracle {
    readonly snapshot: GraphSnapshot;
    readonly #traversal: Traversal;
    #forward: CsrGraph | undefined;
    #backward: CsrGraph | undefined;
    #impact: ImpactGraph | undefined;
    #attribution: Attribution | undefined;

    constructor(snapshot: GraphSnapshot, traversal: Traversal) {
        this.snapshot = snapshot;
        this.#traversal = traversal;
    }

    impactOf(
        target: NodeId | readonly NodeId[],
        options: ImpactOptions = {},
    ): readonly RippleEntry[] {
        const ids = typeof target === "bigint" ? [target] : target;
        const sources = ids.map((id) => this.#require(id));
        const graph = this.#impactGraph();
        const found = this.#traversal.bfs(graph.csr, sources, followed(options));
        return this.#entriesOf(graph, found);
    }

    reachOf(ids: readonly NodeId[], options: ImpactOptions = {}): readonly SymbolReach[] {
        const sources = ids.map((id) => this.#require(id));
        const graph = this.#impactGraph();
        // The nodes added for dispatch come last: they are passages, not symbols.
        const found = this.#traversal.bfsMany(graph.csr, sources, {
            ...followed(options),
            countedNodes: graph.nodeCount,
        });
        const reaches = ids.map((id, index) => ({
            id,
            reached: found.counts[index]! - 1,
            depth: found.depths[index]!,
        }));
        return reaches.sort((a, b) => b.reached - a.reached || (a.id < b.id ? -1 : 1));
    }

    crossCrateUsers(id: NodeId, options: ImpactOptions = {}): readonly RippleEntry[] {
        const { crates } = this.#attributed();
        const own = crates[this.#require(id)];
        return this.impactOf(id, options).filter(
            (entry) => crates[this.#require(entry.id)] !== own,
        );
    }

    propagateRename(id: NodeId, twins: readonly (readonly NodeId[])[] = []): RenameReach {
        const start = this.#require(id);
        const family = this.#familyOf(start, twins);
        const members = new Set(family);
        const csr = this.#backwardCsr().csr;
        const found = this.#traversal.bfs(csr, family, {
            kinds: kindMask([CALL, REFERENCE]),
            maxDepth: 1,
        });
        const users = [...found.reachable()].filter((node) => !members.has(node));
        return {
            family: family.map((node) => this.snapshot.idAt(node)),
            users: users.map((node) => ({
                id: this.snapshot.idAt(node),
                uses: this.snapshot.idAt(found.parents[node]!),
                edge: requireKind(found.parentKinds[node]!),
            })),
        };
    }

    affectedTests(id: NodeId, options: ImpactOptions = {}): readonly RippleEntry[] {
        return this.impactOf(id, options).filter(
            (entry) => (this.snapshot.flagsAt(this.#require(entry.id)) & NODE_FLAG.test) !== 0,
        );
    }

    crateOf(id: NodeId): NodeId | undefined {
        const crate = this.#attributed().crates[this.#require(id)]!;
        return crate < 0 ? undefined : this.snapshot.idAt(crate);
    }

    moduleOf(id: NodeId): NodeId | undefined {
        const module = this.#attributed().modules[this.#require(id)]!;
        return module < 0 ? undefined : this.snapshot.idAt(module);
    }

    // An impl is no name: it joins a trait to nothing that is renamed with it.
    #familyOf(start: number, twins: readonly (readonly NodeId[])[]): number[] {
        const { snapshot } = this;
        const links = this.#implementsLinks(twins);
        const joined = this.#traversal.bfs(links, start, { kinds: 0xffff_ffff }).reachable();
        const rest = [...joined].filter(
            (node) => node !== start && snapshot.kindAt(node) !== "impl",
        );
        return [start, ...rest];
    }

    /** Implements edges in both directions, and the twins as a chain. */
    #implementsLinks(twins: readonly (readonly NodeId[])[]): Csr {
        const from: number[] = [];
        const to: number[] = [];
        const { rowOffsets, columns, kinds } = this.#forwardCsr().csr;
        for (let row = 0; row < this.snapshot.nodeCount; row++) {
            for (let at = rowOffsets[row]!; at < rowOffsets[row + 1]!; at++) {
                if (kinds[at] === IMPLEMENTS) {
                    from.push(row, columns[at]!);
                    to.push(columns[at]!, row);
                }
            }
        }
        for (const group of twins) {
            const nodes = group.map((id) => this.#require(id));
            for (let at = 1; at < nodes.length; at++) {
                from.push(nodes[at - 1]!, nodes[at]!);
                to.push(nodes[at]!, nodes[at - 1]!);
            }
        }
        return this.#traversal.buildCsr(this.snapshot.nodeCount, {
            sources: Uint32Array.from(from),
            targets: Uint32Array.from(to),
            kinds: new Uint8Array(from.length),
        });
    }

    // Added nodes are passages: who is reached through one is reached from the item before it.
    #entriesOf(graph: ImpactGraph, found: BfsResult): RippleEntry[] {
        const { snapshot } = this;
        const entries: RippleEntry[] = [];
        for (const node of found.reachable()) {
            const parent = found.parents[node]!;
            if (parent < 0 || node >= graph.nodeCount) {
                continue;
            }
            const isDispatched = parent >= graph.nodeCount;
            const via = isDispatched ? found.parents[parent]! : parent;
            entries.push({
                id: snapshot.idAt(node),
                distance: found.dist[node]!,
                via: snapshot.idAt(via),
                edge: isDispatched ? "dispatch" : requireKind(found.parentKinds[node]!),
                through: isDispatched
                    ? snapshot.idAt(graph.dispatched[parent - graph.nodeCount]!)
                    : undefined,
            });
        }
        return entries;
    }

    #require(id: NodeId): number {
        const node = this.snapshot.findNode(id);
        if (node === undefined) {
            const message = `no node ${formatNodeId(id)} in graph ${this.snapshot.graphRoot}`;
            throw new OperatingError("GRAPH_NO_NODE", message);
        }
        return node;
    }

    #forwardCsr(): CsrGraph {
        this.#forward ??= this.snapshot.toCsr();
        return this.#checked(this.#forward);
    }

    #backwardCsr(): CsrGraph {
        const forward = this.#forwardCsr();
        this.#backward ??= new CsrGraph(
            this.#traversal.transpose(forward.csr),
            forward.root,
            forward.nodeIds,
        );
        return this.#checked(this.#backward);
    }

    #impactGraph(): ImpactGraph {
        this.#impact ??= buildImpactGraph(
            this.snapshot.nodeCount,
            edgesOf(this.#forwardCsr().csr),
            this.#traversal,
        );
        return this.#impact;
    }

    #attributed(): Attribution {
        this.#attribution ??= attribute(this.snapshot, this.#forwardCsr(), this.#traversal);
        return this.#attribution;
    }

    #checked(graph: CsrGraph): CsrGraph {
        assert(graph.root === this.snapshot.graphRoot, "adjacency belongs to the snapshot asked");
        return graph;
    }
}

/** What a search for impact follows: the kinds asked for, and calls by dispatch where both kinds are. */
function followed(options: ImpactOptions): BfsOptions {
    const kinds = (options.kinds ?? IMPACT_KINDS).map(edgeKindCode);
    const dispatches = kinds.includes(CALL) && kinds.includes(IMPLEMENTS);
    const steps = dispatches ? [DISPATCH_STEP, DISPATCH_CALL] : [];
    return {
        kinds: kindMask([...kinds, ...steps]),
        ...(options.depth === undefined ? {} : { maxDepth: options.depth }),
    };
}

function requireKind(code: number): EdgeKind {
    return required(EDGE_KINDS[code], "an edge has a known kind");
}
