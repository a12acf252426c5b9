// Readers of rustc's dumps: text in, facts out. And what two captures of one compilation agree on.

export { readBuiltMir } from "./built-mir.ts";
export {
    compareBindings,
    type BindingComparison,
    type BindingDifference,
    type CompareOptions,
} from "./compare-bindings.ts";
export type { DropCounts, DropReason } from "./fact-collector.ts";
export type { MapPosition } from "./pair-definitions.ts";
export { readDumps, type DumpInput, type DumpStreams } from "./read-dumps.ts";
export { renderFacts } from "./render-facts.ts";
export { sameMirButForNames, type MirComparison, type Renamed } from "./same-mir.ts";
