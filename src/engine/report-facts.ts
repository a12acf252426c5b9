// What rustc said of the workspace, as status tells it.

import type { FactsStatus } from "../protocol/index.ts";
import type { Resolution } from "../resolve/index.ts";
import type { FactsState } from "./rustc-facts.ts";

/** Disagreements that status shows. */
const PLACES_MAX = 5;

/** Reports the facts of a workspace and what they did to a resolution. */
export function reportFacts(state: FactsState, resolution: Resolution | undefined): FactsStatus {
    const { phase, reason, capturedAt, milliseconds, bytes, units, result } = state;
    const frontend = result?.frontend;
    const counts = resolution?.evidenceCounts();
    return {
        phase,
        reason,
        compiler: frontend?.kind === "ready" ? frontend.version : "",
        capturedAt,
        milliseconds: Math.round(milliseconds),
        bytes,
        units: units.length,
        unitsWithFlow: units.filter((unit) => unit.hasFlow).length,
        configurations: (result?.configurations ?? []).map((one) => ({
            name: one.name,
            cargoFolder: one.cargoFolder,
            compiles: one.compiles,
            errorCount: one.errorCount,
            firstError: one.firstError?.message.split("\n")[0] ?? "",
        })),
        stale: staleUnits(state),
        exact: { ...counts?.exact },
        implicit: { edges: { ...counts?.implicit }, ...state.implicit },
        disagreements: {
            count: counts?.disputed ?? 0,
            first: firstDisputed(resolution, "rustc"),
        },
    };
}

/** The first places where a tool says another thing than the rest. */
export function firstDisputed(
    resolution: Resolution | undefined,
    who: "rustc" | "rust-analyzer",
): FactsStatus["disagreements"]["first"] {
    return (resolution?.disputed(PLACES_MAX, who) ?? []).map((one) => ({
        path: one.file,
        start: one.span.start,
        name: one.name,
        reason:
            "reason" in one.binding
                ? one.binding.reason
                : "the resolver and rustc agree on another meaning",
    }));
}

function staleUnits({ units, leftOut, result }: FactsState): FactsStatus["stale"] {
    const byKey = new Map(units.map((unit) => [unit.key, unit]));
    const nameOf = ({ crateName, targetKind }: { crateName: string; targetKind: string }): string =>
        `${crateName} (${targetKind})`;
    const stale = units.flatMap(({ unit, stale }) =>
        stale === undefined ? [] : [{ crate: nameOf(unit), reason: stale }],
    );
    const notReduced = leftOut.map(({ key, reason }) => {
        const unit = byKey.get(key)?.unit;
        return { crate: unit === undefined ? key : nameOf(unit), reason };
    });
    const failed = (result?.configurations ?? []).flatMap((one) =>
        one.failed.map(({ unit, reason }) => ({ crate: nameOf(unit), reason })),
    );
    return [...stale, ...notReduced, ...failed];
}
