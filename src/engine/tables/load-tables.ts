// The tables' module, loaded when it is first needed: it brings a database's binary along, which not
// every platform has.

import { OperatingError } from "../../base/index.ts";
import type * as Tables from "../../tables/index.ts";

/** Loads the tables. */
export async function loadTables(): Promise<typeof Tables> {
    try {
        return await import("../../tables/index.ts");
    } catch (cause) {
        const here = `${process.platform}-${process.arch}`;
        throw new OperatingError("TABLES_UNAVAILABLE", `DuckDB cannot be loaded on ${here}`, {
            cause,
            advice: "run `npm ci` again with optional packages; everything but SQL works without it",
        });
    }
}
