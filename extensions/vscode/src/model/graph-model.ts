// A ripple as a graph that stays readable: what is as far away and of the same crate, and of the same
// module, is one node until somebody opens it.
//
//   level 0        level 1              level 2
//   asked    ←──   [crate a · 12]  ←──  [crate a · 40]      closed clusters
//            ←──   b::m::f         ←──  [b::m · 3]          an opened crate, an opened module

import type { ImpactResult, PlaceDto } from "../../../../src/protocol/index.ts";
import { standingText, THERE, type Standing } from "./follow-symbol.ts";
import { keepWays, type ImpactFilter } from "./impact-filter.ts";
import { moduleOf, shortPath, summaryOf } from "./impact-tree.ts";
import { count } from "./words.ts";

/** Ripples up to this size are shown with all clusters open. */
const OPEN_MAX = 40;

/** A symbol in the graph. */
export interface GraphSymbol {
    readonly id: string;
    readonly label: string;
    readonly path: string;
    readonly kind: string;
    readonly crate: string;
    readonly module: string;
    readonly distance: number;
    /** Kind of the edge that leads on. */
    readonly edge: string;
    /** Index of the symbol that it leads to; -1 for the asked one. */
    readonly via: number;
    readonly precision: string;
    readonly isTest: boolean;
    /** Stands on a way from what was asked for, and was not asked for itself. */
    readonly isOnWay: boolean;
    readonly at?: PlaceDto;
}

/** A whole ripple. */
export interface GraphData {
    readonly asked: { readonly label: string; readonly path: string; readonly at?: PlaceDto };
    readonly summary: string;
    readonly symbols: readonly GraphSymbol[];
}

/** A node that is drawn: the asked symbol, a cluster, or a symbol. */
export interface VisibleNode {
    readonly id: string;
    readonly kind: "asked" | "crate" | "module" | "symbol";
    readonly label: string;
    /** Second line. */
    readonly detail: string;
    readonly level: number;
    readonly crate: string;
    readonly module: string;
    /** Symbols in it. */
    readonly size: number;
    readonly tests: number;
    /** Index in GraphData.symbols, of a symbol. */
    readonly symbol?: number;
}

/** An edge that is drawn, in the direction of its symbols' edges. */
export interface VisibleEdge {
    readonly id: string;
    readonly source: string;
    readonly target: string;
    readonly edge: string;
    /** Symbols' edges in it. */
    readonly size: number;
}

/** A row of the tree that lists the same as the graph. */
export interface OutlineRow {
    readonly id: string;
    readonly kind: "level" | "crate" | "module" | "symbol";
    readonly label: string;
    readonly detail: string;
    /** 1 for the outermost. */
    readonly depth: number;
    readonly isOpen: boolean | undefined;
    readonly symbol?: number;
    readonly position: number;
    readonly siblings: number;
}

/** Makes the graph of what a filter leaves of a ripple. */
export function toGraphData(
    impact: ImpactResult,
    filter: ImpactFilter,
    standing: Standing = THERE,
): GraphData {
    const { reached, shown } = keepWays(impact, filter);
    const { symbol } = impact;
    return {
        asked: {
            label: symbol.name,
            path: symbol.path,
            ...(symbol.at === undefined ? {} : { at: symbol.at }),
        },
        summary: standingText(standing) || summaryOf(impact),
        symbols: reached.map((each, index) => ({
            id: each.symbol.id,
            label: shortPath(each.symbol.path, moduleOf(each)),
            path: each.symbol.path,
            kind: each.symbol.kind,
            crate: each.symbol.crate,
            module: moduleOf(each),
            distance: each.distance,
            edge: each.edge,
            via: each.via,
            precision: each.precision ?? "syntactic",
            isTest: each.isTest,
            isOnWay: !shown.has(index),
            ...(each.symbol.at === undefined ? {} : { at: each.symbol.at }),
        })),
    };
}

/** Id of the cluster of a crate at a distance. */
export function crateKey(symbol: GraphSymbol): string {
    return `${symbol.distance}/${symbol.crate}`;
}

/** Id of the cluster of a module at a distance. */
export function moduleKey(symbol: GraphSymbol): string {
    return `${symbol.distance}/${symbol.crate}/${symbol.module}`;
}

/** All clusters that can be opened. */
export function allClusters(data: GraphData): ReadonlySet<string> {
    return new Set(data.symbols.flatMap((each) => [crateKey(each), moduleKey(each)]));
}

/** What is open at first: everything of a small ripple, nothing of a large one. */
export function openAtFirst(data: GraphData): ReadonlySet<string> {
    return data.symbols.length <= OPEN_MAX ? allClusters(data) : new Set();
}

interface Grouping {
    /** Symbols by cluster. */
    readonly crates: ReadonlyMap<string, readonly number[]>;
    readonly modules: ReadonlyMap<string, readonly number[]>;
    /** Number of modules in each crate's cluster. */
    readonly modulesOf: ReadonlyMap<string, number>;
}

function group(data: GraphData): Grouping {
    const crates = new Map<string, number[]>();
    const modules = new Map<string, number[]>();
    const modulesOf = new Map<string, number>();
    data.symbols.forEach((each, index) => {
        const crate = crateKey(each);
        const module = moduleKey(each);
        if (!modules.has(module)) {
            modules.set(module, []);
            modulesOf.set(crate, (modulesOf.get(crate) ?? 0) + 1);
        }
        modules.get(module)?.push(index);
        if (!crates.has(crate)) {
            crates.set(crate, []);
        }
        crates.get(crate)?.push(index);
    });
    return { crates, modules, modulesOf };
}

/** Makes a function that tells which drawn node stands for a symbol. */
function representatives(
    data: GraphData,
    grouping: Grouping,
    open: ReadonlySet<string>,
): (index: number) => string {
    return (index) => {
        const symbol = data.symbols[index];
        if (symbol === undefined) {
            return "asked";
        }
        const crate = crateKey(symbol);
        if (!open.has(crate) && grouping.crates.get(crate)?.length !== 1) {
            return crate;
        }
        const module = moduleKey(symbol);
        const isOnlyModule = grouping.modulesOf.get(crate) === 1;
        const isOpen = open.has(module) || isOnlyModule;
        return isOpen || grouping.modules.get(module)?.length === 1 ? `symbol:${index}` : module;
    };
}

/** What is drawn when the given clusters are open. */
export function visibleGraph(
    data: GraphData,
    open: ReadonlySet<string>,
): { readonly nodes: readonly VisibleNode[]; readonly edges: readonly VisibleEdge[] } {
    const grouping = group(data);
    const represent = representatives(data, grouping, open);
    const members = new Map<string, number[]>();
    data.symbols.forEach((_, index) => {
        const id = represent(index);
        const known = members.get(id);
        if (known === undefined) {
            members.set(id, [index]);
        } else {
            known.push(index);
        }
    });
    const nodes: VisibleNode[] = [askedNode(data)];
    for (const [id, indexes] of members) {
        nodes.push(describeNode(data, id, indexes));
    }
    return { nodes, edges: joinEdges(data, represent) };
}

function askedNode(data: GraphData): VisibleNode {
    return {
        id: "asked",
        kind: "asked",
        label: data.asked.label,
        detail: count(data.symbols.length, "symbol"),
        level: 0,
        crate: "",
        module: "",
        size: 1,
        tests: 0,
    };
}

function describeNode(data: GraphData, id: string, indexes: readonly number[]): VisibleNode {
    const symbols = indexes.flatMap((index) => data.symbols[index] ?? []);
    const [first] = symbols;
    const tests = symbols.filter((each) => each.isTest).length;
    const kind = id.startsWith("symbol:")
        ? "symbol"
        : id.split("/").length === 2
          ? "crate"
          : "module";
    const base = {
        id,
        kind,
        level: first?.distance ?? 0,
        crate: first?.crate ?? "",
        module: first?.module ?? "",
        size: symbols.length,
        tests,
    } as const;
    if (kind === "symbol") {
        return {
            ...base,
            label: first?.label ?? "",
            detail: first?.module ?? "",
            symbol: indexes[0] ?? -1,
        };
    }
    const testsShown = tests === 0 ? "" : `, ${count(tests, "test")}`;
    return {
        ...base,
        label: kind === "crate" ? base.crate : base.module,
        detail: `${count(symbols.length, "symbol")}${testsShown}`,
    };
}

function joinEdges(data: GraphData, represent: (index: number) => string): VisibleEdge[] {
    const sizes = new Map<string, { source: string; target: string; edge: string; size: number }>();
    data.symbols.forEach((each, index) => {
        const source = represent(index);
        const target = represent(each.via);
        if (source === target) {
            return;
        }
        const id = `${source}>${target}>${each.edge}`;
        const known = sizes.get(id);
        if (known === undefined) {
            sizes.set(id, { source, target, edge: each.edge, size: 1 });
        } else {
            known.size += 1;
        }
    });
    return [...sizes].map(([id, edge]) => ({ id, ...edge }));
}

/** Indexes of symbols whose path has all the given words, in any case. */
export function searchSymbols(data: GraphData, text: string): readonly number[] {
    const words = text
        .toLowerCase()
        .split(/\s+/u)
        .filter((word) => word !== "");
    if (words.length === 0) {
        return [];
    }
    return data.symbols.flatMap((each, index) => {
        const path = each.path.toLowerCase();
        return words.every((word) => path.includes(word)) ? [index] : [];
    });
}

/** The clusters that must be open for a symbol to be seen. */
export function clustersOf(symbol: GraphSymbol): readonly string[] {
    return [crateKey(symbol), moduleKey(symbol)];
}

/** The rows of the tree beside the graph: level, crate, module, symbol. */
export function outline(
    data: GraphData,
    open: ReadonlySet<string>,
    openLevels: ReadonlySet<number>,
): OutlineRow[] {
    const grouping = group(data);
    const distances = [...new Set(data.symbols.map((each) => each.distance))].sort((a, b) => a - b);
    const rows: OutlineRow[] = [];
    distances.forEach((distance, position) => {
        const own = data.symbols.filter((each) => each.distance === distance);
        const isOpen = openLevels.has(distance);
        rows.push({
            id: `level:${distance}`,
            kind: "level",
            label: count(distance, "step"),
            detail: count(own.length, "symbol"),
            depth: 1,
            isOpen,
            position: position + 1,
            siblings: distances.length,
        });
        if (isOpen) {
            rows.push(...crateRows(data, grouping, open, distance));
        }
    });
    return rows;
}

function crateRows(
    data: GraphData,
    grouping: Grouping,
    open: ReadonlySet<string>,
    distance: number,
): OutlineRow[] {
    const keys = [...grouping.crates.keys()].filter((key) => key.startsWith(`${distance}/`)).sort();
    return keys.flatMap((key, position) => {
        const row = clusterRow(data, { key, indexes: grouping.crates.get(key) ?? [], open }, 2);
        const placed = { ...row, position: position + 1, siblings: keys.length };
        return row.isOpen === true ? [placed, ...moduleRows(data, grouping, open, key)] : [placed];
    });
}

function moduleRows(
    data: GraphData,
    grouping: Grouping,
    open: ReadonlySet<string>,
    crate: string,
): OutlineRow[] {
    const keys = [...grouping.modules.keys()].filter((key) => key.startsWith(`${crate}/`)).sort();
    return keys.flatMap((key, position) => {
        const indexes = grouping.modules.get(key) ?? [];
        const row = clusterRow(data, { key, indexes, open }, 3);
        const placed = { ...row, position: position + 1, siblings: keys.length };
        const symbols = indexes.map((index, at) => symbolRow(data, index, at + 1, indexes.length));
        return row.isOpen === true ? [placed, ...symbols] : [placed];
    });
}

function clusterRow(
    data: GraphData,
    cluster: { key: string; indexes: readonly number[]; open: ReadonlySet<string> },
    depth: 2 | 3,
): OutlineRow {
    const { label, detail } = describeNode(data, cluster.key, cluster.indexes);
    return {
        id: cluster.key,
        kind: depth === 2 ? "crate" : "module",
        label,
        detail,
        depth,
        isOpen: cluster.open.has(cluster.key),
        position: 1,
        siblings: 1,
    };
}

function symbolRow(data: GraphData, index: number, position: number, siblings: number): OutlineRow {
    const symbol = data.symbols[index];
    return {
        id: `symbol:${index}`,
        kind: "symbol",
        label: symbol?.label ?? "",
        detail: symbol === undefined ? "" : describeSymbol(symbol),
        depth: 4,
        isOpen: undefined,
        symbol: index,
        position,
        siblings,
    };
}

/** What is told of a symbol beside its name. */
export function describeSymbol(symbol: GraphSymbol): string {
    return [
        symbol.edge,
        symbol.precision,
        ...(symbol.isTest ? ["test"] : []),
        ...(symbol.isOnWay ? ["on the way"] : []),
    ].join(" · ");
}
