// Plans a rename: what is asked for decides which refactoring it is.

import type { Refusal } from "../base/index.ts";
import type { RenameContext, RenameOptions } from "./context.ts";
import type { RenamePlan, RenameTarget } from "./model.ts";
import { renameItem } from "./rename-item.ts";

/** Plans a rename of a target, or says why there is none. */
export function planRename(
    context: RenameContext,
    target: RenameTarget,
    newName: string,
    options: RenameOptions = {},
): RenamePlan | Refusal {
    return renameItem(context, target, newName, options);
}
