// What may be known of a rename before its new name is.

import type { RenameContext } from "./context.ts";
import type { ItemTarget, Subject } from "./subject.ts";

/** A subject, and the locals that may take its new name along. */
export interface FoundSubject {
    readonly subject: Subject;
    readonly companions: ReadonlySet<string>;
}

/** What is known of an undecided token, by `placeKey`. */
export type TokenMeanings = ReadonlyMap<string, "is-subject" | "is-other">;

/** What tokens mean if the subject takes a name that nothing has; none where the calls do not match their rules with it. */
export type NobodysReading = (newName: string) => TokenMeanings;

/** What was found out of one target in one state. */
export interface RenameAhead {
    /** The subject of a target; undefined where another one was prepared, or another state. */
    foundOf(context: RenameContext, target: ItemTarget): FoundSubject | undefined;
    /** What tokens in macros mean, for a name that nothing has. */
    readingOf(context: RenameContext, subject: Subject): NobodysReading | undefined;
}
