// A rename as data: plan, conflicts, unproved places.

import type { Place, Span } from "../base/index.ts";
import type { LocalInfo, OccurrenceRole, SymbolIndex } from "../resolve/index.ts";

/** What is renamed. */
export type RenameTarget =
    | { readonly kind: "symbol"; readonly symbol: SymbolIndex }
    | { readonly kind: "local"; readonly local: LocalInfo }
    /** The import that brings a symbol to a place, and what is named through it. */
    | {
          readonly kind: "import";
          readonly symbol: SymbolIndex;
          readonly file: string;
          /** Offset of a token of its name: in the import, or where it is used. */
          readonly start: number;
          /** `alias`: there must be an `as` already. */
          readonly as: "import" | "alias";
      };

/** What an edit replaces: a token in one of its roles, or something that no resolution knows as a token. */
export type EditRole =
    | OccurrenceRole
    /** A name in the string of an attribute, which is code. */
    | "attribute-string"
    /** A path of a file, in a string or a manifest. */
    | "path-string"
    /** A name in an example of the documentation. */
    | "doctest"
    /** A word of a comment, a literal or a document. */
    | "text";

/** Replacement of one span of one file. */
export interface TextEdit {
    readonly path: string;
    readonly span: Span;
    readonly oldText: string;
    readonly newText: string;
    readonly role: EditRole;
    readonly precision: "textual" | "syntactic" | "exact";
}

/** A file that moves with its module. */
export interface FileMove {
    readonly from: string;
    readonly to: string;
}

/** Something that the rename would bring about besides the new name. */
export interface Conflict {
    readonly kind: string;
    readonly grade: "error" | "changes-meaning" | "changes-output" | "breaks-api" | "unproved";
    readonly message: string;
    /** At most three. */
    readonly at: readonly Place[];
    /** What a person can do about it. */
    readonly advice: string;
}

/** A conflict as it is found. */
export type FoundConflict = Omit<Conflict, "advice">;

/** A token that could mean what is renamed and is not decided. */
export interface UnprovedPlace {
    readonly path: string;
    readonly span: Span;
    readonly reason: string;
}

/** Result of comparing all bindings before and after the edits. */
export interface ProofResult {
    readonly verdict: "proved" | "unproved" | "refuted" | "not-made";
    /** Number of tokens compared. */
    readonly tokens: number;
    /** SHA-256 over both binding relations, hex; empty when not made. */
    readonly digest: string;
    readonly refuted: readonly UnprovedPlace[];
}

/** The compiled, hash-pinned edits of a rename. */
export interface RenamePlan {
    readonly kind: "plan";
    readonly target: RenameTarget;
    readonly oldName: string;
    readonly newName: string;
    /** By path, then descending start, as they are to be applied. */
    readonly edits: readonly TextEdit[];
    readonly moves: readonly FileMove[];
    readonly conflicts: readonly Conflict[];
    readonly unproved: readonly UnprovedPlace[];
    /** Tokens spelled as the old or the new name in files that no target reaches: nothing compiles them. */
    readonly leftAlone: readonly UnprovedPlace[];
    /** Predicates of conditional compilation under which edited tokens stand; empty where all are always compiled. */
    readonly branches: readonly string[];
    readonly proof: ProofResult;
    /** SHA-256 of each touched file's bytes before, hex, by path. */
    readonly fileHashes: ReadonlyMap<string, string>;
    /** SHA-256 over everything above, hex. */
    readonly fingerprint: string;
    /** Where the target's definition token stands afterwards, if it is taken elsewhere; offsets of each text. */
    readonly landed?: {
        readonly from: { readonly path: string; readonly start: number };
        readonly to: { readonly path: string; readonly start: number };
    };
}
