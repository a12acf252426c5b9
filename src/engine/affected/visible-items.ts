// Which items code of another package can name at all.

import { NODE_FLAG } from "../../graph/index.ts";
import type { ResolutionSource } from "../../resolve/index.ts";
import type { CrateUnit } from "./crate-units.ts";

/** Kinds of what another package cannot name unless it is public. */
const HIDDEN_KINDS: ReadonlySet<string> = new Set([
    "function",
    "method",
    "field",
    "const",
    "static",
    "struct",
    "enum",
    "union",
]);

/** Where items stand. */
export interface ItemPlaces {
    readonly source: ResolutionSource;
    readonly units: ReadonlyMap<number, CrateUnit>;
    /** The lexically enclosing symbol of each symbol; -1 for none. */
    readonly parents: Int32Array;
}

/** Whether an impl's header is one of a trait. */
export function isTraitImpl(header: string): boolean {
    return /\bfor\b(?!\s*<)/u.test(header);
}

/** Whether an item is a trait's, or of an impl of one. */
export function isOfTrait({ source, parents }: ItemPlaces, symbol: number): boolean {
    const parent = parents[symbol] ?? -1;
    const kind = parent === -1 ? "" : source.kindOf(parent);
    return kind === "trait" || (kind === "impl" && isTraitImpl(source.symbol(parent).name));
}

/** Whether code of a package may see an item: those of other packages must be public, or a trait's. */
export function isVisible(places: ItemPlaces, scope: number, symbol: number): boolean {
    const { source, units, parents } = places;
    const { visibility, flags, crate } = source.symbol(symbol);
    const unit = units.get(crate ?? -1);
    const holder = parents[symbol] ?? -1;
    return (
        scope < 0 ||
        unit === undefined ||
        unit.package === scope ||
        visibility === "public" ||
        (flags & NODE_FLAG.macroMade) !== 0 ||
        !HIDDEN_KINDS.has(source.kindOf(symbol)) ||
        (holder !== -1 && source.kindOf(holder) === "variant") ||
        isOfTrait(places, symbol)
    );
}
