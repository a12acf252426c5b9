// The symbols of the expanded workspace as those of the written one: the same where the same token defines them.

import { appendTo, required } from "../../base/index.ts";
import type { ResolutionSource } from "../../resolve/index.ts";
import { crateUnits } from "./crate-units.ts";
import type { MadeItem } from "./expanded-uses.ts";
import { isPlainTestText } from "./plain-test.ts";
import type { DependenceInput, ExpandedInput } from "./ways.ts";

/** How symbols that a graph was built from are numbered in it. */
export interface Translation {
    /** Number of written symbols. */
    readonly symbolCount: number;
    readonly made: readonly MadeItem[];
    /** Written symbols that the expanded workspace has not, and their packages. */
    readonly lost: readonly { readonly symbol: number; readonly package: number }[];
    /** The node of a symbol, those of made items numbered from a base; -1 for none. */
    nodeOf(symbol: number, madeBase: number): number;
}

/** Finds the written symbol of each. */
export function translateSymbols(input: DependenceInput): Translation {
    const { source, expanded } = input;
    if (expanded === undefined) {
        const { symbolCount } = source;
        return { symbolCount, made: [], lost: [], nodeOf: (symbol) => symbol };
    }
    const { written, code } = expanded;
    const byPlace = new Map<string, number[]>();
    eachItem(written, (symbol) => {
        appendTo(
            byPlace,
            placeOf(written, symbol, (path, offset) => `${path}:${offset}`),
            symbol,
        );
    });
    const known = new Int32Array(source.symbolCount).fill(-1);
    const madeAt = new Map<number, number>();
    const made: MadeItem[] = [];
    const met = new Set<number>();
    const crates = new Map<number, number>();
    eachItem(source, (symbol) => {
        const kind = source.kindOf(symbol);
        const key = placeOf(source, symbol, (path, offset) => code.keyOf(path, offset));
        // A file that two modules have defines each item twice.
        const alike = (byPlace.get(key) ?? []).filter((one) => written.kindOf(one) === kind);
        const { path } = source.symbol(symbol);
        const same =
            alike.find((one) => !met.has(one) && written.symbol(one).path === path) ??
            alike.find((one) => !met.has(one)) ??
            alike[0];
        if (same === undefined) {
            madeAt.set(symbol, made.length);
            made.push(describeMade(input, expanded, symbol));
            return;
        }
        known[symbol] = same;
        met.add(same);
        if (kind === "crate") {
            crates.set(symbol, same);
        }
    });
    const units = crateUnits({ ...input, source: written });
    const lost: { symbol: number; package: number }[] = [];
    eachItem(written, (symbol) => {
        const unit = units.get(written.symbol(symbol).crate ?? symbol);
        if (!met.has(symbol) && unit !== undefined) {
            lost.push({ symbol, package: unit.package });
        }
    });
    return {
        symbolCount: written.symbolCount,
        made: made.map((one) => ({
            ...one,
            crate: required(crates.get(one.crate), "both workspaces have the same crates"),
        })),
        lost,
        nodeOf: (symbol, madeBase) => {
            const at = madeAt.get(symbol);
            return at === undefined ? (known[symbol] ?? -1) : madeBase + at;
        },
    };
}

function eachItem(source: ResolutionSource, visit: (symbol: number) => void): void {
    for (let symbol = 0; symbol < source.symbolCount; symbol++) {
        if (source.externalPath(symbol) === "" && source.nodeOf(symbol) === symbol) {
            visit(symbol);
        }
    }
}

/** The crate and the place of what defines a symbol; a crate's is its path. */
function placeOf(
    source: ResolutionSource,
    symbol: number,
    keyOf: (path: string, offset: number) => string,
): string {
    const { file, nameSpan, extent, crate, path, kind } = source.symbol(symbol);
    const start = (nameSpan ?? extent)?.start;
    if (file === undefined || start === undefined || kind === "crate") {
        return path;
    }
    const home = crate === undefined ? "" : source.symbol(crate).path;
    const place = keyOf(file, start);
    return place === "" ? "" : `${home} ${place}`;
}

function describeMade(
    { source }: DependenceInput,
    { code }: ExpandedInput,
    symbol: number,
): MadeItem {
    const { file = "", nameSpan, extent, crate, kind, name } = source.symbol(symbol);
    const start = (nameSpan ?? extent)?.start ?? -1;
    const call = code.calls
        .get(file)
        ?.find(({ output }) => output.start <= start && start < output.end);
    return {
        ...{ name, kind, path: file, crate: crate ?? -1 },
        node: -1,
        display: source.displayOf(symbol),
        call: call?.written.start ?? -1,
        place: start === -1 ? "" : code.keyOf(file, start),
        isPlainTest:
            extent !== undefined &&
            nameSpan !== undefined &&
            isPlainTestText(code.textOf(file), extent.start, nameSpan.start),
    };
}
