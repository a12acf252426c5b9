// Which items cannot have met a renamed symbol, although they spell its name: their rows hold after the rename.
// A look-up can meet a symbol only where it looks: in the scopes that hold it, or at the type that has it.
// docs/decisions/renames-that-are-not-met.md has the argument; where it does not plainly apply, the item is
// walked again.

import { KIND, ROLE, type FileCapture, type SyntaxTree } from "../syntax/index.ts";
import type { FileItems } from "./file-items.ts";
import { PRELUDE_TYPES, PRELUDE_VALUES, PRIMITIVE_TYPES } from "./known-names.ts";
import type { Program } from "./program.ts";
import type { NamedNodes } from "./named-nodes.ts";
import type { NamePlan } from "./rename-patch.ts";
import type { Semantics } from "./semantics.ts";
import { headOf } from "./types/impl-table.ts";
import { countBefore, firstAt, isAmong, type EditedTokens } from "./known-items.ts";
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

/** Roles of names that are found where they are looked for, whatever else could have been. */
const DECIDED_ROLES: ReadonlySet<number> = new Set([
    ...MEMBER_ROLES,
    ...PATH_ROLES,
    ROLE_CODE.definition,
    ROLE_CODE.module,
]);

const BIG = /^\p{Lu}/u;

const UNKNOWN_RECEIVER = "the receiver's type is not known";

/** Why a name may yet stand in a scope where it is not found. */
const OPEN_SCOPE =
    /^(?:a macro call here may define it|a glob import here is not resolved|the import of \S+ is not resolved)$/u;

/** Why what a path goes through is not known, or has no such name. */
const NOT_HERE = /^(?:no \S+ in (?:scope|this module)|the type is not known)$/u;

const SCOPED_KINDS: ReadonlySet<number> = new Set([
    KIND.scoped_identifier,
    KIND.scoped_type_identifier,
]);

const PRELUDE_NAMES: readonly ReadonlySet<string>[] = [
    PRELUDE_TYPES,
    PRELUDE_VALUES,
    PRIMITIVE_TYPES,
];

interface Meant {
    readonly program: Program;
    readonly semantics: Semantics;
}

/** A file before the rename. */
export class NamedTree {
    /** It has at least the rows of the items that spell the old name. */
    readonly table: OccurrenceTable;
    readonly tree: SyntaxTree;
    /** Nodes that spell one of the two names. */
    readonly named: NamedNodes;
    /** Number of the old name in the table. */
    readonly spelled: number;
    /** Numbers of the table's reasons that name what the tokens around one are called. */
    readonly naming: ReadonlySet<number>;

    constructor(table: OccurrenceTable, tree: SyntaxTree, named: NamedNodes, from: string) {
        this.table = table;
        this.tree = tree;
        this.named = named;
        this.spelled = table.names.indexOf(from);
        this.naming = new Set(
            table.reasons.flatMap((reason, number) => (reason.includes(from) ? [number] : [])),
        );
    }
}

/** Whether the macros of the edited files mention or define another of the two names than before. */
function changesMacros(
    program: Program,
    changed: ReadonlyMap<string, FileCapture>,
    { from, to }: NamePlan["change"],
): boolean {
    const has = (items: FileItems): string =>
        [from, to]
            .map((name) => [items.macroNames.includes(name), items.macroDefines.includes(name)])
            .join();
    return [...changed].some(([path, capture]) => {
        const before = program.captures.get(path);
        return (
            before === undefined || has(program.itemsOf(before)) !== has(program.itemsOf(capture))
        );
    });
}

/** Tells for one rename what has not met it. Made and asked about the names before. */
export class UnmetRenames {
    readonly #program: Program;
    readonly #semantics: Semantics;
    readonly #plan: NamePlan;
    /** A renamed symbol can be found in a scope. */
    readonly #isScoped: boolean;
    /** A renamed symbol can be found by `.name`. */
    readonly #hasFields: boolean;
    /** A renamed symbol can be found by `.name()`. */
    readonly #hasMethods: boolean;
    /** Heads of the types that have the renamed members; undefined where others may come upon them. */
    readonly #heads: ReadonlySet<string> | undefined;
    readonly #isStdTraitItem: boolean;
    /** Macros may define the old name, perhaps no longer after the rename: what is open may be so otherwise. */
    readonly #isMacroName: boolean;
    /** Names that begin with a capital are sometimes taken for variants. */
    readonly #isStyleKept: boolean;
    readonly #isPreludeName: boolean;
    /** The edits change which names macros mention or define. */
    readonly #isMacroChanged: boolean;
    readonly #stillNamed = new Map<"method" | "field", boolean>();

    constructor(session: Meant, plan: NamePlan, changed: ReadonlyMap<string, FileCapture>) {
        const { program, semantics } = session;
        this.#program = program;
        this.#semantics = semantics;
        this.#plan = plan;
        const kinds = [...plan.renamed].map((one) => memberKind(program, one));
        this.#isScoped =
            plan.scopes.length > 0 || plan.textual.length > 0 || kinds.includes("none");
        const isField = (one: number): boolean => program.symbolAt(one).kind === "field";
        this.#hasFields = [...plan.renamed].some(isField);
        this.#hasMethods = [...plan.renamed].some(
            (one) => !isField(one) && memberKind(program, one) === "member",
        );
        this.#heads = this.#headsOfRenamed();
        const { from, to } = plan.change;
        this.#isStyleKept = BIG.test(from) === BIG.test(to);
        this.#isMacroChanged = changesMacros(program, changed, plan.change);
        this.#isMacroName = this.#isMacroChanged && program.macroNames.has(from);
        this.#isPreludeName =
            PRELUDE_NAMES.some((names) => names.has(from)) ||
            program.crates.some((crate) => crate.externs.has(from));
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

    /**
     * Whether every token of an item that spells the old name means afterwards what it meant: it has not met a
     * renamed symbol, or it is decided, and takes the new name exactly where it means what is renamed.
     */
    isUnmet(file: NamedTree, item: number, edited: EditedTokens): boolean {
        const { table, tree, naming, spelled } = file;
        const { start, end } = tree.columns;
        const qualified = this.#findQualified(file, item);
        if (qualified === undefined) {
            return false;
        }
        const to = end[item] ?? 0;
        const seen = new Set<number>();
        const isEdited = countBefore(edited, start[item] ?? 0) !== countBefore(edited, to);
        const mayName = isEdited && naming.size > 0;
        for (
            let row = firstAt(table.start, start[item] ?? 0);
            (table.start[row] ?? to) < to;
            row++
        ) {
            // A reason may name what the tokens around it are called.
            if (mayName && naming.has(table.reason[row] ?? 0)) {
                return false;
            }
            if (table.name[row] === spelled) {
                const at = table.start[row] ?? 0;
                const isLast = qualified.get(at);
                if (
                    isLast === undefined ||
                    !(
                        this.#keepsMeaning(table, row, { isLast, edited }) ||
                        (!isAmong(edited, at) && this.#isRowUnmet(table, row, isLast))
                    )
                ) {
                    return false;
                }
                seen.add(at);
            }
        }
        return seen.size === qualified.size;
    }

    /**
     * Where the old name stands in an item, and whether as the last of a path; undefined where a text holds it
     * among others.
     */
    #findQualified({ tree, named }: NamedTree, item: number): Map<number, boolean> | undefined {
        const { name, names, start, next, parent, kind, role } = tree.columns;
        const found = new Map<number, boolean>();
        const last = named.indexOf(next[item] ?? tree.count);
        for (let at = named.indexOf(item); at < last; at++) {
            const node = named.nodes[at] ?? 0;
            if (names[name[node] ?? 0] !== this.#plan.change.from) {
                return undefined;
            }
            const isLast =
                SCOPED_KINDS.has(kind[parent[node] ?? 0] ?? 0) && role[node] === ROLE.name;
            found.set(start[node] ?? 0, isLast);
        }
        return found;
    }

    /**
     * Whether a token means afterwards what it meant although it may have met what is renamed: its meaning is
     * decided and takes the new name with it, or it is open for a reason that is nothing of that name's.
     */
    #keepsMeaning(
        table: OccurrenceTable,
        row: number,
        token: { readonly isLast: boolean; readonly edited: EditedTokens },
    ): boolean {
        const isEdited = isAmong(token.edited, table.start[row] ?? 0);
        const role = table.role[row] ?? 0;
        if (!this.#isStyleKept) {
            return false;
        }
        switch (table.bind[row]) {
            case BIND.local: {
                const local = table.locals[table.target[row] ?? 0];
                const isKept = isEdited === isAmong(token.edited, local?.nameSpan.start ?? -1);
                return isKept && !this.#mayBeConstant(table, row);
            }
            case BIND.symbol:
                return (
                    DECIDED_ROLES.has(role) &&
                    this.#targetsOf(table, row).every(
                        (one) => this.#plan.renamed.has(one) === isEdited,
                    )
                );
            case BIND.external:
                return !isEdited && DECIDED_ROLES.has(role);
            case BIND.unresolved:
                return !isEdited && this.#staysOpen(table, row, token.isLast);
            default:
                return false;
        }
    }

    /** Whether a token is open for a reason that stays, whatever else is no longer called so. */
    #staysOpen(table: OccurrenceTable, row: number, isLast: boolean): boolean {
        const role = table.role[row] ?? 0;
        const reason = table.reasons[table.reason[row] ?? 0] ?? "";
        if (this.#isMacroChanged || this.#isPreludeName) {
            return false;
        }
        if (role === ROLE_CODE["method-call"]) {
            return reason === UNKNOWN_RECEIVER && this.#isStillNamed("method");
        }
        if (role === ROLE_CODE.field) {
            return reason === UNKNOWN_RECEIVER && this.#isStillNamed("field");
        }
        const isPath = PATH_ROLES.has(role) || role === ROLE_CODE.module;
        return isPath && (OPEN_SCOPE.test(reason) || (isLast && NOT_HERE.test(reason)));
    }

    /** Whether members of a kind, if any had the old name, still do. */
    #isStillNamed(kind: "method" | "field"): boolean {
        let isNamed = this.#stillNamed.get(kind);
        if (isNamed === undefined) {
            const { renamed, change } = this.#plan;
            const named = (this.#program.byName.get(change.from) ?? []).filter(
                (one) => this.#program.symbolAt(one).kind === kind,
            );
            isNamed =
                !named.some((one) => renamed.has(one)) ||
                named.some((one) => !renamed.has(one) && this.#isOwnMember(one));
            this.#stillNamed.set(kind, isNamed);
        }
        return isNamed;
    }

    /** Whether a member is neither somebody else's nor an item of an impl of somebody else's trait. */
    #isOwnMember(index: number): boolean {
        const { external, parent } = this.#program.symbolAt(index);
        const trait = parent === -1 ? undefined : this.#semantics.impls.of(parent)?.trait;
        const isForeign =
            trait !== undefined && this.#program.symbolAt(trait.symbol).external !== "";
        return external === "" && !isForeign;
    }

    #isRowUnmet(table: OccurrenceTable, row: number, isQualified: boolean): boolean {
        const role = table.role[row] ?? 0;
        if (table.bind[row] === BIND.local) {
            // Locals are looked for before all else.
            return this.#plan.renamed.size > 0 && !this.#mayBeConstant(table, row);
        }
        if (role === ROLE_CODE.definition) {
            return this.#targetsOf(table, row).every((one) => !this.#plan.renamed.has(one));
        }
        if (this.#isMacroName && OPEN.has(table.bind[row] ?? 0)) {
            return false;
        }
        if (MEMBER_ROLES.has(role)) {
            const isMet = role === ROLE_CODE["method-call"] ? this.#hasMethods : this.#hasFields;
            return !isMet || this.#isElsewhere(table, row);
        }
        if (!PATH_ROLES.has(role) || this.#isScoped) {
            return false;
        }
        return !isQualified || this.#isElsewhere(table, row);
    }

    /** Whether a token is a pattern's, and binds as no constant was found that it means: another may be seen now. */
    #mayBeConstant(table: OccurrenceTable, row: number): boolean {
        const kind = table.locals[table.target[row] ?? 0]?.kind;
        return (
            this.#isScoped &&
            table.role[row] === ROLE_CODE.definition &&
            (kind === "local" || kind === "parameter")
        );
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
