// What may be done with a plan: it is answered, with or without a yes, or it is not.

import type { ConflictDto, RenamePlanDto } from "../../src/protocol/index.ts";

/** What may be done with a plan. */
export type Standing =
    | { readonly kind: "answered"; readonly needsYes: boolean; readonly reason: string }
    | { readonly kind: "unproved" | "refused"; readonly reason: string };

/** Tells a plan that may be applied, at once or after a yes, from one that may not. */
export function standingOf(
    plan: Pick<RenamePlanDto, "applicable" | "conflicts" | "unproved" | "proof">,
): Standing {
    const { conflicts, unproved, proof } = plan;
    const fatal = conflicts.find(({ grade }) => grade === "error" || grade === "changes-meaning");
    if (fatal !== undefined || proof.verdict === "refuted") {
        return { kind: "refused", reason: `conflict: ${fatal?.kind ?? "binding-changed"}` };
    }
    const doubt = conflicts.find(({ grade }) => grade === "unproved");
    if (unproved.length > 0 || doubt !== undefined || proof.verdict !== "proved") {
        const reason = unproved[0]?.reason ?? doubt?.kind ?? `proof ${proof.verdict}`;
        return { kind: "unproved", reason: withoutNames(reason) };
    }
    const needsYes = !plan.applicable;
    return { kind: "answered", needsYes, reason: needsYes ? gradesOf(conflicts) : "" };
}

function gradesOf(conflicts: readonly ConflictDto[]): string {
    return [...new Set(conflicts.map(({ grade }) => grade))].sort().join(", ");
}

/** Makes reasons that differ by a name only the same reason. */
export function withoutNames(reason: string): string {
    return reason
        .replace(/`[^`]*`/gu, "…")
        .replace(/\bno (method |field )?\w+ is seen\b/u, "no $1… is seen")
        .replace(/\b(input|body) of \S+!/u, "$1 of …!")
        .replace(/\bimport of \S+/u, "import of …");
}
