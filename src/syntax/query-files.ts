// Reads the queries, which lie beside this module.

import { QUERY_FILES } from "./grammar-table.ts";

/** Reads a text file of this package. */
export type ReadText = (url: URL) => string;

/** Texts of the queries, in the order of QUERY_FILES. */
export function readQueries(readText: ReadText): string[] {
    return QUERY_FILES.map((file) => readText(new URL(`queries/${file}`, import.meta.url)));
}
