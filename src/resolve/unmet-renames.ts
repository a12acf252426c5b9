// Which items cannot have met a renamed symbol, although they spell its name: their rows hold after the rename.
// A look-up can meet a symbol only where it looks: in the scopes that hold it, or at the type that has it.
// docs/decisions/renames-that-are-not-met.md has the argument; where it does not plainly apply, the item is
// walked again.

import { KIND, ROLE, type SyntaxTree } from "../syntax/index.ts";
import type { Program } from "./program.ts";
import type { NamePlan } from "./rename-patch.ts";
import type { Semantics } from "./semantics.ts";
import { holds } from "./spelling-index.ts";
import { headOf } from "./types/impl-table.ts";
import { firstAt } from "./known-items.ts";
import { BIND, OCCURRENCE_FLAG, ROLE_CODE, type OccurrenceTable } from "./walk/occurrence-table.ts";

/** Roles of names that are looked for at a value's type. */
const MEMBER_ROLES: ReadonlySet<number> = new Set([
    ROLE_CODE["method-call"],
    ROLE_CODE.field,
    ROLE_CODE["literal-field"],
    ROLE_CODE["pattern-field"],
]);

/** Roles of names that are looked for in scopes, or in what the path before them names. */
const PATH_ROLES: ReadonlySet<number> = new Set([
    ROLE_CODE.call,
    ROLE_CODE.value,
    ROLE_CODE.pattern,
    ROLE_CODE.type,
]);

const OPEN: ReadonlySet<number> = new Set([BIND.ambiguous, BIND.unresolved, BIND.opaque]);

const SCOPED_KINDS: ReadonlySet<number> = new Set([
    KIND.scoped_identifier,
    KIND.scoped_type_identifier,
]);

/** Tells for one rename what has not met it. Made and asked about the names before. */
export class UnmetRenames {
    readonly #program: Program;
    readonly #semantics: Semantics;
    readonly #plan: NamePlan;
    /** A renamed symbol can be found in a scope. */
    readonly #isScoped: boolean;
    /** A renamed symbol can be found by `.name`. */
    readonly #hasMembers: boolean;
    /** Heads of the types that have the renamed members; undefined where others may come upon them. */
    readonly #heads: ReadonlySet<string> | undefined;
    readonly #isStdTraitItem: boolean;
    /** Macros may define the old name, perhaps no longer after the rename: what is open may be so otherwise. */
    readonly #isMacroName: boolean;

    constructor(program: Program, semantics: Semantics, plan: NamePlan) {
        this.#program = program;
        this.#semantics = semantics;
        this.#plan = plan;
        const kinds = [...plan.renamed].map((one) => memberKind(program, one));
        this.#isScoped =
            plan.scopes.length > 0 || plan.textual.length > 0 || kinds.includes("none");
        this.#hasMembers = kinds.includes("member");
        this.#heads = this.#headsOfRenamed();
        this.#isMacroName = program.macroNames.has(plan.change.from);
        const { std } = semantics;
        this.#isStdTraitItem = std.traitsWithItem(plan.change.from).length > 0;
    }

    #headsOfRenamed(): Set<string> | undefined {
        const heads = new Set<string>();
        for (const index of this.#plan.renamed) {
            if (memberKind(this.#program, index) === "none") {
                continue;
            }
            const head = this.#ownerHead(index);
            if (head === undefined || this.#isLookedThrough(index)) {
                return undefined;
            }
            heads.add(head);
        }
        return heads;
    }

    /** Head of the type that has a member itself; undefined for items of traits and of blanket impls. */
    #ownerHead(index: number): string | undefined {
        const { parent } = this.#program.symbolAt(index);
        const owner = parent === -1 ? undefined : this.#program.symbolAt(parent);
        switch (owner?.kind) {
            case "impl": {
                const impl = this.#semantics.impls.of(owner.index);
                return impl === undefined ? undefined : headOf(impl.self);
            }
            case "struct":
            case "union":
            case "enum":
                return `adt ${this.#semantics.representative(owner.index)}`;
            case "variant":
                return `adt ${this.#semantics.representative(owner.parent)}`;
            default:
                return undefined;
        }
    }

    /** Whether a member is a trait's, or its type has an impl that may lead from it to another type. */
    #isLookedThrough(index: number): boolean {
        const { parent } = this.#program.symbolAt(index);
        const own = this.#semantics.impls.of(parent);
        if (own?.isTraitImpl === true) {
            return true;
        }
        const owner = this.#program.symbolAt(parent);
        const type = owner.kind === "variant" ? owner.parent : parent;
        const self = own?.self ?? this.#semantics.ownType(type);
        return this.#semantics.impls.forType(self).some(({ isTraitImpl, trait }) => {
            const path =
                trait === undefined ? "::Deref" : this.#program.symbolAt(trait.symbol).external;
            return isTraitImpl && path.endsWith("::Deref");
        });
    }

    /** Whether no token of an item that spells the old name has met a renamed symbol. */
    isUnmet(table: OccurrenceTable, tree: SyntaxTree, item: number): boolean {
        const { name, names, start, end, next, parent, kind, role } = tree.columns;
        const { from } = this.#plan.change;
        const qualified = new Map<number, boolean>();
        const last = next[item] ?? tree.count;
        for (let node = item; node < last; node++) {
            const spelling = names[name[node] ?? 0] ?? "";
            if (spelling === from) {
                const isLast =
                    SCOPED_KINDS.has(kind[parent[node] ?? 0] ?? 0) && role[node] === ROLE.name;
                qualified.set(start[node] ?? 0, isLast);
            } else if (holds(spelling, from)) {
                return false;
            }
        }
        const to = end[item] ?? 0;
        const seen = new Set<number>();
        for (
            let row = firstAt(table.start, start[item] ?? 0);
            (table.start[row] ?? to) < to;
            row++
        ) {
            if (table.names[table.name[row] ?? 0] === from) {
                const at = table.start[row] ?? 0;
                const isLast = qualified.get(at);
                if (isLast === undefined || !this.#isRowUnmet(table, row, isLast)) {
                    return false;
                }
                seen.add(at);
            }
        }
        return seen.size === qualified.size;
    }

    #isRowUnmet(table: OccurrenceTable, row: number, isQualified: boolean): boolean {
        const role = table.role[row] ?? 0;
        if (table.bind[row] === BIND.local) {
            return true; // Locals are looked for before all else.
        }
        if (role === ROLE_CODE.definition) {
            return this.#targetsOf(table, row).every((one) => !this.#plan.renamed.has(one));
        }
        if (this.#isMacroName && OPEN.has(table.bind[row] ?? 0)) {
            return false;
        }
        if (MEMBER_ROLES.has(role)) {
            return !this.#hasMembers || this.#isElsewhere(table, row);
        }
        if (!PATH_ROLES.has(role) || this.#isScoped) {
            return false;
        }
        return !isQualified || this.#isElsewhere(table, row);
    }

    /** Whether a token is decided to mean a member of a type where no renamed one is looked for. */
    #isElsewhere(table: OccurrenceTable, row: number): boolean {
        const heads = this.#heads;
        if (heads === undefined) {
            return false;
        }
        const targets = this.#targetsOf(table, row);
        if (table.bind[row] === BIND.external) {
            return (
                !this.#isStdTraitItem &&
                targets.every((one) => !this.#program.symbolAt(one).external.startsWith("_::"))
            );
        }
        return (
            table.bind[row] === BIND.symbol &&
            targets.every((one) => {
                const head = this.#plan.renamed.has(one) ? undefined : this.#ownerHead(one);
                return head !== undefined && !heads.has(head);
            })
        );
    }

    #targetsOf(table: OccurrenceTable, row: number): readonly number[] {
        const target = table.target[row] ?? 0;
        const isSet = ((table.flags[row] ?? 0) & OCCURRENCE_FLAG.set) !== 0;
        return isSet ? (table.sets[target] ?? []) : [target];
    }
}

/** How a symbol is found: by `.name`, by a path through its enum, or in a scope. */
function memberKind(program: Program, index: number): "member" | "variant" | "none" {
    const { kind, parent } = program.symbolAt(index);
    switch (kind) {
        case "variant":
            return "variant";
        case "field":
        case "method":
        case "assoc-const":
            return "member";
        case "function":
            return parent !== -1 && program.symbolAt(parent).kind === "impl" ? "member" : "none";
        default:
            return "none";
    }
}
