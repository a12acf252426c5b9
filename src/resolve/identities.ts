// Ids and texts of all symbols: canonical paths made unique, display paths, twins.

import { encodeCanonicalPath, NODE_FLAG, nodeIdOf, type NodeId } from "../graph/index.ts";
import type { Semantics } from "./semantics.ts";
import { twinKey } from "./semantics.ts";
import { canonicalOf, displayOf, implHeader } from "./symbol-paths.ts";
import { itemOf } from "./symbols.ts";

/** Identity of each symbol, by its index. */
export interface Identities {
    readonly ids: BigUint64Array;
    readonly paths: readonly string[];
    readonly displays: readonly string[];
    /** Group of cfg twins that a symbol belongs to: the smallest index among them. */
    readonly twinOf: Uint32Array;
    /** Group of symbols that share one definition token (several owners): the smallest index. */
    readonly tokenOf: Uint32Array;
}

/** Computes the identities of a program's symbols, externals included. */
export function identify(semantics: Semantics): Identities {
    const { symbols } = semantics.program;
    const ids = new BigUint64Array(symbols.length);
    const paths: string[] = [];
    const displays: string[] = [];
    const seen = new Map<string, number>();
    for (const symbol of symbols) {
        const canonical = canonicalOf(semantics, symbol.index);
        let path = encodeCanonicalPath(canonical);
        const count = (seen.get(path) ?? 0) + 1;
        seen.set(path, count);
        const last = canonical.segments[canonical.segments.length - 1];
        if (count > 1 && last !== undefined) {
            // True duplicates only: invalid code, macro output, blocks. Reported by the flag, never merged.
            symbol.flags |= NODE_FLAG.duplicate;
            const segments = [...canonical.segments.slice(0, -1), { ...last, ordinal: count }];
            path = encodeCanonicalPath({ ...canonical, segments });
        }
        paths.push(path);
        displays.push(
            symbol.kind === "impl"
                ? implHeader(semantics, symbol.index)
                : displayOf(semantics, symbol.index),
        );
        ids[symbol.index] = nodeIdOf(path);
    }
    return { ids, paths, displays, ...group(semantics) };
}

function group(semantics: Semantics): { twinOf: Uint32Array; tokenOf: Uint32Array } {
    const { symbols } = semantics.program;
    const twinOf = new Uint32Array(symbols.length);
    const tokenOf = new Uint32Array(symbols.length);
    const twins = new Map<string, number>();
    const tokens = new Map<string, number>();
    for (const symbol of symbols) {
        const { index } = symbol;
        twinOf[index] = index;
        tokenOf[index] = index;
        const item = itemOf(symbol);
        if (item === undefined || item.nameNode === -1 || symbol.inst === undefined) {
            continue;
        }
        twinOf[index] = firstOf(twins, twinKey(semantics, index), index);
        tokenOf[index] = firstOf(tokens, `${symbol.inst.path}:${item.nameNode}`, index);
    }
    return { twinOf, tokenOf };
}

function firstOf(groups: Map<string, number>, key: string, index: number): number {
    const first = groups.get(key);
    if (first === undefined) {
        groups.set(key, index);
        return index;
    }
    return first;
}

/** An id from the column. */
export function idAt(identities: Identities, index: number): NodeId {
    return (identities.ids[index] ?? 0n) as NodeId;
}
