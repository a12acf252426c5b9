import { bfs, buildCsr, transpose } from "../../../src/csr/index.ts";
import { traversalContract } from "../traversal.ts";

traversalContract("TypeScript", () => ({ bfs, buildCsr, transpose }), {
    deterministicParents: true,
    nodeCountMax: 40,
    runs: 200,
});
