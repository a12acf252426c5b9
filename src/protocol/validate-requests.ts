// The request of a validated rename. Documented in docs/protocol/requests.md, which is pinned to this file.
// It has the compiler say, in a worktree outside of the workspace, that a rename changes no meaning.

import type { CheckReportDto } from "./patch-requests.ts";
import type {
    ConflictDto,
    EditDto,
    FileMoveDto,
    PlaceDto,
    RenameImpactParams,
    SymbolDto,
} from "./requests.ts";

/** What a person may accept of a validated rename beside ACCEPTABLE_GRADES. */
export const VALIDATION_ACCEPTABLE = ["bindings-not-compared"] as const;

/** Stages of its progress, in their order; those of one round come again with the next. */
export const VALIDATION_STAGES = [
    "planning",
    "making a worktree",
    "checking before",
    "editing",
    "checking",
    "comparing bindings",
    "documentation links",
    "linking",
    "documentation tests",
    "writing",
] as const;

/** One of VALIDATION_STAGES. */
export type ValidationStage = (typeof VALIDATION_STAGES)[number];

/** Asks for a rename that the compiler has compared, before and after. */
export interface ValidateRenameParams extends Pick<
    RenameImpactParams,
    "as" | "newName" | "symbol"
> {
    /** Grades that are accepted, of ACCEPTABLE_GRADES and VALIDATION_ACCEPTABLE; none by default. */
    readonly accept?: readonly string[];
    /** Uncommitted work comes along, and what this client has typed and not saved. */
    readonly withUncommitted?: boolean;
    /** Files and folders that git ignores and the build needs, relative to the workspace. */
    readonly bring?: readonly string[];
    /** Writes the files when it has passed; false by default: an editor makes the edits itself. */
    readonly write?: boolean;
    /** Links, and tests documentation, even where nothing that is renamed can be seen there; false by default. */
    readonly thorough?: boolean;
    /** Checks the unedited files first, even where they were checked before; false by default. */
    readonly fresh?: boolean;
    /** Of an answer that was shown: refused (`PLAN_CHANGED`) when another edit than that is what passes. */
    readonly fingerprint?: string;
}

/** A cfg configuration, and whether it was compared. */
export interface ValidatedConfigurationDto {
    /** Arguments of cargo that stand for it; `default` where there are none. */
    readonly name: string;
    readonly judged: boolean;
    /** Why it was not: what does not compile before the edit. */
    readonly reason?: string;
}

/** One round: the edits that were compiled, and what the compiler's word changed in them. */
export interface RepairRoundDto {
    /** Of the edit that this round compiled. */
    readonly fingerprint: string;
    /** Tokens that it edits and the round before did not. In the first round: unproved ones that are edited. */
    readonly added: readonly PlaceDto[];
    /** Tokens that the round before edited and it does not. */
    readonly removed: readonly PlaceDto[];
    /** New errors, and new warnings that tell of another meaning. */
    readonly diagnostics: number;
}

/** How a comparison ended. What is different is refused, and never an answer. */
export type ComparisonVerdict = "equal" | "not-compared";

/** How a check of its own ended. What failed is refused, and never an answer. */
export interface SeparateCheckDto {
    readonly verdict: "passed" | "not-run";
    /** Why it was not run, or what it leaves out. */
    readonly reason?: string;
    readonly milliseconds: number;
}

/** All that was found, and what was not looked at. */
export interface ValidationEvidenceDto {
    readonly configurations: readonly ValidatedConfigurationDto[];
    /** The last one is what passed. */
    readonly rounds: readonly RepairRoundDto[];
    /** The compiler's own bindings: definitions that names are bound to, by its HIR and THIR. */
    readonly bindings: {
        readonly verdict: ComparisonVerdict;
        /** Bindings that were compared, in all crates and configurations together. */
        readonly compared: number;
        readonly crates: readonly string[];
        readonly reason?: string;
    };
    /** MIR of bodies. */
    readonly mir: {
        readonly verdict: ComparisonVerdict;
        readonly bodies: number;
        readonly reason?: string;
    };
    readonly checks: readonly CheckReportDto[];
    readonly link: SeparateCheckDto;
    readonly docLinks: SeparateCheckDto;
    readonly doctests: SeparateCheckDto;
    /** How long each stage took; stages that were not reached are left out. */
    readonly durations: readonly {
        readonly stage: ValidationStage;
        readonly milliseconds: number;
    }[];
    readonly milliseconds: number;
    readonly notes: readonly string[];
}

/** A rename that passed. Edits are of the text that this client sees: with its unsaved text, if that came along. */
export interface ValidateRenameResult {
    readonly symbol: SymbolDto;
    readonly newName: string;
    /** SHA-256 over the edit that passed, hex. */
    readonly fingerprint: string;
    /** As a unified diff. */
    readonly diff: string;
    readonly edits: readonly EditDto[];
    readonly moves: readonly FileMoveDto[];
    /** Conflicts that were accepted. */
    readonly conflicts: readonly ConflictDto[];
    /** SHA-256 of every file that is touched, as it must be for the edit to be made; hex, by path. */
    readonly fileHashes: Readonly<Record<string, string>>;
    /** Whether the files of the workspace were written. */
    readonly written: boolean;
    /** Of the operation in the log. */
    readonly opId: string;
    readonly evidence: ValidationEvidenceDto;
}

/** Parameters and result of this request. */
export interface ValidateRequestMap {
    "rename-impact/validate": [ValidateRenameParams, ValidateRenameResult];
}
