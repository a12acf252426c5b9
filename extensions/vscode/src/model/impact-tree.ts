// The ripple of a symbol as rows: the symbol itself, then crate, module, symbol.

import type { ImpactResult, ReachedDto } from "../../../../src/protocol/index.ts";
import { standingRows, standingText, THERE, type Standing } from "./follow-symbol.ts";
import { isShown, type ImpactFilter } from "./impact-filter.ts";
import { iconOf, type TreeNode } from "./tree-node.ts";
import { count } from "./words.ts";

/** Crates up to this many shown symbols are open from the start. */
const OPEN_MAX = 40;

/** Numbers of a ripple in words: `reaches 41 symbols, 3 crates, 12 tests`. */
export function summaryOf(
    impact: Pick<ImpactResult, "crates" | "tests">,
    symbols = impact.crates.reduce((sum, crate) => sum + crate.symbols, 0),
): string {
    return symbols === 0
        ? "reaches nothing"
        : `reaches ${count(symbols, "symbol")}, ${count(impact.crates.length, "crate")}, ` +
              count(impact.tests, "test");
}

/** Rows of a ripple, of a symbol that is there, or has been. */
export function impactRows(
    impact: ImpactResult,
    filter: ImpactFilter,
    standing: Standing = THERE,
): TreeNode[] {
    const shown = impact.reached.filter((each) => isShown(each, filter));
    const { symbol, undecided } = impact;
    const left = impact.reached.length - shown.length;
    const asked: TreeNode = {
        id: "asked",
        kind: "asked",
        label: symbol.name,
        description:
            (standingText(standing) || summaryOf(impact)) +
            (left === 0 ? "" : ` · ${shown.length} shown`),
        tooltip: `${symbol.kind} ${symbol.path}`,
        icon: iconOf(symbol.kind),
        path: symbol.path,
        children: [],
        ...(symbol.at === undefined ? {} : { at: symbol.at }),
    };
    const notice: TreeNode[] =
        undecided === 0
            ? []
            : [
                  {
                      id: "undecided",
                      kind: "notice",
                      label: `${count(undecided, "token")} not decided`,
                      description: "what they belong to may be missing",
                      tooltip:
                          "These tokens could name the symbol. Build the workspace in a trusted window: rustc decides many of them.",
                      icon: "warning",
                      children: [],
                  },
              ];
    const lost = standingRows(symbol, standing);
    return [asked, ...lost, ...notice, ...crateRows(impact, shown)];
}

function crateRows(impact: ImpactResult, shown: readonly ReachedDto[]): TreeNode[] {
    const byCrate = groupBy(shown, (each) => each.symbol.crate);
    // As the server orders them: by number of symbols.
    return impact.crates.flatMap(({ name }) => {
        const own = byCrate.get(name) ?? [];
        return own.length === 0 ? [] : [crateRow(impact, name, own, shown.length)];
    });
}

function crateRow(
    impact: ImpactResult,
    name: string,
    own: readonly ReachedDto[],
    total: number,
): TreeNode {
    const modules = [...groupBy(own, moduleOf)].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
        id: `crate:${name}`,
        kind: "crate",
        label: name === "" ? "outside of crates" : name,
        description: numbers(own),
        tooltip: `${name}: ${numbers(own)}`,
        icon: "package",
        isOpen: total <= OPEN_MAX,
        children: modules.map(([module, symbols]) => ({
            id: `crate:${name}/module:${module}`,
            kind: "module",
            label: module,
            description: numbers(symbols),
            tooltip: `${module}: ${numbers(symbols)}`,
            icon: "symbol-module",
            isOpen: total <= OPEN_MAX,
            children: symbols.map((each) => symbolRow(impact, each, module)),
        })),
    };
}

function symbolRow(impact: ImpactResult, each: ReachedDto, module: string): TreeNode {
    const { symbol, isTest } = each;
    return {
        id: `symbol:${symbol.id}`,
        kind: "symbol",
        label: shortPath(symbol.path, module),
        description: describeReached(each),
        tooltip: [`${symbol.kind} ${symbol.path}`, ...wayOf(impact, each)].join("\n"),
        icon: iconOf(symbol.kind, isTest),
        path: symbol.path,
        children: [],
        ...(symbol.at === undefined ? {} : { at: symbol.at }),
    };
}

/** What is told of a reached symbol beside its name: `call · 2 steps · exact · test`. */
export function describeReached(each: ReachedDto): string {
    return [
        each.implicit === undefined ? each.edge : `${each.edge} by ${each.implicit}`,
        count(each.distance, "step"),
        ...(each.precision === undefined ? [] : [each.precision]),
        ...(each.isTest ? ["test"] : []),
    ].join(" · ");
}

/** The way from a reached symbol to the asked one, a line for each step. */
export function wayOf(impact: ImpactResult, from: ReachedDto): string[] {
    const lines: string[] = [];
    let each: ReachedDto | undefined = from;
    while (each !== undefined && lines.length < impact.reached.length) {
        const next: ReachedDto | undefined = impact.reached[each.via];
        const through = each.through === undefined ? "" : ` (through ${each.through})`;
        lines.push(`→ ${each.edge}${through} → ${(next ?? impact).symbol.path}`);
        each = next;
    }
    return lines;
}

/** The module that a reached symbol is listed under. */
export function moduleOf(each: ReachedDto): string {
    return each.module ?? each.symbol.crate;
}

/** A path as it is written inside of a module. */
export function shortPath(path: string, module: string): string {
    const prefix = `${module}::`;
    return path.startsWith(prefix) ? path.slice(prefix.length) : path.replaceAll(prefix, "");
}

function numbers(symbols: readonly ReachedDto[]): string {
    const tests = symbols.filter((each) => each.isTest).length;
    return count(symbols.length, "symbol") + (tests === 0 ? "" : `, ${count(tests, "test")}`);
}

function groupBy<T>(all: readonly T[], keyOf: (each: T) => string): Map<string, T[]> {
    const groups = new Map<string, T[]>();
    for (const each of all) {
        const key = keyOf(each);
        const group = groups.get(key);
        if (group === undefined) {
            groups.set(key, [each]);
        } else {
            group.push(each);
        }
    }
    return groups;
}
