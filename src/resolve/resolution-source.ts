// What the answers of a Resolution are computed from: live (session.ts) or stored (stored-source.ts).

import type { Problem } from "../base/index.ts";
import type { GraphNode, NodeId, SymbolKind } from "../graph/index.ts";
import type { Edition } from "../workspace/index.ts";
import type { FileOwnership, SymbolInfo } from "./model.ts";
import type { OccurrenceTable } from "./walk/occurrence-table.ts";
import type { TablePart } from "./partial-tables.ts";
import type { Pair } from "./relations.ts";

/** One file as one crate sees it; `crate` is -1 for a file that no target reaches. */
export interface SourceFile {
    readonly path: string;
    readonly crate: number;
    readonly edition: Edition;
}

/** A path by which an import makes a symbol known. */
export interface Reexport {
    readonly path: string;
    readonly symbol: number;
}

/** Calls of one file that no token names, in columns of one length. */
export interface ImplicitCalls {
    /** Symbols of caller and callee. */
    readonly source: Uint32Array;
    readonly target: Uint32Array;
    /** Position in IMPLICIT_CAUSES. */
    readonly cause: Uint8Array;
}

/** None. */
export const NO_IMPLICIT_CALLS: ImplicitCalls = {
    source: new Uint32Array(0),
    target: new Uint32Array(0),
    cause: new Uint8Array(0),
};

/** Symbols, files and tables of a resolved workspace. */
export interface ResolutionSource {
    /** It was made from another by changing names, and is exact only as long as these mean what they meant. */
    readonly isDerived: boolean;
    /** Two sources with one basis say the same of each symbol of a file whose capture is the same. */
    readonly basis: object;
    readonly symbolCount: number;
    readonly files: readonly SourceFile[];
    symbol(index: number): SymbolInfo;
    /** A symbol as a node of the graph. */
    graphNode(index: number): GraphNode;
    idOf(index: number): bigint;
    kindOf(index: number): SymbolKind;
    /** Path of an external symbol; empty for symbols of the workspace. */
    externalPath(index: number): string;
    findById(id: NodeId): number | undefined;
    findByName(name: string): readonly number[];
    displayOf(index: number): string;
    /** Graph node that stands for a symbol, -1 for none. */
    nodeOf(index: number): number;
    graphParentOf(index: number): number;
    implementing(): readonly Pair[];
    familyOf(index: number): readonly number[];
    foreignTraitOf(index: number): string | undefined;
    table(file: number): OccurrenceTable;
    /** A table of a file with at least the rows of a part: sooner had where the whole one is not known. */
    tablePart(file: number, part: TablePart): OccurrenceTable;
    /** Calls that rustc saw in a file's bodies and that no token names. */
    implicitCalls(file: number): ImplicitCalls;
    /** Whether the file can have a token with this spelling; false is certain. */
    mayContain(file: number, name: string): boolean;
    /** Whether a token with this spelling may name the symbol in the file; false is certain. */
    mayName(file: number, name: string, symbol: number): boolean;
    /** Positions in `files` of a path. */
    filesOf(path: string): readonly number[];
    problems(): readonly Problem[];
    ownership(): readonly FileOwnership[];
    /** Public names that imports give to symbols of the workspace: `regex::Regex`, and what it stands for. */
    reexports(): readonly Reexport[];
}
