// Second pass: imports to a fixed point. A leaf may add names to a scope in each of the three name
// spaces; a glob adds names again whenever its source has grown. Ends when a round adds nothing.

import { NS } from "./file-items.ts";
import {
    isConditional,
    isShadowed,
    isFound,
    isNowhere,
    lookupInModule,
    lookupLexical,
    MAY_BE_HIDDEN,
    type Found,
    type NameQuery,
} from "./lookup.ts";
import { lookupEarly } from "./lookup-early.ts";
import { lookupTextual } from "./lookup-macros.ts";
import type { PendingImport, Program } from "./program.ts";
import { define } from "./scopes.ts";
import type { Entry, FileInstance, Scope } from "./symbols.ts";
import { markUncompiled } from "./uncompiled-imports.ts";
import type { UseLeaf } from "./use-tree.ts";

const ROUNDS_MAX = 64;

/** Resolves all imports of the program and notes those that cannot be. */
export function resolveImports(program: Program): void {
    markUncompiled(program);
    const states = program.imports.map((pending) => new ImportState(pending));
    resolveInOrder(program, states);
    noteUnresolved(states);
    if (nameMissingCrates(program, states)) {
        states.forEach(({ pending }) => {
            pending.scope.unresolvedImports.clear();
        });
        resolveInOrder(program, states);
        noteUnresolved(states);
    }
}

/** What compiles comes first, so that nothing else is found where it gives a name. */
function resolveInOrder(program: Program, states: readonly ImportState[]): void {
    const compiled = states.filter(({ pending }) => !pending.isUncompiled);
    resolveAll(program, compiled);
    if (compiled.length < states.length) {
        resolveAll(program, states);
    }
}

function noteUnresolved(states: readonly ImportState[]): void {
    for (const { pending, isFound: found } of states) {
        if (!found && !pending.isUncompiled) {
            pending.scope.unresolvedImports.add(localName(pending));
        }
    }
}

/**
 * A path that begins with what is nowhere begins with a crate that the manifest does not name: it compiles
 * with another manifest, or not at all. It is somebody else's as well. Says whether there are such crates.
 */
function nameMissingCrates(program: Program, states: readonly ImportState[]): boolean {
    const own = new Set(program.crates.map((crate) => crate.name));
    let isAny = false;
    for (const { pending, isFound: found } of states) {
        const { scope, leaf, use } = pending;
        const name = leaf.path[0] ?? "";
        const { crate } = scope;
        if (
            !found &&
            !use.externCrate &&
            leaf.path.length > 1 &&
            !KEYWORDS.has(name) &&
            !own.has(name) &&
            !crate.externs.has(name) &&
            isNoModule(program, pending, name)
        ) {
            crate.externs.set(name, program.external(name));
            isAny = true;
        }
    }
    return isAny;
}

const KEYWORDS: ReadonlySet<string> = new Set(["crate", "$crate", "self", "super"]);

function isNoModule(program: Program, { scope, leaf }: PendingImport, name: string): boolean {
    if (leaf.global && scope.crate.edition !== "2015") {
        return true;
    }
    const from = scope.crate.edition === "2015" ? scope.crate.root : scope;
    const query = { name, namespace: NS.type, except: leaf };
    return from !== undefined && isNowhere(program, { ...query, from });
}

function resolveAll(program: Program, states: readonly ImportState[]): void {
    let isGrowing = true;
    for (let round = 0; round < ROUNDS_MAX && isGrowing; round++) {
        isGrowing = false;
        for (const state of states) {
            if (state.isStale()) {
                const grown = state.resolve(program);
                isGrowing ||= grown;
            }
        }
    }
    program.trace = undefined;
}

/** An import, and what it was resolved from: it is resolved again only when that has grown. */
class ImportState {
    readonly pending: PendingImport;
    isFound = false;
    #scopes: readonly Scope[] = [];
    #versions: readonly number[] = [];

    constructor(pending: PendingImport) {
        this.pending = pending;
    }

    isStale(): boolean {
        return (
            !this.isFound || this.#scopes.some((scope, i) => scope.version !== this.#versions[i])
        );
    }

    /** Says whether names were added. */
    resolve(program: Program): boolean {
        const trace: Scope[] = [];
        program.trace = trace;
        const step = resolveOne(program, this.pending);
        this.isFound ||= step.found;
        this.#scopes = [...new Set(trace)];
        this.#versions = this.#scopes.map((scope) => scope.version);
        return step.added;
    }
}

/** What each segment of a leaf means, after all imports are resolved; empty where nothing is known. */
export function importMeanings(
    program: Program,
    inst: FileInstance,
    leaf: UseLeaf,
): readonly Found[] {
    const pending = program.importOfLeaf.get(inst)?.get(leaf);
    if (pending === undefined) {
        return [];
    }
    if (pending.use.externCrate) {
        const target = externTarget(program, pending);
        return [{ symbols: target === undefined ? [] : [target], alias: false }];
    }
    const last = leaf.path.length - 1;
    return leaf.path.map((name, i) => {
        if (i < last || leaf.glob || leaf.isSelf) {
            return resolvePrefix(program, pending, i + 1) ?? { symbols: [], alias: false };
        }
        const found = [NS.type, NS.value, NS.macro].flatMap(
            (namespace) => lookupLeaf(program, pending, name, namespace) ?? [],
        );
        return {
            symbols: found.flatMap((one) => one.symbols),
            alias: found.some((one) => one.alias),
        };
    });
}

interface Step {
    readonly found: boolean;
    readonly added: boolean;
}

const NOTHING: Step = { found: false, added: false };

/** The name that a leaf binds; `*` for a glob. */
function localName({ inst, leaf }: PendingImport): string {
    if (leaf.glob) {
        return "*";
    }
    return leaf.aliasNode === -1
        ? (leaf.path[leaf.path.length - 1] ?? "")
        : inst.tree.nameOf(leaf.aliasNode);
}

function resolveOne(program: Program, pending: PendingImport): Step {
    const { leaf, use } = pending;
    if (use.externCrate) {
        return resolveExternCrate(program, pending);
    }
    if (leaf.glob) {
        return resolveGlob(program, pending);
    }
    const last = leaf.path.length - 1;
    if (leaf.isSelf) {
        const containers = resolvePrefix(program, pending, leaf.path.length);
        return containers === undefined ? NOTHING : addAll(program, pending, containers, NS.type);
    }
    const name = leaf.path[last] ?? "";
    let found = false;
    let added = false;
    for (const namespace of [NS.type, NS.value, NS.macro]) {
        const target = lookupLeaf(program, pending, name, namespace);
        if (target !== undefined) {
            const step = addAll(program, pending, target, namespace);
            found = true;
            added ||= step.added;
        }
    }
    return { found, added };
}

/** What the last segment of a leaf means in one name space. */
function lookupLeaf(
    program: Program,
    pending: PendingImport,
    name: string,
    namespace: number,
): Found | undefined {
    const { leaf, scope } = pending;
    const query = { name, namespace, from: scope, except: leaf };
    if (leaf.path.length === 1) {
        const textual =
            namespace === NS.macro
                ? lookupTextual(program, scope, name, pending.use.node)
                : undefined;
        const first = textual ?? firstSegment(program, pending, namespace);
        return first?.globOf !== undefined && mayBeOutside(program, query) ? undefined : first;
    }
    const containers = resolvePrefix(program, pending, leaf.path.length - 1);
    if (containers === undefined) {
        return undefined;
    }
    const symbols: number[] = [];
    let alias = false;
    for (const container of containers.symbols) {
        const symbol = program.symbolAt(container);
        if (symbol.external !== "") {
            symbols.push(program.external(`${symbol.external}::${name}`));
            continue;
        }
        const inner = program.scopeOfModule.get(container);
        if (inner !== undefined) {
            const found = lookupInModule(program, inner, query);
            if (isFound(found)) {
                symbols.push(...found.symbols);
                alias ||= found.alias;
            }
            continue;
        }
        for (const member of program.members.get(container)?.get(name) ?? []) {
            if ((program.symbolAt(member).namespaces & namespace) !== 0) {
                symbols.push(member);
            }
        }
    }
    return symbols.length === 0 ? undefined : { symbols, alias };
}

/** Whether a name that a glob of an external is supposed to give may as well be what an outer scope has. */
function mayBeOutside(program: Program, query: NameQuery): boolean {
    return [NS.type, NS.value, NS.macro].some((namespace) => {
        const found = lookupLexical(program, query.from, { ...query, namespace });
        return !isFound(found) && found.reason === MAY_BE_HIDDEN;
    });
}

/** The containers that the first `count` segments of a leaf name. */
export function resolvePrefix(
    program: Program,
    pending: PendingImport,
    count: number,
): Found | undefined {
    const { leaf, scope } = pending;
    if (count === 0) {
        const root = scope.crate.root;
        return root === undefined ? undefined : { symbols: [root.symbol], alias: false };
    }
    let at = firstSegment(program, pending, NS.type);
    for (let i = 1; i < count && at !== undefined; i++) {
        at = step(program, at, leaf.path[i] ?? "", scope);
    }
    return at;
}

function step(program: Program, at: Found, name: string, from: Scope): Found | undefined {
    const symbols: number[] = [];
    let alias = false;
    for (const container of at.symbols) {
        const symbol = program.symbolAt(container);
        const inner = program.scopeOfModule.get(container);
        if (symbol.external !== "") {
            symbols.push(program.external(`${symbol.external}::${name}`));
        } else if (inner !== undefined && name === "super") {
            symbols.push((inner.parentModule ?? inner).symbol);
        } else if (inner !== undefined) {
            const found = lookupInModule(program, inner, { name, namespace: NS.type, from });
            if (isFound(found)) {
                symbols.push(...found.symbols);
                alias ||= found.alias;
            }
        }
    }
    return symbols.length === 0 ? undefined : { symbols: [...new Set(symbols)], alias };
}

/** The first segment of a `use` path: keywords, then by edition crate root or lexical scope, then crates. */
function firstSegment(
    program: Program,
    { leaf, scope, inst, use }: PendingImport,
    namespace: number,
): Found | undefined {
    const name = leaf.path[0] ?? "";
    const { crate, module } = scope;
    const query = { name, namespace, from: scope, except: leaf };
    const one = (symbol: number | undefined): Found | undefined =>
        symbol === undefined ? undefined : { symbols: [symbol], alias: false };
    switch (name) {
        case "crate":
        case "$crate":
            return one(crate.root?.symbol);
        case "self":
            return one(module.symbol);
        case "super":
            return one((module.parentModule ?? module).symbol);
        default:
    }
    const extern = namespace === NS.type ? one(crate.externs.get(name)) : undefined;
    if (crate.edition === "2015") {
        const found =
            crate.root === undefined ? undefined : lookupInModule(program, crate.root, query);
        const isHere = found !== undefined && isFound(found) && !isGuess(program, found);
        return isHere
            ? found
            : (extern ?? (found !== undefined && isFound(found) ? found : undefined));
    }
    if (leaf.global) {
        return extern;
    }
    const found = lookupEarly(program, query, { inst, node: use.node });
    return isFound(found) && found.builtin === undefined ? found : extern;
}

/** Whether a name was only supposed to come through a glob import of an external. */
function isGuess(program: Program, found: Found): boolean {
    return found.symbols.every((symbol) => program.symbolAt(symbol).external !== "");
}

function externTarget(program: Program, { scope, leaf }: PendingImport): number | undefined {
    const name = leaf.path[0] ?? "";
    const { crate } = scope;
    return name === "self"
        ? crate.root?.symbol
        : (crate.externs.get(name) ?? program.external(name));
}

function resolveExternCrate(program: Program, pending: PendingImport): Step {
    const { scope, leaf, use } = pending;
    const name = leaf.path[0] ?? "";
    const { crate } = scope;
    const target = externTarget(program, pending);
    if (target === undefined) {
        return NOTHING;
    }
    const local = localName(pending);
    if (scope === crate.root && local !== "_" && name !== "self") {
        crate.externs.set(local, target);
    }
    if (use.macroUse && !crate.macroUseCrates.includes(target)) {
        crate.macroUseCrates.push(target);
    }
    return addAll(program, pending, { symbols: [target], alias: false }, NS.type);
}

function resolveGlob(program: Program, pending: PendingImport): Step {
    const { leaf, scope } = pending;
    const containers = resolvePrefix(program, pending, leaf.path.length);
    if (containers === undefined) {
        return NOTHING;
    }
    let added = false;
    for (const container of containers.symbols) {
        const symbol = program.symbolAt(container);
        if (symbol.external !== "") {
            added = (!pending.isUncompiled && addExternalGlob(pending, symbol.external)) || added;
            continue;
        }
        const inner = program.scopeOfModule.get(container);
        if (inner !== undefined) {
            added = copyNames(program, pending, inner) || added;
            continue;
        }
        for (const [name, members] of program.members.get(container) ?? []) {
            for (const member of members) {
                const { namespaces } = program.symbolAt(member);
                added = addEntry(scope, name, globEntry(pending, member, namespaces)) || added;
            }
        }
    }
    return { found: true, added };
}

function addExternalGlob({ scope, visibleIn }: PendingImport, path: string): boolean {
    if (scope.externalGlobs.some((one) => one.path === path && one.visibleIn === visibleIn)) {
        return false;
    }
    scope.externalGlobs.push({ path, visibleIn });
    scope.version += 1;
    return true;
}

function copyNames(program: Program, pending: PendingImport, from: Scope): boolean {
    const { scope } = pending;
    if (from === scope) {
        return false;
    }
    program.trace?.push(from);
    let added = false;
    for (const [name, entries] of from.names) {
        for (const entry of entries) {
            if (!program.isVisible(entry.visibleIn, scope)) {
                continue;
            }
            if (entry.glob && isShadowed(program, entry, entries)) {
                const isElse = entries.some((one) => !one.glob && one.symbol === entry.symbol);
                added = (!isElse && removeCopy(pending, name, entry.symbol)) || added;
                continue;
            }
            const copy = {
                ...globEntry(pending, entry.symbol, entry.namespaces),
                alias: entry.alias,
                conditional: isConditional(program, entry) || isConditionalUse(pending),
                uncompiled: entry.uncompiled === true || pending.isUncompiled,
            };
            added = addEntry(scope, name, copy) || added;
        }
    }
    if (pending.isUncompiled) {
        return added;
    }
    for (const trait of from.anonymousTraits) {
        if (program.isVisible(trait.visibleIn, scope)) {
            added = addAnonymousTrait(scope, trait.symbol, pending.visibleIn) || added;
        }
    }
    for (const glob of from.externalGlobs) {
        if (program.isVisible(glob.visibleIn, scope)) {
            added = addExternalGlob(pending, glob.path) || added;
        }
    }
    if (from.macroCalls.length > 0 && scope.macroCalls.length === 0) {
        scope.macroCalls.push(pending.use.node);
    }
    return added;
}

/** Takes back what a glob gave before its source was found to hide it. */
function removeCopy({ scope, leaf }: PendingImport, name: string, symbol: number): boolean {
    const entries = scope.names.get(name) ?? [];
    const at = entries.findIndex((one) => one.glob && one.leaf === leaf && one.symbol === symbol);
    if (at === -1) {
        return false;
    }
    entries.splice(at, 1);
    scope.version += 1;
    return true;
}

function addAnonymousTrait(scope: Scope, symbol: number, visibleIn: Scope | undefined): boolean {
    if (scope.anonymousTraits.some((one) => one.symbol === symbol && one.visibleIn === visibleIn)) {
        return false;
    }
    scope.anonymousTraits.push({ symbol, visibleIn });
    scope.version += 1;
    return true;
}

/** Whether an import may be missing: under a predicate, or among what a macro passes on. */
function isConditionalUse({ use }: PendingImport): boolean {
    return use.cfg !== "" || use.through !== undefined;
}

function globEntry(pending: PendingImport, symbol: number, namespaces: number): Entry {
    return {
        symbol,
        namespaces,
        leaf: pending.leaf,
        glob: true,
        conditional: isConditionalUse(pending),
        uncompiled: pending.isUncompiled,
        alias: false,
        visibleIn: pending.visibleIn,
    };
}

function addAll(program: Program, pending: PendingImport, target: Found, namespace: number): Step {
    const { leaf, scope, visibleIn } = pending;
    const name = localName(pending);
    let added = false;
    for (const symbol of target.symbols) {
        const record = program.symbolAt(symbol);
        if (name === "_") {
            added = addAnonymousTrait(scope, symbol, visibleIn) || added;
            continue;
        }
        const namespaces = record.external === "" ? record.namespaces & namespace : NS.any;
        const alias = target.alias || leaf.aliasNode !== -1;
        const conditional = isConditionalUse(pending);
        const entry = {
            symbol,
            namespaces,
            leaf,
            glob: false,
            alias,
            visibleIn,
            conditional,
            uncompiled: pending.isUncompiled,
        };
        added = addEntry(scope, name, entry) || added;
    }
    return { found: true, added };
}

/** Adds an entry unless an import that is seen as far has brought the same symbol already. */
function addEntry(scope: Scope, name: string, entry: Entry): boolean {
    const known = scope.names.get(name);
    const same = known?.findIndex(
        (one) =>
            one.symbol === entry.symbol &&
            one.glob === entry.glob &&
            one.visibleIn === entry.visibleIn &&
            one.leaf !== undefined,
    );
    if (known !== undefined && same !== undefined && same !== -1) {
        const old = known[same];
        const isMore = old !== undefined && (old.namespaces | entry.namespaces) !== old.namespaces;
        const isCompiled = old?.uncompiled === true && entry.uncompiled !== true;
        if (old !== undefined && (isMore || isCompiled)) {
            const namespaces = old.namespaces | entry.namespaces;
            known[same] = {
                ...old,
                namespaces,
                uncompiled: old.uncompiled === true && !isCompiled,
            };
            scope.version += 1;
            return true;
        }
        return false;
    }
    define(scope, name, entry);
    return true;
}
