// Commands that make the plan of a rename that the impact view shows.

import * as vscode from "vscode";

import { METHOD, type RenamePlanDto, type SymbolSelector } from "../../../../src/protocol/index.ts";
import type { ClientContext } from "../client-context.ts";
import { count } from "../model/words.ts";
import type { DiffDocuments } from "../views/diff-documents.ts";
import type { ImpactView } from "../views/impact-view.ts";
import { confirmPlan, saveAll } from "./confirm.ts";
import type { RenameProvider } from "./rename-provider.ts";

/** Registers them. */
export function registerPlanCommands(
    context: ClientContext,
    view: ImpactView,
    parts: { readonly renames: RenameProvider; readonly diffs: DiffDocuments },
): void {
    const shown = (): { plan: RenamePlanDto; diff: string } => {
        const rename = view.shown?.rename;
        if (rename === undefined) {
            throw new Error("preview the impact of renaming a symbol first");
        }
        return rename;
    };
    context.register("ferrograph.plan.apply", async () => {
        await applyPlan(context, view, shown().plan);
    });
    context.register("ferrograph.plan.showDiff", async () => {
        const { plan, diff } = shown();
        await parts.diffs.show(`${plan.symbol.name} to ${plan.newName}`, diff);
    });
    context.register("ferrograph.plan.refactorPreview", async () => {
        const { plan } = shown();
        const { at } = plan.symbol;
        if (at === undefined) {
            throw new Error("the symbol has no place in the workspace");
        }
        const document = await vscode.workspace.openTextDocument(context.uriOf(at.path));
        const position = new vscode.Position(at.line, at.column);
        await parts.renames.renameWithPreview({ document, position }, plan.newName);
    });
}

/** Has the daemon make exactly what is shown, and log it. */
async function applyPlan(
    context: ClientContext,
    view: ImpactView,
    plan: RenamePlanDto,
): Promise<void> {
    const accept = await confirmPlan(plan);
    if (accept === undefined || !(await saveAll())) {
        return;
    }
    const { newName } = plan;
    const symbol = selectorOf(plan);
    // What was accepted is part of the plan, and so of its fingerprint.
    const { fingerprint } =
        accept.length === 0
            ? plan
            : (await context.ask(METHOD.renameImpact, { symbol, newName, accept, planOnly: true }))
                  .plan;
    const done = await context.ask(METHOD.applyRename, { symbol, newName, fingerprint, accept });
    await view.dropPlan();
    void vscode.window.showInformationMessage(
        `Renamed ${plan.symbol.name} to ${newName}: ${count(done.edits, "edit")} in ${count(done.files.length, "file")}.`,
    );
}

function selectorOf({ symbol }: RenamePlanDto): SymbolSelector {
    return symbol.id === "" && symbol.at !== undefined
        ? { kind: "place", place: symbol.at }
        : { kind: "path", path: symbol.path };
}
