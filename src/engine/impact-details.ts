// What an editor's views show of a reached symbol besides its way: the module that it belongs to, and how
// sure the step is that leads on from it. Asked for apart, as it needs the tokens behind the edges.

import { setImmediate as nextTurn } from "node:timers/promises";

import type { ReachedDto } from "../protocol/index.ts";
import type { Occurrence, SymbolIndex } from "../resolve/index.ts";
import type { View } from "./view.ts";

/** Symbols whose tokens are looked up before others have a turn. */
const BATCH_SYMBOLS = 16;

/** One step of a ripple: from a reached symbol to the next one on the way. */
export interface RippleStep {
    readonly from: SymbolIndex;
    /** Whom the edge leads to; undefined for what has left the graph. */
    readonly to: SymbolIndex | undefined;
    /** rustc alone knows of it: no token names it. */
    readonly isImplicit: boolean;
}

/** What is told of a reached symbol. */
export type ImpactDetails = Pick<ReachedDto, "module" | "precision">;

/** Tells of each step, in the order given, where it starts and how sure it is. */
export async function detailSteps(
    view: View,
    steps: readonly RippleStep[],
): Promise<readonly Required<ImpactDetails>[]> {
    const details: Required<ImpactDetails>[] = [];
    const exact = new Map<SymbolIndex, ReadonlySet<SymbolIndex>>();
    for (const { from, to, isImplicit } of steps) {
        if (to !== undefined && !exact.has(to)) {
            exact.set(to, exactUsers(view.resolution.occurrencesOf(to)));
            if (exact.size % BATCH_SYMBOLS === 0) {
                await nextTurn();
            }
        }
        const isExact = isImplicit || (to !== undefined && exact.get(to)?.has(from) === true);
        details.push({
            module: moduleOf(view, from),
            precision: isExact ? "exact" : "syntactic",
        });
    }
    return details;
}

/** Items with a token that rustc has confirmed. */
function exactUsers(occurrences: readonly Occurrence[]): ReadonlySet<SymbolIndex> {
    const users = new Set<SymbolIndex>();
    for (const { enclosing, precision } of occurrences) {
        if (enclosing !== undefined && precision === "exact") {
            users.add(enclosing);
        }
    }
    return users;
}

function moduleOf(view: View, index: SymbolIndex): string {
    let symbol = view.resolution.symbol(index);
    // A module is its own: it is listed where its items are.
    while (symbol.kind !== "module" && symbol.kind !== "crate" && symbol.parent !== undefined) {
        symbol = view.resolution.symbol(symbol.parent);
    }
    return symbol.display;
}
