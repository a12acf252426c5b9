// What changes reach among the code that can be in a package's tests: the package, what it depends on without the
// tests of that, and the binaries that it starts. A way through other code is none, whatever the names on it, and a
// change of other code is none.

import { kindMask, edgesOf, type BfsResult } from "../../csr/index.ts";
import type { WorkspaceModel } from "../../workspace/index.ts";
import { traversalHere } from "../traversal-here.ts";
import { packageReach } from "./crate-units.ts";
import type { DependenceGraph } from "./graph-layout.ts";
import { WAY } from "./ways.ts";

/** What is searched. */
export interface PackageSearchInput {
    readonly model: WorkspaceModel;
    readonly graph: Pick<DependenceGraph, "csr" | "packages" | "testOnly">;
    readonly seeds: SeedChanges;
}

/** Changes by the nodes that they meet at once. */
export interface SeedChanges {
    readonly nodes: ReadonlyMap<number, readonly number[]>;
    /** The packages in which a change is; undefined for one that may be in any. */
    readonly packages: readonly (ReadonlySet<number> | undefined)[];
}

/** Searches of one question, one for each package. */
export class PackageSearch {
    readonly #input: PackageSearchInput;
    readonly #edges: ReturnType<typeof edgesOf>;
    readonly #kinds = kindMask(Object.values(WAY));
    readonly #reach: ReadonlySet<number>[];
    readonly #known = new Map<number, BfsResult>();

    constructor(input: PackageSearchInput) {
        this.#input = input;
        this.#edges = edgesOf(input.graph.csr);
        this.#reach = packageReach(input.model);
        this.#addStarted();
    }

    /** What is reached for the tests of a package. */
    of(index: number): BfsResult {
        let found = this.#known.get(index);
        if (found === undefined) {
            found = this.#search(index);
            this.#known.set(index, found);
        }
        return found;
    }

    /** The first change that meets a node at once, as far as the tests of a package have it; undefined for none. */
    changeAt(node: number, index: number): number | undefined {
        const { nodes, packages } = this.#input.seeds;
        const within = this.#within(index);
        return nodes.get(node)?.find((change) => {
            const own = packages[change];
            return own === undefined || [...own].some((one) => within.has(one));
        });
    }

    #within(index: number): ReadonlySet<number> {
        return this.#reach[index] ?? new Set([index]);
    }

    /** Packages whose binaries a package's code starts are as good as depended on. */
    #addStarted(): void {
        const { packages } = this.#input.graph;
        const { sources, targets, kinds } = this.#edges;
        const started = new Map<number, Set<number>>();
        for (let edge = 0; edge < sources.length; edge++) {
            if (kinds[edge] === WAY.runsBinary) {
                const [main, starter] = [sources[edge] ?? 0, targets[edge] ?? 0];
                const from = packages[starter] ?? -1;
                const found = started.get(from) ?? new Set();
                started.set(from, found.add(packages[main] ?? -1));
            }
        }
        for (const within of started.size === 0 ? [] : this.#reach) {
            const all = within as Set<number>;
            // What is added on the way is gone through as well.
            for (const one of all) {
                for (const other of started.get(one) ?? []) {
                    this.#reach[other]?.forEach((each) => all.add(each));
                }
            }
        }
    }

    #search(index: number): BfsResult {
        const { csr, packages, testOnly } = this.#input.graph;
        const { seeds } = this.#input;
        const { sources, targets, kinds } = this.#edges;
        const within = this.#within(index);
        const isIn = Uint8Array.from(packages, (one, node) => {
            const isOthers = one !== index && testOnly[node] === 1;
            return one === -1 || (within.has(one) && !isOthers) ? 1 : 0;
        });
        const kept = new Uint32Array(sources.length);
        let count = 0;
        for (let edge = 0; edge < sources.length; edge++) {
            if (isIn[sources[edge] ?? 0] === 1 && isIn[targets[edge] ?? 0] === 1) {
                kept[count] = edge;
                count += 1;
            }
        }
        const edges = kept.subarray(0, count);
        const part = traversalHere().buildCsr(csr.nodeCount, {
            sources: edges.map((edge) => sources[edge] ?? 0),
            targets: edges.map((edge) => targets[edge] ?? 0),
            kinds: Uint8Array.from(edges, (edge) => kinds[edge] ?? 0),
        });
        const met = [...seeds.nodes.keys()].filter(
            (node) => isIn[node] === 1 && this.changeAt(node, index) !== undefined,
        );
        return traversalHere().bfs(part, met, { kinds: this.#kinds });
    }
}
