// What of a ripple is shown. Edge kinds are followed by the server; the rest is left out of its answer here.

import type {
    ImpactParams,
    ImpactResult,
    ReachedDto,
    SymbolSelector,
} from "../../../../src/protocol/index.ts";

/** Kinds of edges that a ripple may follow. */
export const RIPPLE_KINDS = ["call", "reference", "implements"] as const;

/** One of RIPPLE_KINDS. */
export type RippleKind = (typeof RIPPLE_KINDS)[number];

/** What is to be shown. */
export interface ImpactFilter {
    readonly kinds: readonly RippleKind[];
    /** Largest distance; any when undefined. */
    readonly depth: number | undefined;
    readonly testsOnly: boolean;
    /** Names of crates; all when empty. */
    readonly crates: readonly string[];
}

/** Shows everything. */
export const EVERYTHING: ImpactFilter = {
    kinds: RIPPLE_KINDS,
    depth: undefined,
    testsOnly: false,
    crates: [],
};

/** Keeps of some words those that are kinds; all kinds when none is. */
export function toKinds(words: readonly string[]): readonly RippleKind[] {
    const known = RIPPLE_KINDS.filter((kind) => words.includes(kind));
    return known.length === 0 ? RIPPLE_KINDS : known;
}

/** The request for a ripple as the filter wants it followed. */
export function impactParams(symbol: SymbolSelector, filter: ImpactFilter): ImpactParams {
    return {
        symbol,
        edges: filter.kinds,
        details: true,
        ...(filter.depth === undefined ? {} : { depth: filter.depth }),
    };
}

/** Whether a reached symbol is shown. */
export function isShown(each: ReachedDto, filter: ImpactFilter): boolean {
    return (
        (filter.depth === undefined || each.distance <= filter.depth) &&
        (!filter.testsOnly || each.isTest) &&
        (filter.crates.length === 0 || filter.crates.includes(each.symbol.crate))
    );
}

/**
 * A ripple with what is shown of it, and with the symbols on the ways from there: `shown` holds the indexes of the
 * former in `reached` of the latter.
 */
export function keepWays(
    impact: ImpactResult,
    filter: ImpactFilter,
): { readonly reached: readonly ReachedDto[]; readonly shown: ReadonlySet<number> } {
    const kept = new Set<number>();
    impact.reached.forEach((each, start) => {
        if (isShown(each, filter)) {
            for (let at = start; at !== -1 && !kept.has(at); at = impact.reached[at]?.via ?? -1) {
                kept.add(at);
            }
        }
    });
    const order = [...kept].sort((a, b) => a - b);
    const places = new Map(order.map((old, index) => [old, index]));
    const reached = order.flatMap((old) => {
        const each = impact.reached[old];
        return each === undefined ? [] : [{ ...each, via: places.get(each.via) ?? -1 }];
    });
    const shown = reached.flatMap((each, index) => (isShown(each, filter) ? [index] : []));
    return { reached, shown: new Set(shown) };
}

/** Says what a filter leaves out; empty when nothing. */
export function describeFilter(filter: ImpactFilter): string {
    return [
        ...(filter.kinds.length === RIPPLE_KINDS.length ? [] : [filter.kinds.join(", ")]),
        ...(filter.depth === undefined ? [] : [`up to ${filter.depth} steps`]),
        ...(filter.testsOnly ? ["tests only"] : []),
        ...(filter.crates.length === 0 ? [] : [filter.crates.join(", ")]),
    ].join(" · ");
}
