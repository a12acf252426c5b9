// The command "Show Status".

import * as vscode from "vscode";

import type { ClientContext } from "../client-context.ts";
import { statusMarkdown } from "../model/status-page.ts";

/** Shows what is captured, how precisely, and what it costs. */
export async function showStatus(context: ClientContext): Promise<void> {
    const content = statusMarkdown(await context.status());
    const document = await vscode.workspace.openTextDocument({ language: "markdown", content });
    await vscode.commands.executeCommand("markdown.showPreview", document.uri);
}
