// Refactoring as data: targets, plans, conflicts, edits, the binding proof.
//
// Entry points, all pure and synchronous:
//   findRenameTarget(context, file, offset): RenameStart | Refusal
//   checkNewName(newName, use): NewName | Refusal
//   planRename(context, target, newName, options?): RenamePlan | Refusal
//   isApplicable(plan, accepted?): boolean
//   applyEdits(text, edits): string
//   renderUnifiedDiff(edits, moves, textOf): string

export type {
    AcceptableGrade,
    RenameContext,
    RenameOptions,
    RenameStart,
} from "./context.ts";
export type {
    Conflict,
    FileMove,
    ProofResult,
    RenamePlan,
    RenameTarget,
    TextEdit,
    UnprovedPlace,
} from "./model.ts";
