// The ripple of a symbol as a tree: by crate, then by distance. Pure.

import type { HistoryPointDto, ImpactResult, ReachedDto, SymbolDto } from "../protocol/index.ts";
import { count, widest } from "./layout.ts";
import type { Paint } from "./paint.ts";
import { describePoint } from "./render-history.ts";
import { showPlace, type SourceLines } from "./source-lines.ts";

/** How much of a ripple to show. */
export interface ImpactView {
    readonly testsOnly: boolean;
    /** Most symbols to show; 0 for all. */
    readonly limit: number;
}

interface CrateGroup {
    readonly name: string;
    readonly reached: ReachedDto[];
}

const NAME_WIDTH_MAX = 48;
const REASON_WIDTH_MAX = 40;

/** The ripple of a symbol, by crate and distance, tests marked. */
export function renderImpact(
    impact: ImpactResult,
    view: ImpactView,
    source: SourceLines,
    paint: Paint,
): string[] {
    const chosen = impact.reached.filter((each) => !view.testsOnly || each.isTest);
    const shown = view.limit === 0 ? chosen : chosen.slice(0, view.limit);
    const { past } = impact;
    const lines = [
        ...renderSymbol(impact.symbol, source, paint, past),
        ...(past === undefined ? [] : [`  ${paint.dim(describePoint(past))}`]),
        "",
        renderSummary(impact, paint),
    ];
    for (const group of groupByCrate(shown, impact.symbol.crate)) {
        lines.push("", ...renderCrate(group, impact, { source, paint }));
    }
    if (shown.length < chosen.length) {
        const rest = count(chosen.length - shown.length, "more symbol");
        lines.push("", paint.dim(`… and ${rest}, farther away; --limit 0 shows all`));
    }
    if (impact.undecided > 0) {
        const tokens = count(impact.undecided, "token");
        lines.push(
            "",
            paint.yellow(`${tokens} could mean it and are not decided: users may be missing here`),
        );
    }
    lines.push("", paint.dim(`graph root ${impact.root}`));
    return lines;
}

/** Kind, path and place of a symbol. */
export function renderSymbol(
    symbol: SymbolDto,
    source: SourceLines,
    paint: Paint,
    past?: HistoryPointDto,
): string[] {
    const nowhere = past === undefined ? "outside the workspace" : "its text of then is not kept";
    const place = symbol.at === undefined ? nowhere : showPlace(symbol.at, source);
    return [`${symbol.kind} ${paint.bold(symbol.path)}`, `  ${paint.dim(place)}`];
}

/** How far a ripple goes, in one line. */
export function renderSummary(impact: ImpactResult, paint: Paint): string {
    const farthest = impact.reached[impact.reached.length - 1]?.distance ?? 0;
    if (impact.reached.length === 0) {
        return impact.undecided > 0
            ? "nothing is known to reach it"
            : "nothing in the workspace reaches it";
    }
    const crates = new Set(impact.reached.map((each) => each.symbol.crate)).size;
    const tests = impact.tests === 0 ? "no tests" : count(impact.tests, "test");
    return [
        paint.bold(`reached from ${count(impact.reached.length, "symbol")}`),
        ` in ${count(crates, "crate")}, among them ${tests}; farthest ${count(farthest, "step")}`,
    ].join("");
}

/** The symbol's own crate first, then by how near they are, then by name. */
function groupByCrate(reached: readonly ReachedDto[], own: string): CrateGroup[] {
    const groups = new Map<string, CrateGroup>();
    for (const each of reached) {
        const name = each.symbol.crate;
        const group = groups.get(name) ?? { name, reached: [] };
        groups.set(name, group);
        group.reached.push(each);
    }
    const rank = (group: CrateGroup): number =>
        group.name === own ? 0 : (group.reached[0]?.distance ?? 0);
    return [...groups.values()].sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}

function renderCrate(
    group: CrateGroup,
    impact: ImpactResult,
    show: { readonly source: SourceLines; readonly paint: Paint },
): string[] {
    const { paint } = show;
    const tests = group.reached.filter((each) => each.isTest).length;
    const suffix = tests === 0 ? "" : `, ${count(tests, "test")}`;
    const name = group.name === "" ? "(outside the workspace)" : group.name;
    const lines = [
        `${paint.bold(name)}  ${paint.dim(count(group.reached.length, "symbol") + suffix)}`,
    ];
    const steps = [...new Set(group.reached.map((each) => each.distance))].sort((a, b) => a - b);
    const names = group.reached.map((each) => shortPath(each.symbol));
    const reasons = group.reached.map((each) => describeWay(each, impact));
    const widths = {
        kind: widest(group.reached.map(kindOf), 12),
        name: widest(names, NAME_WIDTH_MAX),
        reason: widest(reasons, REASON_WIDTH_MAX),
    };
    steps.forEach((distance, index) => {
        const isLast = index === steps.length - 1;
        lines.push(`${isLast ? "└─" : "├─"} ${paint.cyan(count(distance, "step"))}`);
        const rows = group.reached.filter((each) => each.distance === distance);
        rows.forEach((row, rowIndex) => {
            const branch = rowIndex === rows.length - 1 ? "└─" : "├─";
            const kind = kindOf(row).padEnd(widths.kind);
            const cells = [
                row.isTest ? paint.yellow(kind) : paint.dim(kind),
                shortPath(row.symbol).padEnd(widths.name),
                paint.dim(describeWay(row, impact).padEnd(widths.reason)),
                row.symbol.at === undefined ? "" : showPlace(row.symbol.at, show.source),
            ];
            lines.push(`${isLast ? "  " : "│ "} ${branch} ${cells.join("  ")}`.trimEnd());
        });
    });
    return lines;
}

function kindOf(reached: ReachedDto): string {
    return reached.isTest ? "test" : reached.symbol.kind;
}

/** A path without its crate, which the group names already; `<a::T as b::U>::f` as `<T as U>::f`. */
function shortPath(symbol: SymbolDto): string {
    const { path } = symbol;
    if (path.startsWith("<")) {
        const end = path.lastIndexOf(">::");
        const head = path.slice(0, end).replace(/(?:\w+::)+(?=\w)/g, "");
        return end < 0 ? path : head + path.slice(end);
    }
    const prefix = `${path.split("::")[0] ?? ""}::`;
    return path.startsWith(prefix) ? path.slice(prefix.length) : path;
}

const VERBS: Readonly<Record<string, string>> = {
    call: "calls",
    // Through a trait: the call is certain, which impl it meets is not.
    dispatch: "may call",
    reference: "mentions",
    implements: "implements",
    contains: "contains",
    "control-flow": "flows into",
};

/** The edge towards the symbol: `calls period`. */
function describeWay(reached: ReachedDto, impact: ImpactResult): string {
    const next = impact.reached[reached.via];
    const name = next === undefined ? "it" : next.symbol.name;
    const how = reached.implicit === undefined ? "" : ` (implicit: ${reached.implicit})`;
    if (reached.edge === "dispatch") {
        const called = reached.through?.split("::").slice(-2).join("::") ?? "its trait's item";
        return `calls ${called}${how}, so maybe ${name}`;
    }
    return `${VERBS[reached.edge] ?? reached.edge} ${name}${how}`;
}
