// Starts `ferrograph lsp` for the editor, its views and commands. The server does the work.

import * as vscode from "vscode";

import { ClientContext } from "./client-context.ts";
import { registerImpactCommands } from "./commands/impact-commands.ts";
import { registerOperationCommands } from "./commands/operation-commands.ts";
import { registerPlanCommands } from "./commands/plan-commands.ts";
import { RenameProvider } from "./commands/rename-provider.ts";
import { showStatus } from "./commands/show-status.ts";
import { registerValidateCommand } from "./commands/validate-rename.ts";
import { hasRustAnalyzer } from "./settings.ts";
import { ImpactLenses } from "./views/code-lens.ts";
import { DiffDocuments } from "./views/diff-documents.ts";
import { GraphPanel } from "./views/graph-panel.ts";
import { ImpactView } from "./views/impact-view.ts";
import { OperationsView } from "./views/operations-view.ts";
import { QueryPanel } from "./views/query-panel.ts";
import { StatusBar } from "./views/status-bar.ts";

/** Called by the editor when a Rust file or a Cargo workspace is opened. */
export async function activate(extension: vscode.ExtensionContext): Promise<void> {
    const context = new ClientContext(extension);
    const impact = new ImpactView(context);
    const graph = new GraphPanel(context, impact);
    const operations = new OperationsView(context);
    const query = new QueryPanel(context);
    const diffs = new DiffDocuments();
    const renames = new RenameProvider(context);
    extension.subscriptions.push(
        context,
        impact,
        graph,
        operations,
        query,
        diffs,
        renames,
        new StatusBar(context),
        new ImpactLenses(context),
    );
    registerImpactCommands(context, impact, graph);
    registerPlanCommands(context, impact, { renames, diffs, operations });
    registerOperationCommands(context, operations, diffs);
    registerValidateCommand(context);
    context.register("ferrograph.openQuery", () => {
        query.show();
    });
    context.register("ferrograph.showStatus", () => showStatus(context));
    context.register("ferrograph.showLogs", () => {
        context.output.show();
    });
    context.register("ferrograph.restart", () => context.restart());
    extension.subscriptions.push(...restartTriggers(context));
    await context.guard(() => context.restart());
}

/** What the server, or what it is asked for, depends on. */
function restartTriggers(context: ClientContext): vscode.Disposable[] {
    const restart = (): void => {
        void context.guard(() => context.restart());
    };
    let hadRustAnalyzer = hasRustAnalyzer();
    return [
        // Trust decides whether cargo may be run, which the server is told when it starts.
        vscode.workspace.onDidGrantWorkspaceTrust(restart),
        vscode.workspace.onDidChangeConfiguration((change) => {
            if (
                change.affectsConfiguration("ferrograph.server") ||
                change.affectsConfiguration("ferrograph.navigation")
            ) {
                restart();
            }
        }),
        vscode.extensions.onDidChange(() => {
            if (hasRustAnalyzer() !== hadRustAnalyzer) {
                hadRustAnalyzer = hasRustAnalyzer();
                restart();
            }
        }),
    ];
}
