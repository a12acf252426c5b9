// Which traits have an item of a name, and which of them give their methods at a place.

import { appendTo } from "../../base/index.ts";
import { PRELUDE_TYPES } from "../known-names.ts";
import { hiddenInGlob, hiddenUnnamed, type Hidden } from "../lookup.ts";
import type { Program } from "../program.ts";
import { globGives } from "../std/std-access.ts";
import type { StdDeclarations } from "../std/std-declarations.ts";
import type { Entry, Scope } from "../symbols.ts";

/** Traits that a module of std gives by `use …::prelude::*`. */
const STD_PRELUDES: ReadonlyMap<string, readonly string[]> = new Map([
    ["std::io::prelude", ["std::io::Read", "std::io::Write", "std::io::Seek", "std::io::BufRead"]],
]);

/** The traits of the same program, in which some of these names have become others of these since. */
export interface KnownTraits {
    readonly before: TraitTable;
    readonly names: ReadonlySet<string>;
}

/** How a trait is in a scope: `perhaps`, where something may hide it. */
type Standing = "perhaps" | "surely";

/** Traits of a program. */
export class TraitTable {
    readonly #program: Program;
    readonly #std: StdDeclarations;
    readonly #known: KnownTraits | undefined;
    /** A scope has the same symbols whatever they are called. */
    readonly #named: WeakMap<Scope, ReadonlyMap<number, Standing>>;
    #byItem: Map<string, number[]> | undefined;
    #prelude: ReadonlySet<number> | undefined;

    constructor(program: Program, std: StdDeclarations, known?: KnownTraits) {
        this.#program = program;
        this.#std = std;
        this.#known = known;
        this.#named = known === undefined ? new WeakMap() : known.before.#named;
    }

    /** Traits of the workspace that have an item of this name. */
    withItem(name: string): readonly number[] {
        const known = this.#known;
        if (known === undefined) {
            this.#byItem ??= this.#indexItems();
            return this.#byItem.get(name) ?? [];
        }
        if (!known.names.has(name)) {
            return known.before.withItem(name);
        }
        this.#byItem ??= this.#indexOf(known.names);
        return this.#byItem.get(name) ?? [];
    }

    /** Traits that have items of some names, found by the items. */
    #indexOf(names: ReadonlySet<string>): Map<string, number[]> {
        const { byName, members } = this.#program;
        const byItem = new Map<string, number[]>();
        for (const name of names) {
            const parents = (byName.get(name) ?? []).map(
                (one) => this.#program.symbolAt(one).parent,
            );
            const traits = [...new Set(parents)].filter(
                (one) =>
                    one !== -1 &&
                    this.#program.symbolAt(one).kind === "trait" &&
                    members.get(one)?.has(name) === true,
            );
            byItem.set(
                name,
                traits.sort((a, b) => a - b),
            );
        }
        return byItem;
    }

    /** Whether a trait of the workspace or of std is in scope; true where that cannot be excluded. */
    isInScope(trait: number, from: Scope): boolean {
        const { name, external } = this.#program.symbolAt(trait);
        if (external !== "" && this.#preludeTraits().has(trait)) {
            return true;
        }
        for (let scope: Scope | undefined = from; scope !== undefined; scope = scope.outer) {
            // An import that is not resolved may be the trait's, if it is a glob or has its name.
            const { unresolvedImports } = scope;
            if (external === "" && (unresolvedImports.has("*") || unresolvedImports.has(name))) {
                return true;
            }
            if (this.#standingIn(scope, trait) !== undefined) {
                return true;
            }
        }
        return false;
    }

    /** Whether something may hide a trait that is in scope else. */
    mayBeHidden(trait: number, from: Scope): boolean {
        let mayBe = false;
        for (let scope: Scope | undefined = from; scope !== undefined; scope = scope.outer) {
            const standing = this.#standingIn(scope, trait);
            if (standing === "surely") {
                return false;
            }
            mayBe ||= standing === "perhaps";
        }
        return mayBe;
    }

    /** Whether an import that is seen from a place may be of a trait that a macro defines. */
    mayBeUnseen(from: Scope): boolean {
        const { macroDefines } = this.#program;
        for (let scope: Scope | undefined = from; scope !== undefined; scope = scope.outer) {
            for (const name of scope.unresolvedImports) {
                if (name === "*" || (/^\p{Lu}/u.test(name) && macroDefines.has(name))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** How a trait is in one scope itself; undefined where it is not. */
    #standingIn(scope: Scope, trait: number): Standing | undefined {
        const named = this.#namedIn(scope).get(trait);
        if (named === "surely" || !this.#isInGlob(scope, trait)) {
            return named;
        }
        const { name } = this.#program.symbolAt(trait);
        return standingOf(hiddenInGlob(this.#program, scope, { name })) ?? named;
    }

    /** Whether `use std::some::module::*` gives a trait of std. */
    #isInGlob(scope: Scope, trait: number): boolean {
        const { name, external } = this.#program.symbolAt(trait);
        return (
            external !== "" &&
            scope.externalGlobs.some(
                ({ path }) =>
                    /^(?:std|core|alloc)(?:::|$)/u.test(path) &&
                    this.#canonical(`${path}::${name}`) === trait,
            )
        );
    }

    #indexItems(): Map<string, number[]> {
        const { symbols, members } = this.#program;
        const byItem = new Map<string, number[]>();
        for (const { kind, index } of symbols) {
            if (kind === "trait") {
                for (const name of members.get(index)?.keys() ?? []) {
                    appendTo(byItem, name, index);
                }
            }
        }
        return byItem;
    }

    #preludeTraits(): ReadonlySet<number> {
        this.#prelude ??= new Set(
            [...PRELUDE_TYPES].map((name) => this.#canonical(`std::prelude::${name}`)),
        );
        return this.#prelude;
    }

    #canonical(path: string): number {
        const symbol = this.#program.external(path);
        return this.#std.canonical(symbol) ?? symbol;
    }

    /** Names of scopes are complete once imports are resolved, so they are read once. */
    #namedIn(scope: Scope): ReadonlyMap<number, Standing> {
        let traits = this.#named.get(scope);
        if (traits === undefined) {
            traits = this.#readScope(scope);
            this.#named.set(scope, traits);
        }
        return traits;
    }

    #readScope(scope: Scope): Map<number, Standing> {
        const traits = new Map<number, Standing>();
        const add = (index: number, hiddenHere?: () => Hidden): void => {
            const { kind } = this.#program.symbolAt(index);
            const trait = kind === "external" ? (this.#std.canonical(index) ?? index) : index;
            if ((kind !== "trait" && kind !== "external") || traits.get(trait) === "surely") {
                return;
            }
            const standing = standingOf(hiddenHere?.() ?? "no");
            if (standing !== undefined) {
                traits.set(trait, standing);
            }
        };
        scope.anonymousTraits.forEach(({ symbol }) => {
            add(symbol);
        });
        for (const [name, entries] of scope.names) {
            for (const entry of entries) {
                // What hides a trait's name takes its methods out of scope.
                add(entry.symbol, () => hiddenUnnamed(this.#program, scope, { name, entry }));
            }
        }
        for (const { path } of scope.externalGlobs) {
            for (const trait of preludeTraits(path)) {
                const name = lastSegment(trait);
                add(this.#program.external(trait), () =>
                    hiddenInGlob(this.#program, scope, { name }),
                );
            }
        }
        return traits;
    }
}

function standingOf(hidden: Hidden): Standing | undefined {
    return hidden === "no" ? "surely" : hidden === "perhaps" ? "perhaps" : undefined;
}

/** Traits that `use path::*` gives where the path is a prelude of std. */
function preludeTraits(path: string): readonly string[] {
    return STD_PRELUDES.get(path.replace(/^core::|^alloc::/u, "std::")) ?? [];
}

function lastSegment(path: string): string {
    return path.slice(path.lastIndexOf("::") + 2);
}

/** How another name for what a scope has may move traits into scope there, or out of it. */
export type TraitMoves =
    /** By what std has of the name. */
    | "std"
    /** These, of which something may hide each. */
    | readonly number[];

/** Tells which traits may come into a scope, or leave it, where what it has by a name gets another one. */
export function traitsMovedIn(program: Program, scope: Scope, name: string): TraitMoves {
    const isGiven = scope.externalGlobs.some(
        ({ path }) =>
            globGives(path, name) === "yes" ||
            preludeTraits(path).some((trait) => lastSegment(trait) === name),
    );
    if (isGiven) {
        return "std";
    }
    const entries = (scope.names.get(name) ?? []).filter(
        ({ symbol }) => program.symbolAt(symbol).kind === "trait",
    );
    const isSure = ({ symbol }: Entry): boolean =>
        entries.some(
            (entry) =>
                entry.symbol === symbol && hiddenUnnamed(program, scope, { name, entry }) === "no",
        );
    return [...new Set(entries.filter((one) => !isSure(one)).map(({ symbol }) => symbol))];
}
