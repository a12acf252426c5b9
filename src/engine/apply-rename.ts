// Applies a rename that was shown: plans it again on what there is now, and writes it when it is still
// the same plan.

import type { AbsPath, Refusal } from "../base/index.ts";
import type { Logger } from "../platform/index.ts";
import type { ApplyRenameParams, ApplyRenameResult } from "../protocol/index.ts";
import type { RenamePlan } from "../refactor/index.ts";
import type { CommittedState, RunReport } from "./committed-state.ts";
import type { RequestContext } from "./engine.ts";
import type { Operations } from "./operations.ts";
import type { Overlays } from "./overlays.ts";
import { keepForUndo } from "./patches/kept-texts.ts";
import { planAgain } from "./plan-again.ts";
import type { PreparedRenames } from "./plan-rename.ts";
import type { CommittedGraph, EnginePorts, GraphPort } from "./ports.ts";
import { StaleFiles, type View } from "./view.ts";
import { staleFile, writeRename } from "./write-rename.ts";

/** A file that changes this often while it is asked for is given up on. */
const ATTEMPTS_MAX = 4;

/** What a rename is applied to. */
export interface ApplyRenameParts {
    readonly root: AbsPath;
    readonly ports: EnginePorts;
    readonly logger: Logger;
    readonly committed: CommittedState;
    readonly overlays: Overlays;
    readonly graph: GraphPort;
    readonly operations: Operations;
    readonly renames: PreparedRenames;
    /** The commit that follows a run. */
    readonly commitOf: (report: RunReport) => Promise<CommittedGraph | undefined>;
}

/** A rename as an operation of the log. */
export interface RenameToApply {
    readonly opId: string;
    readonly description: string;
    readonly params: ApplyRenameParams;
}

/** Applies a rename; nothing else may change the committed state meanwhile. */
export async function applyRename(
    parts: ApplyRenameParts,
    context: RequestContext,
    { opId, description, params }: RenameToApply,
): Promise<ApplyRenameResult | Refusal> {
    const { committed, overlays, graph, ports, root, logger, renames } = parts;
    for (let attempt = 1; ; attempt++) {
        const view = await overlays.view(context.client);
        let stale: StaleFiles;
        try {
            const asked = { params, signal: context.signal, renames };
            const plan = await planAgain(ports, logger, view, asked);
            if (plan.kind === "refusal") {
                return plan;
            }
            await keepPlan(parts, view, plan, { opId, description });
            const refusal = await writeRename({ root, logger, planner: ports.planner }, plan);
            if (refusal !== undefined) {
                return refusal;
            }
            await parts.commitOf(await committed.refreshAll({}));
            return {
                files: [...new Set(plan.edits.map((edit) => edit.path))].sort(),
                moves: plan.moves,
                edits: plan.edits.length,
                root: (await graph.load()).facts().graphRoot,
                opId,
            };
        } catch (thrown) {
            if (!(thrown instanceof StaleFiles)) {
                throw thrown;
            }
            stale = thrown;
        }
        if (attempt === ATTEMPTS_MAX) {
            return staleFile(stale.paths[0] ?? "a file");
        }
        await committed.refresh(stale.paths, {});
    }
}

/** Kept before anything is written: with it the operation can be undone. */
async function keepPlan(
    { root, ports, graph, operations }: ApplyRenameParts,
    view: View,
    plan: RenamePlan,
    { opId, description }: Pick<RenameToApply, "description" | "opId">,
): Promise<void> {
    const { writtenPlan } = await import("./validate/written-plan.ts");
    const { graphRoot } = (await graph.load()).facts();
    const textOf = (path: string): string => view.text(path);
    const kept = writtenPlan(ports.planner, plan, { description, graphRoot, textOf });
    await keepForUndo(operations.folder(), opId, root, kept);
}
