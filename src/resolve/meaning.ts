// What lowering and rendering of types need of the meaning of declarations: the part of Semantics that
// they may see, so that the two can know each other without a circle.

import type { ImplSite, Program } from "./program.ts";
import type { BoundTrait, Ty } from "./types/types.ts";

/** Generic type parameters of one item. */
export interface Generics {
    /** Type and const parameters in order. */
    readonly names: readonly string[];
    /** Those of them that are const parameters, which no type is named by. */
    readonly constants?: readonly string[];
}

/** One impl block with its header understood. */
export interface ImplRecord extends ImplHeader {
    readonly symbol: number;
    readonly site: ImplSite;
    readonly members: ReadonlyMap<string, readonly number[]>;
}

/** The header of an impl block. */
export interface ImplHeader {
    readonly self: Ty;
    readonly isTraitImpl: boolean;
    /** The trait, workspace or external; undefined for an inherent impl or an unresolved trait. */
    readonly trait: BoundTrait | undefined;
}

/** Meaning of declarations, computed at first use. */
export interface Meaning {
    readonly program: Program;
    /** The impl block of a symbol, once headers are read. */
    implOf(symbol: number): ImplHeader | undefined;
    genericsOf(symbol: number): Generics;
    /** The type that an alias, or an impl's associated type, stands for. */
    aliasTarget(symbol: number): Ty;
    /** The one symbol for all paths of a type or trait of std; the symbol itself for others. */
    canonical(symbol: number): number;
    /** The arguments of a type that are not its defaults. */
    writtenArguments(ty: Ty & { readonly k: "external" }): readonly Ty[];
    /** A path of std with arguments as a type; undefined for other externals. */
    stdType(symbol: number, args: readonly Ty[]): Ty | undefined;
    /** The first of the types that are one definition under different predicates: it stands for all. */
    representative(symbol: number): number;
    /** Whether several symbols are one definition under different predicates. */
    areTwins(symbols: readonly number[]): boolean;
}
