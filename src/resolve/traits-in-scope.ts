// Which traits give their methods at a place: those named in an enclosing scope, under any name or none.

import type { Program } from "./program.ts";
import type { Scope } from "./symbols.ts";

interface Traits {
    readonly symbols: ReadonlySet<number>;
    /** A glob import or macro call here may bring in others. */
    readonly isOpen: boolean;
}

const cache = new WeakMap<Scope, Traits>();

/** Whether a trait of the workspace is in scope; true where that cannot be excluded. */
export function isTraitInScope(program: Program, trait: number, from: Scope): boolean {
    for (let scope: Scope | undefined = from; scope !== undefined; scope = scope.outer) {
        const { symbols, isOpen } = traitsOf(program, scope);
        if (isOpen || symbols.has(trait)) {
            return true;
        }
    }
    return false;
}

/** Names of scopes are complete once imports are resolved, so they are read once. */
function traitsOf(program: Program, scope: Scope): Traits {
    let traits = cache.get(scope);
    if (traits === undefined) {
        const symbols = new Set(scope.anonymousTraits);
        for (const entries of scope.names.values()) {
            for (const { symbol } of entries) {
                if (program.symbolAt(symbol).kind === "trait") {
                    symbols.add(symbol);
                }
            }
        }
        const isOpen = scope.unresolvedImports.size > 0 || scope.macroCalls.length > 0;
        traits = { symbols, isOpen };
        cache.set(scope, traits);
    }
    return traits;
}
