// What is kept of rustc's and rust-analyzer's facts to decide tokens with: per compilation unit and file, tied to what the file's
// segments and the definitions around it were. Positions are those of the captured text; where the text has
// changed they are found again by segment and token number (file-segments.ts).

/** What a fact names, in words that outlive a session. */
export type EvidenceTarget =
    /** Symbols of the workspace, by id. */
    | { readonly kind: "symbols"; readonly ids: readonly string[] }
    /** A local, lifetime or generic parameter of the same file, by its defining token. */
    | {
          readonly kind: "local";
          readonly segment: number;
          readonly ordinal: number;
          readonly start: number;
          readonly end: number;
      }
    /** A definition that no token of the workspace's known symbols makes: std's, a dependency's, a macro's. */
    | { readonly kind: "outside"; readonly path: string }
    /** A definition of the workspace that no known symbol stands for: says nothing. */
    | { readonly kind: "unknown" };

/** Calls of one file that no token names, as one compilation saw them; each once. */
export interface ImplicitEvidence {
    /** Segment that holds the caller's body. */
    readonly segment: Uint32Array;
    /** Position in IMPLICIT_CAUSES. */
    readonly cause: Uint8Array;
    /** Indices into `targets` of caller and callee. */
    readonly owner: Uint32Array;
    readonly callee: Uint32Array;
}

/** What became of the calls of a unit that no token names. */
export interface ImplicitCounts {
    /** Calls of symbols of the workspace. */
    readonly mapped: number;
    /** Calls of what is not of the workspace. */
    readonly outside: number;
    /** Left out: caller or callee is not known for sure. */
    readonly notMapped: number;
}

/** Facts of one file as one compilation saw it; columns in order of `start`. */
export interface FileEvidence {
    readonly start: Uint32Array;
    readonly length: Uint16Array;
    readonly segment: Uint32Array;
    /** Number of the token in its segment. */
    readonly ordinal: Uint32Array;
    /** Offset inside that token: names in format strings, names after a quote. */
    readonly inside: Uint16Array;
    /** FACT_ROLE. */
    readonly role: Uint8Array;
    /** FACT_FLAG. */
    readonly flags: Uint8Array;
    /** Index into `targets`. */
    readonly target: Uint32Array;
    readonly targets: readonly EvidenceTarget[];
    readonly implicit: ImplicitEvidence;
}

/** A file of a unit, as far as one must know it to tell whether its facts hold. */
export interface EvidenceFile {
    readonly path: string;
    readonly contentHash: string;
    /** Hashes of the file's segments as captured. */
    readonly segments: readonly string[];
    readonly factCount: number;
    /** The facts; undefined when they are damaged. */
    load(): FileEvidence | undefined;
}

/** Who said it. */
export type EvidenceFrontend = "rustc" | "rust-analyzer";

/** Evidence of one compilation unit; of rust-analyzer's word, of one crate. */
export interface UnitEvidence {
    readonly frontend: EvidenceFrontend;
    /** Names the unit in the fact store. */
    readonly key: string;
    /** Changes whenever its facts may differ. */
    readonly factsHash: string;
    /** Id of the crate's symbol, 16 hex digits. */
    readonly crateId: string;
    readonly configurations: readonly string[];
    /** Fingerprint of all definitions that the crate depends on, as they were. */
    readonly fingerprint: string;
    readonly implicit: ImplicitCounts;
    readonly files: ReadonlyMap<string, EvidenceFile>;
}

/** A file's outside hash, by the hash of its content. */
export type OutsideHashes = ReadonlyMap<string, string>;
