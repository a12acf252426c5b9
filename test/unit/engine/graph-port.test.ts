// The store beneath the engine: locked at once, replayed when it is needed.

import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

import { openGraphPort } from "../../../src/engine/graph-port.ts";
import { storePaths } from "../../../src/graphstore/index.ts";
import { contentOf, edgeOf, nodeOf, type ListedContent } from "../../support/graphs.ts";

let folder: string;

beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ferrograph-store-"));
});

afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
});

const CRATE = nodeOf("a", "crate");
const ONE = nodeOf("a::one");
const TWO = nodeOf("a::two");
const CONTENT: ListedContent = {
    nodes: [CRATE, ONE, TWO],
    edges: [edgeOf(CRATE, "contains", ONE), edgeOf(ONE, "call", TWO)],
    files: [],
};

function logPath(): string {
    return join(folder, "workspace.graph.log");
}

const atOnce = (): undefined => undefined;

async function commitOnce(): Promise<void> {
    const port = await openGraphPort(folder);
    const graph = await port.load();
    const committed = await graph.commitContent(contentOf(CONTENT), atOnce);
    expect(committed.deltas).toBe(5);
    expect(committed.logBytes).toBe(statSync(logPath()).size);
    const again = await graph.commitContent(contentOf(CONTENT), atOnce);
    expect(again).toMatchObject({ deltas: 0, stateRoot: committed.stateRoot });
    await port.close();
}

test("keeps what was committed, and says how long the log is before it is replayed", async () => {
    await commitOnce();
    const port = await openGraphPort(folder);
    expect(port.logBytes).toBe(statSync(logPath()).size);
    const graph = await port.load();
    expect(graph.facts()).toMatchObject({ nodes: 3, edges: { contains: 1, call: 1 } });
    const options = { edges: ["call"], depth: undefined } as const;
    const hits = graph.current().ripple().reaching([TWO.id], options);
    expect(hits.map(({ id, distance }) => ({ id, distance }))).toEqual([
        { id: ONE.id, distance: 1 },
    ]);
    await port.close();
});

test("is locked from the first moment on, and unlocked without ever having been replayed", async () => {
    await commitOnce();
    const first = await openGraphPort(folder);
    await expect(openGraphPort(folder)).rejects.toMatchObject({ code: "STORE_LOCKED" });
    await first.close();
    const second = await openGraphPort(folder);
    expect((await second.load()).facts().nodes).toBe(3);
    await second.close();
});

test("tells who loads it that the log is damaged, and gives the lock back", async () => {
    await commitOnce();
    const writing = await openGraphPort(folder);
    await (await writing.load()).commitContent(contentOf({ ...CONTENT, edges: [] }), atOnce);
    await writing.close();
    const { tlog } = storePaths(folder);
    const bytes = readFileSync(tlog);
    // In the first commit, that the second knew to be durable.
    bytes[8300] = (bytes[8300] ?? 0) ^ 0xff;
    writeFileSync(tlog, bytes);
    const port = await openGraphPort(folder);
    await expect(port.load()).rejects.toMatchObject({ code: "STORE_DAMAGED" });
    await port.close();
    const again = await openGraphPort(folder);
    await again.close();
    expect(readFileSync(tlog).equals(bytes)).toBe(true);
});
