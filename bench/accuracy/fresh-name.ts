// Names that nothing in a workspace has, spelled as their kind is spelled.

import type { Candidate } from "./strata.ts";

type Style = "snake" | "pascal" | "screaming";

const STEMS: Readonly<Record<Style, string>> = {
    snake: "quite_fresh",
    pascal: "QuiteFresh",
    screaming: "QUITE_FRESH",
};

const PASCAL: ReadonlySet<Candidate["kind"]> = new Set([
    "struct",
    "enum",
    "union",
    "trait",
    "trait-alias",
    "type-alias",
    "assoc-type",
    "variant",
    "type-parameter",
]);
const SCREAMING: ReadonlySet<Candidate["kind"]> = new Set([
    "const",
    "static",
    "assoc-const",
    "const-parameter",
]);

/** Makes a name that is not taken, in the style that the compiler's lints expect of its kind. */
export function freshName(
    candidate: Pick<Candidate, "kind" | "name">,
    isTaken: (name: string) => boolean,
): string {
    const { kind, name } = candidate;
    const style = PASCAL.has(kind) ? "pascal" : SCREAMING.has(kind) ? "screaming" : "snake";
    // A leading underscore keeps the lints about unused names quiet, and must stay.
    const stem = (name.startsWith("_") ? "_" : "") + STEMS[style];
    if (!isTaken(stem)) {
        return stem;
    }
    for (let number = 2; ; number++) {
        const numbered = `${stem}${number}`;
        if (!isTaken(numbered)) {
            return numbered;
        }
    }
}
