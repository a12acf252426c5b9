// Relations among symbols that do not come from tokens: Contains, Implements, rename families.

import { appendTo } from "../base/index.ts";
import type { Semantics } from "./semantics.ts";
import { itemOf, type Sym } from "./symbols.ts";
import { twinKey } from "./type-twins.ts";

/** A pair of symbols. */
export interface Pair {
    readonly source: number;
    readonly target: number;
}

/** Relations of a program. */
export interface Relations {
    /** Graph node that stands for a symbol: itself, or for an inherent impl its type or module. */
    readonly nodeOf: Int32Array;
    /** Graph parent of each node, -1 for crates and externals without one. */
    readonly graphParent: Int32Array;
    readonly implementing: readonly Pair[];
    /** Members of each rename family, by the family's smallest index. */
    readonly families: ReadonlyMap<number, readonly number[]>;
    readonly familyOf: Uint32Array;
    /** External trait of an impl item, by the item's symbol. */
    readonly foreignTrait: ReadonlyMap<number, string>;
}

/** Computes the relations. */
export function relate(semantics: Semantics): Relations {
    const { symbols } = semantics.program;
    const nodeOf = Int32Array.from(symbols, (symbol) => graphNode(semantics, symbol));
    const graphParent = Int32Array.from(symbols, (symbol) =>
        symbol.parent === -1 ? -1 : (nodeOf[symbol.parent] ?? -1),
    );
    const { pairs, foreignTrait } = implementations(semantics);
    // Families are asked for by renames and the cache, not by graphs and tables: made when first asked for.
    let made: Families | undefined;
    const rest = (): Families => (made ??= familiesOf(semantics, pairs));
    return {
        nodeOf,
        graphParent,
        implementing: pairs,
        foreignTrait,
        get families() {
            return rest().families;
        },
        get familyOf() {
            return rest().familyOf;
        },
    };
}

type Families = Pick<Relations, "families" | "familyOf">;

function familiesOf(semantics: Semantics, pairs: readonly Pair[]): Families {
    const { symbols } = semantics.program;
    const familyOf = uniteFamilies(semantics, pairs);
    const families = new Map<number, number[]>();
    familyOf.forEach((family, index) => {
        if (symbols[index]?.external === "") {
            appendTo(families, family, index);
        }
    });
    return { families, familyOf };
}

function graphNode(semantics: Semantics, symbol: Sym): number {
    if (symbol.kind !== "impl") {
        return symbol.index;
    }
    const impl = semantics.impls.of(symbol.index);
    if (impl?.isTraitImpl === true) {
        return symbol.index;
    }
    if (impl?.self.k === "adt") {
        return impl.self.symbol;
    }
    return symbol.parent;
}

function implementations(semantics: Semantics): {
    pairs: Pair[];
    foreignTrait: Map<number, string>;
} {
    const pairs: Pair[] = [];
    const foreignTrait = new Map<number, string>();
    const { program } = semantics;
    for (const impl of semantics.impls.records) {
        if (!impl.isTraitImpl) {
            continue;
        }
        const trait = impl.trait === undefined ? undefined : program.symbolAt(impl.trait.symbol);
        if (trait !== undefined) {
            pairs.push({ source: impl.symbol, target: trait.index });
        }
        for (const [name, items] of impl.members) {
            for (const item of items) {
                if (trait === undefined) {
                    foreignTrait.set(item, "a trait that is not resolved");
                } else if (trait.external !== "") {
                    foreignTrait.set(item, trait.external);
                    pairs.push({
                        source: item,
                        target: program.external(`${trait.external}::${name}`),
                    });
                } else {
                    for (const target of program.members.get(trait.index)?.get(name) ?? []) {
                        pairs.push({ source: item, target });
                    }
                }
            }
        }
    }
    return { pairs, foreignTrait };
}

/** Union-find over Implements between items, cfg twins, and owners of one definition token. */
function uniteFamilies(semantics: Semantics, pairs: readonly Pair[]): Uint32Array {
    const { symbols } = semantics.program;
    const groups = new DisjointSets(symbols.length);
    for (const { source, target } of pairs) {
        if (symbols[source]?.kind !== "impl" && symbols[target]?.external === "") {
            groups.unite(source, target);
        }
    }
    const { byName } = semantics.program;
    const around = new Map<number, string>();
    const twins = new Map<string, number>();
    const tokens = new Map<string, Map<number, number>>();
    for (const symbol of symbols) {
        const item = itemOf(symbol);
        if (item === undefined || item.nameNode === -1 || symbol.inst === undefined) {
            continue;
        }
        const { index, name, inst } = symbol;
        // Twins have one name.
        if (symbol.kind === "impl" || (byName.get(name) ?? []).length !== 1) {
            groups.unite(index, firstOf(twins, twinKey(semantics, index, around), index));
        }
        const ofFile = tokens.get(inst.path) ?? new Map<number, number>();
        tokens.set(inst.path, ofFile);
        groups.unite(index, firstOf(ofFile, item.nameNode, index));
    }
    return groups.roots();
}

function firstOf<K>(groups: Map<K, number>, key: K, index: number): number {
    const first = groups.get(key);
    if (first === undefined) {
        groups.set(key, index);
        return index;
    }
    return first;
}

/** Disjoint sets of indices; the root of a set is its smallest member. */
class DisjointSets {
    readonly #parent: Uint32Array;

    constructor(count: number) {
        this.#parent = Uint32Array.from({ length: count }, (_, i) => i);
    }

    unite(a: number, b: number): void {
        const [rootA, rootB] = [this.#find(a), this.#find(b)];
        this.#parent[Math.max(rootA, rootB)] = Math.min(rootA, rootB);
    }

    roots(): Uint32Array {
        return this.#parent.map((_, i) => this.#find(i));
    }

    #find(index: number): number {
        const parent = this.#parent;
        let at = index;
        while (parent[at] !== at) {
            // Halve the path on the way up.
            parent[at] = parent[parent[at] ?? at] ?? at;
            at = parent[at] ?? at;
        }
        return at;
    }
}
