// From the engine's answers to LSP's. The one place where optional fields are built conditionally.

import { refuse, type Refusal, type Span } from "../base/index.ts";
import { needsOf, type View } from "../engine/index.ts";
import type { RenamePlan, TextEdit } from "../refactor/index.ts";
import type { Binding, SymbolInfo } from "../resolve/index.ts";
import type {
    AnnotatedTextEdit,
    ChangeAnnotation,
    Location,
    LocationLink,
    RenameFile,
    SymbolKind,
    TextDocumentEdit,
    TextEdit as LspTextEdit,
    WorkspaceEdit,
} from "vscode-languageserver";
import { toRange } from "./positions.ts";
import type { Session } from "./session.ts";

/** LSP's codes of our kinds of symbols. */
const SYMBOL_KIND_CODES: Readonly<Record<string, SymbolKind>> = {
    crate: 4,
    module: 2,
    function: 12,
    method: 6,
    struct: 23,
    enum: 10,
    union: 23,
    variant: 22,
    field: 8,
    trait: 11,
    impl: 19,
    const: 14,
    static: 13,
    "type-alias": 26,
    "assoc-type": 26,
    "assoc-const": 14,
    macro: 12,
    "trait-alias": 11,
    external: 13,
};

/** LSP's code of a symbol's kind. */
export function toSymbolKind(kind: string): SymbolKind {
    return SYMBOL_KIND_CODES[kind] ?? 13;
}

/** A span of a file as a location. */
export function toLocation(session: Session, view: View, path: string, span: Span): Location {
    return {
        uri: session.uris.toUri(path),
        range: toRange(view.lines(path), span, session.encoding),
    };
}

/** Where a binding's definitions are; empty for what is outside the workspace or not decided. */
export function definitionsOf(
    view: View,
    binding: Binding,
): { path: string; name: Span; extent: Span }[] {
    if (binding.kind === "local") {
        const { file, nameSpan } = binding.local;
        return [{ path: file, name: nameSpan, extent: nameSpan }];
    }
    const symbols =
        binding.kind === "symbol"
            ? binding.symbols
            : binding.kind === "ambiguous"
              ? binding.candidates
              : [];
    const found = new Map<string, { path: string; name: Span; extent: Span }>();
    for (const index of symbols) {
        const symbol = view.resolution.symbol(index);
        const name = headSpan(symbol);
        if (symbol.file !== undefined && name !== undefined) {
            const extent = symbol.extent ?? name;
            found.set(`${symbol.file}\0${name.start}`, { path: symbol.file, name, extent });
        }
    }
    return [...found.values()];
}

/** A definition as a link from the token that was asked. */
export function toLocationLink(
    session: Session,
    view: View,
    origin: { path: string; span: Span },
    target: { path: string; name: Span; extent: Span },
): LocationLink {
    const lines = view.lines(target.path);
    return {
        originSelectionRange: toRange(view.lines(origin.path), origin.span, session.encoding),
        targetUri: session.uris.toUri(target.path),
        targetRange: toRange(lines, target.extent, session.encoding),
        targetSelectionRange: toRange(lines, target.name, session.encoding),
    };
}

/** The span that stands for a symbol: its name, or the first character of what has none. */
export function headSpan(symbol: SymbolInfo): Span | undefined {
    if (symbol.nameSpan !== undefined) {
        return symbol.nameSpan;
    }
    const { extent } = symbol;
    return extent === undefined ? undefined : { start: extent.start, end: extent.start };
}

/** A plan as the edit that the client is able to apply. */
export function toWorkspaceEdit(
    session: Session,
    view: View,
    plan: RenamePlan,
): WorkspaceEdit | Refusal {
    const can = session.capabilities.workspace?.workspaceEdit;
    const canMove =
        can?.documentChanges === true && (can.resourceOperations ?? []).includes("rename");
    if (plan.moves.length > 0 && !canMove) {
        return refuse(
            "RENAME_NEEDS_FILE_MOVE",
            `the rename moves ${plan.moves.length} files, which this editor cannot do`,
            { advice: "use `ferrograph rename`" },
        );
    }
    const byPath = groupByPath(plan.edits);
    if (can?.documentChanges !== true) {
        const changes: Record<string, LspTextEdit[]> = {};
        for (const [path, edits] of byPath) {
            changes[session.uris.toUri(path)] = edits.map((edit) =>
                toTextEdit(session, view, edit),
            );
        }
        return { changes };
    }
    const annotate = canConfirm(session);
    const question = questionOf(plan);
    const documentChanges: (TextDocumentEdit | RenameFile)[] = [...byPath].map(([path, edits]) => ({
        textDocument: {
            uri: session.uris.toUri(path),
            version: session.documents.findByPath(path)?.version ?? null,
        },
        edits: edits.map((edit) => {
            const plain = toTextEdit(session, view, edit);
            return annotate ? annotated(plain, edit) : plain;
        }),
    }));
    for (const move of plan.moves) {
        documentChanges.push({
            kind: "rename",
            oldUri: session.uris.toUri(move.from),
            newUri: session.uris.toUri(move.to),
            options: { overwrite: false },
            ...(question === undefined ? {} : { annotationId: "files" }),
        });
    }
    return annotate
        ? { documentChanges, changeAnnotations: annotationsOf(plan, question) }
        : { documentChanges };
}

function toTextEdit(session: Session, view: View, edit: TextEdit): LspTextEdit {
    return {
        range: toRange(view.lines(edit.path), edit.span, session.encoding),
        newText: edit.newText,
    };
}

function annotated(edit: LspTextEdit, source: TextEdit): AnnotatedTextEdit {
    return { ...edit, annotationId: annotationOf(source) };
}

type AnnotationId = "code" | "macros" | "documentation" | "strings" | "paths" | "text" | "files";

/** A preview groups edits by where they are: code, token trees of macros, documentation. */
function annotationOf(edit: TextEdit): AnnotationId {
    switch (edit.role) {
        case "doc-link":
        case "doctest":
            return "documentation";
        case "attribute-string":
            return "strings";
        case "path-string":
            return "paths";
        case "text":
            return "text";
        case "macro-input":
        case "macro-body":
        case "format-capture":
            return "macros";
        default:
            return "code";
    }
}

const ANNOTATION_LABELS: Readonly<Record<AnnotationId, string>> = {
    code: "in code",
    macros: "in macros",
    documentation: "in documentation",
    strings: "in strings that are code",
    paths: "in paths of files",
    text: "in comments, literals, and documents",
    files: "of files",
};

/** What a person has to say yes to before the plan is applied; undefined when nothing. */
function questionOf(plan: RenamePlan): string | undefined {
    const needs: readonly string[] = needsOf(plan);
    const asked = plan.conflicts.filter(({ grade }) => needs.includes(grade));
    return asked.length === 0
        ? undefined
        : asked.map(({ grade, message }) => `${grade}: ${message}`).join("; ");
}

/** Whether the editor asks before it applies edits that say so. */
export function canConfirm(session: Session): boolean {
    const can = session.capabilities.workspace?.workspaceEdit;
    return can?.documentChanges === true && can.changeAnnotationSupport !== undefined;
}

function annotationsOf(
    plan: RenamePlan,
    question: string | undefined,
): Record<string, ChangeAnnotation> {
    const annotations: Record<string, ChangeAnnotation> = {};
    const names = `\`${plan.oldName}\` to \`${plan.newName}\``;
    const ids = new Set(plan.edits.map(annotationOf));
    if (question !== undefined && plan.moves.length > 0) {
        ids.add("files");
    }
    for (const id of ids) {
        annotations[id] = {
            label: `Rename ${ANNOTATION_LABELS[id]}`,
            description: question === undefined ? names : `${names}: ${question}`,
            // Nothing says that a word of a text means the item.
            needsConfirmation: question !== undefined || id === "text",
        };
    }
    return annotations;
}

function groupByPath(edits: readonly TextEdit[]): Map<string, TextEdit[]> {
    const byPath = new Map<string, TextEdit[]>();
    for (const edit of edits) {
        const list = byPath.get(edit.path) ?? [];
        list.push(edit);
        byPath.set(edit.path, list);
    }
    return byPath;
}
