// The first steps of a plan as plans of their own: so it is found which of them breaks something. Steps that have part
// in one edit, or move one file, are one.

import { join } from "node:path";

import { editBytes, hashOf, type PatchPlan } from "../patch/index.ts";
import { readBytes } from "../platform/index.ts";
import type { PlanFileDto } from "../protocol/index.ts";
import { editPlan } from "./edit-plan.ts";
import type { ChangePart } from "./model.ts";

/** Operations that are made before a cut. */
type Cut = number;

/** Beginnings of a plan, the shortest first and all of it last. */
export function partsOfPlan(plan: Pick<PatchPlan, "files" | "operations">): ChangePart[] {
    const { operations } = plan;
    const cuts = operations
        .map((_, at): Cut => at + 1)
        .filter((cut) => cut === operations.length || !isTied(plan, cut));
    return cuts.map((cut, at) => ({
        description: operations
            .slice(cuts[at - 1] ?? 0, cut)
            .filter(({ action }) => action !== FORMAT)
            .map(({ description }) => description)
            .join("; "),
        edit: async (place) => {
            const files: PlanFileDto[] = [];
            for (const file of plan.files) {
                const part = partOf(file, plan, cut);
                const isTouched = part.edits.length > 0 || part.path !== part.pathAfter;
                if (isTouched) {
                    const before = await readBytes(join(place.folder, file.path));
                    files.push({ ...part, after: hashOf(editBytes(part.edits, before)) });
                }
            }
            return editPlan(place, { files, operations });
        },
    }));
}

/** Formatting has part in edits of others, and changes nothing that breaks. */
const FORMAT = "format";

function isTied(plan: Pick<PatchPlan, "files" | "operations">, cut: Cut): boolean {
    return plan.files.some((file) => {
        const edits = file.edits.map(({ operations }) => stepsOf(operations, plan));
        const moves = file.path === file.pathAfter ? [] : [movers(file, plan)];
        return [...edits, ...moves].some(
            (steps) => steps.some((at) => at < cut) && steps.some((at) => at >= cut),
        );
    });
}

function stepsOf(
    operations: readonly number[],
    plan: Pick<PatchPlan, "operations">,
): readonly number[] {
    const others = operations.filter((at) => plan.operations[at]?.action !== FORMAT);
    return others.length > 0 ? others : operations;
}

/** The step that moves a file; all of them where that is not known. */
function movers(
    { pathAfter }: PlanFileDto,
    { operations }: Pick<PatchPlan, "operations">,
): readonly number[] {
    const condition = `nothing lies at ${pathAfter}`;
    const known = operations.flatMap(({ preconditions }, at) =>
        preconditions.includes(condition) ? [at] : [],
    );
    return known.length === 1 ? known : operations.map((_, at) => at);
}

function partOf(
    file: PlanFileDto,
    plan: Pick<PatchPlan, "files" | "operations">,
    cut: Cut,
): PlanFileDto {
    const isMoved = movers(file, plan).every((at) => at < cut);
    return {
        ...file,
        pathAfter: isMoved ? file.pathAfter : file.path,
        edits: file.edits.filter(({ operations }) =>
            stepsOf(operations, plan).every((at) => at < cut),
        ),
    };
}
