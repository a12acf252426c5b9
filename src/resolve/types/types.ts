// Types as far as names need them: heads with arguments, and variables that stand for what inference has
// yet to find. What is not understood is `unknown`, and stays so: no guess is made from a name alone.

/** A type. */
export type Ty =
    /** Struct, enum or union of the workspace. */
    | { readonly k: "adt"; readonly symbol: number; readonly args: readonly Ty[] }
    /** A type of std or a dependency; `symbol` is the external's, of std the canonical one. */
    | {
          readonly k: "external";
          readonly symbol: number;
          readonly name: string;
          readonly args: readonly Ty[];
      }
    | { readonly k: "ref"; readonly inner: Ty; readonly mutable: boolean }
    | { readonly k: "pointer"; readonly inner: Ty }
    | { readonly k: "tuple"; readonly items: readonly Ty[] }
    | { readonly k: "slice"; readonly inner: Ty }
    | { readonly k: "array"; readonly inner: Ty }
    /** Also `!`, and `_integer` and `_float` for literals whose type is not written. */
    | { readonly k: "primitive"; readonly name: string }
    /** A type parameter of an item, or `Self` of a trait (name `Self`, owner the trait). */
    | { readonly k: "param"; readonly owner: number; readonly name: string }
    /** `dyn Trait` or `impl Trait`; `open` where a bound is not understood. */
    | {
          readonly k: "bound";
          readonly form: "dyn" | "impl";
          readonly traits: readonly BoundTrait[];
          readonly open: boolean;
      }
    /** Function pointers, function items and closures. */
    | { readonly k: "function"; readonly params: readonly Ty[]; readonly result: Ty }
    /** What an async function or block gives. */
    | { readonly k: "future"; readonly inner: Ty }
    /** `<Self as Trait>::Name`, not yet known; without a trait any that `self` is bound by. */
    | {
          readonly k: "projection";
          readonly self: Ty;
          readonly trait: BoundTrait | undefined;
          readonly name: string;
      }
    /** A variable of one body's inference. */
    | { readonly k: "var"; readonly id: number }
    | { readonly k: "unknown" };

/** A trait with its arguments, as a bound. `Fn(A) -> B` has the argument `(A,)` and the binding `Output = B`. */
export interface BoundTrait {
    readonly symbol: number;
    readonly args: readonly Ty[];
    /** `Item = T` bindings. */
    readonly bindings: readonly { readonly name: string; readonly ty: Ty }[];
}

/** The type of which nothing is known. */
export const UNKNOWN: Ty = { k: "unknown" };

/** The unit type. */
export const UNIT: Ty = { k: "tuple", items: [] };

/** The type of what never returns. */
export const NEVER: Ty = { k: "primitive", name: "!" };

/** The type of conditions. */
export const BOOL: Ty = { k: "primitive", name: "bool" };

/** Makes `&T` or `&mut T`. */
export function refTo(inner: Ty, mutable = false): Ty {
    return { k: "ref", inner, mutable };
}

/** Values of type parameters, by `owner:name`. */
export type Substitution = ReadonlyMap<string, Ty>;

/** Key of a parameter in a Substitution. */
export function paramKey(owner: number, name: string): string {
    return `${owner}:${name}`;
}

/** Rebuilds a type with each of its direct parts replaced; the same object where no part changes. */
export function mapParts(ty: Ty, change: (part: Ty) => Ty): Ty {
    switch (ty.k) {
        case "adt":
        case "external": {
            const args = mapAll(ty.args, change);
            return args === ty.args ? ty : { ...ty, args };
        }
        case "ref":
        case "pointer":
        case "slice":
        case "array":
        case "future": {
            const inner = change(ty.inner);
            return inner === ty.inner ? ty : { ...ty, inner };
        }
        case "tuple": {
            const items = mapAll(ty.items, change);
            return items === ty.items ? ty : { ...ty, items };
        }
        case "function": {
            const params = mapAll(ty.params, change);
            const result = change(ty.result);
            return params === ty.params && result === ty.result ? ty : { ...ty, params, result };
        }
        case "bound": {
            const traits = ty.traits.map((trait) => mapTrait(trait, change));
            return traits.every((trait, i) => trait === ty.traits[i]) ? ty : { ...ty, traits };
        }
        case "projection": {
            const self = change(ty.self);
            const trait = ty.trait === undefined ? undefined : mapTrait(ty.trait, change);
            return self === ty.self && trait === ty.trait ? ty : { ...ty, self, trait };
        }
        case "primitive":
        case "param":
        case "var":
        case "unknown":
            return ty;
    }
}

/** Rebuilds a bound with each type in it replaced. */
export function mapTrait(trait: BoundTrait, change: (part: Ty) => Ty): BoundTrait {
    const args = mapAll(trait.args, change);
    let isSame = args === trait.args;
    const bindings = trait.bindings.map((one) => {
        const ty = change(one.ty);
        isSame &&= ty === one.ty;
        return ty === one.ty ? one : { name: one.name, ty };
    });
    return isSame ? trait : { symbol: trait.symbol, args, bindings };
}

function mapAll(types: readonly Ty[], change: (part: Ty) => Ty): readonly Ty[] {
    let changed: Ty[] | undefined;
    for (let i = 0; i < types.length; i++) {
        const before = types[i] ?? UNKNOWN;
        const after = change(before);
        if (after !== before) {
            changed ??= [...types];
            changed[i] = after;
        }
    }
    return changed ?? types;
}

/** Replaces parameters by their values; parameters without one stay. */
export function substitute(ty: Ty, values: Substitution): Ty {
    if (values.size === 0) {
        return ty;
    }
    const change = (part: Ty): Ty =>
        part.k === "param"
            ? (values.get(paramKey(part.owner, part.name)) ?? part)
            : mapParts(part, change);
    return change(ty);
}

/** The type behind references. */
export function peel(ty: Ty): Ty {
    let at = ty;
    while (at.k === "ref") {
        at = at.inner;
    }
    return at;
}

/** Whether only bounds are known of a type. */
export function isRigid(ty: Ty): boolean {
    return ty.k === "param" || ty.k === "projection" || ty.k === "bound";
}

/** Whether a type is known to its last part, and has nothing of the workspace in it. */
export function isForeignOnly(ty: Ty): boolean {
    switch (ty.k) {
        case "external":
            return ty.args.every(isForeignOnly);
        case "primitive":
            return true;
        case "ref":
        case "pointer":
        case "slice":
        case "array":
            return isForeignOnly(ty.inner);
        case "tuple":
            return ty.items.every(isForeignOnly);
        default:
            return false;
    }
}
