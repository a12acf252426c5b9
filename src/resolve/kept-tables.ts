// Tables that a session takes over from the one before, where all that differs between the two are functions, consts and
// statics. Resolution is a function of look-ups by name, and of the types that these find: a file that spells none of
// the names that came, went, or mean something else meets none of them. What could bring one of them to a file under another
// name (an alias, a macro), or into types, and every row whose symbol is not there any more, is resolved anew.

import type { FileCapture, SyntaxTree } from "../syntax/index.ts";
import { compareVersions, type ChangedItems } from "./changed-items.ts";
import type { FileItems } from "./file-items.ts";
import { interfaceHash } from "./interface-hash.ts";
import type { Identities, KnownIdentities } from "./identities.ts";
import type { KnownItems } from "./known-items.ts";
import type { Program } from "./program.ts";
import type { SpellingIndex } from "./spelling-index.ts";
import { unchangedItems, type KnownVersion } from "./unchanged-items.ts";
import type { UseLeaf } from "./use-tree.ts";
import { BIND, OCCURRENCE_FLAG, type OccurrenceTable } from "./walk/occurrence-table.ts";

/** A session that tables are taken over from. */
export interface EarlierSession {
    readonly program: Program;
    /** Hash of a file's interface. */
    interfaceOf(path: string): string | undefined;
    readonly identities: Identities;
    /** A table that was made already. */
    known(capture: FileCapture, number: number): OccurrenceTable | undefined;
}

/** One object for all tables of which one was taken over from the other; not a table, which would be kept with it. */
const origins = new WeakMap<OccurrenceTable, object>();

/**
 * What a table has in common with those that it was taken over from, and with no other: they say the same of the same tokens,
 * and the symbols in them and in their file have the same paths, flags and places in the graph.
 */
export function originOf(table: OccurrenceTable): object {
    let origin = origins.get(table);
    if (origin === undefined) {
        origin = {};
        origins.set(table, origin);
    }
    return origin;
}

/** Files that may differ; more are a change of branches, where little stays. */
const FILES_MAX = 8;

/** Which symbol of a later program is which of an earlier one. */
class SymbolNumbers {
    readonly #before: Program;
    readonly #after: Program;
    readonly #own: Int32Array;

    constructor(before: Program, after: Program, items: ReadonlyMap<string, ChangedItems>) {
        this.#before = before;
        this.#after = after;
        this.#own = new Int32Array(before.symbols.length).fill(-1);
        before.crates.forEach(({ symbol }, number) => {
            this.#own[symbol] = after.crates[number]?.symbol ?? -1;
        });
        before.instances.forEach((inst, index) => {
            const numbers = items.get(inst.path)?.numbers;
            const symbols = after.instances[index]?.symbols;
            inst.symbols.forEach((symbol, item) => {
                if (symbol !== -1) {
                    this.#own[symbol] =
                        symbols?.[numbers === undefined ? item : (numbers[item] ?? -1)] ?? -1;
                }
            });
        });
    }

    /**
     * The earlier number of each symbol of the later program whose path is what it was, -1 for others: those that
     * came or went, and all of their names, as an ordinal tells symbols of one path apart.
     */
    before(): Int32Array | undefined {
        const { symbols } = this.#after;
        const found = new Int32Array(symbols.length).fill(-1);
        const other = new Set<string>();
        this.#own.forEach((now, symbol) => {
            if (now !== -1) {
                found[now] = symbol;
            } else if (this.#before.symbols[symbol]?.external === "") {
                other.add(this.#before.symbolAt(symbol).name);
            }
        });
        for (const { index, external, name, kind } of symbols) {
            if (external === "" && found[index] === -1) {
                // The path of an impl is its header's, not its name's.
                if (kind === "impl") {
                    return undefined;
                }
                other.add(name);
            }
        }
        for (const name of other) {
            this.#after.byName.get(name)?.forEach((symbol) => {
                found[symbol] = -1;
            });
        }
        return found;
    }

    /** The later number; -1 where it is not there any more. */
    of(symbol: number): number {
        const known = this.#own[symbol];
        if (known !== undefined && known !== -1) {
            return known;
        }
        const path = this.#before.symbols[symbol]?.external ?? "";
        const now = path === "" ? -1 : this.#after.external(path);
        this.#own[symbol] = now; // The same few are asked for in every file.
        return now;
    }
}

/** Tables of an earlier session under the numbers of a later one; each is given once. */
export class KeptTables {
    readonly #tables: Map<FileCapture, Map<number, OccurrenceTable>>;
    readonly #edited: Map<FileCapture, Map<number, EditedTable>>;
    readonly #numbers: SymbolNumbers;
    /** Whether only functions and methods differ: then no other symbol has another path, in types neither. */
    readonly #isOfFunctions: boolean;

    private constructor(
        tables: Map<FileCapture, Map<number, OccurrenceTable>>,
        edited: Map<FileCapture, Map<number, EditedTable>>,
        { numbers, isOfFunctions }: { numbers: SymbolNumbers; isOfFunctions: boolean },
    ) {
        this.#tables = tables;
        this.#edited = edited;
        this.#numbers = numbers;
        this.#isOfFunctions = isOfFunctions;
    }

    /** What a program over other versions of the same files can take over; undefined where that is nothing. */
    static from(
        earlier: EarlierSession,
        program: Program,
        spellings: SpellingIndex,
    ): KeptTables | undefined {
        const changed = hasSameFiles(earlier.program, program)
            ? changedFiles(earlier, program)
            : undefined;
        if (changed === undefined) {
            return undefined;
        }
        const names = namesOf([...changed.values()]);
        if ([earlier.program, program].some((one) => maySpellOtherwise(one, names))) {
            return undefined;
        }
        const spelled = filesThatMeet(changed, program, spellings);
        if (spelled === undefined) {
            return undefined;
        }
        const tables = new Map<FileCapture, Map<number, OccurrenceTable>>();
        for (const { path, index, capture } of program.instances) {
            const table = spelled.has(path) ? undefined : earlier.known(capture, index);
            if (table !== undefined) {
                const known = tables.get(capture) ?? new Map<number, OccurrenceTable>();
                tables.set(capture, known.set(index, table));
            }
        }
        const edited = editedTables(earlier, program, changed);
        return new KeptTables(tables, edited, {
            numbers: new SymbolNumbers(earlier.program, program, changed),
            isOfFunctions: [...changed.values()].every(({ values }) => values.size === 0),
        });
    }

    /** What the earlier session says of symbols that have the same paths here. */
    identitiesOf({ identities }: EarlierSession): KnownIdentities | undefined {
        const numbers = this.#isOfFunctions ? this.#numbers.before() : undefined;
        return numbers && identities.known(numbers);
    }

    /** Number of files of which something is left. */
    get size(): number {
        return this.#tables.size + this.#edited.size;
    }

    /** Takes a table out, with this program's numbers; undefined for one that must be made. */
    take(capture: FileCapture, number: number): OccurrenceTable | undefined {
        const table = takeFrom(this.#tables, capture, number);
        const renumbered = table && renumber(table, this.#numbers);
        if (table === undefined || renumbered?.lacking.size !== 0) {
            return undefined;
        }
        if (this.#isOfFunctions) {
            origins.set(renumbered.table, originOf(table));
        }
        return renumbered.table;
    }

    /** Takes out the rows of what an edit has left as it was in a file. */
    takeItems(
        capture: FileCapture,
        number: number,
        after: { readonly tree: SyntaxTree; readonly items: FileItems },
    ): KnownItems | undefined {
        const edited = takeFrom(this.#edited, capture, number);
        if (edited === undefined) {
            return undefined;
        }
        const { table, lacking } = renumber(edited.table, this.#numbers);
        return unchangedItems({ ...edited, table, holdsRow: (row) => !lacking.has(row) }, after);
    }
}

/** A table of the version before an edit, and what the edit changed. */
type EditedTable = Omit<KnownVersion, "holdsRow">;

function takeFrom<T>(
    all: Map<FileCapture, Map<number, T>>,
    capture: FileCapture,
    number: number,
): T | undefined {
    const ofCapture = all.get(capture);
    const one = ofCapture?.get(number);
    ofCapture?.delete(number);
    if (ofCapture?.size === 0) {
        all.delete(capture);
    }
    return one;
}

/** Tables of the files in which functions came, went or changed. Values may stand in types, which others have. */
function editedTables(
    earlier: EarlierSession,
    program: Program,
    changed: ReadonlyMap<string, ChangedItems>,
): Map<FileCapture, Map<number, EditedTable>> {
    const found = new Map<FileCapture, Map<number, EditedTable>>();
    const all = [...changed.values()];
    if (all.some(({ values }) => values.size > 0)) {
        return found;
    }
    const names = namesOf(all);
    for (const { path, index, capture, items: after } of program.instances) {
        const before = earlier.program.captures.get(path);
        const table = before && earlier.known(before, index);
        const isChanged = before !== capture || changed.has(path);
        if (before === undefined || table === undefined || !isChanged) {
            continue;
        }
        const items = earlier.program.itemsOf(before);
        const numbers = changed.get(path)?.numbers;
        if (numbers === undefined && items.items.length !== after.items.length) {
            continue;
        }
        const known = found.get(capture) ?? new Map<number, EditedTable>();
        found.set(capture, known.set(index, { table, tree: before.tree, items, numbers, names }));
    }
    return found;
}

/** Whether both have the same files as bodies of the same modules. */
function hasSameFiles(before: Program, after: Program): boolean {
    return (
        before.captures.size === after.captures.size &&
        before.instances.length === after.instances.length &&
        before.instances.every(({ path, crate }, index) => {
            const other = after.instances[index];
            return other?.path === path && other.crate.index === crate.index;
        })
    );
}

/** What changed in the files whose interfaces differ; undefined where it is more than can be told. */
function changedFiles(
    earlier: EarlierSession,
    program: Program,
): ReadonlyMap<string, ChangedItems> | undefined {
    const changed = new Map<string, ChangedItems>();
    for (const [path, capture] of program.captures) {
        const before = earlier.program.captures.get(path);
        if (before === capture) {
            continue;
        }
        const known = earlier.interfaceOf(path);
        if (before === undefined || known === undefined || changed.size === FILES_MAX) {
            return undefined;
        }
        if (known !== interfaceHash(capture.tree)) {
            const change = compareVersions(
                { tree: before.tree, items: earlier.program.itemsOf(before) },
                { tree: capture.tree, items: program.itemsOf(capture) },
            );
            if (change === undefined) {
                return undefined;
            }
            changed.set(path, change);
        }
    }
    return changed;
}

function namesOf(changed: readonly ChangedItems[]): ReadonlySet<string> {
    return new Set(changed.flatMap(({ functions, values }) => [...functions, ...values]));
}

/** Paths of files that spell a changed name; undefined where more than these may be met. */
function filesThatMeet(
    changed: ReadonlyMap<string, ChangedItems>,
    { captures }: Program,
    spellings: SpellingIndex,
): ReadonlySet<string> | undefined {
    const all = [...changed.values()];
    // A value may stand in a type, such as the length of an array, that others see.
    const ofTypes = new Set(all.flatMap(({ values }) => [...values]));
    const found = new Set<string>();
    for (const name of namesOf(all)) {
        for (const path of spellings.pathsOf(name, captures)) {
            if (ofTypes.has(name) && !changed.has(path)) {
                return undefined;
            }
            found.add(path);
        }
    }
    return found;
}

/** Whether something may be one of some names and be spelled otherwise: a macro that writes it, or an alias of it. */
function maySpellOtherwise(program: Program, names: ReadonlySet<string>): boolean {
    const isAliased = ({ path, aliasNode }: UseLeaf): boolean =>
        aliasNode !== -1 && names.has(path.at(-1) ?? "");
    return (
        [...names].some((name) => program.macroNames.has(name)) ||
        program.imports.some(({ leaf }) => isAliased(leaf))
    );
}

/** A table under other numbers, and the rows that lack a symbol that is not there any more. */
function renumber(
    table: OccurrenceTable,
    numbers: SymbolNumbers,
): { readonly table: OccurrenceTable; readonly lacking: ReadonlySet<number> } {
    const lacking = new Set<number>();
    const { bind, flags } = table;
    const isOfSet = (row: number): boolean => ((flags[row] ?? 0) & OCCURRENCE_FLAG.set) !== 0;
    const number = (symbol: number, row: number): number => {
        const now = numbers.of(symbol);
        if (now === -1) {
            lacking.add(row);
        }
        return now;
    };
    const target = table.target.slice();
    const enclosing = table.enclosing.slice();
    for (let row = 0; row < target.length; row++) {
        const isSymbol = bind[row] === BIND.symbol || bind[row] === BIND.external;
        if (isSymbol && !isOfSet(row)) {
            target[row] = number(target[row] ?? 0, row);
        }
        enclosing[row] = number(enclosing[row] ?? 0, row);
    }
    const sets = table.sets.map((set) => set.map((symbol) => numbers.of(symbol)));
    const torn = new Set([...sets.keys()].filter((set) => sets[set]?.includes(-1) === true));
    table.target.forEach((set, row) => {
        if (torn.size > 0 && isOfSet(row) && torn.has(set)) {
            lacking.add(row);
        }
    });
    return { table: { ...table, target, enclosing, sets }, lacking };
}
