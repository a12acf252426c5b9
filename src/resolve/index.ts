// Names to definitions.

export type {
    Binding,
    BindingCounts,
    FileOwnership,
    LocalInfo,
    Occurrence,
    OccurrenceRole,
    Resolution,
    SymbolEdge,
    SymbolIndex,
    SymbolInfo,
    Visibility,
} from "./model.ts";
export { graphContentOf } from "./graph-content.ts";
export { ResolvedWorkspace, UNOWNED_REASON } from "./resolved-workspace.ts";
export { resolveWorkspace, type ResolverInput } from "./resolve-workspace.ts";
