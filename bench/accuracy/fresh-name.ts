// Names that nothing in a workspace has, spelled as their kind is spelled.

import type { Stratum } from "./strata.ts";

type Style = "snake" | "pascal" | "screaming";

const STYLES: Readonly<Record<Stratum, Style>> = {
    local: "snake",
    parameter: "snake",
    field: "snake",
    function: "snake",
    "inherent method": "snake",
    "trait method": "snake",
    variant: "pascal",
    type: "pascal",
    trait: "pascal",
    module: "snake",
    "const or static": "screaming",
    macro: "snake",
    "type alias": "pascal",
    "generic parameter": "pascal",
    "lifetime or label": "snake",
};

const STEMS: Readonly<Record<Style, string>> = {
    snake: "quite_fresh",
    pascal: "QuiteFresh",
    screaming: "QUITE_FRESH",
};

/**
 * Makes a name that is not taken, in the style that the compiler's lints expect of what `oldName` is:
 * a constant parameter is told from a type parameter by its spelling.
 */
export function freshName(
    stratum: Stratum,
    oldName: string,
    isTaken: (name: string) => boolean,
): string {
    const isScreaming = /^[A-Z][A-Z0-9_]+$/u.test(oldName) && stratum === "generic parameter";
    // A leading underscore keeps the lints about unused names quiet, and must stay.
    const lead = oldName.startsWith("_") ? "_" : "";
    const stem = lead + STEMS[isScreaming ? "screaming" : STYLES[stratum]];
    if (!isTaken(stem)) {
        return stem;
    }
    for (let number = 2; ; number++) {
        const name = `${stem}${number}`;
        if (!isTaken(name)) {
            return name;
        }
    }
}
