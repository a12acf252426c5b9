// Adjacency as typed arrays and traversal over it. Dense integers only; the reference for native backends.

export { bfs, kindMask, type BfsOptions, type BfsResult } from "./bfs.ts";
export { buildCsr, edgesOf, transpose, type Csr, type EdgeArrays } from "./build-csr.ts";
export { CsrGraph } from "./csr-graph.ts";
