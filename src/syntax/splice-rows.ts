// Puts the rows of macro arguments into their holes.

import type { Hole } from "./flatten.ts";
import type { MacroStyle } from "./grammar-table.ts";
import type { RowBuffer } from "./row-buffer.ts";

/** Rows without holes, and where the parsed arguments stand. */
export interface SplicedRows {
    readonly rows: RowBuffer;
    readonly calls: readonly { readonly row: number; readonly style: MacroStyle }[];
}

/** Copies rows to `out`, every hole replaced by what fills it. */
export function spliceArguments(
    rows: RowBuffer,
    holes: readonly Hole[],
    out: RowBuffer,
): SplicedRows {
    const calls: { row: number; style: MacroStyle }[] = [];
    if (holes.length === 0) {
        return { rows, calls };
    }
    out.clear();
    const copy = (from: RowBuffer, first: number, last: number, inside: readonly Hole[]): void => {
        let at = first;
        for (const hole of inside) {
            if (hole.row < first || hole.row >= last) {
                continue;
            }
            out.appendRows(from, at, hole.row);
            at = hole.row + 1;
            const { filling } = hole;
            if (filling?.parsed === true) {
                calls.push({ row: out.count, style: hole.style });
            }
            for (const [start, end] of filling?.ranges ?? []) {
                copy(filling?.rows ?? from, start, end, filling?.holes ?? []);
            }
        }
        out.appendRows(from, at, last);
    };
    copy(rows, 0, rows.count, holes);
    return { rows: out, calls };
}
