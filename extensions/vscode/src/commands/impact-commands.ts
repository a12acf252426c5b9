// Commands that show ripples: of the symbol at the cursor, of a rename that is not made yet, and parts of them.

import * as vscode from "vscode";

import type { PlaceDto, SymbolSelector } from "../../../../src/protocol/index.ts";
import type { ClientContext } from "../client-context.ts";
import { RIPPLE_KINDS, toKinds } from "../model/impact-filter.ts";
import { count } from "../model/words.ts";
import type { GraphPanel } from "../views/graph-panel.ts";
import type { ImpactView } from "../views/impact-view.ts";

/** Registers them. */
export function registerImpactCommands(
    context: ClientContext,
    view: ImpactView,
    graph: GraphPanel,
): void {
    context.register("ferrograph.showImpact", (given) =>
        view.showImpact(toSelector(given) ?? context.atCursor()),
    );
    context.register("ferrograph.previewImpact", async (given) => {
        await previewImpact(view, toSelector(given) ?? context.atCursor());
    });
    context.register("ferrograph.open", (at) => context.open(at as PlaceDto));
    context.register("ferrograph.showGraph", () => {
        graph.show();
    });
    context.register("ferrograph.impact.refresh", () => view.refresh());
    context.register("ferrograph.impact.clearFilter", () => view.clearFilter());
    context.register("ferrograph.impact.testsOnly", () =>
        view.setFilter({ ...view.filter, testsOnly: !view.filter.testsOnly }),
    );
    context.register("ferrograph.impact.filter", () => chooseFilter(view));
    context.onServerCommand = async (command, argument) => {
        const symbol = symbolOf(argument) ?? context.atCursor();
        await (command === "ferrograph.server.impact"
            ? view.showImpact(symbol)
            : previewImpact(view, symbol));
    };
}

/** Asks for a name, and shows what renaming the symbol would do. */
async function previewImpact(view: ImpactView, symbol: SymbolSelector): Promise<void> {
    const newName = await askNewName("Preview Impact of Renaming", "Nothing is changed");
    if (newName !== undefined) {
        await view.showRename(symbol, newName);
    }
}

/** Asks for a name; undefined when the user gives none. */
export async function askNewName(title: string, prompt: string): Promise<string | undefined> {
    const editor = vscode.window.activeTextEditor;
    const word = editor?.document.getWordRangeAtPosition(editor.selection.active);
    const value = word === undefined ? "" : (editor?.document.getText(word) ?? "");
    const newName = await vscode.window.showInputBox({
        title,
        prompt: `New name. ${prompt}`,
        value,
        validateInput: (text) => (text.trim() === "" ? "A name is needed" : undefined),
    });
    return newName?.trim();
}

type Dimension = "kinds" | "depth" | "crates";

async function chooseFilter(view: ImpactView): Promise<void> {
    const { filter } = view;
    const choices: readonly (vscode.QuickPickItem & { readonly dimension: Dimension })[] = [
        {
            label: "$(git-merge) Edges",
            description: filter.kinds.join(", "),
            detail: "Which kinds of edges are followed",
            dimension: "kinds",
        },
        {
            label: "$(list-ordered) Depth",
            description: filter.depth === undefined ? "any" : count(filter.depth, "step"),
            detail: "How far they are followed",
            dimension: "depth",
        },
        {
            label: "$(package) Crates",
            description: filter.crates.length === 0 ? "all" : filter.crates.join(", "),
            detail: "Which crates are shown",
            dimension: "crates",
        },
    ];
    const chosen = await vscode.window.showQuickPick(choices, { title: "Filter the Impact" });
    switch (chosen?.dimension) {
        case "kinds":
            return chooseKinds(view);
        case "depth":
            return chooseDepth(view);
        case "crates":
            return chooseCrates(view);
        case undefined:
    }
}

async function chooseKinds(view: ImpactView): Promise<void> {
    const picked = await vscode.window.showQuickPick(
        RIPPLE_KINDS.map((label) => ({ label, picked: view.filter.kinds.includes(label) })),
        { title: "Edges to Follow", canPickMany: true },
    );
    if (picked !== undefined) {
        const kinds = toKinds(picked.map(({ label }) => label));
        await view.setFilter({ ...view.filter, kinds });
    }
}

async function chooseDepth(view: ImpactView): Promise<void> {
    const text = await vscode.window.showInputBox({
        title: "Depth",
        prompt: "Largest number of steps; empty for any",
        value: view.filter.depth === undefined ? "" : String(view.filter.depth),
        validateInput: (value) =>
            /^([1-9]\d*)?$/u.test(value.trim()) ? undefined : "A whole number above 0, or nothing",
    });
    if (text !== undefined) {
        const depth = text.trim() === "" ? undefined : Number(text);
        await view.setFilter({ ...view.filter, depth });
    }
}

async function chooseCrates(view: ImpactView): Promise<void> {
    const crates = view.shown?.impact.crates ?? [];
    const picked = await vscode.window.showQuickPick(
        crates.map(({ name, symbols }) => ({
            label: name,
            description: count(symbols, "symbol"),
            picked: view.filter.crates.length === 0 || view.filter.crates.includes(name),
        })),
        { title: "Crates to Show", canPickMany: true },
    );
    if (picked !== undefined) {
        const isAll = picked.length === crates.length || picked.length === 0;
        const names = isAll ? [] : picked.map(({ label }) => label);
        await view.setFilter({ ...view.filter, crates: names });
    }
}

/** The symbol of the argument that a code action of the server gives to a command. */
export function symbolOf(argument: unknown): SymbolSelector | undefined {
    return toSelector(fieldOf(argument, "symbol"));
}

/** Reads what a command was called with: a selector, or a row that stands for a symbol. */
function toSelector(given: unknown): SymbolSelector | undefined {
    if (typeof given !== "object" || given === null) {
        return undefined;
    }
    if ("kind" in given && ("place" in given || given.kind === "path")) {
        return given as SymbolSelector;
    }
    const path = fieldOf(given, "path");
    return typeof path === "string" && "label" in given ? { kind: "path", path } : undefined;
}

function fieldOf(value: unknown, name: string): unknown {
    return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
