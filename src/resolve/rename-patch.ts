// Gives a program other names, and its own back: what a rename into a name that nothing has changes of
// modules, imports and members, where everything else stays as it is. It says no wherever that is not
// plain to see; then the program is built anew. docs/ARCHITECTURE.md tells why this is the same.

import { appendTo } from "../base/index.ts";
import type { FileCapture } from "../syntax/index.ts";
import { NS, type FileItems } from "./file-items.ts";
import { FOREIGN_PASSING_MACROS } from "./known-names.ts";
import { resolvePrefix } from "./imports.ts";
import type { PendingImport, Program } from "./program.ts";
import { rebindFile } from "./rebind.ts";
import type { Entry, Scope } from "./symbols.ts";
import { traitsMovedIn } from "./types/trait-table.ts";
import type { UseLeaf } from "./use-tree.ts";

/** A spelling and the one that some of its tokens get instead. */
export interface NameChange {
    readonly from: string;
    readonly to: string;
}

/** Captures by workspace-relative path. */
type Captures = ReadonlyMap<string, FileCapture>;

/** What a change of names comes to, found out before anything is changed. */
export interface NamePlan {
    readonly change: NameChange;
    /** Symbols that get the new name. */
    readonly renamed: ReadonlySet<number>;
    /** A module whose name is part of the path of a file is renamed: the file must have moved. */
    readonly movesFiles: boolean;
    readonly scopes: readonly Scope[];
    /** Those of these scopes that keep some entries of the name, with which of them move. */
    readonly mixed: ReadonlyMap<Scope, readonly boolean[]>;
    /** Scopes in which renamed macros are defined in textual order. */
    readonly textual: readonly Scope[];
    /** Member lists that hold renamed symbols. */
    readonly members: readonly Map<string, number[]>[];
    readonly shown: readonly ShownTraits[];
}

/** Traits that something may hide in a scope, and perhaps does no longer: calls that mean them do not spell them. */
export interface ShownTraits {
    readonly scope: Scope;
    readonly traits: readonly number[];
}

/** Finds what a change of names does to a program; undefined where it could do more than that. */
export function planNames(
    program: Program,
    changed: Captures,
    change: NameChange,
): NamePlan | undefined {
    const { from } = change;
    const renamed = new Set<number>();
    let movesFiles = false;
    for (const index of program.byName.get(from) ?? []) {
        const { inst, item, kind } = program.symbolAt(index);
        const capture = inst === undefined ? undefined : changed.get(inst.path);
        if (capture !== undefined && program.itemsOf(capture).items[item]?.name === change.to) {
            // A module's name may be a file's, and a macro's decides what its input is.
            if (kind === "macro" && program.passingMacros.has(from)) {
                return undefined;
            }
            movesFiles ||=
                kind === "module" && inst !== undefined && isSoughtAsFile(inst.items, item);
            renamed.add(index);
        }
    }
    if (!areMacrosKept(program, changed, change)) {
        return undefined;
    }
    const leaves = pairLeaves(program, changed);
    const all = allScopes(program);
    const scopes = all.filter((scope) => scope.names.has(from));
    if (
        !scopes.every((scope) => isParted(scope.names.get(from) ?? [], renamed)) ||
        !importsNaming(program, from).every((one) =>
            isKept(program, one, { change, renamed, after: leaves.get(one.leaf) }),
        )
    ) {
        return undefined;
    }
    const members: Map<string, number[]>[] = [];
    for (const index of renamed) {
        const lists = program.members.get(program.symbolAt(index).parent);
        const list = lists?.get(from);
        if (lists !== undefined && list?.includes(index) === true && !members.includes(lists)) {
            if (!list.every((one) => renamed.has(one))) {
                return undefined;
            }
            members.push(lists);
        }
    }
    const isMoving = ({ symbol }: Entry): boolean => renamed.has(symbol);
    const moving = scopes.filter((scope) => scope.names.get(from)?.some(isMoving) === true);
    const shown: ShownTraits[] = [];
    for (const scope of moving) {
        const traits = traitsMovedIn(program, scope, from);
        if (traits === "std") {
            return undefined;
        }
        if (traits.length > 0) {
            shown.push({ scope, traits });
        }
    }
    const mixed = new Map<Scope, readonly boolean[]>();
    for (const scope of moving) {
        const moves = (scope.names.get(from) ?? []).map(isMoving);
        if (moves.includes(false)) {
            mixed.set(scope, moves);
        }
    }
    const textual = textualScopes(program).filter((scope) =>
        scope.textual.some((one) => renamed.has(one.symbol)),
    );
    return { change, renamed, movesFiles, scopes: moving, mixed, textual, members, shown };
}

/** Whether a module's name is part of the path of a file: its own, or that of a module in it. */
function isSoughtAsFile({ items }: FileItems, number: number): boolean {
    return items.some((item, at) => {
        if (item.kind !== "module" || item.body !== -1) {
            return false;
        }
        for (let around = at; around !== -1; around = items[around]?.parent ?? -1) {
            if (around === number) {
                return true;
            }
        }
        return false;
    });
}

/** Whether every macro that passes its input on still does, and no other begins to. */
function areMacrosKept(program: Program, changed: Captures, change: NameChange): boolean {
    const shapes = (path: string, capture: FileCapture): string =>
        JSON.stringify(
            program
                .itemsOf(capture)
                .macroShapes.filter(({ name }) => name === change.from || name === change.to),
            undefined,
        ) + path;
    if (FOREIGN_PASSING_MACROS.has(change.from) || FOREIGN_PASSING_MACROS.has(change.to)) {
        return false;
    }
    const isSame = [...changed].every(([path, capture]) => {
        const before = program.captures.get(path);
        return before !== undefined && shapes(path, before) === shapes(path, capture);
    });
    if (isSame) {
        return true;
    }
    for (const [path, capture] of program.captures) {
        const all = [capture, changed.get(path)].flatMap((one) =>
            one === undefined ? [] : program.itemsOf(one).macroShapes,
        );
        if (all.some((one) => isOf(change, one.name) && one.passing !== undefined)) {
            return false;
        }
    }
    return true;
}

function isOf({ from, to }: NameChange, name: string): boolean {
    return name === from || name === to;
}

/** What an import leaf spells after the change. */
interface LeafAfter {
    readonly path: readonly string[];
    readonly alias: string;
}

/** The leaf after of each import leaf of the changed files. */
function pairLeaves(program: Program, changed: Captures): Map<UseLeaf, LeafAfter> {
    const pairs = new Map<UseLeaf, LeafAfter>();
    for (const [path, capture] of changed) {
        for (const inst of program.instancesByPath.get(path) ?? []) {
            const after = leavesOf(program.itemsOf(capture));
            leavesOf(inst.items).forEach((leaf, i) => {
                const other = after[i];
                if (other !== undefined) {
                    const { aliasNode, path: segments } = other;
                    const alias = aliasNode === -1 ? "" : capture.tree.nameOf(aliasNode);
                    pairs.set(leaf, { path: segments, alias });
                }
            });
        }
    }
    return pairs;
}

function leavesOf(items: FileItems): UseLeaf[] {
    return items.uses.flatMap((use) => [...use.leaves]);
}

const importIndex = new WeakMap<Program, Map<string, PendingImport[]>>();

/** Imports that spell a name, in their path or as what they are called here. */
function importsNaming(program: Program, name: string): readonly PendingImport[] {
    let index = importIndex.get(program);
    if (index === undefined) {
        index = new Map();
        for (const pending of program.imports) {
            for (const one of new Set([...pending.leaf.path, aliasOf(pending)])) {
                appendTo(index, one, pending);
            }
        }
        importIndex.set(program, index);
    }
    return index.get(name) ?? [];
}

function aliasOf({ leaf, inst }: PendingImport): string {
    return leaf.aliasNode === -1 ? "" : inst.tree.nameOf(leaf.aliasNode);
}

const scopesOf = new WeakMap<Program, readonly Scope[]>();

/** All scopes of a program: there are no others once it is built. */
function allScopes(program: Program): readonly Scope[] {
    let known = scopesOf.get(program);
    if (known === undefined) {
        known = listScopes(program);
        scopesOf.set(program, known);
    }
    return known;
}

const textualOf = new WeakMap<Program, readonly Scope[]>();

/** Scopes in which macros are defined in textual order: few, and fixed once the program is built. */
function textualScopes(program: Program): readonly Scope[] {
    let known = textualOf.get(program);
    if (known === undefined) {
        known = allScopes(program).filter((scope) => scope.textual.length > 0);
        textualOf.set(program, known);
    }
    return known;
}

function listScopes(program: Program): Scope[] {
    const found = new Set<Scope>(program.scopeOfModule.values());
    for (const inst of program.instances) {
        for (const scope of inst.scopes.values()) {
            found.add(scope);
        }
    }
    return [...found];
}

/**
 * Whether no name space has both entries of a name that move to the new one and entries that stay: then no look-up
 * reads both, and none of them can hide another one.
 */
function isParted(entries: readonly Entry[], renamed: ReadonlySet<number>): boolean {
    let moving = 0;
    let staying = 0;
    for (const { symbol, namespaces } of entries) {
        if (renamed.has(symbol)) {
            moving |= namespaces;
        } else {
            staying |= namespaces;
        }
    }
    return (moving & staying) === 0;
}

interface ImportChange {
    readonly change: NameChange;
    readonly renamed: ReadonlySet<number>;
    /** Undefined where the file does not change. */
    readonly after: LeafAfter | undefined;
}

/**
 * Whether an import that spells the old name brings, under the new names, what it brought: at every moment
 * of the search, so every scope that a spelling is looked for in has only what moves with it, or only what
 * stays with it.
 */
function isKept(program: Program, pending: PendingImport, how: ImportChange): boolean {
    const { leaf, scope, use } = pending;
    const { change, renamed } = how;
    const { from, to } = change;
    const alias = aliasOf(pending);
    const after = how.after ?? { path: leaf.path, alias };
    if (after.alias !== alias || after.path.length !== leaf.path.length) {
        return false;
    }
    if (use.externCrate) {
        // It asks no scope: what it spells is a dependency's name.
        return after.path.every((name, i) => name === leaf.path[i]);
    }
    const entries = scope.names.get(from) ?? [];
    if (alias === from && entries.some((one) => renamed.has(one.symbol))) {
        return false;
    }
    for (const [i, name] of leaf.path.entries()) {
        if (name !== from) {
            if (after.path[i] !== name) {
                return false;
            }
            continue;
        }
        const isEdited = after.path[i] === to;
        if (isEdited && i === 0 && scope.crate.externs.has(from)) {
            // Before the scopes had it, the dependency of the old name may have been taken for it.
            return false;
        }
        const lists =
            i === 0 ? firstLists(program, pending, from) : innerLists(program, pending, i);
        const moves = (one: number): boolean => renamed.has(one);
        const isFound = lists?.some((list) => list.length > 0) === true;
        if (
            lists === undefined ||
            !lists.every((list) => list.every((one) => moves(one) === isEdited)) ||
            (isEdited && !isFound)
        ) {
            return false;
        }
    }
    const isNamedSo = leaf.aliasNode === -1 && leaf.path[leaf.path.length - 1] === from;
    if (isNamedSo && !leaf.glob) {
        // A name space that others of the name are in is none of this import's.
        const brought = entries.filter((one) => one.glob || one.leaf === leaf);
        const isEdited = after.path[leaf.path.length - 1] === to;
        if (!brought.every((entry) => renamed.has(entry.symbol) === isEdited)) {
            return false;
        }
        if (isEdited && brought.length === 0) {
            return false;
        }
    }
    // A name of a dependency that was only supposed for a while would be another one now.
    const segment = `::${from}`;
    return (
        after.path.every((name, i) => name === leaf.path[i]) ||
        (scope.externalGlobs.every((glob) => !glob.path.includes(segment)) &&
            [...scope.names.values()].every((entries) =>
                entries.every(
                    (entry) =>
                        entry.leaf !== leaf ||
                        !program.symbolAt(entry.symbol).external.includes(segment),
                ),
            ))
    );
}

/** Name spaces that a segment of an import is looked for in: what a path goes on after is a type or a module. */
function spacesOf({ path, glob, isSelf }: UseLeaf, segment: number): number {
    return segment === path.length - 1 && !glob && !isSelf ? NS.any : NS.type;
}

function symbolsIn(scope: Scope, name: string, spaces: number): readonly number[] {
    return (scope.names.get(name) ?? [])
        .filter(({ namespaces }) => (namespaces & spaces) !== 0)
        .map(({ symbol }) => symbol);
}

/** What the scopes that an import asks have under the name of its first segment. */
function firstLists(
    program: Program,
    { scope, leaf }: PendingImport,
    name: string,
): (readonly number[])[] {
    const lists: (readonly number[])[] = [];
    const spaces = spacesOf(leaf, 0);
    for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
        lists.push(symbolsIn(at, name, spaces));
    }
    // Paths of later editions do not begin at the root.
    if (scope.crate.root !== undefined && scope.crate.edition === "2015") {
        lists.push(symbolsIn(scope.crate.root, name, spaces));
    }
    if (leaf.path.length === 1) {
        const macros = (program.byName.get(name) ?? []).filter(
            (one) => program.symbolAt(one).kind === "macro",
        );
        lists.push(macros);
    }
    return lists;
}

/** What the containers before a segment have under its name; undefined for what is not ours. */
function innerLists(
    program: Program,
    pending: PendingImport,
    segment: number,
): (readonly number[])[] | undefined {
    const name = pending.leaf.path[segment] ?? "";
    const containers = resolvePrefix(program, pending, segment);
    const lists: (readonly number[])[] = [];
    for (const container of containers?.symbols ?? []) {
        const scope = program.scopeOfModule.get(container);
        if (program.symbolAt(container).external !== "") {
            lists.push([container]);
        } else if (scope !== undefined) {
            lists.push(symbolsIn(scope, name, spacesOf(pending.leaf, segment)));
        } else {
            lists.push(program.members.get(container)?.get(name) ?? []);
        }
    }
    return lists;
}

/** Changes the names, and lets the program speak of the changed files; gives what puts all of it back. */
export class NamePatch {
    readonly #program: Program;
    readonly #plan: NamePlan;
    readonly #before: Captures;
    readonly #after: Captures;
    readonly #changed: readonly string[];
    /** Whether macros mention, and whether they define, each of the two names afterwards. */
    #macros: readonly MacroWords[] | undefined;

    constructor(program: Program, plan: NamePlan, captures: { before: Captures; after: Captures }) {
        this.#program = program;
        this.#plan = plan;
        this.#before = captures.before;
        this.#after = captures.after;
        this.#changed = [...captures.after]
            .filter(([path, one]) => captures.before.get(path) !== one)
            .map(([path]) => path);
    }

    /** Puts the other names in place; gives what puts all of it back. */
    apply(): () => void {
        const program = this.#program;
        const { from, to } = this.#plan.change;
        const before = program.captures;
        // Somebody may have asked about other bodies since.
        const changed = before === this.#before ? this.#changed : undefined;
        rebindAll(program, changed, this.#after);
        rename(program, this.#plan, this.#plan.change);
        const had = [from, to].map((name) => wordsOf(program, name));
        this.#macros ??= [from, to].map((name) => findWords(program, name));
        setWords(program, this.#macros);
        return () => {
            rename(program, this.#plan, { from: to, to: from });
            setWords(program, had);
            rebindAll(program, changed, before);
        };
    }
}

/** What the macros of a program have of a name. */
interface MacroWords {
    readonly name: string;
    readonly isNamed: boolean;
    readonly isDefined: boolean;
}

function wordsOf({ macroNames, macroDefines }: Program, name: string): MacroWords {
    return { name, isNamed: macroNames.has(name), isDefined: macroDefines.has(name) };
}

function findWords({ instances }: Program, name: string): MacroWords {
    return {
        name,
        isNamed: instances.some(({ items }) => items.macroNames.includes(name)),
        isDefined: instances.some(({ items }) => items.macroDefines.includes(name)),
    };
}

function setWords({ macroNames, macroDefines }: Program, words: readonly MacroWords[]): void {
    for (const { name, isNamed, isDefined } of words) {
        setMember(macroNames, name, isNamed);
        setMember(macroDefines, name, isDefined);
    }
}

/** Lets the program speak of these captures; of the changed files alone where it speaks of all others already. */
function rebindAll(
    program: Program,
    changed: readonly string[] | undefined,
    captures: Captures,
): void {
    for (const path of changed ?? captures.keys()) {
        const capture = captures.get(path);
        if (capture !== undefined && program.captures.get(path) !== capture) {
            rebindFile(program, path, capture);
        }
    }
    program.captures = captures;
}

function setMember(set: Set<string>, name: string, has: boolean): void {
    if (has) {
        set.add(name);
    } else {
        set.delete(name);
    }
}

function rename(program: Program, plan: NamePlan, { from, to }: NameChange): void {
    for (const index of plan.renamed) {
        program.symbols[index] = { ...program.symbolAt(index), name: to };
    }
    const isMoved = (index: number): boolean => plan.renamed.has(index);
    const old = program.byName.get(from) ?? [];
    const taken = [...old.filter(isMoved), ...(program.byName.get(to) ?? [])];
    setList(
        program.byName,
        from,
        old.filter((index) => !isMoved(index)),
    );
    setList(
        program.byName,
        to,
        taken.sort((a, b) => a - b),
    );
    for (const scope of plan.scopes) {
        const moves = plan.mixed.get(scope);
        if (moves === undefined) {
            renameKey(scope.names, from, to);
        } else if (to === plan.change.to) {
            partKey(scope.names, plan.change, moves);
        } else {
            joinKeys(scope.names, plan.change, moves);
        }
    }
    plan.textual.forEach((scope) => {
        scope.textual.forEach((macro, i) => {
            if (isMoved(macro.symbol)) {
                scope.textual[i] = { ...macro, name: to };
            }
        });
    });
    plan.members.forEach((members) => {
        renameKey(members, from, to);
    });
}

function setList(lists: Map<string, number[]>, name: string, list: number[]): void {
    if (list.length === 0) {
        lists.delete(name);
    } else {
        lists.set(name, list);
    }
}

/** In the place of the old key: the order of a map is the order of its definitions. */
function renameKey<T>(map: Map<string, T>, from: string, to: string): void {
    const entries = [...map];
    map.clear();
    for (const [key, value] of entries) {
        map.set(key === from ? to : key, value);
    }
}

/** Gives the entries that move a key of their own beside the old one. */
function partKey<T>(
    map: Map<string, T[]>,
    { from, to }: NameChange,
    moves: readonly boolean[],
): void {
    const all = [...map];
    map.clear();
    for (const [key, list] of all) {
        map.set(key, key === from ? list.filter((_, i) => moves[i] !== true) : list);
        if (key === from) {
            map.set(
                to,
                list.filter((_, i) => moves[i] === true),
            );
        }
    }
}

/** Puts the entries back into one list, in the order that they had. */
function joinKeys<T>(
    map: Map<string, T[]>,
    { from, to }: NameChange,
    moves: readonly boolean[],
): void {
    const moved = (map.get(to) ?? []).values();
    const kept = (map.get(from) ?? []).values();
    map.delete(to);
    const joined = moves.flatMap((isMoved) => {
        const next = (isMoved ? moved : kept).next();
        return next.done === true ? [] : [next.value];
    });
    map.set(from, joined);
}
