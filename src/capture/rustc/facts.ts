// What rustc says of one compilation: which definition stands behind every token of active code, what is
// called without a token, and how control flows. Made from the compiler's dumps, stored, joined with the
// resolver's answers. Plain data: it crosses threads and files.

/** One compilation: one target of one package in one configuration. */
export interface CompilationUnit {
    /** Manifest folder relative to the workspace root, `/`-separated; empty for the root package. */
    readonly packageFolder: string;
    readonly packageName: string;
    readonly crateName: string;
    readonly targetKind: "lib" | "proc-macro" | "bin" | "example" | "test" | "bench";
    readonly targetName: string;
    /** Compiled as a test harness (`--test`). */
    readonly isTest: boolean;
    /** Features that were on, sorted. */
    readonly features: readonly string[];
    /** Name of the configuration that asked for it (`default`, `tests`, `all-features`, …). */
    readonly configuration: string;
}

/** A file that the compilation read, as it was then. */
export interface FactFile {
    /** Relative to the workspace root, `/`-separated. */
    readonly path: string;
    /** SHA-256 of the file's bytes, hex. */
    readonly contentHash: string;
}

/** How a token uses what it names; `expanded` uses have no token of their own in the source. */
export const FACT_ROLE = {
    definition: 0,
    path: 1,
    method: 2,
    field: 3,
    "literal-field": 4,
    "pattern-field": 5,
    pattern: 6,
    "format-capture": 7,
    import: 8,
    lifetime: 9,
    label: 10,
} as const;

/** Name of a FACT_ROLE. */
export type FactRole = keyof typeof FACT_ROLE;

/** Bits of RustcFacts.uses.flags. */
export const FACT_FLAG = {
    /** The token stands in a macro's body; the use belongs to some expansion of it. */
    macroBody: 1,
    /** The token was found at a macro call by hygiene: the compiler gave the macro's body as its place. */
    byHygiene: 2,
    /** One token of a shorthand: there is another use with the same span. */
    shorthand: 4,
} as const;

/**
 * What a use names. `definition` is the compiler's DefPath with its crate's hash
 * (`grep_matcher[75c5]::Matcher::captures`): stable within one build of that crate. A local is named by
 * the place of its binding token instead.
 */
export interface FactTarget {
    readonly kind: "definition" | "local" | "primitive";
    readonly path: string;
    /** The binding token of a local: index into `files`, UTF-16 offsets. Without it, nobody knows what is named. */
    readonly file?: number;
    readonly start?: number;
    readonly end?: number;
}

/** A definition of this crate, by its name token. */
export interface FactDefinition {
    /** DefPath with the crate's hash. */
    readonly path: string;
    /** The compiler's word: `Fn`, `AssocFn`, `Struct`, `Variant`, `Field`, `Mod`, `Trait`, `Impl`, … */
    readonly kind: string;
    /** Index into `files`; -1 where it has no token in the workspace's source. */
    readonly file: number;
    /** Name token (an impl: its header), UTF-16 offsets. */
    readonly start: number;
    readonly end: number;
}

/** Uses as columns of one length, sorted by file, start. Offsets are UTF-16 units of the decoded text. */
export interface FactUses {
    readonly file: Uint32Array;
    readonly start: Uint32Array;
    readonly end: Uint32Array;
    /** FACT_ROLE. */
    readonly role: Uint8Array;
    readonly flags: Uint8Array;
    /** Index into `targets`. */
    readonly target: Uint32Array;
    /** For methods and fields: index into `types` of the receiver's type before adjustments; 0 for none. */
    readonly receiver: Uint32Array;
}

/** Causes of calls that no token names, in the order of their codes. Append only: evidence holds codes. */
export const IMPLICIT_CAUSES = [
    "operator",
    "index",
    "deref",
    "try",
    "for",
    "await",
    "drop",
    "closure",
    "format",
    "other",
] as const;

/** Why something is called without a token that names it. */
export type ImplicitCause = (typeof IMPLICIT_CAUSES)[number];

/** A call or reference that no token of the workspace's source names; from MIR. */
export interface ImplicitUse {
    /** DefPath of the body that contains it. */
    readonly owner: string;
    /** The compiler's printed path or DefPath of what is called. */
    readonly target: string;
    readonly cause: ImplicitCause;
    /** Place of the expression: index into `files` (-1 when outside the workspace), UTF-16 offsets. */
    readonly file: number;
    readonly start: number;
    readonly end: number;
}

/** All that is kept of one compilation. */
export interface RustcFacts {
    /** Raised when the meaning of anything here changes. */
    readonly format: number;
    /** `commit-hash` of `rustc -vV`. */
    readonly compiler: string;
    readonly unit: CompilationUnit;
    readonly files: readonly FactFile[];
    readonly definitions: readonly FactDefinition[];
    readonly targets: readonly FactTarget[];
    /** Types as the compiler prints them; entry 0 is empty. */
    readonly types: readonly string[];
    readonly uses: FactUses;
    /** Call edges between bodies, MIR's: owner DefPath → callee as printed; empty unless MIR was asked for. */
    readonly implicit: readonly ImplicitUse[];
}

/** Control flow of one body: blocks in order, edges between them. Kept in a shard of its own. */
export interface BodyFlow {
    /** DefPath of the body. */
    readonly owner: string;
    /** Span of each block's first statement: index into `files`, or -1; offsets in pairs. */
    readonly blockFile: Int32Array;
    readonly blockSpan: Uint32Array;
    /** Edges: pairs (from block, to block). */
    readonly edges: Uint32Array;
}

/** Control flow of one compilation. */
export interface FlowShard {
    readonly compiler: string;
    readonly unit: CompilationUnit;
    readonly files: readonly FactFile[];
    readonly bodies: readonly BodyFlow[];
}
