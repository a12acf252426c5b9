// How far every symbol of the workspace reaches, the widest first. Searched many at once, in batches between
// which others have their turn.

import { setImmediate as nextTurn } from "node:timers/promises";

import { compareText, checkCancelled } from "../base/index.ts";
import { NODE_FLAG, type NodeId } from "../graph/index.ts";
import type { ReachParams, ReachResult } from "../protocol/index.ts";
import type { SymbolIndex } from "../resolve/index.ts";
import { describeSymbol } from "./describe.ts";
import type { RequestContext } from "./engine.ts";
import type { RippleOptions, RippleSource } from "./ripple.ts";
import { twinsOf } from "./select-target.ts";
import type { View } from "./view.ts";

/** Rows of an answer unless told otherwise. */
const LIMIT_DEFAULT = 200;
/** Symbols that are searched from before others have a turn. */
const BATCH_SYMBOLS = 512;

interface Row {
    readonly symbol: SymbolIndex;
    readonly reached: number;
    readonly depth: number;
}

/** Measures how many symbols reach each one of the workspace; cfg twins are one, as in a ripple. */
export async function measureReach(
    view: View,
    params: ReachParams,
    options: RippleOptions,
    context: RequestContext,
): Promise<ReachResult> {
    const source = await view.ripple();
    const { single, twins } = chooseSymbols(view, params);
    const rows: Row[] = [];
    const total = single.length + twins.length;
    for (let start = 0; start < single.length; start += BATCH_SYMBOLS) {
        checkCancelled(context.signal);
        rows.push(
            ...reachOfBatch(view, source, single.slice(start, start + BATCH_SYMBOLS), options),
        );
        context.onProgress?.("search", rows.length, total);
        await nextTurn();
    }
    for (const group of twins) {
        rows.push(reachOfTwins(view, source, group, options));
    }
    const sorted = rows.sort(
        (a, b) =>
            b.reached - a.reached ||
            compareText(displayOf(view, a.symbol), displayOf(view, b.symbol)) ||
            a.symbol - b.symbol,
    );
    const limit = params.limit ?? LIMIT_DEFAULT;
    return {
        widest: sorted.slice(0, limit).map(({ symbol, reached, depth }) => ({
            symbol: describeSymbol(view, symbol),
            reached,
            depth,
        })),
        asked: rows.length,
        unreached: rows.filter((row) => row.reached === 0).length,
        root: source.graphRoot,
    };
}

/** Symbols that are asked by themselves, and groups of cfg twins, which are asked together. */
function chooseSymbols(
    view: View,
    { publicOnly = false }: ReachParams,
): { single: SymbolIndex[]; twins: SymbolIndex[][] } {
    const single: SymbolIndex[] = [];
    const twins: SymbolIndex[][] = [];
    for (let index = 0; index < view.resolution.symbolCount; index++) {
        const { flags, nameSpan, visibility } = view.resolution.symbol(index);
        const isAsked =
            (flags & NODE_FLAG.external) === 0 &&
            nameSpan !== undefined &&
            (!publicOnly || visibility === "public");
        if (!isAsked) {
            continue;
        }
        const group = twinsOf(view, index);
        if (group.length === 1) {
            single.push(index);
        } else if (group.every((other) => other >= index)) {
            twins.push([...group]);
        }
    }
    return { single, twins };
}

function reachOfBatch(
    view: View,
    source: RippleSource,
    batch: readonly SymbolIndex[],
    options: RippleOptions,
): Row[] {
    const symbols = new Map<NodeId, SymbolIndex>();
    for (const index of batch) {
        symbols.set(view.resolution.symbol(index).id, index);
    }
    return source.reaches([...symbols.keys()], options).flatMap(({ id, reached, depth }) => {
        const symbol = symbols.get(id);
        return symbol === undefined ? [] : [{ symbol, reached, depth }];
    });
}

function reachOfTwins(
    view: View,
    source: RippleSource,
    group: readonly SymbolIndex[],
    options: RippleOptions,
): Row {
    const ids = group.map((index) => view.resolution.symbol(index).id);
    const entries = source.reaching(ids, options);
    return {
        symbol: Math.min(...group),
        reached: entries.length,
        depth: entries.reduce((depth, entry) => Math.max(depth, entry.distance), 0),
    };
}

function displayOf(view: View, index: SymbolIndex): string {
    return view.resolution.symbol(index).display;
}
