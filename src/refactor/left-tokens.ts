// Tokens that a refactoring takes away, and tokens that it leaves open.

import type { Resolution } from "../resolve/index.ts";
import { reasonOf } from "./collect-edits.ts";
import type { RenameContext } from "./context.ts";
import { couldMean } from "./could-mean.ts";
import { isUndecided } from "./find-target.ts";
import type { UnprovedPlace } from "./model.ts";
import type { PlannedEdit } from "./planned-edit.ts";
import { placeKey, tokenKey } from "./proof-view.ts";
import type { Subject } from "./subject.ts";

/** Tokens, by `tokenKey`, that edits replace and put nowhere. */
export function removedTokens(resolution: Resolution, edits: readonly PlannedEdit[]): Set<string> {
    const carried = new Set(
        edits.flatMap(({ path, tokens }) =>
            tokens.map(({ before }) => placeKey(path, before.start)),
        ),
    );
    const removed = new Set<string>();
    for (const { path, span } of edits.filter((edit) => edit.span.start < edit.span.end)) {
        for (const one of resolution.occurrencesIn(path)) {
            const isInside = span.start <= one.span.start && one.span.start < span.end;
            if (isInside && !carried.has(placeKey(path, one.span.start))) {
                removed.add(tokenKey(one));
            }
        }
    }
    return removed;
}

/** Tokens that may mean the subject and are not decided. */
export function openTokens(context: RenameContext, subject: Subject): UnprovedPlace[] {
    return context.resolution
        .occurrencesNamed(subject.oldName)
        .filter((found) => isUndecided(found.binding) && couldMean(context, subject, found))
        .map((found) => ({ path: found.file, span: found.span, reason: reasonOf(found) }));
}
