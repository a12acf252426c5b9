// A session as it is after a rename into a name that nothing has: the same symbols under the same numbers,
// made from the session before by changing names only. The two share one program, which has the names of
// the one that is asked. Where more than names could change there is none, and the workspace is resolved anew.

import type { SymbolKind } from "../graph/index.ts";
import { KIND, type FileCapture, type SyntaxTree } from "../syntax/index.ts";
import type { WorkspaceModel } from "../workspace/index.ts";
import type { FileItems } from "./file-items.ts";
import type { FileMoves } from "./file-moves.ts";
import { Identities } from "./identities.ts";
import {
    compareShapes,
    interfaceHash,
    interfaceHashWith,
    type RenamedShape,
} from "./interface-hash.ts";
import {
    PRELUDE_TYPES,
    PRELUDE_VALUES,
    PRIMITIVE_TYPES,
    STD_DERIVES,
    STD_MACROS,
} from "./known-names.ts";
import {
    countBefore,
    findSameItems,
    isClosed,
    type EditedTokens,
    type KnownItems,
    type SameItem,
} from "./known-items.ts";
import type { ImplHeader } from "./meaning.ts";
import { keepsModuleFiles } from "./module-placement.ts";
import { BIND, type OccurrenceTable } from "./walk/occurrence-table.ts";
import type { Program } from "./program.ts";
import { relate, type Relations } from "./relations.ts";
import { NamedNodes } from "./named-nodes.ts";
import {
    NamePatch,
    planNames,
    type NameChange,
    type NamePlan,
    type ShownTraits,
} from "./rename-patch.ts";
import type { Reexport, SourceFile } from "./resolution-source.ts";
import { resolveFile, resolveNamed } from "./walk/resolve-file.ts";
import { Semantics, type KnownMeaning } from "./semantics.ts";
import type { SpellingIndex } from "./spelling-index.ts";
import type { TablePart } from "./partial-tables.ts";
import { ImplTable } from "./types/impl-table.ts";
import { listReexports, type Captures, type ProgramView, type Session } from "./session.ts";
import { NamedTree, UnmetRenames } from "./unmet-renames.ts";
import { isStdName } from "./std/std-names.ts";
import { itemOf } from "./symbols.ts";
import { findPossibleModules } from "./unowned-files.ts";
import { twinKey } from "./type-twins.ts";

/** A text after a rename: its captures under the paths before, and what has changed of names and paths. */
export interface TextAfter {
    readonly captures: Captures;
    readonly change: NameChange;
    readonly moves: FileMoves;
}

/** Derives the session after a rename; undefined where that is not plainly what a fresh one would be. */
export function renameSession(
    session: Session,
    { captures, change, moves }: TextAfter,
    spellings: SpellingIndex,
): RenamedSession | undefined {
    const before = session.program.captures;
    const changed = new Map<string, FileCapture>();
    for (const [path, capture] of captures) {
        const old = before.get(path);
        if (old === undefined) {
            return undefined;
        }
        if (old !== capture) {
            changed.set(path, capture);
        }
    }
    if (captures.size !== before.size || !isNew(session.program, change.to, spellings)) {
        return undefined;
    }
    let isBodyOnly = true;
    for (const [path, { tree }] of changed) {
        const shape = shapeAfter(session, path, tree, change);
        if (shape === "unknown") {
            return undefined;
        }
        isBodyOnly &&= shape === "in-bodies";
    }
    const plan = planNames(session.program, changed, change);
    if (plan?.shown.every((one) => areCallsDecided(session, one)) !== true) {
        return undefined;
    }
    const isMoved = plan.movesFiles || moves.size > 0;
    if (isMoved && !keepsModuleFiles(session.program, captures, moves)) {
        return undefined;
    }
    const spelling = spellings.pathsOf(change.from, before);
    const parts = { before, captures, changed, plan, moves, spelling };
    const renamed = new RenamedSession(session, parts);
    return renamed.keepsFiles() && (isBodyOnly || renamed.keepsHeaders()) ? renamed : undefined;
}

/** What may be decided otherwise with one doubt less; what no walk decides is not. */
const OPEN_BINDINGS: ReadonlySet<number> = new Set([BIND.ambiguous, BIND.unresolved]);

/** Why a name is open where no trait that may be hidden could be meant. */
const NOT_BY_SCOPE = /^no \S+ is seen on this type/u;

/** Whether every call that a trait may give its method to is decided, whether it is in scope or not. */
function areCallsDecided(session: Session, { scope, traits }: ShownTraits): boolean {
    const { members, captures } = session.program;
    const number = scope.inst?.index;
    return traits.every((trait) =>
        [...(members.get(trait)?.keys() ?? [])].every(
            (name) =>
                number !== undefined &&
                isDecided(session.tablePart(number, captures, { name }), name),
        ),
    );
}

/** Whether every token of a name is decided, or open whatever traits are in scope. */
function isDecided(
    { names, name, bind, reason, reasons }: OccurrenceTable,
    spelled: string,
): boolean {
    const wanted = names.indexOf(spelled);
    return !bind.some(
        (one, row) =>
            name[row] === wanted &&
            OPEN_BINDINGS.has(one) &&
            !NOT_BY_SCOPE.test(reasons[reason[row] ?? 0] ?? ""),
    );
}

/** What a file shows to others after the change; unknown where more than names is another. */
function shapeAfter(
    session: Session,
    path: string,
    tree: SyntaxTree,
    change: NameChange,
): RenamedShape {
    const before = session.program.captures.get(path)?.tree;
    const shape = before === undefined ? "unknown" : compareShapes(before, tree, change);
    if (shape !== "unknown") {
        return shape;
    }
    const hash = session.interfaceOf(path);
    if (hash === interfaceHash(tree)) {
        return "in-bodies";
    }
    return hash === interfaceHashWith(tree, change.to, change.from) ? "in-interface" : "unknown";
}

/** Whether nothing that a token could mean has the name. */
function isNew(program: Program, name: string, spellings: SpellingIndex): boolean {
    const known = [PRELUDE_TYPES, PRELUDE_VALUES, PRIMITIVE_TYPES, STD_DERIVES, STD_MACROS];
    return (
        !known.some((names) => names.has(name)) &&
        !isStdName(name) &&
        !program.crates.some((crate) => crate.externs.has(name) || crate.name === name) &&
        spellings.pathsOf(name, program.captures).size === 0
    );
}

interface Parts {
    readonly before: Captures;
    readonly captures: Captures;
    readonly changed: ReadonlyMap<string, FileCapture>;
    readonly plan: NamePlan;
    readonly moves: FileMoves;
    /** Files before that may spell the old name. */
    readonly spelling: ReadonlySet<string>;
}

/** A session under other names. */
export class RenamedSession implements ProgramView {
    readonly isDerived = true;
    readonly #session: Session;
    readonly #parts: Parts;
    readonly #names: ReadonlySet<string>;
    readonly #program: Program;
    readonly #tables = new Map<number, OccurrenceTable>();
    /** Tables of unchanged files that have the rows of the old name alone. */
    readonly #named = new Map<number, OccurrenceTable>();
    #semantics: Semantics;
    #identities: Identities | undefined;
    #relations: Relations | undefined;
    /** Nodes and their parents are those of the impls' headers, which are the same; the rest goes by names. */
    readonly relations: Relations;
    readonly #hasMacroName: boolean;
    readonly #unmet: UnmetRenames;
    readonly #patch: NamePatch;
    #isLent = false;

    constructor(session: Session, parts: Parts) {
        this.#session = session;
        this.#parts = parts;
        this.#names = new Set([parts.plan.change.from, parts.plan.change.to]);
        this.#program = session.program;
        this.#hasMacroName = this.#program.macroNames.has(parts.plan.change.from);
        this.#semantics = session.semantics;
        this.#unmet = new UnmetRenames(session, parts.plan, parts.changed);
        const { plan, before, captures } = parts;
        this.#patch = new NamePatch(session.program, plan, { before, after: captures });
        this.relations = this.#relate(session.relations);
    }

    get model(): WorkspaceModel {
        return this.#session.model;
    }

    get files(): readonly SourceFile[] {
        return this.#session.files;
    }

    get filesByPath(): ReadonlyMap<string, readonly number[]> {
        return this.#session.filesByPath;
    }

    get program(): Program {
        this.#enter();
        return this.#program;
    }

    /** Puts the other names in place. */
    #enter(): void {
        if (!this.#isLent) {
            this.#session.settle();
            const undo = this.#patch.apply();
            this.#isLent = true;
            this.#session.lend(() => {
                this.#isLent = false;
                undo();
            });
        }
    }

    get semantics(): Semantics {
        this.#enter();
        return this.#semantics;
    }

    get identities(): Identities {
        this.#enter();
        this.#identities ??= new Identities(this.#semantics);
        return this.#identities;
    }

    #relate({ nodeOf, graphParent }: Relations): Relations {
        const rest = (): Relations => {
            this.#enter();
            this.#relations ??= relate(this.#semantics);
            return this.#relations;
        };
        return {
            nodeOf,
            graphParent,
            get implementing() {
                return rest().implementing;
            },
            get families() {
                return rest().families;
            },
            get familyOf() {
                return rest().familyOf;
            },
            get foreignTrait() {
                return rest().foreignTrait;
            },
        };
    }

    itemsOf(capture: FileCapture): FileItems {
        return this.#program.itemsOf(capture);
    }

    reexports(): readonly Reexport[] {
        return listReexports(this.program, (index) => this.identities.display(index));
    }

    table(number: number): OccurrenceTable {
        let table = this.#tables.get(number);
        if (table === undefined) {
            table = this.#makeTable(number);
            this.#tables.set(number, table);
        }
        return table;
    }

    tablePart(number: number, _captures: Captures, part: TablePart): OccurrenceTable {
        const name = "name" in part ? part.name : undefined;
        if (name !== this.#parts.plan.change.from || this.#tables.has(number)) {
            return this.table(number);
        }
        let table = this.#named.get(number);
        if (table === undefined) {
            table = this.#makeNamed(number) ?? this.table(number);
            this.#named.set(number, table);
        }
        return table;
    }

    /**
     * The rows of the old name, where a file is as it was: those of items that have not met what is renamed, and
     * those of the others, which are made again; undefined where the whole table must be made.
     */
    #makeNamed(number: number): OccurrenceTable | undefined {
        const path = this.#session.files[number]?.path ?? "";
        const { before, changed, plan } = this.#parts;
        const capture = before.get(path);
        const isOwned = this.#program.instances[number] !== undefined;
        if (capture === undefined || changed.has(path) || !isOwned || plan.renamed.size === 0) {
            return undefined;
        }
        const { from } = plan.change;
        const { tree } = capture;
        const part = this.#session.tablePart(number, before, { name: from });
        const found = this.#findKept(part, tree, tree);
        if (found === undefined) {
            return undefined;
        }
        if (found.named === 0) {
            return part;
        }
        const inst = this.program.instances[number];
        const known = { table: part, tree, items: found.items, change: plan.change };
        return inst && resolveNamed(this.#semantics, inst, known, this.#namedIn(tree));
    }

    #makeTable(number: number): OccurrenceTable {
        const path = this.#session.files[number]?.path ?? "";
        const { before, changed, plan } = this.#parts;
        const isChanged = changed.has(path);
        const isOwned = this.#program.instances[number] !== undefined;
        if (!isChanged && isOwned && plan.renamed.size === 0) {
            return this.#session.table(number, before);
        }
        if (!isOwned) {
            return this.#session.table(number, isChanged ? this.#parts.captures : before);
        }
        const known = this.#knownItems(number, path);
        if (known === "all") {
            return this.#session.table(number, before);
        }
        const inst = this.program.instances[number];
        if (inst === undefined) {
            throw new RangeError(`no file ${number}`);
        }
        return resolveFile(this.#semantics, inst, known);
    }

    /** Whether every look-up gives what it gave: no symbol has another name, only locals have. */
    #areLookupsKept(): boolean {
        const { plan } = this.#parts;
        const hasMacroName = this.program.macroNames.has(plan.change.from);
        return plan.renamed.size === 0 && this.#hasMacroName === hasMacroName;
    }

    /**
     * Items that are as they were and have not met what is renamed: all that they name is found as it was.
     * `all` where the whole file is so.
     */
    #knownItems(number: number, path: string): KnownItems | "all" | undefined {
        const { before, changed } = this.#parts;
        const old = before.get(path);
        if (old === undefined) {
            return undefined;
        }
        const { tree } = old;
        const after = changed.get(path) ?? old;
        const table = this.#session.table(number, before);
        const { change } = this.#parts.plan;
        const found = this.#findKept(table, tree, after.tree);
        if (found === undefined) {
            return undefined;
        }
        if (old === after) {
            return found.named === 0 ? "all" : { table, tree, items: found.items, change };
        }
        const { start, end } = tree.columns;
        const isMovable = (item: number): boolean =>
            isClosed(table, start[item] ?? 0, end[item] ?? 0);
        const items = found.items.filter((one) => one.isWhole || isMovable(one.before));
        return { table, tree, items, change };
    }

    /**
     * The items of a file whose rows hold, of which a table before has at least those that spell the old name; and
     * how many nodes that spell one of the names lie outside of them. Undefined where there is none.
     */
    #findKept(
        table: OccurrenceTable,
        tree: SyntaxTree,
        after: SyntaxTree,
    ): { readonly items: readonly SameItem[]; readonly named: number } | undefined {
        const { change } = this.#parts.plan;
        const areKept = this.#areLookupsKept();
        const nodes = this.#namedIn(tree);
        const file = new NamedTree(table, tree, nodes, change.from);
        const { next } = tree.columns;
        let named = nodes.nodes.length;
        const items = findSameItems(tree, after, change, (item, edited) => {
            const count = nodes.countIn(item, next[item] ?? tree.count);
            const isKept =
                count === 0 ||
                (areKept && !hasEdits(tree, item, edited)) ||
                this.#unmet.isUnmet(file, item, edited);
            named -= isKept ? count : 0;
            return isKept;
        });
        return items === undefined || items.length === 0 ? undefined : { items, named };
    }

    /** Whether the files outside all targets that a macro may declare, or an include take in, are the same. */
    keepsFiles(): boolean {
        const { from, to } = this.#parts.plan.change;
        const isNamedSo = (path: string): boolean =>
            path.split("/").some((part) => [from, to, `${from}.rs`, `${to}.rs`].includes(part));
        if (!this.files.some(({ crate, path }) => crate === -1 && isNamedSo(path))) {
            return true;
        }
        const { before, captures, moves } = this.#parts;
        const old = findPossibleModules(this.#session.program, before);
        const now = findPossibleModules(this.program, captures, moves);
        return old.size === now.size && [...old].every(([path, reach]) => now.get(path) === reach);
    }

    /**
     * Whether impls and aliases that spell one of the names stand for what they stood for. Those that do
     * not spell one are found by names that mean what they meant.
     */
    keepsHeaders(): boolean {
        const { sites, aliases } = this.#session.headers.naming(this.#parts.plan.change.from);
        const { semantics } = this.#session;
        const { std, memberNames: before } = semantics;
        const memberNames = { before, names: this.#names };
        const traits = { before: semantics.traits, names: this.#names };
        const targets = new Map([...aliases].map((index) => [index, semantics.aliasTarget(index)]));
        const known = new Map([...sites].map(({ symbol }) => [symbol, semantics.impls.of(symbol)]));
        const isPlain = this.#keepsTypeNames();
        this.#semantics = new Semantics(this.#program, { std, impls: semantics.impls });
        const after = this.semantics;
        const { change } = this.#parts.plan;
        const isSame = (one: unknown, other: unknown): boolean =>
            wordsOf(one) === wordsOf(other, change);
        for (const [index, target] of targets) {
            if (!isSame(target, after.aliasTarget(index))) {
                return false;
            }
        }
        const headers = new Map<number, ImplHeader>();
        for (const site of sites) {
            const old = known.get(site.symbol);
            const header = after.headerOf(site);
            if (old === undefined || !isSame(headerOf(old), header)) {
                return false;
            }
            if (!isPlain) {
                headers.set(site.symbol, header);
            }
        }
        const impls =
            headers.size === 0
                ? new ImplTable(this.#program, after.impls)
                : after.impls.withHeaders(headers);
        const declarations: KnownMeaning["declarations"] = isPlain
            ? { semantics, isSame: (index) => !this.#isDeclaredBy(index) }
            : undefined;
        const taken: KnownMeaning = { std, impls, declarations, memberNames, traits };
        this.#semantics = new Semantics(this.#program, taken);
        return true;
    }

    /** Whether no type has the name in it: no type parameter and no associated type gets another. */
    #keepsTypeNames(): boolean {
        const { plan, changed } = this.#parts;
        const { semantics } = this.#session;
        const hasTwins = (kind: SymbolKind, index: number): boolean =>
            TYPE_KINDS.has(kind) && semantics.twinsOf(index).length > 1;
        for (const index of plan.renamed) {
            const { kind } = this.#session.program.symbolAt(index);
            const isTwin = kind === "module" ? this.#partsTwins(index) : hasTwins(kind, index);
            if (kind === "assoc-type" || isTwin) {
                return false;
            }
        }
        for (const { tree } of changed.values()) {
            const { kind, name, parent, names } = tree.columns;
            const wanted = names.indexOf(plan.change.to);
            for (let node = 0; wanted !== -1 && node < tree.count; node++) {
                if (name[node] === wanted && PARAMETERS.has(kind[parent[node] ?? 0] ?? 0)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Whether another module, which stands for this one under other predicates, keeps the name. */
    #partsTwins(index: number): boolean {
        const { plan } = this.#parts;
        const { semantics, program } = this.#session;
        const key = twinKey(semantics, index);
        return (program.byName.get(plan.change.from) ?? []).some(
            (one) => !plan.renamed.has(one) && twinKey(semantics, one) === key,
        );
    }

    /** Whether a declaration, its body aside, spells the old name. */
    #isDeclaredBy(index: number): boolean {
        const symbol = this.#program.symbolAt(index);
        const item = itemOf(symbol);
        if (symbol.inst === undefined || item === undefined) {
            return false;
        }
        const { path, tree } = symbol.inst;
        if (!this.#parts.spelling.has(path)) {
            return false;
        }
        const body = WITH_BODY.has(tree.columns.kind[item.node] ?? 0)
            ? tree.findChild(item.node, "body")
            : undefined;
        const end = body ?? tree.columns.next[item.node] ?? 0;
        return this.#namedIn(tree).countIn(item.node, end) > 0;
    }

    readonly #nodes = new WeakMap<object, NamedNodes>();

    /** Nodes of a tree before that spell one of the names. */
    #namedIn(tree: SyntaxTree): NamedNodes {
        let nodes = this.#nodes.get(tree);
        if (nodes === undefined) {
            nodes = new NamedNodes(tree, this.#names);
            this.#nodes.set(tree, nodes);
        }
        return nodes;
    }
}

const TYPE_KINDS: ReadonlySet<SymbolKind> = new Set(["struct", "enum", "union"]);

/** Nodes whose name is a type's or a constant's parameter, and those that may stand in for them. */
const PARAMETERS: ReadonlySet<number> = new Set([
    KIND.type_parameters,
    KIND.type_parameter,
    KIND.const_parameter,
]);

/** Items whose declaration ends where their body begins. */
const WITH_BODY: ReadonlySet<number> = new Set([
    KIND.function_item,
    KIND.impl_item,
    KIND.trait_item,
]);

/** Whether an item has a token that takes the new name. */
function hasEdits(tree: SyntaxTree, item: number, edited: EditedTokens): boolean {
    const { start, end } = tree.columns;
    return countBefore(edited, start[item] ?? 0) !== countBefore(edited, end[item] ?? 0);
}

function headerOf({ self, isTraitImpl, trait }: ImplHeader): ImplHeader {
    return { self, isTraitImpl, trait };
}

/** A type as text, a changed name read as the old one. */
function wordsOf(value: unknown, change?: NameChange): string {
    return JSON.stringify(value, (_, part: unknown) =>
        change !== undefined && part === change.to ? change.from : part,
    );
}
