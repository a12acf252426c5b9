// Makes changes land: a branch in a worktree of its own, checks before and after, a commit, or no trace.

export { editPlan, verifyPlan } from "./edit-plan.ts";
export { Executor, type ExecutorParts } from "./executor.ts";
export type { ExecutionStep } from "./journal.ts";
export type {
    ChangeToLand,
    ComparedChange,
    ComparePlace,
    Comparison,
    Edited,
    EditPlace,
    Executed,
    ExecuteOptions,
    Trial,
    TrialPlace,
} from "./model.ts";
export { partsOfPlan } from "./plan-parts.ts";
export { recover, type Interrupted } from "./recover.ts";
export { runSeparately, type SeparateRun, type SeparateStep } from "./separate-check.ts";
export type { CheckPlace } from "./run-checks.ts";
