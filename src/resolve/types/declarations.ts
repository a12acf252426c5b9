// What is declared of functions, impls and generic items, in one form for the workspace and for std, so that
// inference need not tell them apart. Parameters are `param` types, to be replaced by variables at each use.

import type { BoundTrait, Ty } from "./types.ts";

/** `ty: trait`, from a bound or a where clause. */
export interface Predicate {
    readonly ty: Ty;
    readonly trait: BoundTrait;
}

/** Generic type and const parameters of one declaration. */
export interface Declared {
    /** Owner in the parameters' types; a negative number for what has no symbol (impls of std). */
    readonly owner: number;
    readonly names: readonly string[];
    /** Bounds, where clauses included; a trait's own also has its supertraits, of `Self`. */
    readonly predicates: readonly Predicate[];
    /** A bound or where clause is not understood: more, or less, may hold. */
    readonly open: boolean;
}

/** How a function takes its receiver. */
export type ReceiverKind = "none" | "value" | "ref" | "mut" | "typed";

/** A function, method or constructor. */
export interface FunctionDeclaration extends Declared {
    readonly receiver: ReceiverKind;
    /** Type of the receiver in terms of the impl's self type or the trait's `Self`; undefined without one. */
    readonly self: Ty | undefined;
    /** Types of the parameters, the receiver left out. */
    readonly params: readonly Ty[];
    readonly result: Ty;
}

/** An impl block. */
export interface ImplDeclaration extends Declared {
    readonly self: Ty;
    /** Undefined for an inherent impl. */
    readonly trait: BoundTrait | undefined;
    /** `impl !Trait for …`. */
    readonly negative: boolean;
    /** The type that an associated type of this impl stands for. */
    associated(name: string): Ty | undefined;
}

/** A member of a type or trait of std. */
export interface StdItem {
    readonly name: string;
    readonly kind: "fn" | "const" | "type";
    readonly stable: boolean;
    /** Of traits: it has a default. */
    readonly provided: boolean;
    /** Full path of the external: `std::vec::Vec::push`, `std::iter::Iterator::map`. */
    readonly path: string;
    /** Of functions. */
    readonly function: FunctionDeclaration | undefined;
    /** Type of a constant; undefined for others. */
    readonly type: Ty | undefined;
}
