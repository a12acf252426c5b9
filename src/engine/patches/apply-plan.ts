// Makes a plan in the workspace itself and captures what it wrote; logged like every operation.

import type { AbsPath, Refusal } from "../../base/index.ts";
import type { Logger } from "../../platform/index.ts";
import type { CommittedState, RunReport } from "../committed-state.ts";
import type { Operations } from "../operations.ts";
import type { CommittedGraph, GraphPort } from "../ports.ts";
import { keepForUndo } from "./kept-texts.ts";
import type { AppliedPlan, PlanToApply } from "./plan-to-apply.ts";

/** What a plan is made in. */
export interface ApplyPlanParts {
    readonly root: AbsPath;
    readonly logger: Logger;
    readonly committed: CommittedState;
    readonly graph: GraphPort;
    readonly operations: Operations;
    /** The commit that follows a run. */
    readonly commitOf: (report: RunReport) => Promise<CommittedGraph | undefined>;
}

/** Makes a plan; nothing else may change the committed state meanwhile. */
export async function applyPlan(
    parts: ApplyPlanParts,
    { operation, plan }: PlanToApply,
): Promise<AppliedPlan | Refusal> {
    const { committed, graph, root, logger, operations } = parts;
    const rootBefore = (await graph.load()).facts().graphRoot;
    return operations.run({ ...operation, rootBefore }, async (opId) => {
        const [{ movesOf }, { writePlan }] = await Promise.all([
            import("../../patch/index.ts"),
            import("./write-plan.ts"),
        ]);
        await keepForUndo(operations.folder(), opId, root, plan);
        const refusal = await writePlan({ root, logger }, plan);
        if (refusal !== undefined) {
            return refusal;
        }
        await parts.commitOf(await committed.refreshAll({}));
        return {
            files: plan.files.map(({ path }) => path),
            moves: movesOf(plan),
            root: (await graph.load()).facts().graphRoot,
            opId,
        };
    });
}
