// Looking up one macro: those of `macro_rules!` in textual order, then those that scopes have, then std's.
// Source of the rules: the Rust reference, "Macros by example, scoping".

import { NS } from "./file-items.ts";
import { isGivenMacro, STD_DERIVES, STD_MACROS } from "./known-names.ts";
import { isFound, lookupInScope, type Found, type Lookup, type NameQuery } from "./lookup.ts";
import { AMBIGUOUS, isOutOfMacro, unlessOutside, type Place } from "./lookup-early.ts";
import type { Program } from "./program.ts";
import { itemOf, type Scope } from "./symbols.ts";

/** Looks up a macro called by a plain name at a node. */
export function lookupMacro(program: Program, scope: Scope, name: string, node: number): Lookup {
    const textual = lookupTextual(program, scope, name, node);
    const query = { name, namespace: NS.macro, from: scope };
    const place = { inst: scope.inst, node };
    if (textual !== undefined) {
        return unlessInScope(program, textual, query, place);
    }
    for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
        const found = lookupInScope(program, at, query);
        if (found !== undefined) {
            return unlessOutside(program, found, { query, scope: at, place });
        }
    }
    for (const crate of scope.crate.macroUseCrates) {
        const found = lookupMacroUse(program, crate, name);
        if (found !== undefined) {
            return found;
        }
    }
    if (STD_MACROS.has(name) || STD_DERIVES.has(name)) {
        return { symbols: [], alias: false, builtin: name };
    }
    return externalMacro(program, scope, name) ?? { reason: `no macro ${name} in scope` };
}

/** Exported macros of a crate named by `#[macro_use] extern crate`. */
function lookupMacroUse(program: Program, crate: number, name: string): Lookup | undefined {
    const scope = program.scopeOfModule.get(crate);
    return scope === undefined
        ? undefined
        : lookupInScope(program, scope, { name, namespace: NS.macro, from: scope });
}

/** Crates of macros that quote, where several crates give theirs by `#[macro_use]`. */
const QUOTING_MACROS: ReadonlyMap<string, string> = new Map([
    ["quote", "quote"],
    ["quote_spanned", "quote"],
    ["parse_quote", "syn"],
    ["parse_quote_spanned", "syn"],
]);

function externalMacro(program: Program, scope: Scope, name: string): Found | undefined {
    const crates = scope.crate.macroUseCrates.filter(
        (one) => program.symbolAt(one).external !== "",
    );
    const home = QUOTING_MACROS.get(name);
    const crate = crates.find((one) => program.symbolAt(one).external === home) ?? crates[0];
    if (crate !== undefined) {
        const path = program.symbolAt(crate).external;
        return { symbols: [program.external(`${path}::${name}`)], alias: false };
    }
    for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
        const glob = at.externalGlobs[0];
        if (glob !== undefined) {
            return { symbols: [program.external(`${glob.path}::${name}`)], alias: false };
        }
    }
    return undefined;
}

/**
 * What textual order gives, unless a scope has another macro of that name: then the compiler takes neither (E0659), but
 * where that scope has the textual one's definition in itself or further in. What comes out of a macro yields to std's, too.
 */
function unlessInScope(program: Program, textual: Textual, query: NameQuery, place: Place): Lookup {
    const others: number[] = [];
    for (let at: Scope | undefined = query.from; at !== undefined; at = at.outer) {
        const found = lookupInScope(program, at, query);
        if (found !== undefined && isFound(found) && !isAround(at, textual.home)) {
            others.push(...found.symbols.filter((one) => !textual.symbols.includes(one)));
        }
    }
    if (others.length > 0) {
        return { symbols: [...textual.symbols, ...others], alias: false };
    }
    const isMade = textual.symbols.some((one) => {
        const symbol = program.symbolAt(one);
        return isOutOfMacro(itemOf(symbol)?.through, symbol.inst, place);
    });
    return isMade && isGivenMacro(query.name) ? { reason: AMBIGUOUS } : textual;
}

/** Whether a scope is another one, or around it in the same module. */
function isAround(scope: Scope, inner: Scope | undefined): boolean {
    for (let at = inner; at !== undefined; at = at.outer) {
        if (at === scope) {
            return true;
        }
    }
    return false;
}

/** What textual order gives, and the scope that defines it, unless it comes by `#[macro_use]`. */
interface Textual extends Found {
    readonly home: Scope | undefined;
}

/** macro_rules in textual order: defined before this place, here or in an enclosing scope. */
export function lookupTextual(
    program: Program,
    scope: Scope,
    name: string,
    node: number,
): Textual | undefined {
    let place = node;
    for (let at: Scope | undefined = scope; at !== undefined;) {
        const symbols = lastBefore(program, at, name, place);
        if (symbols.length > 0) {
            const isOwn = at.textual.some(({ symbol }) => symbols.includes(symbol));
            return { symbols, alias: false, home: isOwn ? at : undefined };
        }
        if (at.outer !== undefined) {
            at = at.outer;
        } else {
            place = at.declaredAt;
            at = enclosing(at);
        }
    }
    return undefined;
}

/** The scope in which a module's `mod` item stands, which may be a block. */
function enclosing(scope: Scope): Scope | undefined {
    return scope.parentModule;
}

/** The last macro of that name before a node; where it is under a cfg, those before it too. */
function lastBefore(program: Program, scope: Scope, name: string, node: number): number[] {
    const found: { node: number; symbols: readonly number[]; conditional: boolean }[] = [];
    const add = (at: number, symbols: readonly number[], owner: number): void => {
        if (symbols.length > 0) {
            found.push({ node: at, symbols, conditional: program.symbolAt(owner).cfg !== "" });
        }
    };
    for (const macro of scope.textual) {
        if (macro.name === name && macro.node < node) {
            add(macro.node, [macro.symbol], macro.symbol);
        }
    }
    for (const used of scope.macroUse) {
        if (used.node < node) {
            const inner = lastBefore(program, used.scope, name, Number.MAX_SAFE_INTEGER);
            add(used.node, inner, used.scope.symbol);
        }
    }
    found.sort((a, b) => b.node - a.node);
    const last = found.findIndex((one) => !one.conditional);
    return found.slice(0, last === -1 ? found.length : last + 1).flatMap((one) => one.symbols);
}
