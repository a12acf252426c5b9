// What the extension and the pages in its panels say to each other.

import type { PlaceDto } from "../../../../src/protocol/index.ts";
import type { GraphData } from "./graph-model.ts";

/** To the page of the graph. */
export type ToGraph = { readonly kind: "graph"; readonly data: GraphData };

/** From the page of the graph. */
export type FromGraph =
    | { readonly kind: "ready" }
    /** Go to the place in the editor. */
    | { readonly kind: "open"; readonly at: PlaceDto }
    /** Ask for the ripple of another symbol. */
    | { readonly kind: "ask"; readonly path: string };

/** To the page of the SQL scratchpad. */
export type ToQuery =
    | {
          readonly kind: "rows";
          /** Present in the first part of an answer. */
          readonly columns?: readonly { readonly name: string; readonly type: string }[];
          readonly rows: readonly (readonly unknown[])[];
          readonly hasMore: boolean;
          readonly milliseconds: number;
      }
    | { readonly kind: "failed"; readonly message: string }
    | { readonly kind: "copied"; readonly rows: number }
    /** Put a statement into the field. */
    | { readonly kind: "statement"; readonly sql: string };

/** From the page of the SQL scratchpad. */
export type FromQuery =
    | { readonly kind: "ready" }
    | { readonly kind: "run"; readonly sql: string }
    | { readonly kind: "more" }
    | { readonly kind: "copy"; readonly csv: string; readonly rows: number };
