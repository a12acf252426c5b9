// The ripple of a symbol as an answer: every symbol that reaches it, with distance and way.

import { compareText, refuse, type Refusal } from "../base/index.ts";
import { EDGE_KINDS, NODE_FLAG, type EdgeKind, type NodeId } from "../graph/index.ts";
import type { ImpactParams, ImpactResult, ReachedDto, SymbolDto } from "../protocol/index.ts";
import type { RenameTarget } from "../refactor/index.ts";
import type { RippleEntry } from "../oracle/index.ts";
import type { SymbolIndex } from "../resolve/index.ts";
import { describeSymbol } from "./describe.ts";
import { undecidedOf } from "./find-references.ts";
import { detailSteps } from "./impact-details.ts";
import type { RippleOptions } from "./ripple.ts";
import { twinsOf } from "./select-target.ts";
import type { View } from "./view.ts";

/** Edges that a ripple follows unless told otherwise. */
export const RIPPLE_EDGES: readonly EdgeKind[] = ["call", "reference", "implements"];

/** Checks what a request asks to follow. */
export function parseRippleOptions(
    params: Pick<ImpactParams, "edges" | "depth">,
): ({ readonly kind: "options" } & RippleOptions) | Refusal {
    const edges: EdgeKind[] = [];
    for (const written of params.edges ?? RIPPLE_EDGES) {
        const kind = EDGE_KINDS.find((each) => each === written);
        if (kind === undefined) {
            return refuse("IMPACT_EDGE_KIND", `\`${written}\` is no kind of edge`, {
                candidates: EDGE_KINDS,
            });
        }
        edges.push(kind);
    }
    const { depth } = params;
    if (depth !== undefined && (!Number.isInteger(depth) || depth < 1)) {
        return refuse("IMPACT_DEPTH", `depth ${depth} is not a whole number above 0`);
    }
    return { kind: "options", edges, depth };
}

/** Measures the ripple of a symbol; a local has none and is refused. */
export async function measureImpact(
    view: View,
    target: RenameTarget,
    options: RippleOptions & { readonly details?: boolean },
): Promise<ImpactResult | Refusal> {
    if (target.kind === "local") {
        return refuse(
            "IMPACT_LOCAL",
            `\`${target.local.name}\` is a ${target.local.kind}: it reaches no further than its scope`,
            { advice: "ask for its references instead" },
        );
    }
    return rippleOf(view, target.symbol, twinsOf(view, target.symbol), options);
}

/** Measures the ripple of several symbols together, shown as that of the first. */
export async function rippleOf(
    view: View,
    shown: SymbolIndex,
    symbols: readonly SymbolIndex[],
    options: RippleOptions & { readonly details?: boolean },
): Promise<ImpactResult> {
    const source = await view.ripple();
    const targets = symbols.map((symbol) => view.resolution.symbol(symbol).id);
    const rows = source.reaching(targets, options).flatMap((hit) => describeHit(view, hit));
    rows.sort(
        (a, b) =>
            a.hit.distance - b.hit.distance ||
            compareText(a.symbol.crate, b.symbol.crate) ||
            compareText(a.symbol.path, b.symbol.path) ||
            compareText(a.symbol.id, b.symbol.id),
    );
    const position = new Map<NodeId, number>(rows.map((row, index) => [row.hit.id, index]));
    const details = options.details === true ? await detailRows(view, rows) : [];
    const reached = rows.map((row, index): ReachedDto => ({
        symbol: row.symbol,
        distance: row.hit.distance,
        via: position.get(row.hit.via) ?? -1,
        edge: row.hit.edge,
        ...describeThrough(view, row.hit.through),
        ...describeImplicit(view, row.hit),
        isTest: row.isTest,
        ...details[index],
    }));
    return {
        symbol: describeSymbol(view, shown),
        reached,
        crates: countCrates(reached),
        tests: reached.filter((each) => each.isTest).length,
        root: source.graphRoot,
        undecided: undecidedOf(view, { kind: "symbol", symbol: shown }).length,
    };
}

interface Row {
    readonly hit: RippleEntry;
    readonly index: SymbolIndex;
    readonly symbol: SymbolDto;
    readonly isTest: boolean;
}

function describeThrough(view: View, id: NodeId | undefined): { readonly through?: string } {
    const index = id === undefined ? undefined : view.resolution.findById(id);
    return index === undefined ? {} : { through: view.resolution.symbol(index).display };
}

/** Why the call that leads on is one that no token names. */
function describeImplicit(view: View, hit: RippleEntry): { readonly implicit?: string } {
    const { resolution } = view;
    const from = resolution.findById(hit.id);
    const to = resolution.findById(hit.through ?? hit.via);
    const isCall = hit.edge === "call" || hit.edge === "dispatch";
    const cause =
        isCall && from !== undefined && to !== undefined
            ? resolution.implicitCause(from, to)
            : undefined;
    return cause === undefined ? {} : { implicit: cause };
}

function describeHit(view: View, hit: RippleEntry): Row[] {
    const index = view.resolution.findById(hit.id);
    if (index === undefined) {
        return [];
    }
    const { flags } = view.resolution.symbol(index);
    const isTest = (flags & NODE_FLAG.test) !== 0;
    return [{ hit, index, symbol: describeSymbol(view, index), isTest }];
}

function detailRows(
    view: View,
    rows: readonly Row[],
): Promise<readonly Pick<ReachedDto, "module" | "precision">[]> {
    const steps = rows.map(({ hit, index }) => ({
        from: index,
        to: view.resolution.findById(hit.through ?? hit.via),
        isImplicit: describeImplicit(view, hit).implicit !== undefined,
    }));
    return detailSteps(view, steps);
}

/** Leaves of an answer the numbers alone. */
export function summarize(impact: ImpactResult): ImpactResult {
    return { ...impact, reached: [] };
}

/** Numbers of reached symbols by crate, most first. */
export function countCrates(reached: readonly ReachedDto[]): { name: string; symbols: number }[] {
    const counts = new Map<string, number>();
    for (const each of reached) {
        counts.set(each.symbol.crate, (counts.get(each.symbol.crate) ?? 0) + 1);
    }
    return [...counts]
        .map(([name, symbols]) => ({ name, symbols }))
        .sort((a, b) => b.symbols - a.symbols || compareText(a.name, b.name));
}
