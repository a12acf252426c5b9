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
export { resolveWorkspace, type ResolverInput } from "./resolve-workspace.ts";
