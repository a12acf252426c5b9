// The end of every refactoring that is planned as edits of an item and of what names it.

import type { Refusal } from "../base/index.ts";
import { groupByFile } from "./apply-edits.ts";
import { NO_DIFFERENCE } from "./binding-proof.ts";
import type { RenameContext } from "./context.ts";
import { couldMean } from "./could-mean.ts";
import { finishPlan, type Draft } from "./finish-plan.ts";
import { openTokens, removedTokens } from "./left-tokens.ts";
import type { FoundConflict, RenamePlan, UnprovedPlace } from "./model.ts";
import type { PlannedEdit } from "./planned-edit.ts";
import { refuseGenerated } from "./rename-item.ts";
import type { Subject } from "./subject.ts";

/** Edits of an item, and what is known of them. */
export interface ItemEdits {
    readonly edits: readonly PlannedEdit[];
    readonly conflicts: readonly FoundConflict[];
    /** Places that are open besides the tokens that may mean the item. */
    readonly open?: readonly UnprovedPlace[];
    /** Name of what the item's tokens mean afterwards; the item's own by default. */
    readonly newName?: string;
    /** Other spellings whose tokens are compared in every file. */
    readonly names?: readonly string[];
    /** Differences besides the tokens that the edits take away. */
    readonly expected?: Partial<Draft["expected"]>;
}

/** Proves edits and makes the plan of them; refuses those of files that a program makes. */
export function finishEdits(
    context: RenameContext,
    subject: Subject,
    { edits, conflicts, open = [], newName = subject.oldName, names = [], expected }: ItemEdits,
): RenamePlan | Refusal {
    const files = groupByFile(edits);
    const draft: Draft = {
        target: subject.target,
        oldName: subject.oldName,
        newName,
        files,
        moves: [],
        names: [...new Set([subject.oldName, newName, ...names])],
        expected: {
            ...NO_DIFFERENCE,
            removed: removedTokens(context.resolution, edits),
            ...expected,
        },
        couldMean: (occurrence) => couldMean(context, subject, occurrence),
    };
    return (
        refuseGenerated(context, files) ??
        finishPlan(context, draft, conflicts, [...openTokens(context, subject), ...open])
    );
}
