// Which refactoring an action is.

import type { Refusal } from "../base/index.ts";
import {
    changeVisibility,
    planRename,
    type RenameContext,
    type RenamePlan,
    type RenameTarget,
} from "../refactor/index.ts";
import { refuse } from "../base/index.ts";
import type { Operation } from "./model.ts";

/** Plans an operation on its item. */
export function planAction(
    context: RenameContext,
    { action, newName, path }: Operation,
    target: RenameTarget,
): RenamePlan | Refusal {
    if ("rename" in action) {
        return planRename(context, target, newName ?? "");
    }
    return target.kind === "symbol"
        ? changeVisibility(context, target.symbol, action.change_visibility)
        : refuse("VISIBILITY_NONE", `\`${path}\` is no item: it has no visibility of its own`);
}

/** An operation in a sentence. */
export function describeOperation({ action, path, newName }: Operation): string {
    return "rename" in action
        ? `rename ${path} to ${newName ?? ""}`
        : `make ${path} ${action.change_visibility}`;
}
