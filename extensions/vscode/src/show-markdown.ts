// Shows what the server has to say, as a rendered page beside the editor.

import * as vscode from "vscode";

/** Whether an answer of the server is a page to be shown. */
export function isCommandResult(value: unknown): value is { readonly markdown: string } {
    return (
        typeof value === "object" &&
        value !== null &&
        "markdown" in value &&
        typeof value.markdown === "string"
    );
}

/** Opens markdown, rendered. */
export async function showMarkdown(content: string): Promise<void> {
    const document = await vscode.workspace.openTextDocument({ language: "markdown", content });
    await vscode.commands.executeCommand("markdown.showPreviewToSide", document.uri);
}
