// Plans a plain rename: checks the name, collects the edits and moves, looks for conflicts, has it proved.
// The answer is a plan that says everything it knows against itself, or a refusal.

import { checkCancelled, refuse, type Refusal } from "../base/index.ts";
import { groupByFile } from "./apply-edits.ts";
import { NO_DIFFERENCE } from "./binding-proof.ts";
import { collectEdits } from "./collect-edits.ts";
import type { RenameContext } from "./context.ts";
import type { RenameOptions } from "./rename-options.ts";
import { couldMean } from "./could-mean.ts";
import { findDeniedLints } from "./denied-lints.ts";
import { readDoctests } from "./doctests.ts";
import { findDuplicates } from "./duplicates.ts";
import { refuseSymbol } from "./find-target.ts";
import { finishPlan } from "./finish-plan.ts";
import { findSubject } from "./found-subject.ts";
import { findOutsideMeanings, refuseMeaning } from "./meaningful-names.ts";
import { findHiddenReexports } from "./hidden-reexports.ts";
import { knownRelations } from "./known-relations.ts";
import type { Conflict, FoundConflict, RenamePlan } from "./model.ts";
import { findMadeNames } from "./made-names.ts";
import { planMoves } from "./module-moves.ts";
import { checkNewName, needsRawLifetime } from "./new-name.ts";
import { placeAt } from "./places.ts";
import type { PlannedEdit } from "./planned-edit.ts";
import { findPrintedNames } from "./printed-names.ts";
import { placeKey, tokenKey } from "./proof-view.ts";
import type { NewName } from "./rust-names.ts";
import { findTexts } from "./text-finds.ts";
import { findTuplePatterns } from "./tuple-patterns.ts";
import type { ItemTarget, Subject } from "./subject.ts";
import { findTypesBesideVariants } from "./types-beside-variants.ts";

/** Plans the rename of a definition and of all that means it, or says why there is none. */
export function renameItem(
    context: RenameContext,
    target: ItemTarget,
    newNameText: string,
    options: RenameOptions = {},
): RenamePlan | Refusal {
    const { resolution } = context;
    const unnamed = target.kind === "symbol" ? refuseSymbol(resolution, target.symbol) : undefined;
    if (unnamed !== undefined) {
        return unnamed;
    }
    const { subject, companions } =
        options.ahead?.foundOf(context, target) ?? findSubject(context, target);
    const newName = checkNewName(newNameText, subject.use);
    if (newName.kind === "refusal") {
        return newName;
    }
    const refusal = refuseName(context, subject, newName) ?? refuseMeaning(context, subject);
    if (refusal !== undefined) {
        return refusal;
    }
    const plain = (): RenamePlan | Refusal => renameSubject(context, subject, newName, options);
    if (companions.size === 0) {
        return plain();
    }
    const together = renameSubject(context, { ...subject, companions }, newName, options);
    return together.kind === "plan" && !together.conflicts.some(isHard) ? together : plain();
}

/** Plans the rename of a subject that is prepared, as `renameItem` does of one that is not. */
export function renameSubjectOf(
    context: RenameContext,
    subject: Subject,
    newName: NewName,
    options: RenameOptions,
): RenamePlan | Refusal {
    return (
        refuseName(context, subject, newName) ??
        refuseMeaning(context, subject) ??
        renameSubject(context, subject, newName, options)
    );
}

/** Whether a conflict cannot be accepted. */
function isHard({ grade }: Conflict): boolean {
    return grade === "error" || grade === "changes-meaning";
}

/** Conflicts of the names alone, whatever is edited. */
function findByName(context: RenameContext, subject: Subject, newName: string): FoundConflict[] {
    return [
        ...findPrintedNames(context, subject),
        ...findDeniedLints(context, subject, newName),
        ...findTypesBesideVariants(context, subject, newName),
        ...findHiddenReexports(context, subject, newName),
    ];
}

function renameSubject(
    context: RenameContext,
    subject: Subject,
    newName: NewName,
    options: RenameOptions,
): RenamePlan | Refusal {
    const known = knownRelations(context, subject, newName.name, {
        told: options.told,
        ahead: options.ahead,
        plan:
            options.isExpanded === true
                ? undefined
                : (world, meant) =>
                      renameSubject(world, meant, newName, {
                          signal: options.signal,
                          isExpanded: true,
                      }),
    });
    const collected = collectEdits(context, subject, { newName, known });
    checkCancelled(options.signal);
    const moved = planMoves(context, subject, newName.name, options.renamed);
    if (moved.kind === "refusal") {
        return moved;
    }
    const examples = readDoctests(context, subject, newName.name);
    const coded = [...collected.edits, ...moved.edits, ...examples.edits];
    const taken = [...coded, ...examples.plain];
    const texts = findTexts(context, subject, newName.name, taken);
    const files = groupByFile([...coded, ...texts.edits]);
    const impossible =
        refuseMissing(context, subject, collected.edits) ?? refuseGenerated(context, files);
    if (impossible !== undefined) {
        return impossible;
    }
    const conflicts = [
        ...collected.conflicts,
        ...moved.conflicts,
        ...texts.conflicts,
        ...findDuplicates(context, subject, collected.edits, newName.name),
        ...findTuplePatterns(context, subject, files, newName.name),
        ...findOutsideMeanings(context, subject, collected.edits, newName.name),
        ...findByName(context, subject, newName.name),
    ];
    checkCancelled(options.signal);
    return finishPlan(
        context,
        {
            target: subject.target,
            oldName: subject.oldName,
            newName: newName.name,
            files,
            moves: moved.moves,
            left: examples.left,
            plain: [...moved.manifests, ...examples.plain, ...texts.plain],
            names: [subject.oldName, newName.name],
            expected: {
                ...NO_DIFFERENCE,
                removed: droppedParameter(subject, newName),
                parted: partedImports(collected.edits),
            },
            family: [...subject.family],
            isSubject: (occurrence) => known(occurrence) === "is-subject",
            couldMean: (occurrence) =>
                known(occurrence) === undefined && couldMean(context, subject, occurrence),
        },
        conflicts,
        [...collected.open, ...findMadeNames(context, subject)],
    );
}

/** Import tokens that become several. */
function partedImports(edits: readonly PlannedEdit[]): ReadonlySet<string> {
    return new Set(
        edits
            .filter((edit) => edit.parted === true)
            .flatMap((edit) => edit.tokens.map(({ before }) => placeKey(edit.path, before.start))),
    );
}

/** A parameter renamed to `_` defines nothing any more; that is the difference that was asked for. */
function droppedParameter({ local }: Subject, { name }: NewName): ReadonlySet<string> {
    return local !== undefined && name === "_"
        ? new Set(
              ([undefined, "value"] as const).map((shorthand) =>
                  tokenKey({ file: local.file, span: local.nameSpan, shorthand }),
              ),
          )
        : NO_DIFFERENCE.removed;
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

/** Refuses edits of files that a program makes. */
export function refuseGenerated(
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
