// Trees of the Rust texts that the summary of std has: types, bounds, signatures, headers of impls.
// std-type-parser.ts makes them, std-lowering.ts gives them a meaning. Lifetimes are left out.

/** A path's segment: `Vec<T, A>`, `Iterator<Item = T>`, `FnMut(A) -> B`. */
export interface SegmentSyntax {
    readonly name: string;
    readonly args: readonly TypeSyntax[];
    readonly bindings: readonly BindingSyntax[];
}

/** `Item = T`, or `Item: Bound`. */
export interface BindingSyntax {
    readonly name: string;
    readonly type: TypeSyntax | undefined;
    readonly bounds: readonly BoundSyntax[];
}

/** A bound by a trait. */
export interface BoundSyntax {
    readonly segments: readonly SegmentSyntax[];
}

/** A type as text has it; `const` stands for any const argument that is not a name. */
export type TypeSyntax =
    | { readonly k: "path"; readonly segments: readonly SegmentSyntax[] }
    | {
          readonly k: "qualified";
          readonly self: TypeSyntax;
          readonly trait: BoundSyntax | undefined;
          readonly rest: readonly string[];
      }
    | { readonly k: "ref"; readonly inner: TypeSyntax; readonly mutable: boolean }
    | { readonly k: "pointer" | "slice" | "array"; readonly inner: TypeSyntax }
    | { readonly k: "tuple"; readonly items: readonly TypeSyntax[] }
    | {
          readonly k: "function";
          readonly params: readonly TypeSyntax[];
          readonly result: TypeSyntax | undefined;
      }
    | {
          readonly k: "bound";
          readonly form: "dyn" | "impl";
          readonly bounds: readonly BoundSyntax[];
      }
    | { readonly k: "never" | "infer" | "const" };

/** A type or const parameter. */
export interface ParameterSyntax {
    readonly name: string;
    readonly isConst: boolean;
    readonly bounds: readonly BoundSyntax[];
    readonly fallback: TypeSyntax | undefined;
}

/** `type: bounds` of a where clause. */
export interface WhereSyntax {
    readonly type: TypeSyntax;
    readonly bounds: readonly BoundSyntax[];
}

/** How a signature has its receiver; `type` is that of `self: Type`. */
export interface ReceiverSyntax {
    readonly kind: "value" | "ref" | "mut" | "typed";
    readonly type: TypeSyntax | undefined;
}

/** `fn name<…>(…) -> … where …`. */
export interface SignatureSyntax {
    readonly generics: readonly ParameterSyntax[];
    readonly receiver: ReceiverSyntax | undefined;
    readonly params: readonly TypeSyntax[];
    readonly result: TypeSyntax | undefined;
    readonly where: readonly WhereSyntax[];
}

/** `impl<…> Trait for Self where …`. */
export interface ImplSyntax {
    readonly generics: readonly ParameterSyntax[];
    readonly negative: boolean;
    readonly trait: BoundSyntax | undefined;
    readonly self: TypeSyntax;
    readonly where: readonly WhereSyntax[];
}

/** Supertraits and where clause of a trait. */
export interface BoundsSyntax {
    readonly bounds: readonly BoundSyntax[];
    readonly where: readonly WhereSyntax[];
}

/** Declaration of an associated type or constant. */
export interface AssociatedSyntax {
    readonly bounds: readonly BoundSyntax[];
    /** Type of a constant, default of a type. */
    readonly type: TypeSyntax | undefined;
}

/** Payload of a variant; with names where it has named fields. */
export interface PayloadSyntax {
    readonly names: readonly string[] | undefined;
    readonly types: readonly TypeSyntax[];
}
