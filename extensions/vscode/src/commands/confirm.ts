// Questions before something is written.

import * as vscode from "vscode";

import type { RenamePlanDto } from "../../../../src/protocol/index.ts";
import { canAccept } from "../model/rename-tree.ts";

/**
 * Asks for the yes that a plan needs; answers with the grades that are accepted, or undefined when the plan cannot be
 * made or the user would rather not.
 */
export async function confirmPlan(plan: RenamePlanDto): Promise<readonly string[] | undefined> {
    if (plan.applicable && plan.needs.length === 0) {
        return [];
    }
    if (!canAccept(plan)) {
        const [conflict] = plan.conflicts.filter((each) => !plan.needs.includes(each.grade));
        const reason = conflict?.message ?? `not proved at ${plan.unproved.length} places`;
        throw new Error(`the rename cannot be made: ${reason}; the impact view says more`);
    }
    const detail = plan.conflicts.map(({ grade, message }) => `${grade}: ${message}`).join("\n\n");
    const chosen = await vscode.window.showWarningMessage(
        `Renaming ${plan.symbol.name} to ${plan.newName} changes more than names.`,
        { modal: true, detail },
        "Rename Anyway",
    );
    return chosen === undefined ? undefined : plan.needs;
}

/** Saves what is not saved, once the user agrees; whether everything is. */
export async function saveAll(): Promise<boolean> {
    const unsaved = vscode.workspace.textDocuments.filter(
        (each) => each.isDirty && !each.isUntitled,
    );
    if (unsaved.length === 0) {
        return true;
    }
    const chosen = await vscode.window.showInformationMessage(
        `${unsaved.length === 1 ? "One file is" : `${unsaved.length} files are`} not saved. What is written speaks of saved files.`,
        { modal: true },
        "Save All",
    );
    return chosen !== undefined && (await vscode.workspace.saveAll(false));
}
