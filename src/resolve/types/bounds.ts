// What bounds say of a type: those written on a parameter or an associated type, and what they stand above.

import type { Inference } from "./inference.ts";
import type { Environment, Semantics } from "../semantics.ts";
import { mapTrait, paramKey, substitute, type BoundTrait, type Ty } from "./types.ts";

const CALLABLE = /^std::ops::(?:Async)?Fn(?:Mut|Once)?$/u;

const SUPERTRAITS_MAX = 40;

/** Whether a trait is one of `Fn`, `FnMut`, `FnOnce` and their async kin. */
export function isCallable(semantics: Semantics, trait: BoundTrait): boolean {
    return CALLABLE.test(semantics.program.symbolAt(trait.symbol).external);
}

/** Bounds, with the declarations that they come from. */
export class Bounds {
    readonly #semantics: Semantics;
    readonly #infer: Inference;

    constructor(semantics: Semantics, infer: Inference) {
        this.#semantics = semantics;
        this.#infer = infer;
    }

    /** The bounds that hold for a parameter or a projection, supertraits included. */
    on(
        ty: Ty,
        environment: Environment,
    ): { readonly traits: readonly BoundTrait[]; readonly open: boolean } {
        const found: BoundTrait[] = [];
        for (const predicate of environment.predicates) {
            if (this.#isSame(predicate.ty, ty)) {
                found.push(predicate.trait);
            }
        }
        let { open } = environment;
        if (ty.k === "projection" && ty.trait !== undefined) {
            const { trait } = ty;
            const declared = this.#semantics.associatedBounds(trait.symbol, ty.name);
            const values = this.traitValues(trait, ty.self);
            const change = (part: Ty): Ty => substitute(part, values);
            found.push(...declared.traits.map((one) => mapTrait(one, change)));
            open ||= declared.open;
        } else if (ty.k === "projection") {
            open = true;
        }
        return { traits: this.withSupertraits(found, ty), open };
    }

    /** Structural equality without learning, up to what a projection's trait is. */
    #isSame(a: Ty, b: Ty): boolean {
        if (a.k === "param" && b.k === "param") {
            return a.owner === b.owner && a.name === b.name;
        }
        if (a.k === "projection" && b.k === "projection") {
            return a.name === b.name && this.#isSame(a.self, b.self);
        }
        return a.k === b.k && a.k !== "param" && a.k !== "projection" && this.#infer.canUnify(a, b);
    }

    /** Traits with all that they stand above, in terms of a self type. */
    withSupertraits(traits: readonly BoundTrait[], self: Ty): readonly BoundTrait[] {
        const all: BoundTrait[] = [];
        const visit = (trait: BoundTrait): void => {
            if (all.some((one) => one.symbol === trait.symbol && one.args.length === 0)) {
                return;
            }
            all.push(trait);
            const parents = this.#semantics.supertraitsOf(trait.symbol);
            const values = parents.length === 0 ? undefined : this.traitValues(trait, self);
            for (const parent of parents) {
                if (values !== undefined && all.length < SUPERTRAITS_MAX) {
                    visit(mapTrait(parent, (part) => substitute(part, values)));
                }
            }
        };
        traits.forEach(visit);
        return all;
    }

    /** Values of a trait's `Self` and parameters; as far as they are given. */
    traitValues(trait: BoundTrait, self: Ty): Map<string, Ty> {
        const values = new Map<string, Ty>([[paramKey(trait.symbol, "Self"), self]]);
        this.#semantics.parameterNames(trait.symbol).forEach((name, i) => {
            const arg = trait.args[i];
            if (arg !== undefined) {
                values.set(paramKey(trait.symbol, name), arg);
            }
        });
        return values;
    }
}

/** A cheap test by heads before anything is unified. */
export function mayFit(self: Ty, ty: Ty): boolean {
    if (self.k === "param" || self.k === "projection" || self.k === "unknown" || self.k === "var") {
        return true;
    }
    return self.k === ty.k;
}
