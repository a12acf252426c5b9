// The graph of the ripple that the impact view shows, in a panel beside the editor.

import * as vscode from "vscode";

import type { ClientContext } from "../client-context.ts";
import { toGraphData } from "../model/graph-model.ts";
import { GRAPH_BODY } from "../model/graph-page.ts";
import type { FromGraph, ToGraph } from "../model/messages.ts";
import type { ImpactView } from "./impact-view.ts";
import { pageRoots, showPage } from "./web-page.ts";

/** The panel, while it is open. */
export class GraphPanel implements vscode.Disposable {
    readonly #context: ClientContext;
    readonly #view: ImpactView;
    readonly #following: vscode.Disposable;
    #panel: vscode.WebviewPanel | undefined;

    constructor(context: ClientContext, view: ImpactView) {
        this.#context = context;
        this.#view = view;
        this.#following = view.onDidChange(() => {
            this.#send();
        });
    }

    /** Opens the panel, or brings it to the front. */
    show(): void {
        if (this.#view.shown === undefined) {
            throw new Error("show the impact of a symbol first");
        }
        if (this.#panel !== undefined) {
            this.#panel.reveal();
            return;
        }
        const { extension } = this.#context;
        const panel = vscode.window.createWebviewPanel(
            "ferrograph.graph",
            "Impact Graph",
            vscode.ViewColumn.Beside,
            {
                enableScripts: true,
                enableFindWidget: false,
                localResourceRoots: pageRoots(extension),
            },
        );
        panel.iconPath = vscode.Uri.joinPath(extension.extensionUri, "media", "icon.svg");
        panel.webview.onDidReceiveMessage((message: FromGraph) => {
            void this.#context.guard(() => this.#receive(message));
        });
        panel.onDidDispose(() => {
            this.#panel = undefined;
        });
        this.#panel = panel;
        const page = { title: "Impact graph", style: "graph", script: "graph", body: GRAPH_BODY };
        showPage(extension, panel.webview, page);
    }

    dispose(): void {
        this.#following.dispose();
        this.#panel?.dispose();
    }

    async #receive(message: FromGraph): Promise<void> {
        switch (message.kind) {
            case "ready":
                this.#send();
                return;
            case "open":
                await this.#context.open(message.at, vscode.ViewColumn.One);
                return;
            case "ask":
                await this.#view.showImpact({ kind: "path", path: message.path });
        }
    }

    #send(): void {
        const { shown, filter } = this.#view;
        if (this.#panel === undefined || shown === undefined) {
            return;
        }
        const { impact, standing } = shown;
        this.#panel.title = `Impact of ${impact.symbol.name}`;
        const message: ToGraph = { kind: "graph", data: toGraphData(impact, filter, standing) };
        void this.#panel.webview.postMessage(message);
    }
}
