// The frontends that read a workspace: its shape, and the facts of its files.

export { findWorkspaceRoot, loadWorkspace, type LoadWorkspaceOptions } from "./load-workspace.ts";
export {
    DEFAULT_CONFIGURATION,
    TESTS_CONFIGURATION,
    type CaptureConfiguration,
    type CaptureWorkspace,
    type CompileError,
    type ConfigurationOutcome,
    type FactStore,
    type FactStoreSize,
    type FrontendState,
    type MultiCaptureOptions,
    type MultiCaptureResult,
    type StaleReason,
    type StoredUnit,
} from "./rustc/model.ts";
export {
    FACT_FLAG,
    FACT_ROLE,
    IMPLICIT_CAUSES,
    type BodyFlow,
    type CompilationUnit,
    type FactDefinition,
    type FactFile,
    type FactRole,
    type FactTarget,
    type FactUses,
    type FlowShard,
    type ImplicitCause,
    type ImplicitUse,
    type RustcFacts,
} from "./rustc/facts.ts";
export { captureSnapshot, type Snapshot, type SnapshotEntry } from "./rustc/capture-snapshot.ts";
export type { CompiledFile } from "./rustc/dependency-file.ts";
export { openFactStore } from "./rustc/fact-store.ts";
export { multiCapture } from "./rustc/multi-capture.ts";
export { captureScip, type ScipCapture, type ScipOptions } from "./rust-analyzer/capture-scip.ts";
export {
    readScipIndex,
    type ScipDocument,
    type ScipOccurrence,
} from "./rust-analyzer/scip-index.ts";
export {
    crateNameOf,
    isCrateRoot,
    isMemberTerm,
    parseScipSymbol,
    readableScipPath,
    type ScipSymbol,
} from "./rust-analyzer/scip-symbol.ts";
export {
    DefinitionAsker,
    type AskedToken,
    type DefinitionAskerOptions,
    type KnownText,
} from "./rust-analyzer/definition-asker.ts";
export { askTypes, type TypeSource } from "./types/ask-types.ts";
export type { ToldType, ToolTypes, TypePart } from "./types/told-types.ts";
export type { CompilationRecord } from "./rustc/compilation-record.ts";
export {
    affectedCrates,
    chooseCompilations,
    filesOf,
    hasWord,
    linkedOutputs,
    readCrates,
    type ComparedCrate,
    type ListedFiles,
    type NamedChange,
} from "./rustc/compare/compared-crates.ts";
export {
    COMPARED_DUMPS,
    CompilerJudge,
    type CompareParts,
    type CompilerComparison,
    type EqualDumpsAhead,
    type CompilerDifference,
} from "./rustc/compare/compare-compiler.ts";
export {
    ChangeComparison,
    type ChangeAhead,
    type ComparedChange,
    type MadeChange,
} from "./rustc/compare/change-comparison.ts";
export { DumpsAhead } from "./rustc/compare/dumps-ahead.ts";
export { commandParts } from "./rustc/unit-views.ts";
export { COMPARISON_FORMAT, CrateStates } from "./rustc/compare/crate-states.ts";
export type { Renaming } from "./rustc/compare/dump-comparison.ts";
export { SpanWatch, type WatchedToken } from "./rustc/compare/span-watch.ts";
export { declaredConfigurations } from "./rustc/compare/declared-configurations.ts";
export {
    findBrokenLinks,
    findDocMentions,
    keptBrokenLinks,
    knownBrokenLinks,
    type DocLinks,
} from "./rustc/compare/doc-links.ts";
export {
    WorkspaceChecker,
    type CheckedTools,
    type CheckedWorkspace,
    type CheckEvents,
    type CheckerParts,
} from "./rustc/compare/workspace-checker.ts";
