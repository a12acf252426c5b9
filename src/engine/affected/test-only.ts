// What of a package is compiled for its own tests alone: a package that depends on it has nothing of it.

import { areExclusive } from "../../resolve/index.ts";
import type { CrateUnit } from "./crate-units.ts";
import type { DependenceInput } from "./ways.ts";

/** Targets that are nothing but tests of their package. */
const TEST_TARGETS: ReadonlySet<string> = new Set(["test", "bench"]);

/** Symbols that only the tests of their own package have: 1 by their numbers. */
export function testOnlySymbols(
    { source }: Pick<DependenceInput, "source">,
    units: ReadonlyMap<number, CrateUnit>,
): Uint8Array {
    const found = new Uint8Array(source.symbolCount);
    // With the same few predicates all over.
    const known = new Map<string, boolean>();
    for (let index = 0; index < found.length; index++) {
        if (source.externalPath(index) !== "") {
            continue;
        }
        const { cfg, crate } = source.symbol(index);
        let isOfTests = known.get(cfg);
        if (isOfTests === undefined) {
            isOfTests = areExclusive(cfg, "not(test)");
            known.set(cfg, isOfTests);
        }
        const kind = units.get(crate ?? index)?.targetKind ?? "";
        found[index] = isOfTests || TEST_TARGETS.has(kind) ? 1 : 0;
    }
    return found;
}
