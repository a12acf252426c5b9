// Searches from many sources by themselves, 32 to a word, so that they share every read of an edge.

/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices come from a CSR, whose columns lie
   below its node count by construction */

import { checkedDepth, checkedSources, type BfsOptions } from "./bfs.ts";
import type { Csr } from "./build-csr.ts";

/** What many searches follow, and what is wanted of them. */
export interface ManyOptions extends BfsOptions {
    /** Nodes from this one on are passed through, and not counted; all are counted by default. */
    readonly countedNodes?: number;
    /** Whether `sets` are wanted: a bit for each node and source. */
    readonly withSets?: boolean;
}

/** What many searches reached, by source. */
export interface ManyResult {
    /** Reached nodes that are counted, the source itself among them. */
    readonly counts: Uint32Array;
    /** Greatest distance of a node that is counted; 0 where there is none. */
    readonly depths: Uint32Array;
    /** Rows of ceil(sources / 32) words, one for each node: bit i of a row is source i. Or empty. */
    readonly sets: Uint32Array;
}

const LANES = 32;

/** Searches from every source by itself. */
export function bfsMany(csr: Csr, sources: Iterable<number>, options: ManyOptions): ManyResult {
    const list = checkedSources(csr, sources);
    const counts = new Uint32Array(list.length);
    const depths = new Uint32Array(list.length);
    const words = Math.ceil(list.length / LANES);
    const sets = new Uint32Array(options.withSets === true ? csr.nodeCount * words : 0);
    const counted = Math.min(options.countedNodes ?? csr.nodeCount, csr.nodeCount);
    const lanes: Lanes = {
        seen: new Uint32Array(csr.nodeCount),
        now: new Uint32Array(csr.nodeCount),
        next: new Uint32Array(csr.nodeCount),
    };
    for (let word = 0; word < words; word++) {
        const start = word * LANES;
        const batch = list.subarray(start, start + LANES);
        searchLanes(csr, batch, options, { lanes, depths: depths.subarray(start), counted });
        countLanes(lanes.seen, counted, counts.subarray(start));
        for (let node = 0; sets.length > 0 && node < csr.nodeCount; node++) {
            sets[node * words + word] = lanes.seen[node]!;
        }
    }
    return { counts, depths, sets };
}

/** Which searches reached a node: at all, at the present distance, and at the next. */
interface Lanes {
    readonly seen: Uint32Array;
    readonly now: Uint32Array;
    readonly next: Uint32Array;
}

function searchLanes(
    csr: Csr,
    batch: Uint32Array,
    options: BfsOptions,
    into: { readonly lanes: Lanes; readonly depths: Uint32Array; readonly counted: number },
): void {
    const { seen, now, next } = into.lanes;
    const maxDepth = checkedDepth(options.maxDepth);
    seen.fill(0);
    batch.forEach((source, lane) => {
        now[source]! |= 1 << lane;
    });
    let frontier = [...new Set(batch)];
    for (const node of frontier) {
        seen[node] = now[node]!;
    }
    for (let depth = 1; frontier.length > 0 && depth <= maxDepth; depth++) {
        const reached = stepLanes(csr, frontier, options.kinds, into.lanes);
        for (const node of frontier) {
            now[node] = 0;
        }
        let active = 0;
        for (const node of reached) {
            active |= node < into.counted ? next[node]! : 0;
            seen[node]! |= next[node]!;
            now[node] = next[node]!;
            next[node] = 0;
        }
        for (; active !== 0; active &= active - 1) {
            into.depths[31 - Math.clz32(active & -active)] = depth;
        }
        frontier = reached;
    }
    for (const node of frontier) {
        now[node] = 0;
    }
}

function stepLanes(csr: Csr, frontier: readonly number[], mask: number, lanes: Lanes): number[] {
    const { rowOffsets, columns, kinds } = csr;
    const { seen, now, next } = lanes;
    const reached: number[] = [];
    for (const node of frontier) {
        const from = now[node]!;
        const stop = rowOffsets[node + 1]!;
        for (let at = rowOffsets[node]!; at < stop; at++) {
            const target = columns[at]!;
            const fresh = from & ~seen[target]!;
            if (fresh !== 0 && ((mask >>> kinds[at]!) & 1) !== 0) {
                if (next[target] === 0) {
                    reached.push(target);
                }
                next[target]! |= fresh;
            }
        }
    }
    return reached;
}

function countLanes(seen: Uint32Array, counted: number, counts: Uint32Array): void {
    for (let node = 0; node < counted; node++) {
        for (let bits = seen[node]!; bits !== 0; bits &= bits - 1) {
            counts[31 - Math.clz32(bits & -bits)]! += 1;
        }
    }
}
