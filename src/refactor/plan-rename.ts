// Plans a rename: checks the name, collects the edits and moves, looks for conflicts, proves the bindings.
// The answer is a plan that says everything it knows against itself, or a refusal.

import { checkCancelled, refuse, type Place, type Refusal } from "../base/index.ts";
import { applyEdits, groupByFile } from "./apply-edits.ts";
import { isLeftAlone, proveBindings } from "./binding-proof.ts";
import { collectEdits } from "./collect-edits.ts";
import type { AcceptableGrade, RenameContext, RenameOptions } from "./context.ts";
import { findDuplicates } from "./duplicates.ts";
import { refuseSymbol } from "./find-target.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { findOutsideMeanings, refuseMeaning } from "./meaningful-names.ts";
import type {
    Conflict,
    FileMove,
    ProofResult,
    RenamePlan,
    RenameTarget,
    TextEdit,
    UnprovedPlace,
} from "./model.ts";
import { planMoves } from "./module-moves.ts";
import { checkNewName, needsRawLifetime } from "./new-name.ts";
import { placeAt } from "./places.ts";
import { EditMap, type PlannedEdit } from "./planned-edit.ts";
import type { NewName } from "./rust-names.ts";
import { prepareSubject, type Subject } from "./subject.ts";

/** Plans a rename of a target, or says why there is none. */
export function planRename(
    context: RenameContext,
    target: RenameTarget,
    newNameText: string,
    options: RenameOptions = {},
): RenamePlan | Refusal {
    const { resolution } = context;
    const unnamed = target.kind === "symbol" ? refuseSymbol(resolution, target.symbol) : undefined;
    if (unnamed !== undefined) {
        return unnamed;
    }
    const subject = prepareSubject(resolution, target);
    const newName = checkNewName(newNameText, subject.use);
    if (newName.kind === "refusal") {
        return newName;
    }
    const refusal = refuseName(context, subject, newName) ?? refuseMeaning(context, subject);
    if (refusal !== undefined) {
        return refusal;
    }
    const collected = collectEdits(context, subject, newName);
    checkCancelled(options.signal);
    const files = groupByFile(collected.edits);
    const impossible =
        refuseMissing(context, subject, collected.edits) ?? refuseGenerated(context, files);
    if (impossible !== undefined) {
        return impossible;
    }
    const moved = planMoves(context, subject, newName.name);
    if (moved.kind === "refusal") {
        return moved;
    }
    const conflicts = [
        ...collected.conflicts,
        ...moved.conflicts,
        ...findDuplicates(context, subject, collected.edits, newName.name),
        ...findOutsideMeanings(context, subject, collected.edits, newName.name),
    ];
    checkCancelled(options.signal);
    return finish(context, { subject, newName, files, moves: moved.moves }, conflicts, [
        ...collected.open,
    ]);
}

interface Draft {
    readonly subject: Subject;
    readonly newName: NewName;
    readonly files: ReadonlyMap<string, readonly PlannedEdit[]>;
    readonly moves: readonly FileMove[];
}

function finish(
    context: RenameContext,
    draft: Draft,
    conflicts: readonly Conflict[],
    open: readonly UnprovedPlace[],
): RenamePlan {
    const { proof, open: openAfter } = conflicts.some((conflict) => conflict.kind === "file-exists")
        ? { proof: NO_PROOF, open: [] }
        : prove(context, draft);
    const all = [...open, ...openAfter];
    const doubts = mergePlaces(all.filter((place) => !isLeftAlone(place)));
    const leftAlone = mergePlaces([...doubts, ...all]).filter(isLeftAlone);
    const verdict = proof.verdict === "proved" && doubts.length > 0 ? "unproved" : proof.verdict;
    const edits = [...draft.files.values()].flatMap((group) =>
        [...group].sort((a, b) => b.span.start - a.span.start).map(withoutTokens),
    );
    const touched = new Set([...draft.files.keys(), ...draft.moves.map((move) => move.from)]);
    const plan: Omit<RenamePlan, "fingerprint"> = {
        kind: "plan",
        target: draft.subject.target,
        oldName: draft.subject.oldName,
        newName: draft.newName.name,
        edits,
        moves: draft.moves,
        conflicts: [...conflicts, ...refutedConflicts(context, proof)],
        unproved: doubts,
        leftAlone,
        proof: { ...proof, verdict },
        fileHashes: new Map([...touched].sort().map((path) => [path, context.contentHashOf(path)])),
    };
    return { ...plan, fingerprint: fingerprintOf(context.resolution, plan) };
}

const NO_PROOF: ProofResult = { verdict: "not-made", tokens: 0, digest: "", refuted: [] };

function prove(context: RenameContext, draft: Draft): ReturnType<typeof proveBindings> {
    const map = new EditMap(draft.files, draft.moves);
    const files = [...new Set([...draft.files.keys(), ...draft.moves.map((move) => move.from)])];
    const changes = new Map(
        files.map((file) => [
            map.fileAfter(file),
            applyEdits(context.textOf(file), draft.files.get(file) ?? []),
        ]),
    );
    const after = context.reResolve(changes, draft.moves);
    return proveBindings({
        context,
        subject: draft.subject,
        newName: draft.newName,
        files,
        map,
        after,
    });
}

/** What the proof refutes is a conflict; one for each reason, with its first places. */
function refutedConflicts(context: RenameContext, proof: ProofResult): Conflict[] {
    const byReason = new Map<string, Place[]>();
    for (const { path, span, reason } of proof.refuted) {
        const places = byReason.get(reason) ?? [];
        byReason.set(reason, places);
        if (places.length < PLACES_SHOWN && isKnownFile(context, path)) {
            places.push(placeAt(context.textOf(path), path, span.start));
        }
    }
    return [...byReason].map(([reason, at]) => ({
        kind: "binding-changed",
        grade: "changes-meaning",
        message: reason,
        at,
    }));
}

const PLACES_SHOWN = 3;

function isKnownFile(context: RenameContext, path: string): boolean {
    return context.resolution.files().some((file) => file.path === path);
}

function withoutTokens(edit: PlannedEdit): TextEdit {
    const { path, span, oldText, newText, role, precision } = edit;
    return { path, span, oldText, newText, role, precision };
}

function mergePlaces(places: readonly UnprovedPlace[]): UnprovedPlace[] {
    const merged = new Map<string, UnprovedPlace>();
    for (const place of places) {
        const key = `${place.path}:${place.span.start}`;
        if (!merged.has(key)) {
            merged.set(key, place);
        }
    }
    return [...merged.values()].sort(
        (a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0) || a.span.start - b.span.start,
    );
}

/** Refuses new names that this target cannot take. */
function refuseName(
    context: RenameContext,
    subject: Subject,
    newName: NewName,
): Refusal | undefined {
    if (newName.name === subject.oldName) {
        return refuse("RENAME_SAME_NAME", `it is called \`${subject.oldName}\` already`);
    }
    const { local } = subject;
    if (local === undefined) {
        return undefined;
    }
    if (subject.use === "lifetime" || subject.use === "label") {
        const edition = context.resolution.editionOf(local.file);
        return needsRawLifetime(newName) && edition < "2021"
            ? refuse(
                  "RENAME_BAD_NAME",
                  `\`'${newName.name}\` is a keyword, and edition ${edition} has no raw lifetimes`,
              )
            : undefined;
    }
    return newName.name === "_" ? refuseUnderscore(context, subject) : undefined;
}

/** `_` binds nothing: only a plain parameter that nobody reads may become it. */
function refuseUnderscore(context: RenameContext, subject: Subject): Refusal | undefined {
    const { local } = subject;
    if (local === undefined) {
        return undefined;
    }
    const text = context.textOf(local.file);
    const read = context.resolution
        .occurrencesOfLocal(local)
        .find((found) => found.span.start !== local.nameSpan.start);
    if (read !== undefined) {
        return refuse("RENAME_BAD_NAME", `\`${local.name}\` is read and cannot become \`_\``, {
            at: [placeAt(text, read.file, read.span.start)],
        });
    }
    const hasMode = /(?<!\p{XID_Continue})(?:ref|mut)\s+$/u.test(
        text.slice(0, local.nameSpan.start),
    );
    const hasPattern = /^\s*@/u.test(text.slice(local.nameSpan.end));
    return hasMode || hasPattern
        ? refuse("RENAME_BAD_NAME", "`_` takes no `ref`, `mut` or `@`", {
              at: [placeAt(text, local.file, local.nameSpan.start)],
          })
        : undefined;
}

/** Every definition must be among the edits; one that is not was made by a macro. */
function refuseMissing(
    context: RenameContext,
    subject: Subject,
    edits: readonly PlannedEdit[],
): Refusal | undefined {
    const edited = new Set(
        edits.flatMap((edit) => edit.tokens.map((token) => `${edit.path}:${token.before.start}`)),
    );
    const definitions = [subject.local, ...subject.members].flatMap((one) =>
        one?.file === undefined || one.nameSpan === undefined
            ? []
            : [{ file: one.file, start: one.nameSpan.start }],
    );
    const missing = definitions.find((one) => !edited.has(`${one.file}:${one.start}`));
    return missing === undefined
        ? undefined
        : refuse(
              "RENAME_MACRO_MADE",
              `the definition of \`${subject.oldName}\` is no plain token that could be edited`,
              { at: [placeAt(context.textOf(missing.file), missing.file, missing.start)] },
          );
}

function refuseGenerated(
    context: RenameContext,
    files: ReadonlyMap<string, readonly PlannedEdit[]>,
): Refusal | undefined {
    for (const [path, edits] of files) {
        const first = edits[0];
        if (first !== undefined && context.isGenerated?.(path) === true) {
            return refuse(
                "RENAME_GENERATED_FILE",
                `\`${path}\` is made by a program: an edit there would be lost`,
                {
                    at: [placeAt(context.textOf(path), path, first.span.start)],
                    advice: "Change what generates the file.",
                },
            );
        }
    }
    return undefined;
}

/**
 * Whether a plan may be applied: nothing against it but what was accepted. Errors and changes of meaning
 * cannot be accepted.
 */
export function isApplicable(
    plan: RenamePlan,
    accepted: ReadonlySet<AcceptableGrade> = new Set(),
): boolean {
    const isOpen = plan.unproved.length > 0 || plan.proof.verdict === "unproved";
    const isAccepted = ({ grade }: Conflict): boolean =>
        grade !== "error" && grade !== "changes-meaning" && accepted.has(grade);
    return (
        plan.conflicts.every(isAccepted) &&
        plan.proof.verdict !== "refuted" &&
        plan.proof.verdict !== "not-made" &&
        (!isOpen || accepted.has("unproved"))
    );
}
