// The answers of a Resolution, by symbol, by token, by name, over a source of symbols and tables.

import { appendTo, finishSteps, type Problem, type Span } from "../base/index.ts";
import { IMPLICIT_CAUSES, type ImplicitCause } from "../capture/index.ts";
import { EDGE_KINDS, type NodeId } from "../graph/index.ts";
import type { Edition } from "../workspace/index.ts";
import { giveFileEdges, giveStructuralEdges, giveTokenEdges, type EdgeSink } from "./edges.ts";
import type {
    Binding,
    BindingCounts,
    EvidenceCounts,
    FileOwnership,
    LocalInfo,
    Occurrence,
    OccurrenceRows,
    Resolution,
    SymbolEdge,
    SymbolIndex,
    SymbolInfo,
} from "./model.ts";
import {
    BIND,
    BIND_NAMES,
    OCCURRENCE_FLAG,
    ROLE_CODE,
    ROLES,
    type OccurrenceTable,
} from "./walk/occurrence-table.ts";
import type { NamedPart } from "./partial-tables.ts";
import type { Reexport, ResolutionSource } from "./resolution-source.ts";

/** A resolution over a source. */
export class ResolvedWorkspace implements Resolution {
    readonly source: ResolutionSource;
    #children: Map<number, number[]> | undefined;
    #reexports: ReadonlyMap<string, readonly Reexport[]> | undefined;

    constructor(source: ResolutionSource) {
        this.source = source;
    }

    get isDerived(): boolean {
        return this.source.isDerived;
    }

    get symbolCount(): number {
        return this.source.symbolCount;
    }

    symbol(index: SymbolIndex): SymbolInfo {
        return this.source.symbol(index);
    }

    findById(id: NodeId): SymbolIndex | undefined {
        return this.source.findById(id);
    }

    findByPath(path: string): readonly SymbolIndex[] {
        const wanted = path.replace(/^::/u, "");
        const direct = this.#findByDisplay(wanted);
        return direct.length > 0 ? direct : this.#findByReexport(wanted);
    }

    #findByDisplay(path: string): readonly SymbolIndex[] {
        const name = lastSegment(path);
        const exact: number[] = [];
        const suffix: number[] = [];
        const loose: number[] = [];
        const plain = stripImpl(path);
        for (const index of this.findByName(name.startsWith("r#") ? name.slice(2) : name)) {
            const display = this.source.displayOf(index);
            if (display === path) {
                exact.push(index);
            } else if (display.endsWith(`::${path}`)) {
                suffix.push(index);
            } else if (`::${stripImpl(display)}`.endsWith(`::${plain}`)) {
                loose.push(index);
            }
        }
        return [...exact, ...suffix, ...loose];
    }

    /** Paths that go through a public import: the longest part that is one stands for its symbol. */
    #findByReexport(path: string): readonly SymbolIndex[] {
        const groups = this.#reexportsByName();
        const segments = path.split("::");
        for (let count = segments.length; count > 0; count--) {
            const prefix = segments.slice(0, count).join("::");
            const rest = segments.slice(count).map((segment) => `::${segment}`);
            const named = groups.get(segments[count - 1] ?? "") ?? [];
            const symbols = named
                .filter((one) => one.path === prefix || one.path.endsWith(`::${prefix}`))
                .map((one) => one.symbol);
            const found = [...new Set(symbols)].flatMap((symbol) =>
                rest.length === 0
                    ? [symbol]
                    : this.#findByDisplay(this.source.displayOf(symbol) + rest.join("")),
            );
            if (found.length > 0) {
                return [...new Set(found)];
            }
        }
        return [];
    }

    #reexportsByName(): ReadonlyMap<string, readonly Reexport[]> {
        this.#reexports ??= groupReexports(this.source.reexports());
        return this.#reexports;
    }

    reexportsAt(path: string): readonly SymbolIndex[] {
        const named = this.#reexportsByName().get(lastSegment(path)) ?? [];
        return named.filter((one) => one.path === path).map((one) => one.symbol);
    }

    findByName(name: string): readonly SymbolIndex[] {
        return this.source.findByName(name);
    }

    occurrencesAt(file: string, offset: number): readonly Occurrence[] {
        const found: Occurrence[] = [];
        for (const inst of this.source.filesOf(file)) {
            const table = this.source.tablePart(inst, { spans: [{ start: offset, end: offset }] });
            for (let row = lowerBound(table.start, offset) - 1; row >= 0; row--) {
                if ((table.start[row] ?? 0) + NAME_LENGTH_MAX < offset) {
                    break;
                }
                if ((table.end[row] ?? 0) >= offset) {
                    found.unshift(this.#occurrence(inst, table, row));
                }
            }
            const from = lowerBound(table.start, offset);
            for (let row = from; table.start[row] === offset; row++) {
                found.push(this.#occurrence(inst, table, row));
            }
        }
        // A token that begins at the offset wins over one that ends there.
        const starting = found.filter((one) => one.span.start <= offset && offset < one.span.end);
        return starting.length > 0 ? starting : found;
    }

    occurrencesNamed(name: string, among?: ReadonlySet<string>): readonly Occurrence[] {
        const isAsked = (file: string): boolean => among?.has(file) ?? true;
        return sortOccurrences(
            this.rowsNamed(name, isAsked).flatMap(({ rows = [], occurrence }) =>
                rows.map((row) => occurrence(row)),
            ),
        );
    }

    rowsNamed(name: string, isAsked: (file: string) => boolean): readonly OccurrenceRows[] {
        const found: OccurrenceRows[] = [];
        this.source.files.forEach(({ path }, inst) => {
            if (isAsked(path) && this.source.mayContain(inst, name)) {
                const table = this.source.tablePart(inst, { name });
                const wanted = table.names.indexOf(name);
                const rows = wanted === -1 ? [] : rowsWith(table.name, wanted);
                if (rows.length > 0) {
                    found.push(this.#rows(inst, table, rows));
                }
            }
        });
        return found;
    }

    rowsTouching(file: string, spans: readonly Span[]): readonly OccurrenceRows[] {
        return this.source
            .filesOf(file)
            .map((inst) => this.#rows(inst, this.source.tablePart(inst, { spans }), undefined));
    }

    rowsIn(file: string): readonly OccurrenceRows[] {
        return this.source
            .filesOf(file)
            .map((inst) => this.#rows(inst, this.source.table(inst), undefined));
    }

    #rows(
        inst: number,
        table: OccurrenceTable,
        rows: readonly number[] | undefined,
    ): OccurrenceRows {
        const { path = "", crate = -1 } = this.source.files[inst] ?? {};
        const occurrence = (row: number): Occurrence => this.#occurrence(inst, table, row);
        return { file: path, crate: crate === -1 ? undefined : crate, table, rows, occurrence };
    }

    occurrencesIn(file: string): readonly Occurrence[] {
        return this.#occurrencesWithin(file, (inst) => this.source.table(inst));
    }

    #occurrencesWithin(file: string, tableOf: (inst: number) => OccurrenceTable): Occurrence[] {
        const found: Occurrence[] = [];
        const owned = this.source.filesOf(file);
        for (const inst of owned) {
            const table = tableOf(inst);
            for (let row = 0; row < table.start.length; row++) {
                found.push(this.#occurrence(inst, table, row));
            }
        }
        // The rows of a table are in order.
        return owned.length === 1 ? found : sortOccurrences(found);
    }

    occurrencesOf(symbol: SymbolIndex): readonly Occurrence[] {
        const found: Occurrence[] = [];
        // A token bound to the symbol is spelled as the symbol, or as an alias that some import gave it.
        const { name: first, kind: meant } = this.source.symbol(symbol);
        const names = [first];
        for (let i = 0; i < names.length; i++) {
            const name = names[i] ?? "";
            for (let file = 0; file < this.source.files.length; file++) {
                if (
                    !this.source.mayContain(file, name) ||
                    !this.source.mayName(file, name, symbol)
                ) {
                    continue;
                }
                for (const one of this.#boundTo(file, symbol, { name, meant })) {
                    found.push(one);
                }
                for (const alias of this.#aliasesIn(file, symbol, { name, meant })) {
                    if (!names.includes(alias)) {
                        names.push(alias);
                    }
                }
            }
        }
        return sortOccurrences(found);
    }

    #boundTo(file: number, symbol: number, part: NamedPart): Occurrence[] {
        const table = this.source.tablePart(file, part);
        const { name } = part;
        const found: Occurrence[] = [];
        for (let row = 0; row < table.target.length; row++) {
            if (isBoundTo(table, row, symbol) && table.names[table.name[row] ?? 0] === name) {
                found.push(this.#occurrence(file, table, row));
            }
        }
        return found;
    }

    /** Aliases that imports of the name give; where one is imported, its name is spelled. */
    #aliasesIn(file: number, symbol: number, part: NamedPart): string[] {
        const table = this.source.tablePart(file, part);
        const found: string[] = [];
        for (let row = 0; row < table.role.length; row++) {
            if (table.role[row] === ROLE_CODE["import-alias"] && isBoundTo(table, row, symbol)) {
                found.push(table.names[table.name[row] ?? 0] ?? "");
            }
        }
        return found;
    }

    occurrencesOfLocal(local: LocalInfo): readonly Occurrence[] {
        // An alternative of an or-pattern, or a scope that a macro opens, is never far from the name.
        const { nameSpan, scope } = local;
        const start = Math.min(nameSpan.start, scope.start);
        const end = Math.max(nameSpan.end, scope.end);
        const tableOf = (inst: number): OccurrenceTable =>
            this.source.tablePart(inst, { spans: [{ start, end }] });
        return this.#occurrencesWithin(local.file, tableOf).filter(
            (one) =>
                one.binding.kind === "local" &&
                one.binding.local.nameSpan.start === local.nameSpan.start,
        );
    }

    renameFamily(symbol: SymbolIndex): readonly SymbolIndex[] {
        return this.source.familyOf(symbol);
    }

    externalTraitOf(symbol: SymbolIndex): string | undefined {
        for (const member of this.renameFamily(symbol)) {
            const trait = this.source.foreignTraitOf(member);
            if (trait !== undefined) {
                return trait;
            }
        }
        return undefined;
    }

    childrenOf(symbol: SymbolIndex): readonly SymbolIndex[] {
        this.#children ??= childrenByParent(this.source);
        return this.#children.get(symbol) ?? [];
    }

    *edges(): Iterable<SymbolEdge> {
        let found: SymbolEdge[] = [];
        const sink: EdgeSink = (source, target, kind) => {
            found.push({ source, target, kind: EDGE_KINDS[kind] ?? "reference" });
        };
        finishSteps(giveStructuralEdges(this.source, sink));
        for (let file = 0; file < this.source.files.length; file++) {
            giveFileEdges(this.source, file, sink);
            yield* found;
            found = [];
        }
        yield* found;
    }

    problems(): readonly Problem[] {
        return this.source.problems();
    }

    files(): readonly FileOwnership[] {
        return this.source.ownership();
    }

    editionOf(file: string): Edition {
        const editions = this.source.filesOf(file).map((one) => this.source.files[one]?.edition);
        return editions.sort()[0] ?? "2021";
    }

    counts(): BindingCounts {
        return this.#count(() => true);
    }

    evidenceCounts(): EvidenceCounts {
        const { exact, disputed, analyzer } = OCCURRENCE_FLAG;
        const have = (wanted: number): BindingCounts =>
            this.#count((flags) => (flags & (exact | disputed | analyzer)) === wanted);
        const outvoted = have(exact | disputed | analyzer);
        return {
            exact: addCounts(have(exact), outvoted),
            disputed: have(disputed).ambiguous,
            analyzer: {
                exact: have(exact | analyzer),
                disputed: have(disputed | analyzer).ambiguous,
                outvoted: BIND_NAMES.reduce((sum, name) => sum + outvoted[name], 0),
            },
            implicit: this.#countImplicit(),
        };
    }

    #countImplicit(): EvidenceCounts["implicit"] {
        const counts: Partial<Record<ImplicitCause, number>> = {};
        for (let file = 0; file < this.source.files.length; file++) {
            for (const code of this.source.implicitCalls(file).cause) {
                const cause = IMPLICIT_CAUSES[code];
                if (cause !== undefined) {
                    counts[cause] = (counts[cause] ?? 0) + 1;
                }
            }
        }
        return counts;
    }

    implicitCause(from: SymbolIndex, to: SymbolIndex): ImplicitCause | undefined {
        const path = this.source.symbol(from).file;
        for (const file of path === undefined ? [] : this.source.filesOf(path)) {
            const calls = this.source.implicitCalls(file);
            const row = calls.source.findIndex(
                (one, at) => calls.target[at] === to && this.source.nodeOf(one) === from,
            );
            if (row !== -1) {
                return this.#isNamed(file, from, to)
                    ? undefined
                    : IMPLICIT_CAUSES[calls.cause[row] ?? 0];
            }
        }
        return undefined;
    }

    #isNamed(file: number, from: SymbolIndex, to: SymbolIndex): boolean {
        let isNamed = false;
        giveTokenEdges(this.source, file, (source, target, kind) => {
            isNamed ||= EDGE_KINDS[kind] === "call" && source === from && target === to;
        });
        return isNamed;
    }

    disputed(limit: number, who: "rustc" | "rust-analyzer" = "rustc"): readonly Occurrence[] {
        const mask = OCCURRENCE_FLAG.disputed | OCCURRENCE_FLAG.analyzer;
        const wanted = who === "rustc" ? OCCURRENCE_FLAG.disputed : mask;
        const found: Occurrence[] = [];
        for (let file = 0; file < this.source.files.length && found.length < limit; file++) {
            const table = this.source.table(file);
            table.flags.forEach((flags, row) => {
                if ((flags & mask) === wanted && found.length < limit) {
                    found.push(this.#occurrence(file, table, row));
                }
            });
        }
        return sortOccurrences(found);
    }

    #count(isCounted: (flags: number) => boolean): BindingCounts {
        const counts = {
            symbol: 0,
            local: 0,
            external: 0,
            builtin: 0,
            ambiguous: 0,
            unresolved: 0,
            opaque: 0,
        };
        this.source.files.forEach((file, number) => {
            if (file.crate === -1) {
                return;
            }
            const { bind, flags } = this.source.table(number);
            for (let row = 0; row < bind.length; row++) {
                const name = BIND_NAMES[bind[row] ?? 0];
                if (name !== undefined && isCounted(flags[row] ?? 0)) {
                    counts[name] += 1;
                }
            }
        });
        return counts;
    }

    #occurrence(inst: number, table: OccurrenceTable, row: number): Occurrence {
        const flags = table.flags[row] ?? 0;
        const file = this.source.files[inst];
        const crate = file?.crate ?? -1;
        const enclosing = crate === -1 ? -1 : this.source.nodeOf(table.enclosing[row] ?? 0);
        return {
            file: file?.path ?? "",
            span: { start: table.start[row] ?? 0, end: table.end[row] ?? 0 },
            name: table.names[table.name[row] ?? 0] ?? "",
            raw: (flags & OCCURRENCE_FLAG.raw) !== 0,
            role: ROLES[table.role[row] ?? 0] ?? "value",
            binding: this.#binding(table, row, flags),
            viaAlias: (flags & OCCURRENCE_FLAG.alias) !== 0,
            shorthand:
                (flags & OCCURRENCE_FLAG.shorthandField) !== 0
                    ? "field"
                    : (flags & OCCURRENCE_FLAG.shorthandValue) !== 0
                      ? "value"
                      : undefined,
            enclosing: enclosing === -1 ? undefined : enclosing,
            crate: crate === -1 ? undefined : crate,
            precision: (flags & OCCURRENCE_FLAG.exact) !== 0 ? "exact" : "syntactic",
            saidBy: sayerOf(flags),
        };
    }

    #binding(table: OccurrenceTable, row: number, flags: number): Binding {
        const target = table.target[row] ?? 0;
        const reason = table.reasons[table.reason[row] ?? 0] ?? "";
        const symbols = (flags & OCCURRENCE_FLAG.set) !== 0 ? (table.sets[target] ?? []) : [target];
        switch (table.bind[row]) {
            case BIND.symbol:
                return { kind: "symbol", symbols };
            case BIND.local: {
                const local = table.locals[target];
                return local === undefined
                    ? { kind: "unresolved", reason: "a local that is not known" }
                    : { kind: "local", local };
            }
            case BIND.external:
                return { kind: "external", path: this.source.externalPath(target) };
            case BIND.builtin:
                return { kind: "builtin", name: table.names[table.name[row] ?? 0] ?? "" };
            case BIND.ambiguous:
                return { kind: "ambiguous", candidates: symbols, reason };
            case BIND.opaque:
                return { kind: "opaque", reason };
            default:
                return { kind: "unresolved", reason };
        }
    }
}

function rowsWith(column: Uint32Array, value: number): number[] {
    const rows: number[] = [];
    for (let row = column.indexOf(value); row !== -1; row = column.indexOf(value, row + 1)) {
        rows.push(row);
    }
    return rows;
}

/** Longest token that a look-up by offset expects. */
const NAME_LENGTH_MAX = 4096;

function stripImpl(path: string): string {
    return path.replace(/<(.+?) as [^>]*>+/gu, "$1").replace(/<[^<>]*>/gu, "");
}

function lowerBound(column: Uint32Array, value: number): number {
    let low = 0;
    let high = column.length;
    while (low < high) {
        const middle = (low + high) >> 1;
        if ((column[middle] ?? 0) < value) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

function sortOccurrences(found: Occurrence[]): Occurrence[] {
    return found.sort((a, b) =>
        a.file === b.file ? a.span.start - b.span.start : a.file < b.file ? -1 : 1,
    );
}

function lastSegment(path: string): string {
    const cut = path.lastIndexOf("::");
    return cut === -1 ? path : path.slice(cut + 2);
}

function groupReexports(all: readonly Reexport[]): Map<string, Reexport[]> {
    const groups = new Map<string, Reexport[]>();
    for (const one of all) {
        const name = lastSegment(one.path);
        appendTo(groups, name, one);
    }
    return groups;
}

function isBoundTo(table: OccurrenceTable, row: number, symbol: number): boolean {
    const bind = table.bind[row];
    if (bind !== BIND.symbol && bind !== BIND.external) {
        return false;
    }
    const target = table.target[row] ?? 0;
    const isSet = ((table.flags[row] ?? 0) & OCCURRENCE_FLAG.set) !== 0;
    return isSet ? table.sets[target]?.includes(symbol) === true : target === symbol;
}

function childrenByParent(source: ResolutionSource): Map<number, number[]> {
    const children = new Map<number, number[]>();
    for (let index = 0; index < source.symbolCount; index++) {
        const parent = source.graphParentOf(index);
        if (parent !== -1 && source.nodeOf(index) === index) {
            appendTo(children, parent, index);
        }
    }
    return children;
}

function sayerOf(flags: number): Occurrence["saidBy"] {
    const { exact, disputed, analyzer } = OCCURRENCE_FLAG;
    if ((flags & exact) === 0) {
        return undefined;
    }
    return (flags & (disputed | analyzer)) === analyzer ? "rust-analyzer" : "rustc";
}

function addCounts(one: BindingCounts, other: BindingCounts): BindingCounts {
    const sums = BIND_NAMES.map((name) => [name, one[name] + other[name]] as const);
    return { ...one, ...Object.fromEntries(sums) };
}
