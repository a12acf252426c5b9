// One line of progress, cut to the width of the terminal. Pure.

import { groupDigits } from "./layout.ts";

/** How far long work has come; a total of 0 means that it is not known. */
export interface Progress {
    readonly stage: string;
    readonly done: number;
    readonly total: number;
}

const BAR_WIDTH = 24;

/** A progress bar, or what is being done where the total is not known. */
export function renderProgress(progress: Progress, width: number): string {
    const { stage, done, total } = progress;
    if (total <= 0) {
        return cut(done > 0 ? `${stage} ${groupDigits(done)}` : stage, width);
    }
    const share = Math.min(1, Math.max(0, done / total));
    const filled = Math.round(share * BAR_WIDTH);
    const bar = "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
    return cut(`${bar} ${stage} ${groupDigits(done)} of ${groupDigits(total)}`, width);
}

function cut(line: string, width: number): string {
    return line.length < width ? line : line.slice(0, Math.max(0, width - 1));
}
