// What a person accepts of a rename: the grades of conflicts that need a yes, and the yes itself. A place
// that is not proved cannot be accepted.

import { refuse, type Refusal } from "../base/index.ts";
import { ACCEPTABLE_GRADES } from "../protocol/index.ts";
import type { RenamePlan } from "../refactor/index.ts";

/** A grade of a conflict that a person may accept. */
export type AcceptedGrade = (typeof ACCEPTABLE_GRADES)[number];

/** What a request accepts. */
export interface Accepted {
    readonly kind: "accepted";
    readonly grades: ReadonlySet<AcceptedGrade>;
}

/** Reads what a request accepts; refuses what cannot be accepted. */
export function readAccepted(written: readonly string[] | undefined): Accepted | Refusal {
    const grades = new Set<AcceptedGrade>();
    for (const word of written ?? []) {
        const grade = ACCEPTABLE_GRADES.find((each) => each === word);
        if (grade === undefined) {
            return refuse("RENAME_ACCEPT_KIND", `\`${word}\` cannot be accepted`, {
                candidates: ACCEPTABLE_GRADES,
            });
        }
        grades.add(grade);
    }
    return { kind: "accepted", grades };
}

/** Grades of a plan's conflicts that need a yes. */
export function needsOf(plan: Pick<RenamePlan, "conflicts">): AcceptedGrade[] {
    return ACCEPTABLE_GRADES.filter((grade) =>
        plan.conflicts.some((conflict) => conflict.grade === grade),
    );
}

/** Refuses to apply a plan that is in the way of itself, and says what would have to be accepted. */
export function refuseApplying(plan: RenamePlan): Refusal {
    const { conflicts, unproved } = plan;
    const needs = needsOf(plan);
    const yes = needs.length === 0 ? "" : `, and accept ${needs.join(" and ")} if you mean to`;
    return refuse(
        "RENAME_NOT_APPLICABLE",
        `the rename has ${conflicts.length} conflicts and ${unproved.length} unproved places`,
        { advice: `look at its preview${yes}` },
    );
}
