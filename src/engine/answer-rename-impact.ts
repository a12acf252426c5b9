// Answers what a rename would do: its plan, its ripple, its diff.

import { isRefusal, type Refusal } from "../base/index.ts";
import type { RenameImpactParams, RenameImpactResult } from "../protocol/index.ts";
import { readAccepted } from "./accepted.ts";
import type { AnalyzerQuestions } from "./analyzer-questions.ts";
import type { Engine, RequestContext } from "./engine.ts";
import { describePlan, rippleOfRename } from "./plan-rename.ts";
import type { PlannerPort } from "./ports.ts";
import { selectRename } from "./select-rename.ts";

/** What plans, and whom it may ask. */
export interface RenameAnswerParts {
    readonly planner: PlannerPort;
    readonly questions: Pick<AnalyzerQuestions, "ask">;
}

type Asking = Pick<Engine, "planRename" | "query">;

/** Plans a rename, writes nothing; where that is wished, rust-analyzer is asked about what is not proved. */
export async function answerRenameImpact(
    engine: Asking,
    parts: RenameAnswerParts,
    context: RequestContext,
    params: RenameImpactParams,
): Promise<RenameImpactResult | Refusal> {
    const first = await planAndDescribe(engine, parts.planner, context, params);
    if (params.ask !== true || isRefusal(first) || first.plan.unproved.length === 0) {
        return first;
    }
    const tokens = await engine.query(context, (view) =>
        first.plan.unproved.map(({ at }) => ({ at, text: view.text(at.path) })),
    );
    const asked = await parts.questions.ask(tokens);
    if (asked.answered === 0) {
        return { ...first, asked };
    }
    const again = await planAndDescribe(engine, parts.planner, context, params);
    return isRefusal(again) ? again : { ...again, asked };
}

async function planAndDescribe(
    engine: Asking,
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
