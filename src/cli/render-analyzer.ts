// What rust-analyzer said, as a person reads it. Pure.

import type { AnalyzerStatus } from "../protocol/index.ts";
import { alignPairs, count, groupDigits, showBytes, showMilliseconds } from "./layout.ts";
import type { Paint } from "./paint.ts";
import { listExact, listPlaces } from "./render-facts.ts";

/** Rows of status about rust-analyzer's facts. */
export function describeAnalyzer(facts: AnalyzerStatus): (readonly [string, string])[] {
    if (facts.capturedAt === undefined) {
        return facts.advice === "" ? [] : [["rust-analyzer", facts.advice]];
    }
    const when = new Date(facts.capturedAt).toISOString();
    const took = facts.milliseconds === 0 ? "" : ` in ${showMilliseconds(facts.milliseconds)}`;
    const of = facts.version === "" ? "" : `, ${facts.version}`;
    const taken = `${groupDigits(facts.taken)} of ${count(facts.occurrences, "occurrence")}`;
    const size = `${taken} in ${count(facts.documents, "file")}, ${showBytes(facts.bytes)}`;
    const { count: disputed, outvoted } = facts.disagreements;
    const more = outvoted === 0 ? "" : `, and ${groupDigits(outvoted)} against rustc and resolver`;
    return [
        ["rust-analyzer", `${size}, captured ${when}${took}${of}`],
        ...(facts.advice === "" ? [] : [["advice", facts.advice] as const]),
        ["left out", listExact(facts.leftOut)],
        ["exact by it", listExact(facts.exact)],
        ["disagreements", `${groupDigits(disputed)}${more}`],
    ];
}

/** The same for who asked for a capture. */
export function renderAnalyzer(facts: AnalyzerStatus, paint: Paint): string[] {
    const state = facts.reason === "" ? facts.phase : `${facts.phase}: ${facts.reason}`;
    const rows = alignPairs([["state", state], ...describeAnalyzer(facts)]);
    return [...rows.map((line) => `  ${line}`), ...renderAnalyzerTrouble(facts, paint)];
}

/** The first places where rust-analyzer says another thing. */
export function renderAnalyzerTrouble(facts: AnalyzerStatus, paint: Paint): string[] {
    const places = listPlaces(facts.disagreements.first);
    return places.length === 0
        ? []
        : ["", paint.yellow("rust-analyzer says another thing than the rest:"), ...places];
}
