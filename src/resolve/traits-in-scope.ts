// Which traits give their methods at a place: those named in an enclosing scope, under any name or none.

import type { Program } from "./program.ts";
import type { Scope } from "./symbols.ts";

const cache = new WeakMap<Scope, ReadonlySet<number>>();

/** Whether a trait of the workspace is in scope; true where that cannot be excluded. */
export function isTraitInScope(program: Program, trait: number, from: Scope): boolean {
    const { name } = program.symbolAt(trait);
    for (let scope: Scope | undefined = from; scope !== undefined; scope = scope.outer) {
        // An import that is not resolved may be the trait's, if it is a glob or has its name.
        const { unresolvedImports } = scope;
        if (unresolvedImports.has("*") || unresolvedImports.has(name)) {
            return true;
        }
        if (traitsOf(program, scope).has(trait)) {
            return true;
        }
    }
    return false;
}

/** Names of scopes are complete once imports are resolved, so they are read once. */
function traitsOf(program: Program, scope: Scope): ReadonlySet<number> {
    let traits = cache.get(scope);
    if (traits === undefined) {
        const symbols = new Set(scope.anonymousTraits.map((trait) => trait.symbol));
        for (const entries of scope.names.values()) {
            for (const { symbol } of entries) {
                if (program.symbolAt(symbol).kind === "trait") {
                    symbols.add(symbol);
                }
            }
        }
        traits = symbols;
        cache.set(scope, traits);
    }
    return traits;
}
