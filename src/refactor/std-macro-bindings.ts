// Names that std's macros bind in patterns: where a constant of such a name is in scope at a call, the pattern means that.
// Locals of macros are apart from those around a call, items are not (the Rust reference, "Hygiene").

import type { RenameContext } from "./context.ts";
import type { FoundConflict } from "./model.ts";
import { placeAt } from "./places.ts";
import type { Subject } from "./subject.ts";

const ASSERTIONS = ["assert_eq", "assert_ne", "debug_assert_eq", "debug_assert_ne"];

/** Macros by the names that they bind; read from the sources of std of Rust 1.95. */
const BINDERS: ReadonlyMap<string, readonly string[]> = new Map([
    ["kind", ASSERTIONS],
    ["left_val", [...ASSERTIONS, "assert_matches", "debug_assert_matches"]],
    ["right_val", ASSERTIONS],
    ["tmp", ["dbg"]],
    ["t", ["ready"]],
    ["pinned", ["pin"]],
    ["val", ["try"]],
    ["err", ["try"]],
]);

/** Kinds of items that a plain name in a pattern can mean, or that it must not have. */
const MEANT_IN_PATTERNS: ReadonlySet<string> = new Set(["const", "static", "struct", "variant"]);

/** Finds calls of std's macros whose patterns may mean the subject by its new name. */
export function stdBindingClash(
    context: RenameContext,
    subject: Subject,
    newName: string,
): FoundConflict[] {
    const macros = BINDERS.get(newName) ?? [];
    if (!subject.members.some(({ kind }) => MEANT_IN_PATTERNS.has(kind))) {
        return [];
    }
    const calls = macros.flatMap((macro) =>
        context.resolution
            .occurrencesNamed(macro)
            .filter(({ role, binding }) => role === "macro-call" && binding.kind !== "symbol"),
    );
    const [first] = calls;
    return first === undefined
        ? []
        : [
              {
                  kind: "bound-by-macro",
                  grade: "unproved",
                  message: `\`${first.name}!\` of std binds \`${newName}\`, and would take this for it where it is in scope`,
                  at: calls
                      .slice(0, 3)
                      .map(({ file, span }) => placeAt(context.textOf(file), file, span.start)),
              },
          ];
}
