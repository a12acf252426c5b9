// Which syntax node is around a token, for tokens asked in the order in which they stand.

import type { SyntaxTree } from "../syntax/index.ts";

/** Walks along a tree once. */
export class NodeFinder {
    readonly #tree: SyntaxTree;
    readonly #open: number[] = [];
    #next = 0;

    constructor(tree: SyntaxTree) {
        this.#tree = tree;
    }

    /** The innermost node that contains a span; spans come in ascending order of their starts. */
    around(start: number, end: number): number {
        const { start: starts, end: ends } = this.#tree.columns;
        const open = this.#open;
        while (this.#next < starts.length && (starts[this.#next] ?? 0) <= start) {
            open.push(this.#next);
            this.#next += 1;
        }
        while (open.length > 1 && (ends[open.at(-1) ?? 0] ?? 0) <= start) {
            open.pop();
        }
        for (let at = open.length - 1; at >= 0; at--) {
            const node = open[at] ?? 0;
            if ((ends[node] ?? 0) >= end) {
                return node;
            }
        }
        return 0;
    }
}

/** The outermost node with this very span; undefined where there is none. */
export function nodeWithSpan(tree: SyntaxTree, start: number, end: number): number | undefined {
    const { start: starts, end: ends } = tree.columns;
    let low = 0;
    let high = starts.length;
    while (low < high) {
        const middle = (low + high) >> 1;
        if ((starts[middle] ?? 0) < start) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (let node = low; starts[node] === start; node++) {
        if (ends[node] === end) {
            return node;
        }
    }
    return undefined;
}
