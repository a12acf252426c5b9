// The SQL scratchpad: a statement, and its answer as a table.

import * as vscode from "vscode";

import { METHOD } from "../../../../src/protocol/index.ts";
import type { ClientContext } from "../client-context.ts";
import type { FromQuery, ToQuery } from "../model/messages.ts";
import { QUERY_BODY } from "../model/query-page.ts";
import { failureText, readFailure } from "../request-failure.ts";
import { pageRoots, showPage } from "./web-page.ts";

/** The panel, while it is open. */
export class QueryPanel implements vscode.Disposable {
    readonly #context: ClientContext;
    #panel: vscode.WebviewPanel | undefined;
    /** The answer that has more rows. */
    #cursor: string | undefined;

    constructor(context: ClientContext) {
        this.#context = context;
    }

    /** Opens the panel, or brings it to the front. */
    show(): void {
        if (this.#panel !== undefined) {
            this.#panel.reveal();
            return;
        }
        const { extension } = this.#context;
        const panel = vscode.window.createWebviewPanel(
            "ferrograph.query",
            "Ferrograph SQL",
            vscode.ViewColumn.Active,
            {
                enableScripts: true,
                retainContextWhenHidden: true,
                localResourceRoots: pageRoots(extension),
            },
        );
        panel.iconPath = vscode.Uri.joinPath(extension.extensionUri, "media", "icon.svg");
        panel.webview.onDidReceiveMessage((message: FromQuery) => {
            void this.#receive(message);
        });
        panel.onDidDispose(() => {
            this.#panel = undefined;
            void this.#close();
        });
        this.#panel = panel;
        const page = { title: "Ferrograph SQL", style: "query", script: "query", body: QUERY_BODY };
        showPage(extension, panel.webview, page);
    }

    dispose(): void {
        this.#panel?.dispose();
    }

    async #receive(message: FromQuery): Promise<void> {
        try {
            switch (message.kind) {
                case "ready":
                    return;
                case "run":
                    await this.#run(message.sql);
                    return;
                case "more":
                    await this.#more();
                    return;
                case "copy":
                    await vscode.env.clipboard.writeText(message.csv);
                    this.#send({ kind: "copied", rows: message.rows });
            }
        } catch (thrown) {
            this.#send({ kind: "failed", message: failureText(readFailure(thrown)) });
        }
    }

    async #run(sql: string): Promise<void> {
        await this.#close();
        const { columns, rows, next, milliseconds } = await this.#context.ask(METHOD.query, {
            sql,
        });
        this.#cursor = next;
        const hasMore = next !== undefined;
        this.#send({ kind: "rows", columns, rows, hasMore, milliseconds });
    }

    async #more(): Promise<void> {
        const cursor = this.#cursor;
        if (cursor === undefined) {
            return;
        }
        const { rows, next } = await this.#context.ask(METHOD.queryNext, { cursor });
        this.#cursor = next;
        this.#send({ kind: "rows", rows, hasMore: next !== undefined, milliseconds: 0 });
    }

    /** Lets go of an answer that nobody reads to its end. */
    async #close(): Promise<void> {
        const cursor = this.#cursor;
        this.#cursor = undefined;
        if (cursor !== undefined && this.#context.isRunning) {
            await this.#context.ask(METHOD.queryNext, { cursor, close: true });
        }
    }

    #send(message: ToQuery): void {
        void this.#panel?.webview.postMessage(message);
    }
}
