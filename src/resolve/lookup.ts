// Looking up one name: in a module, lexically. Says why when it finds nothing.
// Source of the rules: the Rust reference, "Names and paths", "Preludes".

import { NS } from "./file-items.ts";
import { PRELUDE_TYPES, PRELUDE_VALUES, PRIMITIVE_TYPES } from "./known-names.ts";
import type { Program } from "./program.ts";
import { globGives } from "./std/std-access.ts";
import type { Entry, Scope, Sym } from "./symbols.ts";
import type { UseLeaf } from "./use-tree.ts";

/** What a name means: one symbol, or several (cfg twins, or truly ambiguous), or a name of the language. */
export interface Found {
    readonly symbols: readonly number[];
    /** The name was given by `as` somewhere on the way. */
    readonly alias: boolean;
    /** Set instead of symbols for primitive types and the like. */
    readonly builtin?: string;
    /** Path of the external whose glob import is supposed to give the name. */
    readonly globOf?: string;
}

/** Nothing was found, for this reason. */
export interface Missing {
    readonly reason: string;
    /** What the name means outside, where it is not known whether something hides that. */
    readonly outside?: readonly number[];
}

/** Answer of a lookup. */
export type Lookup = Found | Missing;

/** Tells a found name from a missing one. */
export function isFound(lookup: Lookup): lookup is Found {
    return "symbols" in lookup;
}

/** How a name is looked for. */
export interface NameQuery {
    readonly name: string;
    readonly namespace: number;
    /** Scope from which it is seen; private names elsewhere are left out. */
    readonly from: Scope;
    /** Import that is being resolved and must not find itself. */
    readonly except?: UseLeaf | undefined;
    /** It names a type, or a path goes on after it: no variant can be meant. */
    readonly neverVariant?: boolean;
}

/**
 * Looks a name up in one scope, without going outward. An import that is not resolved hides what globs and
 * outer scopes give.
 */
export function lookupInScope(
    program: Program,
    scope: Scope,
    query: NameQuery,
): Lookup | undefined {
    program.trace?.push(scope);
    const entries = scope.names.get(query.name);
    if (entries === undefined && scope.unresolvedImports.size === 0) {
        return undefined;
    }
    return chooseEntry(program, scope, query, entries ?? []);
}

function chooseEntry(
    program: Program,
    scope: Scope,
    query: NameQuery,
    entries: readonly Entry[],
): Lookup | undefined {
    const only = entries.length === 1 ? entries[0] : undefined;
    const isHidden = scope.unresolvedImports.has(query.name);
    if (only?.glob === false && !isHidden && fits(program, only, query)) {
        return { symbols: [only.symbol], alias: only.alias };
    }
    const all = entries.filter((entry) => fits(program, entry, query));
    const compiled = all.filter((entry) => entry.uncompiled !== true);
    const fitting = compiled.length > 0 ? compiled : all;
    const explicit = fitting.filter((entry) => !entry.glob);
    const isElse = explicit.every((entry) => isConditional(program, entry));
    if (isHidden && isElse) {
        return { reason: `the import of ${query.name} is not resolved` };
    }
    // Where no predicate of those holds, the name is what a glob gives.
    return pick(program, isElse ? fitting : explicit);
}

function fits(program: Program, entry: Entry, query: NameQuery): boolean {
    return (
        (entry.namespaces & query.namespace) !== 0 &&
        (query.except === undefined || entry.leaf !== query.except) &&
        program.isVisible(entry.visibleIn, query.from)
    );
}

/** Whether an entry may be missing, so that another may take its place. */
export function isConditional(program: Program, entry: Entry): boolean {
    return entry.leaf === undefined ? program.symbolAt(entry.symbol).cfg !== "" : entry.conditional;
}

/** Whether what a glob gives is hidden by a definition or import of the same name beside it. */
export function isShadowed(program: Program, entry: Entry, entries: readonly Entry[]): boolean {
    return shadowing(program, entry, entries) === "surely";
}

/** How far what a glob gives is hidden: `perhaps`, by what stands under a predicate. */
function shadowing(
    program: Program,
    { namespaces }: Pick<Entry, "namespaces">,
    entries: readonly Entry[],
): Hidden {
    const hiding = entries.filter(
        (other) =>
            !other.glob &&
            other.uncompiled !== true &&
            (other.namespaces & namespaces) === namespaces &&
            program.symbolAt(other.symbol).external === "",
    );
    if (hiding.length === 0) {
        return "no";
    }
    return hiding.every((other) => isConditional(program, other)) ? "perhaps" : "surely";
}

/** How far something is hidden from who does not name it. */
export type Hidden = "no" | "perhaps" | "surely";

/**
 * How far what a scope has by a name is hidden there from who does not name it: behind a glob, by what stands beside it, or
 * may, and by another glob, of which the compiler takes whichever it comes to first.
 */
export function hiddenUnnamed(
    program: Program,
    scope: Scope,
    { name, entry }: { readonly name: string; readonly entry: Entry },
): Hidden {
    if (!entry.glob) {
        return "no";
    }
    const hidden = hiddenInGlob(program, scope, { name, entry });
    return hidden === "no" &&
        scope.externalGlobs.some(({ path }) => globGives(path, name) === "yes")
        ? "perhaps"
        : hidden;
}

/** The same of a type or trait that a glob gives: an entry of the scope, or what an external has. */
export function hiddenInGlob(
    program: Program,
    scope: Scope,
    { name, entry }: { readonly name: string; readonly entry?: Entry },
): Hidden {
    const entries = scope.names.get(name) ?? [];
    const namespaces = entry?.namespaces ?? NS.type;
    const hidden = shadowing(program, { namespaces }, entries);
    if (hidden !== "no") {
        return hidden;
    }
    const mayBeHidden =
        entries.some(
            (other) =>
                other.uncompiled !== true &&
                other.symbol !== entry?.symbol &&
                (!other.glob || entry === undefined || other.leaf !== entry.leaf) &&
                (other.namespaces & namespaces) !== 0,
        ) ||
        scope.unresolvedImports.has(name) ||
        (scope.macroCalls.length > 0 && program.macroDefines.has(name));
    return mayBeHidden ? "perhaps" : "no";
}

/** Known definitions before externals, whose name space is not known. */
function pick(program: Program, entries: readonly Entry[]): Found | undefined {
    if (entries.length === 0) {
        return undefined;
    }
    const isKnown = (entry: Entry): boolean => program.symbolAt(entry.symbol).external === "";
    const known = entries.filter(isKnown);
    // Where one stands under a predicate, the other takes its place when that does not hold.
    // What one import brought is meant together: it may have gone through such a pair.
    const isTwin =
        entries.some(
            (entry) =>
                !isKnown(entry) &&
                (entry.conditional ||
                    (entry.leaf !== undefined && known.some((one) => one.leaf === entry.leaf))),
        ) || known.every((entry) => isConditional(program, entry));
    const chosen = known.length > 0 && !isTwin ? known : entries;
    return {
        symbols: [...new Set(chosen.map((entry) => entry.symbol))],
        alias: chosen.some((entry) => entry.alias),
    };
}

/** Looks a name up in a module or crate reached by a path. */
export function lookupInModule(program: Program, scope: Scope, query: NameQuery): Lookup {
    const found = lookupInScope(program, scope, query);
    if (found !== undefined) {
        return found;
    }
    return whyMissing(program, scope, query) ?? { reason: `no ${query.name} in this module` };
}

/** Looks a name up from the innermost scope outward, then in the preludes. */
export function lookupLexical(program: Program, scope: Scope, query: NameQuery): Lookup {
    let doubt: Lookup | undefined;
    for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
        const found = lookupInScope(program, at, query);
        if (found !== undefined) {
            const seen = mayBeAbsent(program, at, query)
                ? joinOuter(program, at, { query, found })
                : found;
            return doubt === undefined ? seen : unlessHidden(seen, doubt, query);
        }
        doubt ??= whyMissing(program, at, query);
        if (doubt !== undefined && isFound(doubt) && doubt.globOf === undefined) {
            return doubt;
        }
    }
    return lookupPreludes(program, scope, query) ?? doubt ?? { reason: noneInScope(query.name) };
}

/** What a scope has by a name, but for imports that no configuration compiles. */
export function compiledEntries(program: Program, scope: Scope, query: NameQuery): Entry[] {
    return (scope.names.get(query.name) ?? []).filter(
        (entry) => entry.uncompiled !== true && fits(program, entry, query),
    );
}

/** Whether all that a scope has by a name stands under predicates, of which none may hold. */
export function mayBeAbsent(program: Program, scope: Scope, query: NameQuery): boolean {
    const entries = compiledEntries(program, scope, query);
    // Asked of every name that is found, of which few stand under a predicate.
    if (entries.length === 0 || !entries.every((entry) => isConditional(program, entry))) {
        return false;
    }
    const predicates = entries.map((entry) =>
        entry.leaf === undefined ? program.symbolAt(entry.symbol).cfg : "",
    );
    return !predicates.some((one) => one !== "" && predicates.includes(`not(${one})`));
}

/** What a name means where a scope may have it, or not: that, and what is outside of the scope. */
function joinOuter(
    program: Program,
    { outer }: Scope,
    { query, found }: { readonly query: NameQuery; readonly found: Lookup },
): Lookup {
    const outside =
        outer === undefined
            ? lookupPreludes(program, query.from, query)
            : lookupLexical(program, outer, query);
    if (outside === undefined || !isFound(outside) || !isFound(found)) {
        return found;
    }
    return outside.builtin === undefined
        ? {
              symbols: [...new Set([...found.symbols, ...outside.symbols])],
              alias: found.alias || outside.alias,
          }
        : { reason: "what has this name stands under a predicate, and the language has it, too" };
}

/** What hides a primitive type: a type of that name. A module does not, but where a path goes on in it. */
export function lookupHiding(program: Program, from: Scope, name: string): Lookup | undefined {
    const query = { name, namespace: NS.type, from };
    for (let at: Scope | undefined = from; at !== undefined; at = at.outer) {
        const found = at.names.has(name) ? lookupInScope(program, at, query) : undefined;
        if (found !== undefined) {
            const isModule =
                isFound(found) && found.symbols.every((one) => isNoOther(program.symbolAt(one)));
            return isModule ? undefined : lookupLexical(program, at, query);
        }
    }
    return undefined;
}

/** Whether it is a module, as std has for every number, or by `core::primitive` the primitive type itself. */
function isNoOther({ kind, external }: Sym): boolean {
    return kind === "module" || /^(?:std|core|alloc)::/u.test(external);
}

/** The reason where no scope has a name, and none may have it. */
export function noneInScope(name: string): string {
    return `no ${name} in scope`;
}

/** Whether no scope from here outward has a name, or may have it. */
export function isNowhere(program: Program, query: NameQuery): boolean {
    for (let at: Scope | undefined = query.from; at !== undefined; at = at.outer) {
        const isSeen = lookupInScope(program, at, query) ?? whyMissing(program, at, query);
        if (isSeen !== undefined) {
            return false;
        }
    }
    return true;
}

/** What an outer scope gives is not certain where an inner one has a glob whose names are not known. */
function unlessHidden(found: Lookup, doubt: Lookup, query: NameQuery): Lookup {
    if (!isFound(doubt)) {
        return doubt;
    }
    const isEnum = doubt.globOf !== undefined && isEnumPath(doubt.globOf);
    return isEnum && (query.neverVariant === true || !/^\p{Lu}/u.test(query.name))
        ? found
        : { reason: MAY_BE_HIDDEN, ...(isFound(found) && { outside: found.symbols }) };
}

/** Why a name is not decided that an outer scope has. */
export const MAY_BE_HIDDEN = "a glob import of a dependency may hide what is outside";

/**
 * By convention an enum begins with a capital, and so do its variants: its glob hides nothing else. The
 * bindings of Windows name their modules so as well.
 */
function isEnumPath(path: string): boolean {
    return /::\p{Ll}\w*::\p{Lu}\w*$/u.test(`::${path}`) && !path.startsWith("windows");
}

function lookupPreludes(program: Program, scope: Scope, query: NameQuery): Found | undefined {
    const { name, namespace } = query;
    if ((namespace & NS.type) !== 0) {
        const extern = scope.crate.externs.get(name);
        if (extern !== undefined) {
            return { symbols: [extern], alias: program.symbolAt(extern).name !== name };
        }
        if (PRELUDE_TYPES.has(name)) {
            return { symbols: [program.external(`std::prelude::${name}`)], alias: false };
        }
        if (PRIMITIVE_TYPES.has(name)) {
            return { symbols: [], alias: false, builtin: name };
        }
    }
    if ((namespace & NS.value) !== 0 && PRELUDE_VALUES.has(name)) {
        return { symbols: [program.external(`std::prelude::${name}`)], alias: false };
    }
    return undefined;
}

/** The reason for which a scope may yet hold a name that is not seen in it. */
function whyMissing(program: Program, scope: Scope, query: NameQuery): Lookup | undefined {
    if (scope.unresolvedImports.has("*")) {
        return { reason: "a glob import here is not resolved" };
    }
    if (scope.macroCalls.length > 0) {
        return { reason: "a macro call here may define it" };
    }
    return foundInGlobs(program, scope, query);
}

/** What the globs of externals give, surely or perhaps. */
export function foundInGlobs(program: Program, scope: Scope, query: NameQuery): Found | undefined {
    let perhaps: Found | undefined;
    for (const { path, visibleIn } of scope.externalGlobs) {
        const gives = program.isVisible(visibleIn, query.from) ? globGives(path, query.name) : "no";
        if (gives === "no") {
            continue;
        }
        const symbols = [program.external(`${path}::${query.name}`)];
        if (gives === "yes") {
            return { symbols, alias: false };
        }
        perhaps ??= { symbols, alias: false, globOf: path };
    }
    return perhaps;
}
