// A patch's plan as a list of operations with their risks, and as a diff. Pure.

import type { ApplyPlanResult, PlanOperationDto, PlanResult, RiskDto } from "../protocol/index.ts";
import { count } from "./layout.ts";
import type { Paint } from "./paint.ts";
import { renderDiff } from "./render-rename.ts";

/** Operations, then the diff, then what can be done next. */
export function renderPlan(
    { plan, diff }: PlanResult,
    out: string | undefined,
    paint: Paint,
): string[] {
    const { patch, operations, files, leftAlone, risk } = plan;
    const edits = files.reduce((sum, file) => sum + file.edits.length, 0);
    const totals = `${count(operations.length, "operation")}, ${count(edits, "edit")} in ${count(files.length, "file")}`;
    return [
        ...renderDiff(diff, paint),
        "",
        `${paint.bold(patch.id)}: ${totals}; ${describeRisk(risk, paint)}`,
        ...(patch.description === undefined ? [] : [paint.dim(patch.description)]),
        ...operations.flatMap((each, at) => describeOperation(each, at, paint)),
        ...(leftAlone.length === 0
            ? []
            : [`${count(leftAlone.length, "place")} of the same name left as they are`]),
        "",
        out === undefined
            ? "nothing is written; --out PLAN keeps the plan, and `ferrograph apply PLAN` makes exactly these edits"
            : `the plan is in ${out}; \`ferrograph apply ${out} --trust\` makes exactly these edits on a branch`,
    ];
}

function describeOperation(
    { description, proof, edits, accepted, risk }: PlanOperationDto,
    at: number,
    paint: Paint,
): string[] {
    const proved =
        proof.tokens === 0 ? "" : `, ${proof.verdict} over ${count(proof.tokens, "token")}`;
    const yes = accepted.length === 0 ? "" : `, agreed to ${accepted.join(" and ")}`;
    return [
        `  ${at + 1}. ${description}  ${paint.dim(`${count(edits, "edit")}${proved}${yes}`)}`,
        ...risk.reasons.map(({ message, weight }) => paint.dim(`       +${weight} ${message}`)),
    ];
}

function describeRisk({ score, level }: RiskDto, paint: Paint): string {
    const text = `risk ${score} of 100 (${level})`;
    return level === "low"
        ? paint.green(text)
        : level === "medium"
          ? paint.yellow(text)
          : paint.red(text);
}

/** What was written. */
export function renderAppliedPlan(
    { files, moves, edits, root, opId }: ApplyPlanResult,
    paint: Paint,
): string[] {
    const moved = moves.length === 0 ? "" : `, ${count(moves.length, "file")} moved`;
    return [
        paint.green(`made ${count(edits, "edit")} in ${count(files.length, "file")}${moved}`),
        ...moves.map(({ from, to }) => `  ${from} → ${to}`),
        paint.dim(`operation ${opId}, graph root ${root.slice(0, 16)}`),
    ];
}
