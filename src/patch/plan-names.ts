// What the renames of a plan call things, read from its operations. Pure.

import type { PatchPlan } from "./patch-plan.ts";

/** A name, and what a plan makes of it. */
export interface NamePair {
    readonly oldName: string;
    readonly newName: string;
}

/** One rename of a plan: the item as it was called right before, and what it is called then. */
export interface PlannedName extends NamePair {
    readonly path: string;
    readonly as: "alias" | "import" | "item";
}

type Operation = PatchPlan["operations"][number];

/** The name that an operation gives; undefined where it renames nothing. */
export function plannedName(
    { action, path, description, pattern }: Operation,
    { patterns }: PatchPlan["patch"],
): PlannedName | undefined {
    const head = `rename ${path} to `;
    if (action !== "rename" || !description.startsWith(head)) {
        return undefined;
    }
    const asked = patterns[pattern]?.action;
    const rename = asked !== undefined && "rename" in asked ? asked.rename : "";
    return {
        path,
        oldName: path.slice(path.lastIndexOf(":") + 1),
        newName: description.slice(head.length),
        as: typeof rename === "string" ? "item" : (rename.as ?? "item"),
    };
}

/** All names that a plan changes; undefined where it does anything but rename. */
export function renamesOf({
    operations,
    patch,
}: Pick<PatchPlan, "operations" | "patch">): NamePair[] | undefined {
    const names: NamePair[] = [];
    for (const operation of operations.filter(({ action }) => action !== "format")) {
        const name = plannedName(operation, patch);
        if (name === undefined || name.as !== "item") {
            return undefined;
        }
        // What was renamed before is called as it was at first.
        const first = names.find(({ newName }) => newName === name.oldName);
        names.push({ oldName: first?.oldName ?? name.oldName, newName: name.newName });
        if (first !== undefined) {
            names.push({ oldName: name.oldName, newName: name.newName });
        }
    }
    return names;
}
