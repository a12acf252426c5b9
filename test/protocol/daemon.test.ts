// The built daemon over stdio and its socket: start on demand, handshake, two clients at once, crash
// isolation, stop. What each request answers is tested without processes in test/unit/server.

import { connect } from "node:net";
import { readdirSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

import { METHOD } from "../../src/protocol/index.ts";
import { DaemonHarness, exitOf } from "../support/daemon-harness.ts";
import { LspClient, type PositionParams } from "../support/lsp-client.ts";

const LIB = "shapes/src/lib.rs";
let harness: DaemonHarness;
let one: LspClient;
let two: LspClient;

beforeAll(async () => {
    harness = new DaemonHarness();
    one = harness.editor().client;
    two = harness.editor().client;
    await Promise.all([one.initialize(), two.initialize()]);
});

afterAll(async () => {
    await harness.close();
});

function scale(client: LspClient): PositionParams {
    return client.at(LIB, harness.workspace.read(LIB), "scale(factor");
}

test("serves two editors from one daemon", async () => {
    const [first, second] = await Promise.all(
        [one, two].map((client) =>
            client.request<{ pid: number; clients: string[] }>(METHOD.status, {}),
        ),
    );
    expect(first?.pid).toBe(second?.pid);
    expect(first?.clients).toHaveLength(2);
});

test("declares what it can do, and no more than it was asked in", async () => {
    const { client } = harness.editor();
    const { capabilities, serverInfo } = await client.initialize({
        general: { positionEncodings: ["utf-8"] },
    });
    expect(serverInfo.name).toBe("ferrograph");
    expect(capabilities).toMatchObject({
        positionEncoding: "utf-8",
        renameProvider: true,
        referencesProvider: true,
        definitionProvider: true,
        callHierarchyProvider: true,
        workspaceSymbolProvider: true,
        documentSymbolProvider: true,
        codeActionProvider: true,
    });
    client.dispose();
});

test("keeps one client's unsaved text from the other", async () => {
    const text = `${harness.workspace.read(LIB)}\nfn only_mine() {}\n`;
    one.open(LIB, text);
    const query = { query: "only_mine" };
    expect(await one.request<unknown[]>("workspace/symbol", query)).toHaveLength(1);
    expect(await two.request<unknown[]>("workspace/symbol", query)).toHaveLength(0);
    one.notify("textDocument/didClose", { textDocument: { uri: one.uri(LIB) } });
});

test("follows changes on disk", async () => {
    const path = "shapes/tests/areas.rs";
    const before = harness.workspace.read(path);
    harness.workspace.write(path, `${before}\nfn written_by_another() {}\n`);
    await expect
        .poll(() => two.request<unknown[]>("workspace/symbol", { query: "written_by_another" }), {
            timeout: 60_000,
        })
        .toHaveLength(1);
    harness.workspace.write(path, before);
});

test("answers a rename, and refuses one with its reason", async () => {
    const edit = await two.request<{ documentChanges: unknown[] }>("textDocument/rename", {
        ...scale(two),
        newName: "rescale",
    });
    expect(edit.documentChanges).toHaveLength(4);
    const error = await two.refused("textDocument/rename", { ...scale(two), newName: "9" });
    expect(error.code).toBe(-32803);
});

test("answers a crash with one error, to one client", async () => {
    const error = await one.refused("textDocument/references", { textDocument: null });
    expect(error.code).toBe(-32603);
    expect(await two.request<unknown[]>("workspace/symbol", { query: "total" })).toHaveLength(1);
    expect(harness.log()).toContain('"method":"textDocument/references"');
});

test("answers an unknown method", async () => {
    expect((await one.refused("no/such/method", {})).code).toBe(-32601);
});

test("survives an editor that dies", async () => {
    const { client, child } = harness.editor();
    await client.initialize();
    client.dispose();
    child.kill("SIGKILL");
    await exitOf(child);
    expect(await one.request<unknown[]>("workspace/symbol", { query: "total" })).toHaveLength(1);
});

test("asks a stranger on the socket for the handshake", async () => {
    const stream = connect(harness.socketPath());
    const stranger = new LspClient({ input: stream, output: stream }, harness.workspace.root);
    expect((await stranger.refused(METHOD.status, {})).code).toBe(-32002);
    const params = { protocolVersion: 0, clientVersion: "0.0.0", clientName: "old" };
    expect((await stranger.refused(METHOD.handshake, params)).code).toBe(-32012);
    stream.destroy();
});

test("serves commands beside editors", async () => {
    const { status, stdout } = await harness.run("status", "--json");
    expect(status).toBe(0);
    const shown = JSON.parse(stdout) as { clients: string[] };
    expect(shown.clients).toContain("cli");
});

test("tells the editor why a folder cannot be opened", async () => {
    const { client, child } = harness.editor();
    const rootUri = pathToFileURL(harness.emptyFolder()).href;
    const error = await client.refused("initialize", { capabilities: {}, rootUri });
    expect(error.message).toContain("Cargo.toml");
    expect(await exitOf(child)).toBe(3);
});

test("ends with its clients when it is stopped, and starts again on demand", async () => {
    const { client, child } = harness.editor();
    await client.initialize();
    const before = await client.request<{ pid: number }>(METHOD.status, {});
    expect((await harness.run("stop")).status).toBe(0);
    expect(await exitOf(child)).toBe(0);
    expect(readdirSync(harness.workspace.root)).toContain(".ferrograph");
    const again = harness.editor();
    await again.client.initialize();
    const after = await again.client.request<{ pid: number; warmStartMilliseconds?: number }>(
        METHOD.status,
        {},
    );
    expect(after.pid).not.toBe(before.pid);
    expect(after.warmStartMilliseconds).toBeGreaterThanOrEqual(0);
});

test("serves an editor without a daemon", async () => {
    await harness.run("stop");
    const { client, child } = harness.editor("--no-daemon");
    await client.initialize();
    expect(await client.request<unknown[]>("workspace/symbol", { query: "total" })).toHaveLength(1);
    await client.request("shutdown", {});
    client.notify("exit", {});
    expect(await exitOf(child)).toBe(0);
});
