// Which nodes of a tree spell one of some names: found once, and then asked of every item of the tree.

import type { SyntaxTree } from "../syntax/index.ts";
import { isLong } from "./spelling-index.ts";

const longNames = new WeakMap<readonly string[], readonly number[]>();

/** Spellings that hold several names in one. */
function longOf(names: readonly string[]): readonly number[] {
    let found = longNames.get(names);
    if (found === undefined) {
        found = names.flatMap((name, number) => (isLong(name) ? [number] : []));
        longNames.set(names, found);
    }
    return found;
}

/** Nodes that spell one of some names, or hold it among others, in order. */
export class NamedNodes {
    readonly nodes: Uint32Array;

    /** `counts` leaves out some of the nodes. */
    constructor(
        { columns, count }: SyntaxTree,
        wanted: ReadonlySet<string>,
        counts: (node: number) => boolean = () => true,
    ) {
        const { name, names } = columns;
        const mask = new Uint8Array(names.length);
        for (const one of wanted) {
            const number = names.indexOf(one);
            if (number !== -1) {
                mask[number] = 1;
            }
        }
        for (const number of longOf(names)) {
            const spelling = names[number] ?? "";
            for (const one of wanted) {
                if (spelling.includes(one)) {
                    mask[number] = 1;
                }
            }
        }
        const found: number[] = [];
        if (mask.includes(1)) {
            for (let node = 0; node < count; node++) {
                if (mask[name[node] ?? 0] === 1 && counts(node)) {
                    found.push(node);
                }
            }
        }
        this.nodes = Uint32Array.from(found);
    }

    /** How many of them lie from one node to before another. */
    countIn(from: number, to: number): number {
        return this.indexOf(to) - this.indexOf(from);
    }

    /** Index of the first one that is not before a node. */
    indexOf(node: number): number {
        let low = 0;
        let high = this.nodes.length;
        while (low < high) {
            const middle = (low + high) >> 1;
            if ((this.nodes[middle] ?? 0) < node) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
