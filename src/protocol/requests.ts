// Requests beyond LSP: names, parameters, results. Documented in docs/protocol/requests.md, which is
// pinned to this file. Positions here are 0-based lines and UTF-16 columns; paths are relative to the root.

import type { AffectedParams, AffectedResult } from "./affected-requests.ts";
import type { AnalyzerStatus, AskedAnalyzerDto } from "./analyzer-status.ts";
import type { CaptureParams, CaptureResult, ProblemDto } from "./capture-requests.ts";
import type {
    DaemonVersions,
    HandshakeParams,
    HandshakeResult,
    MemoryStatus,
} from "./daemon-requests.ts";
import type { FactsStatus } from "./facts-status.ts";
import type { PatchRequestMap } from "./patch-requests.ts";
import type {
    ExportParams,
    ExportResult,
    QueryNextParams,
    QueryPage,
    QueryParams,
    QueryResult,
    TablesStatus,
    TypesParams,
    TypesResult,
} from "./table-requests.ts";

/** Version of this protocol; client and daemon must agree on it. Raised with every incompatible change. */
export const PROTOCOL_VERSION = 1;

/** Names of the own requests and notifications. */
export const METHOD = {
    handshake: "rename-impact/handshake",
    capture: "rename-impact/capture",
    status: "rename-impact/status",
    renameImpact: "rename-impact",
    impact: "rename-impact/impact",
    reach: "rename-impact/reach",
    affected: "rename-impact/affected",
    references: "rename-impact/references",
    applyRename: "rename-impact/rename-apply",
    validateRename: "rename-impact/validate",
    flow: "rename-impact/flow",
    root: "rename-impact/root",
    proof: "rename-impact/proof",
    growth: "rename-impact/growth",
    verify: "rename-impact/verify",
    snapshot: "rename-impact/snapshot",
    diff: "rename-impact/diff",
    query: "rename-impact/query",
    queryNext: "rename-impact/query-next",
    export: "rename-impact/export",
    types: "rename-impact/types",
    plan: "rename-impact/plan",
    applyPlan: "rename-impact/apply",
    operations: "rename-impact/log",
    rollback: "rename-impact/rollback",
    replay: "rename-impact/replay",
    propagate: "rename-impact/propagate",
    stop: "rename-impact/stop",
    stopping: "rename-impact/stopping",
} as const;

/** JSON-RPC error codes of our own; `data` is an ErrorData. */
export const ERROR_NUMBER = {
    refused: -32010,
    world: -32011,
    versionMismatch: -32012,
} as const;

/** A place in a workspace file: 0-based line and UTF-16 column. */
export interface PlaceDto {
    readonly path: string;
    readonly line: number;
    readonly column: number;
}

/** What a failed request says, in `error.data`. */
export interface ErrorData {
    readonly code: string;
    readonly advice: string;
    readonly at: readonly PlaceDto[];
    readonly candidates: readonly string[];
    /** Of the daemon, where it is of another version than the client. */
    readonly versions?: DaemonVersions;
}

/** A symbol is named by its path, or by a place. */
export type SymbolSelector =
    | { readonly kind: "path"; readonly path: string }
    | { readonly kind: "place"; readonly place: PlaceDto };

/** A symbol as shown to people. */
export interface SymbolDto {
    /** 16 hex digits; empty for locals. */
    readonly id: string;
    readonly name: string;
    readonly kind: string;
    /** `krate::module::Type::method`. */
    readonly path: string;
    /** Name of the crate it belongs to; empty for externals. */
    readonly crate: string;
    readonly at: PlaceDto | undefined;
}

/** Asks which symbols reach the given one. */
export interface ImpactParams {
    readonly symbol: SymbolSelector;
    /** Edge kinds to follow; default call, reference, implements. */
    readonly edges?: readonly string[];
    /** Largest distance; default unlimited. */
    readonly depth?: number;
    /** Number of deltas after which the graph is asked; the newest by default. */
    readonly at?: number;
    /** Tell of each symbol its module and its step's precision; not told of the past. */
    readonly details?: boolean;
    /** Leave `reached` empty, and answer with the numbers alone. */
    readonly summary?: boolean;
}

/** One reached symbol. */
export interface ReachedDto {
    readonly symbol: SymbolDto;
    /** Number of edges on a shortest way; a call by dispatch counts two. */
    readonly distance: number;
    /** Index into ImpactResult.reached of the next symbol on that way; -1 for the asked symbol itself. */
    readonly via: number;
    /** Kind of the edge taken to `via`; `dispatch`: a call of the trait's item that `via` implements. */
    readonly edge: string;
    /** Path of that trait's item, where `edge` is `dispatch`. */
    readonly through?: string;
    /** Set where no token names that call: `operator`, `try`, `for`, `drop`, … */
    readonly implicit?: string;
    readonly isTest: boolean;
    /** Path of the module that it is in, where details were asked for. */
    readonly module?: string;
    /** How sure the step to `via` is, where details were asked for: `exact` where rustc has confirmed a token of it. */
    readonly precision?: "syntactic" | "exact";
}

/** The ripple of a symbol. */
export interface ImpactResult {
    readonly symbol: SymbolDto;
    /** By distance, then crate, then path. */
    readonly reached: readonly ReachedDto[];
    readonly crates: readonly { readonly name: string; readonly symbols: number }[];
    readonly tests: number;
    /** Graph root that the answer speaks of, hex. */
    readonly root: string;
    /** Tokens that could name the symbol and are not decided: the answer may lack their owners. */
    readonly undecided: number;
    /** The past that the answer speaks of; places are those of files whose text is still the same. */
    readonly past?: HistoryPointDto;
}

/** Asks how many symbols reach each one of the workspace. */
export interface ReachParams {
    /** Edge kinds to follow; default call, reference, implements. */
    readonly edges?: readonly string[];
    /** Largest distance; default unlimited. */
    readonly depth?: number;
    /** Ask only for what is declared public. */
    readonly publicOnly?: boolean;
    /** Most symbols in the answer; default 200. */
    readonly limit?: number;
}

/** The symbols of the workspace that most others reach. */
export interface ReachResult {
    /** By number of symbols, then path. */
    readonly widest: readonly {
        readonly symbol: SymbolDto;
        /** Length of its ImpactResult.reached. */
        readonly reached: number;
        /** Greatest distance among them; 0 where nothing reaches it. */
        readonly depth: number;
    }[];
    /** Symbols that were asked for, before `limit`; cfg twins are one. */
    readonly asked: number;
    /** Those of them that nothing reaches. */
    readonly unreached: number;
    /** Graph root that the answer speaks of, hex. */
    readonly root: string;
}

/** A point of the history. */
export interface HistoryPointDto {
    /** Number of deltas. */
    readonly k: number;
    /** Number of the commit that the last of them belongs to; 0 for the empty graph. */
    readonly commit: number;
    /** The point lies inside that commit: its state was never one by itself. */
    readonly inside: boolean;
    /** Wall clock of that commit, milliseconds since 1970; information only. */
    readonly timeMs: number | undefined;
}

/** Asks for the control flow of an item's body. */
export interface FlowParams {
    readonly symbol: SymbolSelector;
    /** Block of the item's own body from which reachability is told; 0, where it begins, by default. */
    readonly from?: number;
    /** Block of the item's own body, or a line of its file (0-based): what every way to it passes is told too. */
    readonly to?: { readonly block: number } | { readonly line: number };
}

/** A basic block. */
export interface FlowBlockDto {
    /** 16 hex digits: stable while the item's path and the block's number are. */
    readonly id: string;
    readonly number: number;
    /** Where its first statement stands; undefined for what macros of others made. */
    readonly at: PlaceDto | undefined;
    /** Numbers of the blocks that may follow. */
    readonly next: readonly number[];
    /** Number of steps from the block that was asked from; -1 where no way leads here. */
    readonly distance: number;
    /** The last block that every way from there to here passes; undefined for the first, and where no way leads. */
    readonly dominator?: number;
}

/** One body: the item's own, or that of a closure in it. */
export interface FlowBodyDto {
    /** `{closure#0}`; empty for the item's own. */
    readonly part: string;
    readonly blocks: readonly FlowBlockDto[];
}

/** The control flow of an item. */
export interface FlowResult {
    readonly symbol: SymbolDto;
    /** Names of the configurations that were compiled so. */
    readonly configurations: readonly string[];
    /** SHA-256 of the shard that it is from, hex. */
    readonly shard: string;
    readonly from: number;
    readonly bodies: readonly FlowBodyDto[];
    /** Present where it was asked what every way to some blocks passes: one entry for each of these. */
    readonly passed?: readonly FlowPassedDto[];
}

/** Blocks that every way to a block passes. */
export interface FlowPassedDto {
    /** As in FlowBodyDto: the body that the blocks belong to. */
    readonly part: string;
    readonly to: number;
    /** From the first to `to` itself, in the order of every way; empty where no way leads there. */
    readonly blocks: readonly number[];
}

/** A group of edits, or places, with what is known of them. */
export interface EditDto {
    readonly path: string;
    readonly line: number;
    readonly column: number;
    readonly endLine: number;
    readonly endColumn: number;
    readonly newText: string;
    readonly oldText: string;
    readonly precision: "textual" | "syntactic" | "exact";
    readonly role: string;
}

/** A file that moves with its module. */
export interface FileMoveDto {
    readonly from: string;
    readonly to: string;
}

/** A token that could mean the renamed symbol and is not decided. */
export interface UnprovedDto {
    readonly at: PlaceDto;
    readonly reason: string;
    readonly lineText: string;
}

/** Something that the rename would bring about besides the new name. */
export interface ConflictDto {
    readonly kind: string;
    readonly grade: "error" | "changes-meaning" | "changes-output" | "breaks-api" | "unproved";
    readonly message: string;
    /** At most three. */
    readonly at: readonly PlaceDto[];
    /** What a person can do about it. */
    readonly advice: string;
}

/** Grades of conflicts that a person may accept; nothing else about a plan can be. */
export const ACCEPTABLE_GRADES = ["changes-output", "breaks-api"] as const;

/** What is renamed at a place: what is defined, or the import that brings it there, or the import's alias. */
export const RENAME_INTENTS = ["item", "import", "alias"] as const;

/** One of RENAME_INTENTS. */
export type RenameIntent = (typeof RENAME_INTENTS)[number];

/** Asks what a rename would do. */
export interface RenameImpactParams {
    readonly symbol: SymbolSelector;
    readonly newName: string;
    /** Grades that are accepted, of ACCEPTABLE_GRADES; none by default. */
    readonly accept?: readonly string[];
    /** One of RENAME_INTENTS; `item` by default, and an alias is then refused as unclear. */
    readonly as?: string;
    /** Edit words of comments, literals, Markdown and TOML, too; leave the ripple out (faster). */
    readonly text?: boolean;
    readonly planOnly?: boolean;
    /** Ask a running rust-analyzer about places that are not proved, and wait for it, up to half a minute. */
    readonly ask?: boolean;
}

/** A rename that can be shown, and applied when `applicable`. */
export interface RenamePlanDto {
    readonly symbol: SymbolDto;
    readonly newName: string;
    readonly edits: readonly EditDto[];
    readonly moves: readonly FileMoveDto[];
    readonly conflicts: readonly ConflictDto[];
    readonly unproved: readonly UnprovedDto[];
    /** Tokens spelled as the old or the new name in files that no target reaches: not edited, nothing is in the way. */
    readonly leftAlone: readonly UnprovedDto[];
    /**
     * Predicates of conditional compilation under which edited tokens stand; empty where all are always compiled.
     * Names are resolved in all branches at once; which configurations were compiled, a validation says.
     */
    readonly branches: readonly string[];
    /** Nothing unproved or refuted, and no conflict but of an accepted grade. */
    readonly applicable: boolean;
    /** Grades of its conflicts that need a yes (`accept`), whether it was given or not. */
    readonly needs: readonly string[];
    /** Tokens compared by the binding proof, and its digest (hex); 0 and empty where no proof was made. */
    readonly proof: {
        readonly verdict: "proved" | "unproved" | "refuted" | "not-made";
        readonly tokens: number;
        readonly digest: string;
    };
    /** SHA-256 of every file that is touched, as it must be for the plan to apply; hex, by path. */
    readonly fileHashes: Readonly<Record<string, string>>;
    /** SHA-256 over the plan, hex: apply takes it and refuses when the plan would now be another. */
    readonly fingerprint: string;
    readonly crates: readonly string[];
    readonly files: number;
}

/** The plan and its ripple. */
export interface RenameImpactResult {
    readonly plan: RenamePlanDto;
    readonly impact: ImpactResult | undefined;
    /** The plan as a unified diff. */
    readonly diff: string;
    /** Present where rust-analyzer was to be asked, and there was something to ask. */
    readonly asked?: AskedAnalyzerDto;
}

/** Applies a plan that was shown: the daemon plans again and refuses when the fingerprint differs. */
export interface ApplyRenameParams {
    readonly symbol: SymbolSelector;
    readonly newName: string;
    readonly fingerprint: string;
    /** This and the rest as in RenameImpactParams. */
    readonly accept?: readonly string[];
    readonly as?: string;
    readonly text?: boolean;
}

/** What was written. */
export interface ApplyRenameResult {
    readonly files: readonly string[];
    readonly moves: readonly FileMoveDto[];
    readonly edits: number;
    /** Graph root after the commit that follows, hex. */
    readonly root: string;
    /** Of the operation in the log, which `rollback` undoes. */
    readonly opId: string;
}

/** All decided occurrences of a symbol, and how many tokens are not decided. */
export interface ReferencesParams {
    readonly symbol: SymbolSelector;
}

/** Answer to references. */
export interface ReferencesResult {
    readonly symbol: SymbolDto;
    readonly references: readonly EditDto[];
    readonly undecided: readonly UnprovedDto[];
    /** Tokens of the name in files that no target reaches. */
    readonly leftAlone: readonly UnprovedDto[];
}

/** What is captured, how precisely, and what it costs. */
export interface StatusResult {
    readonly root: string;
    readonly pid: number;
    readonly serverVersion: string;
    readonly protocolVersion: number;
    readonly state: "opening" | "capturing" | "ready" | "read-only";
    /** Why the store is read-only; empty when it is not. */
    readonly readOnlyReason: string;
    readonly workspaceSource: string;
    readonly packages: number;
    readonly targets: number;
    readonly files: number;
    readonly filesOutsideTargets: readonly string[];
    readonly lines: number;
    readonly symbols: number;
    readonly edges: Readonly<Record<string, number>>;
    readonly occurrences: Readonly<Record<string, number>>;
    readonly frontends: readonly {
        readonly name: string;
        readonly state: string;
        readonly precision: string;
    }[];
    readonly rustc: FactsStatus;
    readonly rustAnalyzer: AnalyzerStatus;
    readonly tables: TablesStatus;
    readonly stateRoot: string;
    readonly graphRoot: string;
    readonly deltaCount: number;
    readonly commitCount: number;
    readonly clients: readonly string[];
    readonly backlog: number;
    readonly memoryBytes: number;
    /** What memory is held to, and what was let go for it. */
    readonly memory: MemoryStatus;
    /** Files whose syntax is in memory; that of the others is read from the cache when it is needed. */
    readonly heldFiles: number;
    readonly disk: readonly { readonly file: string; readonly bytes: number }[];
    readonly problems: readonly ProblemDto[];
    /** What searches graphs, and how far it is with the card: what it is, or why there is none. */
    readonly searches: { readonly backend: string; readonly card: string };
    readonly versions: Readonly<Record<string, string>>;
    readonly lastCaptureMilliseconds: number;
    readonly warmStartMilliseconds: number | undefined;
}

/** Answer to root. */
export interface RootResult {
    readonly stateRoot: string;
    readonly graphRoot: string;
    readonly nodeRoot: string;
    readonly edgeRoot: string;
    readonly fileRoot: string;
    readonly deltaCount: number;
    readonly commitCount: number;
    readonly nodes: number;
    readonly edges: number;
    readonly files: number;
    /** Root over the root headers of all commits (docs/formats/root-header.md). */
    readonly logRoot: string;
}

/** Asks for a proof that the graph has a symbol, or that it has not. */
export interface ProofParams {
    /** A path may be canonical (`ws:…`), and then need not be that of a symbol. */
    readonly symbol: SymbolSelector;
}

/** A proof of the newest commit. */
export interface ProofResult {
    /** The proof file (docs/formats/proof.md). */
    readonly proof: string;
    readonly claim: "present" | "absent";
    /** Canonical path. */
    readonly path: string;
    readonly commit: number;
    readonly stateRoot: string;
    readonly logRoot: string;
}

/** Asks for a proof that the history up to one commit begins with that up to an earlier one. */
export interface GrowthParams {
    readonly before: number;
    readonly after: number;
}

/** A proof that the history only grew. */
export interface GrowthResult {
    /** The proof file (docs/formats/proof.md). */
    readonly proof: string;
    readonly before: number;
    readonly after: number;
    readonly logRootBefore: string;
    readonly logRoot: string;
}

/** What a replay of the whole history found: every root again. */
export interface VerifyResult {
    readonly commits: number;
    readonly deltas: number;
    readonly stateRoot: string;
    readonly logRoot: string;
    readonly logBytes: number;
    /** Deltas that are archived: the replay began behind them. 0 when none is. */
    readonly archivedDeltas: number;
    readonly milliseconds: number;
}

/** Asks for the graph after k deltas. */
export interface SnapshotParams {
    readonly k: number;
}

/** A state of the graph. */
export interface SnapshotResult {
    readonly point: HistoryPointDto;
    readonly stateRoot: string;
    readonly graphRoot: string;
    /** Numbers by kind. */
    readonly nodes: Readonly<Record<string, number>>;
    readonly edges: Readonly<Record<string, number>>;
    readonly files: number;
    readonly milliseconds: number;
}

/** Asks what leads from the graph after j deltas to that after k. */
export interface DiffParams {
    readonly j: number;
    readonly k: number;
    /** Most entries in each list; all by default. */
    readonly limit?: number;
}

/** An edge between symbols, by their paths. */
export interface PastEdgeDto {
    readonly source: string;
    readonly kind: string;
    readonly target: string;
}

/** The difference of two states of the graph. `counts` has the lengths of all lists before `limit`. */
export interface DiffResult {
    readonly from: HistoryPointDto;
    readonly to: HistoryPointDto;
    /** One for each rename; `followers` counts members and impls that moved along. */
    readonly renamed: readonly {
        readonly from: SymbolDto;
        readonly to: SymbolDto;
        readonly followers: number;
    }[];
    readonly added: readonly SymbolDto[];
    readonly removed: readonly SymbolDto[];
    /** Symbols whose flags changed, as names of flags. */
    readonly changed: readonly {
        readonly symbol: SymbolDto;
        readonly before: readonly string[];
        readonly after: readonly string[];
    }[];
    /** Edges that no rename, and no symbol that came or went, explains. */
    readonly addedEdges: readonly PastEdgeDto[];
    readonly removedEdges: readonly PastEdgeDto[];
    readonly addedFiles: readonly string[];
    readonly removedFiles: readonly string[];
    readonly changedFiles: readonly string[];
    readonly counts: Readonly<Record<string, number>>;
    readonly milliseconds: number;
}

/** Parameters and result of each own request that is described here, or in a file that this one knows. */
export interface PlainRequestMap extends PatchRequestMap {
    "rename-impact/handshake": [HandshakeParams, HandshakeResult];
    "rename-impact/capture": [CaptureParams, CaptureResult];
    "rename-impact/status": [Record<string, never>, StatusResult];
    "rename-impact": [RenameImpactParams, RenameImpactResult];
    "rename-impact/impact": [ImpactParams, ImpactResult];
    "rename-impact/reach": [ReachParams, ReachResult];
    "rename-impact/affected": [AffectedParams, AffectedResult];
    "rename-impact/references": [ReferencesParams, ReferencesResult];
    "rename-impact/rename-apply": [ApplyRenameParams, ApplyRenameResult];
    "rename-impact/flow": [FlowParams, FlowResult];
    "rename-impact/root": [Record<string, never>, RootResult];
    "rename-impact/proof": [ProofParams, ProofResult];
    "rename-impact/growth": [GrowthParams, GrowthResult];
    "rename-impact/verify": [Record<string, never>, VerifyResult];
    "rename-impact/snapshot": [SnapshotParams, SnapshotResult];
    "rename-impact/diff": [DiffParams, DiffResult];
    "rename-impact/query": [QueryParams, QueryResult];
    "rename-impact/query-next": [QueryNextParams, QueryPage];
    "rename-impact/export": [ExportParams, ExportResult];
    "rename-impact/types": [TypesParams, TypesResult];
    "rename-impact/stop": [Record<string, never>, Record<string, never>];
}
