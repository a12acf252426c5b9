// The commands "Show Impact" and "Preview Impact of Renaming…", for the symbol at the cursor.

import path from "node:path";
import * as vscode from "vscode";

import { METHOD, type StatusResult, type SymbolSelector } from "../../../src/protocol/index.ts";
import type { ClientContext } from "./client-context.ts";
import { isCommandResult, showMarkdown } from "./show-markdown.ts";

/** Shows everything that reaches the symbol at the cursor. */
export async function showImpact(context: ClientContext): Promise<void> {
    await execute(context, "ferrograph.server.impact", { symbol: await selectAtCursor(context) });
}

/** Asks for a name, and shows what renaming the symbol at the cursor would do. */
export async function previewImpact(context: ClientContext): Promise<void> {
    const symbol = await selectAtCursor(context);
    const newName = await vscode.window.showInputBox({
        prompt: "New name; nothing is changed yet",
    });
    if (newName !== undefined && newName !== "") {
        await execute(context, "ferrograph.server.renameImpact", { symbol, newName });
    }
}

async function selectAtCursor(context: ClientContext): Promise<SymbolSelector> {
    const editor = vscode.window.activeTextEditor;
    if (editor === undefined) {
        throw new Error("open a Rust file and put the cursor on a name");
    }
    const { root } = await context.client.sendRequest<StatusResult>(METHOD.status, {});
    const { line, character } = editor.selection.active;
    const file = path.relative(root, editor.document.uri.fsPath).split(path.sep).join("/");
    return { kind: "place", place: { path: file, line, column: character } };
}

async function execute(context: ClientContext, command: string, argument: object): Promise<void> {
    const params = { command, arguments: [argument] };
    const result: unknown = await context.client.sendRequest("workspace/executeCommand", params);
    if (isCommandResult(result)) {
        await showMarkdown(result.markdown);
    }
}
