// Whose field a name in a macro's body is, where it stands in the braces behind a path that means the same in every
// expansion: `$crate::Type { field: … }`. Says no only where that type is another one.

import type { Occurrence, SymbolInfo } from "../resolve/index.ts";
import { KIND } from "../syntax/index.ts";
import type { MeaningContext } from "./context.ts";
import { firstAfter, lastBefore } from "./places.ts";
import { definitionKey } from "./written-calls.ts";

/** Kinds of what has named fields; an alias may stand for any of them. */
const HOLDERS: ReadonlySet<SymbolInfo["kind"]> = new Set(["struct", "union", "variant"]);

/** Whether a token of a macro's body, read as Rust there, can name a field. */
export function fitsLiteral(
    context: MeaningContext,
    field: SymbolInfo,
    { file, span }: Occurrence,
): boolean {
    const { resolution } = context;
    const text = context.textOf(file);
    const next = firstAfter(text, span.end);
    const isNamed = text[next] === ":" && text[next + 1] !== ":";
    const open = isNamed ? bracesAround(context, file, span.start) : undefined;
    const isFirst = /[{,]/u.test(text[lastBefore(text, span.start)] ?? "");
    if (open === undefined || !isFirst || field.parent === undefined) {
        return true;
    }
    const end = lastBefore(text, open) + 1;
    const bindings = resolution
        .occurrencesAt(file, end)
        .filter((one) => one.span.end === end)
        .map(({ binding }) => binding);
    const holders = bindings.flatMap((one) =>
        one.kind === "symbol" ? one.symbols.map((symbol) => resolution.symbol(symbol)) : [],
    );
    const isKnown =
        bindings.length > 0 &&
        bindings.every(({ kind }) => kind === "symbol") &&
        holders.every(({ kind }) => HOLDERS.has(kind));
    const own = definitionKey(resolution.symbol(field.parent));
    return !isKnown || holders.some((one) => definitionKey(one) === own);
}

/** Where the braces open that a token stands in directly. */
function bracesAround(
    { treeOf, textOf }: MeaningContext,
    file: string,
    start: number,
): number | undefined {
    const tree = treeOf(file);
    const node = tree?.nodeAt(start);
    const group = tree === undefined || node === undefined ? 0 : (tree.columns.parent[node] ?? 0);
    const open = tree?.columns.start[group];
    const isGroup = tree !== undefined && tree.columns.kind[group] === KIND.token_tree;
    return isGroup && open !== undefined && textOf(file)[open] === "{" ? open : undefined;
}
