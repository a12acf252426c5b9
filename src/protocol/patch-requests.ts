// Requests about semantic patches and their operations. Documented in docs/protocol/requests.md, which is
// pinned to this file. A plan is the artefact of docs/formats/plan.md; its offsets are of UTF-8 bytes.

/** Asks for the plan of a patch on what is saved. */
export interface PlanParams {
    /** The patch file's text (docs/semantic-patch.md). */
    readonly patch: string;
}

/** A plan, and what it looks like. */
export interface PlanResult {
    readonly plan: PatchPlanDto;
    /** Unified diff of all files together. */
    readonly diff: string;
}

/** How sure an edit is, in rustc's words: proved, or not, or of code whose types nobody has compared. */
export type Applicability = "machine-applicable" | "maybe-incorrect";

/** One replacement in a file. */
export interface PlanEditDto {
    readonly start: number;
    readonly end: number;
    readonly oldText: string;
    readonly newText: string;
    readonly applicability: Applicability;
    /** Positions of the operations that it is part of. */
    readonly operations: readonly number[];
}

/** One file that a plan changes. */
export interface PlanFileDto {
    readonly path: string;
    /** Where it lies afterwards. */
    readonly pathAfter: string;
    /** SHA-256 of its bytes, hex. */
    readonly before: string;
    readonly after: string;
    /** By descending start, as they are to be made; of the bytes before. */
    readonly edits: readonly PlanEditDto[];
}

/** One reason for a risk. */
export interface RiskReasonDto {
    readonly kind: string;
    /** What it adds to the score. */
    readonly weight: number;
    readonly message: string;
}

/** A score from 0 to 100 with all that it is made of. */
export interface RiskDto {
    readonly score: number;
    readonly level: "low" | "medium" | "high";
    readonly reasons: readonly RiskReasonDto[];
}

/** One operation of a plan. */
export interface PlanOperationDto {
    /** Index of the pattern that asks for it; -1 for the formatting that belongs to the plan. */
    readonly pattern: number;
    /** `rename`, `change_visibility`, …, or `format`. */
    readonly action: string;
    /** The item as it was called right before. */
    readonly path: string;
    /** 16 hex digits in the state before the operation; empty for what has no node. */
    readonly symbolId: string;
    /** 0-based line and UTF-16 column in the state before the operation. */
    readonly at:
        { readonly path: string; readonly line: number; readonly column: number } | undefined;
    readonly description: string;
    /** What was found to hold, and must hold for this operation. */
    readonly preconditions: readonly string[];
    /** Conflicts that were agreed to beforehand. */
    readonly accepted: readonly string[];
    readonly proof: { readonly verdict: string; readonly tokens: number; readonly digest: string };
    readonly edits: number;
    readonly risk: RiskDto;
}

/** A token that was left as it is, and why. */
export interface LeftAloneDto {
    readonly path: string;
    readonly line: number;
    readonly column: number;
    readonly reason: string;
}

/** A whole plan. */
export interface PatchPlanDto {
    readonly format: "ferrograph-plan/1";
    /** The patch as it was read. */
    readonly patch: { readonly id: string; readonly description?: string | undefined };
    /** State that it was made for: graph root, hex. */
    readonly graphRoot: string;
    readonly operations: readonly PlanOperationDto[];
    /** By path. */
    readonly files: readonly PlanFileDto[];
    readonly leftAlone: readonly LeftAloneDto[];
    readonly risk: RiskDto;
    /** SHA-256 over all of the above, hex. */
    readonly fingerprint: string;
}

/** How much is run to judge a change. */
export const VALIDATION_LEVELS = ["check", "tests", "deep"] as const;

/** One of VALIDATION_LEVELS. */
export type ValidationLevel = (typeof VALIDATION_LEVELS)[number];

/** What becomes of a commit. */
export const LANDINGS = ["branch", "fast-forward", "patch"] as const;

/** One of LANDINGS. */
export type Landing = (typeof LANDINGS)[number];

/** Makes a plan: on a branch of its own, checked and committed, or in the workspace itself. */
export interface ApplyPlanParams {
    /** The plan file's text. */
    readonly plan: string;
    /** Writes the files as they lie, without git and without checks; nothing below is taken then. */
    readonly inPlace?: boolean;
    /** Default `check`. */
    readonly validate?: ValidationLevel;
    /** Default `branch`. */
    readonly land?: Landing;
    /** The remote to push the branch to, once it has landed; none by default. */
    readonly push?: string;
    /** Uncommitted work comes along as a commit of its own. */
    readonly withUncommitted?: boolean;
    /** Files and folders that git ignores and the build needs, relative to the workspace: they are there while it is checked. */
    readonly bring?: readonly string[];
    /** Keeps the worktree of an operation that fails. */
    readonly keep?: boolean;
    /** Runs all checks on the unedited files first, also those that were run on the same files before. */
    readonly fresh?: boolean;
}

/** One check, on what was there and on what was made of it. */
export interface CheckReportDto {
    /** What Cargo compiled or ran, or what was compared of both besides. */
    readonly kind: "cargo" | "comparison";
    /** As it would be typed. */
    readonly command: string;
    /** What was wrong before. */
    readonly before: number;
    /** What was wrong after, and was not before. */
    readonly added: number;
    readonly millisecondsBefore: number;
    readonly milliseconds: number;
    /** Targets that were compiled, those left out that were fresh. */
    readonly compiledBefore: number;
    readonly compiled: number;
}

/** A commit that was made, and where it is. */
export interface LandedDto {
    readonly commit: string;
    /** What it is based on. */
    readonly base: string;
    /** The commit of the uncommitted work that came along. */
    readonly uncommitted?: string;
    readonly landing: Landing;
    /** Its own branch, or the user's after a fast-forward. */
    readonly branch?: string;
    /** The remote that has the branch, too. */
    readonly pushed?: string;
    readonly patchFile?: string;
    readonly textFile?: string;
    readonly checks: readonly CheckReportDto[];
    readonly notes: readonly string[];
}

/** What was written. */
export interface ApplyPlanResult {
    readonly files: readonly string[];
    readonly moves: readonly { readonly from: string; readonly to: string }[];
    readonly edits: number;
    /** Graph root of the workspace afterwards: another one only if its files were written. */
    readonly root: string;
    /** Of the operation in the log. */
    readonly opId: string;
    /** Of a plan that was not made in place. */
    readonly landed?: LandedDto;
}

/** Asks for the log of operations. */
export interface OperationsParams {
    /** Most operations, the newest of them; default 50. */
    readonly limit?: number;
}

/** One operation of the log. */
export interface OperationDto {
    readonly opId: string;
    readonly patchId: string;
    readonly description: string;
    readonly result: "applied" | "refused" | "failed";
    readonly appliedCommit: string | null;
    /** Milliseconds since 1970. */
    readonly endedMs: number;
    readonly planFingerprint: string | null;
    readonly diagnostics: string | null;
}

/** Operations, the newest first. */
export interface OperationsResult {
    readonly operations: readonly OperationDto[];
    /** Number of all there are. */
    readonly known: number;
}

/** Undoes one operation. */
export interface RollbackParams {
    /** Its id, or the beginning of it. */
    readonly opId: string;
    readonly validate?: ValidationLevel;
    readonly land?: Landing;
    readonly push?: string;
    readonly bring?: readonly string[];
    readonly keep?: boolean;
    readonly fresh?: boolean;
}

/** What was undone, and how. */
export interface RollbackResult extends ApplyPlanResult {
    /** The operation that was undone. */
    readonly undone: string;
    /** A commit was reverted, files were written back, or a branch that nobody had taken was removed. */
    readonly how: "reverted" | "written" | "branch-removed";
}

/** Plans the patch of an operation anew. */
export interface ReplayParams {
    /** Its id, or the beginning of it. */
    readonly opId: string;
}

/** Asks what renames that were made elsewhere mean for this workspace. */
export interface PropagateParams {
    /** Two revisions of git, or two states of this store by their numbers of deltas. */
    readonly between:
        | { readonly kind: "revisions"; readonly from: string; readonly to: string }
        | { readonly kind: "deltas"; readonly from: number; readonly to: number };
    /** Grades of conflicts that the patch agrees to, of ACCEPTABLE_GRADES; none by default. */
    readonly accept?: readonly string[];
}

/**
 * What this workspace has of a rename: only the old name (it can be made), only the new one (it was made), neither, or both
 * names, or several items of the old one: then nothing is made of it.
 */
export type PropagationState = "to-make" | "made" | "absent" | "taken" | "ambiguous";

/** One rename that was made elsewhere. */
export interface PropagatedRenameDto {
    readonly kind: string;
    /** As they were called there. */
    readonly from: string;
    readonly to: string;
    readonly state: PropagationState;
    /** What it is called here; undefined where it is not here. */
    readonly here: string | undefined;
}

/** The least that makes the same renames here. */
export interface PropagateResult {
    readonly renames: readonly PropagatedRenameDto[];
    /** Text of a semantic patch of those that can be made; undefined where there are none. */
    readonly patch: string | undefined;
}

/** Parameters and result of each of these requests. */
export interface PatchRequestMap {
    "rename-impact/plan": [PlanParams, PlanResult];
    "rename-impact/apply": [ApplyPlanParams, ApplyPlanResult];
    "rename-impact/log": [OperationsParams, OperationsResult];
    "rename-impact/rollback": [RollbackParams, RollbackResult];
    "rename-impact/replay": [ReplayParams, PlanResult];
    "rename-impact/propagate": [PropagateParams, PropagateResult];
}
