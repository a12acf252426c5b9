// Bounds that ask what others ask already, as far as inference has come.

import type { Inference } from "./inference.ts";
import type { Predicate } from "./declarations.ts";
import type { BoundTrait, Ty } from "./types.ts";

/** Whether two types are equal, variables by what they are; says no where that takes more than a look. */
function isSameType(infer: Inference, one: Ty, other: Ty): boolean {
    const a = infer.shallow(one);
    const b = infer.shallow(other);
    if (a === b) {
        return true;
    }
    switch (a.k) {
        case "var":
            return b.k === "var" && a.id === b.id;
        case "primitive":
            return b.k === "primitive" && a.name === b.name;
        case "param":
            return b.k === "param" && a.owner === b.owner && a.name === b.name;
        case "adt":
        case "external":
            return b.k === a.k && a.symbol === b.symbol && areSame(infer, a.args, b.args);
        case "tuple":
            return b.k === "tuple" && areSame(infer, a.items, b.items);
        case "ref":
            return b.k === "ref" && a.mutable === b.mutable && isSameType(infer, a.inner, b.inner);
        case "pointer":
        case "slice":
        case "array":
        case "future":
            return b.k === a.k && isSameType(infer, a.inner, b.inner);
        case "projection":
            return (
                b.k === "projection" &&
                a.name === b.name &&
                isSameTrait(infer, a.trait, b.trait) &&
                isSameType(infer, a.self, b.self)
            );
        case "function":
        case "bound":
        case "unknown":
            return false;
    }
}

/**
 * Whether some bound of a list asks the same: of one type, by one trait, for bindings of the same names. What it
 * will find is then the answer to both.
 */
export function isAsked(infer: Inference, all: readonly Predicate[], asked: Predicate): boolean {
    const same = all.find(
        ({ ty, trait }) =>
            isSameTrait(infer, trait, asked.trait) && isSameType(infer, ty, asked.ty),
    );
    return (
        same !== undefined &&
        asked.trait.bindings.every(({ ty }, at) => {
            const found = same.trait.bindings[at];
            return found !== undefined && infer.unify(found.ty, ty);
        })
    );
}

/** What their bindings are is left out. */
function isSameTrait(
    infer: Inference,
    one: BoundTrait | undefined,
    other: BoundTrait | undefined,
): boolean {
    if (one === undefined || other === undefined) {
        return one === other;
    }
    return (
        one.symbol === other.symbol &&
        one.bindings.length === other.bindings.length &&
        one.bindings.every(({ name }, at) => name === other.bindings[at]?.name) &&
        areSame(infer, one.args, other.args)
    );
}

function areSame(infer: Inference, one: readonly Ty[], other: readonly Ty[]): boolean {
    return (
        one.length === other.length &&
        one.every((ty, at) => {
            const match = other[at];
            return match !== undefined && isSameType(infer, ty, match);
        })
    );
}
