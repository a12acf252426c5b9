// The edits of a rename: every token spelled with the old name that means the subject.
//
// Tokens spelled otherwise (aliases, `Self`) are never touched. A shorthand token that names a field and a
// value is split; `field: value` becomes shorthand where both are spelled alike afterwards.

import { required } from "../base/index.ts";
import type { Occurrence } from "../resolve/index.ts";
import { KIND, type SyntaxTree } from "../syntax/index.ts";
import type { RenameContext } from "./context.ts";
import { couldMean } from "./could-mean.ts";
import type { FoundConflict, UnprovedPlace } from "./model.ts";
import type { KnownRelation } from "./known-relations.ts";
import { bringsMore, partImport } from "./part-import.ts";
import { placeAt } from "./places.ts";
import type { PlannedEdit } from "./planned-edit.ts";
import { spellName, type EditionName, type NewName } from "./rust-names.ts";
import {
    groupByToken,
    relationOf,
    type Relation,
    type Subject,
    type TokenGroup,
} from "./subject.ts";

/** What reading all tokens of the old name gives. */
export interface CollectedEdits {
    readonly edits: readonly PlannedEdit[];
    /** Tokens that could mean the subject, those of files that no target reaches among them. */
    readonly open: readonly UnprovedPlace[];
    readonly conflicts: readonly FoundConflict[];
}

/** Collects the edits. */
export function collectEdits(
    context: RenameContext,
    subject: Subject,
    { newName, known }: { readonly newName: NewName; readonly known: KnownRelation },
): CollectedEdits {
    const edits: PlannedEdit[] = [];
    const open: UnprovedPlace[] = [];
    const conflicts: FoundConflict[] = [];
    const editions = new Map<string, EditionName>();
    for (const group of groupByToken(context.resolution.occurrencesNamed(subject.oldName))) {
        const reading = readToken(context, subject, group, known);
        conflicts.push(...reading.conflicts);
        if (reading.isParted) {
            const edition = editionFor(context, group.file);
            const edit = partImport(context, group, spellName(newName, edition, "import"));
            if (edit !== undefined) {
                edits.push(edit);
                continue;
            }
        }
        open.push(...reading.open);
        if (reading.parts !== undefined) {
            const edition = editions.get(group.file) ?? editionFor(context, group.file);
            editions.set(group.file, edition);
            const text = context.textOf(group.file);
            const edit = editToken(text, group, reading.parts, { newName, edition });
            const isCode = edit.role === "attribute" && isInString(context, edit);
            edits.push(isCode ? { ...edit, role: "attribute-string" } : edit);
        }
    }
    return { edits: collapse(context, subject, edits), open, conflicts };
}

/** Which names of a token take the new name: the only one, the field's, the value's. */
type Parts = ReadonlySet<"whole" | "field" | "value">;

interface TokenReading {
    readonly parts: Parts | undefined;
    /** The token is an import of the subject and of something else. */
    readonly isParted: boolean;
    readonly open: readonly UnprovedPlace[];
    readonly conflicts: readonly FoundConflict[];
}

function readToken(
    context: RenameContext,
    subject: Subject,
    group: TokenGroup,
    known: KnownRelation,
): TokenReading {
    const text = context.textOf(group.file);
    const parts = new Set<"whole" | "field" | "value">();
    const relations = new Map<string, Set<Relation>>();
    const doubts: string[] = [];
    for (const occurrence of group.occurrences) {
        if (occurrence.viaAlias) {
            continue;
        }
        const relation = known(occurrence) ?? relationOf(subject, occurrence);
        const part = occurrence.shorthand ?? "whole";
        const seen = relations.get(part) ?? new Set<Relation>();
        relations.set(part, seen.add(relation));
        if (relation === "is-subject" || relation === "is-both") {
            parts.add(part);
            if (occurrence.precision === "textual") {
                doubts.push("known by its spelling only");
            }
        }
        if (relation === "is-undecided" && couldMean(context, subject, occurrence)) {
            doubts.push(reasonOf(occurrence));
        }
    }
    const conflicts = [...relations.values()].some(isSplit)
        ? [splitConflict(subject, group, text)]
        : [];
    return {
        parts: parts.size > 0 ? parts : undefined,
        isParted: group.occurrences.every((one) => bringsMore(context, subject, one)),
        open: doubts.slice(0, 1).map((reason) => ({ path: group.file, span: group.span, reason })),
        conflicts,
    };
}

/** Whether one name of a token means the subject and something else besides. */
function isSplit(relations: ReadonlySet<Relation>): boolean {
    return relations.has("is-both") || (relations.has("is-subject") && relations.has("is-other"));
}

function splitConflict(subject: Subject, group: TokenGroup, text: string): FoundConflict {
    return {
        kind: "means-more",
        grade: "error",
        message: `this \`${subject.oldName}\` also means something else, which keeps its name`,
        at: [placeAt(text, group.file, group.span.start)],
    };
}

/** Why an occurrence is not decided. */
export function reasonOf(occurrence: Occurrence): string {
    const { binding } = occurrence;
    return "reason" in binding ? binding.reason : "not decided";
}

/** Edits one token; a shorthand token is split where only one of its names changes. */
export function editToken(
    text: string,
    group: TokenGroup,
    parts: Parts,
    { newName, edition }: { readonly newName: NewName; readonly edition: EditionName },
): PlannedEdit {
    const occurrence = required(group.occurrences[0], "a token without occurrences");
    const oldText = text.slice(group.span.start, group.span.end);
    const spelled = spellName(newName, edition, occurrence.role);
    const common = { path: group.file, role: occurrence.role, precision: worstPrecision(group) };
    const hasField = parts.has("field");
    if (hasField === parts.has("value")) {
        const tokens = (hasField ? (["field", "value"] as const) : ([undefined] as const)).map(
            (part) => ({
                before: group.span,
                part,
                at: 0,
                length: spelled.length,
                partAfter: part,
            }),
        );
        return { ...common, span: group.span, oldText, newText: spelled, tokens };
    }
    // `S { ref mut x }`: the field's name goes before the binding mode.
    const mode = /(?<![\p{XID_Continue}#])(?:ref\s+)?(?:mut\s+)?$/u.exec(
        text.slice(Math.max(0, group.span.start - 64), group.span.start),
    );
    const prefix = mode?.[0] ?? "";
    const start = group.span.start - prefix.length;
    const field = hasField ? spelled : oldText;
    const value = hasField ? oldText : spelled;
    const newText = `${field}: ${prefix}${value}`;
    return {
        ...common,
        span: { start, end: group.span.end },
        oldText: text.slice(start, group.span.end),
        newText,
        tokens: [
            {
                before: group.span,
                part: "field",
                at: 0,
                length: field.length,
                partAfter: undefined,
            },
            {
                before: group.span,
                part: "value",
                at: newText.length - value.length,
                length: value.length,
                partAfter: undefined,
            },
        ],
    };
}

/** Edition by which a file's names are spelled. A file of several crates is spelled for the newest. */
export function editionFor(context: RenameContext, file: string): EditionName {
    const { resolution } = context;
    const owners = resolution.files().find((one) => one.path === file)?.owners ?? [];
    return owners.length > 1 ? newestEdition(context, file) : resolution.editionOf(file);
}

/** The raw form is legal in every edition; the plain one is not. */
function newestEdition(context: RenameContext, file: string): EditionName {
    const editions = context.model.packages.flatMap((one) =>
        one.targets.map((target) => target.edition),
    );
    return editions.reduce<EditionName>(
        (newest, edition) => (edition > newest ? edition : newest),
        context.resolution.editionOf(file),
    );
}

function worstPrecision(group: TokenGroup): PlannedEdit["precision"] {
    const all = new Set(group.occurrences.map((occurrence) => occurrence.precision));
    return all.has("textual") ? "textual" : all.has("syntactic") ? "syntactic" : "exact";
}

const FIELD_AND_NAME =
    /^(\s*:\s*)((?:ref\s+)?(?:mut\s+)?)((?:r#)?[\p{XID_Start}_]\p{XID_Continue}*)(?=\s*[,}])/u;

const NAME_AND_FIELD =
    /((?:r#)?[\p{XID_Start}_]\p{XID_Continue}*)(\s*:\s*)((?:ref\s+)?(?:mut\s+)?)$/u;

/**
 * Makes `name: name` shorthand where the rename brought it about. Only where the syntax is known to be a
 * struct's own (not a macro's argument), and only for locals: a constant's name would be a pattern.
 */
function collapse(
    context: RenameContext,
    subject: Subject,
    edits: readonly PlannedEdit[],
): PlannedEdit[] {
    return edits.map((edit) => {
        const tree = context.treeOf(edit.path);
        const token = edit.tokens[0];
        if (tree === undefined || edit.tokens.length !== 1 || token === undefined) {
            return edit;
        }
        const text = context.textOf(edit.path);
        return subject.local === undefined
            ? collapseField(context, tree, text, edit)
            : collapseValue(context, tree, text, edit);
    });
}

/** The field was renamed: `new: new`. */
function collapseField(
    context: RenameContext,
    tree: SyntaxTree,
    text: string,
    edit: PlannedEdit,
): PlannedEdit {
    if (edit.role !== "literal-field" && edit.role !== "pattern-field") {
        return edit;
    }
    const match = FIELD_AND_NAME.exec(text.slice(edit.span.end, edit.span.end + 256));
    const [, colon = "", mode = "", value = ""] = match ?? [];
    if (match === null || value !== edit.newText || isInMacro(tree, edit.span.start)) {
        return edit;
    }
    const start = edit.span.end + colon.length + mode.length;
    const span = { start, end: start + value.length };
    return isLocal(context, edit.path, span.start)
        ? shorthand(text, edit, { field: edit.span, value: span, mode, name: value })
        : edit;
}

/** The local was renamed to the field's name: `new: new`. */
function collapseValue(
    context: RenameContext,
    tree: SyntaxTree,
    text: string,
    edit: PlannedEdit,
): PlannedEdit {
    const match = NAME_AND_FIELD.exec(
        text.slice(Math.max(0, edit.span.start - 256), edit.span.start),
    );
    const [whole = "", field = "", , mode = ""] = match ?? [];
    if (match === null || field !== edit.newText || !/^\s*[,}]/u.test(text.slice(edit.span.end))) {
        return edit;
    }
    const start = edit.span.start - whole.length;
    const isField = context.resolution
        .occurrencesAt(edit.path, start)
        .some(
            (found) =>
                found.span.start === start &&
                (found.role === "literal-field" || found.role === "pattern-field"),
        );
    return isField && !isInMacro(tree, start)
        ? shorthand(text, edit, {
              field: { start, end: start + field.length },
              value: edit.span,
              mode,
              name: field,
          })
        : edit;
}

function shorthand(
    text: string,
    edit: PlannedEdit,
    made: {
        readonly field: PlannedEdit["span"];
        readonly value: PlannedEdit["span"];
        readonly mode: string;
        readonly name: string;
    },
): PlannedEdit {
    const span = { start: made.field.start, end: made.value.end };
    const token = { at: made.mode.length, length: made.name.length };
    return {
        ...edit,
        span,
        oldText: text.slice(span.start, span.end),
        newText: `${made.mode}${made.name}`,
        tokens: [
            { before: made.field, part: undefined, partAfter: "field", ...token },
            { before: made.value, part: undefined, partAfter: "value", ...token },
        ],
    };
}

function isLocal(context: RenameContext, file: string, start: number): boolean {
    const found = context.resolution
        .occurrencesAt(file, start)
        .filter((occurrence) => occurrence.span.start === start);
    return found.length > 0 && found.every((occurrence) => occurrence.binding.kind === "local");
}

/** Whether an edit lies in a string literal. */
function isInString(context: RenameContext, { path, span }: PlannedEdit): boolean {
    const tree = context.treeOf(path);
    const kind = tree?.columns.kind[tree.nodeAt(span.start) ?? 0];
    return kind === KIND.string_literal || kind === KIND.raw_string_literal;
}

/** Whether a place lies in a macro's tokens. */
function isInMacro(tree: SyntaxTree, offset: number): boolean {
    const { kind, parent } = tree.columns;
    for (let at = tree.nodeAt(offset) ?? 0; at !== 0; at = parent[at] ?? 0) {
        if (kind[at] === KIND.macro_invocation || kind[at] === KIND.token_tree) {
            return true;
        }
    }
    return false;
}
