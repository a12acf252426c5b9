// A rename that passed as a plan that is written, logged and undone as all plans are.

import { hashOf, sealPlan, type PatchPlan } from "../../patch/index.ts";
import type { RenamePlan } from "../../refactor/index.ts";
import type { PlannerPort } from "../ports.ts";

/** Makes the plan; `description` is for the log. */
export function writtenPlan(
    { applyEdits }: Pick<PlannerPort, "applyEdits">,
    plan: RenamePlan,
    about: {
        readonly description: string;
        readonly graphRoot: string;
        readonly textOf: (path: string) => string;
    },
): PatchPlan {
    const moved = new Map(plan.moves.map(({ from, to }) => [from, to]));
    const { description, graphRoot, textOf } = about;
    return sealPlan({
        format: "ferrograph-plan/1",
        patch: { id: "rename", description, patterns: [] },
        graphRoot,
        operations: [],
        files: [...plan.fileHashes].map(([path, before]) => {
            const text = textOf(path);
            const edits = plan.edits.filter((edit) => edit.path === path);
            return {
                path,
                pathAfter: moved.get(path) ?? path,
                before,
                after: hashOf(applyEdits(text, edits)),
                edits: edits.map(({ span, oldText, newText }) => ({
                    start: Buffer.byteLength(text.slice(0, span.start), "utf8"),
                    end: Buffer.byteLength(text.slice(0, span.end), "utf8"),
                    ...{ oldText, newText },
                    applicability: "machine-applicable" as const,
                    operations: [],
                })),
            };
        }),
        leftAlone: [],
        risk: { score: 0, level: "low", reasons: [] },
    });
}
