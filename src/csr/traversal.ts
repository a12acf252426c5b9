// The port behind which graphs are built and searched, and its reference in TypeScript. Every backend gives the
// same answers: test/contract/traversal.ts.

import { bfs, type BfsOptions, type BfsResult } from "./bfs.ts";
import { bfsMany, type ManyOptions, type ManyResult } from "./bfs-many.ts";
import { buildCsr, transpose, type Csr, type EdgeArrays } from "./build-csr.ts";
import { components } from "./components.ts";
import { dfs, type DfsResult } from "./dfs.ts";
import { dominators } from "./dominators.ts";
import { bfsOrder, relabel } from "./relabel.ts";

/** Builds and searches graphs. */
export interface Traversal {
    /** What does it, as it is shown to users. */
    readonly name: string;
    buildCsr(nodeCount: number, edges: EdgeArrays): Csr;
    transpose(csr: Csr): Csr;
    bfsOrder(csr: Csr): Uint32Array;
    relabel(csr: Csr, order: Uint32Array): Csr;
    bfs(csr: Csr, source: number | Iterable<number>, options: BfsOptions): BfsResult;
    bfsMany(csr: Csr, sources: Iterable<number>, options: ManyOptions): ManyResult;
    dfs(csr: Csr, roots: Iterable<number>, kinds: number): DfsResult;
    dominators(csr: Csr, entries: Iterable<number>, kinds: number): Int32Array;
    components(csr: Csr, kinds: number): Uint32Array;
}

/** The reference. */
export const typescriptTraversal: Traversal = {
    name: "TypeScript",
    buildCsr,
    transpose,
    bfsOrder,
    relabel,
    bfs,
    bfsMany,
    dfs,
    dominators,
    components,
};
