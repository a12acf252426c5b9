// Shapes of std's impls: which self types may fit a type, what derives and the language give, and the impls
// on tuples, of which the summary has one size that stands for all.

import type { ImplDeclaration, Predicate } from "../types/declarations.ts";
import { mapParts, mapTrait, type BoundTrait, type Ty } from "../types/types.ts";

/** Size of the tuples that the summary's impls on tuples of all sizes are written for. */
const TUPLE_SIZE = 12;

/**
 * Whether a self type may be a type, as far as heads tell: parameters, variables and what is unknown may be
 * anything.
 */
export function mayFit(pattern: Ty, ty: Ty): boolean {
    if (isOpen(pattern) || isOpen(ty)) {
        return true;
    }
    switch (pattern.k) {
        case "external":
        case "adt":
            return (
                ty.k === pattern.k && ty.symbol === pattern.symbol && allFit(pattern.args, ty.args)
            );
        case "ref":
            return (
                ty.k === "ref" && ty.mutable === pattern.mutable && mayFit(pattern.inner, ty.inner)
            );
        case "pointer":
        case "slice":
        case "array":
        case "future":
            return ty.k === pattern.k && mayFit(pattern.inner, ty.inner);
        case "tuple":
            return (
                ty.k === "tuple" &&
                ty.items.length === pattern.items.length &&
                allFit(pattern.items, ty.items)
            );
        case "primitive":
            return ty.k === "primitive" && sameScalar(pattern.name, ty.name);
        case "function":
            return (
                ty.k === "function" &&
                ty.params.length === pattern.params.length &&
                allFit(pattern.params, ty.params)
            );
        case "bound":
            return ty.k === "bound" && ty.traits[0]?.symbol === pattern.traits[0]?.symbol;
        default:
            return true;
    }
}

function isOpen(ty: Ty): boolean {
    return ty.k === "param" || ty.k === "var" || ty.k === "unknown" || ty.k === "projection";
}

function allFit(patterns: readonly Ty[], types: readonly Ty[]): boolean {
    return patterns.every((pattern, i) => {
        const ty = types[i];
        return ty === undefined || mayFit(pattern, ty);
    });
}

function sameScalar(pattern: string, name: string): boolean {
    if (name === "_integer") {
        return /^[iu](?:\d+|size)$/u.test(pattern);
    }
    return name === "_float" ? /^f\d+$/u.test(pattern) : pattern === name;
}

/** A key for types of one shape, where shapes differ in the number of their parts; empty for others. */
export function arityKey(ty: Ty): string {
    if (ty.k === "tuple") {
        return `tuple ${ty.items.length}`;
    }
    return ty.k === "function" ? `fn ${ty.params.length}` : ty.k;
}

/** A type like the given one whose parts are parameters: what the language's own impls are for. */
export function shapeOf(
    ty: Ty,
    owner: number,
): { readonly self: Ty; readonly names: readonly string[] } {
    const param = (name: string): Ty => ({ k: "param", owner, name });
    switch (ty.k) {
        case "tuple": {
            const names = ty.items.map((_, i) => `T${i}`);
            return { self: { k: "tuple", items: names.map(param) }, names };
        }
        case "function": {
            const names = ty.params.map((_, i) => `A${i}`);
            const self: Ty = { k: "function", params: names.map(param), result: param("R") };
            return { self, names: [...names, "R"] };
        }
        case "slice":
        case "array":
        case "pointer":
            return { self: { k: ty.k, inner: param("T") }, names: ["T"] };
        default:
            return { self: ty, names: [] };
    }
}

/** The impl of tuples of twelve as that of tuples of another size; undefined if it is for one size only. */
export function resizeTuples(impl: ImplDeclaration, size: number): ImplDeclaration | undefined {
    const { self } = impl;
    if (self.k !== "tuple" || self.items.length !== TUPLE_SIZE || size > TUPLE_SIZE) {
        return undefined;
    }
    const gone = new Set<string>();
    const kept = new Set<string>();
    self.items.forEach((item, i) => {
        if (item.k === "param") {
            (i < size ? kept : gone).add(item.name);
        }
    });
    if (kept.size < size || gone.size + kept.size < TUPLE_SIZE) {
        // Not all items are parameters of their own: `From<[T; 12]> for (T, T, …)`.
        return gone.size === 0 || [...gone].every((name) => kept.has(name))
            ? { ...impl, ...cutParts(impl, size) }
            : undefined;
    }
    collectPartners(impl, { size, gone });
    const isKept = (part: Ty): boolean => !mentions(part, impl.owner, gone);
    return {
        ...impl,
        ...cutParts(impl, size),
        names: impl.names.filter((name) => !gone.has(name)),
        predicates: impl.predicates.filter(({ ty }) => isKept(ty)).map((one) => cut(one, size)),
    };
}

function cutParts(
    impl: ImplDeclaration,
    size: number,
): Pick<ImplDeclaration, "self" | "trait" | "associated"> {
    const { trait } = impl;
    return {
        self: cutType(impl.self, size),
        trait: trait === undefined ? undefined : cutTrait(trait, size),
        associated(name: string): Ty | undefined {
            const ty = impl.associated(name);
            return ty === undefined ? undefined : cutType(ty, size);
        },
    };
}

/** Also drops the parameters that other tuples have at the places that go: `Extend<(A, B, …)>`. */
function collectPartners(
    impl: ImplDeclaration,
    from: { readonly size: number; readonly gone: Set<string> },
): void {
    for (const arg of impl.trait?.args ?? []) {
        if (arg.k === "tuple" && arg.items.length === TUPLE_SIZE) {
            for (const item of arg.items.slice(from.size)) {
                if (item.k === "param") {
                    from.gone.add(item.name);
                }
            }
        }
    }
}

function mentions(ty: Ty, owner: number, names: ReadonlySet<string>): boolean {
    if (ty.k === "param") {
        return ty.owner === owner && names.has(ty.name);
    }
    let found = false;
    mapParts(ty, (part) => {
        found ||= mentions(part, owner, names);
        return part;
    });
    return found;
}

function cut({ ty, trait }: Predicate, size: number): Predicate {
    return { ty: cutType(ty, size), trait: cutTrait(trait, size) };
}

function cutTrait(trait: BoundTrait, size: number): BoundTrait {
    return mapTrait(trait, (part) => cutType(part, size));
}

function cutType(ty: Ty, size: number): Ty {
    if (ty.k === "tuple" && ty.items.length === TUPLE_SIZE) {
        return { k: "tuple", items: ty.items.slice(0, size) };
    }
    return mapParts(ty, (part) => cutType(part, size));
}
