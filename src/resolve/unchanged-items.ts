// Which items of a file are, token by token, what they were in another version of it: an edit leaves most of them so,
// and what their names mean need not be found again. Session and KeptTables say when that holds.

import type { SyntaxTree } from "../syntax/index.ts";
import type { FileItems } from "./file-items.ts";
import {
    firstAt,
    isClosed,
    isHolder,
    isPaired,
    sameItemFinder,
    type ItemPair,
    type KnownItems,
    type SameItem,
} from "./known-items.ts";
import { NamedNodes } from "./named-nodes.ts";
import type { OccurrenceTable } from "./walk/occurrence-table.ts";

/** A version of a file, with what its tokens mean. */
export interface KnownVersion {
    readonly table: OccurrenceTable;
    readonly tree: SyntaxTree;
    readonly items: FileItems;
    /** New number of each item, -1 for what is not the same any more; undefined where all keep theirs. */
    readonly numbers?: Int32Array | undefined;
    /** Names that may mean something else now. */
    readonly names: ReadonlySet<string>;
    /** Whether a row's symbols are all still there. */
    readonly holdsRow: (row: number) => boolean;
}

/** Nothing takes another name. */
const NO_CHANGE = { from: "", to: "" };

/** The items whose rows hold in another version of a file; undefined where there are none. */
export function unchangedItems(
    before: KnownVersion,
    after: { readonly tree: SyntaxTree; readonly items: FileItems },
): KnownItems | undefined {
    const { table, tree } = before;
    const { start, end, next } = tree.columns;
    const named = new NamedNodes(tree, before.names);
    const numbers = new ItemNumbers(before, after);
    const find = sameItemFinder(tree, after.tree, NO_CHANGE);
    const found: SameItem[] = [];
    const take = (pair: ItemPair): boolean => {
        const same = find(pair);
        const last = next[pair.before] ?? tree.count;
        const isKept =
            same !== undefined &&
            numbers.arePaired(pair, last) &&
            named.countIn(pair.before, last) === 0;
        if (isKept) {
            found.push(same);
        }
        return isKept;
    };
    alignIn(tree, after.tree, { before: 0, after: 0 }, take);
    const items = found.filter((one) => {
        const [from, to] = [start[one.before] ?? 0, end[one.before] ?? 0];
        return isClosed(table, from, to) && holdsRows(before, from, to);
    });
    return items.length === 0 ? undefined : { table, tree, items, change: NO_CHANGE };
}

function holdsRows({ table, holdsRow }: KnownVersion, from: number, to: number): boolean {
    const { start } = table;
    for (let row = firstAt(start, from); (start[row] ?? to) < to; row++) {
        if (!holdsRow(row)) {
            return false;
        }
    }
    return true;
}

/** Items of two versions by their nodes. What stands before an item, its attributes, is equal where the numbers are. */
class ItemNumbers {
    /** For each node the number that its item has now, as the version before has it and as it is; -2 for no item. */
    readonly #before: Int32Array;
    readonly #after: Int32Array;

    constructor(
        { tree, items, numbers }: KnownVersion,
        after: { readonly tree: SyntaxTree; readonly items: FileItems },
    ) {
        this.#before = byNode(tree, items, numbers);
        this.#after = byNode(after.tree, after.items);
    }

    /** Whether every item from one node to another is the one that it is paired with. */
    arePaired({ before, after }: ItemPair, last: number): boolean {
        for (let node = before; node < last; node++) {
            if (this.#before[node] !== this.#after[node - before + after]) {
                return false;
            }
        }
        return true;
    }
}

function byNode({ count }: SyntaxTree, { items }: FileItems, numbers?: Int32Array): Int32Array {
    const found = new Int32Array(count).fill(-2);
    items.forEach(({ node }, number) => {
        found[node] = numbers === undefined ? number : (numbers[number] ?? -1);
    });
    return found;
}

/**
 * Pairs children that are the same from the beginning on, and from the end on; of what is left, one by one
 * where it is as many, and what items hold likewise.
 */
function alignIn(
    before: SyntaxTree,
    after: SyntaxTree,
    holder: ItemPair,
    take: (pair: ItemPair) => boolean,
): void {
    const left = before.childrenOf(holder.before);
    const right = after.childrenOf(holder.after);
    const pairOf = (at: number, other: number): ItemPair => ({
        before: left[at] ?? 0,
        after: right[other] ?? 0,
    });
    const isAlike = (pair: ItemPair): boolean =>
        before.columns.kind[pair.before] === after.columns.kind[pair.after];
    const isFinished = (pair: ItemPair): boolean =>
        isAlike(pair) &&
        (!isPaired(before, pair.before) || take(pair) || alignBodies(before, after, pair, take));
    const shorter = Math.min(left.length, right.length);
    let head = 0;
    while (head < shorter && isFinished(pairOf(head, head))) {
        head += 1;
    }
    let tail = 0;
    while (
        tail < shorter - head &&
        isFinished(pairOf(left.length - tail - 1, right.length - tail - 1))
    ) {
        tail += 1;
    }
    const isAsMany = left.length === right.length;
    for (let at = head + 1; isAsMany && at < left.length - tail - 1; at++) {
        isFinished(pairOf(at, at));
    }
}

/** Pairs what two items hold; whether they hold any. */
function alignBodies(
    before: SyntaxTree,
    after: SyntaxTree,
    pair: ItemPair,
    take: (pair: ItemPair) => boolean,
): boolean {
    if (!isHolder(before, pair.before)) {
        return false;
    }
    const a = before.findKind(pair.before, "declaration_list");
    const b = after.findKind(pair.after, "declaration_list");
    if (a === undefined || b === undefined) {
        return false;
    }
    alignIn(before, after, { before: a, after: b }, take);
    return true;
}
