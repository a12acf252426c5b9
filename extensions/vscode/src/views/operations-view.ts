// The operations view: what was made, refused or failed, the newest first.

import * as vscode from "vscode";

import { METHOD } from "../../../../src/protocol/index.ts";
import type { ClientContext } from "../client-context.ts";
import { operationRows } from "../model/operation-rows.ts";
import { count } from "../model/words.ts";
import { RowTree } from "./row-tree.ts";

/** Operations that are shown. */
const LIMIT = 100;

/** The view and what is in it. */
export class OperationsView implements vscode.Disposable {
    readonly #context: ClientContext;
    readonly #tree = new RowTree();
    readonly #view: vscode.TreeView<unknown>;
    readonly #parts: vscode.Disposable[] = [];
    #watcher: vscode.Disposable | undefined;

    constructor(context: ClientContext) {
        this.#context = context;
        this.#view = vscode.window.createTreeView("ferrograph.operations", {
            treeDataProvider: this.#tree,
        });
        this.#parts.push(
            this.#view,
            this.#view.onDidChangeVisibility(() => {
                void context.guard(() => this.refresh());
            }),
            context.onDidChangeState(() => {
                this.#watch();
                void context.guard(() => this.refresh());
            }),
        );
    }

    /** Asks for the operations, if anybody sees them. */
    async refresh(): Promise<void> {
        if (!this.#view.visible || !this.#context.isRunning) {
            return;
        }
        const { operations, known } = await this.#context.ask(METHOD.operations, { limit: LIMIT });
        this.#tree.show(operationRows(operations, Date.now()));
        const more = known - operations.length;
        this.#view.message = more > 0 ? `${count(more, "older operation")} not shown` : "";
    }

    dispose(): void {
        this.#watcher?.dispose();
        for (const part of this.#parts) {
            part.dispose();
        }
    }

    /** Operations of other clients appear too: the log is a file. */
    #watch(): void {
        this.#watcher?.dispose();
        if (this.#context.root === "") {
            return;
        }
        const folder = vscode.Uri.file(this.#context.root);
        const pattern = new vscode.RelativePattern(folder, ".ferrograph/operations.log");
        const watcher = vscode.workspace.createFileSystemWatcher(pattern);
        const refresh = (): void => {
            this.#context.expectChange();
            void this.#context.guard(() => this.refresh());
        };
        watcher.onDidChange(refresh);
        watcher.onDidCreate(refresh);
        this.#watcher = watcher;
    }
}
