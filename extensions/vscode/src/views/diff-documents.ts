// Diffs as read-only documents with the editor's own highlighting.

import * as vscode from "vscode";

const SCHEME = "ferrograph-diff";
/** Diffs that are kept for editors that are still open. */
const KEPT_MAX = 20;

/** Shows unified diffs. */
export class DiffDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
    readonly #texts = new Map<string, string>();
    readonly #registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
    #count = 0;

    /** Opens a diff under a name. */
    async show(name: string, diff: string): Promise<void> {
        const uri = vscode.Uri.from({
            scheme: SCHEME,
            path: `/${name.replaceAll(/[/\\]/gu, "-")}.diff`,
            query: String((this.#count += 1)),
        });
        this.#texts.set(uri.toString(), diff);
        const [oldest] = this.#texts.keys();
        if (this.#texts.size > KEPT_MAX && oldest !== undefined) {
            this.#texts.delete(oldest);
        }
        const document = await vscode.workspace.openTextDocument(uri);
        await vscode.languages.setTextDocumentLanguage(document, "diff");
        await vscode.window.showTextDocument(document, { preview: true });
    }

    provideTextDocumentContent(uri: vscode.Uri): string {
        return this.#texts.get(uri.toString()) ?? "";
    }

    dispose(): void {
        this.#registration.dispose();
    }
}
