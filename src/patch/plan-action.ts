// Which refactoring an action is.

import { refuse, type Refusal } from "../base/index.ts";
import {
    changeSignature,
    changeVisibility,
    planRename,
    replacePath,
    rewritePattern,
    type RenameContext,
    type RenamePlan,
    type RenameTarget,
} from "../refactor/index.ts";
import type { Operation } from "./model.ts";

/** Plans an operation on its item. */
export function planAction(
    context: RenameContext,
    { action, newName, path }: Operation,
    target: RenameTarget | undefined,
): RenamePlan | Refusal {
    if ("pattern_rewrite" in action) {
        return rewritePattern(context, path, action.pattern_rewrite);
    }
    if ("rename" in action && target !== undefined) {
        return planRename(context, target, newName ?? "");
    }
    if (target?.kind !== "symbol" || "rename" in action) {
        return refuse("PATCH_NO_ITEM", `\`${path}\` is no item`);
    }
    if ("change_signature" in action) {
        const { parameters } = action.change_signature;
        const wanted = parameters.map((one) => (typeof one === "string" ? { keep: one } : one));
        return changeSignature(context, target.symbol, wanted);
    }
    if ("replace_path" in action) {
        return replacePath(context, target.symbol, action.replace_path);
    }
    return changeVisibility(context, target.symbol, action.change_visibility);
}

/** An operation in a sentence. */
export function describeOperation({ action, path, newName }: Operation): string {
    if ("rename" in action) {
        return `rename ${path} to ${newName ?? ""}`;
    }
    if ("change_signature" in action) {
        const names = action.change_signature.parameters.map((one) =>
            typeof one === "string" ? one : `${one.add}: ${one.type} = ${one.argument}`,
        );
        return `give ${path} the parameters (${names.join(", ")})`;
    }
    if ("replace_path" in action) {
        return `use ${action.replace_path} instead of ${path}`;
    }
    if ("pattern_rewrite" in action) {
        return `rewrite ${path} as ${action.pattern_rewrite}`;
    }
    return `make ${path} ${action.change_visibility}`;
}
