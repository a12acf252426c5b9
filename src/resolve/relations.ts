// Relations among symbols that do not come from tokens: Contains, Implements, rename families.

import type { SymbolEdge } from "./model.ts";
import type { Semantics } from "./semantics.ts";
import { itemOf, type Sym } from "./symbols.ts";
import type { Identities } from "./identities.ts";

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
export function relate(semantics: Semantics, identities: Identities): Relations {
    const { symbols } = semantics.program;
    const nodeOf = Int32Array.from(symbols, (symbol) => graphNode(semantics, symbol));
    const graphParent = Int32Array.from(symbols, (symbol) =>
        symbol.parent === -1 ? -1 : (nodeOf[symbol.parent] ?? -1),
    );
    const { pairs, foreignTrait } = implementations(semantics);
    const familyOf = uniteFamilies(symbols.length, identities, pairs, semantics);
    const families = new Map<number, number[]>();
    familyOf.forEach((family, index) => {
        if (symbols[index]?.external === "") {
            const list = families.get(family);
            if (list === undefined) {
                families.set(family, [index]);
            } else {
                list.push(index);
            }
        }
    });
    return { nodeOf, graphParent, implementing: pairs, families, familyOf, foreignTrait };
}

/** Contains and Implements edges. */
export function* structuralEdges(relations: Relations): Iterable<SymbolEdge> {
    const { nodeOf, graphParent, implementing } = relations;
    for (const { source, target } of implementing) {
        yield { source, target, kind: "implements" };
    }
    for (let index = 0; index < graphParent.length; index++) {
        const parent = graphParent[index] ?? -1;
        if (parent !== -1 && nodeOf[index] === index) {
            yield { source: parent, target: index, kind: "contains" };
        }
    }
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
function uniteFamilies(
    count: number,
    identities: Identities,
    pairs: readonly Pair[],
    semantics: Semantics,
): Uint32Array {
    const { symbols } = semantics.program;
    const parent = Uint32Array.from({ length: Math.max(count, symbols.length) }, (_, i) => i);
    const find = (index: number): number => {
        let root = index;
        while (parent[root] !== root) {
            root = parent[root] ?? root;
        }
        for (let at = index; at !== root;) {
            const next = parent[at] ?? root;
            parent[at] = root;
            at = next;
        }
        return root;
    };
    const unite = (a: number, b: number): void => {
        const [low, high] = [find(a), find(b)].sort((x, y) => x - y);
        if (low !== undefined && high !== undefined) {
            parent[high] = low;
        }
    };
    for (const { source, target } of pairs) {
        const isItem =
            itemOf(symbols[source] as Sym) !== undefined && symbols[source]?.kind !== "impl";
        if (isItem && symbols[target]?.external === "") {
            unite(source, target);
        }
    }
    for (let i = 0; i < identities.twinOf.length; i++) {
        unite(i, identities.twinOf[i] ?? i);
        unite(i, identities.tokenOf[i] ?? i);
    }
    return Uint32Array.from(parent, (_, i) => find(i));
}
