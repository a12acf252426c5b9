// rust-analyzer as one whose renames are judged beside ours: asked over LSP, on a copy of its own.

import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { LineIndex } from "../../src/base/index.ts";
import type { PlannedChange, PlannedEdit, PlannedMove } from "../accuracy/workspace-copy.ts";
import type { StdSources } from "../corpora/std-sources.ts";
import { LanguageClient, type FilePosition } from "./language-client.ts";

/** What the peer says to a rename. */
export type PeerAnswer =
    | {
          readonly kind: "edit";
          readonly change: PlannedChange;
          /** Files outside the workspace that it would edit. */
          readonly outside: readonly string[];
          /** It asks for a confirmation. */
          readonly needsYes: boolean;
      }
    | { readonly kind: "refused"; readonly reason: string };

interface LspRange {
    readonly start: { readonly line: number; readonly character: number };
    readonly end: { readonly line: number; readonly character: number };
}

interface LspTextEdit {
    readonly range: LspRange;
    readonly newText: string;
    readonly annotationId?: string;
}

interface LspDocumentChange {
    readonly kind?: string;
    readonly oldUri?: string;
    readonly newUri?: string;
    readonly textDocument?: { readonly uri: string };
    readonly edits?: readonly LspTextEdit[];
}

interface LspWorkspaceEdit {
    readonly documentChanges?: readonly LspDocumentChange[];
    readonly changes?: Readonly<Record<string, readonly LspTextEdit[]>>;
    readonly changeAnnotations?: Readonly<Record<string, { readonly needsConfirmation?: boolean }>>;
}

const POLL_MS = 20;
const READY_MS_MAX = 30 * 60_000;

/** One session with rust-analyzer. */
export class RenamePeer {
    readonly #client: LanguageClient;
    readonly #root: string;

    private constructor(client: LanguageClient, root: string) {
        this.#client = client;
        this.#root = root;
    }

    /** Starts it on a folder and waits until everything is loaded. */
    static async start(root: string, std: StdSources | undefined): Promise<RenamePeer> {
        const client = await LanguageClient.start(root, {
            program: "rust-analyzer",
            args: [],
            env: std?.env ?? {},
            initializationOptions: {
                checkOnSave: false,
                cachePriming: { enable: false },
                cargo: { targetDir: true },
            },
        });
        for (let waited = 0; !client.isQuiescent; waited += POLL_MS) {
            if (waited > READY_MS_MAX) {
                throw new Error("rust-analyzer did not load the workspace");
            }
            await new Promise((resolve) => setTimeout(resolve, POLL_MS));
        }
        return new RenamePeer(client, root);
    }

    /** Whether a name that std defines leads to std's sources. */
    async knowsStd(places: readonly FilePosition[]): Promise<boolean> {
        for (const at of places) {
            const uris = await this.#client.findDefinitionUris(at);
            if (uris.some((uri) => /\/library\/(core|alloc|std)\//u.test(uri))) {
                return true;
            }
        }
        return false;
    }

    /** Asks for a rename. */
    async rename(at: FilePosition, newName: string): Promise<PeerAnswer> {
        let answer: unknown;
        try {
            answer = await this.#client.rename(at, newName);
        } catch (thrown) {
            const reason = thrown instanceof Error ? thrown.message : String(thrown);
            return { kind: "refused", reason };
        }
        if (answer === null || answer === undefined) {
            return { kind: "refused", reason: "no answer" };
        }
        return readWorkspaceEdit(answer, this.#root);
    }

    async stop(): Promise<void> {
        await this.#client.stop();
    }
}

/** Reads a workspace edit; paths are relative to the root, what is outside of it is told apart. */
export function readWorkspaceEdit(answer: LspWorkspaceEdit, root: string): PeerAnswer {
    const edits: PlannedEdit[] = [];
    const moves: PlannedMove[] = [];
    const outside = new Set<string>();
    const inside = (uri: string): string | undefined => {
        const file = path.relative(root, fileURLToPath(uri));
        if (file.startsWith("..") || path.isAbsolute(file)) {
            outside.add(fileURLToPath(uri));
            return undefined;
        }
        return file;
    };
    const annotations = new Set<string>();
    const addEdits = (uri: string, list: readonly LspTextEdit[]): void => {
        const file = inside(uri);
        if (file !== undefined) {
            const text = readFileSync(path.join(root, file), "utf8");
            edits.push(...list.map((edit) => fromLsp(file, new LineIndex(text), edit)));
        }
        list.forEach((edit) => annotations.add(edit.annotationId ?? ""));
    };
    for (const change of answer.documentChanges ?? []) {
        if (change.textDocument !== undefined) {
            addEdits(change.textDocument.uri, change.edits ?? []);
        } else if (change.oldUri !== undefined && change.newUri !== undefined) {
            const from = inside(change.oldUri);
            const to = inside(change.newUri);
            if (from !== undefined && to !== undefined) {
                moves.push({ from, to });
            }
        }
    }
    for (const [uri, list] of Object.entries(answer.changes ?? {})) {
        addEdits(uri, list);
    }
    const needsYes = Object.entries(answer.changeAnnotations ?? {}).some(
        ([id, { needsConfirmation }]) => needsConfirmation === true && annotations.has(id),
    );
    return edits.length + moves.length + outside.size === 0
        ? { kind: "refused", reason: "an empty edit" }
        : { kind: "edit", change: { edits, moves }, outside: [...outside].sort(), needsYes };
}

function fromLsp(file: string, lines: LineIndex, edit: LspTextEdit): PlannedEdit {
    const { start, end } = edit.range;
    const at = { line: start.line, column: start.character };
    const to = { line: end.line, column: end.character };
    return {
        path: file,
        ...at,
        endLine: to.line,
        endColumn: to.column,
        oldText: lines.text.slice(lines.offset(at), lines.offset(to)),
        newText: edit.newText,
    };
}
