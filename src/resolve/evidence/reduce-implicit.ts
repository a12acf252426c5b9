// Calls that no token names, reduced to edges between symbols: each kept with the file and the segment of
// its caller's body, so that it holds as long as that does.

import { appendTo } from "../../base/index.ts";
import { IMPLICIT_CAUSES, type ImplicitUse, type RustcFacts } from "../../capture/index.ts";
import type { ResolutionSource } from "../resolution-source.ts";
import type { BodyOwners } from "./body-owners.ts";
import type { ImplicitTargets } from "./implicit-targets.ts";
import type { EvidenceTarget, ImplicitCounts, ImplicitEvidence } from "./model.ts";

/** One call, before it is packed. */
export interface ImplicitRow {
    readonly segment: number;
    readonly cause: number;
    readonly owner: EvidenceTarget;
    readonly callee: EvidenceTarget;
}

/** The calls of one unit. */
export interface ReducedImplicit {
    readonly byFile: ReadonlyMap<string, readonly ImplicitRow[]>;
    readonly counts: ImplicitCounts;
}

/** What calls are reduced with. */
export interface ImplicitInput {
    readonly source: ResolutionSource;
    readonly owners: BodyOwners;
    readonly targets: ImplicitTargets;
}

/** Reduces the calls of a unit that compiles the given crate. */
export function reduceImplicit(
    facts: RustcFacts,
    crate: number,
    input: ImplicitInput,
): ReducedImplicit {
    const byFile = new Map<string, ImplicitRow[]>();
    const seen = new Set<string>();
    let mapped = 0;
    let outside = 0;
    let notMapped = 0;
    for (const use of facts.implicit) {
        const callee = input.targets.calleeOf(use, crate);
        if (callee.kind === "outside" && callee.path === "") {
            outside += 1;
            continue;
        }
        const owner = callee.kind === "unknown" ? undefined : ownerOf(use, facts, crate, input);
        const place = owner === undefined ? undefined : input.owners.segmentOf(owner);
        if (callee.kind === "unknown" || owner === undefined || place === undefined) {
            notMapped += 1;
            continue;
        }
        mapped += callee.kind === "symbols" ? 1 : 0;
        outside += callee.kind === "outside" ? 1 : 0;
        const row: ImplicitRow = {
            segment: place.segment,
            cause: IMPLICIT_CAUSES.indexOf(use.cause),
            owner: symbolsTarget(input.source, [owner]),
            callee:
                callee.kind === "symbols"
                    ? symbolsTarget(input.source, callee.symbols)
                    : { kind: "outside", path: callee.path },
        };
        const key = JSON.stringify(row);
        if (!seen.has(key)) {
            seen.add(key);
            appendTo(byFile, place.file, row);
        }
    }
    return { byFile, counts: { mapped, outside, notMapped } };
}

/** Packs rows; targets are numbered by the file's table. */
export function packImplicit(
    rows: readonly ImplicitRow[],
    numberOf: (target: EvidenceTarget) => number,
): ImplicitEvidence {
    return {
        segment: Uint32Array.from(rows, (row) => row.segment),
        cause: Uint8Array.from(rows, (row) => row.cause),
        owner: Uint32Array.from(rows, (row) => numberOf(row.owner)),
        callee: Uint32Array.from(rows, (row) => numberOf(row.callee)),
    };
}

function ownerOf(
    use: ImplicitUse,
    facts: RustcFacts,
    crate: number,
    { owners }: ImplicitInput,
): number | undefined {
    const { files } = facts;
    const { owner, file, start } = use;
    return owners.find(owner)?.symbol ?? owners.findDeriving(owner, { files, file, start }, crate);
}

function symbolsTarget(source: ResolutionSource, symbols: readonly number[]): EvidenceTarget {
    const ids = symbols.map((one) => source.idOf(one).toString(16).padStart(16, "0"));
    return { kind: "symbols", ids };
}
