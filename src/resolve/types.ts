// Types as far as names need them: heads with arguments. Everything that is not understood is `unknown`,
// and stays so: no guess is made from a name alone.

/** A type. */
export type Ty =
    /** Struct, enum or union of the workspace. */
    | { readonly k: "adt"; readonly symbol: number; readonly args: readonly Ty[] }
    /** A type of std or a dependency; `symbol` is the external's. */
    | {
          readonly k: "external";
          readonly symbol: number;
          readonly name: string;
          readonly args: readonly Ty[];
      }
    | { readonly k: "ref"; readonly inner: Ty }
    | { readonly k: "pointer"; readonly inner: Ty }
    | { readonly k: "tuple"; readonly items: readonly Ty[] }
    | { readonly k: "slice"; readonly inner: Ty }
    | { readonly k: "primitive"; readonly name: string }
    /** A type parameter of an item, or `Self` of a trait (name `Self`, owner the trait). */
    | { readonly k: "param"; readonly owner: number; readonly name: string }
    /** `dyn Trait` or `impl Trait`: workspace traits, and whether others are among the bounds. */
    | { readonly k: "bound"; readonly traits: readonly BoundTrait[]; readonly open: boolean }
    | { readonly k: "function"; readonly result: Ty }
    | { readonly k: "future"; readonly inner: Ty }
    | { readonly k: "unknown" };

/** A trait with its arguments, as a bound. */
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

/** Values of type parameters, by `owner:name`. */
export type Substitution = ReadonlyMap<string, Ty>;

/** Key of a parameter in a Substitution. */
export function paramKey(owner: number, name: string): string {
    return `${owner}:${name}`;
}

/** Replaces parameters by their values; parameters without one stay. */
export function substitute(ty: Ty, values: Substitution): Ty {
    if (values.size === 0) {
        return ty;
    }
    const all = (types: readonly Ty[]): readonly Ty[] =>
        types.map((one) => substitute(one, values));
    switch (ty.k) {
        case "param":
            return values.get(paramKey(ty.owner, ty.name)) ?? ty;
        case "adt":
        case "external":
            return ty.args.length === 0 ? ty : { ...ty, args: all(ty.args) };
        case "ref":
        case "pointer":
        case "slice":
        case "future":
            return { ...ty, inner: substitute(ty.inner, values) };
        case "tuple":
            return { ...ty, items: all(ty.items) };
        case "function":
            return { ...ty, result: substitute(ty.result, values) };
        case "bound":
            return {
                ...ty,
                traits: ty.traits.map((trait) => ({
                    symbol: trait.symbol,
                    args: all(trait.args),
                    bindings: trait.bindings.map((one) => ({
                        name: one.name,
                        ty: substitute(one.ty, values),
                    })),
                })),
            };
        default:
            return ty;
    }
}

/** Matches a declared type with an actual one and collects what parameters stand for. */
export function unify(declared: Ty, actual: Ty, values: Map<string, Ty>): boolean {
    if (declared.k === "param") {
        const key = paramKey(declared.owner, declared.name);
        if (!values.has(key)) {
            values.set(key, actual);
        }
        return true;
    }
    if (declared.k === "unknown" || actual.k === "unknown") {
        return true;
    }
    switch (declared.k) {
        case "adt":
            return (
                actual.k === "adt" &&
                actual.symbol === declared.symbol &&
                unifyAll(declared.args, actual.args, values)
            );
        case "external":
            return (
                actual.k === "external" &&
                actual.name === declared.name &&
                unifyAll(declared.args, actual.args, values)
            );
        case "ref":
        case "pointer":
        case "slice":
        case "future":
            return actual.k === declared.k && unify(declared.inner, actual.inner, values);
        case "tuple":
            return (
                actual.k === "tuple" &&
                actual.items.length === declared.items.length &&
                unifyAll(declared.items, actual.items, values)
            );
        case "primitive":
            return actual.k === "primitive" && actual.name === declared.name;
        default:
            return actual.k === declared.k;
    }
}

function unifyAll(
    declared: readonly Ty[],
    actual: readonly Ty[],
    values: Map<string, Ty>,
): boolean {
    return declared.every((one, i) => unify(one, actual[i] ?? UNKNOWN, values));
}

/** The type behind references. */
export function peel(ty: Ty): Ty {
    let at = ty;
    while (at.k === "ref") {
        at = at.inner;
    }
    return at;
}
