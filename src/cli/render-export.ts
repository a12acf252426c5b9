// What `ferrograph export` wrote. Pure.

import type { ExportResult } from "../protocol/index.ts";
import { alignPairs, count, showBytes, showMilliseconds } from "./layout.ts";

/** Lines of an export. */
export function renderExport(done: ExportResult): string[] {
    const tables = done.tables.map(
        ({ name, rows, bytes }) => [name, `${count(rows, "row")}, ${showBytes(bytes)}`] as const,
    );
    return [
        ...alignPairs(tables),
        "",
        `written to ${done.folder} in ${showMilliseconds(done.milliseconds)}; graph root ${done.root}`,
    ];
}
