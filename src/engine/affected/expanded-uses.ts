// What expanded macro calls stand in and make, and the macros that made it.

import { appendTo } from "../../base/index.ts";
import type { DependenceInput } from "./ways.ts";

/** An item that an expanded call makes, and that is none of the written text. */
export interface MadeItem {
    readonly node: number;
    readonly name: string;
    readonly display: string;
    /** Symbol of the crate that has it. */
    readonly crate: number;
    readonly kind: string;
    /** The file of the call, and where the call begins. */
    readonly path: string;
    readonly call: number;
    /** Where its name was written, `path:offset`. */
    readonly place: string;
    /** Whether it is a test by an attribute that keeps its name. */
    readonly isPlainTest: boolean;
}

/** Symbols that have something of an expansion, and the macros. */
interface ExpandedUse {
    readonly symbols: readonly number[];
    readonly macros: readonly number[];
}

/** What every expanded call stands in or makes. */
export function expandedUses({ source, expanded }: DependenceInput): ExpandedUse[] {
    if (expanded === undefined) {
        return [];
    }
    const { code } = expanded;
    const inFile = new Map<string, number[]>();
    const macros = new Map<string, number[]>();
    for (let index = 0; index < source.symbolCount; index++) {
        if (source.externalPath(index) !== "" || source.nodeOf(index) !== index) {
            continue;
        }
        const { file, nameSpan, kind } = source.symbol(index);
        if (file !== undefined && code.calls.has(file)) {
            appendTo(inFile, file, index);
        }
        if (file !== undefined && nameSpan !== undefined && kind === "macro") {
            appendTo(macros, code.keyOf(file, nameSpan.start), index);
        }
    }
    const uses: ExpandedUse[] = [];
    for (const [path, calls] of code.calls) {
        const symbols = inFile.get(path) ?? [];
        for (const call of calls) {
            const { start, end } = call.output;
            /** Of those around the call only the innermost: what has that has the call. */
            const around = new Map<number, { symbol: number; start: number }>();
            const found: number[] = [];
            for (const symbol of symbols) {
                const { extent, crate = -1 } = source.symbol(symbol);
                if (extent === undefined || extent.start >= end || extent.end <= start) {
                    continue;
                }
                if (extent.start >= start && extent.end <= end) {
                    found.push(symbol);
                } else if (extent.start >= (around.get(crate)?.start ?? 0)) {
                    around.set(crate, { symbol, start: extent.start });
                }
            }
            around.forEach(({ symbol }) => found.push(symbol));
            const defined = call.macros.flatMap((key) => macros.get(key) ?? []);
            uses.push({ symbols: found, macros: defined });
        }
    }
    return uses;
}
