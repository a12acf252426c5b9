// Whether what is renamed has a definition of its own, whose tokens are what is edited.

import type { RenameContext } from "./context.ts";
import type { RenameTarget } from "./model.ts";
import { isAnonymous } from "./name-lifetime.ts";
import { isMade } from "./rename-made.ts";
import { isSelf } from "./self-to-parameter.ts";
import type { ItemTarget } from "./subject.ts";

/** Whether a target's rename is a plain one, but for a parameter that is to be `self`. */
export function isPlainTarget(context: RenameContext, target: RenameTarget): target is ItemTarget {
    return (
        target.kind === "symbol" ||
        (target.kind === "local" &&
            !isSelf(target.local) &&
            !isAnonymous(target.local) &&
            !isMade(context, target.local))
    );
}
