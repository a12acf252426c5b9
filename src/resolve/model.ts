// What resolution knows, as seen by everything above it: symbols, occurrences, bindings.

import type { Problem, Span } from "../base/index.ts";
import type { ImplicitCause } from "../capture/index.ts";
import type { EdgeKind, NodeId, SymbolKind } from "../graph/index.ts";

/** Dense index of a symbol in one Resolution. Symbols of the workspace and externals share the range. */
export type SymbolIndex = number;

/** How widely a symbol can be seen. `public` means `pub` at its own definition, not reachability. */
export type Visibility = "private" | "restricted" | "crate" | "public";

/** A named definition, as one crate sees it. A file with two owners gives two symbols for one definition token. */
export interface SymbolInfo {
    readonly index: SymbolIndex;
    readonly id: NodeId;
    readonly kind: SymbolKind;
    /** Identifier without raw prefix; an impl's header text; a crate's name. */
    readonly name: string;
    /** Canonical path as text. */
    readonly path: string;
    /** Path as a person writes it: `krate::module::Type::method`, `<Type as Trait>::method`. */
    readonly display: string;
    /** File of the definition; undefined for externals. */
    readonly file: string | undefined;
    /** Identifier token of the definition, raw prefix included; undefined for externals, impls and crates. */
    readonly nameSpan: Span | undefined;
    /** Whole item, attributes left out; undefined for externals. */
    readonly extent: Span | undefined;
    readonly parent: SymbolIndex | undefined;
    /** Symbol of the crate it belongs to; itself for a crate; undefined for externals. */
    readonly crate: SymbolIndex | undefined;
    readonly visibility: Visibility;
    /** Bits of NODE_FLAG. */
    readonly flags: number;
    /** Own and inherited cfg predicate as text, empty when none. */
    readonly cfg: string;
}

/** What a token is used as. */
export type OccurrenceRole =
    | "definition"
    | "call"
    | "method-call"
    | "field"
    | "literal-field"
    | "pattern-field"
    | "value"
    | "pattern"
    | "type"
    | "module"
    | "import"
    | "import-alias"
    | "macro-call"
    | "macro-input"
    | "macro-body"
    | "attribute"
    | "format-capture"
    | "doc-link"
    | "lifetime"
    | "label"
    | "visibility";

/** A local symbol: it serves no impact query and lives in its file only. */
export interface LocalInfo {
    readonly kind:
        "local" | "parameter" | "label" | "lifetime" | "type-parameter" | "const-parameter";
    readonly name: string;
    readonly file: string;
    /** Defining token. For an or-pattern the first alternative's. */
    readonly nameSpan: Span;
    /** Range in which the local can be seen. */
    readonly scope: Span;
}

/** What a token means. `unresolved` and `opaque` are honest: nothing is guessed. */
export type Binding =
    /** One definition; several only where they are cfg twins, or owners of one definition token. */
    | { readonly kind: "symbol"; readonly symbols: readonly SymbolIndex[] }
    | { readonly kind: "local"; readonly local: LocalInfo }
    | { readonly kind: "external"; readonly path: string }
    | { readonly kind: "builtin"; readonly name: string }
    | {
          readonly kind: "ambiguous";
          readonly candidates: readonly SymbolIndex[];
          readonly reason: string;
      }
    | { readonly kind: "unresolved"; readonly reason: string }
    | { readonly kind: "opaque"; readonly reason: string };

/** A token that may name a symbol. A shorthand token gives two occurrences with one span. */
export interface Occurrence {
    readonly file: string;
    /** The token, raw prefix included, a lifetime's quote left out. */
    readonly span: Span;
    /** Spelling without raw prefix. */
    readonly name: string;
    readonly raw: boolean;
    readonly role: OccurrenceRole;
    readonly binding: Binding;
    /** The token is the local name that an `as` import gave, or a use of it. */
    readonly viaAlias: boolean;
    /**
     * Set when this token and another share one span (`S { x }`): replacing the one means writing both.
     * `field` is the occurrence that names the field, `value` the one that names local or path.
     */
    readonly shorthand: "field" | "value" | undefined;
    /** Innermost enclosing graph node, as edge sources are. */
    readonly enclosing: SymbolIndex | undefined;
    /** Crate whose view this is (a file may have several owners). */
    readonly crate: SymbolIndex | undefined;
    readonly precision: "textual" | "syntactic" | "exact";
    /** Who made it exact; undefined where it is not. */
    readonly saidBy: "rustc" | "rust-analyzer" | undefined;
}

/**
 * Occurrences of one file as one crate sees it, in columns.
 *
 * Rows are in order of start offset. The codes in them are those of walk/occurrence-table.ts.
 */
export interface OccurrenceTable {
    readonly start: Uint32Array;
    readonly end: Uint32Array;
    /** Index into `names`. */
    readonly name: Uint32Array;
    readonly role: Uint8Array;
    readonly bind: Uint8Array;
    readonly flags: Uint8Array;
    /** Symbol, local, or set, by `bind` and `flags`; a name for builtins. */
    readonly target: Uint32Array;
    /** Index into `reasons`. */
    readonly reason: Uint16Array;
    /** Symbol of the enclosing item. */
    readonly enclosing: Uint32Array;
    readonly names: readonly string[];
    readonly reasons: readonly string[];
    readonly sets: readonly (readonly number[])[];
    readonly locals: readonly LocalInfo[];
}

/** Tokens of one file as one crate sees it, as rows of a table: where one object for each would be too many. */
export interface OccurrenceRows {
    readonly file: string;
    readonly crate: SymbolIndex | undefined;
    readonly table: OccurrenceTable;
    /** Which rows of the table, ascending; undefined for all of them. */
    readonly rows: readonly number[] | undefined;
    /** A row of the table as an object. */
    readonly occurrence: (row: number) => Occurrence;
}

/** An edge between dense symbols. */
export interface SymbolEdge {
    readonly source: SymbolIndex;
    readonly target: SymbolIndex;
    readonly kind: EdgeKind;
}

/** Counts of occurrences by what they bind to. */
export interface BindingCounts {
    readonly symbol: number;
    readonly local: number;
    readonly external: number;
    readonly builtin: number;
    readonly ambiguous: number;
    readonly unresolved: number;
    readonly opaque: number;
}

/** Counts of occurrences by what evidence did to them. */
export interface EvidenceCounts {
    /** Confirmed or decided by rustc, by what they bind to. */
    readonly exact: BindingCounts;
    /** The resolver and rustc say different things. */
    readonly disputed: number;
    readonly analyzer: {
        /** Confirmed or decided by rust-analyzer alone. */
        readonly exact: BindingCounts;
        /** The resolver or rustc says one thing, rust-analyzer another. */
        readonly disputed: number;
        /** So do both of them, who agree: the token keeps that meaning. */
        readonly outvoted: number;
    };
    /** Calls that no token names, by cause; between two symbols each cause counts once. */
    readonly implicit: Readonly<Partial<Record<ImplicitCause, number>>>;
}

/** A file's part in the workspace: which crates own it, under which predicate, and what of it is broken. */
export interface FileOwnership {
    readonly path: string;
    /** Crate symbols, ascending; empty for a file that no target reaches. */
    readonly owners: readonly SymbolIndex[];
    readonly cfg: string;
    /** Symbols of the modules that this file is the body of, one for each owner. */
    readonly modules: readonly SymbolIndex[];
}

/** A resolved workspace: immutable, complete for the texts that it was made from. */
export interface Resolution {
    /**
     * It was made from another by changing names: exact as long as every token that spells one of them means
     * what it meant.
     */
    readonly isDerived: boolean;
    readonly symbolCount: number;
    symbol(index: SymbolIndex): SymbolInfo;
    findById(id: NodeId): SymbolIndex | undefined;
    /** Symbols whose display path equals or ends with `::` + the given path; exact matches first. */
    findByPath(path: string): readonly SymbolIndex[];
    /** What public imports give by a path, globs among them: `regex::Regex`. */
    reexportsAt(path: string): readonly SymbolIndex[];
    /** Symbols with this very name. */
    findByName(name: string): readonly SymbolIndex[];
    /** All occurrences at a token; empty where there is none. An end offset counts as inside. */
    occurrencesAt(file: string, offset: number): readonly Occurrence[];
    /** Every token of the workspace with this spelling (raw prefix stripped), or of some files, in file and offset order. */
    occurrencesNamed(name: string, among?: ReadonlySet<string>): readonly Occurrence[];
    /** Every occurrence in a file, in offset order. */
    occurrencesIn(file: string): readonly Occurrence[];
    /** What `occurrencesIn` says, as rows of one table for each crate that has the file. */
    rowsIn(file: string): readonly OccurrenceRows[];
    /** Tables of a file that have at least the rows of those of its outermost items that touch one of some spans. */
    rowsTouching(file: string, spans: readonly Span[]): readonly OccurrenceRows[];
    /** What `occurrencesNamed` says of the files that are asked about, as rows. */
    rowsNamed(name: string, isAsked: (file: string) => boolean): readonly OccurrenceRows[];
    /** Occurrences bound to the symbol, aliases included. */
    occurrencesOf(symbol: SymbolIndex): readonly Occurrence[];
    /** Occurrences bound to the local, its definitions included. */
    occurrencesOfLocal(local: LocalInfo): readonly Occurrence[];
    /**
     * Symbols that must be renamed together with this one: trait item and impl items, cfg twins, owners of
     * the same definition token; the symbol itself included, ascending.
     */
    renameFamily(symbol: SymbolIndex): readonly SymbolIndex[];
    /** The external trait that a family member's impl implements, when there is one (then it is not renameable). */
    externalTraitOf(symbol: SymbolIndex): string | undefined;
    childrenOf(symbol: SymbolIndex): readonly SymbolIndex[];
    edges(): Iterable<SymbolEdge>;
    files(): readonly FileOwnership[];
    /** Edition of the crate that owns the file (the oldest when several). */
    editionOf(file: string): "2015" | "2018" | "2021" | "2024";
    counts(): BindingCounts;
    /** What the facts of rustc and rust-analyzer did to the occurrences. */
    evidenceCounts(): EvidenceCounts;
    /** Why a symbol calls another without a token that says so; undefined where a token does, or none calls. */
    implicitCause(from: SymbolIndex, to: SymbolIndex): ImplicitCause | undefined;
    /** The first occurrences on which one disagrees with the rest, in file and offset order; by default rustc. */
    disputed(limit: number, who?: "rustc" | "rust-analyzer"): readonly Occurrence[];
    /** What is broken in the module tree: files that are missing, modules that include themselves. */
    problems(): readonly Problem[];
}
