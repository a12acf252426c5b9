// Whether a variant can be named by itself somewhere: an import must bring it, or all that its enum has.

import {
    UNOWNED_REASON,
    type Occurrence,
    type Resolution,
    type SymbolInfo,
} from "../resolve/index.ts";
import type { RenameContext } from "./context.ts";
import { isUndecided } from "./find-target.ts";
import { firstAfter, lastBefore } from "./places.ts";

type MeaningContext = Pick<RenameContext, "resolution" | "textOf">;

const known = new WeakMap<Resolution, Map<string, boolean>>();
const globs = new WeakMap<Resolution, boolean>();

/** Whether some scope, of one crate if it is given, may have a variant's plain name. Says no only when certain. */
export function isInSomeScope(
    context: MeaningContext,
    variant: SymbolInfo,
    crate: number | undefined,
): boolean {
    const { resolution } = context;
    const all = known.get(resolution) ?? new Map<string, boolean>();
    known.set(resolution, all);
    const key = `${variant.index} ${crate ?? ""}`;
    let found = all.get(key);
    if (found === undefined) {
        found = isBrought(context, variant, crate);
        all.set(key, found);
    }
    return found;
}

/** Whether what stands before a token of a macro's body may come from a call, and be a path. */
export function mayFollowPath(text: string, start: number): boolean {
    const last = lastBefore(text, start);
    const before = text.slice(Math.max(0, last + 1 - WINDOW), last + 1);
    return /[*+?/]$|\$\s*[\p{XID_Start}_]\p{XID_Continue}*$/u.test(before);
}

const WINDOW = 256;

function isBrought(
    context: MeaningContext,
    variant: SymbolInfo,
    crate: number | undefined,
): boolean {
    const { resolution } = context;
    const isNear = (one: Occurrence): boolean =>
        !isUnowned(one) &&
        (crate === undefined ||
            one.crate === undefined ||
            one.crate === crate ||
            one.role === "macro-body");
    const isImported = resolution
        .occurrencesOf(variant.index)
        .filter(isNear)
        .some(({ role, viaAlias }) => viaAlias || role === "import" || role === "import-alias");
    if (isImported || variant.parent === undefined || hasUnknownGlob(context)) {
        return true;
    }
    const { name } = resolution.symbol(variant.parent);
    const ofEnum = [...resolution.occurrencesOf(variant.parent)].filter(isNear);
    const open = resolution
        .occurrencesNamed(name)
        .filter((one) => isNear(one) && isUndecided(one.binding));
    return (
        ofEnum.some(({ viaAlias }) => viaAlias) ||
        [...ofEnum, ...open].some((one) => isBeforeGlob(context, one))
    );
}

/** Whether nothing compiles what a token stands in. */
function isUnowned({ binding }: Occurrence): boolean {
    return "reason" in binding && binding.reason === UNOWNED_REASON;
}

/** Whether `::*`, or a list with `*` in it, stands behind a token. */
export function isBeforeGlob(
    { textOf }: Pick<RenameContext, "textOf">,
    { file, span }: Occurrence,
): boolean {
    const text = textOf(file);
    const colons = firstAfter(text, span.end);
    if (!text.startsWith("::", colons)) {
        return false;
    }
    const at = firstAfter(text, colons + 2);
    const list = text[at] === "{" ? text.slice(at, text.indexOf("}", at) + 1 || undefined) : "";
    return text[at] === "*" || text[at] === "/" || /[*$/]/u.test(list);
}

/** Whether a macro's body imports all of what a call names. */
export function hasUnknownGlob({ resolution, textOf }: MeaningContext): boolean {
    let found = globs.get(resolution);
    if (found === undefined) {
        found = resolution.files().some(({ path }) => UNKNOWN_GLOB.test(textOf(path)));
        globs.set(resolution, found);
    }
    return found;
}

// `$a::*`, and `$(…)::*::*`, in which the first star repeats.
const UNKNOWN_GLOB =
    /\$\s*(?!crate\b)[\p{XID_Start}_]\p{XID_Continue}*\s*::\s*[*{]|\)\s*(?:::\s*)?[*+?]\s*::\s*[*{]/u;
