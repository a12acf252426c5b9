// The server's features, over streams in memory on an engine with a graph in memory.

import { PassThrough } from "node:stream";
import { CancellationTokenSource } from "vscode-jsonrpc/node";
import { afterAll, beforeAll, expect, test } from "vitest";

import { METHOD, PROTOCOL_VERSION, type ImpactResult } from "../../../src/protocol/index.ts";
import { packageVersion } from "../../../src/platform/index.ts";
import { serveClient } from "../../../src/server/serve-client.ts";
import { openTestEngine, TestWorkspace, type EngineFixture } from "../../support/engine-fixture.ts";
import { LspClient, MODERN_CLIENT } from "../../support/lsp-client.ts";

let workspace: TestWorkspace;
let fixture: EngineFixture;
let count = 0;
const LIB = "shapes/src/lib.rs";

beforeAll(async () => {
    workspace = new TestWorkspace();
    fixture = openTestEngine(workspace);
    await fixture.engine.ready;
});

afterAll(async () => {
    await fixture.engine.close();
    workspace.remove();
});

function connect(): LspClient {
    const toServer = new PassThrough();
    const toClient = new PassThrough();
    const host = {
        engine: fixture.engine,
        logger: fixture.log,
        stop: () => undefined,
        isStopping: () => false,
    };
    const streams = { input: toServer, output: toClient };
    serveClient(`client-${(count += 1)}`, host, streams, () => undefined);
    return new LspClient({ input: toClient, output: toServer }, workspace.root);
}

async function editor(capabilities: object = MODERN_CLIENT): Promise<LspClient> {
    const client = connect();
    await client.request(METHOD.handshake, {
        protocolVersion: PROTOCOL_VERSION,
        clientVersion: packageVersion(),
        clientName: "test",
    });
    await client.initialize(capabilities);
    return client;
}

interface Location {
    readonly uri: string;
    readonly range: { readonly start: { line: number; character: number } };
}

test("asks for the handshake before anything else", async () => {
    const client = connect();
    expect(await client.refused("initialize", { capabilities: {} })).toMatchObject({
        code: -32002,
        data: { code: "PROTOCOL_NO_HANDSHAKE" },
    });
});

test("refuses a client of another version and names both", async () => {
    const client = connect();
    const params = { protocolVersion: 99, clientVersion: "9.9.9", clientName: "test" };
    const error = await client.refused(METHOD.handshake, params);
    expect(error.code).toBe(-32012);
    expect(error.message).toContain("9.9.9");
    expect(error.message).toContain(packageVersion());
});

test("goes from a use to its definition, as a link where the client can", async () => {
    const client = await editor();
    const main = workspace.read("app/src/main.rs");
    const at = client.at("app/src/main.rs", main, "total(&[");
    const links = await client.request<{ targetUri: string }[]>("textDocument/definition", at);
    expect(links.map((link) => link.targetUri)).toEqual([client.uri(LIB)]);
    const plain = await editor({});
    const [location] = await plain.request<Location[]>("textDocument/definition", at);
    expect(location).toMatchObject({ uri: client.uri(LIB), range: { start: { line: 28 } } });
});

test("lists references across crates, the declaration only if asked", async () => {
    const client = await editor();
    const at = client.at(LIB, workspace.read(LIB), "scale(factor");
    const ask = (includeDeclaration: boolean): Promise<Location[]> =>
        client.request("textDocument/references", { ...at, context: { includeDeclaration } });
    expect(await ask(true)).toHaveLength(7);
    expect(await ask(false)).toHaveLength(6);
});

test("lists the references of a local", async () => {
    const client = await editor();
    const at = client.at(LIB, workspace.read(LIB), "doubled");
    const context = { includeDeclaration: true };
    const found = await client.request<Location[]>("textDocument/references", { ...at, context });
    expect(found.map((each) => each.range.start.line)).toEqual([37, 38]);
});

test("renames with versions and annotations where they are declared", async () => {
    const client = await editor();
    const text = workspace.read(LIB);
    client.open(LIB, text);
    const at = client.at(LIB, text, "scale(factor");
    const range = await client.request("textDocument/prepareRename", at);
    expect(range).toMatchObject({ placeholder: "scale" });
    const edit = await client.request<{
        documentChanges: { textDocument: { uri: string; version: number | null } }[];
        changeAnnotations: object;
    }>("textDocument/rename", { ...at, newName: "rescale" });
    expect(edit.documentChanges).toHaveLength(4);
    const open = edit.documentChanges.find((each) => each.textDocument.uri === client.uri(LIB));
    expect(open?.textDocument.version).toBe(1);
    expect(edit.changeAnnotations).toEqual({
        code: {
            label: "Rename in code",
            description: "`scale` to `rescale`",
            needsConfirmation: false,
        },
    });
});

test("asks for a yes where the editor can ask, and refuses where it cannot", async () => {
    const [asking, plain] = await Promise.all([editor(), editor({})]);
    const text = `${workspace.read(LIB)}\n#[derive(Debug)]\npub struct Marker;\n`;
    asking.open(LIB, text);
    plain.open(LIB, text);
    const at = asking.at(LIB, text, "Marker;");
    const edit = await asking.request<{
        documentChanges: { edits: { annotationId: string }[] }[];
        changeAnnotations: Record<string, { needsConfirmation: boolean; description: string }>;
    }>("textDocument/rename", { ...at, newName: "Sign" });
    const ids = edit.documentChanges.flatMap(({ edits }) => edits.map((each) => each.annotationId));
    expect(ids).toEqual(["code"]);
    expect(edit.changeAnnotations["code"]?.needsConfirmation).toBe(true);
    expect(edit.changeAnnotations["code"]?.description).toMatch(/`Sign`: changes-output: .*derive/);
    const error = await plain.refused("textDocument/rename", { ...at, newName: "Sign" });
    expect(error).toMatchObject({
        code: -32803,
        data: {
            code: "RENAME_CONFLICT",
            advice: "if you mean to: `ferrograph rename --apply --accept changes-output`",
        },
    });
});

test("refuses in every editor what no yes can make right", async () => {
    const client = await editor();
    const at = client.at(LIB, workspace.read(LIB), "scale(factor");
    const error = await client.refused("textDocument/rename", { ...at, newName: "total" });
    expect(error).toMatchObject({
        data: {
            code: "RENAME_CONFLICT",
            advice: "choose another name, or rename what has this one first",
        },
    });
});

test("renames with plain changes for a client that knows no better", async () => {
    const client = await editor({});
    const at = client.at(LIB, workspace.read(LIB), "scale(factor");
    const edit = await client.request<{ changes: Record<string, unknown[]> }>(
        "textDocument/rename",
        { ...at, newName: "rescale" },
    );
    expect(Object.keys(edit)).toEqual(["changes"]);
    expect(Object.values(edit.changes).flat()).toHaveLength(7);
});

test("refuses to rename into what is no name, and says so", async () => {
    const client = await editor();
    const at = client.at(LIB, workspace.read(LIB), "scale(factor");
    const error = await client.refused("textDocument/rename", { ...at, newName: "no name" });
    expect(error.code).toBe(-32803);
    expect(error.message).toContain("no name");
});

test("refuses to rename what lies outside the workspace", async () => {
    const client = await editor();
    const at = client.at(LIB, workspace.read(LIB), "f64");
    expect((await client.refused("textDocument/prepareRename", at)).code).toBe(-32803);
});

test("sees unsaved text of the client itself and not of another", async () => {
    const [one, two] = await Promise.all([editor(), editor()]);
    const text = workspace.read(LIB);
    one.open(LIB, text);
    one.notify("textDocument/didChange", {
        textDocument: { uri: one.uri(LIB), version: 2 },
        contentChanges: [
            {
                range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
                text: "fn unsaved_caller() { scale(1.0); }\n",
            },
        ],
    });
    const query = { query: "unsaved_caller" };
    expect(await one.request<unknown[]>("workspace/symbol", query)).toHaveLength(1);
    expect(await two.request<unknown[]>("workspace/symbol", query)).toHaveLength(0);
    one.notify("textDocument/didClose", { textDocument: { uri: one.uri(LIB) } });
    expect(await one.request<unknown[]>("workspace/symbol", query)).toHaveLength(0);
});

test("shows callers and callees", async () => {
    const client = await editor();
    const at = client.at(LIB, workspace.read(LIB), "scale(factor");
    const [item] = await client.request<object[]>("textDocument/prepareCallHierarchy", at);
    expect(item).toMatchObject({ name: "scale", detail: "shapes::scale" });
    const calls = await client.request<{ from: { name: string } }[]>(
        "callHierarchy/incomingCalls",
        { item },
    );
    expect(calls.map((call) => call.from.name).sort()).toEqual(["main", "scales", "unit_circle"]);
    const main = workspace.read("app/src/main.rs");
    const [caller] = await client.request<object[]>(
        "textDocument/prepareCallHierarchy",
        client.at("app/src/main.rs", main, "main()"),
    );
    const callees = await client.request<{ to: { name: string } }[]>(
        "callHierarchy/outgoingCalls",
        { item: caller },
    );
    expect(callees.map((call) => call.to.name)).toEqual(
        expect.arrayContaining(["new", "scale", "total"]),
    );
});

test("outlines a file, nested where the client can", async () => {
    const client = await editor();
    const textDocument = { uri: client.uri(LIB) };
    const symbols = await client.request<{ name: string; children: { name: string }[] }[]>(
        "textDocument/documentSymbol",
        { textDocument },
    );
    const rect = symbols.find((each) => each.name === "Rect");
    expect(rect?.children.map((child) => child.name)).toEqual(["width", "height"]);
    const flat = await editor({});
    const plain = await flat.request<{ containerName: string }[]>("textDocument/documentSymbol", {
        textDocument,
    });
    expect(plain.map((each) => each.containerName)).toContain("shapes::Rect");
});

test("finds symbols by a part of their name", async () => {
    const client = await editor();
    const found = await client.request<{ name: string }[]>("workspace/symbol", { query: "circ" });
    expect(found.map((each) => each.name)).toEqual(["Circle", "unit_circle"]);
});

test("offers and executes the impact commands", async () => {
    const client = await editor();
    const { position, textDocument } = client.at(LIB, workspace.read(LIB), "scale(factor");
    const actions = await client.request<
        { title: string; command: { command: string; arguments: unknown[] } }[]
    >("textDocument/codeAction", {
        textDocument,
        range: { start: position, end: position },
        context: { diagnostics: [] },
    });
    expect(actions.map((action) => action.title)).toEqual([
        "Preview impact of renaming `scale`",
        "Show impact of `scale`",
    ]);
    const result = await client.request<{ markdown: string; impact: { tests: number } }>(
        "workspace/executeCommand",
        actions[1]!.command,
    );
    expect(result.impact.tests).toBe(1);
    expect(result.markdown).toContain("`scale` reaches");
    expect(client.notifications.map((each) => each.method)).toContain("window/showMessage");
});

test("offers a validated rename to a client that asks for names, and executes its command", async () => {
    const client = connect();
    await client.request(METHOD.handshake, {
        protocolVersion: PROTOCOL_VERSION,
        clientVersion: packageVersion(),
        clientName: "test",
    });
    await client.initialize(MODERN_CLIENT, { asksNewName: true });
    const { position, textDocument } = client.at(LIB, workspace.read(LIB), "scale(factor");
    const actions = await client.request<
        { title: string; command: { command: string; arguments: [{ symbol: object }] } }[]
    >("textDocument/codeAction", {
        textDocument,
        range: { start: position, end: position },
        context: { diagnostics: [] },
    });
    const action = actions.find(({ title }) => title === "Rename `scale` with validation…");
    expect(action?.command.command).toBe("ferrograph.validateRename");
    const execute = (more: object): Promise<{ code: number; data?: { code: string } }> =>
        client.refused("workspace/executeCommand", {
            command: "ferrograph.server.validateRename",
            arguments: [{ ...action!.command.arguments[0], ...more }],
        });
    expect((await execute({})).code).toBe(-32602);
    expect((await execute({ newName: "grow", write: "yes" })).code).toBe(-32602);
    // This daemon may run nothing of the workspace.
    expect((await execute({ newName: "grow" })).data?.code).toBe("VALIDATE_UNTRUSTED");
});

test("answers a crash with one error and goes on", async () => {
    const client = await editor();
    const bad = { textDocument: null, position: null };
    const error = await client.refused("textDocument/definition", bad);
    expect(error.code).toBe(-32603);
    const logged = fixture.log.lines.find((line) => line.level === "error");
    expect(logged?.fields).toMatchObject({ method: "textDocument/definition" });
    expect(
        await client.request<unknown[]>("workspace/symbol", { query: "unit_circle" }),
    ).toHaveLength(1);
});

test("answers an unknown method", async () => {
    const client = await editor();
    expect((await client.refused("textDocument/inlineMagic", {})).code).toBe(-32601);
});

test("takes Lua's empty list for empty parameters", async () => {
    const client = await editor();
    const status = await client.connection.sendRequest<{ state: string }>(METHOD.status, []);
    expect(status.state).toBe("ready");
});

test("checks parameters of its own requests", async () => {
    const client = await editor();
    const error = await client.refused(METHOD.impact, { symbol: { kind: "path" } });
    expect(error).toMatchObject({ code: -32602, data: { code: "PROTOCOL_INVALID_PARAMS" } });
});

test("tells module and precision of each reached symbol when asked, and numbers alone", async () => {
    const client = await editor();
    const symbol = { kind: "path", path: "shapes::scale" };
    const plain = await client.request<ImpactResult>(METHOD.impact, { symbol });
    expect(plain.reached[0]).not.toHaveProperty("module");
    const told = await client.request<ImpactResult>(METHOD.impact, { symbol, details: true });
    const modules = Object.fromEntries(
        told.reached.map((each) => [each.symbol.path, [each.module, each.precision]]),
    );
    expect(modules["app::main"]).toEqual(["app", "syntactic"]);
    expect(modules["shapes::round::unit_circle"]).toEqual(["shapes::round", "syntactic"]);
    expect(told.reached.map((each) => each.symbol)).toEqual(
        plain.reached.map((each) => each.symbol),
    );
    const summary = await client.request<ImpactResult>(METHOD.impact, { symbol, summary: true });
    expect(summary).toEqual({ ...plain, reached: [] });
    expect(await client.refused(METHOD.impact, { symbol, summary: 1 })).toMatchObject({
        code: -32602,
    });
});

test("refuses own requests with code and near names", async () => {
    const client = await editor();
    const symbol = { kind: "path", path: "shapes::scael" };
    expect(await client.refused(METHOD.references, { symbol })).toMatchObject({
        code: -32010,
        data: {
            code: "SYMBOL_NOT_FOUND",
            candidates: expect.arrayContaining([
                expect.stringContaining("shapes::scale"),
            ]) as unknown,
        },
    });
});

test("cancels a request", async () => {
    const client = await editor();
    const source = new CancellationTokenSource();
    const sent = client.connection.sendRequest(METHOD.status, {}, source.token);
    source.cancel();
    // Either it was answered before the cancellation arrived, or it is reported as cancelled.
    const outcome = await sent.then(
        () => "answered",
        (error: unknown) => (error as { code: number }).code,
    );
    expect(["answered", -32800]).toContain(outcome);
});

test("is silent after shutdown, which editors send without parameters", async () => {
    const client = await editor();
    expect(await client.connection.sendRequest("shutdown")).toBeNull();
    const error = await client.refused("workspace/symbol", { query: "" });
    expect(error.data?.code).toBe("PROTOCOL_SHUT_DOWN");
});
