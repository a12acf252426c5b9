import { describe, expect, test } from "vitest";

import type { GraphDelta } from "../../../src/graph/index.ts";
import {
    buildSnapshot,
    emitDeltas,
    normalize as normalizeContent,
    overlaySnapshot,
    type NormalizedGraph,
} from "../../../src/graphstore/index.ts";
import {
    contentOf,
    contentText,
    edgeOf,
    fileOf,
    nodeOf,
    randomContent,
    type ListedContent,
} from "../../support/graphs.ts";
import { seededNumbers, shuffled } from "../../support/trie-records.ts";

function normalize(listed: ListedContent): NormalizedGraph {
    return normalizeContent(contentOf(listed));
}

const [a, b, c] = [nodeOf("k::a"), nodeOf("k::b"), nodeOf("k::c")] as const;

describe("normalize", () => {
    test("gives one order for one content", () => {
        const content = randomContent(1);
        const random = seededNumbers(5);
        const turned = {
            nodes: shuffled(content.nodes, random),
            edges: shuffled([...content.edges, ...content.edges], random),
            files: shuffled(content.files, random),
        };
        expect(normalize(turned)).toEqual(normalize(content));
        expect(normalize(content).problems).toEqual([]);
    });

    test("reports two definitions with one path and marks the node", () => {
        const { nodes, problems } = normalize({ nodes: [a, { ...a }], edges: [], files: [] });
        expect(nodes).toEqual([{ ...a, flags: 512 }]);
        expect(problems.map((problem) => problem.code)).toEqual(["GRAPH_DUPLICATE_PATH"]);
    });

    test("reports two paths with one id", () => {
        const { nodes, problems } = normalize({
            nodes: [a, { ...b, id: a.id }],
            edges: [],
            files: [],
        });
        expect(nodes).toEqual([a]);
        expect(problems.map((problem) => problem.code)).toEqual(["GRAPH_ID_COLLISION"]);
    });

    test("reports edges without an end, and files given twice", () => {
        const { edges, files, problems } = normalize({
            nodes: [a, b],
            edges: [edgeOf(a, "call", c), edgeOf(a, "call", b)],
            files: [fileOf("x.rs"), fileOf("x.rs")],
        });
        expect(edges.sources).toHaveLength(1);
        expect(files).toHaveLength(1);
        expect(problems.map((problem) => problem.code)).toEqual([
            "GRAPH_DANGLING_EDGE",
            "GRAPH_DUPLICATE_FILE",
        ]);
    });
});

describe("emitDeltas", () => {
    test("leads from any graph to any other, and then says nothing", () => {
        for (let seed = 1; seed <= 60; seed++) {
            const previous = buildSnapshot(normalize(randomContent(seed)));
            const next = normalize(randomContent(seed + 1000, 20 + (seed % 30), seed * 3));
            const after = overlaySnapshot(previous, emitDeltas(previous, next));
            const expected = buildSnapshot(next);
            expect(contentText(after)).toEqual(contentText(expected));
            expect(after.stateRoot).toBe(expected.stateRoot);
            expect(emitDeltas(after, next)).toEqual([]);
        }
    });

    test("says only what differs", () => {
        const content = {
            nodes: [a, b, c],
            edges: [edgeOf(a, "call", b)],
            files: [fileOf("x.rs")],
        };
        const previous = buildSnapshot(normalize(content));
        const changed = { ...b, flags: 4 };
        expect(emitDeltas(previous, normalize({ ...content, nodes: [a, changed] }))).toEqual([
            { kind: "remove-node", id: c.id },
            { kind: "add-node", node: changed },
        ]);
        expect(
            emitDeltas(
                previous,
                normalize({
                    ...content,
                    edges: [edgeOf(b, "call", a)],
                    files: [fileOf("x.rs", "1")],
                }),
            ),
        ).toEqual([
            { kind: "remove-edge", edge: edgeOf(a, "call", b) },
            { kind: "add-edge", edge: edgeOf(b, "call", a) },
            { kind: "put-file", file: fileOf("x.rs", "1") },
        ]);
    });

    test("keeps the edges of a node whose record changes", () => {
        const content = { nodes: [a, b], edges: [edgeOf(a, "call", b)], files: [] };
        const previous = buildSnapshot(normalize(content));
        const next = normalize({ ...content, nodes: [a, { ...b, kind: "method" }] });
        const after = overlaySnapshot(previous, emitDeltas(previous, next));
        expect(contentText(after)).toEqual(contentText(buildSnapshot(next)));
    });

    test("says a told rename as one delta that takes the descendants along", () => {
        const module = nodeOf("k::m", "module");
        const inner = nodeOf("k::m::f");
        const renamed = nodeOf("k::n", "module");
        const moved = nodeOf("k::n::f");
        const other = nodeOf("k::mm::f");
        const previous = buildSnapshot(
            normalize({
                nodes: [module, inner, other, a],
                edges: [edgeOf(module, "contains", inner), edgeOf(a, "call", inner)],
                files: [],
            }),
        );
        const next = normalize({
            nodes: [renamed, moved, other, a],
            edges: [edgeOf(renamed, "contains", moved), edgeOf(a, "call", moved)],
            files: [],
        });
        const renames = new Map([[module.id, renamed.id]]);
        const deltas = emitDeltas(previous, next, { renames });
        expect(deltas).toEqual([{ kind: "rename", from: module.id, to: renamed }]);
        const after = overlaySnapshot(previous, deltas);
        expect(contentText(after)).toEqual(contentText(buildSnapshot(next)));
        expect(after.stateRoot).toBe(buildSnapshot(next).stateRoot);
        expect(emitDeltas(previous, next).length).toBe(8);
    });

    test("does not rename onto a node that is there", () => {
        const previous = buildSnapshot(normalize({ nodes: [a, b], edges: [], files: [] }));
        const next = normalize({ nodes: [b], edges: [], files: [] });
        expect(emitDeltas(previous, next, { renames: new Map([[a.id, b.id]]) })).toEqual([
            { kind: "remove-node", id: a.id },
        ]);
    });
});

describe("an overlay", () => {
    const base = buildSnapshot(
        normalize({ nodes: [a, b], edges: [edgeOf(a, "call", b)], files: [fileOf("x.rs")] }),
    );
    const bad: [string, GraphDelta][] = [
        ["an edge to nothing", { kind: "add-edge", edge: edgeOf(a, "call", c) }],
        ["an edge twice", { kind: "add-edge", edge: edgeOf(a, "call", b) }],
        ["an edge away that is not there", { kind: "remove-edge", edge: edgeOf(b, "call", a) }],
        ["a node away that has edges", { kind: "remove-node", id: b.id }],
        ["a node away that is not there", { kind: "remove-node", id: c.id }],
        ["a file away that is not there", { kind: "remove-file", path: "y.rs" }],
        ["a rename of nothing", { kind: "rename", from: c.id, to: nodeOf("k::d") }],
        ["a rename onto another", { kind: "rename", from: a.id, to: b }],
    ];

    test.each(bad)("refuses %s", (name, delta) => {
        const index: GraphDelta = { kind: "remove-edge", edge: edgeOf(a, "call", b) };
        const again: GraphDelta = { kind: "add-edge", edge: edgeOf(a, "call", b) };
        // Taking an edge out first makes the index by which repetitions are found.
        const deltas = name === "an edge twice" ? [index, again, delta] : [delta];
        expect(() => overlaySnapshot(base, deltas)).toThrow(
            expect.objectContaining({ code: "GRAPH_BAD_DELTA" }),
        );
        expect(contentText(base)).toHaveLength(4);
    });

    test("leaves its base as it was", () => {
        const before = contentText(base);
        const after = overlaySnapshot(base, [
            { kind: "remove-edge", edge: edgeOf(a, "call", b) },
            { kind: "remove-node", id: b.id },
            { kind: "remove-file", path: "x.rs" },
        ]);
        expect(contentText(after)).toEqual([`n ${a.path} function a 0`]);
        expect(contentText(base)).toEqual(before);
        expect(after.findNode(b.id)).toBeUndefined();
        expect(after.findFile("x.rs")).toBeUndefined();
        expect(base.findFile("x.rs")).toEqual(fileOf("x.rs"));
    });
});
