// One rename, planned, applied alone to a copy, and judged.

import { LineIndex, type Refusal } from "../../src/base/index.ts";
import type { ConflictDto, PlaceDto, RenamePlanDto } from "../../src/protocol/index.ts";
import type { Verdict } from "./cargo-judge.ts";
import type { Candidate } from "./strata.ts";
import type { WorkspaceCopy } from "./workspace-copy.ts";

/** How a rename ended. */
export type Outcome =
    /** Answered without reserve, and compiles. */
    | "clean"
    /** Answered, a person must say yes to what it names besides, and compiles. */
    | "clean-with-yes"
    /** Answered, and does not compile or warns anew. */
    | "broken"
    | "broken-with-yes"
    /** Not applied: tokens that may be meant are not decided. */
    | "unproved"
    /** Refused, or a conflict that nobody can accept. */
    | "refused"
    /** The question itself failed. */
    | "failed";

/** What is known of one rename. */
export interface TrialResult {
    readonly stratum: string;
    readonly display: string;
    readonly path: string;
    /** From 1. */
    readonly line: number;
    readonly oldName: string;
    readonly newName: string;
    readonly outcome: Outcome;
    /** Code of a refusal, kind of a conflict, reason of the first unproved place; empty when clean. */
    readonly reason: string;
    /** The compiler's first complaint; empty unless broken. */
    readonly complaint: string;
    readonly edits: number;
    readonly files: number;
    readonly unproved: number;
    readonly milliseconds: number;
}

/** Plans a rename of what stands at a place. */
export type Planner = (at: PlaceDto, newName: string) => Promise<RenamePlanDto | Refusal>;

/** What a trial is made with. */
export interface TrialBench {
    readonly plan: Planner;
    readonly copy: WorkspaceCopy;
    readonly judge: () => Promise<Verdict>;
    readonly textOf: (path: string) => string;
    readonly now: () => number;
}

/** Tries one rename. */
export async function tryRename(
    bench: TrialBench,
    candidate: Candidate,
    newName: string,
): Promise<TrialResult> {
    const place = new LineIndex(bench.textOf(candidate.path)).position(candidate.offset);
    const at = { path: candidate.path, line: place.line, column: place.column };
    const start = bench.now();
    const answer = await askPlan(bench, at, newName);
    const base = {
        stratum: candidate.stratum,
        display: candidate.display,
        path: candidate.path,
        line: place.line + 1,
        oldName: candidate.name,
        newName,
        complaint: "",
        edits: 0,
        files: 0,
        unproved: 0,
        milliseconds: Math.round(bench.now() - start),
    };
    if ("failure" in answer) {
        return { ...base, outcome: "failed", reason: answer.failure };
    }
    if (!("edits" in answer)) {
        return { ...base, outcome: "refused", reason: answer.code };
    }
    const counts = {
        edits: answer.edits.length,
        files: answer.files,
        unproved: answer.unproved.length,
    };
    const standing = standingOf(answer);
    if (standing.kind !== "answered") {
        return { ...base, ...counts, outcome: standing.kind, reason: standing.reason };
    }
    const suffix = standing.needsYes ? "-with-yes" : "";
    const takeBack = bench.copy.apply(answer);
    try {
        const verdict = await bench.judge();
        return {
            ...base,
            ...counts,
            outcome: `${verdict.ok ? "clean" : "broken"}${suffix}`,
            reason: standing.reason,
            complaint: verdict.first,
        };
    } finally {
        takeBack();
    }
}

async function askPlan(
    bench: TrialBench,
    at: PlaceDto,
    newName: string,
): Promise<RenamePlanDto | Refusal | { readonly failure: string }> {
    try {
        return await bench.plan(at, newName);
    } catch (thrown) {
        return { failure: thrown instanceof Error ? thrown.message : String(thrown) };
    }
}

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
