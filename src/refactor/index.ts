// Refactoring as data: targets, plans, conflicts, edits, the binding proof. Pure and synchronous.

export { isApplicable } from "./applicable.ts";
export { applyEdits } from "./apply-edits.ts";
export { branchesOf } from "./branches.ts";
export { changeSignature } from "./change-signature.ts";
export { changeVisibility } from "./change-visibility.ts";
export type { AcceptableGrade, GeneratedInclude, RenameContext, RenameStart } from "./context.ts";
export type { RenameOptions } from "./rename-options.ts";
export {
    expandEverywhere,
    type EverywhereInput,
    type ExpandedCall,
    type ExpandedCode,
} from "./expand-everywhere.ts";
export { moveItem } from "./move-item.ts";
export { findRenameTarget } from "./find-target.ts";
export type {
    Conflict,
    FileMove,
    ProofResult,
    RenamePlan,
    RenameTarget,
    TextEdit,
    UnprovedPlace,
} from "./model.ts";
export { checkNewName, type NameUse } from "./new-name.ts";
export { publicApi, type ApiItem } from "./public-api.ts";
export { renameFile } from "./rename-file.ts";
export { planRename } from "./plan-rename.ts";
export type { RenameAhead } from "./known-ahead.ts";
export { prepareRename } from "./rename-ahead.ts";
export {
    readRepairs,
    repairKey,
    tokensAfter,
    type Repair,
    type TokenAfter,
} from "./read-repairs.ts";
export type { TokenPart } from "./planned-edit.ts";
export type { NewName } from "./rust-names.ts";
export { replacePath } from "./replace-path.ts";
export { rewritePattern } from "./rewrite-pattern.ts";
export { renderUnifiedDiff, type ShownEdit } from "./unified-diff.ts";
