// What is executed, and what comes of it.

import type { ProgressSink, Refusal } from "../base/index.ts";
import type { SemanticPatch } from "../patch/index.ts";
import type { CheckReportDto, Landing, ValidationLevel } from "../protocol/index.ts";

/** How an operation is made. */
export interface ExecuteOptions {
    readonly level: ValidationLevel;
    readonly landing: Landing;
    /** The remote that the branch is pushed to once it has landed. */
    readonly push?: string | undefined;
    /** Uncommitted work comes along as a commit of its own. */
    readonly withUncommitted: boolean;
    /** Keep the worktree of an operation that failed. */
    readonly keep: boolean;
    /** Run all checks on the unedited files, whatever is remembered of them. */
    readonly fresh?: boolean;
    /** Ignored files and folders that come along, relative to the workspace. */
    readonly bring?: readonly string[];
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: ProgressSink | undefined;
}

/** A place to edit files in: the workspace in a worktree of its own. */
export interface EditPlace {
    /** Root of the workspace there. */
    readonly folder: string;
    /** Root of the worktree. */
    readonly worktree: string;
    /** Path from the one to the other, with a slash at its end; empty where they are the same. */
    readonly prefix: string;
}

/** A file that a finding may be in, with what the change did to it. */
export interface EditedPlace {
    readonly path: string;
    /** 0-based lines, the last one included. */
    readonly from: number;
    readonly to: number;
    /** What asked for the edit. */
    readonly operations: readonly string[];
}

/** What is made in a worktree. */
export interface OperationInWorktree {
    readonly opId: string;
    /** What its branch and its log call it. */
    readonly patchId: string;
    readonly description: string;
    readonly planFingerprint: string | null;
    readonly rootBefore: string;
    /** Files that it touches, relative to the workspace. */
    readonly touches: readonly string[];
    /** What it does, before anything is done: refuses what does not fit. */
    readonly verify: (place: EditPlace) => Promise<Refusal | undefined>;
    readonly postchecks: readonly string[];
}

/** A worktree in which something is tried out. */
export interface TrialPlace extends EditPlace {
    /** Folder for caches of this workspace, which stays. */
    readonly cache: string;
    /** Files with uncommitted work that did not come along. */
    readonly left: number;
    /** Of all that outcomes of checks are known to follow from, as the files are; undefined where that is not known. */
    readonly state: string | undefined;
}

/** Something to try out in a worktree: nothing of it lands. */
export interface Trial<T> extends Omit<OperationInWorktree, "postchecks"> {
    readonly work: (place: TrialPlace) => Promise<T | Refusal>;
}

/** The first steps of a change. */
export interface ChangePart {
    /** The last of them. */
    readonly description: string;
    /** Makes them, on the unedited files. */
    readonly edit: (place: EditPlace) => Promise<Edited | Refusal>;
}

/** Where files are compared before and after a change. */
export interface ComparePlace extends EditPlace {
    /** Folder for caches of this workspace, which stays. */
    readonly cache: string;
    /** What the change is made on. */
    readonly base: string;
    /** What came along that no commit has, relative to the worktree. */
    readonly brought: readonly string[];
    readonly signal: AbortSignal | undefined;
    readonly onProgress: ProgressSink | undefined;
}

/** What a comparison found on the edited files. */
export interface ComparedChange {
    /** Differences that must not be. */
    readonly wrong: readonly string[];
    /** What was compared, and differences that the change declares. */
    readonly told: readonly string[];
    /** Why it was not compared, where that shows only now. */
    readonly aside?: string;
}

/** Something besides Cargo's checks that is compared before and after a change, at the level `deep`. */
export interface Comparison {
    /** As its report calls it. */
    readonly title: string;
    /** Looks at the unedited files; says why nothing can be compared, where that is so. */
    readonly before: (place: ComparePlace) => Promise<string | undefined>;
    /** Looks at the edited files. */
    readonly after: (place: ComparePlace) => Promise<ComparedChange>;
}

/** A change to make, to check and to land. */
export interface ChangeToLand extends OperationInWorktree {
    /** First line of the commit's message. */
    readonly title: string;
    readonly body: readonly string[];
    /** Trailers besides those of every operation. */
    readonly trailers: readonly (readonly [string, string])[];
    /** Edits the files; gives paths to commit, relative to the worktree. */
    readonly edit: (place: EditPlace) => Promise<Edited | Refusal>;
    /** Its beginnings, the shortest first and all of it last; none where it has no steps. */
    readonly parts?: () => Promise<readonly ChangePart[]>;
    readonly configurations: NonNullable<SemanticPatch["constraints"]>["cfg_matrix"];
    /** Arguments of `cargo test` that run what the change affects; undefined where that is not known. */
    readonly affectedTests: () => Promise<readonly (readonly string[])[] | undefined>;
    /** What the level `deep` compares besides. */
    readonly comparisons?: () => Promise<readonly Comparison[]>;
}

/** What an edit did. */
export interface Edited {
    readonly kind: "edited";
    /** Relative to the root of the worktree, before and after moves. */
    readonly paths: readonly string[];
    /** Git knows of it already. */
    readonly isStaged?: boolean;
    /** Where files lie afterwards, by where they lay; relative to the workspace. */
    readonly moved: ReadonlyMap<string, string>;
    readonly places: readonly EditedPlace[];
}

/** A change that was made and landed. */
export interface Executed {
    readonly kind: "executed";
    readonly commit: string;
    /** The commit that it is based on: what was checked out. */
    readonly base: string;
    /** The commit of the uncommitted work that came along. */
    readonly uncommitted: string | undefined;
    readonly landing: Landing;
    /** The branch that it is on: its own, or the user's after a fast-forward; undefined for a patch. */
    readonly branch: string | undefined;
    /** The remote that the branch was pushed to. */
    readonly pushed: string | undefined;
    /** Files of a patch and of the text that goes with it. */
    readonly patchFile: string | undefined;
    readonly textFile: string | undefined;
    readonly checks: readonly CheckReportDto[];
    readonly notes: readonly string[];
    /** What the level `deep` found besides; part of the notes. */
    readonly compared: readonly string[];
}
