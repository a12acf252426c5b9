// The impact view: the ripple of a symbol, and above it the plan of a rename where one was asked for.

import * as vscode from "vscode";

import {
    METHOD,
    type ImpactResult,
    type RenameImpactResult,
    type SymbolSelector,
} from "../../../../src/protocol/index.ts";
import type { ClientContext } from "../client-context.ts";
import { followRenamed, followSymbol, THERE, type Standing } from "../model/follow-symbol.ts";
import {
    describeFilter,
    EVERYTHING,
    impactParams,
    toKinds,
    type ImpactFilter,
} from "../model/impact-filter.ts";
import { impactRows } from "../model/impact-tree.ts";
import { askedText, planRow } from "../model/rename-tree.ts";
import { setting } from "../settings.ts";
import { RowTree } from "./row-tree.ts";

/** A ripple that is shown. */
export interface ShownImpact {
    readonly impact: ImpactResult;
    /** Whether its symbol is still there. */
    readonly standing: Standing;
    readonly rename: RenameImpactResult | undefined;
}

/** The view and what is in it. */
export class ImpactView implements vscode.Disposable {
    readonly #context: ClientContext;
    readonly #tree = new RowTree();
    readonly #view: vscode.TreeView<unknown>;
    readonly #changed = new vscode.EventEmitter<void>();
    /** Another ripple, or another part of it, is shown. */
    readonly onDidChange = this.#changed.event;
    #filter: ImpactFilter = EVERYTHING;
    #shown: ShownImpact | undefined;
    /** The graph's hash when the symbol was last looked for. */
    #root = "";
    readonly #following: readonly vscode.Disposable[];

    constructor(context: ClientContext) {
        this.#context = context;
        this.#filter = this.#startFilter();
        this.#view = vscode.window.createTreeView("ferrograph.impact", {
            treeDataProvider: this.#tree,
            showCollapseAll: true,
        });
        this.#following = [
            context.onDidReadStatus(({ graphRoot }) => {
                if (this.#shown !== undefined && this.#root !== graphRoot) {
                    this.#root = graphRoot;
                    void context.guard(() => this.refresh());
                }
            }),
            vscode.workspace.onDidChangeTextDocument(({ document }) => {
                // The editor has read it again: until now its text has stood before the graph's.
                if (!document.isDirty && document.languageId === "rust") {
                    this.#root = "";
                    context.expectChange();
                }
            }),
        ];
    }

    get shown(): ShownImpact | undefined {
        return this.#shown;
    }

    get filter(): ImpactFilter {
        return this.#filter;
    }

    /** Shows the ripple of a symbol. */
    async showImpact(symbol: SymbolSelector): Promise<void> {
        const impact = await this.#ask(symbol, this.#filter);
        this.#root = impact.root;
        await this.#show({ impact, standing: THERE, rename: undefined });
        await this.reveal();
    }

    /** Shows what a rename would do, and its ripple. */
    async showRename(symbol: SymbolSelector, newName: string): Promise<RenameImpactResult> {
        const rename = await vscode.window.withProgress(
            { location: { viewId: "ferrograph.impact" } },
            (_, token) => {
                const ask = setting("rename.ask", false);
                const params = { symbol, newName, planOnly: true, ask };
                return this.#context.ask(METHOD.renameImpact, params, token);
            },
        );
        // What has no node (a local, a lifetime) has no ripple.
        const impact =
            rename.plan.symbol.id === ""
                ? emptyImpact(rename)
                : await this.#ask(symbol, this.#filter);
        this.#root = impact.root;
        await this.#show({ impact, standing: THERE, rename });
        await this.reveal();
        return rename;
    }

    /** Shows another part of the ripple; asks for it anew where other edges are to be followed. */
    async setFilter(filter: ImpactFilter): Promise<void> {
        const before = this.#filter;
        this.#filter = filter;
        if (this.#shown === undefined) {
            return;
        }
        const isSame = before.kinds.join() === filter.kinds.join() && before.depth === filter.depth;
        await (isSame ? this.#show(this.#shown) : this.refresh());
    }

    /** Shows everything again. */
    clearFilter(): Promise<void> {
        return this.setFilter(this.#startFilter());
    }

    /** Asks again for what is shown, under the name that it has now. */
    async refresh(): Promise<void> {
        const shown = this.#shown;
        if (shown === undefined || shown.impact.symbol.id === "") {
            return;
        }
        const followed = await followSymbol((symbol) => this.#ask(symbol, this.#filter), shown);
        // Another symbol may have been shown while this one was looked for.
        if (this.#shown === shown) {
            const rename = followed.standing.kind === "there" ? shown.rename : undefined;
            await this.#show({ ...followed, rename });
        }
    }

    /** Shows the symbol of a rename that was made, under its new name; one without a node loses its plan alone. */
    async showRenamed(impact: ImpactResult, path: string | undefined, name: string): Promise<void> {
        const followed =
            path === undefined || impact.symbol.id === ""
                ? { impact, standing: THERE }
                : await followRenamed((symbol) => this.#ask(symbol, this.#filter), impact, {
                      path,
                      name,
                  });
        await this.#show({ ...followed, rename: undefined });
        await this.reveal();
    }

    /** Brings the view to the front. */
    async reveal(): Promise<void> {
        await vscode.commands.executeCommand("ferrograph.impact.focus");
    }

    dispose(): void {
        this.#following.forEach((each) => {
            each.dispose();
        });
        this.#view.dispose();
        this.#changed.dispose();
    }

    #startFilter(): ImpactFilter {
        return { ...EVERYTHING, kinds: toKinds(setting<string[]>("impact.edges", [])) };
    }

    #ask(symbol: SymbolSelector, filter: ImpactFilter): Promise<ImpactResult> {
        return Promise.resolve(
            vscode.window.withProgress({ location: { viewId: "ferrograph.impact" } }, (_, token) =>
                this.#context.ask(METHOD.impact, impactParams(symbol, filter), token),
            ),
        );
    }

    async #show(shown: ShownImpact): Promise<void> {
        this.#shown = shown;
        const { impact, standing, rename } = shown;
        const plan = rename === undefined ? [] : [planRow(rename.plan)];
        this.#tree.show([...plan, ...impactRows(impact, this.#filter, standing)]);
        this.#view.description = describeFilter(this.#filter);
        this.#view.message = askedText(rename?.asked);
        const set = (name: string, value: boolean): Thenable<unknown> =>
            vscode.commands.executeCommand("setContext", `ferrograph.${name}`, value);
        await set("hasImpact", true);
        await set("hasPlan", rename !== undefined);
        await set("hasFilter", this.#view.description !== "");
        this.#changed.fire();
    }
}

function emptyImpact({ plan }: RenameImpactResult): ImpactResult {
    return { symbol: plan.symbol, reached: [], crates: [], tests: 0, root: "", undecided: 0 };
}
