// The request about tests that a change affects. Documented in docs/protocol/requests.md, which is pinned to
// this file.

/** Asks which tests the changes since a revision of git may affect; the texts are those on disk. */
export interface AffectedParams {
    /** A branch, tag, hash, or anything that `git rev-parse` takes for a commit. */
    readonly since: string;
}

/** A place in a workspace file: 0-based line and UTF-16 column. */
interface PlaceDto {
    readonly path: string;
    readonly line: number;
    readonly column: number;
}

/** One thing that changed. */
export interface AffectedChangeDto {
    readonly path: string;
    readonly how: "added" | "changed" | "removed";
    /** Kind and name of the item, or what the file is. */
    readonly what: string;
    readonly at: PlaceDto | undefined;
    /** What follows from it where that is more than the item itself. */
    readonly effect: string;
    /** Number of symbols that may behave differently by it at once. */
    readonly symbols: number;
}

/** Tests of one target of one package: a test, all below a module, or all. */
export interface AffectedTestDto {
    readonly package: string;
    /** As Cargo names it; empty for a whole package. */
    readonly targetKind: string;
    readonly targetName: string;
    /** Path of the test, or of the module, without the crate; empty for a whole target or package. */
    readonly test: string;
    /** `one` is a test by name; `below` also all tests whose names begin with it; `all` is the target or package. */
    readonly extent: "one" | "below" | "all";
    readonly at: PlaceDto | undefined;
    /** Position in `changes` of one that reaches it. */
    readonly change: number;
    /** How the test gets there: the test first, then what each step leads to and why. */
    readonly way: readonly string[];
}

/** Which tests to run. */
export interface AffectedResult {
    readonly since: string;
    readonly commit: string;
    readonly changes: readonly AffectedChangeDto[];
    readonly tests: readonly AffectedTestDto[];
    /** Packages whose documentation tests may be affected. */
    readonly doctests: readonly string[];
    /** Number of test functions that are known in the workspace. */
    readonly testsKnown: number;
    /** Number of test functions that are selected, those of whole packages and targets included. */
    readonly testsSelected: number;
    /** What is left out, or uncertain. */
    readonly notes: readonly string[];
    readonly milliseconds: number;
}
