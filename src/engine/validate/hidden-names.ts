// Whether a rename can matter outside of the crates that it edits, by visibility alone.

import type { SymbolKind } from "../../graph/index.ts";
import type { RenamePlan } from "../../refactor/index.ts";
import type { SymbolIndex } from "../../resolve/index.ts";
import type { View } from "../view.ts";

/**
 * Kinds that no other crate finds unless it can see them. Members are found by their names first, and refused for
 * being private then: a private method hides a trait's.
 */
const SEEN_OR_ABSENT: ReadonlySet<SymbolKind> = new Set([
    ...(["module", "function", "struct", "enum", "union", "trait", "trait-alias"] as const),
    ...(["const", "static", "type-alias"] as const),
]);

/** Whether no other crate can name any definition that a plan renames. Macros that write the names are not asked. */
export function isHiddenOutside(
    { resolution }: Pick<View, "resolution">,
    { target, edits }: RenamePlan,
): boolean {
    const isHidden = (index: SymbolIndex): boolean => {
        const { kind, visibility } = resolution.symbol(index);
        return SEEN_OR_ABSENT.has(kind) && visibility !== "public";
    };
    return (
        (target.kind === "local" || (target.kind === "symbol" && isHidden(target.symbol))) &&
        edits.every(({ path, span }) =>
            resolution
                .occurrencesAt(path, span.start)
                .filter(({ role }) => role === "definition")
                .every(
                    ({ binding }) =>
                        binding.kind === "local" ||
                        (binding.kind === "symbol" && binding.symbols.every(isHidden)),
                ),
        )
    );
}
