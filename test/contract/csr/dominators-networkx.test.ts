// Dominators beside those of networkx, a library that knows nothing of ours. Not run where Python has it not.

import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";

import {
    nativeTraversal,
    NO_DOMINATOR,
    NOT_REACHED,
    typescriptTraversal,
    type Traversal,
} from "../../../src/csr/index.ts";
import { loadNative } from "../../../src/native/index.ts";
import { seededNumbers } from "../../support/trie-records.ts";

const PROGRAM = `
import json, sys, networkx
answers = []
for nodes, edges in json.load(sys.stdin):
    graph = networkx.DiGraph()
    graph.add_nodes_from(range(nodes))
    graph.add_edges_from(edges)
    idoms = networkx.immediate_dominators(graph, 0)
    answers.append([[node, idoms[node]] for node in idoms])
json.dump(answers, sys.stdout)
`;

type Drawn = readonly [nodes: number, edges: readonly (readonly [number, number])[]];

function draw(seed: number): Drawn {
    const random = seededNumbers(seed);
    const below = (bound: number): number => Math.floor(random() * bound);
    const nodes = 1 + below(seed % 10 === 0 ? 800 : 60);
    const count = below(nodes * 3);
    return [nodes, Array.from({ length: count }, () => [below(nodes), below(nodes)] as const)];
}

const graphs = Array.from({ length: 150 }, (_, seed) => draw(seed + 1));
const asked = spawnSync("python3", ["-c", PROGRAM], {
    input: JSON.stringify(graphs),
    encoding: "utf8",
});
const native = loadNative();
const backends: readonly Traversal[] = [
    typescriptTraversal,
    ...(native.ok ? [nativeTraversal(native.addon, { edgesMin: 0 })] : []),
];

describe.runIf(asked.status === 0)("dominators beside networkx", () => {
    test.each(backends.map((backend) => [backend.name, backend] as const))("%s", (_, backend) => {
        const answers = JSON.parse(asked.stdout) as (readonly [number, number | null])[][];
        graphs.forEach(([nodes, edges], at) => {
            const expected = new Int32Array(nodes).fill(NOT_REACHED);
            for (const [node, idom] of answers[at] ?? []) {
                // The root has itself for its dominator, or none, by the library's version.
                expected[node] = node === 0 ? NO_DOMINATOR : (idom ?? NO_DOMINATOR);
            }
            expected[0] = NO_DOMINATOR;
            const csr = backend.buildCsr(nodes, {
                sources: Uint32Array.from(edges, ([source]) => source),
                targets: Uint32Array.from(edges, ([, target]) => target),
                kinds: new Uint8Array(edges.length),
            });
            expect(backend.dominators(csr, [0], 1), `graph ${at}`).toEqual(expected);
        });
    });
});
