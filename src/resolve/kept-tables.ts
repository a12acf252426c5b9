// Tables that a session takes over from the one before, where all that differs between the two are functions, consts and
// statics. Resolution is a function of look-ups by name, and of the types that these find: a file that spells none of
// the names that came, went, or mean something else meets none of them. What could bring one of them to a file under another
// name (an alias, a macro), or into types, and every row whose symbol is not there any more, is resolved anew.

import type { FileCapture } from "../syntax/index.ts";
import { compareVersions, type ChangedItems } from "./changed-items.ts";
import { interfaceHash } from "./interface-hash.ts";
import type { Program } from "./program.ts";
import type { SpellingIndex } from "./spelling-index.ts";
import type { UseLeaf } from "./use-tree.ts";
import { BIND, OCCURRENCE_FLAG, type OccurrenceTable } from "./walk/occurrence-table.ts";

/** A session that tables are taken over from. */
export interface EarlierSession {
    readonly program: Program;
    /** Hash of a file's interface. */
    interfaceOf(path: string): string | undefined;
    /** A table that was made already. */
    known(capture: FileCapture, number: number): OccurrenceTable | undefined;
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

    /** The later number; -1 where it is not there any more. */
    of(symbol: number): number {
        const known = this.#own[symbol];
        if (known !== undefined && known !== -1) {
            return known;
        }
        const path = this.#before.symbols[symbol]?.external ?? "";
        return path === "" ? -1 : this.#after.external(path);
    }
}

/** Tables of an earlier session under the numbers of a later one; each is given once. */
export class KeptTables {
    readonly #tables: Map<FileCapture, Map<number, OccurrenceTable>>;
    readonly #numbers: SymbolNumbers;

    private constructor(
        tables: Map<FileCapture, Map<number, OccurrenceTable>>,
        numbers: SymbolNumbers,
    ) {
        this.#tables = tables;
        this.#numbers = numbers;
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
        return new KeptTables(tables, new SymbolNumbers(earlier.program, program, changed));
    }

    /** Number of tables that are left. */
    get size(): number {
        return this.#tables.size;
    }

    /** Takes a table out, with this program's numbers; undefined for one that must be made. */
    take(capture: FileCapture, number: number): OccurrenceTable | undefined {
        const tables = this.#tables.get(capture);
        const table = tables?.get(number);
        if (table === undefined) {
            return undefined;
        }
        tables?.delete(number);
        if (tables?.size === 0) {
            this.#tables.delete(capture);
        }
        return renumber(table, this.#numbers);
    }
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

/** A table under other numbers; undefined where a symbol of it is not there any more. */
function renumber(table: OccurrenceTable, numbers: SymbolNumbers): OccurrenceTable | undefined {
    let missing = 0;
    const number = (symbol: number): number => {
        const now = numbers.of(symbol);
        missing += now === -1 ? 1 : 0;
        return now;
    };
    const { bind, flags } = table;
    const target = table.target.map((one, row) => {
        const isSymbol = bind[row] === BIND.symbol || bind[row] === BIND.external;
        return isSymbol && ((flags[row] ?? 0) & OCCURRENCE_FLAG.set) === 0 ? number(one) : one;
    });
    const enclosing = table.enclosing.map(number);
    const sets = table.sets.map((set) => set.map(number));
    return missing === 0 ? { ...table, target, enclosing, sets } : undefined;
}
