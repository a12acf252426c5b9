// A language server at the other end of a pipe, as an editor talks to it: as little as measuring needs.

import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import {
    createMessageConnection,
    StreamMessageReader,
    StreamMessageWriter,
    type MessageConnection,
} from "vscode-jsonrpc/node";

import { askAgain } from "../../src/capture/rust-analyzer/ask-again.ts";
import { startProcess, type RunningProcess } from "../../src/platform/index.ts";

/** A place in a file: line and UTF-16 column, from 0. */
export interface FilePosition {
    readonly path: string;
    readonly line: number;
    readonly column: number;
}

/** How to start a server. */
export interface ServerCommand {
    readonly program: string;
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
    readonly initializationOptions: unknown;
}

/** One session with a server. */
export class LanguageClient {
    readonly process: RunningProcess;
    readonly #connection: MessageConnection;
    readonly #root: string;
    readonly #versions = new Map<string, number>();
    #isQuiescent = false;

    private constructor(root: string, process: RunningProcess) {
        this.#root = root;
        this.process = process;
        this.#connection = createMessageConnection(
            new StreamMessageReader(process.stdout),
            new StreamMessageWriter(process.stdin),
        );
    }

    /** Starts a server on a workspace and shakes hands. */
    static async start(root: string, command: ServerCommand): Promise<LanguageClient> {
        const { program, args, env, initializationOptions } = command;
        const child = await startProcess(program, args, { cwd: root, env });
        child.stderr.resume();
        const client = new LanguageClient(root, child);
        client.#listen();
        const rootUri = pathToFileURL(root).href;
        await client.#connection.sendRequest("initialize", {
            processId: process.pid,
            rootUri,
            workspaceFolders: [{ uri: rootUri, name: path.basename(root) }],
            capabilities: {
                workspace: {
                    configuration: true,
                    workspaceEdit: {
                        documentChanges: true,
                        resourceOperations: ["create", "rename", "delete"],
                        changeAnnotationSupport: { groupsOnLabel: true },
                    },
                },
                textDocument: { synchronization: {}, callHierarchy: {}, rename: {} },
                window: { workDoneProgress: true },
                experimental: { serverStatusNotification: true },
            },
            initializationOptions,
        });
        await client.#connection.sendNotification("initialized", {});
        return client;
    }

    /** Whether the server has said that it has loaded everything; only rust-analyzer says so. */
    get isQuiescent(): boolean {
        return this.#isQuiescent;
    }

    #listen(): void {
        const connection = this.#connection;
        connection.onRequest("workspace/configuration", (asked: { items: unknown[] }) =>
            asked.items.map(() => null),
        );
        connection.onRequest("client/registerCapability", () => null);
        connection.onRequest("client/unregisterCapability", () => null);
        connection.onRequest("window/workDoneProgress/create", () => null);
        connection.onNotification("experimental/serverStatus", (status: { quiescent: boolean }) => {
            this.#isQuiescent = status.quiescent;
        });
        connection.onError(() => undefined);
        connection.listen();
    }

    /** Opens a file with its text on disk, or another. */
    async open(
        file: string,
        text = readFileSync(path.join(this.#root, file), "utf8"),
    ): Promise<void> {
        this.#versions.set(file, 1);
        const document = { uri: this.#uri(file), languageId: "rust", version: 1, text };
        await this.#connection.sendNotification("textDocument/didOpen", { textDocument: document });
    }

    /** Inserts text at a place of an open file. */
    async insert(at: FilePosition, text: string): Promise<void> {
        const version = (this.#versions.get(at.path) ?? 1) + 1;
        this.#versions.set(at.path, version);
        const position = { line: at.line, character: at.column };
        await this.#connection.sendNotification("textDocument/didChange", {
            textDocument: { uri: this.#uri(at.path), version },
            contentChanges: [{ range: { start: position, end: position }, text }],
        });
    }

    /** References of what stands at a place, its definition included; how many. */
    async countReferences(at: FilePosition): Promise<number> {
        return lengthOf(
            await this.request("textDocument/references", {
                ...this.#at(at),
                context: { includeDeclaration: true },
            }),
        );
    }

    /** Definitions of what stands at a place; how many. */
    async countDefinitions(at: FilePosition): Promise<number> {
        return lengthOf(await this.request("textDocument/definition", this.#at(at)));
    }

    /** A rename's edits; how many files. */
    async countRenamedFiles(at: FilePosition, newName: string): Promise<number> {
        const edit = await this.request("textDocument/rename", { ...this.#at(at), newName });
        const { documentChanges } = (edit ?? {}) as { readonly documentChanges?: unknown[] };
        return documentChanges?.length ?? 0;
    }

    /** The files, as URIs, that hold the definitions of what stands at a place. */
    async findDefinitionUris(at: FilePosition): Promise<string[]> {
        const answer = await this.request("textDocument/definition", this.#at(at));
        const found = Array.isArray(answer) ? answer : [answer];
        return found.flatMap((one: { uri?: string; targetUri?: string } | null | undefined) => {
            const uri = one?.targetUri ?? one?.uri;
            return uri === undefined ? [] : [uri];
        });
    }

    /** A rename's edit as the server sends it. */
    async rename(at: FilePosition, newName: string): Promise<unknown> {
        return this.request("textDocument/rename", { ...this.#at(at), newName });
    }

    /** Asks, again for a while when the server says that the text has changed while it was thinking. */
    async request(method: string, params?: unknown): Promise<unknown> {
        // Parameters that are undefined would be sent as null, which is not nothing.
        return askAgain(method, () =>
            params === undefined
                ? this.#connection.sendRequest<unknown>(method)
                : this.#connection.sendRequest<unknown>(method, params),
        );
    }

    /** Ends the server. */
    async stop(): Promise<void> {
        await this.request("shutdown");
        await this.#connection.sendNotification("exit");
        this.#connection.dispose();
        await this.process.stop();
    }

    #uri(file: string): string {
        return pathToFileURL(path.join(this.#root, file)).href;
    }

    #at(at: FilePosition): object {
        return {
            textDocument: { uri: this.#uri(at.path) },
            position: { line: at.line, character: at.column },
        };
    }
}

function lengthOf(answer: unknown): number {
    return Array.isArray(answer) ? answer.length : answer === null || answer === undefined ? 0 : 1;
}
