// rust-analyzer as a language server that we are the editor of: started, shaken hands with, asked until it is
// stopped. What it says of its health is kept.

import { pathToFileURL } from "node:url";
import {
    createMessageConnection,
    StreamMessageReader,
    StreamMessageWriter,
    type MessageConnection,
} from "vscode-jsonrpc/node";

import { CancelledError, OperatingError } from "../../base/index.ts";
import { startProcess, type RunningProcess } from "../../platform/index.ts";
import type { Json } from "../types/json-values.ts";
import { askAgain } from "./ask-again.ts";
import { RUST_ANALYZER } from "./rust-analyzer-program.ts";

/** How a session is begun. */
export interface LspSessionOptions {
    /** What it is answered when it asks for its settings. */
    readonly settings: object;
    /** What we say that we can do with documents. */
    readonly textDocument: object;
    /** It gives way to other processes. */
    readonly isBackground?: boolean;
    readonly signal?: AbortSignal | undefined;
}

/** How long it may take to load a workspace. */
const LOADING_MS = 10 * 60_000;

/** One running rust-analyzer. */
export class LspSession {
    readonly #child: RunningProcess;
    readonly #connection: MessageConnection;
    /** Resolves when it has loaded the workspace; rejects when it ends, takes too long, or is cancelled. */
    readonly loaded: Promise<void>;
    #isEnded = false;

    private constructor(child: RunningProcess, root: string, options: LspSessionOptions) {
        this.#child = child;
        this.#connection = createMessageConnection(
            new StreamMessageReader(child.stdout),
            new StreamMessageWriter(child.stdin),
        );
        child.stderr.resume();
        const quiet = this.#untilQuiet(options.signal);
        quiet.catch(() => undefined); // Told where it is awaited.
        this.loaded = this.#shakeHands(root, options, quiet);
        this.loaded.catch(() => undefined);
    }

    /** Starts one on a workspace. Throws TOOL_MISSING. */
    static async start(root: string, options: LspSessionOptions): Promise<LspSession> {
        const child = await startProcess(RUST_ANALYZER, [], {
            cwd: root,
            isBackground: options.isBackground === true,
        });
        return new LspSession(child, root, options);
    }

    get pid(): number {
        return this.#child.pid;
    }

    /** Whether its process is gone, or is being ended. */
    get isEnded(): boolean {
        return this.#isEnded;
    }

    /** Asks, again for a while where it says that the text has changed meanwhile. */
    request(method: string, params: object): Promise<unknown> {
        return askAgain(method, () => this.#connection.sendRequest<unknown>(method, params));
    }

    notify(method: string, params: object): Promise<void> {
        return this.#connection.sendNotification(method, params);
    }

    async stop(): Promise<void> {
        this.#isEnded = true; // From now on nobody is answered, though the process may take a second to go.
        this.#connection.dispose();
        await this.#child.stop();
    }

    #untilQuiet(signal: AbortSignal | undefined): Promise<void> {
        return new Promise<void>((resolve, reject) => {
            const fail = (message: string): void => {
                reject(new OperatingError("TOOL_FAILED", message));
            };
            this.#connection.onNotification("experimental/serverStatus", (status: Json) => {
                if (status["quiescent"] === true) {
                    resolve();
                }
            });
            AbortSignal.timeout(LOADING_MS).addEventListener("abort", () => {
                fail(
                    `${RUST_ANALYZER} did not load the workspace in ${LOADING_MS / 60_000} minutes`,
                );
            });
            const end = (): void => {
                this.#isEnded = true;
                this.#connection.dispose();
                fail(`${RUST_ANALYZER} ended by itself`);
            };
            void this.#child.ended.then(end, end);
            signal?.addEventListener("abort", () => {
                reject(new CancelledError());
            });
        });
    }

    async #shakeHands(
        root: string,
        { settings, textDocument }: LspSessionOptions,
        quiet: Promise<void>,
    ): Promise<void> {
        const connection = this.#connection;
        const rootUri = pathToFileURL(root).href;
        connection.onRequest("workspace/configuration", (asked: { items: unknown[] }) =>
            asked.items.map(() => settings),
        );
        for (const method of [
            "client/registerCapability",
            "client/unregisterCapability",
            "window/workDoneProgress/create",
        ]) {
            connection.onRequest(method, () => null);
        }
        connection.onError(() => undefined);
        connection.listen();
        const shaken = connection.sendRequest("initialize", {
            processId: process.pid,
            rootUri,
            workspaceFolders: [{ uri: rootUri, name: "workspace" }],
            capabilities: {
                workspace: { configuration: true },
                textDocument,
                window: { workDoneProgress: true },
                experimental: { serverStatusNotification: true },
            },
            initializationOptions: settings,
        });
        await Promise.race([shaken, quiet]);
        await connection.sendNotification("initialized", {});
        await quiet;
    }
}
