// A rename as a semantic patch: made that way, its plan is kept, so that it can be rolled back and replayed.

import type { RenamePlanDto } from "../../../../src/protocol/index.ts";

/** Writes the patch of a plan that was shown, with the grades that were accepted. */
export function renamePatch(plan: RenamePlanDto, accept: readonly string[]): string {
    const { symbol, newName } = plan;
    return JSON.stringify({
        id: `rename-${symbol.name}`.replaceAll(/[^A-Za-z0-9._-]/gu, "-").slice(0, 100),
        description: `rename ${symbol.path} to ${newName}`,
        patterns: [{ match: { symbol: selectorOf(plan) }, action: { rename: newName } }],
        ...(accept.length === 0 ? {} : { constraints: { only_if_no_conflicts: false, accept } }),
    });
}

/** A path, or the place of what has none. */
function selectorOf({ symbol }: RenamePlanDto): string {
    const { at } = symbol;
    return symbol.id === "" && at !== undefined
        ? `${at.path}:${at.line + 1}:${at.column + 1}`
        : symbol.path;
}

/** The path of a renamed symbol; undefined where it does not end with its name. */
export function pathAfter({ symbol, newName }: RenamePlanDto): string | undefined {
    return symbol.path.endsWith(symbol.name)
        ? symbol.path.slice(0, -symbol.name.length) + newName
        : undefined;
}
