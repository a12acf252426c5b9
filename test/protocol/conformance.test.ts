// What LSP and JSON-RPC ask of a server, of the spawned one: everything that it announces does something, and
// nothing that a client sends harms anybody else.

import { spawn } from "node:child_process";
import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { METHOD, PROTOCOL_VERSION, type StatusResult } from "../../src/protocol/index.ts";
import { packageVersion } from "../../src/platform/index.ts";
import { FrameBuffer, type JsonMessage } from "../../src/server/message-frames.ts";
import { DaemonHarness, exitOf, MAIN } from "../support/daemon-harness.ts";
import { MODERN_CLIENT, type LspClient } from "../support/lsp-client.ts";

const LIB = "shapes/src/lib.rs";
let harness: DaemonHarness;
/** An editor that is there all the time and must not notice anything. */
let bystander: LspClient;

beforeAll(async () => {
    harness = new DaemonHarness();
    bystander = harness.editor().client;
    await bystander.initialize();
});

afterAll(async () => {
    // Nobody's nonsense has ended the daemon that the bystander has known from the beginning.
    expect(bystander.notifications.map(({ method }) => method)).not.toContain("window/showMessage");
    await harness.close();
});

/** A client of bare bytes, on the daemon's socket or on the stdin of `ferrograph lsp`. */
class RawClient {
    readonly answers: JsonMessage[] = [];
    readonly ended: Promise<void>;
    readonly #output: NodeJS.WritableStream;

    constructor(input: NodeJS.ReadableStream, output: NodeJS.WritableStream) {
        this.#output = output;
        const frames = new FrameBuffer();
        input.on("data", (chunk: Buffer) => {
            frames.append(chunk);
            for (let frame = frames.take(); frame !== undefined; frame = frames.take()) {
                this.answers.push(JSON.parse(String(frame.body)) as JsonMessage);
            }
        });
        output.on("error", () => undefined);
        this.ended = new Promise((resolve) => input.once("close", resolve));
    }

    send(bytes: string | Buffer): void {
        this.#output.write(bytes);
    }

    body(text: string): void {
        this.send(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
    }

    message(message: object): void {
        this.body(JSON.stringify({ jsonrpc: "2.0", ...message }));
    }

    async answerTo(id: number | null): Promise<JsonMessage> {
        await expect
            .poll(() => this.answers.some((each) => each.id === id), { timeout: 60_000 })
            .toBe(true);
        const index = this.answers.findIndex((each) => each.id === id);
        return this.answers.splice(index, 1)[0] as JsonMessage;
    }
}

function onSocket(): { raw: RawClient; socket: Socket } {
    const socket = connect(harness.socketPath());
    const raw = new RawClient(socket, socket);
    const params = {
        protocolVersion: PROTOCOL_VERSION,
        clientVersion: packageVersion(),
        clientName: "raw",
    };
    raw.message({ id: 0, method: METHOD.handshake, params });
    return { raw, socket };
}

async function isUndisturbed(): Promise<void> {
    const query = { query: "total" };
    expect(await bystander.request<unknown[]>("workspace/symbol", query)).toHaveLength(1);
}

describe("what is announced", () => {
    const text = (): string => harness.workspace.read(LIB);
    const scale = (): object => bystander.at(LIB, text(), "scale(factor");
    const document = (): object => ({ textDocument: { uri: bystander.uri(LIB) } });

    /** What shows that a capability is there; every one that is announced must have its entry. */
    const exercises: Readonly<Record<string, (client: LspClient) => Promise<void>>> = {
        positionEncoding: async (client) => {
            expect(await client.request("textDocument/definition", scale())).not.toBeNull();
        },
        textDocumentSync: async (client) => {
            client.open(LIB, `${text()}fn typed() {}\n`);
            const found = (): Promise<unknown[]> =>
                client.request<unknown[]>("workspace/symbol", { query: "typed" });
            expect(await found()).toHaveLength(1);
            const whole = { contentChanges: [{ text: text() }] };
            const textDocument = { uri: client.uri(LIB), version: 2 };
            client.notify("textDocument/didChange", { textDocument, ...whole });
            expect(await found()).toHaveLength(0);
            client.notify("textDocument/didSave", { textDocument });
            client.notify("textDocument/didClose", { textDocument });
        },
        renameProvider: async (client) => {
            expect(await client.request("textDocument/prepareRename", scale())).toMatchObject({
                placeholder: "scale",
            });
            const params = { ...scale(), newName: "rescale" };
            const edit = await client.request<object>("textDocument/rename", params);
            expect(edit).toHaveProperty("documentChanges");
        },
        definitionProvider: async (client) => {
            const links = await client.request<unknown[]>("textDocument/definition", scale());
            expect(links).toHaveLength(1);
        },
        referencesProvider: async (client) => {
            const context = { includeDeclaration: true };
            const places = await client.request<unknown[]>("textDocument/references", {
                ...scale(),
                context,
            });
            expect(places).toHaveLength(7);
        },
        callHierarchyProvider: async (client) => {
            const method = "textDocument/prepareCallHierarchy";
            const [item] = await client.request<object[]>(method, scale());
            const incoming = await client.request<unknown[]>("callHierarchy/incomingCalls", {
                item,
            });
            expect(incoming).toHaveLength(3);
            const outgoing = await client.request<unknown[]>("callHierarchy/outgoingCalls", {
                item,
            });
            expect(outgoing).toEqual([]);
        },
        workspaceSymbolProvider: async (client) => {
            const query = { query: "unit_circle" };
            expect(await client.request<unknown[]>("workspace/symbol", query)).toHaveLength(1);
        },
        documentSymbolProvider: async (client) => {
            const method = "textDocument/documentSymbol";
            expect((await client.request<unknown[]>(method, document())).length).toBeGreaterThan(4);
        },
        codeActionProvider: async (client) => {
            const { position } = bystander.at(LIB, text(), "scale(factor");
            const range = { start: position, end: position };
            const actions = await client.request<unknown[]>("textDocument/codeAction", {
                ...document(),
                range,
                context: { diagnostics: [] },
            });
            expect(actions.length).toBeGreaterThan(0);
        },
        executeCommandProvider: async (client) => {
            const symbol = { kind: "path", path: "shapes::scale" };
            const command = "ferrograph.server.impact";
            const params = { command, arguments: [{ symbol }] };
            const answer = await client.request<object>("workspace/executeCommand", params);
            expect(answer).toHaveProperty("markdown");
        },
        workspace: async (client) => {
            const [oldUri, newUri] = ["round", "circle"].map((name) =>
                client.uri(`shapes/src/${name}.rs`),
            );
            const edit = await client.request<object>("workspace/willRenameFiles", {
                files: [{ oldUri, newUri }],
            });
            expect(JSON.stringify(edit)).toContain('"newText":"circle"');
        },
        experimental: async (client) => {
            const { capabilities } = await harness.editor().client.initialize();
            const { renameImpact } = capabilities["experimental"] as { renameImpact: string[] };
            expect(renameImpact.length).toBeGreaterThan(20);
            const status = await client.request<StatusResult>(METHOD.status, {});
            expect(status.state).toBe("ready");
        },
    };

    test("every capability does something", async () => {
        const { client } = harness.editor();
        const { capabilities } = await client.initialize({
            ...MODERN_CLIENT,
            workspace: { ...MODERN_CLIENT.workspace, fileOperations: { willRename: true } },
        });
        expect(capabilities).toHaveProperty("workspace.fileOperations.willRename");
        expect(Object.keys(exercises)).toEqual(
            expect.arrayContaining(Object.keys(capabilities)) as string[],
        );
        for (const name of Object.keys(capabilities)) {
            await exercises[name]?.(client);
        }
        client.dispose();
    });

    test("every command does something, and what it cannot do it refuses", async () => {
        const { client } = harness.editor();
        const { capabilities } = await client.initialize();
        const provider = capabilities["executeCommandProvider"] as { commands: string[] };
        expect(provider.commands.length).toBeGreaterThan(1);
        const symbol = { kind: "path", path: "shapes::scale" };
        for (const command of provider.commands) {
            const execute = "workspace/executeCommand";
            const given = { command, arguments: [{ symbol, newName: "rescale" }] };
            const answer = await client.request<object>(execute, given).then(
                (value) => JSON.stringify(value),
                // The daemon of this harness is not trusted.
                (thrown: unknown) => (thrown as Error).message,
            );
            expect(answer, command).toMatch(/scale|trust|runs cargo/u);
            const unknown = { symbol: { kind: "path", path: "shapes::nothing" } };
            for (const bad of [[], [null], [unknown], [{ symbol: 7 }]]) {
                const refusal = await client.refused(execute, { command, arguments: bad });
                expect(refusal.code, `${command} ${JSON.stringify(bad)}`).not.toBe(-32603);
            }
        }
        const none = { command: "ferrograph.server.nothing", arguments: [] };
        const refusal = await client.refused("workspace/executeCommand", none);
        expect(refusal.code).toBe(-32602);
        client.dispose();
    });

    test.each([
        ["utf-8", 4],
        ["utf-16", 2],
        ["utf-32", 1],
    ])("columns are counted as was agreed: %s", async (encoding, width) => {
        const { client } = harness.editor();
        const { capabilities } = await client.initialize({
            ...MODERN_CLIENT,
            general: { positionEncodings: [encoding] },
        });
        expect(capabilities["positionEncoding"]).toBe(encoding);
        const head = 'fn wide() { let _ = ("';
        client.open(LIB, `${head}\u{1f980}", scale(1.0)); }\n${text()}`);
        const character = head.length + width + 3;
        const at = { textDocument: { uri: client.uri(LIB) }, position: { line: 0, character } };
        const end = character + "scale".length;
        expect(await client.request("textDocument/prepareRename", at)).toMatchObject({
            range: { start: { line: 0, character }, end: { line: 0, character: end } },
            placeholder: "scale",
        });
        client.dispose();
    });

    // rust-analyzer 23319: it edits `r#pub` to `R#Pub`, or leaves a keyword without its prefix.
    test.each([
        ["Pub", "Pub", "Pub"],
        ["r#type", "r#type", "r#type"],
        ["type", "r#type", "r#type"],
        ["r#Pub", "r#Pub", "r#Pub"],
    ])("a raw name is renamed to %s", async (newName, definition, use) => {
        const { client } = harness.editor();
        await client.initialize();
        const typed = "pub struct r#pub;\npub fn take(_: r#pub) {}\n";
        client.open(LIB, typed + text());
        const textDocument = { uri: client.uri(LIB) };
        const position = { line: 1, character: 15 };
        expect(
            await client.request("textDocument/prepareRename", { textDocument, position }),
        ).toMatchObject({
            range: { start: { line: 1, character: 15 }, end: { line: 1, character: 20 } },
        });
        const edit = await client.request<{
            documentChanges: { edits: { newText: string; range: unknown }[] }[];
        }>("textDocument/rename", { textDocument, position, newName });
        expect(edit.documentChanges.flatMap(({ edits }) => edits)).toMatchObject([
            {
                newText: use,
                range: { start: { line: 1, character: 15 }, end: { line: 1, character: 20 } },
            },
            {
                newText: definition,
                range: { start: { line: 0, character: 11 }, end: { line: 0, character: 16 } },
            },
        ]);
        client.dispose();
    });

    test("no name is made of a raw one by a capital prefix", async () => {
        const { client } = harness.editor();
        await client.initialize();
        client.open(LIB, `pub struct r#pub;\n${text()}`);
        const at = {
            textDocument: { uri: client.uri(LIB) },
            position: { line: 0, character: 13 },
        };
        await expect(
            client.request("textDocument/rename", { ...at, newName: "R#Pub" }),
        ).rejects.toThrow(/is not an identifier/u);
        client.dispose();
    });

    test("every request of ours is known", async () => {
        const { client } = harness.editor();
        const { capabilities } = await client.initialize();
        const { renameImpact } = capabilities["experimental"] as { renameImpact: string[] };
        for (const method of renameImpact) {
            // Parameters that are none: refused for that, or answered, but never unknown.
            const answer = await client
                .request<object>(method, { symbol: 0, k: "", j: "", sql: 0, newName: 0 })
                .catch((thrown: unknown) => thrown as { code: number });
            expect("code" in answer ? answer.code : 0, method).not.toBe(-32601);
        }
        client.dispose();
    });
});

describe("what is no message", () => {
    test.each([
        ["no JSON", "{", -32700],
        ["no object", "17", -32600],
        ["a batch", "[]", -32600],
        ["no method and no answer", "{}", -32600],
        ["a method that is no text", '{"jsonrpc":"2.0","id":1,"method":5}', -32600],
        ["an id that is none", '{"jsonrpc":"2.0","id":{},"method":"initialize"}', -32600],
        ["broken UTF-8", '{"\ufffd', -32700],
    ])("is answered, and the connection goes on: %s", async (_what, text, code) => {
        const { raw, socket } = onSocket();
        await raw.answerTo(0);
        raw.body(text);
        expect((await raw.answerTo(null)).error?.code).toBe(code);
        raw.message({ id: 2, method: METHOD.root, params: {} });
        expect((await raw.answerTo(2)).result).toHaveProperty("graphRoot");
        socket.destroy();
        await isUndisturbed();
    });

    test.each([
        ["no length", "Content-Type: x\r\n\r\n{}"],
        ["a length that is no number", "Content-Length: many\r\n\r\n{}"],
        ["a length below zero", "Content-Length: -5\r\n\r\n{}"],
        ["a length beyond all bounds", "Content-Length: 99999999999999\r\n\r\n{}"],
        ["no header at all", "x".repeat(10_000)],
    ])(
        "ends the connection, and nobody else's, where its header is bad: %s",
        async (_what, bytes) => {
            const { raw } = onSocket();
            await raw.answerTo(0);
            raw.send(bytes);
            await raw.ended;
            await isUndisturbed();
        },
    );

    test("an editor's nonsense is answered by `ferrograph lsp`, and a bad header ends it", async () => {
        const { child, raw } = rawEditor();
        raw.body("{");
        expect((await raw.answerTo(null)).error?.code).toBe(-32700);
        initialize(raw);
        await raw.answerTo(1);
        raw.body("nonsense");
        expect((await raw.answerTo(null)).error?.code).toBe(-32700);
        raw.message({ id: 2, method: "workspace/symbol", params: { query: "total" } });
        expect((await raw.answerTo(2)).result).toHaveLength(1);
        raw.send("no header\r\n\r\n");
        expect(await exitOf(child)).toBe(3);
        await isUndisturbed();
    });
});

function rawEditor(): { child: ReturnType<typeof spawnEditor>; raw: RawClient } {
    const child = spawnEditor();
    return { child, raw: new RawClient(child.stdout, child.stdin) };
}

function spawnEditor(): ReturnType<DaemonHarness["editor"]>["child"] {
    const { environment, workspace } = harness;
    return spawn(process.execPath, [MAIN, "lsp"], { cwd: workspace.root, env: environment });
}

function initialize(raw: RawClient): void {
    raw.message({ id: 1, method: "initialize", params: { rootUri: null, capabilities: {} } });
    raw.message({ method: "initialized", params: {} });
}

describe("what comes at the wrong time", () => {
    test("before initialize, twice, and after shutdown", async () => {
        const { raw, socket } = onSocket();
        raw.message({ id: 1, method: "workspace/symbol", params: { query: "total" } });
        expect((await raw.answerTo(1)).error?.code).toBe(-32002);
        // A notification then is dropped.
        raw.message({ method: "textDocument/didClose", params: { textDocument: { uri: "x" } } });
        initialize(raw);
        await raw.answerTo(1);
        raw.message({ id: 2, method: "initialize", params: { capabilities: {} } });
        expect((await raw.answerTo(2)).error?.code).toBe(-32602);
        raw.message({ id: 3, method: "shutdown" });
        expect(await raw.answerTo(3)).toMatchObject({ result: null });
        raw.message({ id: 4, method: "workspace/symbol", params: { query: "total" } });
        expect((await raw.answerTo(4)).error?.message).toContain("shut down");
        raw.message({ method: "exit" });
        await raw.ended;
        socket.destroy();
        await isUndisturbed();
    });

    test("unknown methods are answered, unknown notifications are not", async () => {
        const { raw, socket } = onSocket();
        raw.message({ method: "$/whatever", params: {} });
        raw.message({ method: "textDocument/neverHeard", params: {} });
        raw.message({ id: 1, method: "$/whatever", params: {} });
        expect((await raw.answerTo(1)).error?.code).toBe(-32601);
        await raw.answerTo(0);
        expect(raw.answers).toEqual([]);
        socket.destroy();
    });

    test("parameters by position are refused, not guessed", async () => {
        const { raw, socket } = onSocket();
        for (const [id, params] of [
            [{}, null],
            [{}, {}, {}],
        ].entries()) {
            raw.message({ id: id + 1, method: METHOD.status, params });
        }
        for (const id of [1, 2]) {
            expect((await raw.answerTo(id)).error?.code).toBe(-32602);
        }
        socket.destroy();
        await isUndisturbed();
    });

    test("answers to questions that were never asked, and a cancellation of nothing", async () => {
        const { raw, socket } = onSocket();
        raw.message({ id: 77, result: null });
        raw.message({ id: 78, error: { code: 1, message: "no" } });
        raw.message({ method: "$/cancelRequest", params: { id: 999 } });
        raw.message({ method: "$/cancelRequest", params: null });
        raw.message({ id: 1, method: METHOD.root, params: {} });
        expect((await raw.answerTo(1)).result).toBeDefined();
        socket.destroy();
        await isUndisturbed();
    });

    test("many at once are each answered once, cancelled ones as cancelled", async () => {
        const { raw, socket } = onSocket();
        initialize(raw);
        await raw.answerTo(0);
        const symbol = { kind: "path", path: "shapes::scale" };
        const params = { symbol, newName: "rescale" };
        for (let id = 100; id < 160; id++) {
            raw.message({ id, method: METHOD.renameImpact, params });
            if (id % 2 === 1) {
                raw.message({ method: "$/cancelRequest", params: { id } });
            }
        }
        const ids = Array.from({ length: 60 }, (_, index) => 100 + index);
        const answers = await Promise.all(ids.map((id) => raw.answerTo(id)));
        for (const { id, error, result } of answers) {
            const isDone = result !== undefined && error === undefined;
            const isCancelled = error?.code === -32800 && Number(id) % 2 === 1;
            expect(isDone || isCancelled, JSON.stringify(error)).toBe(true);
        }
        expect(answers.some(({ error }) => error?.code === -32800)).toBe(true);
        expect(raw.answers.filter(({ id }) => ids.includes(Number(id)))).toEqual([]);
        socket.destroy();
    });
});

test("a huge message is taken, and byte by byte too", async () => {
    const { raw, socket } = onSocket();
    initialize(raw);
    const text = `${"// a long line of a comment\n".repeat(600_000)}pub fn at_the_end() {}\n`;
    const uri = bystander.uri("shapes/src/huge.rs");
    const textDocument = { uri, languageId: "rust", version: 1, text };
    expect(text.length).toBeGreaterThan(16_000_000);
    raw.message({ method: "textDocument/didOpen", params: { textDocument } });
    raw.message({ method: "textDocument/didClose", params: { textDocument } });
    const body = JSON.stringify({ jsonrpc: "2.0", id: 5, method: METHOD.root, params: {} });
    for (const byte of Buffer.from(`Content-Length: ${body.length}\r\n\r\n${body}`)) {
        raw.send(Buffer.from([byte]));
    }
    expect((await raw.answerTo(5)).result).toHaveProperty("graphRoot");
    socket.destroy();
    await isUndisturbed();
});

test("clients that vanish in the middle leave nothing behind", async () => {
    const before = await bystander.request<StatusResult>(METHOD.status, {});
    for (let round = 0; round < 10; round++) {
        const { raw, socket } = onSocket();
        initialize(raw);
        await raw.answerTo(1);
        const text = `${harness.workspace.read(LIB)}fn never_${round}() {}\n`;
        const textDocument = { uri: bystander.uri(LIB), languageId: "rust", version: 1, text };
        raw.message({ method: "textDocument/didOpen", params: { textDocument } });
        raw.message({ id: 2, method: METHOD.verify, params: {} });
        raw.send("Content-Length: 100\r\n\r\n{");
        socket.destroy();
    }
    const { child, raw } = rawEditor();
    initialize(raw);
    raw.message({ id: 2, method: METHOD.verify, params: {} });
    child.kill("SIGKILL");
    await exitOf(child);
    await expect
        .poll(
            async () => (await bystander.request<StatusResult>(METHOD.status, {})).clients.length,
            { timeout: 60_000 },
        )
        .toBe(before.clients.length);
    const found = await bystander.request<unknown[]>("workspace/symbol", { query: "never_" });
    expect(found).toEqual([]);
});

test("two editors and a command at work at once lose nothing", async () => {
    const [one, two] = [harness.editor().client, harness.editor().client];
    await Promise.all([one.initialize(), two.initialize()]);
    const { workspace } = harness;
    const round = "shapes/src/round.rs";
    const texts = new Map([LIB, round].map((path) => [path, workspace.read(path)]));
    const type = async (client: LspClient, path: string, name: string): Promise<void> => {
        const base = texts.get(path) ?? "";
        client.open(path, base);
        for (let edit = 1; edit <= 20; edit++) {
            const text = `${base}fn ${name}_${edit}() {}\n`;
            client.notify("textDocument/didChange", {
                textDocument: { uri: client.uri(path), version: edit + 1 },
                contentChanges: [{ text }],
            });
            const found = await client.request<unknown[]>("workspace/symbol", {
                query: `${name}_${edit}`,
            });
            expect(found).toHaveLength(1);
        }
        workspace.write(path, `${base}fn ${name}_20() {}\n`);
        client.notify("textDocument/didSave", { textDocument: { uri: client.uri(path) } });
    };
    const ask = async (): Promise<void> => {
        for (let run = 0; run < 3; run++) {
            const { status, stderr } = await harness.run("impact", "shapes::scale", "--json");
            expect([status, stderr]).toEqual([0, ""]);
        }
        const main = "app/src/main.rs";
        const applied = await harness.run("rename", "app::main::rect", "first", "--json");
        expect([0, 1]).toContain(applied.status);
        workspace.write(main, `${workspace.read(main)}fn from_the_shell() {}\n`);
    };
    await Promise.all([type(one, LIB, "left"), type(two, round, "right"), ask()]);
    for (const name of ["left_20", "right_20", "from_the_shell"]) {
        await expect
            .poll(() => bystander.request<unknown[]>("workspace/symbol", { query: name }), {
                timeout: 60_000,
            })
            .toHaveLength(1);
    }
    const captured = await harness.run("capture", "--json");
    expect(JSON.parse(captured.stdout)).toMatchObject({ files: 4, parsed: 0 });
    // Every state on the way is in the history, with the root that was recorded for it.
    expect((await harness.run("verify")).status).toBe(0);
    one.dispose();
    two.dispose();
});
