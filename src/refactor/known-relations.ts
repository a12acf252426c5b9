// What is known of tokens that the resolver leaves open: calls that a macro makes of itself, and tokens of macros
// as their expansions show them.

import type { Occurrence } from "../resolve/index.ts";
import type { RenameContext, RenameOptions } from "./context.ts";
import { isUndecided } from "./find-target.ts";
import { meansSomeMember } from "./import-twins.ts";
import { isNobodys, readInExpansions, type PlanOfSubject } from "./expanded-meanings.ts";
import { ownCalls } from "./own-macro-call.ts";
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
    { told, plan }: Pick<RenameOptions, "told"> & { readonly plan: PlanOfSubject | undefined },
): KnownRelation {
    const isOwnCall = ownCalls(context, subject, newName);
    const isMember = meansSomeMember(context.resolution, subject);
    const isQuotedPath = isNobodys(context, newName)
        ? quotedPaths(context, subject)
        : (): boolean => false;
    const meanings = readInExpansions(context, subject, newName, {
        isKnown: (occurrence) => isOwnCall(occurrence) || isQuotedPath(occurrence),
        plan,
    });
    return (occurrence) =>
        (isUndecided(occurrence.binding) ? told?.(occurrence) : undefined) ??
        (isOwnCall(occurrence) || isQuotedPath(occurrence)
            ? "is-subject"
            : (isMember(occurrence) ??
              meanings.get(placeKey(occurrence.file, occurrence.span.start))));
}
