// Adjacency as typed arrays and traversal over it, in TypeScript or by the addon. Dense integers only.

export { kindMask, type BfsOptions, type BfsResult } from "./bfs.ts";
export type { ManyOptions, ManyResult } from "./bfs-many.ts";
export { buildCsr, edgesOf, transpose, type Csr, type EdgeArrays } from "./build-csr.ts";
export { CsrGraph } from "./csr-graph.ts";
export type { DfsResult } from "./dfs.ts";
export { dominatorsOf, NO_DOMINATOR, NOT_REACHED } from "./dominators.ts";
export { nativeTraversal } from "./native-traversal.ts";
export { typescriptTraversal, type Traversal } from "./traversal.ts";
