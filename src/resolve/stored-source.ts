// A resolution on disk: what the answers need, read one table and one symbol at a time. Valid only for the
// very captures it was made from; the engine checks that before it asks.

import {
    EDGE_KINDS,
    SYMBOL_KINDS,
    type GraphNode,
    type NodeId,
    type SymbolKind,
} from "../graph/index.ts";
import { appendTo, type Problem, type Steps } from "../base/index.ts";
import type { Edition } from "../workspace/index.ts";
import type { FileOwnership, SymbolInfo, Visibility } from "./model.ts";
import type { OccurrenceTable } from "./walk/occurrence-table.ts";
import type { Pair } from "./relations.ts";
import {
    NO_IMPLICIT_CALLS,
    type ImplicitCalls,
    type Reexport,
    type ResolutionSource,
    type SourceFile,
} from "./resolution-source.ts";
import { ResolvedWorkspace } from "./resolved-workspace.ts";
import {
    bytesOf,
    packSections,
    StoredStrings,
    StringPool,
    unpackSections,
    viewAs,
} from "./section-file.ts";
import { decodeTable, encodeTable } from "./table-codec.ts";

/** Version of the stored form; raised with every change of it, or of what the numbers in it mean. */
export const RESOLUTION_CACHE_VERSION = 31;

const VISIBILITIES: readonly Visibility[] = ["private", "restricted", "crate", "public"];
const EDITIONS: readonly Edition[] = ["2015", "2018", "2021", "2024"];
const NONE = 0xffff_ffff;

/** Columns of symbols, in the order in which they are stored. */
const COLUMNS = [
    "kind",
    "visibility",
    "flags",
    "parent",
    "crate",
    "file",
    "nameStart",
    "nameEnd",
    "start",
    "end",
    "node",
    "graphParent",
    "name",
    "path",
    "display",
    "cfg",
    "external",
    "byName",
    "byFamily",
    "family",
] as const;

type Column = (typeof COLUMNS)[number];

/** Symbols or spellings between two turns for others. */
const STEP_ROWS = 1024;

/** Encodes a resolution with all of its tables. */
export function* encodeResolution(resolved: ResolvedWorkspace): Steps<Uint8Array> {
    const { source } = resolved;
    const tables: Uint8Array[] = [];
    for (let number = 0; number < source.files.length; number++) {
        tables.push(encodeTable(source.table(number)));
        yield;
    }
    // Externals that others make from here on are none of this resolution's.
    const count = source.symbolCount;
    const pool = new StringPool();
    const columns = yield* symbolColumns(source, count, pool);
    const postings = yield* postingsOf(source, pool);
    const ids = BigUint64Array.from({ length: count }, (_, i) => source.idOf(i));
    yield;
    const pairs = source.implementing().flatMap((pair) => [pair.source, pair.target]);
    const files = source.files.flatMap((file) => [
        pool.add(file.path),
        file.crate === -1 ? NONE : file.crate,
        EDITIONS.indexOf(file.edition),
    ]);
    const foreign: number[] = [];
    for (let i = 0; i < count; i++) {
        const trait = source.foreignTraitOf(i);
        if (trait !== undefined) {
            foreign.push(i, pool.add(trait));
        }
    }
    const calls = source.files.flatMap((_, number) => {
        const { source: from, target, cause } = source.implicitCalls(number);
        return [...from].flatMap((one, row) => [number, one, target[row] ?? 0, cause[row] ?? 0]);
    });
    const reexports = source.reexports().flatMap((one) => [pool.add(one.path), one.symbol]);
    yield;
    const strings = pool.encode();
    yield;
    const byId = orderBy(count, (a, b) => compare(ids[a] ?? 0n, ids[b] ?? 0n));
    yield;
    return packSections({
        version: Uint8Array.of(RESOLUTION_CACHE_VERSION, SYMBOL_KINDS.length, EDGE_KINDS.length),
        ...columns,
        ids: bytesOf(ids),
        byId: bytesOf(byId),
        pairs: bytesOf(Uint32Array.from(pairs)),
        foreign: bytesOf(Uint32Array.from(foreign)),
        implicit: bytesOf(Uint32Array.from(calls)),
        reexports: bytesOf(Uint32Array.from(reexports)),
        files: bytesOf(Uint32Array.from(files)),
        ownership: new TextEncoder().encode(JSON.stringify(source.ownership())),
        problems: new TextEncoder().encode(JSON.stringify(source.problems())),
        ...postings,
        ...packTables(tables),
        offsets: strings.offsets,
        text: strings.text,
    });
}

function* symbolColumns(
    source: ResolutionSource,
    count: number,
    pool: StringPool,
): Steps<Record<Column, Uint8Array>> {
    const make = (): Uint32Array => new Uint32Array(count);
    const columns = Object.fromEntries(COLUMNS.map((name) => [name, make()])) as Record<
        Column,
        Uint32Array
    >;
    const fileIndex = new Map(source.files.map((file, number) => [file.path, number]));
    const names: string[] = [];
    for (let i = 0; i < count; i++) {
        if (i % STEP_ROWS === 0) {
            yield;
        }
        const symbol = source.symbol(i);
        names.push(symbol.name);
        columns.kind[i] = SYMBOL_KINDS.indexOf(symbol.kind);
        columns.visibility[i] = VISIBILITIES.indexOf(symbol.visibility);
        columns.flags[i] = symbol.flags;
        columns.parent[i] = symbol.parent ?? NONE;
        columns.crate[i] = symbol.crate ?? NONE;
        columns.file[i] = symbol.file === undefined ? NONE : (fileIndex.get(symbol.file) ?? NONE);
        columns.nameStart[i] = symbol.nameSpan?.start ?? NONE;
        columns.nameEnd[i] = symbol.nameSpan?.end ?? NONE;
        columns.start[i] = symbol.extent?.start ?? NONE;
        columns.end[i] = symbol.extent?.end ?? NONE;
        columns.node[i] = source.nodeOf(i) >>> 0;
        columns.graphParent[i] = source.graphParentOf(i) >>> 0;
        columns.name[i] = pool.add(symbol.name);
        columns.path[i] = pool.add(symbol.path);
        columns.display[i] = pool.add(symbol.display);
        columns.cfg[i] = pool.add(symbol.cfg);
        columns.external[i] = pool.add(source.externalPath(i));
        columns.family[i] = source.familyOf(i)[0] ?? i;
    }
    yield;
    const byName = orderBy(count, (a, b) => compare(names[a] ?? "", names[b] ?? ""));
    yield;
    const { family } = columns;
    const byFamily = orderBy(count, (a, b) => (family[a] ?? 0) - (family[b] ?? 0));
    return Object.fromEntries(
        COLUMNS.map((name) => {
            const column =
                name === "byName" ? byName : name === "byFamily" ? byFamily : columns[name];
            return [name, bytesOf(column)];
        }),
    ) as Record<Column, Uint8Array>;
}

/** For each spelling, in order, the files that have it. */
function* postingsOf(
    source: ResolutionSource,
    pool: StringPool,
): Steps<Record<string, Uint8Array>> {
    const files = new Map<string, number[]>();
    for (let number = 0; number < source.files.length; number++) {
        const table = source.table(number);
        yield;
        for (const used of new Set(table.name)) {
            const name = table.names[used] ?? "";
            const list = files.get(name);
            if (list === undefined) {
                files.set(name, [number]);
            } else if (list[list.length - 1] !== number) {
                list.push(number);
            }
        }
    }
    const names = [...files.keys()].sort(compare);
    yield;
    const starts = new Uint32Array(names.length + 1);
    const lists: number[] = [];
    names.forEach((name, i) => {
        starts[i] = lists.length;
        lists.push(...(files.get(name) ?? []));
    });
    starts[names.length] = lists.length;
    return {
        spellings: bytesOf(Uint32Array.from(names, (name) => pool.add(name))),
        postingStarts: bytesOf(starts),
        postings: bytesOf(Uint32Array.from(lists)),
    };
}

function packTables(tables: readonly Uint8Array[]): Record<string, Uint8Array> {
    const offsets = new Uint32Array(tables.length + 1);
    let total = 0;
    tables.forEach((table, i) => {
        offsets[i] = total;
        total += Math.ceil(table.length / 8) * 8;
    });
    offsets[tables.length] = total;
    const bytes = new Uint8Array(total);
    tables.forEach((table, i) => {
        bytes.set(table, offsets[i] ?? 0);
    });
    return { tableOffsets: bytesOf(offsets), tables: bytes };
}

function compare<T extends string | bigint>(a: T, b: T): number {
    return a < b ? -1 : a > b ? 1 : 0;
}

function orderBy(count: number, order: (a: number, b: number) => number): Uint32Array {
    return Uint32Array.from({ length: count }, (_, i) => i).sort((a, b) => order(a, b) || a - b);
}

/** Decodes what `encodeResolution` made; undefined for another version of the stored form. */
export function decodeResolution(bytes: Uint8Array): ResolvedWorkspace | undefined {
    const section = unpackSections(bytes);
    const [version, kinds, edges] = section("version");
    if (
        version !== RESOLUTION_CACHE_VERSION ||
        kinds !== SYMBOL_KINDS.length ||
        edges !== EDGE_KINDS.length
    ) {
        return undefined;
    }
    return new ResolvedWorkspace(new StoredSource(section));
}

class StoredSource implements ResolutionSource {
    readonly isDerived = false;
    readonly files: readonly SourceFile[];
    readonly #section: (name: string) => Uint8Array;
    readonly #strings: StoredStrings;
    readonly #columns: Record<Column, Uint32Array>;
    readonly #ids: BigUint64Array;
    readonly #byId: Uint32Array;
    readonly #filesByPath = new Map<string, number[]>();
    readonly #tables = new Map<number, OccurrenceTable>();
    readonly #foreign = new Map<number, string>();
    #ownership: readonly FileOwnership[] | undefined;
    #calls: ReadonlyMap<number, ImplicitCalls> | undefined;
    #lastName: { readonly name: string; readonly files: ReadonlySet<number> } | undefined;

    constructor(section: (name: string) => Uint8Array) {
        this.#section = section;
        this.#strings = new StoredStrings(section("offsets"), section("text"));
        this.#columns = Object.fromEntries(
            COLUMNS.map((name) => [name, viewAs(section(name), Uint32Array)]),
        ) as Record<Column, Uint32Array>;
        this.#ids = viewAs(section("ids"), BigUint64Array);
        this.#byId = viewAs(section("byId"), Uint32Array);
        const foreign = viewAs(section("foreign"), Uint32Array);
        for (let i = 0; i < foreign.length; i += 2) {
            this.#foreign.set(foreign[i] ?? 0, this.#strings.at(foreign[i + 1] ?? 0));
        }
        this.files = this.#readFiles(viewAs(section("files"), Uint32Array));
    }

    #readFiles(column: Uint32Array): SourceFile[] {
        const files: SourceFile[] = [];
        for (let i = 0; i < column.length; i += 3) {
            const path = this.#strings.at(column[i] ?? 0);
            const crate = signed(column[i + 1]);
            const edition = EDITIONS[column[i + 2] ?? 0] ?? "2021";
            appendTo(this.#filesByPath, path, files.length);
            files.push({ path, crate, edition });
        }
        return files;
    }

    get basis(): object {
        return this;
    }

    get symbolCount(): number {
        return this.#ids.length;
    }

    symbol(index: number): SymbolInfo {
        const columns = this.#columns;
        const file = signed(columns.file[index]);
        const text = (column: Column): string => this.#strings.at(columns[column][index] ?? 0);
        const parent = signed(columns.parent[index]);
        const crate = signed(columns.crate[index]);
        return {
            index,
            id: this.idOf(index) as NodeId,
            kind: this.kindOf(index),
            name: text("name"),
            path: text("path"),
            display: text("display"),
            file: file === -1 ? undefined : this.files[file]?.path,
            nameSpan: span(columns.nameStart[index], columns.nameEnd[index]),
            extent: span(columns.start[index], columns.end[index]),
            parent: parent === -1 ? undefined : parent,
            crate: crate === -1 ? undefined : crate,
            visibility: VISIBILITIES[columns.visibility[index] ?? 0] ?? "private",
            flags: columns.flags[index] ?? 0,
            cfg: text("cfg"),
        };
    }

    graphNode(index: number): GraphNode {
        const { id, kind, name, path, flags } = this.symbol(index);
        return { id, kind, name, path, flags };
    }

    idOf(index: number): bigint {
        return this.#ids[index] ?? 0n;
    }

    kindOf(index: number): SymbolKind {
        return SYMBOL_KINDS[this.#columns.kind[index] ?? 0] ?? "external";
    }

    externalPath(index: number): string {
        return this.#strings.at(this.#columns.external[index] ?? 0);
    }

    findById(id: NodeId): number | undefined {
        const at = search(this.#byId.length, (i) => compare(this.idOf(this.#byId[i] ?? 0), id));
        const index = this.#byId[at];
        return index !== undefined && this.idOf(index) === id ? index : undefined;
    }

    findByName(name: string): readonly number[] {
        const order = this.#columns.byName;
        const nameAt = (i: number): string =>
            this.#strings.at(this.#columns.name[order[i] ?? 0] ?? 0);
        const found: number[] = [];
        const from = search(order.length, (i) => compare(nameAt(i), name));
        for (let i = from; i < order.length && nameAt(i) === name; i++) {
            const index = order[i] ?? 0;
            if (this.kindOf(index) !== "impl") {
                found.push(index);
            }
        }
        return found;
    }

    displayOf(index: number): string {
        return this.#strings.at(this.#columns.display[index] ?? 0);
    }

    nodeOf(index: number): number {
        return signed(this.#columns.node[index]);
    }

    graphParentOf(index: number): number {
        return signed(this.#columns.graphParent[index]);
    }

    implementing(): readonly Pair[] {
        const column = viewAs(this.#section("pairs"), Uint32Array);
        const pairs: Pair[] = [];
        for (let i = 0; i < column.length; i += 2) {
            pairs.push({ source: column[i] ?? 0, target: column[i + 1] ?? 0 });
        }
        return pairs;
    }

    familyOf(index: number): readonly number[] {
        const { byFamily, family } = this.#columns;
        const wanted = family[index] ?? index;
        const found: number[] = [];
        const at = (i: number): number => family[byFamily[i] ?? 0] ?? 0;
        for (
            let i = search(byFamily.length, (i) => at(i) - wanted);
            i < byFamily.length && at(i) === wanted;
            i++
        ) {
            found.push(byFamily[i] ?? 0);
        }
        return found;
    }

    foreignTraitOf(index: number): string | undefined {
        return this.#foreign.get(index);
    }

    tablePart(file: number): OccurrenceTable {
        return this.table(file);
    }

    table(file: number): OccurrenceTable {
        let table = this.#tables.get(file);
        if (table === undefined) {
            const offsets = viewAs(this.#section("tableOffsets"), Uint32Array);
            const bytes = this.#section("tables").subarray(offsets[file], offsets[file + 1]);
            table = decodeTable(bytes, this.files[file]?.path ?? "");
            this.#tables.set(file, table);
        }
        return table;
    }

    implicitCalls(file: number): ImplicitCalls {
        this.#calls ??= readCalls(viewAs(this.#section("implicit"), Uint32Array));
        return this.#calls.get(file) ?? NO_IMPLICIT_CALLS;
    }

    mayContain(file: number, name: string): boolean {
        if (this.#lastName?.name !== name) {
            this.#lastName = { name, files: this.#filesWith(name) };
        }
        return this.#lastName.files.has(file);
    }

    /** Tables are at hand, so that nothing is saved by knowing. */
    mayName(): boolean {
        return true;
    }

    #filesWith(name: string): ReadonlySet<number> {
        const spellings = viewAs(this.#section("spellings"), Uint32Array);
        const textAt = (i: number): string => this.#strings.at(spellings[i] ?? 0);
        const at = search(spellings.length, (i) => compare(textAt(i), name));
        if (at >= spellings.length || textAt(at) !== name) {
            return new Set();
        }
        const starts = viewAs(this.#section("postingStarts"), Uint32Array);
        return new Set(
            viewAs(this.#section("postings"), Uint32Array).subarray(starts[at], starts[at + 1]),
        );
    }

    filesOf(path: string): readonly number[] {
        return this.#filesByPath.get(path) ?? [];
    }

    problems(): readonly Problem[] {
        const text = new TextDecoder().decode(this.#section("problems"));
        return JSON.parse(text) as readonly Problem[];
    }

    reexports(): readonly Reexport[] {
        const column = viewAs(this.#section("reexports"), Uint32Array);
        const found: Reexport[] = [];
        for (let i = 0; i < column.length; i += 2) {
            found.push({ path: this.#strings.at(column[i] ?? 0), symbol: column[i + 1] ?? 0 });
        }
        return found;
    }

    ownership(): readonly FileOwnership[] {
        this.#ownership ??= JSON.parse(
            new TextDecoder().decode(this.#section("ownership")),
        ) as readonly FileOwnership[];
        return this.#ownership;
    }
}

/** Calls by file; stored as rows of file, caller, callee, cause. */
function readCalls(column: Uint32Array): Map<number, ImplicitCalls> {
    const rows = new Map<number, number[]>();
    for (let at = 0; at < column.length; at += 4) {
        appendTo(rows, column[at] ?? 0, at);
    }
    return new Map(
        [...rows].map(([file, places]) => [
            file,
            {
                source: Uint32Array.from(places, (at) => column[at + 1] ?? 0),
                target: Uint32Array.from(places, (at) => column[at + 2] ?? 0),
                cause: Uint8Array.from(places, (at) => column[at + 3] ?? 0),
            },
        ]),
    );
}

function signed(value: number | undefined): number {
    return value === undefined || value === NONE ? -1 : value;
}

function span(
    start: number | undefined,
    end: number | undefined,
): { start: number; end: number } | undefined {
    return start === undefined || start === NONE || end === undefined ? undefined : { start, end };
}

/** First position whose comparison is not negative. */
function search(count: number, order: (i: number) => number): number {
    let low = 0;
    let high = count;
    while (low < high) {
        const middle = (low + high) >> 1;
        if (order(middle) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}
