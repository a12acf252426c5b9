// A plan on its way into the workspace, and what is written of it.

import type { PatchPlan } from "../../patch/index.ts";
import type { ApplyPlanResult } from "../../protocol/index.ts";
import type { OperationToRun } from "../operations.ts";

/** A plan that was read and checked. */
export interface PlanToApply {
    readonly operation: Omit<OperationToRun, "rootBefore">;
    readonly plan: PatchPlan;
}

/** What was written of a plan. */
export type AppliedPlan = Omit<ApplyPlanResult, "edits">;
