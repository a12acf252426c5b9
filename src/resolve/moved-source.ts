// A resolution of a text whose files have moved, answered by one that has them where they were: module files
// move with their module, and nothing else about them changes (module-placement.ts makes sure of that).

import type { Problem } from "../base/index.ts";
import type { GraphNode, NodeId, SymbolKind } from "../graph/index.ts";
import type { FileOwnership, LocalInfo, SymbolInfo } from "./model.ts";
import type { TablePart } from "./partial-tables.ts";
import type { Pair } from "./relations.ts";
import type { ImplicitCalls, Reexport, ResolutionSource, SourceFile } from "./resolution-source.ts";
import type { OccurrenceTable } from "./walk/occurrence-table.ts";

/** A source under the new paths of its files. */
export class MovedSource implements ResolutionSource {
    readonly #base: ResolutionSource;
    readonly #moves: ReadonlyMap<string, string>;
    readonly #cameFrom: ReadonlyMap<string, string>;
    readonly #tables = new WeakMap<OccurrenceTable, OccurrenceTable>();
    #files: readonly SourceFile[] | undefined;
    #ownership: readonly FileOwnership[] | undefined;

    /** `moves` gives the new path of each file that has another. */
    constructor(base: ResolutionSource, moves: ReadonlyMap<string, string>) {
        this.#base = base;
        this.#moves = moves;
        this.#cameFrom = new Map([...moves].map(([from, to]) => [to, from]));
    }

    get isDerived(): boolean {
        return this.#base.isDerived;
    }

    get basis(): object {
        return this;
    }

    get symbolCount(): number {
        return this.#base.symbolCount;
    }

    get files(): readonly SourceFile[] {
        this.#files ??= this.#base.files.map((file) => ({ ...file, path: this.#at(file.path) }));
        return this.#files;
    }

    #at(path: string): string {
        return this.#moves.get(path) ?? path;
    }

    symbol(index: number): SymbolInfo {
        const symbol = this.#base.symbol(index);
        const file = symbol.file === undefined ? undefined : this.#moves.get(symbol.file);
        return file === undefined ? symbol : movedSymbol(symbol, file);
    }

    graphNode(index: number): GraphNode {
        return this.#base.graphNode(index);
    }

    idOf(index: number): bigint {
        return this.#base.idOf(index);
    }

    kindOf(index: number): SymbolKind {
        return this.#base.kindOf(index);
    }

    externalPath(index: number): string {
        return this.#base.externalPath(index);
    }

    findById(id: NodeId): number | undefined {
        return this.#base.findById(id);
    }

    findByName(name: string): readonly number[] {
        return this.#base.findByName(name);
    }

    displayOf(index: number): string {
        return this.#base.displayOf(index);
    }

    nodeOf(index: number): number {
        return this.#base.nodeOf(index);
    }

    graphParentOf(index: number): number {
        return this.#base.graphParentOf(index);
    }

    implementing(): readonly Pair[] {
        return this.#base.implementing();
    }

    familyOf(index: number): readonly number[] {
        return this.#base.familyOf(index);
    }

    foreignTraitOf(index: number): string | undefined {
        return this.#base.foreignTraitOf(index);
    }

    table(file: number): OccurrenceTable {
        return this.#moved(file, this.#base.table(file));
    }

    tablePart(file: number, part: TablePart): OccurrenceTable {
        return this.#moved(file, this.#base.tablePart(file, part));
    }

    /** The same rows; locals know the file that they stand in. */
    #moved(file: number, table: OccurrenceTable): OccurrenceTable {
        const path = this.#moves.get(this.#base.files[file]?.path ?? "");
        if (path === undefined) {
            return table;
        }
        let moved = this.#tables.get(table);
        if (moved === undefined) {
            const locals = table.locals.map((local): LocalInfo => ({ ...local, file: path }));
            moved = { ...table, locals };
            this.#tables.set(table, moved);
        }
        return moved;
    }

    implicitCalls(file: number): ImplicitCalls {
        return this.#base.implicitCalls(file);
    }

    mayContain(file: number, name: string): boolean {
        return this.#base.mayContain(file, name);
    }

    mayName(file: number, name: string, symbol: number): boolean {
        return this.#base.mayName(file, name, symbol);
    }

    filesOf(path: string): readonly number[] {
        const from = this.#cameFrom.get(path) ?? path;
        return from === path && this.#moves.has(path) ? [] : this.#base.filesOf(from);
    }

    problems(): readonly Problem[] {
        return this.#base.problems();
    }

    ownership(): readonly FileOwnership[] {
        this.#ownership ??= this.#base
            .ownership()
            .map((one) => ({ ...one, path: this.#at(one.path) }))
            .sort((a, b) => (a.path < b.path ? -1 : 1));
        return this.#ownership;
    }

    reexports(): readonly Reexport[] {
        return this.#base.reexports();
    }
}

/** Ids and paths are worked out when asked for. */
function movedSymbol(symbol: SymbolInfo, file: string): SymbolInfo {
    const { index, kind, name, nameSpan, extent, parent, crate, visibility } = symbol;
    return {
        ...{ index, kind, name, file, nameSpan, extent, parent, crate, visibility },
        get id() {
            return symbol.id;
        },
        get path() {
            return symbol.path;
        },
        get display() {
            return symbol.display;
        },
        get flags() {
            return symbol.flags;
        },
        get cfg() {
            return symbol.cfg;
        },
    };
}
