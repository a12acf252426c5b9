// When a plan may be applied.

import type { AcceptableGrade } from "./context.ts";
import type { Conflict, RenamePlan } from "./model.ts";

/**
 * Whether a plan may be applied: nothing against it but what was accepted. Errors and changes of meaning
 * cannot be accepted.
 */
export function isApplicable(
    plan: RenamePlan,
    accepted: ReadonlySet<AcceptableGrade> = new Set(),
): boolean {
    const isOpen = plan.unproved.length > 0 || plan.proof.verdict === "unproved";
    const isAccepted = ({ grade }: Conflict): boolean =>
        grade !== "error" && grade !== "changes-meaning" && accepted.has(grade);
    return (
        plan.conflicts.every(isAccepted) &&
        plan.proof.verdict !== "refuted" &&
        plan.proof.verdict !== "not-made" &&
        (!isOpen || accepted.has("unproved"))
    );
}
