// What changes reach among the code that can be in a package's tests: the package, what it depends on, and
// the binaries that it starts. A way through other code is none, whatever the names on it.

import { kindMask, edgesOf, type BfsResult } from "../../csr/index.ts";
import type { WorkspaceModel } from "../../workspace/index.ts";
import { traversalHere } from "../traversal-here.ts";
import { packageReach } from "./crate-units.ts";
import type { DependenceGraph } from "./dependence-graph.ts";
import { WAY } from "./ways.ts";

/** What is searched. */
export interface PackageSearchInput {
    readonly model: WorkspaceModel;
    readonly graph: Pick<DependenceGraph, "csr" | "packages">;
    readonly seeds: Iterable<number>;
}

/** Searches of one question, one for each set of packages. */
export class PackageSearch {
    readonly #input: PackageSearchInput;
    readonly #edges: ReturnType<typeof edgesOf>;
    readonly #kinds = kindMask(Object.values(WAY));
    readonly #reach: ReadonlySet<number>[];
    readonly #known = new Map<string, BfsResult>();

    constructor(input: PackageSearchInput) {
        this.#input = input;
        this.#edges = edgesOf(input.graph.csr);
        this.#reach = packageReach(input.model);
        this.#addStarted();
    }

    /** What is reached for the tests of a package. */
    of(index: number): BfsResult {
        const within = this.#reach[index] ?? new Set([index]);
        const key = [...within].sort((a, b) => a - b).join(" ");
        let found = this.#known.get(key);
        if (found === undefined) {
            found = this.#search(within);
            this.#known.set(key, found);
        }
        return found;
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

    #search(within: ReadonlySet<number>): BfsResult {
        const { csr, packages } = this.#input.graph;
        const { seeds } = this.#input;
        const { sources, targets, kinds } = this.#edges;
        const isIn = Uint8Array.from(packages, (one) => (one === -1 || within.has(one) ? 1 : 0));
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
        const met = [...seeds].filter((node) => isIn[node] === 1);
        return traversalHere().bfs(part, met, { kinds: this.#kinds });
    }
}
