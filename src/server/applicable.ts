// Which plans an editor may get.

import { refuse, type Refusal } from "../base/index.ts";
import { needsOf, type View } from "../engine/index.ts";
import type { RenamePlan } from "../refactor/index.ts";

const PLACES_MAX = 3;

/**
 * Refuses what an editor must not apply. It applies what it gets without another question, unless it can
 * ask for a yes: then it also gets a plan whose conflicts a person may accept.
 */
export function refuseUnlessApplicable(
    view: View,
    plan: RenamePlan,
    canAsk: boolean,
): Refusal | undefined {
    const what = `\`${plan.oldName}\` to \`${plan.newName}\``;
    const needs: readonly string[] = needsOf(plan);
    const hard = plan.conflicts.filter(({ grade }) => !needs.includes(grade));
    const inTheWay = canAsk ? hard : [...hard, ...plan.conflicts];
    const [conflict] = inTheWay;
    if (conflict !== undefined) {
        const more = new Set(inTheWay).size - 1;
        const others = more === 0 ? "" : `, and ${more} more`;
        const accept = needs.map((grade) => `--accept ${grade}`).join(" ");
        return refuse("RENAME_CONFLICT", `renaming ${what}: ${conflict.message}${others}`, {
            at: conflict.at.slice(0, PLACES_MAX),
            advice:
                hard.length > 0
                    ? conflict.advice
                    : `if you mean to: \`ferrograph rename --apply ${accept}\``,
        });
    }
    const count = plan.unproved.length;
    if (count > 0) {
        const [first] = plan.unproved;
        const places = plan.unproved.slice(0, PLACES_MAX).map((each) => ({
            path: each.path,
            ...view.lines(each.path).position(each.span.start),
        }));
        const where = places.map((at) => `${at.path}:${at.line + 1}:${at.column + 1}`).join(", ");
        const reason = first === undefined ? "" : ` (${first.reason})`;
        return refuse(
            "RENAME_UNPROVED",
            `renaming ${what} is unproved at ${count} ${count === 1 ? "place" : "places"}: ` +
                `${where}${reason}`,
            { at: places, advice: "see all of them with `ferrograph rename --preview`" },
        );
    }
    if (plan.proof.verdict === "refuted") {
        return refuse("RENAME_REFUTED", `renaming ${what} would change what other names mean`, {
            advice: "choose another name",
        });
    }
    return undefined;
}
