// Commands that make the plan of a rename that the impact view shows.

import * as vscode from "vscode";

import {
    METHOD,
    type ImpactResult,
    type RenameImpactResult,
} from "../../../../src/protocol/index.ts";
import type { ClientContext } from "../client-context.ts";
import { pathAfter, renamePatch } from "../model/rename-patch.ts";
import { count } from "../model/words.ts";
import type { DiffDocuments } from "../views/diff-documents.ts";
import type { ImpactView } from "../views/impact-view.ts";
import { confirmPlan, saveAll } from "./confirm.ts";
import { untilReloaded } from "./until-reloaded.ts";
import type { OperationsView } from "../views/operations-view.ts";
import type { RenameProvider } from "./rename-provider.ts";

/** What the impact view shows of a rename. */
interface ShownRename {
    readonly impact: ImpactResult;
    readonly rename: RenameImpactResult;
}

/** Registers them. */
export function registerPlanCommands(
    context: ClientContext,
    view: ImpactView,
    parts: {
        readonly renames: RenameProvider;
        readonly diffs: DiffDocuments;
        readonly operations: OperationsView;
    },
): void {
    const shown = (): ShownRename => {
        const { impact, rename } = view.shown ?? {};
        if (impact === undefined || rename === undefined) {
            throw new Error("preview the impact of renaming a symbol first");
        }
        return { impact, rename };
    };
    context.register("ferrograph.plan.apply", async () => {
        await applyPlan(context, { view, diffs: parts.diffs }, shown());
        await parts.operations.refresh();
    });
    context.register("ferrograph.plan.showDiff", async () => {
        const { plan, diff } = shown().rename;
        await parts.diffs.show(`${plan.symbol.name} to ${plan.newName}`, diff);
    });
    context.register("ferrograph.plan.refactorPreview", async () => {
        const { plan } = shown().rename;
        const { at } = plan.symbol;
        if (at === undefined) {
            throw new Error("the symbol has no place in the workspace");
        }
        const document = await vscode.workspace.openTextDocument(context.uriOf(at.path));
        const position = new vscode.Position(at.line, at.column);
        await parts.renames.renameWithPreview({ document, position }, plan.newName);
    });
}

/** Has the daemon make exactly what is shown, as an operation that can be undone. */
async function applyPlan(
    context: ClientContext,
    parts: { readonly view: ImpactView; readonly diffs: DiffDocuments },
    { impact, rename: shown }: ShownRename,
): Promise<void> {
    const accept = await confirmPlan(shown.plan);
    if (accept === undefined || !(await saveAll())) {
        return;
    }
    const patch = renamePatch(shown.plan, accept);
    const { plan, diff } = await context.ask(METHOD.plan, { patch });
    if (diff !== shown.diff && !(await confirmOther(parts.diffs, plan.files.length, diff))) {
        return;
    }
    const done = await context.ask(METHOD.applyPlan, { plan: JSON.stringify(plan), inPlace: true });
    const { symbol, newName } = shown.plan;
    void vscode.window.showInformationMessage(
        `Renamed ${symbol.name} to ${newName}: ${count(done.edits, "edit")} in ${count(done.files.length, "file")}.`,
    );
    await untilReloaded(done.files.map((file) => context.uriOf(file)));
    await parts.view.showRenamed(impact, pathAfter(shown.plan), newName);
}

/** A patch is formatted as well, and files may have changed since: whatever is different is shown. */
async function confirmOther(diffs: DiffDocuments, files: number, diff: string): Promise<boolean> {
    await diffs.show("What is made", diff);
    const chosen = await vscode.window.showWarningMessage(
        "What would be made is not quite what was shown: files are formatted, or have changed since.",
        { modal: true, detail: `The diff shows all of it, in ${count(files, "file")}.` },
        "Make It",
    );
    return chosen !== undefined;
}
