// Who answers a rename. The editor asks the provider that was registered last, and the others when that
// one refuses; so ours is registered anew right before it is to be asked, and keeps its refusals to itself
// where another could answer instead.

import * as vscode from "vscode";
import type { Range, WorkspaceEdit } from "vscode-languageclient/node";

import type { ClientContext } from "../client-context.ts";
import { failureText, isCancelled, readFailure } from "../request-failure.ts";
import { hasRustAnalyzer, setting } from "../settings.ts";
import { askNewName } from "./impact-commands.ts";

/** Who is to answer: the setting `ferrograph.rename.provider`. */
type Provider = "ferrograph" | "rust-analyzer" | "ask";

interface PreparedRename {
    readonly range: Range;
    readonly placeholder: string;
}

/** Our provider, registered when it is wanted. */
export class RenameProvider implements vscode.RenameProvider, vscode.Disposable {
    readonly #context: ClientContext;
    readonly #parts: vscode.Disposable[];
    #registration: vscode.Disposable | undefined;

    constructor(context: ClientContext) {
        this.#context = context;
        this.#parts = [
            vscode.workspace.onDidChangeConfiguration((change) => {
                if (change.affectsConfiguration("ferrograph.rename")) {
                    this.#settle();
                }
            }),
            context.onDidChangeState(() => {
                this.#settle();
            }),
        ];
        context.register("ferrograph.rename", () => this.rename());
        context.register("ferrograph.renameWithPreview", () => this.renameWithPreview());
    }

    /** Renames at the cursor with whom the setting names. */
    async rename(): Promise<void> {
        const wanted = await this.#choose();
        if (wanted === undefined) {
            return;
        }
        this.#register(wanted === "ferrograph");
        await vscode.commands.executeCommand("editor.action.rename");
    }

    /** Asks for a name, and shows all edits in the editor's refactor preview before any is made. */
    async renameWithPreview(
        given?: { document: vscode.TextDocument; position: vscode.Position },
        name?: string,
    ): Promise<void> {
        const editor = vscode.window.activeTextEditor;
        const document = given?.document ?? editor?.document;
        const position = given?.position ?? editor?.selection.active;
        if (document === undefined || position === undefined) {
            throw new Error("open a Rust file and put the cursor on a name");
        }
        const newName =
            name ?? (await askNewName("Rename with Preview", "The edits are shown first"));
        if (newName === undefined) {
            return;
        }
        const edit = await this.#ask(document, position, newName);
        const { client } = this.#context;
        const { confirmed } = takeQuestions(edit);
        const converted = await client.protocol2CodeConverter.asWorkspaceEdit(confirmed);
        await vscode.workspace.applyEdit(openPreview(converted), { isRefactoring: true });
    }

    async prepareRename(
        document: vscode.TextDocument,
        position: vscode.Position,
        token: vscode.CancellationToken,
    ): Promise<vscode.Range | { range: vscode.Range; placeholder: string }> {
        const { client } = this.#context;
        try {
            const found = await client.sendRequest<PreparedRename | null>(
                "textDocument/prepareRename",
                this.#place(document, position),
                token,
            );
            if (found === null) {
                throw new Error("there is nothing to rename here");
            }
            const range = client.protocol2CodeConverter.asRange(found.range);
            return { range, placeholder: found.placeholder };
        } catch (thrown) {
            // Refused here, another would be asked; refused with the new name, nobody is.
            const word = document.getWordRangeAtPosition(position);
            if (!this.#hasRival() || word === undefined || isCancelled(thrown)) {
                throw new Error(failureText(readFailure(thrown)), { cause: thrown });
            }
            return { range: word, placeholder: document.getText(word) };
        }
    }

    async provideRenameEdits(
        document: vscode.TextDocument,
        position: vscode.Position,
        newName: string,
    ): Promise<vscode.WorkspaceEdit> {
        try {
            return await this.#confirm(await this.#ask(document, position, newName));
        } catch (thrown) {
            const text = failureText(readFailure(thrown));
            if (!this.#hasRival()) {
                throw new Error(text, { cause: thrown });
            }
            void this.#tell(text, this.#context.selectorAt(document, position));
            return new vscode.WorkspaceEdit();
        }
    }

    /**
     * Asks for the yes that an edit needs. In the editor's preview, edits that need one are not checked, and one that
     * is overlooked there would be half a rename: so it is asked for as a whole, and the preview has all of it checked.
     */
    async #confirm(edit: WorkspaceEdit): Promise<vscode.WorkspaceEdit> {
        const { confirmed, questions } = takeQuestions(edit);
        const converter = this.#context.client.protocol2CodeConverter;
        const converted = await converter.asWorkspaceEdit(confirmed);
        if (questions.length === 0) {
            return converted;
        }
        const [rename, preview] = ["Rename Anyway", "Show in Refactor Preview"] as const;
        const chosen = await vscode.window.showWarningMessage(
            "This rename changes more than names.",
            { modal: true, detail: questions.join("\n\n") },
            rename,
            preview,
        );
        if (chosen === undefined) {
            return new vscode.WorkspaceEdit();
        }
        return chosen === preview ? openPreview(converted) : converted;
    }

    dispose(): void {
        this.#registration?.dispose();
        for (const part of this.#parts) {
            part.dispose();
        }
    }

    #ask(
        document: vscode.TextDocument,
        position: vscode.Position,
        newName: string,
    ): Promise<WorkspaceEdit> {
        const params = { ...this.#place(document, position), newName };
        return this.#context.client.sendRequest<WorkspaceEdit>("textDocument/rename", params);
    }

    #place(document: vscode.TextDocument, position: vscode.Position): object {
        const { line, character } = position;
        return { textDocument: { uri: document.uri.toString() }, position: { line, character } };
    }

    async #tell(text: string, symbol: unknown): Promise<void> {
        const preview = "Preview Impact…";
        const chosen = await vscode.window.showErrorMessage(`Not renamed: ${text}`, preview);
        if (chosen === preview) {
            await vscode.commands.executeCommand("ferrograph.previewImpact", symbol);
        }
    }

    async #choose(): Promise<"ferrograph" | "rust-analyzer" | undefined> {
        const wanted = setting<Provider>("rename.provider", "ferrograph");
        if (wanted !== "ask" || !hasRustAnalyzer()) {
            return wanted === "ask" ? "ferrograph" : wanted;
        }
        const chosen = await vscode.window.showQuickPick(
            [
                {
                    label: "Ferrograph",
                    detail: "Proved, or refused with the reason",
                    id: "ferrograph",
                },
                { label: "rust-analyzer", detail: "As far as it sees", id: "rust-analyzer" },
            ] as const,
            { title: "Who Renames?" },
        );
        return chosen?.id;
    }

    /** Puts us where the setting wants us. */
    #settle(): void {
        const wanted = setting<Provider>("rename.provider", "ferrograph");
        this.#register(
            this.#context.isRunning &&
                (wanted === "ferrograph" || (wanted === "ask" && !hasRustAnalyzer())),
        );
    }

    #register(isWanted: boolean): void {
        this.#registration?.dispose();
        this.#registration = isWanted
            ? vscode.languages.registerRenameProvider({ scheme: "file", language: "rust" }, this)
            : undefined;
    }

    #hasRival(): boolean {
        return hasRustAnalyzer();
    }
}

/** Takes the questions out of an edit. */
function takeQuestions(edit: WorkspaceEdit): {
    readonly confirmed: WorkspaceEdit;
    readonly questions: readonly string[];
} {
    const questions = new Set<string>();
    const changeAnnotations: NonNullable<WorkspaceEdit["changeAnnotations"]> = {};
    for (const [id, annotation] of Object.entries(edit.changeAnnotations ?? {})) {
        if (annotation.needsConfirmation === true) {
            questions.add(annotation.description ?? annotation.label);
        }
        changeAnnotations[id] = { ...annotation, needsConfirmation: false };
    }
    return { confirmed: { ...edit, changeAnnotations }, questions: [...questions] };
}

/** Has the editor show an edit before it is made: it does so when one part of it asks for that. */
function openPreview(edit: vscode.WorkspaceEdit): vscode.WorkspaceEdit {
    const [uri, edits] = edit.entries()[0] ?? [];
    const at = edits?.[0]?.range.start;
    if (uri !== undefined && at !== undefined) {
        edit.insert(uri, at, "", {
            label: "Preview",
            description: "This row changes nothing; the others are the rename.",
            needsConfirmation: true,
        });
    }
    return edit;
}
