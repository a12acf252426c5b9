// Where the nodes of a graph are drawn: a column for each distance, wrapped into several where it is long;
// in a column by crate, and near what the node leads to.

import type { VisibleEdge, VisibleNode } from "./graph-model.ts";

/** A point; x to the right, y downwards. */
export interface Point {
    readonly x: number;
    readonly y: number;
}

/** Width that a node and the gap beside it take. */
export const COLUMN_WIDTH = 250;
/** Height that a node and the gap below it take. */
export const ROW_HEIGHT = 56;
/** Additional gap between two distances, wide enough for the edges. */
const LEVEL_GAP = 70;
/** A column has at least so many rows before it is wrapped. */
const ROWS_MIN = 14;
/** How much wider than high a wrapped column may become. */
const ASPECT = 1.6;

/** Places all nodes. */
export function placeNodes(
    nodes: readonly VisibleNode[],
    edges: readonly VisibleEdge[],
): ReadonlyMap<string, Point> {
    const levels = new Map<number, VisibleNode[]>();
    for (const node of nodes) {
        addTo(levels, node.level, node);
    }
    const targets = new Map<string, string[]>();
    for (const { source, target } of edges) {
        addTo(targets, source, target);
    }
    const places = new Map<string, Point>();
    let x = 0;
    for (const level of [...levels.keys()].sort((a, b) => a - b)) {
        const column = sortColumn(levels.get(level) ?? [], targets, places);
        const rows = rowsOf(column.length);
        column.forEach((node, index) => {
            const inColumn = Math.min(rows, column.length - Math.floor(index / rows) * rows);
            places.set(node.id, {
                x: x + Math.floor(index / rows) * COLUMN_WIDTH,
                y: ((index % rows) - (inColumn - 1) / 2) * ROW_HEIGHT,
            });
        });
        x += Math.ceil(column.length / rows) * COLUMN_WIDTH + LEVEL_GAP;
    }
    return places;
}

/** Number of rows of a column with so many nodes: as high as it is wide on a screen, when it is large. */
function rowsOf(nodes: number): number {
    const balanced = Math.sqrt((nodes * COLUMN_WIDTH) / (ROW_HEIGHT * ASPECT));
    return Math.max(ROWS_MIN, Math.ceil(balanced));
}

/** Nodes of one crate stay together; crates, and nodes in them, are in the order of what they lead to. */
function sortColumn(
    nodes: readonly VisibleNode[],
    targets: ReadonlyMap<string, readonly string[]>,
    places: ReadonlyMap<string, Point>,
): VisibleNode[] {
    const heights = new Map(nodes.map((node) => [node.id, heightOf(node.id, targets, places)]));
    const crates = new Map<string, { sum: number; size: number }>();
    for (const node of nodes) {
        const crate = crates.get(node.crate) ?? { sum: 0, size: 0 };
        crate.sum += heights.get(node.id) ?? 0;
        crate.size += 1;
        crates.set(node.crate, crate);
    }
    const crateHeight = (node: VisibleNode): number => {
        const { sum, size } = crates.get(node.crate) ?? { sum: 0, size: 1 };
        return sum / size;
    };
    return [...nodes].sort(
        (a, b) =>
            crateHeight(a) - crateHeight(b) ||
            compare(a.crate, b.crate) ||
            (heights.get(a.id) ?? 0) - (heights.get(b.id) ?? 0) ||
            compare(a.module, b.module) ||
            compare(a.label, b.label) ||
            compare(a.id, b.id),
    );
}

function heightOf(
    id: string,
    targets: ReadonlyMap<string, readonly string[]>,
    places: ReadonlyMap<string, Point>,
): number {
    const heights = (targets.get(id) ?? []).flatMap((target) => places.get(target)?.y ?? []);
    return heights.length === 0 ? 0 : heights.reduce((sum, y) => sum + y, 0) / heights.length;
}

function addTo<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
    const list = lists.get(key);
    if (list === undefined) {
        lists.set(key, [value]);
    } else {
        list.push(value);
    }
}

function compare(a: string, b: string): number {
    return a < b ? -1 : a > b ? 1 : 0;
}
