// The façade: apply(change), view(), plans and answers; the event loop, one queue per workspace.

export { needsOf } from "./accepted.ts";
export { describeTarget } from "./describe.ts";
export type { Change, ClientId, Engine, RequestContext } from "./engine.ts";
export { findAffected } from "./find-affected.ts";
export { findReferences, occurrencesOfTarget } from "./find-references.ts";
export { measureImpact, parseRippleOptions, summarize } from "./measure-impact.ts";
export { measureReach } from "./measure-reach.ts";
export { openEngine, type OpenEngineOptions } from "./open-engine.ts";
export { selectRename } from "./select-rename.ts";
export { chooseOccurrence, selectByPlace, selectTarget, twinsOf } from "./select-target.ts";
export { loadTables } from "./tables/load-tables.ts";
export type { View } from "./view.ts";
export { propagateRenames } from "./propagate-renames.ts";
