import { typescriptTraversal } from "../../../src/csr/index.ts";
import { traversalContract } from "../traversal.ts";

traversalContract("TypeScript", () => typescriptTraversal, { nodeCountMax: 40, runs: 200 });
