// Plans a rename: what is asked for decides which refactoring it is.

import type { Refusal } from "../base/index.ts";
import type { RenameContext } from "./context.ts";
import type { RenameOptions } from "./rename-options.ts";
import type { RenamePlan, RenameTarget } from "./model.ts";
import { isAnonymous, nameLifetime } from "./name-lifetime.ts";
import { parameterToSelf } from "./parameter-to-self.ts";
import { renameImport } from "./rename-import.ts";
import { renameItem } from "./rename-item.ts";
import { isMade, renameMade } from "./rename-made.ts";
import { isSelf, selfToParameter } from "./self-to-parameter.ts";

/** Plans a rename of a target, or says why there is none. */
export function planRename(
    context: RenameContext,
    target: RenameTarget,
    newName: string,
    options: RenameOptions = {},
): RenamePlan | Refusal {
    if (target.kind === "import") {
        return renameImport(context, target, newName);
    }
    if (target.kind === "local" && isSelf(target.local)) {
        return selfToParameter(context, target.local, newName);
    }
    if (target.kind === "local" && newName === "self") {
        return parameterToSelf(context, target.local);
    }
    if (target.kind === "local" && isAnonymous(target.local)) {
        return nameLifetime(context, target.local, newName);
    }
    if (target.kind === "local" && isMade(context, target.local)) {
        return renameMade(context, target, newName, options);
    }
    return renameItem(context, target, newName, options);
}
