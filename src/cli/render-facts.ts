// What rustc said, as a person reads it. Pure.

import type { FactsStatus } from "../protocol/index.ts";
import { alignPairs, count, groupDigits, showBytes, showMilliseconds } from "./layout.ts";
import type { Paint } from "./paint.ts";

const CRATES_MAX = 8;

/** Rows of status about rustc's facts. */
export function describeFacts(facts: FactsStatus): (readonly [string, string])[] {
    if (facts.units === 0 && facts.capturedAt === undefined) {
        return [];
    }
    const when = facts.capturedAt === undefined ? "" : new Date(facts.capturedAt).toISOString();
    const took = facts.milliseconds === 0 ? "" : ` in ${showMilliseconds(facts.milliseconds)}`;
    const of = facts.compiler === "" ? "" : `, ${facts.compiler}`;
    const flow = facts.unitsWithFlow === 0 ? "" : ` (${facts.unitsWithFlow} with control flow)`;
    const size = `${count(facts.units, "compilation")}${flow}, ${showBytes(facts.bytes)}`;
    return [
        ["rustc's facts", `${size}, captured ${when}${took}${of}`],
        ...facts.configurations.map((one) => ["compiled", describeConfiguration(one)] as const),
        ["exact", listExact(facts.exact)],
        ...(facts.unitsWithFlow === 0 ? [] : [["implicit", listImplicit(facts)] as const]),
        ["disagreements", groupDigits(facts.disagreements.count)],
    ];
}

/** The same for who asked for a capture. */
export function renderFacts(facts: FactsStatus, paint: Paint): string[] {
    const state = facts.reason === "" ? facts.phase : `${facts.phase}: ${facts.reason}`;
    return [
        ...alignPairs([["rustc", state], ...describeFacts(facts)]).map((line) => `  ${line}`),
        ...renderFactsTrouble(facts, paint),
    ];
}

/** Crates without facts, and the first places where rustc and the resolver disagree. */
export function renderFactsTrouble(facts: FactsStatus, paint: Paint): string[] {
    const { stale, disagreements } = facts;
    const crates = stale.slice(0, CRATES_MAX).map(({ crate, reason }) => `  ${crate}: ${reason}`);
    const more = stale.length > CRATES_MAX ? [`  and ${stale.length - CRATES_MAX} more`] : [];
    const places = listPlaces(disagreements.first);
    return [
        ...(crates.length === 0
            ? []
            : ["", paint.yellow("crates whose facts are not of their present state:")]),
        ...crates,
        ...more,
        ...(places.length === 0 ? [] : ["", paint.yellow("rustc and the resolver disagree:")]),
        ...places,
    ];
}

function describeConfiguration(one: FactsStatus["configurations"][number]): string {
    const where = one.cargoFolder === "" ? one.name : `${one.name} of ${one.cargoFolder}`;
    return one.compiles ? where : `${where}: ${count(one.errorCount, "error")}, ${one.firstError}`;
}

function listImplicit({ implicit }: FactsStatus): string {
    const { edges, outside, notMapped } = implicit;
    return `${listExact(edges)}; ${groupDigits(outside)} leave the workspace, ${groupDigits(notMapped)} not mapped`;
}

/** Places of disagreements. */
export function listPlaces(places: FactsStatus["disagreements"]["first"]): string[] {
    return places.map(
        ({ path, start, name, reason }) => `  ${path}, offset ${start}: \`${name}\`: ${reason}`,
    );
}

/** Counts by name, those of nothing left out. */
export function listExact(counts: Readonly<Record<string, number>>): string {
    const entries = Object.entries(counts).filter(([, number]) => number > 0);
    return entries.length === 0
        ? "none"
        : entries.map(([name, number]) => `${groupDigits(number)} ${name}`).join(", ");
}
