// A symbol that is shown, looked for again after the graph has changed: it may have another name by now, or be gone.

import type { ImpactResult, SymbolDto, SymbolSelector } from "../../../../src/protocol/index.ts";
import { readFailure } from "../request-failure.ts";
import type { TreeNode } from "./tree-node.ts";

/** What has become of the symbol that was asked for. */
export type Standing =
    | { readonly kind: "there" }
    /** Another name stands in its place; its own path is nobody's. */
    | { readonly kind: "renamed"; readonly before: string }
    | { readonly kind: "gone" };

/** Nothing has become of it. */
export const THERE: Standing = { kind: "there" };

/** A ripple, and what has become of its symbol. */
export interface Followed {
    readonly impact: ImpactResult;
    readonly standing: Standing;
}

/** The server's words for a path that names nothing, or names more than one symbol by now. */
const LOST: ReadonlySet<string> = new Set(["SYMBOL_NOT_FOUND", "SYMBOL_AMBIGUOUS"]);
/** What it says of a place where there is no such symbol, or none any more. */
const NOT_AT: ReadonlySet<string> = new Set([
    ...LOST,
    "SYMBOL_BUILTIN",
    "SYMBOL_UNDECIDED",
    "PLACE_OUTSIDE_FILE",
    "FILE_NOT_FOUND",
    "FILE_NOT_IN_WORKSPACE",
    "IMPACT_LOCAL",
]);

/** Asks for the ripple of a symbol by its path, and else by the place where its name was written. */
export async function followSymbol(
    ask: (symbol: SymbolSelector) => Promise<ImpactResult>,
    before: Followed,
): Promise<Followed> {
    const { symbol } = before.impact;
    const known = before.standing.kind === "renamed" ? before.standing.before : symbol.path;
    for (const path of new Set([known, symbol.path])) {
        const impact = await unless(LOST, ask({ kind: "path", path }));
        if (impact !== undefined) {
            return { impact, standing: path === known ? THERE : before.standing };
        }
    }
    const inPlace =
        symbol.at === undefined
            ? undefined
            : await unless(NOT_AT, ask({ kind: "place", place: symbol.at }));
    if (inPlace !== undefined && isSameDefinition(symbol, inPlace.symbol)) {
        return { impact: inPlace, standing: { kind: "renamed", before: known } };
    }
    const nothing = { symbol, reached: [], crates: [], tests: 0, undecided: 0 };
    return { impact: { ...before.impact, ...nothing }, standing: { kind: "gone" } };
}

/** What is shown of a symbol that has just been renamed: its ripple, once its new name is found, else what was known under it. */
export async function followRenamed(
    ask: (symbol: SymbolSelector) => Promise<ImpactResult>,
    before: ImpactResult,
    after: { readonly path: string; readonly name: string },
): Promise<Followed> {
    const { path, name } = after;
    const impact = await unless(LOST, ask({ kind: "path", path }));
    return {
        impact: impact ?? { ...before, symbol: { ...before.symbol, path, name } },
        standing: THERE,
    };
}

/** The row that tells whose place a symbol has taken; none where it has taken nobody's. */
export function standingRows(symbol: SymbolDto, standing: Standing): TreeNode[] {
    if (standing.kind !== "renamed") {
        return [];
    }
    return [
        {
            id: "standing",
            kind: "notice",
            label: `${standing.before} is no longer there`,
            description: `${symbol.name} stands where it was defined`,
            tooltip: `The graph has no ${symbol.kind} ${standing.before} any more.`,
            icon: "warning",
            children: [],
        },
    ];
}

/** What is told of a symbol instead of its ripple; empty where it has one. */
export function standingText({ kind }: Standing): string {
    return kind === "gone" ? "no longer there under that name" : "";
}

function isSameDefinition(before: SymbolDto, now: SymbolDto): boolean {
    const [was, is] = [before.at, now.at];
    return (
        before.kind === now.kind &&
        before.crate === now.crate &&
        was !== undefined &&
        is !== undefined &&
        was.path === is.path &&
        was.line === is.line &&
        was.column === is.column
    );
}

async function unless<T>(codes: ReadonlySet<string>, asked: Promise<T>): Promise<T | undefined> {
    try {
        return await asked;
    } catch (thrown) {
        if (codes.has(readFailure(thrown).code)) {
            return undefined;
        }
        throw thrown;
    }
}
