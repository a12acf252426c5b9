// Reads the tables of a resolution into the columns that the proof compares.

import {
    BIND,
    OCCURRENCE_FLAG,
    SEVERAL_IN_SCOPE,
    type OccurrenceRows,
    type OccurrenceTable,
} from "../resolve/index.ts";
import {
    localNumber,
    OPEN,
    partBit,
    ProofRows,
    TOKEN_BIT,
    type TextNumbers,
} from "./proof-rows.ts";
import type { TokenPart } from "./planned-edit.ts";
import { UNDECIDED, type ProofRow, type ProofView } from "./proof-view.ts";

/** Which tokens are read, and which of them stand out. */
export interface ReadOptions {
    /** Spellings whose tokens are compared in every file. */
    readonly names: ReadonlySet<string>;
    /** Whether a row is left out; undefined where none is. */
    readonly isLeftOut?: ((rows: OccurrenceRows, row: number) => boolean) | undefined;
}

/** One side of a proof. */
export class ProofReader {
    readonly #view: ProofView;
    readonly #numbers: TextNumbers;
    readonly #tables: OccurrenceRows[] = [];
    readonly #files = new Map<string, ProofRows>();
    readonly #symbols: NumberCache;
    readonly #externals: NumberCache;

    constructor(view: ProofView, numbers: TextNumbers) {
        this.#view = view;
        this.#numbers = numbers;
        this.#symbols = new NumberCache(view.resolution.symbolCount);
        this.#externals = new NumberCache(view.resolution.symbolCount);
    }

    /** The rows of tables by their files after the edits, in the order of their places. */
    read(tables: Iterable<OccurrenceRows>, options: ReadOptions): ReadonlyMap<string, ProofRows> {
        for (const one of tables) {
            this.#readTable(one, options);
        }
        for (const rows of this.#files.values()) {
            rows.sort();
        }
        return this.#files;
    }

    /** Where a token began before the edits. */
    origin(rows: ProofRows, at: number): number {
        return this.#tables[rows.table(at)]?.table.start[rows.row(at)] ?? -1;
    }

    /** Rows as objects. */
    rowsAt(rows: ProofRows, from: number, end: number): ProofRow[] {
        const found: ProofRow[] = [];
        for (let at = from; at < end; at++) {
            const occurrence = this.#tables[rows.table(at)]?.occurrence(rows.row(at));
            if (occurrence !== undefined) {
                found.push(this.#view.rowOf(occurrence));
            }
        }
        return found;
    }

    #readTable(rows: OccurrenceRows, { names, isLeftOut }: ReadOptions): void {
        const { file, table, rows: chosen } = rows;
        const count = chosen?.length ?? table.start.length;
        const path = this.#view.fileAfter(file);
        const cursor = this.#view.cursor(file);
        const words = new WordReader(table, names);
        const meanings = this.#meaningsOf(rows, path);
        const number = this.#tables.length;
        this.#tables.push(rows);
        const crate = this.#numbers.of(this.#view.crateKey(rows.crate));
        const cell = { start: 0, word: 0, crate, meaning: 0, table: number, row: 0 };
        for (let i = 0; i < count; i++) {
            const row = chosen === undefined ? i : (chosen[i] ?? 0);
            if (isLeftOut?.(rows, row) === true) {
                continue;
            }
            const start = table.start[row] ?? 0;
            const after = cursor === undefined ? start : cursor.next(start);
            cell.row = row;
            if (after !== undefined) {
                cell.start = after;
                cell.word = words.of(row, words.partOf(row));
                cell.meaning = meanings.of(row);
                this.#rowsOf(path, count).push(cell);
                continue;
            }
            // An edit takes it up: into another place, as another part, or into another file.
            const place = this.#view.placeOf(file, start, words.partOf(row));
            const isElsewhere = place.file !== path;
            cell.start = place.start;
            cell.word = words.of(row, place.part);
            cell.meaning = (isElsewhere ? this.#meaningsOf(rows, place.file) : meanings).of(row);
            this.#rowsOf(place.file, count).push(cell);
        }
    }

    #rowsOf(path: string, capacity: number): ProofRows {
        let rows = this.#files.get(path);
        if (rows === undefined) {
            rows = new ProofRows(this.#numbers, capacity);
            this.#files.set(path, rows);
        }
        return rows;
    }

    /** What the rows of a table mean, for tokens that stand in a file after the edits. */
    #meaningsOf(rows: OccurrenceRows, path: string): MeaningReader {
        const [symbols, externals] = [this.#symbols, this.#externals];
        const parts = { view: this.#view, numbers: this.#numbers, symbols, externals };
        return new MeaningReader(rows, path, parts);
    }
}

/** What one side of a proof knows of all its tables. */
interface SideParts {
    readonly view: ProofView;
    readonly numbers: TextNumbers;
    /** Numbers of what symbols are to the proof. */
    readonly symbols: NumberCache;
    readonly externals: NumberCache;
}

/** Reads what the rows of one table mean. */
class MeaningReader {
    readonly #rows: OccurrenceRows;
    readonly #path: string;
    readonly #parts: SideParts;
    readonly #locals: NumberCache;
    readonly #sets: NumberCache;
    readonly #builtins = new Map<number, number>();

    constructor(rows: OccurrenceRows, path: string, parts: SideParts) {
        this.#rows = rows;
        this.#path = path;
        this.#parts = parts;
        this.#locals = new NumberCache(rows.table.locals.length);
        this.#sets = new NumberCache(rows.table.sets.length);
    }

    of(row: number): number {
        const { table } = this.#rows;
        const target = table.target[row] ?? 0;
        switch (table.bind[row]) {
            case BIND.symbol:
                return ((table.flags[row] ?? 0) & OCCURRENCE_FLAG.set) === 0
                    ? this.#read(this.#parts.symbols, target, row)
                    : this.#read(this.#sets, target, row);
            case BIND.local:
                return this.#locals.get(target) ?? this.#readLocal(target);
            case BIND.external:
                return this.#read(this.#parts.externals, target, row);
            case BIND.builtin:
                return this.#readBuiltin(table.name[row] ?? 0, row);
            default:
                return OPEN;
        }
    }

    #read(cache: NumberCache, target: number, row: number): number {
        return cache.get(target) ?? cache.set(target, this.#number(row));
    }

    #readBuiltin(name: number, row: number): number {
        let number = this.#builtins.get(name);
        if (number === undefined) {
            number = this.#number(row);
            this.#builtins.set(name, number);
        }
        return number;
    }

    #number(row: number): number {
        const key = this.#parts.view.bindingKey(this.#rows.occurrence(row).binding);
        return key === UNDECIDED ? OPEN : this.#parts.numbers.of(key);
    }

    /** The place of its definition, where that is in the token's own file: locals are many. */
    #readLocal(target: number): number {
        const local = this.#rows.table.locals[target];
        if (local === undefined) {
            return OPEN;
        }
        const { view, numbers } = this.#parts;
        const place = view.definitionPlace(local.file, local.nameSpan.start);
        return this.#locals.set(
            target,
            place.file === this.#path
                ? localNumber(place.start)
                : numbers.of(view.bindingKey({ kind: "local", local })),
        );
    }
}

/** Reads the words of a table's rows. */
class WordReader {
    readonly #table: OccurrenceTable;
    /** Numbers of the names that are looked for. */
    readonly #named: ReadonlySet<number>;
    readonly #several: number;

    constructor(table: OccurrenceTable, names: ReadonlySet<string>) {
        this.#table = table;
        this.#several = table.reasons.indexOf(SEVERAL_IN_SCOPE);
        this.#named = new Set([...names].map((name) => table.names.indexOf(name)));
    }

    partOf(row: number): TokenPart {
        const flags = this.#table.flags[row] ?? 0;
        return (flags & OCCURRENCE_FLAG.shorthandField) !== 0
            ? "field"
            : (flags & OCCURRENCE_FLAG.shorthandValue) !== 0
              ? "value"
              : undefined;
    }

    of(row: number, part: TokenPart): number {
        const { role, name, bind, reason } = this.#table;
        const isSeveral = bind[row] === BIND.ambiguous && reason[row] === this.#several;
        return (
            (role[row] ?? 0) |
            partBit(part) |
            (this.#named.has(name[row] ?? 0) ? TOKEN_BIT.named : 0) |
            (isSeveral ? TOKEN_BIT.several : 0)
        );
    }
}

/** Numbers by small numbers. */
class NumberCache {
    readonly #values: Int32Array;
    readonly #more = new Map<number, number>();

    constructor(size: number) {
        this.#values = new Int32Array(size).fill(ABSENT);
    }

    get(index: number): number | undefined {
        const value = index < this.#values.length ? this.#values[index] : this.#more.get(index);
        return value === ABSENT ? undefined : value;
    }

    set(index: number, value: number): number {
        if (index < this.#values.length) {
            this.#values[index] = value;
        } else {
            this.#more.set(index, value);
        }
        return value;
    }
}

const ABSENT = 0x7fffffff;
