// A lens above each definition: what it reaches. Off by default; only lenses that are seen are computed.

import * as vscode from "vscode";

import { METHOD } from "../../../../src/protocol/index.ts";
import type { ClientContext } from "../client-context.ts";
import { summaryOf } from "../model/impact-tree.ts";
import { setting } from "../settings.ts";

/** How long after a file was saved the lenses are computed anew. */
const SETTLE_MS = 1_500;

/** LSP's numbers of the kinds of symbols that get a lens. */
const KINDS: ReadonlySet<number> = new Set([
    5, // class (an impl is 19, and gets none)
    6, // method
    10, // enum
    11, // interface: a trait
    12, // function
    13, // variable: a static
    14, // constant
    23, // struct
]);

interface LspSymbol {
    readonly kind: number;
    readonly selectionRange: {
        readonly start: { readonly line: number; readonly character: number };
    };
    readonly children?: readonly LspSymbol[];
}

/** A lens that knows its document. */
class ImpactLens extends vscode.CodeLens {
    readonly document: vscode.TextDocument;

    constructor(range: vscode.Range, document: vscode.TextDocument) {
        super(range);
        this.document = document;
    }
}

/** Gives the editor lenses. */
export class ImpactLenses implements vscode.CodeLensProvider<ImpactLens>, vscode.Disposable {
    readonly #context: ClientContext;
    readonly #changed = new vscode.EventEmitter<void>();
    readonly onDidChangeCodeLenses = this.#changed.event;
    readonly #parts: readonly { dispose(): unknown }[];
    #timer: NodeJS.Timeout | undefined;
    /** The graph's hash when the lenses were last asked for. */
    #root = "";

    constructor(context: ClientContext) {
        this.#context = context;
        this.#parts = [
            this.#changed,
            vscode.languages.registerCodeLensProvider({ scheme: "file", language: "rust" }, this),
            vscode.workspace.onDidSaveTextDocument(() => {
                this.#refreshIn(SETTLE_MS);
            }),
            vscode.workspace.onDidChangeConfiguration((change) => {
                if (change.affectsConfiguration("ferrograph.codeLens")) {
                    this.#changed.fire();
                }
            }),
            context.onDidChangeState(() => {
                this.#changed.fire();
            }),
            context.onDidReadStatus(({ graphRoot }) => {
                if (this.#root !== graphRoot) {
                    this.#root = graphRoot;
                    this.#changed.fire();
                }
            }),
        ];
    }

    async provideCodeLenses(
        document: vscode.TextDocument,
        token: vscode.CancellationToken,
    ): Promise<ImpactLens[]> {
        if (!setting<boolean>("codeLens.enabled", false) || !this.#context.isRunning) {
            return [];
        }
        const params = { textDocument: { uri: document.uri.toString() } };
        const symbols = await this.#context.client
            .sendRequest<readonly LspSymbol[] | null>("textDocument/documentSymbol", params, token)
            .catch((error: unknown) => {
                // The editor asks again only when it is told to.
                this.#refreshIn(SETTLE_MS);
                throw error;
            });
        return flatten(symbols ?? []).map(({ selectionRange: { start } }) => {
            const position = new vscode.Position(start.line, start.character);
            return new ImpactLens(new vscode.Range(position, position), document);
        });
    }

    async resolveCodeLens(lens: ImpactLens, token: vscode.CancellationToken): Promise<ImpactLens> {
        const symbol = this.#context.selectorAt(lens.document, lens.range.start);
        const impact = await this.#context
            .ask(METHOD.impact, { symbol, summary: true }, token)
            .catch(() => undefined); // It is gone, or not decided: no lens.
        lens.command =
            impact === undefined
                ? { title: "", command: "" }
                : {
                      title: summaryOf(impact),
                      command: "ferrograph.showImpact",
                      arguments: [symbol],
                      tooltip: "Show the impact",
                  };
        return lens;
    }

    dispose(): void {
        clearTimeout(this.#timer);
        for (const part of this.#parts) {
            part.dispose();
        }
    }

    #refreshIn(milliseconds: number): void {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => {
            this.#changed.fire();
        }, milliseconds);
    }
}

function flatten(symbols: readonly LspSymbol[]): LspSymbol[] {
    return symbols.flatMap((symbol) => [
        ...(KINDS.has(symbol.kind) ? [symbol] : []),
        ...flatten(symbol.children ?? []),
    ]);
}
