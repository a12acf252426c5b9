// Tells rows what the bridge took out of their text.

import type { BridgeNote } from "./bridge-gaps.ts";
import type { RowBuffer } from "./row-buffer.ts";

/** Sets the flags and kinds of a bridge's notes; `bridged` is the text that was parsed. */
export function applyNotes(rows: RowBuffer, notes: readonly BridgeNote[], bridged: string): void {
    for (const note of notes) {
        const row = findRow(rows, note, bridged);
        if (row >= 0) {
            rows.flags[row] = ((rows.flags[row] ?? 0) | note.flags) >>> 0;
            rows.kind[row] = note.kind ?? rows.kind[row] ?? 0;
        }
    }
}

/** The row that begins next after the offset with nothing between, or the innermost around it. */
function findRow(rows: RowBuffer, note: BridgeNote, bridged: string): number {
    const { start, end, kind, count } = rows;
    let low = 0;
    let high = count;
    while (low < high) {
        const middle = (low + high) >> 1;
        if ((start[middle] ?? 0) < note.offset) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (let row = low; row < count && isBlank(bridged, note.offset, start[row] ?? 0); row++) {
        if (note.kinds.includes(kind[row] ?? 0)) {
            return row;
        }
    }
    for (let row = low - 1; row >= 0; row--) {
        if ((end[row] ?? 0) > note.offset && note.kinds.includes(kind[row] ?? 0)) {
            return row;
        }
    }
    return -1;
}

function isBlank(text: string, start: number, end: number): boolean {
    return text.slice(start, end).trim() === "";
}
