// Names that the compiler looks up while it still expands macros: first segments of imports and of macros' paths, and
// macros. There it takes no name that a glob or a macro gives where further outside something else has it: E0659.
// Source of the rules: rustc_resolve, `early_resolve_ident_in_lexical_scope`; tried for every name of std.

import { NS } from "./file-items.ts";
import { isGivenMacro, isGivenType, PRELUDE_VALUES } from "./known-names.ts";
import {
    compiledEntries,
    foundInGlobs,
    isConditional,
    isFound,
    lookupInScope,
    lookupLexical,
    type Lookup,
    type NameQuery,
} from "./lookup.ts";
import type { PassingCall } from "./passing-macros.ts";
import type { Program } from "./program.ts";
import { itemOf, type Entry, type FileInstance, type Scope } from "./symbols.ts";

/** Where a name is written. */
export interface Place {
    readonly inst: FileInstance | undefined;
    readonly node: number;
}

/** Looks a name up from the innermost scope outward, then in the preludes, as the compiler does in an import. */
export function lookupEarly(program: Program, query: NameQuery, place: Place): Lookup {
    const found = lookupLexical(program, query.from, query);
    if (!isFound(found) || found.builtin !== undefined || found.globOf !== undefined) {
        return found;
    }
    for (let at: Scope | undefined = query.from; at !== undefined; at = at.outer) {
        const isHere =
            lookupInScope(program, at, query) !== undefined ||
            foundInGlobs(program, at, query) !== undefined;
        if (isHere) {
            return unlessOutside(program, found, { query, scope: at, place });
        }
    }
    return found;
}

/** What a scope has, unless a scope outside of it, the prelude or the language has something else by that name. */
export function unlessOutside(
    program: Program,
    found: Lookup,
    {
        query,
        scope,
        place,
    }: { readonly query: NameQuery; readonly scope: Scope; readonly place: Place },
): Lookup {
    const entries = compiledEntries(program, scope, query);
    const explicit = entries.filter((entry) => !entry.glob);
    const isMade = explicit.some((entry) =>
        isOutOfMacro(throughOf(program, scope, entry), scope.inst, place),
    );
    const isByGlob =
        (explicit.length < entries.length || entries.length === 0) &&
        explicit.every((entry) => isConditional(program, entry));
    if (!isFound(found) || !(isMade || isByGlob)) {
        return found;
    }
    // Beside what a macro gives, what a glob of the same scope gives counts, too.
    const others = isMade ? entries.filter((entry) => entry.glob).map((entry) => entry.symbol) : [];
    for (let at = scope.outer; at !== undefined; at = at.outer) {
        const outside = lookupInScope(program, at, query);
        if (outside !== undefined && isFound(outside)) {
            others.push(...outside.symbols);
        }
    }
    const isOurs = (symbol: number): boolean => program.symbolAt(symbol).external === "";
    const areOurs = found.symbols.some(isOurs);
    // Of two things that are not the workspace's it is not known whether they are one.
    const symbols = others.filter(
        (one) => !found.symbols.includes(one) && (areOurs || isOurs(one)),
    );
    if (areOurs && symbols.length === 0 && isGivenOutside(scope, query)) {
        return { reason: AMBIGUOUS };
    }
    return symbols.length === 0
        ? found
        : { symbols: [...new Set([...found.symbols, ...symbols])], alias: found.alias };
}

/** The reason where the compiler takes neither. */
export const AMBIGUOUS =
    "a glob or macro gives it, and the language, its prelude or a dependency has the name, too";

function isGivenOutside({ crate }: Scope, { name, namespace }: NameQuery): boolean {
    switch (namespace) {
        case NS.type:
            return crate.externs.has(name) || isGivenType(name, crate.edition);
        case NS.value:
            return PRELUDE_VALUES.has(name);
        default:
            return isGivenMacro(name);
    }
}

/** The call that an entry is input of. */
function throughOf(program: Program, scope: Scope, entry: Entry): PassingCall | undefined {
    if (entry.leaf === undefined) {
        return itemOf(program.symbolAt(entry.symbol))?.through;
    }
    return scope.inst === undefined
        ? undefined
        : program.importOfLeaf.get(scope.inst)?.get(entry.leaf)?.use.through;
}

/** Whether something comes out of a macro in whose input a place does not stand. */
export function isOutOfMacro(
    through: PassingCall | undefined,
    inst: FileInstance | undefined,
    place: Place,
): boolean {
    if (through === undefined) {
        return false;
    }
    const end = inst?.tree.columns.next[through.node] ?? 0;
    return inst !== place.inst || place.node < through.node || place.node >= end;
}
