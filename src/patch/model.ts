// What planning a patch knows: states of the workspace, operations, and what was matched.

import type { Refusal } from "../base/index.ts";
import type { FileMove, RenameContext, RenamePlan, RenameTarget } from "../refactor/index.ts";
import type { PatchAction } from "./patch-schema.ts";

/** The workspace as it is, or as it would be after some operations. */
export interface PlanState {
    readonly context: RenameContext;
    /** The state after edits; the texts are those of the changed files under their paths after moves. */
    after(changes: ReadonlyMap<string, string>, moves: readonly FileMove[]): PlanState;
    /** Finds what a person wrote for a symbol. */
    select(written: string, as: Tracked["as"]): RenameTarget | Refusal;
    /** Runs what plans in one piece. */
    atOnce<T>(plan: () => T): T;
}

/** What planning asks of the world. */
export interface PatchWorld {
    /** Ids of symbols, 16 hex digits each, that a query gives; of the state that the tables have. */
    queryIds(sql: string): Promise<readonly string[] | Refusal>;
    /** Formats a file as the user's rustfmt does; undefined when it cannot. */
    format(path: string, text: string, edition: string): Promise<string | undefined>;
    /** Number of symbols and crates that a change of symbols reaches; ids as 16 hex digits, unknown ones count nothing. */
    reachOf(ids: readonly string[]): Promise<{ readonly symbols: number; readonly crates: number }>;
}

/** One matched thing, by its definition token: what edits are followed through. */
export interface Tracked {
    readonly file: string;
    readonly start: number;
    /** What a pattern's regular expression took. */
    readonly groups: readonly (string | undefined)[];
    /** A rename of an import: the target is looked for anew at its place. */
    readonly as: "item" | "import" | "alias";
}

/** One change of one item. */
export interface Operation {
    /** Index of the pattern that asks for it. */
    readonly pattern: number;
    readonly action: PatchAction;
    readonly tracked: Tracked;
    /** As people know it before the patch. */
    readonly path: string;
    readonly oldName: string;
    /** Of a rename. */
    readonly newName: string | undefined;
}

/** An operation with its plan on the state before it. */
export interface PlannedOperation {
    readonly operation: Operation;
    readonly plan: RenamePlan;
    /** The state that it was planned on. */
    readonly context: RenameContext;
}
