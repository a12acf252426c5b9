// Follows definition tokens through the edits of an operation.

import type { FileMove, RenamePlan } from "../refactor/index.ts";
import type { Tracked } from "./model.ts";

/** Where a token stands after a plan's edits and moves. */
export function follow(
    tracked: Tracked,
    plan: Pick<RenamePlan, "edits" | "landed" | "moves">,
): Tracked {
    const { file, start } = tracked;
    const { landed } = plan;
    if (landed?.from.path === file && landed.from.start === start) {
        return { ...tracked, file: landed.to.path, start: landed.to.start };
    }
    let shift = 0;
    for (const { path, span, newText } of plan.edits) {
        const isBefore =
            path === file &&
            (span.start < start || (span.start === start && span.end === span.start));
        shift += isBefore ? newText.length - (span.end - span.start) : 0;
    }
    return { ...tracked, file: fileAfter(file, plan.moves), start: start + shift };
}

function fileAfter(file: string, moves: readonly FileMove[]): string {
    return moves.find(({ from }) => from === file)?.to ?? file;
}
