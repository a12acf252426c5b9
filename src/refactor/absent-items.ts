// Items that are there in fewer configurations than the places that come to name them. Names are resolved over all
// branches of conditional compilation at once, so that bindings do not tell.

import {
    allOfCfg,
    areExclusive,
    notOfCfg,
    type Occurrence,
    type Resolution,
    type SymbolInfo,
} from "../resolve/index.ts";
import { Branches } from "./branches.ts";
import type { RenameContext } from "./context.ts";
import type { FoundConflict } from "./model.ts";
import { placeAt } from "./places.ts";

/** Uses of something that come to name an item, and are compiled where it is not; one of them. */
export function absentItems(
    context: RenameContext,
    item: SymbolInfo,
    uses: readonly Occurrence[],
): FoundConflict[] {
    const branches = new Branches(context);
    const use = uses.find((one) => !isThere(item, knownAt(context.resolution, branches, one)));
    if (use === undefined) {
        return [];
    }
    return [
        {
            kind: "absent-under-cfg",
            grade: "error",
            message: `\`${item.display}\` is there under cfg(${item.cfg}) alone, and this place without that`,
            at: [placeAt(context.textOf(use.file), use.file, use.span.start)],
        },
    ];
}

/** What holds wherever a use is compiled: the predicates around it, and those of the one item that it names so far. */
function knownAt(
    resolution: Resolution,
    branches: Branches,
    { binding, enclosing, file, span }: Occurrence,
): string {
    const [named, ...twins] = binding.kind === "symbol" ? binding.symbols : [];
    const ofNamed = named === undefined || twins.length > 0 ? "" : resolution.symbol(named).cfg;
    const around = enclosing === undefined ? "" : resolution.symbol(enclosing).cfg;
    return allOfCfg(around, branches.at(file, span.start), ofNamed);
}

function isThere({ cfg }: SymbolInfo, known: string): boolean {
    return allOfCfg(known, cfg) === known || areExclusive(known, notOfCfg(cfg));
}
