// What differs between two versions of a file that declare other functions, consts or statics, and nothing else
// anew: the names that are met elsewhere only by who spells them, and which item is which.

import { createHash } from "node:crypto";

import type { SymbolKind } from "../graph/index.ts";
import { KIND, type SyntaxTree } from "../syntax/index.ts";
import type { FileItems, ItemRecord } from "./file-items.ts";
import { declaresItems, interfaceHashWithout } from "./interface-hash.ts";

/** Items that came, went, or have another signature, and what became of the others. */
export interface ChangedItems {
    /** Names of functions and methods; of consts and statics. */
    readonly functions: ReadonlySet<string>;
    readonly values: ReadonlySet<string>;
    /** New number of each item; -1 for those that changed. */
    readonly numbers: Int32Array;
}

/** One version of a file. */
export interface FileVersion {
    readonly tree: SyntaxTree;
    readonly items: FileItems;
}

/** Items that change in one step before it is not worth it. */
const CHANGED_MAX = 32;

const KINDS: ReadonlySet<number> = new Set([KIND.function_item, KIND.const_item, KIND.static_item]);

const FUNCTIONS: ReadonlySet<SymbolKind> = new Set(["function", "method"]);

/** Attributes that make nothing of an item but what it is. */
const PLAIN_ATTRIBUTES: ReadonlySet<string> = new Set([
    "allow",
    "bench",
    "cfg",
    "cold",
    "deny",
    "deprecated",
    "expect",
    "ignore",
    "inline",
    "must_use",
    "should_panic",
    "test",
    "track_caller",
    "warn",
]);

/**
 * Compares two versions of a file; undefined where something else changed than functions, consts and statics
 * that stand in modules or in impls without a trait, and declare nothing in their bodies.
 */
export function compareVersions(before: FileVersion, after: FileVersion): ChangedItems | undefined {
    const [old, young] = [before, after].map(looseItems) as [Loose, Loose];
    if (old.rest !== young.rest) {
        return undefined;
    }
    const head = sharedHead(old.list, young.list);
    const tail = sharedHead(old.list.slice(head).reverse(), young.list.slice(head).reverse());
    const changed = [old.list, young.list].map((list) => list.slice(head, list.length - tail));
    const all = changed.flat();
    if (all.length > CHANGED_MAX) {
        return undefined;
    }
    const named = (isFunction: boolean): Set<string> =>
        new Set(
            all.flatMap(({ item }) => (FUNCTIONS.has(item.kind) === isFunction ? [item.name] : [])),
        );
    return {
        functions: named(true),
        values: named(false),
        numbers: pairNumbers(before.items, after.items, {
            gone: new Set(changed[0]?.map(({ number }) => number)),
            came: new Set(changed[1]?.map(({ number }) => number)),
        }),
    };
}

interface LooseItem {
    readonly number: number;
    readonly item: ItemRecord;
    /** What others see of it, and where it stands. */
    readonly key: string;
}

interface Loose {
    readonly list: readonly LooseItem[];
    /** Hash of the file's interface without them. */
    readonly rest: string;
}

/** By the items that they are of: a version is compared with the one before it, and with the one after. */
const known = new WeakMap<FileItems, Loose>();

/** Items that nobody meets but by their names. */
function looseItems(version: FileVersion): Loose {
    let loose = known.get(version.items);
    if (loose === undefined) {
        loose = findLoose(version);
        known.set(version.items, loose);
    }
    return loose;
}

function findLoose({ tree, items }: FileVersion): Loose {
    const list: LooseItem[] = [];
    const nodes = new Set<number>();
    let firm = 0;
    const places = new Map<number, number>([[-1, 0]]);
    for (const [number, item] of items.items.entries()) {
        if (!isLoose(tree, items, item)) {
            firm += 1;
            places.set(number, firm);
            continue;
        }
        const own = [item.node, ...attributesBefore(tree, item.node)];
        own.forEach((node) => nodes.add(node));
        list.push({ number, item, key: `${places.get(item.parent) ?? -1} ${keyOf(tree, own)}` });
    }
    return { list, rest: interfaceHashWithout(tree, nodes) };
}

function isLoose(tree: SyntaxTree, { items }: FileItems, item: ItemRecord): boolean {
    const { kind, next } = tree.columns;
    const parent = items[item.parent];
    const isMember = parent?.kind === "impl" && tree.findChild(parent.node, "trait") === undefined;
    return (
        KINDS.has(kind[item.node] ?? 0) &&
        (parent === undefined || parent.kind === "module" || isMember) &&
        item.block === -1 &&
        item.through === undefined &&
        item.name !== "_" &&
        [...item.attributes.names].every((name) => PLAIN_ATTRIBUTES.has(name)) &&
        !declaresItems(tree, item.node + 1, next[item.node] ?? tree.count)
    );
}

/** Attributes of an item: they stand before it, beside doc comments. */
function attributesBefore(tree: SyntaxTree, node: number): number[] {
    const { kind, parent } = tree.columns;
    const owner = parent[node] ?? 0;
    const found: number[] = [];
    for (let at = node - 1; at > owner; at--) {
        if (parent[at] !== owner) {
            continue;
        }
        if (kind[at] === KIND.attribute_item) {
            found.push(at);
        } else if (kind[at] !== KIND.doc_comment) {
            break;
        }
    }
    return found;
}

function keyOf(tree: SyntaxTree, nodes: readonly number[]): string {
    const hash = createHash("sha256");
    for (const node of nodes) {
        hash.update(interfaceHashWithout(tree, new Set(), node));
    }
    return hash.digest("hex");
}

function sharedHead(before: readonly LooseItem[], after: readonly LooseItem[]): number {
    let count = 0;
    while (count < before.length && before[count]?.key === after[count]?.key) {
        count += 1;
    }
    return count;
}

/** Pairs what is neither gone nor new, in order. */
function pairNumbers(
    before: FileItems,
    after: FileItems,
    { gone, came }: { readonly gone: ReadonlySet<number>; readonly came: ReadonlySet<number> },
): Int32Array {
    let next = 0;
    return Int32Array.from(before.items, (_, number) => {
        if (gone.has(number)) {
            return -1;
        }
        while (came.has(next)) {
            next += 1;
        }
        next += 1;
        return next - 1 < after.items.length ? next - 1 : -1;
    });
}
