// What is known of tokens that the resolver leaves open: calls that a macro makes of itself, and tokens of macros
// as their expansions show them.

import type { Steps } from "../base/index.ts";
import type { Occurrence } from "../resolve/index.ts";
import type { RenameContext } from "./context.ts";
import type { RenameOptions } from "./rename-options.ts";
import { isUndecided } from "./find-target.ts";
import { meansSomeMember } from "./import-twins.ts";
import {
    isNobodys,
    readForNobodys,
    readInExpansions,
    type PlanOfSubject,
} from "./expanded-meanings.ts";
import type { NobodysReading } from "./known-ahead.ts";
import { isFreeForMacros, ownCalls } from "./own-macro-call.ts";
import { placeKey } from "./proof-view.ts";
import { quotedPaths } from "./quoted-paths.ts";
import type { Relation, Subject } from "./subject.ts";

/** How a token that the resolver leaves open stands to the subject; undefined where that stays unknown. */
export type KnownRelation = (occurrence: Occurrence) => Relation | undefined;

/** Finds out what can be known beyond the resolver's answers. */
export function knownRelations(
    context: RenameContext,
    subject: Subject,
    newName: string,
    {
        told,
        plan,
        ahead,
    }: Pick<RenameOptions, "ahead" | "told"> & { readonly plan: PlanOfSubject | undefined },
): KnownRelation {
    const isOwnCall = ownCalls(context, subject, newName);
    const isMember = meansSomeMember(context.resolution, subject);
    const isQuotedPath = isNobodys(context, newName)
        ? quotedPaths(context, subject)
        : (): boolean => false;
    const meanings = readInExpansions(context, subject, newName, {
        isKnown: (occurrence) => isOwnCall(occurrence) || isQuotedPath(occurrence),
        plan,
        // A macro calls itself by one of std's names on other terms.
        ahead: isFreeForMacros(context, newName) ? ahead?.readingOf(context, subject) : undefined,
    });
    return (occurrence) =>
        (isUndecided(occurrence.binding) ? told?.(occurrence) : undefined) ??
        (isOwnCall(occurrence) || isQuotedPath(occurrence)
            ? "is-subject"
            : (isMember(occurrence) ??
              meanings.get(placeKey(occurrence.file, occurrence.span.start))));
}

/** The part of that which can be known before there is a new name, for one that nothing has. */
export function readAhead(context: RenameContext, subject: Subject): Steps<NobodysReading> {
    const isOwnCall = ownCalls(context, subject, undefined);
    const isQuotedPath = quotedPaths(context, subject);
    return readForNobodys(
        context,
        subject,
        (occurrence) => isOwnCall(occurrence) || isQuotedPath(occurrence),
    );
}
