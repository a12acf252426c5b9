// Variables of one body's inference, what they stand for, and unification with undo.
//
// Source: the classic algorithm (Robinson 1965) with a trail, as in "Unification and rollback" of rustc's
// InferCtxt. Where a part is not understood (`unknown`), unification succeeds and learns nothing.

import {
    UNKNOWN,
    mapParts,
    mapTrait,
    paramKey,
    substitute,
    type BoundTrait,
    type Substitution,
    type Ty,
} from "./types.ts";

const INTEGERS = new Set("u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize _integer".split(" "));
const FLOATS = new Set("f16 f32 f64 f128 _float".split(" "));

/** The variables of one body. */
export class Inference {
    readonly #values: (Ty | undefined)[] = [];
    /** Variables bound since the beginning, for undo. */
    readonly #trail: number[] = [];

    fresh(): Ty {
        this.#values.push(undefined);
        return { k: "var", id: this.#values.length - 1 };
    }

    /** What a type is as far as is known at its head. */
    shallow(ty: Ty): Ty {
        let at = ty;
        while (at.k === "var") {
            const value = this.#values[at.id];
            if (value === undefined) {
                return at;
            }
            at = value;
        }
        return at;
    }

    /** A type with all variables replaced that have a value. */
    resolve(ty: Ty): Ty {
        const change = (part: Ty): Ty => {
            const head = this.shallow(part);
            return head.k === "var" ? head : mapParts(head, change);
        };
        return change(ty);
    }

    resolveTrait(trait: BoundTrait): BoundTrait {
        return mapTrait(trait, (ty) => this.resolve(ty));
    }

    /** The type behind references. */
    peel(ty: Ty): Ty {
        let at = this.shallow(ty);
        while (at.k === "ref") {
            at = this.shallow(at.inner);
        }
        return at;
    }

    /** Whether a variable, or something not understood, is anywhere inside. */
    isOpen(ty: Ty): boolean {
        let open = false;
        const look = (part: Ty): Ty => {
            const head = this.shallow(part);
            if (head.k === "var" || head.k === "unknown") {
                open = true;
            } else if (!open) {
                mapParts(head, look);
            }
            return part;
        };
        look(ty);
        return open;
    }

    /** Replaces what is not known inside a written type (`Vec<_>`, missing arguments) by variables. */
    open(ty: Ty): Ty {
        const change = (part: Ty): Ty =>
            part.k === "unknown" ? this.fresh() : mapParts(part, change);
        return change(ty);
    }

    /** Fresh variables for the parameters of a declaration. */
    freshFor(owner: number, names: readonly string[], into: Map<string, Ty>): Map<string, Ty> {
        for (const name of names) {
            const key = paramKey(owner, name);
            if (!into.has(key)) {
                into.set(key, this.fresh());
            }
        }
        return into;
    }

    substitute(ty: Ty, values: Substitution): Ty {
        return substitute(ty, values);
    }

    mark(): number {
        return this.#trail.length;
    }

    /** Number of variables so far. */
    get count(): number {
        return this.#values.length;
    }

    /** Forgets the variables made since there were so many; none of them may be in use. */
    forget(count: number): void {
        this.#values.length = count;
    }

    /** Takes back all that was learned since the mark. */
    undo(mark: number): void {
        while (this.#trail.length > mark) {
            const id = this.#trail.pop();
            if (id !== undefined) {
                this.#values[id] = undefined;
            }
        }
    }

    /** Whether two types can be one; what is learned is taken back. */
    canUnify(a: Ty, b: Ty): boolean {
        const mark = this.mark();
        const can = this.#unify(a, b);
        this.undo(mark);
        return can;
    }

    /** Makes two types one, or learns nothing and returns false. */
    unify(a: Ty, b: Ty): boolean {
        const mark = this.mark();
        if (this.#unify(a, b)) {
            return true;
        }
        this.undo(mark);
        return false;
    }

    #bind(id: number, ty: Ty): boolean {
        if (ty.k === "unknown") {
            return true; // Equality with what is not understood teaches nothing.
        }
        if (this.#occurs(id, ty)) {
            return false;
        }
        this.#values[id] = ty;
        this.#trail.push(id);
        return true;
    }

    #occurs(id: number, ty: Ty): boolean {
        let found = false;
        const look = (part: Ty): Ty => {
            const head = this.shallow(part);
            if (head.k === "var") {
                found ||= head.id === id;
            } else if (!found) {
                mapParts(head, look);
            }
            return part;
        };
        look(ty);
        return found;
    }

    #unify(left: Ty, right: Ty): boolean {
        const a = this.shallow(left);
        const b = this.shallow(right);
        if (a === b) {
            return true;
        }
        if (a.k === "var") {
            return b.k === "var" && b.id === a.id ? true : this.#bind(a.id, b);
        }
        if (b.k === "var") {
            return this.#bind(b.id, a);
        }
        if (a.k === "unknown" || b.k === "unknown") {
            return true;
        }
        if (a.k === "projection" || b.k === "projection") {
            return this.#unifyProjections(a, b);
        }
        switch (a.k) {
            case "adt":
            case "external":
                return (
                    (b.k === "adt" || b.k === "external") &&
                    a.k === b.k &&
                    a.symbol === b.symbol &&
                    this.#unifyAll(a.args, b.args)
                );
            case "ref":
                return b.k === "ref" && a.mutable === b.mutable && this.#unify(a.inner, b.inner);
            case "pointer":
            case "slice":
            case "array":
            case "future":
                return b.k === a.k && this.#unify(a.inner, b.inner);
            case "tuple":
                return (
                    b.k === "tuple" &&
                    a.items.length === b.items.length &&
                    this.#unifyAll(a.items, b.items)
                );
            case "primitive":
                return b.k === "primitive" && isSamePrimitive(a.name, b.name);
            case "param":
                return b.k === "param" && a.owner === b.owner && a.name === b.name;
            case "function":
                return (
                    b.k === "function" &&
                    a.params.length === b.params.length &&
                    this.#unifyAll(a.params, b.params) &&
                    this.#unify(a.result, b.result)
                );
            case "bound":
                return b.k === "bound" && this.#unifyBounds(a.traits, b.traits);
        }
    }

    /** A projection that could not be replaced may be any type: only two of one name are compared. */
    #unifyProjections(a: Ty, b: Ty): boolean {
        if (a.k === "projection" && b.k === "projection" && a.name === b.name) {
            this.unify(a.self, b.self);
        }
        return true;
    }

    #unifyAll(left: readonly Ty[], right: readonly Ty[]): boolean {
        const length = Math.max(left.length, right.length);
        for (let i = 0; i < length; i++) {
            if (!this.#unify(left[i] ?? UNKNOWN, right[i] ?? UNKNOWN)) {
                return false;
            }
        }
        return true;
    }

    #unifyBounds(left: readonly BoundTrait[], right: readonly BoundTrait[]): boolean {
        return left.every((trait) => {
            const other = right.find((one) => one.symbol === trait.symbol);
            if (other === undefined || !this.#unifyAll(trait.args, other.args)) {
                return false;
            }
            return trait.bindings.every((binding) => {
                const same = other.bindings.find((one) => one.name === binding.name);
                return same === undefined || this.#unify(binding.ty, same.ty);
            });
        });
    }
}

function isSamePrimitive(a: string, b: string): boolean {
    return (
        a === b ||
        (INTEGERS.has(a) && INTEGERS.has(b) && (a === "_integer" || b === "_integer")) ||
        (FLOATS.has(a) && FLOATS.has(b) && (a === "_float" || b === "_float"))
    );
}

/** Whether a type is an integer, written or literal. */
export function isInteger(ty: Ty): boolean {
    return ty.k === "primitive" && INTEGERS.has(ty.name);
}

/** Whether a type is a number or `bool` or `char`. */
export function isScalar(ty: Ty): boolean {
    return (
        ty.k === "primitive" &&
        (INTEGERS.has(ty.name) || FLOATS.has(ty.name) || ty.name === "bool" || ty.name === "char")
    );
}
