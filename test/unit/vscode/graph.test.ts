// The graph's model: clusters, edges between them, places, search, and the tree that lists the same.

import { expect, test } from "vitest";

import { placeNodes, ROW_HEIGHT } from "../../../extensions/vscode/src/model/graph-layout.ts";
import {
    allClusters,
    clustersOf,
    openAtFirst,
    outline,
    searchSymbols,
    toGraphData,
    visibleGraph,
} from "../../../extensions/vscode/src/model/graph-model.ts";
import { EVERYTHING } from "../../../extensions/vscode/src/model/impact-filter.ts";
import { rippleOf } from "./impacts.ts";

const RIPPLE = rippleOf(
    "a::m::one 1",
    "a::m::two 1 -1 reference",
    "a::n::three 1",
    "b::only 1",
    "a::m::four 2 0",
    "a::m::five 2 1",
    "b::checks 3 4 call test",
);
const DATA = toGraphData(RIPPLE, EVERYTHING);
const CLOSED: ReadonlySet<string> = new Set();

/** Many symbols at a few distances in many crates. */
function wide(symbols: number): ReturnType<typeof rippleOf> {
    const lines = Array.from({ length: symbols }, (_, index) => {
        const distance = 1 + (index % 5);
        return `c${index % 40}::m${index % 7}::f${index} ${distance} ${distance === 1 ? -1 : index - 1}`;
    });
    return rippleOf(...lines);
}

test("shows a crate at a distance as one node, and a lonely symbol as itself", () => {
    const { nodes, edges } = visibleGraph(DATA, CLOSED);
    expect(nodes.map((node) => [node.id, node.kind, node.label, node.detail])).toEqual([
        ["asked", "asked", "scale", "7 symbols"],
        ["1/a", "crate", "a", "3 symbols"],
        ["symbol:3", "symbol", "only", "b"],
        ["2/a", "crate", "a", "2 symbols"],
        ["symbol:6", "symbol", "checks", "b"],
    ]);
    expect(edges.map(({ source, target, edge, size }) => [source, target, edge, size])).toEqual([
        ["1/a", "asked", "call", 2],
        ["1/a", "asked", "reference", 1],
        ["symbol:3", "asked", "call", 1],
        ["2/a", "1/a", "call", 2],
        ["symbol:6", "2/a", "call", 1],
    ]);
});

test("opens a crate into its modules, and a module into its symbols", () => {
    const ids = (open: readonly string[]): string[] =>
        visibleGraph(DATA, new Set(open)).nodes.map((node) => node.id);
    expect(ids(["1/a"])).toEqual(["asked", "1/a/a::m", "symbol:2", "symbol:3", "2/a", "symbol:6"]);
    expect(ids(["1/a", "1/a/a::m"])).toContain("symbol:0");
    // A crate with one module needs no second click.
    expect(ids(["2/a"])).toEqual(["asked", "1/a", "symbol:3", "symbol:4", "symbol:5", "symbol:6"]);
});

test("every symbol is in exactly one node, whatever is open", () => {
    const clusters = [...allClusters(DATA)];
    for (let bits = 0; bits < 1 << clusters.length; bits++) {
        const open = new Set(clusters.filter((_, index) => (bits & (1 << index)) !== 0));
        const { nodes, edges } = visibleGraph(DATA, open);
        const sizes = nodes.filter((node) => node.kind !== "asked").map((node) => node.size);
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(DATA.symbols.length);
        const ids = new Set(nodes.map((node) => node.id));
        expect(edges.every(({ source, target }) => ids.has(source) && ids.has(target))).toBe(true);
    }
});

test("opens a small ripple at once, and keeps a large one closed", () => {
    expect(openAtFirst(DATA)).toEqual(allClusters(DATA));
    expect(openAtFirst(toGraphData(wide(500), EVERYTHING)).size).toBe(0);
});

test("keeps what stands on the way to a test, marked", () => {
    const data = toGraphData(RIPPLE, { ...EVERYTHING, testsOnly: true });
    expect(data.symbols.map((each) => [each.label, each.isOnWay])).toEqual([
        ["one", true],
        ["four", true],
        ["checks", false],
    ]);
});

test("stands distances in columns, without two nodes in one place", () => {
    const data = toGraphData(wide(4_000), EVERYTHING);
    for (const open of [CLOSED, allClusters(data)]) {
        const { nodes, edges } = visibleGraph(data, open);
        const places = placeNodes(nodes, edges);
        expect(places.size).toBe(nodes.length);
        expect(new Set([...places.values()].map(({ x, y }) => `${x}/${y}`)).size).toBe(
            nodes.length,
        );
        const byLevel = nodes.map((node) => [node.level, places.get(node.id)?.x ?? 0] as const);
        for (const [level, x] of byLevel) {
            for (const [other, x2] of byLevel.slice(0, 50)) {
                expect(level < other ? x < x2 : level > other ? x > x2 : true).toBe(true);
            }
        }
    }
});

test("four thousand symbols are a few hundred nodes until they are opened", () => {
    const data = toGraphData(wide(4_000), EVERYTHING);
    expect(visibleGraph(data, CLOSED).nodes.length).toBeLessThan(250);
    expect(visibleGraph(data, allClusters(data)).nodes.length).toBe(4_001);
});

test("stands nodes near what they lead to", () => {
    const data = toGraphData(rippleOf("a::x 1", "b::y 1", "c::toY 2 1", "d::toX 2 0"), EVERYTHING);
    const { nodes, edges } = visibleGraph(data, allClusters(data));
    const places = placeNodes(nodes, edges);
    const y = (index: number): number => places.get(`symbol:${index}`)?.y ?? Number.NaN;
    expect(Math.sign(y(2) - y(3))).toBe(Math.sign(y(1) - y(0)));
    expect(Math.abs(y(2) - y(3))).toBe(ROW_HEIGHT);
});

test("finds symbols by words of their path", () => {
    expect(searchSymbols(DATA, "A::M f")).toEqual([4, 5]);
    expect(searchSymbols(DATA, "  ")).toEqual([]);
    expect(clustersOf(DATA.symbols[4]!)).toEqual(["2/a", "2/a/a::m"]);
});

test("lists the same as a tree, with positions for a screen reader", () => {
    const rows = outline(DATA, new Set(["1/a", "1/a/a::m"]), new Set([1]));
    expect(rows.map((row) => [row.id, row.depth, row.isOpen, row.position, row.siblings])).toEqual([
        ["level:1", 1, true, 1, 3],
        ["1/a", 2, true, 1, 2],
        ["1/a/a::m", 3, true, 1, 2],
        ["symbol:0", 4, undefined, 1, 2],
        ["symbol:1", 4, undefined, 2, 2],
        ["1/a/a::n", 3, false, 2, 2],
        ["1/b", 2, false, 2, 2],
        ["level:2", 1, false, 2, 3],
        ["level:3", 1, false, 3, 3],
    ]);
});
