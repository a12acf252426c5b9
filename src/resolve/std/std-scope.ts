// Scopes for lowering std's texts: the parameters in sight, what bounds say of them, and what `Self` is.

import type { Declared } from "../types/declarations.ts";
import type {
    BindingSyntax,
    BoundSyntax,
    ParameterSyntax,
    SegmentSyntax,
    TypeSyntax,
    WhereSyntax,
} from "./std-syntax.ts";
import { UNKNOWN, type BoundTrait, type Ty } from "../types/types.ts";

/** What names and bounds mean at a place in a text. */
export interface StdScope {
    readonly parent: StdScope | undefined;
    readonly params: ReadonlyMap<string, Ty>;
    /** Bounds in sight by the text of what is bound. */
    readonly bounds: ReadonlyMap<string, readonly BoundSyntax[]>;
    self: Ty | undefined;
    /** In a trait: the trait, with its own parameters as arguments. */
    readonly trait?: BoundTrait;
    /** In an impl: values of its associated types. */
    readonly associated?: (name: string) => Ty | undefined;
}

/** A scope of a declaration with what it declares. */
export interface StdDeclared extends Declared {
    readonly scope: StdScope;
}

/** Generics and where clause of a declaration. */
export interface GenericsSyntax {
    readonly generics: readonly ParameterSyntax[];
    readonly where: readonly WhereSyntax[];
}

/** A scope without names. */
export const EMPTY_SCOPE: StdScope = {
    parent: undefined,
    params: new Map(),
    bounds: new Map(),
    self: undefined,
};

/** `Self`. */
export const SELF_SYNTAX = pathTo("Self");

/** A plain name as a type. */
export function pathTo(name: string): TypeSyntax {
    return { k: "path", segments: [{ name, args: [], bindings: [] }] };
}

/** A path without its arguments. */
export function joined(segments: readonly SegmentSyntax[]): string {
    return segments.map((one) => one.name).join("::");
}

/** `Item = T` and `Item: Bound` of a bound. */
export function bindingsOf(bound: BoundSyntax): readonly BindingSyntax[] {
    return bound.segments[bound.segments.length - 1]?.bindings ?? [];
}

/** The bound by its trait and arguments alone. */
export function withoutBindings(bound: BoundSyntax): BoundSyntax {
    return { segments: bound.segments.map((one) => ({ ...one, bindings: [] })) };
}

/** A text for a type by which bounds on it are found again. */
export function keyOf(type: TypeSyntax): string {
    return type.k === "path" && type.segments.every((one) => one.args.length === 0)
        ? joined(type.segments)
        : JSON.stringify(type);
}

/** Adds bounds under a key, and those on associated types (`Try<Residual: X>`) under theirs. */
export function addBounds(
    into: Map<string, BoundSyntax[]>,
    key: string,
    bounds: readonly BoundSyntax[],
): void {
    if (bounds.length === 0) {
        return;
    }
    into.set(key, [...(into.get(key) ?? []), ...bounds]);
    for (const binding of bounds.flatMap(bindingsOf)) {
        addBounds(into, `${key}::${binding.name}`, binding.bounds);
    }
}

/** What `Self` is. */
export function selfIn(scope: StdScope): Ty {
    return scope.self ?? UNKNOWN;
}

/** The parameter of a name, from the innermost scope outward. */
export function paramIn(scope: StdScope, name: string): Ty | undefined {
    for (let at: StdScope | undefined = scope; at !== undefined; at = at.parent) {
        const found = at.params.get(name);
        if (found !== undefined) {
            return found;
        }
    }
    return undefined;
}
