// The library: what programs import from the package. Documented in docs/library.md.

export { openGraph } from "./open-graph.ts";
