// Macro calls as they are written: what each means, and where its input and output stand.

import type { Resolution, SymbolInfo } from "../resolve/index.ts";
import { FLAG, KIND, type SyntaxTree } from "../syntax/index.ts";
import { firstAfter } from "./places.ts";

/** A macro call that can be expanded where it stands. */
export interface CallSite {
    readonly path: string;
    /** From the macro's path to the closing delimiter. */
    readonly start: number;
    readonly end: number;
    /** Between the delimiters. */
    readonly inputStart: number;
    readonly inputEnd: number;
    /** The macro, by one symbol of each of its definitions: several under predicates that exclude each other. */
    readonly macros: readonly SymbolInfo[];
    /** What it gives are items or statements; else it stands for one value. */
    readonly place: "list" | "value" | "other";
}

/** Key of a macro's definition, which a file with several owners defines several times. */
export function definitionKey({ file, nameSpan }: SymbolInfo): string {
    return `${file ?? ""}:${nameSpan?.start ?? -1}`;
}

/** One symbol of each definition of a macro; undefined where they are none, or more than one macro's. */
export function asTwins(
    resolution: Resolution,
    symbols: readonly SymbolInfo[],
): readonly SymbolInfo[] | undefined {
    const byKey = new Map(symbols.map((one) => [definitionKey(one), one]));
    const twins = [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
    const [first] = twins;
    const family = twins.length > 1 && first ? resolution.renameFamily(first.index) : [];
    const known = new Set(family.map((one) => definitionKey(resolution.symbol(one))));
    return first !== undefined &&
        (twins.length === 1 || twins.every((one) => known.has(definitionKey(one))))
        ? twins
        : undefined;
}

/** A call in a file's tree. */
interface CallNode {
    readonly path: string;
    readonly node: number;
}

/** The workspace's macros that a call means, none for others; undefined where it is not read as a call. */
export function macrosOfCall(
    resolution: Resolution,
    tree: SyntaxTree,
    { path, node }: CallNode,
): readonly SymbolInfo[] | undefined {
    const macro = tree.findChild(node, "macro");
    const name = macro === undefined ? undefined : (tree.findChild(macro, "name") ?? macro);
    const start = name === undefined ? -1 : (tree.columns.start[name] ?? -1);
    const found = resolution.occurrencesAt(path, start).filter((one) => one.span.start === start);
    if (found.length === 0 || found.some(({ binding }) => binding.kind === "opaque")) {
        return undefined;
    }
    return found.every(({ binding }) => binding.kind === "symbol")
        ? found.flatMap(({ binding }) =>
              binding.kind === "symbol" ? binding.symbols.map((one) => resolution.symbol(one)) : [],
          )
        : [];
}

/** Where a call of some macros stands; undefined where its text is not that of a call. */
export function siteOfCall(
    text: string,
    tree: SyntaxTree,
    { path, node, macros }: CallNode & Pick<CallSite, "macros">,
): CallSite | undefined {
    const { start, end } = tree.columns;
    const [first, last] = [start[node] ?? 0, end[node] ?? 0];
    const name = tree.findChild(node, "macro");
    const bang = name === undefined ? -1 : firstAfter(text, end[name] ?? 0);
    const open = firstAfter(text, bang + 1);
    const isCall = text[bang] === "!" && CLOSING[text[open] ?? ""] === text[last - 1];
    return bang === -1 || !isCall || open >= last
        ? undefined
        : {
              path,
              macros,
              start: first,
              end: last,
              inputStart: open + 1,
              inputEnd: last - 1,
              place: placeOf(tree, node),
          };
}

const CLOSING: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

const LISTS: ReadonlySet<number> = new Set([
    KIND.source_file,
    KIND.block,
    KIND.declaration_list,
    KIND.expression_statement,
]);

/** What a call stands for. */
function placeOf(tree: SyntaxTree, node: number): CallSite["place"] {
    const holder = tree.columns.parent[node] ?? 0;
    const kind = tree.columns.kind[holder] ?? 0;
    if (LISTS.has(kind)) {
        return "list";
    }
    if (kind === KIND.macro_arguments) {
        const call = tree.columns.parent[holder] ?? 0;
        return tree.hasFlag(call, FLAG.maybeItems) ? "list" : "value";
    }
    return /(?:pattern|_type|type_arguments|parameter|field_declaration|_item)$/u.test(
        tree.kindOf(holder),
    )
        ? "other"
        : "value";
}
