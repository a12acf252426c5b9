// A program with its meaning, shared by all views whose files have the same interfaces. Symbols are only
// ever appended (externals, at first use), so that numbers stay valid in every view.

import { appendTo, finishSteps, type Problem, type Steps } from "../base/index.ts";
import type { GraphNode, NodeId, SymbolKind } from "../graph/index.ts";
import type { FileCapture } from "../syntax/index.ts";
import type { WorkspaceModel } from "../workspace/index.ts";
import { buildProgram } from "./build-program.ts";
import { collectItems, type FileItems } from "./file-items.ts";
import { Identities, type KnownIdentities } from "./identities.ts";
import { resolveImports } from "./imports.ts";
import { interfaceHash } from "./interface-hash.ts";
import { KeptTables } from "./kept-tables.ts";
import type { FileOwnership, SymbolInfo } from "./model.ts";
import type { OccurrenceTable } from "./walk/occurrence-table.ts";
import {
    opaqueTable,
    OWN_MODULE_REASON,
    POSSIBLE_MODULE_REASON,
    UNOWNED_REASON,
    UNOWNED_REASONS,
} from "./opaque-table.ts";
import type { Program } from "./program.ts";
import { rebindFile } from "./rebind.ts";
import { HeaderNames } from "./header-names.ts";
import { SymbolReach } from "./symbol-reach.ts";
import { SpellingIndex } from "./spelling-index.ts";
import { relate, type Pair, type Relations } from "./relations.ts";
import {
    NO_IMPLICIT_CALLS,
    type ImplicitCalls,
    type Reexport,
    type ResolutionSource,
    type SourceFile,
} from "./resolution-source.ts";
import type { KnownItems } from "./known-items.ts";
import { unchangedItems } from "./unchanged-items.ts";
import { PartialTables, type TablePart } from "./partial-tables.ts";
import { resolveFile, resolveItems } from "./walk/resolve-file.ts";
import { Semantics } from "./semantics.ts";
import type { FileInstance } from "./symbols.ts";
import { DescribedSymbol } from "./described-symbol.ts";
import { findPossibleModules, type PossibleModules } from "./unowned-files.ts";

const itemCache = new WeakMap<object, FileItems>();

/** Lists what a file declares ahead of the session that will ask for it. */
export function listItemsAhead({ tree }: FileCapture): void {
    if (!itemCache.has(tree)) {
        itemCache.set(tree, collectItems(tree));
    }
}

/** Captures by workspace-relative path. */
export type Captures = ReadonlyMap<string, FileCapture>;

/** What a view of captures is made from: a session, or one in which names are changed (renamed-session.ts). */
export interface ProgramView {
    /** Names were changed in it. */
    readonly isDerived: boolean;
    readonly model: WorkspaceModel;
    readonly program: Program;
    readonly semantics: Semantics;
    readonly relations: Relations;
    readonly identities: Identities;
    readonly files: readonly SourceFile[];
    readonly filesByPath: ReadonlyMap<string, readonly number[]>;
    table(number: number, captures: Captures): OccurrenceTable;
    /** A table with at least the rows of a part. */
    tablePart(number: number, captures: Captures, part: TablePart): OccurrenceTable;
    itemsOf(capture: FileCapture): FileItems;
    reexports(): readonly Reexport[];
}

/** Sessions that a new one may take tables over from. */
export interface EarlierSessions {
    readonly sessions: readonly Session[];
    readonly spellings: SpellingIndex;
}

/** A program with its meaning, which a session is of. */
export interface SessionStart {
    readonly program: Program;
    readonly semantics: Semantics;
    readonly relations: Relations;
}

/** Makes what a session of some captures begins with. */
export function* startSession(model: WorkspaceModel, captures: Captures): Steps<SessionStart> {
    const program = buildProgram(model, captures, itemCache);
    yield;
    resolveImports(program);
    yield;
    const semantics = new Semantics(program);
    semantics.readImpls();
    yield;
    nameForeignItems(semantics);
    return { program, semantics, relations: relate(semantics) };
}

/** A program, and the versions of its files that it speaks of at the moment. */
export class Session implements ProgramView {
    readonly isDerived = false;
    readonly model: WorkspaceModel;
    readonly files: readonly SourceFile[];
    readonly filesByPath = new Map<string, number[]>();
    readonly #program: Program;
    readonly #semantics: Semantics;
    readonly #relations: Relations;
    readonly #identities: Identities;
    #undo: (() => void) | undefined;
    #reexports: readonly Reexport[] | undefined;
    #headers: HeaderNames | undefined;
    readonly #interfaces = new Map<string, string>();
    /** Files whose interfaces are not known yet: nothing asks for one before something changes. */
    #unhashed: Captures | undefined;
    /** Tables by the capture they were made from, one for each instance of the file. */
    readonly #tables = new WeakMap<FileCapture, Map<number, OccurrenceTable>>();
    readonly #parts = new PartialTables();
    /** The versions of edited files that tables were last made of. */
    readonly #replaced = new Map<string, FileCapture>();
    /** Tables of the session before that hold here too. */
    #kept: KeptTables | undefined;
    /** Files outside all targets that may be part of a crate; what other files' bodies hold decides it. */
    readonly #possibleModules = new WeakMap<Captures, PossibleModules>();

    constructor(
        model: WorkspaceModel,
        captures: Captures,
        {
            earlier,
            start = finishSteps(startSession(model, captures)),
        }: { readonly earlier?: EarlierSessions; readonly start?: SessionStart } = {},
    ) {
        this.model = model;
        this.#program = start.program;
        this.#semantics = start.semantics;
        this.#relations = start.relations;
        const { kept, identities } = mostKept(earlier, this.#program);
        this.#kept = kept;
        this.#identities = new Identities(this.#semantics, identities);
        const owned = this.#program.instances.map((inst) => ({
            path: inst.path,
            crate: inst.crate.symbol,
            edition: inst.crate.edition,
        }));
        const unowned: SourceFile[] = [];
        this.#unhashed = captures;
        for (const path of captures.keys()) {
            if (!this.#program.instancesByPath.has(path)) {
                unowned.push({ path, crate: -1, edition: "2021" });
            }
        }
        this.files = [...owned, ...unowned];
        this.files.forEach((file, number) => {
            appendTo(this.filesByPath, file.path, number);
        });
    }

    get program(): Program {
        this.settle();
        return this.#program;
    }

    get semantics(): Semantics {
        this.settle();
        return this.#semantics;
    }

    get relations(): Relations {
        this.settle();
        return this.#relations;
    }

    get identities(): Identities {
        this.settle();
        return this.#identities;
    }

    /** Gives the program its own names back, where a renamed session has put others in their place. */
    settle(): void {
        const undo = this.#undo;
        this.#undo = undefined;
        undo?.();
    }

    /** Lets the program have other names until something asks this session again. */
    lend(undo: () => void): void {
        this.settle();
        this.#undo = undo;
    }

    /** Which impl headers and aliases spell a name. */
    get headers(): HeaderNames {
        this.#headers ??= new HeaderNames(this.program);
        return this.#headers;
    }

    /** Hash of the interface that a file has in this session. */
    interfaceOf(path: string): string | undefined {
        this.#hashInterfaces();
        return this.#interfaces.get(path);
    }

    #hashInterfaces(): void {
        const captures = this.#unhashed;
        this.#unhashed = undefined;
        for (const [path, { tree }] of captures ?? []) {
            this.#interfaces.set(path, interfaceHash(tree));
        }
    }

    /** A table that was made already. */
    known(capture: FileCapture, number: number): OccurrenceTable | undefined {
        return this.#tables.get(capture)?.get(number);
    }

    /** Whether these files have the interfaces that the program was built from. */
    fits(model: WorkspaceModel, captures: Captures): boolean {
        if (model !== this.model) {
            return false;
        }
        this.#hashInterfaces();
        if (captures.size !== this.#interfaces.size) {
            return false;
        }
        for (const [path, capture] of captures) {
            if (this.program.captures.get(path) === capture) {
                continue;
            }
            if (this.#interfaces.get(path) !== interfaceHash(capture.tree)) {
                return false;
            }
        }
        return true;
    }

    /** The table of a file in a version. */
    table(number: number, captures: Captures): OccurrenceTable {
        const path = this.files[number]?.path ?? "";
        const capture = captures.get(path);
        if (capture === undefined) {
            throw new RangeError(`no capture of ${path}`);
        }
        let tables = this.#tables.get(capture);
        if (tables === undefined) {
            tables = new Map();
            this.#tables.set(capture, tables);
        }
        const inst = this.#program.instances[number];
        const why = inst === undefined ? this.#whyOpaque(path, captures) : UNOWNED_REASON;
        // A file outside all targets has several tables: its reason changes with other files.
        const key = number - UNOWNED_REASONS.indexOf(why) * this.files.length;
        let table = tables.get(key);
        if (table === undefined) {
            if (inst === undefined) {
                table = opaqueTable(capture.tree, why);
            } else {
                this.settle();
                this.#bind(captures);
                table =
                    this.#takeKept(capture, number) ??
                    resolveFile(this.#semantics, inst, this.#itemsBefore(capture, inst));
            }
            tables.set(key, table);
        }
        return table;
    }

    #takeKept(capture: FileCapture, number: number): OccurrenceTable | undefined {
        const table = this.#kept?.take(capture, number);
        this.#dropEmpty();
        return table;
    }

    #dropEmpty(): void {
        if (this.#kept?.size === 0) {
            this.#kept = undefined; // It holds the earlier program.
        }
    }

    /** Rows of what an edit has left as it was, from a table of the version before. */
    #itemsBefore(capture: FileCapture, inst: FileInstance): KnownItems | undefined {
        const before = this.#replaced.get(inst.path);
        const table = before && this.known(before, inst.index);
        if (before === undefined || table === undefined) {
            const items = this.#kept?.takeItems(capture, inst.index, inst);
            this.#dropEmpty();
            return items;
        }
        const { tree } = before;
        const items = this.#program.itemsOf(before);
        return unchangedItems({ table, tree, items, names: NO_NAMES, holdsRow: () => true }, inst);
    }

    /** A table with at least the rows of a part of a file; the whole one where that is known. */
    tablePart(number: number, captures: Captures, part: TablePart): OccurrenceTable {
        const capture = captures.get(this.files[number]?.path ?? "");
        const inst = this.#program.instances[number];
        const isWhole = capture === undefined || this.#tables.get(capture)?.has(number) === true;
        if (isWhole || inst === undefined) {
            return this.table(number, captures);
        }
        const make = (skipped: ReadonlySet<number>): OccurrenceTable => {
            this.settle();
            this.#bind(captures);
            return resolveItems(this.#semantics, inst, skipped);
        };
        return this.#parts.table(capture, number, part, make) ?? this.table(number, captures);
    }

    /** Why the tokens of a file that no target reaches are opaque. */
    #whyOpaque(path: string, captures: Captures): string {
        let possible = this.#possibleModules.get(captures);
        if (possible === undefined) {
            possible = findPossibleModules(this.program, captures);
            this.#possibleModules.set(captures, possible);
        }
        switch (possible.get(path)) {
            case "own":
                return OWN_MODULE_REASON;
            case "any":
                return POSSIBLE_MODULE_REASON;
            case undefined:
                return UNOWNED_REASON;
        }
    }

    /** Makes the program speak of these versions. */
    #bind(captures: Captures): void {
        if (this.program.captures === captures) {
            return;
        }
        for (const [path, capture] of captures) {
            const before = this.program.captures.get(path);
            if (before !== capture) {
                rebindFile(this.program, path, capture);
                if (before !== undefined && this.#tables.has(before)) {
                    this.#replaced.set(path, before);
                }
            }
        }
        this.program.captures = captures;
    }

    itemsOf(capture: FileCapture): FileItems {
        return this.program.itemsOf(capture);
    }

    reexports(): readonly Reexport[] {
        this.#reexports ??= listReexports(this.program, (index) => this.identities.display(index));
        return this.#reexports;
    }
}

const NO_NAMES: ReadonlySet<string> = new Set();

/** Lists public imports of symbols of the workspace; those of externals are not ours to name. */
export function listReexports(program: Program, display: (index: number) => string): Reexport[] {
    const found: Reexport[] = [];
    for (const [module, scope] of program.scopeOfModule) {
        for (const [name, entries] of scope.names) {
            for (const entry of entries) {
                const isPublic = entry.leaf !== undefined && entry.visibleIn === undefined;
                if (isPublic && program.symbolAt(entry.symbol).external === "") {
                    found.push({ path: `${display(module)}::${name}`, symbol: entry.symbol });
                }
            }
        }
    }
    return found;
}

/** Makes the externals that impls of foreign traits implement, before relations are computed. */
function nameForeignItems(semantics: Semantics): void {
    const { program } = semantics;
    for (const impl of semantics.impls.records) {
        const trait = impl.trait === undefined ? "" : program.symbolAt(impl.trait.symbol).external;
        if (trait !== "") {
            for (const name of impl.members.keys()) {
                program.external(`${trait}::${name}`);
            }
        }
    }
}

/** Names whose files a view remembers. */
const NAMES_KEPT = 64;
/** Descriptions of symbols that a view remembers: those around a question's tokens are asked for again and again. */
const SYMBOLS_KEPT = 4096;

/** A session as one set of captures sees it. */
export class SessionView implements ResolutionSource {
    readonly session: ProgramView;
    readonly captures: Captures;
    readonly #spellings: SpellingIndex;
    /** For each name, and each file by its number, whether it may be spelled there. */
    readonly #spelling = new Map<string, Uint8Array>();
    readonly #symbols = new Map<number, SymbolInfo>();
    #reach: SymbolReach | undefined;
    #ownership: readonly FileOwnership[] | undefined;

    constructor(session: ProgramView, captures: Captures, spellings: SpellingIndex) {
        this.session = session;
        this.captures = captures;
        this.#spellings = spellings;
    }

    get isDerived(): boolean {
        return this.session.isDerived;
    }

    get basis(): object {
        return this.session;
    }

    get symbolCount(): number {
        return this.session.program.symbols.length;
    }

    get files(): readonly SourceFile[] {
        return this.session.files;
    }

    symbol(index: number): SymbolInfo {
        const known = this.#symbols.get(index);
        if (known !== undefined) {
            return known;
        }
        if (this.#symbols.size === SYMBOLS_KEPT) {
            this.#symbols.clear();
        }
        const symbol = new DescribedSymbol(this, index);
        this.#symbols.set(index, symbol);
        return symbol;
    }

    graphNode(index: number): GraphNode {
        return this.session.identities.node(index);
    }

    idOf(index: number): bigint {
        return this.session.identities.id(index);
    }

    kindOf(index: number): SymbolKind {
        return this.session.program.symbolAt(index).kind;
    }

    externalPath(index: number): string {
        return this.session.program.symbolAt(index).external;
    }

    findById(id: NodeId): number | undefined {
        return this.session.identities.findById(id);
    }

    findByName(name: string): readonly number[] {
        return this.session.program.byName.get(name) ?? [];
    }

    displayOf(index: number): string {
        return this.session.identities.display(index);
    }

    nodeOf(index: number): number {
        const { nodeOf } = this.session.relations;
        return index < nodeOf.length ? (nodeOf[index] ?? -1) : index;
    }

    graphParentOf(index: number): number {
        const { graphParent } = this.session.relations;
        return index < graphParent.length
            ? (graphParent[index] ?? -1)
            : this.session.program.symbolAt(index).parent;
    }

    implementing(): readonly Pair[] {
        return this.session.relations.implementing;
    }

    familyOf(index: number): readonly number[] {
        const { familyOf, families } = this.session.relations;
        return families.get(familyOf[index] ?? index) ?? [index];
    }

    /** Only rustc sees them. */
    implicitCalls(): ImplicitCalls {
        return NO_IMPLICIT_CALLS;
    }

    foreignTraitOf(index: number): string | undefined {
        return this.session.relations.foreignTrait.get(index);
    }

    table(file: number): OccurrenceTable {
        return this.session.table(file, this.captures);
    }

    tablePart(file: number, part: TablePart): OccurrenceTable {
        return this.session.tablePart(file, this.captures, part);
    }

    mayContain(file: number, name: string): boolean {
        let spelling = this.#spelling.get(name);
        if (spelling === undefined) {
            if (this.#spelling.size === NAMES_KEPT) {
                this.#spelling.clear();
            }
            spelling = new Uint8Array(this.session.files.length);
            for (const path of this.#spellings.pathsOf(name, this.captures)) {
                for (const number of this.filesOf(path)) {
                    spelling[number] = 1;
                }
            }
            this.#spelling.set(name, spelling);
        }
        return spelling[file] === 1;
    }

    mayName(file: number, name: string, symbol: number): boolean {
        const { program } = this.session;
        const inst = program.instances[file];
        const tree = inst && this.captures.get(inst.path)?.tree;
        this.#reach ??= new SymbolReach(program);
        return (
            inst === undefined ||
            tree === undefined ||
            this.#reach.mayName(symbol, inst, tree, name)
        );
    }

    filesOf(path: string): readonly number[] {
        return this.session.filesByPath.get(path) ?? [];
    }

    problems(): readonly Problem[] {
        return this.session.program.problems;
    }

    reexports(): readonly Reexport[] {
        return this.session.reexports();
    }

    ownership(): readonly FileOwnership[] {
        this.#ownership ??= ownershipOf(this.session.program, this.captures);
        return this.#ownership;
    }
}

function ownershipOf(program: Program, captures: Captures): FileOwnership[] {
    return [...captures.keys()].sort().map((path) => {
        const owned: readonly FileInstance[] = program.instancesByPath.get(path) ?? [];
        const owners = [...new Set(owned.map((inst) => inst.crate.symbol))].sort((a, b) => a - b);
        const modules = owned.map((inst) => inst.rootScope.symbol);
        return { path, owners, cfg: owned[0]?.cfg ?? "", modules };
    });
}

/** What can be taken over from that earlier session of which most can be. */
function mostKept(
    earlier: EarlierSessions | undefined,
    program: Program,
): { readonly kept?: KeptTables; readonly identities?: KnownIdentities | undefined } {
    let most: { readonly kept: KeptTables; readonly session: Session } | undefined;
    for (const session of earlier?.sessions ?? []) {
        const kept = KeptTables.from(session, program, earlier?.spellings ?? new SpellingIndex());
        if (kept !== undefined && kept.size > (most?.kept.size ?? 0)) {
            most = { kept, session };
        }
    }
    return most === undefined
        ? {}
        : { kept: most.kept, identities: most.kept.identitiesOf(most.session) };
}
