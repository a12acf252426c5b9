// Answers what a rename would do: its plan, its ripple, its diff.

import type { Refusal } from "../base/index.ts";
import type { RenameImpactParams, RenameImpactResult } from "../protocol/index.ts";
import { readAccepted } from "./accepted.ts";
import type { Engine, RequestContext } from "./engine.ts";
import { describePlan, rippleOfRename } from "./plan-rename.ts";
import type { PlannerPort } from "./ports.ts";
import { selectRename } from "./select-rename.ts";

/** Plans a rename, writes nothing. */
export async function answerRenameImpact(
    engine: Pick<Engine, "planRename" | "query">,
    planner: PlannerPort,
    context: RequestContext,
    params: RenameImpactParams,
): Promise<RenameImpactResult | Refusal> {
    const accepted = readAccepted(params.accept);
    if (accepted.kind === "refusal") {
        return accepted;
    }
    return engine.query(context, async (view) => {
        const chosen = selectRename(view, params.symbol, params.as);
        if (chosen.kind === "refusal") {
            return chosen;
        }
        const plan = await engine.planRename(context, view, {
            target: chosen.target,
            newName: params.newName,
            isTextIncluded: params.text === true,
        });
        if (plan.kind === "refusal") {
            return plan;
        }
        return {
            plan: describePlan(view, plan, planner.isApplicable(plan, accepted.grades)),
            impact: params.planOnly === true ? undefined : await rippleOfRename(view, plan.target),
            diff: planner.diff(plan, (path) => view.text(path)),
        };
    });
}
