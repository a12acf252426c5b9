// Commands on operations: undo one, plan one again, plan a semantic patch, and make what was planned.

import * as vscode from "vscode";

import { METHOD, type PlanResult } from "../../../../src/protocol/index.ts";
import type { ClientContext } from "../client-context.ts";
import { count } from "../model/words.ts";
import type { DiffDocuments } from "../views/diff-documents.ts";
import type { OperationsView } from "../views/operations-view.ts";
import { saveAll } from "./confirm.ts";

/** Registers them. */
export function registerOperationCommands(
    context: ClientContext,
    view: OperationsView,
    diffs: DiffDocuments,
): void {
    context.register("ferrograph.operations.refresh", () => view.refresh());
    context.register("ferrograph.operations.rollback", async (row) => {
        const chosen = rowOf(row) ?? (await choose(context, "Roll Back"));
        if (chosen !== undefined) {
            await rollBack(context, chosen);
            context.expectChange();
            await view.refresh();
        }
    });
    context.register("ferrograph.operations.replay", async (row) => {
        const chosen = rowOf(row) ?? (await choose(context, "Replay"));
        if (chosen !== undefined) {
            const plan = await context.ask(METHOD.replay, { opId: chosen.opId });
            await makePlan(context, diffs, plan);
            await view.refresh();
        }
    });
    context.register("ferrograph.planPatch", async () => {
        const document = vscode.window.activeTextEditor?.document;
        if (document === undefined || !["json", "jsonc"].includes(document.languageId)) {
            throw new Error("open a semantic patch (JSON) first");
        }
        const plan = await context.askLong({
            method: METHOD.plan,
            params: { patch: document.getText() },
            title: "Planning",
        });
        await makePlan(context, diffs, plan);
        await view.refresh();
    });
}

interface ChosenOperation {
    readonly opId: string;
    readonly description: string;
}

function rowOf(row: unknown): ChosenOperation | undefined {
    return typeof row === "object" && row !== null && "id" in row && "label" in row
        ? { opId: String(row.id), description: String(row.label) }
        : undefined;
}

async function choose(context: ClientContext, title: string): Promise<ChosenOperation | undefined> {
    const { operations } = await context.ask(METHOD.operations, {});
    const made = operations.filter((each) => each.result === "applied");
    if (made.length === 0) {
        throw new Error("no operation was made yet");
    }
    const chosen = await vscode.window.showQuickPick(
        made.map(({ opId, description, endedMs }) => ({
            label: description,
            description: new Date(endedMs).toLocaleString(),
            opId,
        })),
        { title },
    );
    return chosen === undefined ? undefined : { opId: chosen.opId, description: chosen.label };
}

async function rollBack(
    context: ClientContext,
    { opId, description }: ChosenOperation,
): Promise<void> {
    const chosen = await vscode.window.showWarningMessage(
        `Undo “${description}”?`,
        {
            modal: true,
            detail: "What came later stays; where it is in the way, nothing is undone.",
        },
        "Roll Back",
    );
    if (chosen === undefined || !(await saveAll())) {
        return;
    }
    const done = await context.askLong({
        method: METHOD.rollback,
        params: { opId },
        title: "Rolling back",
    });
    const how = {
        reverted: `a commit reverts it${branchOf(done.landed?.branch)}`,
        written: `${count(done.files.length, "file")} written back`,
        "branch-removed": "its branch is removed",
    }[done.how];
    void vscode.window.showInformationMessage(`Rolled back “${description}”: ${how}.`);
}

async function makePlan(
    context: ClientContext,
    diffs: DiffDocuments,
    { plan, diff }: PlanResult,
): Promise<void> {
    const title = plan.patch.description ?? plan.patch.id;
    await diffs.show(title, diff);
    const onBranch = "Make on a Branch";
    const inPlace = "Make in Place";
    const risk = `risk ${plan.risk.score} (${plan.risk.level})`;
    const size = `${count(plan.operations.length, "operation")}, ${count(plan.files.length, "file")}`;
    const chosen = await vscode.window.showInformationMessage(
        `“${title}”: ${size}, ${risk}. The diff shows all of it.`,
        onBranch,
        inPlace,
    );
    if (chosen === undefined || !(await saveAll())) {
        return;
    }
    const done = await context.askLong({
        method: METHOD.applyPlan,
        params: { plan: JSON.stringify(plan), ...(chosen === inPlace ? { inPlace: true } : {}) },
        title: `Making “${title}”`,
    });
    const where = done.landed === undefined ? "in place" : branchOf(done.landed.branch);
    void vscode.window.showInformationMessage(
        `Made “${title}” ${where.trim()}: ${count(done.edits, "edit")} in ${count(done.files.length, "file")}.`,
    );
}

function branchOf(branch: string | undefined): string {
    return branch === undefined ? "" : ` on ${branch}`;
}
