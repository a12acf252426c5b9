// Imports that no configuration of the manifest compiles: they stand under a predicate under which another
// import begins with a crate that the manifest does not name. What they would bring is never in the place of
// what compiles. So it is with mocks of std (`cfg(loom)`) in a package that came without what its tests need.

import { allOf } from "./cfg.ts";
import { inheritedCfg } from "./file-items.ts";
import { PRELUDE_TYPES, PRIMITIVE_TYPES } from "./known-names.ts";
import { passedCfg } from "./passed-calls.ts";
import type { PendingImport, Program } from "./program.ts";
import type { CrateRecord, Scope } from "./symbols.ts";

/** What of a scope's imports can bring a name into it. */
interface ScopeImports {
    /** Names that imports give by themselves. */
    readonly names: Set<string>;
    /** First segments of glob imports. */
    readonly globs: Set<string>;
}

/** Segments at which a path begins that is no crate's. */
const KEYWORDS: ReadonlySet<string> = new Set(["crate", "$crate", "self", "super", "Self"]);

/** Marks the imports that cannot be compiled, among others that can. */
export function markUncompiled(program: Program): void {
    const predicates = impossiblePredicates(program);
    if (predicates.size === 0) {
        return;
    }
    for (const pending of program.imports) {
        const impossible = predicates.get(pending.scope.crate) ?? [];
        const around = predicateAround(program, pending);
        const own = predicateOf(program, pending);
        // Where the place itself is not compiled, its names are for itself only.
        pending.isUncompiled = [...impossible].some(
            (predicate) => implies(own, predicate) && !implies(around, predicate),
        );
    }
}

/** Predicates of each crate under which nothing compiles. */
function impossiblePredicates(program: Program): Map<CrateRecord, Set<string>> {
    const found = new Map<CrateRecord, Set<string>>();
    const own = new Set(program.crates.map((crate) => crate.name));
    const byScope = importsByScope(program);
    for (const pending of program.imports) {
        const { scope, leaf, use } = pending;
        const { crate } = scope;
        const name = leaf.path[0] ?? "";
        if (
            crate.edition === "2015" ||
            use.externCrate ||
            (leaf.path.length === 1 && !leaf.glob) ||
            KEYWORDS.has(name) ||
            PRIMITIVE_TYPES.has(name) ||
            PRELUDE_TYPES.has(name) ||
            own.has(name) ||
            crate.externs.has(name) ||
            (!leaf.global && mayBeHere(scope, name, byScope))
        ) {
            continue;
        }
        const predicate = predicateOf(program, pending);
        // What a macro puts it under is not known in every case.
        if (predicate !== "" && !predicate.includes("of_macro=")) {
            const known = found.get(crate) ?? new Set();
            found.set(crate, known.add(predicate));
        }
    }
    return found;
}

function importsByScope(program: Program): Map<Scope, ScopeImports> {
    const found = new Map<Scope, ScopeImports>();
    for (const { scope, leaf, use, inst } of program.imports) {
        // A crate that is declared in the root is known everywhere.
        const places = use.externCrate ? [scope, scope.crate.root ?? scope] : [scope];
        for (const place of places) {
            const imports = found.get(place) ?? { names: new Set(), globs: new Set() };
            found.set(place, imports);
            if (leaf.glob) {
                imports.globs.add(leaf.path[0] ?? "");
            } else {
                const last = leaf.path[leaf.path.length - 1] ?? "";
                imports.names.add(leaf.aliasNode === -1 ? last : inst.tree.nameOf(leaf.aliasNode));
            }
        }
    }
    return found;
}

/** Whether a scope, or one around it, has a name or may get it. */
function mayBeHere(scope: Scope, name: string, byScope: Map<Scope, ScopeImports>): boolean {
    for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
        const imports = byScope.get(at);
        const isOther = (glob: string): boolean => glob !== name;
        if (
            at.names.has(name) ||
            at.macroCalls.length > 0 ||
            imports?.names.has(name) === true ||
            [...(imports?.globs ?? [])].some(isOther)
        ) {
            return true;
        }
    }
    const root = scope.crate.root;
    return root !== undefined && byScope.get(root)?.names.has(name) === true;
}

/** The predicate of the place at which an import stands. */
function predicateAround(program: Program, { inst, use }: PendingImport): string {
    const inside = inheritedCfg(inst.items, use.parent, (item) => passedCfg(program, inst, item));
    return allOf(inst.cfg, inside);
}

function predicateOf(program: Program, pending: PendingImport): string {
    const { inst, use } = pending;
    return allOf(predicateAround(program, pending), use.cfg, passedCfg(program, inst, use));
}

function implies(predicate: string, other: string): boolean {
    return allOf(predicate, other) === allOf(predicate);
}
