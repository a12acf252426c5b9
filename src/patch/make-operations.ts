// From matched items to operations: the new names are worked out here.

import { refuse, type Refusal } from "../base/index.ts";
import type { Resolution } from "../resolve/index.ts";
import type { Operation, Tracked } from "./model.ts";
import { convertCase, fillTemplate } from "./name-case.ts";
import type { PatchAction, PatchPattern } from "./patch-schema.ts";
import { targetAt } from "./select-items.ts";

/** Makes the operation that a pattern is for one item; undefined where nothing would change. */
export function makeOperation(
    resolution: Resolution,
    pattern: number,
    { match, action }: PatchPattern,
    tracked: Tracked,
): Operation | Refusal | undefined {
    if ("pattern" in match) {
        const path = match.pattern;
        return { pattern, action, tracked, path, oldName: "", newName: undefined };
    }
    const target = targetAt(resolution, tracked);
    if (target === undefined) {
        return refuse(
            "PATCH_LOST",
            `what patterns[${pattern}] matched in ${tracked.file} is gone`,
            {
                advice: "an earlier pattern changed it in a way that it cannot be followed through",
            },
        );
    }
    const named = target.kind === "local" ? target.local : resolution.symbol(target.symbol);
    const path = "display" in named ? named.display : named.name;
    const operation = { pattern, action, tracked, path, oldName: named.name };
    if (!("rename" in action)) {
        return { ...operation, newName: undefined };
    }
    const newName = newNameOf(action.rename, { name: named.name, groups: tracked.groups });
    if (typeof newName !== "string") {
        return newName;
    }
    return newName === named.name ? undefined : { ...operation, newName };
}

function newNameOf(
    rename: Extract<PatchAction, { rename: unknown }>["rename"],
    values: { readonly name: string; readonly groups: Tracked["groups"] },
): string | Refusal {
    const { to, case: convention } = typeof rename === "string" ? { to: rename } : rename;
    if (to === undefined && convention === undefined) {
        return refuse("PATCH_RENAME_EMPTY", "a rename says `to`, `case`, or both");
    }
    const filled = to === undefined ? values.name : fillTemplate(to, values);
    return typeof filled !== "string" || convention === undefined
        ? filled
        : convertCase(filled, convention);
}

/** What an action renames: the item, or an import of it. */
export function intentOf(action: PatchAction): Tracked["as"] {
    return "rename" in action && typeof action.rename !== "string"
        ? (action.rename.as ?? "item")
        : "item";
}
