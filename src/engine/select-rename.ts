// From what a person points at to what is renamed: the item, unless the import or its alias is asked for.

import { refuse, type Refusal } from "../base/index.ts";
import {
    RENAME_INTENTS,
    type PlaceDto,
    type RenameIntent,
    type SymbolSelector,
} from "../protocol/index.ts";
import {
    isGivenToMacro,
    type LocalInfo,
    type Occurrence,
    type SymbolIndex,
} from "../resolve/index.ts";
import { describePlace } from "./describe.ts";
import { chooseOccurrence, selectByPlace, selectTarget, type Selection } from "./select-target.ts";
import type { View } from "./view.ts";

/** Finds what a rename at a selector means. */
export function selectRename(
    view: View,
    selector: SymbolSelector,
    as: string | undefined,
): Selection | Refusal {
    const intent = RENAME_INTENTS.find((one) => one === as);
    if (as !== undefined && intent === undefined) {
        return refuse("RENAME_AS_KIND", `a rename cannot be as ${as}`, {
            advice: `it is as ${RENAME_INTENTS.join(", ")}`,
        });
    }
    if (selector.kind === "place") {
        return selectAt(view, selector.place, intent);
    }
    return intent === "import" || intent === "alias"
        ? refuse("RENAME_NO_IMPORT", "a path says which item is meant, and not which import", {
              advice: "point at the import, as FILE:LINE:COLUMN",
          })
        : selectTarget(view, selector);
}

function selectAt(
    view: View,
    place: PlaceDto,
    intent: RenameIntent | undefined,
): Selection | Refusal {
    if (view.file(place.path) === undefined) {
        return selectByPlace(view, place);
    }
    const offset = view.lines(place.path).offset(place);
    const occurrence = chooseOccurrence(view.resolution.occurrencesAt(place.path, offset));
    if (occurrence === undefined) {
        const local = implicitLocal(view.text(place.path), place.path, offset);
        return local === undefined
            ? selectByPlace(view, place)
            : { kind: "selection", target: { kind: "local", local }, occurrence };
    }
    if (intent === "import" || intent === "alias") {
        return selectImport(view, { occurrence, place, as: intent });
    }
    if (isMacroMade(view, occurrence)) {
        const { name, file, span } = occurrence;
        const local = { kind: "local", name, file, nameSpan: span, scope: span } as const;
        return { kind: "selection", target: { kind: "local", local }, occurrence };
    }
    return occurrence.viaAlias && intent === undefined
        ? refuse("RENAME_ALIAS", `\`${occurrence.name}\` is an alias that an import gave`, {
              at: [describePlace(place)],
              advice: "`--as alias` renames the alias, `--as item` the item",
          })
        : selectByPlace(view, place);
}

/** Whether what a token means is not decided, and a macro that is given its name may define it. */
function isMacroMade({ resolution }: View, { binding, name }: Occurrence): boolean {
    const isOpen = binding.kind === "opaque" || binding.kind === "unresolved";
    return isOpen && resolution.occurrencesNamed(name).some((one) => isGivenToMacro(one.binding));
}

function selectImport(
    view: View,
    {
        occurrence,
        place,
        as,
    }: {
        readonly occurrence: Occurrence;
        readonly place: PlaceDto;
        readonly as: "import" | "alias";
    },
): Selection | Refusal {
    const symbol = importedSymbol(view, occurrence);
    const { file, span } = occurrence;
    return symbol === undefined
        ? refuse("RENAME_NO_IMPORT", `no import brings \`${occurrence.name}\` here`, {
              at: [describePlace(place)],
          })
        : {
              kind: "selection",
              target: { kind: "import", symbol, file, start: span.start, as },
              occurrence,
          };
}

/** What a token means, also where it means several things, or something of another crate. */
function importedSymbol(view: View, { binding }: Occurrence): SymbolIndex | undefined {
    switch (binding.kind) {
        case "symbol":
            return binding.symbols[0];
        case "ambiguous":
            return binding.candidates[0];
        case "external":
            return view.resolution
                .findByPath(binding.path)
                .find((index) => view.resolution.symbol(index).file === undefined);
        case "local":
        case "builtin":
        case "unresolved":
        case "opaque":
            return undefined;
    }
}

/**
 * What has no name yet and can be given one: `self`, which becomes a parameter, and `'_`, which becomes a
 * lifetime parameter. The plan says whether it can be there.
 */
function implicitLocal(text: string, file: string, offset: number): LocalInfo | undefined {
    const from = text.lastIndexOf("\n", offset - 1) + 1;
    const line = text.slice(from, (text.indexOf("\n", offset) + 1 || text.length + 1) - 1);
    for (const match of line.matchAll(
        /(?<![\p{XID_Continue}'#])self(?!\p{XID_Continue}|\s*::)|'_(?![\p{XID_Continue}'])/gu,
    )) {
        const start = from + match.index;
        const [word] = match;
        if (start <= offset && offset <= start + word.length) {
            const isLifetime = word.startsWith("'");
            const span = { start: isLifetime ? start + 1 : start, end: start + word.length };
            return line.slice(0, match.index).includes("//")
                ? undefined
                : {
                      kind: isLifetime ? "lifetime" : "parameter",
                      name: isLifetime ? "_" : "self",
                      file,
                      nameSpan: span,
                      scope: span,
                  };
        }
    }
    return undefined;
}
