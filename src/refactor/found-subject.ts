// From a target to what is renamed with it, whatever the new name is.

import { constructorParameters } from "./constructor-parameters.ts";
import type { RenameContext } from "./context.ts";
import { withImportTwins } from "./import-twins.ts";
import type { FoundSubject } from "./known-ahead.ts";
import { prepareSubject, type ItemTarget } from "./subject.ts";

/** Finds what a target's rename comes to. */
export function findSubject(context: RenameContext, target: ItemTarget): FoundSubject {
    const subject = withImportTwins(context, prepareSubject(context.resolution, target));
    return { subject, companions: constructorParameters(context, subject) };
}
