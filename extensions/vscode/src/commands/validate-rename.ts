// The validated rename: the compiler compares before and after, its progress is shown, and what it found is a page.

import * as vscode from "vscode";

import {
    METHOD,
    type EditDto,
    type SymbolSelector,
    type ValidateRenameParams,
    type ValidateRenameResult,
} from "../../../../src/protocol/index.ts";
import type { ClientContext } from "../client-context.ts";
import { evidenceBody } from "../model/evidence-page.ts";
import { readFailure } from "../request-failure.ts";
import { setting } from "../settings.ts";
import { showPage } from "../views/web-page.ts";
import { confirmPlan } from "./confirm.ts";
import { askNewName, symbolOf } from "./impact-commands.ts";

/** Registers the command. */
export function registerValidateCommand(context: ClientContext): void {
    context.register("ferrograph.validateRename", (given) =>
        validateRename(context, symbolOf(given) ?? context.atCursor()),
    );
}

async function validateRename(context: ClientContext, symbol: SymbolSelector): Promise<void> {
    if (!vscode.workspace.isTrusted) {
        throw new Error("a validated rename runs Cargo, and so needs a trusted workspace");
    }
    const newName = await askNewName(
        "Validated Rename",
        "Written only when the compiler has compared",
    );
    const write = newName === undefined ? undefined : await chooseWrite();
    if (newName === undefined || write === undefined) {
        return;
    }
    const { plan } = await context.ask(METHOD.renameImpact, { symbol, newName, planOnly: true });
    // What is not proved the compiler may decide; what needs a yes it cannot give.
    const accept = plan.needs.length === 0 ? [] : await confirmPlan(plan);
    if (accept === undefined) {
        return;
    }
    const result = await run(context, {
        symbol,
        newName,
        accept,
        write,
        withUncommitted: setting("validate.withUncommitted", true),
        thorough: setting("validate.thorough", false),
    });
    if (result !== undefined) {
        showEvidence(context, result);
        await offerEdit(context, result);
    }
}

async function chooseWrite(): Promise<boolean | undefined> {
    const chosen = await vscode.window.showQuickPick(
        [
            {
                label: "Validate",
                detail: "Shows the evidence; the edits are made when you say so",
                write: false,
            },
            {
                label: "Validate and write",
                detail: "The files are written when it has passed; can be rolled back",
                write: true,
            },
        ],
        { title: "Validated Rename" },
    );
    return chosen?.write;
}

async function run(
    context: ClientContext,
    params: ValidateRenameParams,
): Promise<ValidateRenameResult | undefined> {
    const title = `Validating the rename to ${params.newName}`;
    try {
        return await context.askLong({ method: METHOD.validateRename, params, title });
    } catch (thrown) {
        const { code, message } = readFailure(thrown);
        if (code !== "VALIDATE_NOT_COMPARED") {
            throw thrown;
        }
        const anyway = "Go On without Comparing";
        const detail = "It is compiled and checked all the same.";
        const chosen = await vscode.window.showWarningMessage(
            message,
            { modal: true, detail },
            anyway,
        );
        const accept = [...(params.accept ?? []), "bindings-not-compared"];
        return chosen === undefined ? undefined : await run(context, { ...params, accept });
    }
}

function showEvidence(context: ClientContext, result: ValidateRenameResult): void {
    const title = `Evidence: ${result.symbol.name} → ${result.newName}`;
    const column = vscode.ViewColumn.Beside;
    const panel = vscode.window.createWebviewPanel("ferrograph.evidence", title, column, {
        localResourceRoots: [vscode.Uri.joinPath(context.extension.extensionUri, "media")],
    });
    showPage(context.extension, panel.webview, {
        title,
        style: "evidence",
        body: evidenceBody(result),
    });
}

/** Makes the edits that passed, where the daemon has not, and nothing has changed since. */
async function offerEdit(context: ClientContext, result: ValidateRenameResult): Promise<void> {
    const name = `${result.symbol.name} to ${result.newName}`;
    if (result.written) {
        void vscode.window.showInformationMessage(`Validated and renamed ${name}.`);
        return;
    }
    const versions = await versionsOf(context, result.edits);
    const chosen = await vscode.window.showInformationMessage(
        `The rename of ${name} has passed.`,
        "Apply",
    );
    if (chosen === undefined) {
        return;
    }
    const now = await versionsOf(context, result.edits);
    if ([...versions].some(([file, version]) => now.get(file) !== version)) {
        throw new Error("a file has changed since it was validated: validate again");
    }
    const edit = new vscode.WorkspaceEdit();
    for (const { path, line, column, endLine, endColumn, newText } of result.edits) {
        edit.replace(
            context.uriOf(path),
            new vscode.Range(line, column, endLine, endColumn),
            newText,
        );
    }
    for (const { from, to } of result.moves) {
        edit.renameFile(context.uriOf(from), context.uriOf(to), { overwrite: false });
    }
    await vscode.workspace.applyEdit(edit, { isRefactoring: true });
}

async function versionsOf(
    context: ClientContext,
    edits: readonly EditDto[],
): Promise<ReadonlyMap<string, number>> {
    const files = [...new Set(edits.map((edit) => edit.path))];
    const versions = files.map(async (file) => {
        const document = await vscode.workspace.openTextDocument(context.uriOf(file));
        return [file, document.version] as const;
    });
    return new Map(await Promise.all(versions));
}
