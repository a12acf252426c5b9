// The texts that one client has open, kept in step by incremental changes.

import { LineIndex, type ColumnEncoding } from "../base/index.ts";
import type { TextDocumentContentChangeEvent } from "vscode-languageserver";
import { fromRange } from "./positions.ts";

/** An open text. */
export interface OpenDocument {
    readonly uri: string;
    /** Path relative to the root; undefined for a text that is not part of the workspace. */
    readonly path: string | undefined;
    readonly version: number;
    readonly lines: LineIndex;
}

/** All open texts of one client. */
export class OpenDocuments {
    readonly #byUri = new Map<string, OpenDocument>();
    readonly #byPath = new Map<string, OpenDocument>();

    open(document: OpenDocument): void {
        this.#put(document);
    }

    /** Closes a text; gives back what was open. */
    close(uri: string): OpenDocument | undefined {
        const document = this.#byUri.get(uri);
        this.#byUri.delete(uri);
        if (document?.path !== undefined) {
            this.#byPath.delete(document.path);
        }
        return document;
    }

    find(uri: string): OpenDocument | undefined {
        return this.#byUri.get(uri);
    }

    findByPath(path: string): OpenDocument | undefined {
        return this.#byPath.get(path);
    }

    /** Applies changes in order, each to the text after the one before; undefined when the text is not open. */
    change(
        at: { readonly uri: string; readonly version: number },
        changes: readonly TextDocumentContentChangeEvent[],
        encoding: ColumnEncoding,
    ): OpenDocument | undefined {
        const before = this.#byUri.get(at.uri);
        if (before === undefined) {
            return undefined;
        }
        let { lines } = before;
        for (const change of changes) {
            if ("range" in change) {
                const span = fromRange(lines, change.range, encoding);
                const { text } = lines;
                lines = new LineIndex(
                    text.slice(0, span.start) + change.text + text.slice(span.end),
                );
            } else {
                lines = new LineIndex(change.text);
            }
        }
        const document = { ...before, version: at.version, lines };
        this.#put(document);
        return document;
    }

    #put(document: OpenDocument): void {
        this.#byUri.set(document.uri, document);
        if (document.path !== undefined) {
            this.#byPath.set(document.path, document);
        }
    }
}
