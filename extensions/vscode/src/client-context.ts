// What lives as long as the extension: the client, its log, and everything that must be disposed of.

import * as vscode from "vscode";
import { LanguageClient, type LanguageClientOptions } from "vscode-languageclient/node";

import { findServer } from "./find-server.ts";
import { isCommandResult, showMarkdown } from "./show-markdown.ts";

/** The extension's state. */
export class ClientContext implements vscode.Disposable {
    readonly output = vscode.window.createOutputChannel("Ferrograph", { log: true });
    readonly #extension: vscode.ExtensionContext;
    #client: LanguageClient | undefined;

    constructor(extension: vscode.ExtensionContext) {
        this.#extension = extension;
    }

    /** The running client; throws when there is none. */
    get client(): LanguageClient {
        if (this.#client?.isRunning() !== true) {
            throw new Error("the Ferrograph server is not running; see its log");
        }
        return this.#client;
    }

    /** Starts the server, or starts it anew. */
    async restart(): Promise<void> {
        await this.#client?.dispose();
        const { command, args } = findServer({
            setting: vscode.workspace.getConfiguration("ferrograph").get("server.path", ""),
            folders: (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath),
            extensionFolder: this.#extension.extensionPath,
            trusted: vscode.workspace.isTrusted,
        });
        const trust = vscode.workspace.isTrusted ? ["--trust"] : [];
        this.output.info(`starting ${[command, ...args, ...trust].join(" ")}`);
        const server = { command, args: [...args, ...trust] };
        this.#client = new LanguageClient("ferrograph", "Ferrograph", server, this.#options());
        await this.#client.start();
    }

    /** Registers a command whose failure is shown. */
    register(name: string, run: () => Promise<void> | void): void {
        const command = vscode.commands.registerCommand(name, () => this.guard(run));
        this.#extension.subscriptions.push(command);
    }

    /** Runs something and shows its failure to the user. */
    async guard(run: () => Promise<void> | void): Promise<void> {
        try {
            await run();
        } catch (error) {
            const message = error instanceof Error ? error.message : String(error);
            this.output.error(message);
            const chosen = await vscode.window.showErrorMessage(
                `Ferrograph: ${message}`,
                "Show Log",
            );
            if (chosen !== undefined) {
                this.output.show();
            }
        }
    }

    dispose(): void {
        void this.#client?.dispose();
        this.output.dispose();
    }

    #options(): LanguageClientOptions {
        return {
            documentSelector: [{ scheme: "file", language: "rust" }],
            outputChannel: this.output,
            initializationOptions: {
                rendersImpact: true,
                renameText:
                    vscode.workspace.getConfiguration("ferrograph").get("rename.text") === true,
            },
            middleware: {
                // The server's code actions run commands whose answer is to be read.
                executeCommand: async (command, args, next): Promise<unknown> => {
                    const result: unknown = await next(command, args);
                    if (isCommandResult(result)) {
                        await showMarkdown(result.markdown);
                    }
                    return result;
                },
            },
        };
    }
}
