// Rows of items that mean what they meant in another table: a rename leaves most items of a file as they
// were, and their names need not be resolved again. The other half is renamed-session.ts, which says when.

import { KIND, type SyntaxTree } from "../syntax/index.ts";
import type { LocalInfo } from "./model.ts";
import { NamedNodes } from "./named-nodes.ts";
import {
    BIND,
    OCCURRENCE_FLAG,
    type OccurrenceBuilder,
    type OccurrenceTable,
} from "./walk/occurrence-table.ts";

/** One item before and after. */
export interface ItemPair {
    readonly before: number;
    readonly after: number;
}

/** Tokens of an item that have the new name afterwards: where they begin in the text before. */
export type EditedTokens = readonly number[];

/** An item that is the same but for the tokens that take the new name. */
export interface SameItem extends ItemPair, Edited {}

/** What is edited in an item, or in all of its file. */
interface Edited {
    readonly tokens: EditedTokens;
    /** How far the item moves besides. */
    readonly shift: number;
    /** The tokens are those of the whole file: places outside the item can be told, too. */
    readonly isWhole: boolean;
}

const NOTHING_EDITED: Edited = { tokens: [], shift: 0, isWhole: true };

/** Items whose rows are in a table of the text before. */
export interface KnownItems {
    readonly table: OccurrenceTable;
    readonly tree: SyntaxTree;
    readonly items: readonly SameItem[];
    readonly change: { readonly from: string; readonly to: string };
    /** Which rows of the table are taken; undefined for all. */
    readonly isWanted?: (row: number) => boolean;
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

/** What may stand beside items and be left out of a walk without a trace in it. */
const QUIET: ReadonlySet<number> = new Set([
    KIND.use_declaration,
    KIND.attribute_item,
    KIND.inner_attribute_item,
    KIND.doc_comment,
]);

/** Those whose members are looked at one by one where the whole is not the same. */
const HOLDERS: ReadonlySet<number> = new Set([KIND.impl_item, KIND.trait_item, KIND.mod_item]);

/**
 * Pairs the outermost items that are the same in both trees, but for tokens that take the new name, and whose
 * rows hold; undefined where the two are not built alike.
 */
export function findSameItems(
    before: SyntaxTree,
    after: SyntaxTree,
    change: KnownItems["change"],
    isKept: (item: number, edited: EditedTokens) => boolean,
): SameItem[] | undefined {
    const found: SameItem[] = [];
    const findEdited =
        before === after ? (): Edited => NOTHING_EDITED : comparer(before, after, change);
    const isSame = (pair: ItemPair): boolean => {
        const edited = findEdited(pair);
        if (edited === undefined || !isKept(pair.before, edited.tokens)) {
            return false;
        }
        const { before: old, after: now } = pair;
        const { tokens, shift, isWhole } = edited;
        found.push({ before: old, after: now, tokens, shift, isWhole });
        return true;
    };
    return pairIn(before, after, { before: 0, after: 0 }, isSame) ? found : undefined;
}

/** Whether a node is an item whose rows can be known apart from those around it. */
export function isPaired(tree: SyntaxTree, node: number): boolean {
    return ITEMS.has(tree.columns.kind[node] ?? 0);
}

/** Whether an item holds others that can be looked at one by one. */
export function isHolder(tree: SyntaxTree, node: number): boolean {
    return HOLDERS.has(tree.columns.kind[node] ?? 0);
}

/** Finds items that are the same in both trees, but for tokens that take the new name. */
export function sameItemFinder(
    before: SyntaxTree,
    after: SyntaxTree,
    change: KnownItems["change"],
): (pair: ItemPair) => SameItem | undefined {
    const findEdited = comparer(before, after, change);
    return (pair) => {
        const edited = findEdited(pair);
        return edited && { ...pair, ...edited };
    };
}

/** The outermost items of a tree that hold none of the names; where `counts` is given, in no node that counts. */
export function findItemsWithout(
    tree: SyntaxTree,
    names: ReadonlySet<string>,
    counts?: (node: number) => boolean,
): number[] {
    const named = new NamedNodes(tree, names, counts);
    const { next } = tree.columns;
    return findItems(tree, (node) => named.countIn(node, next[node] ?? tree.count) === 0);
}

/** What stands beside the items that are not taken, and has neither one of some names nor an alias. */
export function findQuiet(
    tree: SyntaxTree,
    taken: ReadonlySet<number>,
    named: NamedNodes,
): number[] {
    const { kind, next } = tree.columns;
    const found: number[] = [];
    const visit = (holder: number): void => {
        for (const node of tree.childrenOf(holder)) {
            const end = next[node] ?? tree.count;
            if (QUIET.has(kind[node] ?? 0)) {
                const hasAlias = kind.subarray(node, end).includes(KIND.use_as_clause);
                if (!hasAlias && named.countIn(node, end) === 0) {
                    found.push(node);
                }
            } else if (isHolder(tree, node) && !taken.has(node)) {
                const body = tree.findKind(node, "declaration_list");
                if (body !== undefined) {
                    visit(body);
                }
            }
        }
    };
    visit(0);
    return found;
}

/** The outermost items of a tree that are wanted. */
export function findItems(tree: SyntaxTree, isWanted: (node: number) => boolean): number[] {
    const found: number[] = [];
    pairIn(tree, tree, { before: 0, after: 0 }, ({ before }) => {
        const isFound = isWanted(before);
        if (isFound) {
            found.push(before);
        }
        return isFound;
    });
    return found;
}

function pairIn(
    before: SyntaxTree,
    after: SyntaxTree,
    holder: ItemPair,
    isSame: (pair: ItemPair) => boolean,
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
        if (!isSame(pair) && HOLDERS.has(kind)) {
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
                !pairIn(before, after, { before: a, after: b }, isSame)
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

/**
 * Gives the tokens of an item that have taken the new name; undefined where the item differs in more than
 * those and the places that they move.
 */
function comparer(
    before: SyntaxTree,
    after: SyntaxTree,
    change: KnownItems["change"],
): (pair: ItemPair) => Edited | undefined {
    const [a, b] = [before.columns, after.columns];
    // Trees of which only names and places differ share what has stayed the same.
    const isShared = a.kind === b.kind && a.role === b.role && a.flags === b.flags;
    const all = isShared ? editedIn(before, after, { before: 0, after: 0 }, change) : undefined;
    if (all !== undefined) {
        const whole = { tokens: all, shift: 0, isWhole: true };
        return () => whole;
    }
    const isAlike = (left: number, right: number): boolean =>
        a.kind[left] === b.kind[right] &&
        a.role[left] === b.role[right] &&
        a.flags[left] === b.flags[right];
    return (pair) => {
        const count = (a.next[pair.before] ?? before.count) - pair.before;
        if (count !== (b.next[pair.after] ?? after.count) - pair.after) {
            return undefined;
        }
        for (let i = 0; i < count; i++) {
            if (!isAlike(pair.before + i, pair.after + i)) {
                return undefined;
            }
        }
        const tokens = editedIn(before, after, pair, change);
        const shift = (b.start[pair.after] ?? 0) - (a.start[pair.before] ?? 0);
        return tokens && { tokens, shift, isWhole: false };
    };
}

/**
 * Tokens below two nodes that are built alike and have taken the new name; undefined where other names, or
 * other places than these edits give, differ.
 */
function editedIn(
    before: SyntaxTree,
    after: SyntaxTree,
    pair: ItemPair,
    { from, to }: KnownItems["change"],
): EditedTokens | undefined {
    const [a, b] = [before.columns, after.columns];
    const end = a.next[pair.before] ?? before.count;
    const offset = pair.after - pair.before;
    const growth = to.length - from.length;
    const edited: number[] = [];
    for (let node = pair.before; node < end; node++) {
        const name = a.names[a.name[node] ?? 0] ?? "";
        const other = b.names[b.name[node + offset] ?? 0] ?? "";
        if (name !== other) {
            const at = a.start[node] ?? 0;
            const isWhole = (a.end[node] ?? 0) - at === from.length;
            if (name !== from || other !== to || !isWhole) {
                return undefined;
            }
            edited.push(at);
        }
    }
    const tokens = [...new Set(edited)].sort((one, other) => one - other);
    const shift = (b.start[pair.after] ?? 0) - (a.start[pair.before] ?? 0);
    for (let node = pair.before; node < end; node++) {
        const [start, last] = [a.start[node] ?? 0, a.end[node] ?? 0];
        if (
            start + shift + growth * countBefore(tokens, start) !== b.start[node + offset] ||
            last + shift + growth * countBefore(tokens, last) !== b.end[node + offset]
        ) {
            return undefined;
        }
    }
    return tokens;
}

/** Whether a place is among the ordered ones. */
export function isAmong(places: EditedTokens, at: number): boolean {
    return places[countBefore(places, at)] === at;
}

/** How many of the ordered places lie before one. */
export function countBefore(places: EditedTokens, at: number): number {
    let low = 0;
    let high = places.length;
    while (low < high) {
        const middle = (low + high) >> 1;
        if ((places[middle] ?? 0) < at) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/** Adds the rows of the known items, at their places in the tree after. */
export function takeRows(
    known: KnownItems,
    tree: SyntaxTree,
    out: OccurrenceBuilder,
    locals: LocalInfo[],
): void {
    const rows = new RowMover(known, tree.columns.names, out, locals);
    for (const item of known.items) {
        const from = known.tree.columns.start[item.before] ?? 0;
        const to = known.tree.columns.end[item.before] ?? 0;
        rows.move(from, to, item);
    }
}

/** Moves rows from one table into another that is being built. */
class RowMover {
    readonly #table: OccurrenceTable;
    readonly #change: KnownItems["change"];
    readonly #isWanted: KnownItems["isWanted"];
    readonly #growth: number;
    readonly #out: OccurrenceBuilder;
    readonly #locals: LocalInfo[];
    readonly #treeNames = new Map<string, number>();
    readonly #names = new Map<number, number>();
    readonly #sets = new Map<number, number>();
    readonly #localOf = new Map<number, number>();
    #shift = 0;
    #edited: EditedTokens = [];

    constructor(
        { table, change, isWanted }: KnownItems,
        names: readonly string[],
        out: OccurrenceBuilder,
        locals: LocalInfo[],
    ) {
        this.#table = table;
        this.#change = change;
        this.#isWanted = isWanted;
        this.#growth = change.to.length - change.from.length;
        this.#out = out;
        this.#locals = locals;
        names.forEach((name, number) => this.#treeNames.set(name, number));
    }

    move(from: number, to: number, { tokens, shift }: Edited): void {
        const { start, end, role, bind, flags, reason, enclosing, reasons } = this.#table;
        const isWanted = this.#isWanted;
        this.#localOf.clear();
        this.#shift = shift;
        this.#edited = tokens;
        const renamed = tokens.length === 0 ? 0 : this.#numberOf(this.#change.to);
        let next = countBefore(tokens, from);
        for (let row = firstAt(start, from); (start[row] ?? to) < to; row++) {
            if (isWanted?.(row) === false) {
                continue;
            }
            const at = start[row] ?? 0;
            while ((tokens[next] ?? at) < at) {
                next += 1;
            }
            const isEdited = tokens[next] === at;
            this.#out.push({
                start: this.#place(at),
                end: this.#place(end[row] ?? 0),
                name: isEdited && this.#isNamedSo(row) ? renamed : this.#name(row),
                role: role[row] ?? 0,
                bind: bind[row] ?? 0,
                flags: flags[row] ?? 0,
                target: this.#target(row),
                reason: this.#out.reasonNumber(reasons[reason[row] ?? 0] ?? ""),
                enclosing: enclosing[row] ?? 0,
            });
        }
    }

    #place(at: number): number {
        const { length } = this.#edited;
        const before = length === 0 ? 0 : countBefore(this.#edited, at);
        return at + this.#shift + this.#growth * before;
    }

    #isNamedSo(row: number): boolean {
        return this.#table.names[this.#table.name[row] ?? 0] === this.#change.from;
    }

    #name(row: number): number {
        const old = this.#table.name[row] ?? 0;
        let number = this.#names.get(old);
        if (number === undefined) {
            number = this.#numberOf(this.#table.names[old] ?? "");
            this.#names.set(old, number);
        }
        return number;
    }

    #numberOf(name: string): number {
        return this.#treeNames.get(name) ?? this.#out.nameNumber(name);
    }

    #target(row: number): number {
        const { bind, flags, target, sets } = this.#table;
        const old = target[row] ?? 0;
        if (bind[row] === BIND.local) {
            return this.#local(old);
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

    #local(old: number): number {
        let number = this.#localOf.get(old);
        const local = this.#table.locals[old];
        if (number === undefined && local !== undefined) {
            const { nameSpan, scope, name } = local;
            const isEdited = name === this.#change.from && isAmong(this.#edited, nameSpan.start);
            number = this.#locals.length;
            this.#locals.push({
                ...local,
                name: isEdited ? this.#change.to : name,
                nameSpan: { start: this.#place(nameSpan.start), end: this.#place(nameSpan.end) },
                scope: { start: this.#place(scope.start), end: this.#place(scope.end) },
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
