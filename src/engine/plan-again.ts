// Plans a rename that was shown once more, right before it is written.

import { refuse, type CancelSignal, type Refusal } from "../base/index.ts";
import type { Logger } from "../platform/index.ts";
import type { ApplyRenameParams } from "../protocol/index.ts";
import type { RenamePlan } from "../refactor/index.ts";
import { readAccepted, refuseApplying } from "./accepted.ts";
import { planOnView, type PreparedRenames } from "./plan-rename.ts";
import type { EnginePorts } from "./ports.ts";
import { selectRename } from "./select-rename.ts";
import type { View } from "./view.ts";

/** Plans what is to be written; refuses unless it is the plan that was shown and may be applied. */
export async function planAgain(
    ports: EnginePorts,
    logger: Logger,
    view: View,
    asked: {
        readonly params: ApplyRenameParams;
        readonly signal: CancelSignal | undefined;
        readonly renames: PreparedRenames;
    },
): Promise<RenamePlan | Refusal> {
    const { params, signal, renames } = asked;
    const accepted = readAccepted(params.accept);
    if (accepted.kind === "refusal") {
        return accepted;
    }
    const chosen = selectRename(view, params.symbol, params.as);
    if (chosen.kind === "refusal") {
        return chosen;
    }
    const { target } = chosen;
    const wish = { target, newName: params.newName, isTextIncluded: params.text === true };
    const plan = await planOnView(ports, view, { ...wish, renames }, { signal });
    if (plan.kind === "refusal") {
        return plan;
    }
    if (plan.fingerprint !== params.fingerprint) {
        return refuse("PLAN_CHANGED", "the rename would now be another than the one shown", {
            advice: "preview it again",
        });
    }
    if (!ports.planner.isApplicable(plan, accepted.grades)) {
        return refuseApplying(plan);
    }
    if (accepted.grades.size > 0) {
        const { fingerprint, newName } = plan;
        logger.info({ fingerprint, newName, accepted: [...accepted.grades] }, "accepted");
    }
    const unsaved = [...plan.fileHashes.keys()].find((path) => view.unsaved.includes(path));
    return unsaved === undefined
        ? plan
        : refuse("RENAME_UNSAVED_FILE", `${unsaved} has unsaved changes in this client`, {
              advice: "save it first, or rename in the editor",
          });
}
