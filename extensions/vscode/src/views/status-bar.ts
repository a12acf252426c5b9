// The status bar item: whether the server is there, and what it is doing.

import * as vscode from "vscode";

import type { ClientContext } from "../client-context.ts";
import { statusText, type ServerState } from "../model/status-text.ts";

/** How often a server that works is asked. */
const BUSY_MS = 1_000;
/** How often one that rests is asked while somebody looks. */
const RESTING_MS = 15_000;
/** How long after a file was saved its capture is over. */
const SAVED_MS = 700;

/** The item, kept up to date. */
export class StatusBar implements vscode.Disposable {
    readonly #context: ClientContext;
    readonly #item: vscode.StatusBarItem;
    readonly #parts: readonly { dispose(): unknown }[];
    #timer: NodeJS.Timeout | undefined;

    constructor(context: ClientContext) {
        this.#context = context;
        this.#item = vscode.window.createStatusBarItem(
            "ferrograph.status",
            vscode.StatusBarAlignment.Left,
            0,
        );
        this.#item.name = "Ferrograph";
        this.#item.command = "ferrograph.showStatus";
        this.#show({ kind: "starting" });
        this.#item.show();
        this.#parts = [
            this.#item,
            context.onDidChangeState(() => {
                void this.#update();
            }),
            context.onDidExpectChange(() => {
                this.#schedule(SAVED_MS);
            }),
            vscode.workspace.onDidSaveTextDocument((document) => {
                if (document.languageId === "rust") {
                    this.#schedule(SAVED_MS);
                }
            }),
            vscode.window.onDidChangeWindowState(({ focused }) => {
                if (focused) {
                    void this.#update();
                }
            }),
        ];
    }

    dispose(): void {
        clearTimeout(this.#timer);
        for (const part of this.#parts) {
            part.dispose();
        }
    }

    async #update(): Promise<void> {
        const state = await this.#readState();
        this.#show(state);
        if (state.kind !== "running") {
            clearTimeout(this.#timer);
        } else if (["opening", "capturing"].includes(state.status.state)) {
            this.#schedule(BUSY_MS);
        } else if (vscode.window.state.focused) {
            this.#schedule(RESTING_MS);
        }
    }

    async #readState(): Promise<ServerState> {
        const { isRunning, failure } = this.#context;
        if (!isRunning) {
            return { kind: "stopped", reason: failure === "" ? "it has ended" : failure };
        }
        try {
            return { kind: "running", status: await this.#context.status() };
        } catch (error) {
            return { kind: "stopped", reason: error instanceof Error ? error.message : "" };
        }
    }

    #schedule(milliseconds: number): void {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => {
            void this.#update();
        }, milliseconds);
    }

    #show(state: ServerState): void {
        const { text, tooltip, spoken, isWarning } = statusText(state);
        this.#item.text = text;
        const markdown = new vscode.MarkdownString(["**Ferrograph**", ...tooltip].join("\n\n"));
        this.#item.tooltip = markdown;
        this.#item.accessibilityInformation = { label: spoken, role: "button" };
        this.#item.backgroundColor = isWarning
            ? new vscode.ThemeColor("statusBarItem.warningBackground")
            : undefined;
    }
}
