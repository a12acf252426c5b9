// Names to definitions.

export type {
    Binding,
    BindingCounts,
    EvidenceCounts,
    FileOwnership,
    LocalInfo,
    Occurrence,
    OccurrenceRole,
    OccurrenceRows,
    OccurrenceTable,
    Resolution,
    SymbolEdge,
    SymbolIndex,
    SymbolInfo,
    Visibility,
} from "./model.ts";
export { predicateOf } from "./attributes.ts";
export { allOf as allOfCfg, anyOf as anyOfCfg, notOf as notOfCfg, readCfg } from "./cfg.ts";
export { areExclusive } from "./cfg-exclusion.ts";
export { expressionShapes, type ExpressionShape } from "./walk/expression-shapes.ts";
export { Evidence, type TextReader } from "./evidence/evidence.ts";
export { decodeUnitEvidence, restampUnitEvidence } from "./evidence/evidence-codec.ts";
export { decodeFlowShard, type StoredFlow } from "./evidence/flow-codec.ts";
export type { ResolutionSource } from "./resolution-source.ts";
export {
    BIND,
    BIND_NAMES,
    OCCURRENCE_FLAG,
    ROLES,
    SEVERAL_IN_SCOPE,
} from "./walk/occurrence-table.ts";
export { flowOfItem, type FlowBody, type FlowOfItem } from "./evidence/flow-of-item.ts";
export type { UnitEvidence } from "./evidence/model.ts";
export { FactReducer, type ReducedUnit, type ReduceInput } from "./evidence/reduce-facts.ts";
export { ScipReducer, type ScipReport, type ScipUnit } from "./evidence/reduce-scip.ts";
export type { LeftOut } from "./evidence/scip-definitions.ts";
export { SYMBOL_TRAIT, SymbolFacts, UNKNOWN_OWNER } from "./symbol-facts.ts";
export { originOf } from "./kept-tables.ts";
export { folderOf, joinPath } from "./module-files.ts";
export { graphContentOf } from "./graph-content.ts";
export { decodeResolution, encodeResolution, RESOLUTION_CACHE_VERSION } from "./stored-source.ts";
export { isLanguageName, isStdMacroName } from "./known-names.ts";
export { isStdMemberName } from "./std/std-names.ts";
export {
    isGivenToMacro,
    OWN_MODULE_REASON,
    DEAD_LINK_REASON,
    QUOTED_REASON,
    SPANNED_REASON,
    UNOWNED_REASON,
} from "./opaque-table.ts";
export { HIDDEN_TRAIT_REASON } from "./types/method-lookup.ts";
export { ResolvedWorkspace } from "./resolved-workspace.ts";
export {
    Resolver,
    resolveWorkspace,
    type ResolverInput,
    type TextChange,
    type WorkspacePart,
} from "./resolve-workspace.ts";
export { listItemsAhead } from "./session.ts";
