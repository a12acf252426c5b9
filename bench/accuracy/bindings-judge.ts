// What the compiler itself binds each name to, before and after: the second judge.

import type { Verdict } from "./cargo-judge.ts";
import type { PlannedChange } from "./workspace-copy.ts";

/** A change that compiles, and the names that it is about. */
export interface MadeChange {
    readonly change: PlannedChange;
    readonly oldName: string;
    readonly newName: string;
}

/** Says whether every name still means what it meant, of a change that is made in the copy. */
export interface BindingsJudge {
    judge(made: MadeChange): Promise<Verdict>;
}
