// The kinds of names that renames are tried on, and the symbols of a workspace by kind.

import type { LocalInfo, Resolution, SymbolIndex, SymbolInfo } from "../../src/resolve/index.ts";
import type { ResolvedHere } from "./resolve-here.ts";

/** Kinds of names, as the tables show them; a sample takes the same number of each. */
export const STRATA = [
    "local",
    "field",
    "function",
    "inherent method",
    "trait method",
    "variant",
    "type",
    "trait",
    "module",
    "const",
    "macro",
    "generic",
] as const;

/** Kind of a name. */
export type Stratum = (typeof STRATA)[number];

/** A name that can be asked for: the place of its definition token. */
export interface Candidate {
    readonly stratum: Stratum;
    /** The finer kind: a symbol's, or a local's. */
    readonly kind: SymbolInfo["kind"] | LocalInfo["kind"];
    readonly name: string;
    readonly path: string;
    /** UTF-16 offset of the definition token. */
    readonly offset: number;
    /** For people: the symbol's path, or the local's name. */
    readonly display: string;
    /** What it is in the resolution that it was listed from. */
    readonly is:
        | { readonly kind: "symbol"; readonly symbol: SymbolIndex }
        | { readonly kind: "local"; readonly local: LocalInfo };
}

const LOCAL_STRATA: Readonly<Record<LocalInfo["kind"], Stratum>> = {
    local: "local",
    parameter: "local",
    label: "generic",
    lifetime: "generic",
    "type-parameter": "generic",
    "const-parameter": "generic",
};

/** Lists every name of the workspace that occurs at least twice and is the workspace's own. */
export function listCandidates(here: ResolvedHere): ReadonlyMap<string, readonly Candidate[]> {
    const found = new Map<string, Candidate>();
    const { resolution } = here;
    const counts = countByName(here);
    for (let index = 0; index < resolution.symbolCount; index++) {
        addSymbol(resolution, resolution.symbol(index), counts, found);
    }
    for (const path of here.texts.keys()) {
        addLocals(resolution, path, found);
    }
    const groups = new Map<string, Candidate[]>(STRATA.map((stratum) => [stratum, []]));
    for (const candidate of found.values()) {
        groups.get(candidate.stratum)?.push(candidate);
    }
    return groups;
}

// How often a symbol is named for sure, and how often a token of its spelling is not decided.
interface NameCounts {
    readonly bound: ReadonlyMap<number, number>;
    readonly undecided: ReadonlyMap<string, number>;
}

function countByName(here: ResolvedHere): NameCounts {
    const bound = new Map<number, number>();
    const undecided = new Map<string, number>();
    for (const path of here.texts.keys()) {
        for (const { binding, name } of here.resolution.occurrencesIn(path)) {
            if (binding.kind === "symbol") {
                binding.symbols.forEach((one) => bound.set(one, (bound.get(one) ?? 0) + 1));
            } else if (["ambiguous", "unresolved", "opaque"].includes(binding.kind)) {
                undecided.set(name, (undecided.get(name) ?? 0) + 1);
            }
        }
    }
    return { bound, undecided };
}

function addSymbol(
    resolution: Resolution,
    symbol: SymbolInfo,
    counts: NameCounts,
    found: Map<string, Candidate>,
): void {
    const { file, nameSpan, name, display, kind } = symbol;
    const stratum = stratumOf(resolution, symbol);
    if (file === undefined || nameSpan === undefined || stratum === undefined) {
        return;
    }
    const uses = (counts.bound.get(symbol.index) ?? 0) + (counts.undecided.get(name) ?? 0);
    // An item of somebody else's trait has its name from there.
    if (uses >= 2 && resolution.externalTraitOf(symbol.index) === undefined) {
        const is = { kind: "symbol", symbol: symbol.index } as const;
        const candidate = { stratum, kind, name, path: file, offset: nameSpan.start, display, is };
        found.set(`${file}:${nameSpan.start}`, candidate);
    }
}

function addLocals(resolution: Resolution, path: string, found: Map<string, Candidate>): void {
    const uses = new Map<number, { local: LocalInfo; count: number }>();
    for (const { binding } of resolution.occurrencesIn(path)) {
        if (binding.kind === "local") {
            const at = binding.local.nameSpan.start;
            uses.set(at, { local: binding.local, count: (uses.get(at)?.count ?? 0) + 1 });
        }
    }
    for (const [offset, { local, count }] of uses) {
        const { kind, name } = local;
        if (count >= 2 && name !== "self" && name !== "_") {
            const stratum = LOCAL_STRATA[kind];
            const display = `${kind} ${name}`;
            const is = { kind: "local", local } as const;
            found.set(`${path}:${offset}`, { stratum, kind, name, path, offset, display, is });
        }
    }
}

function stratumOf(resolution: Resolution, symbol: SymbolInfo): Stratum | undefined {
    switch (symbol.kind) {
        case "method":
        case "function":
            return methodStratum(resolution, symbol);
        case "struct":
        case "enum":
        case "union":
        case "assoc-type":
        case "type-alias":
            return "type";
        case "const":
        case "static":
        case "assoc-const":
            return "const";
        case "trait":
        case "trait-alias":
            return "trait";
        case "field":
            // A position in a tuple has no name.
            return /^\d/u.test(symbol.name) ? undefined : "field";
        case "variant":
        case "module":
        case "macro":
            return symbol.kind;
        case "crate":
        case "impl":
        case "external":
            return undefined;
    }
}

function methodStratum(resolution: Resolution, symbol: SymbolInfo): Stratum {
    const parent = symbol.parent === undefined ? undefined : resolution.symbol(symbol.parent);
    if (parent?.kind === "trait" || /^<.* as .*>::/u.test(symbol.display)) {
        return "trait method";
    }
    const isMember = parent !== undefined && !["module", "crate", "function"].includes(parent.kind);
    return symbol.kind === "method" || isMember ? "inherent method" : "function";
}
