// Starts `ferrograph lsp` for the editor, and its commands. The server does the work.

import * as vscode from "vscode";

import { ClientContext } from "./client-context.ts";
import { previewImpact, showImpact } from "./show-impact.ts";
import { showStatus } from "./show-status.ts";

/** Called by the editor when a Rust file or a Cargo workspace is opened. */
export async function activate(extension: vscode.ExtensionContext): Promise<void> {
    const context = new ClientContext(extension);
    extension.subscriptions.push(context);
    context.register("ferrograph.restart", () => context.restart());
    context.register("ferrograph.showLogs", () => {
        context.output.show();
    });
    context.register("ferrograph.showStatus", () => showStatus(context));
    context.register("ferrograph.showImpact", () => showImpact(context));
    context.register("ferrograph.previewImpact", () => previewImpact(context));
    // Trust decides whether cargo may be run, which the server is told when it starts.
    extension.subscriptions.push(
        vscode.workspace.onDidGrantWorkspaceTrust(() => {
            void context.guard(() => context.restart());
        }),
        vscode.workspace.onDidChangeConfiguration((change) => {
            if (change.affectsConfiguration("ferrograph.server")) {
                void context.guard(() => context.restart());
            }
        }),
    );
    await context.guard(() => context.restart());
}
