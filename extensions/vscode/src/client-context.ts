// What lives as long as the extension: the client, its log, and everything that must be disposed of.

import path from "node:path";
import * as vscode from "vscode";
import {
    LanguageClient,
    ProgressType,
    State,
    type LanguageClientOptions,
    type ServerCapabilities,
    type StaticFeature,
} from "vscode-languageclient/node";

import {
    METHOD,
    type PlaceDto,
    type RequestMap,
    type StatusResult,
    type SymbolSelector,
} from "../../../src/protocol/index.ts";
import { findServer } from "./find-server.ts";
import { failureText, isCancelled, readFailure } from "./request-failure.ts";
import { hasRustAnalyzer, setting } from "./settings.ts";

/** What a command may be called with. */
type CommandBody = (...args: readonly unknown[]) => Promise<void> | void;

/** A report of the server about long work. */
interface WorkReport {
    readonly message?: string;
    readonly percentage?: number;
    readonly stage?: string;
}

/** How a server's own command is answered here: its id, and what it was called with. */
type ServerCommandHandler = (command: string, argument: unknown) => Promise<void>;

/** What the user is told of long work. */
export interface LongWork<M extends keyof RequestMap> {
    readonly method: M;
    readonly params: RequestMap[M][0];
    readonly title: string;
    /** Told of each stage as it begins. */
    readonly onStage?: (stage: string) => void;
}

const NO_SERVER =
    "there is no `ferrograph` command: install it (npm install --global ferrograph), or name it in the " +
    "setting ferrograph.server.path";
const WORK_PROGRESS = new ProgressType<WorkReport>();

/** The extension's state. */
export class ClientContext implements vscode.Disposable {
    readonly output = vscode.window.createOutputChannel("Ferrograph", { log: true });
    readonly extension: vscode.ExtensionContext;
    /** Called with what the server's code actions ask for. */
    onServerCommand: ServerCommandHandler = () => Promise.resolve();
    readonly #changed = new vscode.EventEmitter<void>();
    /** The client started, stopped, or failed. */
    readonly onDidChangeState = this.#changed.event;
    readonly #expected = new vscode.EventEmitter<void>();
    /** The graph will be another soon: somebody did something to the workspace. */
    readonly onDidExpectChange = this.#expected.event;
    readonly #statusRead = new vscode.EventEmitter<StatusResult>();
    /** The server has told its status: whoever follows the graph sees whether it is another. */
    readonly onDidReadStatus = this.#statusRead.event;
    #client: LanguageClient | undefined;
    #root = "";
    #failure = "";
    #tokens = 0;

    constructor(extension: vscode.ExtensionContext) {
        this.extension = extension;
    }

    /** The running client; throws when there is none. */
    get client(): LanguageClient {
        if (this.#client?.isRunning() !== true) {
            throw new Error("the Ferrograph server is not running; see its log");
        }
        return this.#client;
    }

    /** Whether the server answers. */
    get isRunning(): boolean {
        return this.#client?.isRunning() === true;
    }

    /** Why the server does not run; empty when it does or was never started. */
    get failure(): string {
        return this.#failure;
    }

    /** The workspace's root, as the server has it. */
    get root(): string {
        return this.#root;
    }

    /** Starts the server, or starts it anew. */
    async restart(): Promise<void> {
        await this.#client?.dispose();
        this.#failure = "";
        const { command, args, env } = findServer({
            setting: setting("server.path", ""),
            folders: (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath),
            extensionFolder: this.extension.extensionPath,
            trusted: vscode.workspace.isTrusted,
            runtime: process.execPath,
        });
        const trust = vscode.workspace.isTrusted ? ["--trust"] : [];
        this.output.info(`starting ${[command, ...args, ...trust].join(" ")}`);
        const client = new LanguageClient(
            "ferrograph",
            "Ferrograph",
            {
                command,
                args: [...args, ...trust],
                options: { env: { ...process.env, ...env } },
            },
            this.#options(),
        );
        this.#client = client;
        client.registerFeature(new LeftToOthers(isNavigationOurs()));
        client.onDidChangeState(({ newState }) => {
            if (newState !== State.Starting) {
                this.#changed.fire();
            }
        });
        try {
            await client.start();
            this.#root = (await this.status()).root;
        } catch (error) {
            const isMissing = command === "ferrograph" && String(error).includes("ENOENT");
            this.#failure = isMissing ? NO_SERVER : readFailure(error).message;
            throw new Error(this.#failure, { cause: error });
        } finally {
            this.#changed.fire();
        }
    }

    /** Sends one of our own requests. */
    ask<M extends keyof RequestMap>(
        method: M,
        params: RequestMap[M][0],
        token?: vscode.CancellationToken,
    ): Promise<RequestMap[M][1]> {
        // Without a token there must be no third argument: it would be sent as a second parameter.
        return token === undefined
            ? this.client.sendRequest<RequestMap[M][1]>(method, params)
            : this.client.sendRequest<RequestMap[M][1]>(method, params, token);
    }

    /** Sends a request whose work is shown, and can be ended by the user. */
    async askLong<M extends keyof RequestMap>(work: LongWork<M>): Promise<RequestMap[M][1]> {
        const { client } = this;
        const { method, params, title, onStage } = work;
        const workDoneToken = `ferrograph-extension-${(this.#tokens += 1)}`;
        const shown = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
        return vscode.window.withProgress(shown, async (progress, cancellation) => {
            let lastStage = "";
            const listening = client.onProgress(WORK_PROGRESS, workDoneToken, (report) => {
                progress.report({ message: report.message ?? "" });
                if (report.stage !== undefined && report.stage !== lastStage) {
                    lastStage = report.stage;
                    this.output.info(`${title}: ${lastStage}`);
                    onStage?.(lastStage);
                }
            });
            try {
                const asked = { ...params, workDoneToken };
                return await client.sendRequest<RequestMap[M][1]>(method, asked, cancellation);
            } finally {
                listening.dispose();
            }
        });
    }

    /** The server's status. */
    async status(): Promise<StatusResult> {
        const status = await this.ask(METHOD.status, {});
        this.#statusRead.fire(status);
        return status;
    }

    /** Has somebody look at the graph soon, because something was done to the workspace. */
    expectChange(): void {
        this.#expected.fire();
    }

    /** The symbol at the cursor of the active editor. */
    atCursor(): SymbolSelector {
        const editor = vscode.window.activeTextEditor;
        if (editor?.document.languageId !== "rust") {
            throw new Error("open a Rust file and put the cursor on a name");
        }
        return this.selectorAt(editor.document, editor.selection.active);
    }

    /** A place in a document as our requests name it. */
    selectorAt(document: vscode.TextDocument, position: vscode.Position): SymbolSelector {
        const relative = path.relative(this.#root, document.uri.fsPath);
        const file = relative.split(path.sep).join("/");
        return {
            kind: "place",
            place: { path: file, line: position.line, column: position.character },
        };
    }

    /** A file of the workspace. */
    uriOf(file: string): vscode.Uri {
        return vscode.Uri.file(path.join(this.#root, file));
    }

    /** Shows a place in the editor. */
    async open(at: PlaceDto, column?: vscode.ViewColumn): Promise<void> {
        const position = new vscode.Position(at.line, at.column);
        await vscode.window.showTextDocument(this.uriOf(at.path), {
            selection: new vscode.Range(position, position),
            ...(column === undefined ? {} : { viewColumn: column }),
        });
    }

    /** Registers a command whose failure is shown. */
    register(name: string, run: CommandBody): void {
        const command = vscode.commands.registerCommand(name, (...args: readonly unknown[]) =>
            this.guard(() => run(...args)),
        );
        this.extension.subscriptions.push(command);
    }

    /** Runs something and shows its failure to the user. */
    async guard(run: () => Promise<void> | void): Promise<void> {
        try {
            await run();
        } catch (thrown) {
            if (isCancelled(thrown)) {
                return;
            }
            const failure = readFailure(thrown);
            this.output.error(`${failure.code} ${failureText(failure)}`.trim());
            const text = `Ferrograph: ${failureText(failure)}`;
            // Not awaited: whoever runs the command is not held up until somebody has read this.
            void vscode.window.showErrorMessage(text, "Show Log").then((chosen) => {
                if (chosen !== undefined) {
                    this.output.show();
                }
            });
        }
    }

    dispose(): void {
        void this.#client?.dispose();
        this.#changed.dispose();
        this.#expected.dispose();
        this.#statusRead.dispose();
        this.output.dispose();
    }

    #options(): LanguageClientOptions {
        return {
            documentSelector: [{ scheme: "file", language: "rust" }],
            outputChannel: this.output,
            initializationOptions: {
                rendersImpact: true,
                asksNewName: true,
                renameText: setting("rename.text", false),
            },
            middleware: {
                executeCommand: async (command, args): Promise<unknown> => {
                    await this.guard(() => this.onServerCommand(command, args[0]));
                    return undefined;
                },
            },
        };
    }
}

/** Takes away from the client what is answered elsewhere: renames by our own provider, and the rest by rust-analyzer. */
class LeftToOthers implements StaticFeature {
    readonly #navigation: boolean;

    constructor(navigation: boolean) {
        this.#navigation = navigation;
    }

    preInitialize(capabilities: ServerCapabilities): void {
        delete capabilities.renameProvider;
        if (!this.#navigation) {
            delete capabilities.definitionProvider;
            delete capabilities.referencesProvider;
            delete capabilities.documentSymbolProvider;
            delete capabilities.workspaceSymbolProvider;
            delete capabilities.callHierarchyProvider;
        }
    }

    fillClientCapabilities(): void {
        // Nothing is announced.
    }

    initialize(): void {
        // Nothing is begun.
    }

    getState(): { readonly kind: "static" } {
        return { kind: "static" };
    }

    clear(): void {
        // Nothing is held.
    }
}

function isNavigationOurs(): boolean {
    const wanted = setting<"auto" | "on" | "off">("navigation", "auto");
    return wanted === "on" || (wanted === "auto" && !hasRustAnalyzer());
}
