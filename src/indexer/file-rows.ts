// The rows that one file gives to the tables.

import { LineIndex } from "../base/index.ts";
import { flagNames, NODE_FLAG, parseCanonicalPath } from "../graph/index.ts";
import {
    BIND,
    BIND_NAMES,
    OCCURRENCE_FLAG,
    ROLES,
    UNKNOWN_OWNER,
    type OccurrenceTable,
    type SymbolInfo,
} from "../resolve/index.ts";
import { listOf, TableRows, type TableName } from "../tables/index.ts";
import { byteOffsetsOf } from "./byte-offsets.ts";
import { declaredTypes } from "./declared-types.ts";
import { fileIdOf, nodeIdIn, type FileRowsOptions, type FileToIndex } from "./file-to-index.ts";
import { inferredTypes } from "./inferred-types.ts";
import type { IndexView, OwnedTable } from "./index-view.ts";
import { NodeFinder, nodeWithSpan } from "./node-finder.ts";
import { signatureOf } from "./signature.ts";

/** Rows by table. */
export class RowSet {
    readonly #tables = new Map<TableName, TableRows>();

    /** The rows of a table. */
    of(table: TableName): TableRows {
        let rows = this.#tables.get(table);
        if (rows === undefined) {
            rows = new TableRows(table);
            this.#tables.set(table, rows);
        }
        return rows;
    }

    /** All that have rows. */
    all(): TableRows[] {
        return [...this.#tables.values()];
    }

    /** Number of rows in all tables. */
    get length(): number {
        return this.all().reduce((sum, rows) => sum + rows.length, 0);
    }
}

/** Adds all rows of a file. */
export function addFileRows(
    rows: RowSet,
    view: IndexView,
    path: string,
    options: FileRowsOptions,
): void {
    const capture = view.input.captures.get(path);
    if (capture === undefined) {
        return;
    }
    const { text } = options;
    const file: FileToIndex = {
        ...options,
        view,
        path,
        capture,
        fileId: fileIdOf(path),
        bytes: byteOffsetsOf(text),
        lines: new LineIndex(text),
    };
    const { crates, cfg } = view.ownersOf(path);
    rows.of("files").push(
        file.fileId,
        path,
        capture.contentHash,
        text,
        file.bytes.size,
        capture.lineCount,
        listOf(crates),
        cfg,
        null,
    );
    addSymbols(rows, file);
    addReferences(rows.of("references"), file);
    declaredTypes(rows.of("types"), file);
    inferredTypes(rows.of("types"), file, options.inferred);
    if (options.withSyntax) {
        addSyntax(rows.of("ast_nodes"), file);
    }
}

function addSymbols(rows: RowSet, file: FileToIndex): void {
    const { view, capture, bytes, lines, fileId } = file;
    for (const index of view.symbolsOf(file.path)) {
        const symbol = view.source.symbol(index);
        const { extent, nameSpan, parent, crate } = symbol;
        const node =
            extent === undefined ? undefined : nodeWithSpan(capture.tree, extent.start, extent.end);
        const crateName = crate === undefined ? null : view.source.symbol(crate).name;
        rows.of("symbols").push(
            symbol.id,
            symbol.name,
            symbol.kind,
            symbol.display,
            symbol.path,
            parent === undefined ? null : view.source.idOf(parent),
            node === undefined ? null : nodeIdIn(file, node),
            fileId,
            extent === undefined ? null : bytes.at(extent.start),
            extent === undefined ? null : bytes.at(extent.end),
            lines.lineOf((nameSpan ?? extent)?.start ?? 0) + 1,
            node === undefined ? null : signatureOf(file, symbol.kind, node),
            symbol.visibility,
            crateName,
            symbol.cfg,
            listOf(flagNames(symbol.flags)),
        );
        if ((symbol.flags & NODE_FLAG.test) !== 0) {
            addTest(rows.of("tests"), file, symbol);
        }
    }
}

function addTest(rows: TableRows, { path, fileId }: FileToIndex, symbol: SymbolInfo): void {
    const { origin } = parseCanonicalPath(symbol.path);
    const target = origin.kind === "workspace" ? origin : undefined;
    const cut = symbol.display.indexOf("::");
    rows.push(
        symbol.id,
        symbol.display,
        cut === -1 ? symbol.display : symbol.display.slice(cut + 2),
        target?.targetKind ?? null,
        target?.targetName ?? null,
        target?.package ?? null,
        path,
        fileId,
    );
}

/** The row of an external that the graph has as a node. */
export function addExternal(rows: TableRows, symbol: SymbolInfo): void {
    const { id, name, kind, display, path, flags } = symbol;
    const crate = display.split("::")[0] ?? "";
    const none = null;
    rows.push(
        ...[id, name, kind, display, path, none, none, none, none, none, none, none],
        ...["public", crate, "", listOf(flagNames(flags))],
    );
}

/** Bindings of which there is no row: they mean nothing outside their file, or nothing at all. */
const LEFT_OUT: ReadonlySet<number> = new Set([BIND.local, BIND.builtin]);

function addReferences(rows: TableRows, file: FileToIndex): void {
    const { view, fileId } = file;
    let number = 0;
    const add = (
        { table, isOwned }: OwnedTable,
        row: number,
        context: number,
        symbol: number | null,
    ): void => {
        const start = table.start[row] ?? 0;
        const enclosing = view.source.nodeOf(table.enclosing[row] ?? 0);
        const around = isOwned && enclosing !== -1 ? view.source.symbol(enclosing) : undefined;
        rows.push(
            BigInt.asUintN(64, fileId + BigInt(number)),
            symbol === null ? null : view.source.idOf(symbol),
            fileId,
            file.bytes.at(start),
            file.bytes.at(table.end[row] ?? 0),
            file.lines.lineOf(start) + 1,
            table.names[table.name[row] ?? 0] ?? "",
            nodeIdIn(file, context),
            around?.id ?? null,
            ROLES[table.role[row] ?? 0] ?? "value",
            precisionOf(table, row, symbol),
            symbol === null ? reasonOf(table, row) : null,
            around?.cfg ?? "",
        );
        number += 1;
    };
    for (const owned of view.tablesOf(file.path)) {
        const { table } = owned;
        const finder = new NodeFinder(file.capture.tree);
        for (let row = 0; row < table.start.length; row++) {
            if (LEFT_OUT.has(table.bind[row] ?? 0)) {
                continue;
            }
            const context = finder.around(table.start[row] ?? 0, table.end[row] ?? 0);
            const symbols = symbolsAt(view, table, row);
            if (symbols.length === 0) {
                add(owned, row, context, null);
            }
            for (const symbol of symbols) {
                add(owned, row, context, symbol);
            }
        }
    }
}

/** Graph nodes that a token names; none where that is not decided. */
function symbolsAt({ source }: IndexView, table: OccurrenceTable, row: number): readonly number[] {
    const bind = table.bind[row];
    if (bind !== BIND.symbol && bind !== BIND.external) {
        return [];
    }
    const target = table.target[row] ?? 0;
    const isSet = ((table.flags[row] ?? 0) & OCCURRENCE_FLAG.set) !== 0;
    const named = isSet ? (table.sets[target] ?? []) : [target];
    return named.filter((one) => !source.externalPath(one).startsWith(UNKNOWN_OWNER));
}

function precisionOf(table: OccurrenceTable, row: number, symbol: number | null): string {
    if (symbol === null) {
        return "unknown";
    }
    return ((table.flags[row] ?? 0) & OCCURRENCE_FLAG.exact) === 0 ? "syntactic" : "exact";
}

function reasonOf(table: OccurrenceTable, row: number): string {
    if (table.bind[row] === BIND.external) {
        return "external: a member of a type that is not known";
    }
    const reason = table.reasons[table.reason[row] ?? 0] ?? "";
    const bind = BIND_NAMES[table.bind[row] ?? 0] ?? "unresolved";
    return reason === "" ? bind : `${bind}: ${reason}`;
}

function addSyntax(rows: TableRows, file: FileToIndex): void {
    const { tree } = file.capture;
    const { start, end, next, parent } = tree.columns;
    for (let node = 0; node < tree.count; node++) {
        const [from, to] = [start[node] ?? 0, end[node] ?? 0];
        const isLeaf = next[node] === node + 1;
        rows.push(
            nodeIdIn(file, node),
            file.fileId,
            tree.kindOf(node),
            file.bytes.at(from),
            file.bytes.at(to),
            node === 0 ? null : nodeIdIn(file, parent[node] ?? 0),
            isLeaf ? file.text.slice(from, to) : null,
            describeNode(file, node),
        );
    }
}

function describeNode({ capture }: FileToIndex, node: number): string {
    const role = capture.tree.roleOf(node);
    const name = capture.tree.nameOf(node);
    return JSON.stringify({
        ...(role === "" ? {} : { role }),
        ...(name === "" ? {} : { name }),
    });
}
