// The symbols that the most others reach, as a table. Pure.

import type { ReachResult } from "../protocol/index.ts";
import { count, groupDigits, widest } from "./layout.ts";
import type { Paint } from "./paint.ts";
import { showPlace, type SourceLines } from "./source-lines.ts";

const NAME_WIDTH_MAX = 60;

/** How many symbols reach each of those that the most do. */
export function renderReach(reach: ReachResult, source: SourceLines, paint: Paint): string[] {
    const rows = reach.widest.map(({ symbol, reached, depth }) => ({
        reached: groupDigits(reached),
        depth: count(depth, "step"),
        kind: symbol.kind,
        path: symbol.path,
        place: symbol.at === undefined ? "" : showPlace(symbol.at, source),
    }));
    const widthOf = (cell: "reached" | "depth" | "kind" | "path", limit: number): number =>
        widest(
            rows.map((row) => row[cell]),
            limit,
        );
    const widths = {
        reached: widthOf("reached", 12),
        depth: widthOf("depth", 12),
        kind: widthOf("kind", 12),
        path: widthOf("path", NAME_WIDTH_MAX),
    };
    const lines = [
        paint.bold(`widest reach of ${count(reach.asked, "symbol")}`) +
            `; nothing reaches ${groupDigits(reach.unreached)} of them`,
        "",
        ...rows.map((row) =>
            [
                row.reached.padStart(widths.reached),
                paint.dim(row.depth.padStart(widths.depth)),
                paint.dim(row.kind.padEnd(widths.kind)),
                row.path.padEnd(widths.path),
                paint.dim(row.place),
            ]
                .join("  ")
                .trimEnd(),
        ),
    ];
    if (rows.length < reach.asked) {
        const rest = count(reach.asked - rows.length, "more symbol");
        lines.push("", paint.dim(`\u2026 and ${rest}; --limit 0 shows all`));
    }
    return [...lines, "", paint.dim(`graph root ${reach.root}`)];
}
