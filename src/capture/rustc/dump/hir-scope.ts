// What the parts of the HIR reader share.

import type { FactRole } from "../facts.ts";
import type { DebugValue } from "./debug-tree.ts";
import type { FactCollector } from "./fact-collector.ts";
import type { Projections } from "./hir-projections.ts";
import type { OpenSites } from "./open-sites.ts";
import type { PlaceFinder } from "./place-finder.ts";
import type { SourceSpan } from "./source-files.ts";

/** What is known on the way down to a node. */
export interface HirContext {
    /** Role of the paths below. */
    readonly role: FactRole;
    /** The smallest span around the node that was written in the source. */
    readonly enclosing: SourceSpan | undefined;
    /** False below a node that a macro or a derive has made. */
    readonly written: boolean;
}

/** The reader of a crate's HIR, as its parts see it. */
export interface HirScope {
    readonly collector: FactCollector;
    readonly sites: OpenSites;
    readonly places: PlaceFinder;
    readonly projections: Projections;
    /** Spans of items by DefPath: what encloses the items in them. */
    readonly itemSpans: Map<string, SourceSpan>;
    /** Visits a value and all below. */
    walk(value: DebugValue, context: HirContext): void;
}
