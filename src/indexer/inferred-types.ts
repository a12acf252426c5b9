// Types that tools outside tell of, as rows beside those that are declared.

import { appendTo } from "../base/index.ts";
import type { SymbolKind } from "../graph/index.ts";
import type { SymbolInfo } from "../resolve/index.ts";
import type { TableRows } from "../tables/index.ts";
import { hashId, type FileToIndex, type InferredType } from "./file-to-index.ts";

const FITTING: Readonly<Record<string, readonly SymbolKind[]>> = {
    field: ["field"],
    parameter: ["function", "method"],
    return: ["function", "method"],
    value: ["const", "static", "assoc-const"],
    target: ["type-alias", "assoc-type"],
    self: ["impl"],
};

/** Adds rows of types that tools told of a file, as far as they fit a symbol of it. */
export function inferredTypes(
    rows: TableRows,
    file: FileToIndex,
    types: readonly InferredType[],
): void {
    if (types.length === 0) {
        return;
    }
    const symbols = file.view.symbolsOf(file.path).map((index) => file.view.source.symbol(index));
    const byName = new Map<string, SymbolInfo[]>();
    symbols.forEach((symbol) => {
        appendTo(byName, symbol.kind === "impl" ? "" : symbol.name, symbol);
    });
    const seen = new Set<string>();
    for (const type of types) {
        const [start, end] = [offsetAt(file, type.from), offsetAt(file, type.to)];
        const isLocal = type.role === "local";
        const symbol = isLocal
            ? innermost(symbols, start, end)
            : fitting(byName.get(type.name) ?? [], type.role, start, end);
        const position = isLocal ? file.bytes.at(start) : type.position;
        const key = `${type.by} ${symbol?.id ?? ""} ${type.role} ${position}`;
        if (symbol === undefined || seen.has(key)) {
            continue;
        }
        seen.add(key);
        const json = { written: type.written, symbols: type.symbols };
        rows.push(
            hashId(type.canonical),
            symbol.id,
            file.fileId,
            type.role,
            position,
            type.canonical,
            JSON.stringify(isLocal ? { ...json, name: type.name } : json),
            type.by,
        );
    }
}

function offsetAt({ lines }: FileToIndex, [line, column]: readonly [number, number]): number {
    return lines.offset({ line, column });
}

/** The symbol of a name and of a kind that a role fits, whose name lies within; the last one that does. */
function fitting(
    symbols: readonly SymbolInfo[],
    role: string,
    start: number,
    end: number,
): SymbolInfo | undefined {
    const kinds = FITTING[role] ?? [];
    return symbols.findLast(({ kind, nameSpan, extent }) => {
        // The header of an impl is its name: there the whole must be the same.
        const at = kind === "impl" ? extent : (nameSpan ?? extent);
        return (
            kinds.includes(kind) &&
            at !== undefined &&
            at.start >= start &&
            at.end <= end &&
            (kind !== "impl" || at.start === start)
        );
    });
}

/** The smallest definition around a place. */
function innermost(
    symbols: readonly SymbolInfo[],
    start: number,
    end: number,
): SymbolInfo | undefined {
    let best: SymbolInfo | undefined;
    let size = Number.POSITIVE_INFINITY;
    for (const symbol of symbols) {
        const { extent } = symbol;
        if (extent !== undefined && extent.start <= start && extent.end >= end) {
            const own = extent.end - extent.start;
            if (own <= size) {
                [best, size] = [symbol, own];
            }
        }
    }
    return best;
}
