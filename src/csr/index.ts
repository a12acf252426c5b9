// Adjacency as typed arrays and traversal over it. Dense integers only; the reference for native backends.

export { ALL_KINDS, bfs, kindMask, NO_KIND, type BfsOptions, type BfsResult } from "./bfs.ts";
export {
    buildCsr,
    CSR_COUNT_MAX,
    edgesOf,
    KIND_COUNT_MAX,
    transpose,
    type Csr,
    type EdgeArrays,
} from "./build-csr.ts";
export { CsrGraph } from "./csr-graph.ts";
