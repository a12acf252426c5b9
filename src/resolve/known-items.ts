// Rows of items that mean what they meant in another table: a rename leaves most items of a file as they
// were, and their names need not be resolved again. The other half is renamed-session.ts, which says when.

import { KIND, type SyntaxTree } from "../syntax/index.ts";
import type { LocalInfo } from "./model.ts";
import { holds } from "./spelling-index.ts";
import {
    BIND,
    OCCURRENCE_FLAG,
    type OccurrenceBuilder,
    type OccurrenceTable,
} from "./walk/occurrence-table.ts";

/** One item before and after. */
interface ItemPair {
    readonly before: number;
    readonly after: number;
}

/** Items whose rows are in a table of the text before. */
export interface KnownItems {
    readonly table: OccurrenceTable;
    readonly tree: SyntaxTree;
    readonly items: readonly ItemPair[];
}

const ITEMS: ReadonlySet<number> = new Set([
    KIND.function_item,
    KIND.impl_item,
    KIND.trait_item,
    KIND.mod_item,
    KIND.struct_item,
    KIND.enum_item,
    KIND.union_item,
    KIND.const_item,
    KIND.static_item,
    KIND.type_item,
    KIND.macro_definition,
]);

/** Those whose members are looked at one by one where the whole is not the same. */
const HOLDERS: ReadonlySet<number> = new Set([KIND.impl_item, KIND.trait_item, KIND.mod_item]);

/**
 * Pairs the outermost items that are the same in both trees and whose rows hold; undefined where the two
 * are not built alike.
 */
export function findSameItems(
    before: SyntaxTree,
    after: SyntaxTree,
    isKept: (item: number) => boolean,
): ItemPair[] | undefined {
    const found: ItemPair[] = [];
    const isAlike = before === after ? undefined : sameSubtree(before, after);
    const isSame = (pair: ItemPair): boolean => isAlike?.(pair) !== false && isKept(pair.before);
    return pairIn(before, after, { before: 0, after: 0 }, { found, isSame }) ? found : undefined;
}

/** The outermost items of a tree that hold none of the names. */
export function findItemsWithout(tree: SyntaxTree, names: ReadonlySet<string>): number[] {
    const mask = maskOf(tree, names);
    const { next } = tree.columns;
    return findItems(tree, (node) => countNamed(tree, mask, node, next[node] ?? tree.count) === 0);
}

/** The outermost items of a tree that are wanted. */
export function findItems(tree: SyntaxTree, isWanted: (node: number) => boolean): number[] {
    const found: ItemPair[] = [];
    const isSame = ({ before }: ItemPair): boolean => isWanted(before);
    pairIn(tree, tree, { before: 0, after: 0 }, { found, isSame });
    return found.map(({ before }) => before);
}

interface Pairing {
    readonly found: ItemPair[];
    isSame(pair: ItemPair): boolean;
}

function pairIn(
    before: SyntaxTree,
    after: SyntaxTree,
    holder: ItemPair,
    pairing: Pairing,
): boolean {
    const left = before.childrenOf(holder.before);
    const right = after.childrenOf(holder.after);
    if (left.length !== right.length) {
        return false;
    }
    for (const [i, one] of left.entries()) {
        const pair = { before: one, after: right[i] ?? 0 };
        const kind = before.columns.kind[one] ?? 0;
        if (kind !== after.columns.kind[pair.after]) {
            return false;
        }
        if (!ITEMS.has(kind)) {
            continue;
        }
        if (pairing.isSame(pair)) {
            pairing.found.push(pair);
        } else if (HOLDERS.has(kind)) {
            const [a, b] = [
                before.findKind(one, "declaration_list"),
                after.findKind(pair.after, "declaration_list"),
            ];
            if ((a === undefined) !== (b === undefined)) {
                return false;
            }
            if (
                a !== undefined &&
                b !== undefined &&
                !pairIn(before, after, { before: a, after: b }, pairing)
            ) {
                return false;
            }
        }
    }
    return true;
}

/** Whether no row of an item is bound to a local that is defined outside it, such as an impl's parameter. */
export function isClosed(table: OccurrenceTable, from: number, to: number): boolean {
    const { start, bind, target, locals } = table;
    for (let row = firstAt(start, from); (start[row] ?? to) < to; row++) {
        if (bind[row] === BIND.local) {
            const at = locals[target[row] ?? 0]?.nameSpan.start ?? -1;
            if (at < from || at >= to) {
                return false;
            }
        }
    }
    return true;
}

/** Which spellings of a tree are, or hold, one of the names. */
export function maskOf(tree: SyntaxTree, names: ReadonlySet<string>): Uint8Array {
    return Uint8Array.from(tree.columns.names, (spelling) => {
        for (const name of names) {
            if (holds(spelling, name)) {
                return 1;
            }
        }
        return 0;
    });
}

/** How many nodes from one to another spell, or hold, one of the names of a mask. */
export function countNamed(tree: SyntaxTree, mask: Uint8Array, from: number, to: number): number {
    const { name } = tree.columns;
    let count = 0;
    for (let node = from; node < to; node++) {
        count += mask[name[node] ?? 0] ?? 0;
    }
    return count;
}

function sameSubtree(before: SyntaxTree, after: SyntaxTree): (pair: ItemPair) => boolean {
    const [a, b] = [before.columns, after.columns];
    // Trees of which only names and places differ share what has stayed the same.
    const isShared = a.kind === b.kind && a.role === b.role && a.flags === b.flags;
    const isAlike = (left: number, right: number): boolean =>
        a.kind[left] === b.kind[right] &&
        a.role[left] === b.role[right] &&
        a.flags[left] === b.flags[right];
    return (pair) => {
        const count = (a.next[pair.before] ?? before.count) - pair.before;
        if (count !== (b.next[pair.after] ?? after.count) - pair.after) {
            return false;
        }
        const shift = (b.start[pair.after] ?? 0) - (a.start[pair.before] ?? 0);
        for (let i = 0; i < count; i++) {
            const [left, right] = [pair.before + i, pair.after + i];
            if (
                (!isShared && !isAlike(left, right)) ||
                (a.start[left] ?? 0) + shift !== b.start[right] ||
                (a.end[left] ?? 0) + shift !== b.end[right] ||
                a.names[a.name[left] ?? 0] !== b.names[b.name[right] ?? 0]
            ) {
                return false;
            }
        }
        return true;
    };
}

/** Adds the rows of the known items, at their places in the tree after. */
export function takeRows(
    known: KnownItems,
    tree: SyntaxTree,
    out: OccurrenceBuilder,
    locals: LocalInfo[],
): void {
    const rows = new RowMover(known.table, tree.columns.names, out, locals);
    for (const { before, after } of known.items) {
        const from = known.tree.columns.start[before] ?? 0;
        const to = known.tree.columns.end[before] ?? 0;
        rows.move(from, to, (tree.columns.start[after] ?? 0) - from);
    }
}

/** Moves rows from one table into another that is being built. */
class RowMover {
    readonly #table: OccurrenceTable;
    readonly #out: OccurrenceBuilder;
    readonly #locals: LocalInfo[];
    readonly #treeNames = new Map<string, number>();
    readonly #names = new Map<number, number>();
    readonly #sets = new Map<number, number>();
    readonly #localOf = new Map<number, number>();

    constructor(
        table: OccurrenceTable,
        names: readonly string[],
        out: OccurrenceBuilder,
        locals: LocalInfo[],
    ) {
        this.#table = table;
        this.#out = out;
        this.#locals = locals;
        names.forEach((name, number) => this.#treeNames.set(name, number));
    }

    move(from: number, to: number, shift: number): void {
        const { start, end, role, bind, flags, reason, enclosing, reasons } = this.#table;
        this.#localOf.clear();
        for (let row = firstAt(start, from); (start[row] ?? to) < to; row++) {
            this.#out.push({
                start: (start[row] ?? 0) + shift,
                end: (end[row] ?? 0) + shift,
                name: this.#name(row),
                role: role[row] ?? 0,
                bind: bind[row] ?? 0,
                flags: flags[row] ?? 0,
                target: this.#target(row, shift),
                reason: this.#out.reasonNumber(reasons[reason[row] ?? 0] ?? ""),
                enclosing: enclosing[row] ?? 0,
            });
        }
    }

    #name(row: number): number {
        const old = this.#table.name[row] ?? 0;
        let number = this.#names.get(old);
        if (number === undefined) {
            const name = this.#table.names[old] ?? "";
            number = this.#treeNames.get(name) ?? this.#out.nameNumber(name);
            this.#names.set(old, number);
        }
        return number;
    }

    #target(row: number, shift: number): number {
        const { bind, flags, target, sets } = this.#table;
        const old = target[row] ?? 0;
        if (bind[row] === BIND.local) {
            return this.#local(old, shift);
        }
        if (((flags[row] ?? 0) & OCCURRENCE_FLAG.set) === 0) {
            return old;
        }
        let number = this.#sets.get(old);
        if (number === undefined) {
            number = this.#out.setNumber(sets[old] ?? []);
            this.#sets.set(old, number);
        }
        return number;
    }

    #local(old: number, shift: number): number {
        let number = this.#localOf.get(old);
        const local = this.#table.locals[old];
        if (number === undefined && local !== undefined) {
            const { nameSpan, scope } = local;
            number = this.#locals.length;
            this.#locals.push({
                ...local,
                nameSpan: { start: nameSpan.start + shift, end: nameSpan.end + shift },
                scope: { start: scope.start + shift, end: scope.end + shift },
            });
            this.#localOf.set(old, number);
        }
        return number ?? 0;
    }
}

/** First row at or after a value of an ordered column. */
export function firstAt(column: Uint32Array, value: number): number {
    let low = 0;
    let high = column.length;
    while (low < high) {
        const middle = (low + high) >> 1;
        if ((column[middle] ?? 0) < value) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}
