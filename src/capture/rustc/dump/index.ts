// Readers of rustc's dumps: text in, facts out.

export { readBuiltMir } from "./built-mir.ts";
export { readDumps, type DumpInput, type DumpStreams } from "./read-dumps.ts";
export type { DropCounts, DropReason } from "./fact-collector.ts";
export { renderFacts } from "./render-facts.ts";
