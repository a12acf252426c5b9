// The library on a store that an engine has captured.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { tableFromIPC, tableToIPC } from "apache-arrow";
import { afterAll, beforeAll, expect, test } from "vitest";

import { openEngine } from "../../../src/engine/index.ts";
import { openGraph, type Graph, type GraphFile } from "../../../src/library/open-graph.ts";
import { KeptLog, TestWorkspace } from "../../support/engine-fixture.ts";

let workspace: TestWorkspace;
let store = "";
let file: GraphFile;
let graph: Graph;

beforeAll(async () => {
    workspace = new TestWorkspace();
    store = mkdtempSync(join(tmpdir(), "ferrograph-library-"));
    const engine = openEngine({
        ...{ root: workspace.root, storeFolder: store, trusted: false, watch: false },
        logger: new KeptLog(),
    });
    await engine.status({ client: "test" });
    await engine.close();
    file = await openGraph(store);
    graph = file.current();
});

afterAll(async () => {
    await file.close();
    workspace.remove();
    rmSync(store, { recursive: true, force: true });
});

const named = (name: string): string =>
    [...graph.nodes()].find((node) => node.name === name)?.id ?? "";

test("nodes are found by id and listed", () => {
    const nodes = [...graph.nodes()];
    expect(nodes).toHaveLength(graph.nodeCount);
    expect(graph.node(named("scale"))).toMatchObject({ kind: "function", name: "scale" });
    expect(graph.node("0000000000000000")).toBeUndefined();
    expect(graph.node("no id")).toBeUndefined();
});

test("what uses an item is reached, with the way", () => {
    const reached = graph.reach([named("Shape")]);
    const names = reached.map(({ id }) => graph.node(id)?.name);
    expect(names[0]).toBe("Shape");
    expect(names).toContain("total");
    for (const { distance, parent } of reached) {
        const before = reached.find(({ id }) => id === parent);
        expect(distance === 0 ? parent : before?.distance).toBe(
            distance === 0 ? undefined : distance - 1,
        );
    }
    expect(graph.reach([named("Shape")], { maxDepth: 0 })).toHaveLength(1);
    expect(graph.reach([named("total")], { reverse: false }).map(({ id }) => id)).toContain(
        named("Shape"),
    );
    expect(() => graph.reach([], { kinds: ["calls" as "call"] })).toThrow("no kind of edge");
});

test("the Arrow tables hold the graph, and survive being written", () => {
    const { nodes, edges } = graph.toArrow();
    expect([nodes.numRows, edges.numRows]).toEqual([graph.nodeCount, graph.edgeCount]);
    const read = tableFromIPC(tableToIPC(edges, "stream"));
    const ids = new Set([...nodes.getChild("id")!] as bigint[]);
    for (const column of ["source", "target"]) {
        const ends = [...read.getChild(column)!] as bigint[];
        expect(ends.every((id) => ids.has(id))).toBe(true);
    }
    const index = [...nodes.getChild("name")!].indexOf("scale");
    expect(BigInt(`0x${named("scale")}`)).toBe(nodes.getChild("id")!.get(index));
});

test("the past is opened, and a delta that is not there refused", async () => {
    const past = await file.at(1);
    expect(past.nodeCount).toBeLessThan(graph.nodeCount);
    expect((await file.at(file.deltas)).root).toBe(graph.root);
    await expect(file.at(file.deltas + 1)).rejects.toMatchObject({ code: "HISTORY_NO_DELTA" });
    await expect(openGraph(join(store, "nowhere"))).rejects.toMatchObject({
        code: "STORE_MISSING",
    });
});
