// Says what a change broke, where, and which operations edited there. Pure.

import { refuse, type Refusal } from "../base/index.ts";
import type { BreakingStep } from "./bisect.ts";
import type { Finding } from "./findings.ts";
import type { Edited, EditedPlace } from "./model.ts";
import type { Judged } from "./run-checks.ts";

/** Lines of diagnostics in a refusal. */
const LINES_MAX = 20;

/** An operation that broke something. */
export interface BrokenOperation {
    readonly judged: Pick<Judged, "broken">;
    readonly edited: Pick<Edited, "places">;
    readonly step: BreakingStep | undefined;
    /** Where its worktree is kept. */
    readonly kept: string | undefined;
}

/** The refusal of a change that broke something. */
export function describeBroken({
    judged: { broken },
    edited: { places },
    step,
    kept,
}: BrokenOperation): Refusal {
    const lines = broken.map(({ finding }) => describe(finding, places));
    const shown = lines.slice(0, LINES_MAX);
    const more = lines.length - shown.length;
    const command = broken[0]?.step.command ?? "";
    const what = lines.length === 1 ? "one thing" : `${lines.length} things`;
    return refuse("EXECUTOR_BROKEN", `\`${command}\` finds ${what} wrong that was not before`, {
        candidates: [
            ...shown,
            ...(more > 0 ? [`and ${more} more`] : []),
            ...(step === undefined
                ? []
                : [`broken since step ${step.at} of ${step.of}: ${step.description}`]),
        ],
        advice:
            kept === undefined
                ? "nothing was changed; --keep keeps the worktree to look at"
                : `the edited worktree is in ${kept}`,
    });
}

function describe({ path, line, message }: Finding, places: readonly EditedPlace[]): string {
    const where = path === undefined ? "" : `${path}:${line + 1}: `;
    const here = places.filter((place) => place.path === path);
    const near = here.filter(({ from, to }) => from <= line && line <= to);
    const by = [
        ...new Set((near.length > 0 ? near : here).flatMap(({ operations }) => operations)),
    ];
    const [first] = by;
    const operations =
        first === undefined
            ? ""
            : ` (edited by: ${by.length > 3 ? `${by.length} operations, ${first} first` : by.join("; ")})`;
    return `${where}${message}${operations}`;
}
