// Adjacency in compressed sparse rows: built by counting, transposed by counting.
// Format of the arrays: docs/formats/csr.md.
// Invariants: each row is sorted by (kind, target) and holds no entry twice.

/* eslint-disable @typescript-eslint/no-non-null-assertion -- inner loops over arrays whose lengths and
   contents are checked by the asserts above them */

import { assert, OperatingError } from "../base/index.ts";

/** Edge kinds are numbers below this, so that a set of kinds is one word. */
export const KIND_COUNT_MAX = 32;

/** Most nodes and most edges of one CSR: indices are signed 32-bit in every backend. */
const CSR_COUNT_MAX = 2 ** 31 - 1;

/** A directed graph with edge kinds, as arrays. */
export interface Csr {
    readonly nodeCount: number;
    readonly edgeCount: number;
    /** nodeCount + 1 entries; row i is [rowOffsets[i], rowOffsets[i + 1]). */
    readonly rowOffsets: Uint32Array;
    /** Targets. */
    readonly columns: Uint32Array;
    readonly kinds: Uint8Array;
}

/** Edges as parallel arrays, in any order. */
export interface EdgeArrays {
    readonly sources: Uint32Array;
    readonly targets: Uint32Array;
    readonly kinds: Uint8Array;
}

/** Builds rows from edges in any order; edges given twice count once. */
export function buildCsr(nodeCount: number, edges: EdgeArrays): Csr {
    checkLimits(nodeCount, edges.sources.length);
    checkEdges(nodeCount, edges);
    // Ordering by target first makes every row sorted by target when it is filled afterwards.
    const byTarget = scatter(nodeCount, edges.targets, edges.sources, edges.kinds);
    const targets = rowNumbers(byTarget.offsets, edges.targets.length);
    const rows = scatter(nodeCount, byTarget.values, targets, byTarget.kinds);
    return finish(nodeCount, rows);
}

/** Builds the graph with every edge turned round. */
export function transpose(csr: Csr): Csr {
    const sources = rowNumbers(csr.rowOffsets, csr.edgeCount);
    return finish(csr.nodeCount, scatter(csr.nodeCount, csr.columns, sources, csr.kinds));
}

/** Lists the edges of a CSR, in row order. */
export function edgesOf(csr: Csr): EdgeArrays {
    return {
        sources: rowNumbers(csr.rowOffsets, csr.edgeCount),
        targets: csr.columns,
        kinds: csr.kinds,
    };
}

/** Refuses what indices of 31 bits cannot count. */
export function checkLimits(nodeCount: number, edgeCount: number): void {
    assert(Number.isInteger(nodeCount) && nodeCount >= 0, "a node count is a natural number");
    for (const [what, count] of [
        ["nodes", nodeCount],
        ["edges", edgeCount],
    ] as const) {
        if (count > CSR_COUNT_MAX) {
            const message = `a graph of ${count} ${what} exceeds ${CSR_COUNT_MAX}`;
            throw new OperatingError("CSR_TOO_LARGE", message);
        }
    }
}

interface Rows {
    readonly offsets: Uint32Array;
    readonly values: Uint32Array;
    readonly kinds: Uint8Array;
}

function checkEdges(nodeCount: number, edges: EdgeArrays): void {
    const { sources, targets, kinds } = edges;
    assert(sources.length === targets.length, "as many sources as targets");
    assert(sources.length === kinds.length, "as many sources as kinds");
    for (let edge = 0; edge < sources.length; edge++) {
        if (
            sources[edge]! >= nodeCount ||
            targets[edge]! >= nodeCount ||
            kinds[edge]! >= KIND_COUNT_MAX
        ) {
            assert(false, `edge ${edge} has its ends among ${nodeCount} nodes, and a known kind`);
        }
    }
}

/** Puts (value, kind) into the row given by the key, keeping the order within a row. */
function scatter(
    nodeCount: number,
    keys: Uint32Array,
    values: Uint32Array,
    kinds: Uint8Array,
): Rows {
    const offsets = new Uint32Array(nodeCount + 1);
    for (const key of keys) {
        offsets[key + 1]! += 1;
    }
    for (let row = 0; row < nodeCount; row++) {
        offsets[row + 1]! += offsets[row]!;
    }
    const next = offsets.slice(0, nodeCount);
    const outValues = new Uint32Array(keys.length);
    const outKinds = new Uint8Array(keys.length);
    for (let edge = 0; edge < keys.length; edge++) {
        const key = keys[edge]!;
        const at = next[key]!;
        next[key] = at + 1;
        outValues[at] = values[edge]!;
        outKinds[at] = kinds[edge]!;
    }
    return { offsets, values: outValues, kinds: outKinds };
}

function rowNumbers(offsets: Uint32Array, edgeCount: number): Uint32Array {
    const numbers = new Uint32Array(edgeCount);
    for (let row = 0; row + 1 < offsets.length; row++) {
        numbers.fill(row, offsets[row], offsets[row + 1]);
    }
    return numbers;
}

// Rows come sorted by value; sorts them by kind as well and drops repetitions, in place.
function finish(nodeCount: number, rows: Rows): Csr {
    const { offsets, values, kinds } = rows;
    const scratch = new Uint32Array(longestRow(offsets));
    let end = 0;
    let start = 0;
    for (let row = 0; row < nodeCount; row++) {
        const stop = offsets[row + 1]!;
        sortByKind(values, kinds, scratch, { start, stop });
        const first = end;
        for (let at = start; at < stop; at++) {
            const value = values[at]!;
            const kind = kinds[at]!;
            if (end === first || values[end - 1] !== value || kinds[end - 1] !== kind) {
                values[end] = value;
                kinds[end] = kind;
                end += 1;
            }
        }
        offsets[row] = first;
        start = stop;
    }
    offsets[nodeCount] = end;
    const whole = end === values.length;
    return {
        nodeCount,
        edgeCount: end,
        rowOffsets: offsets,
        columns: whole ? values : values.slice(0, end),
        kinds: whole ? kinds : kinds.slice(0, end),
    };
}

const kindStarts = new Uint32Array(KIND_COUNT_MAX + 1);

function sortByKind(
    values: Uint32Array,
    kinds: Uint8Array,
    scratch: Uint32Array,
    row: { readonly start: number; readonly stop: number },
): void {
    const { start, stop } = row;
    let at = start + 1;
    while (at < stop && kinds[at - 1]! <= kinds[at]!) {
        at += 1;
    }
    if (at >= stop) {
        return;
    }
    if (stop - start <= 24) {
        insertByKind(values, kinds, { start: at, stop, first: start });
        return;
    }
    kindStarts.fill(0);
    for (let i = start; i < stop; i++) {
        kindStarts[kinds[i]! + 1]! += 1;
    }
    for (let kind = 0; kind < KIND_COUNT_MAX; kind++) {
        kindStarts[kind + 1]! += kindStarts[kind]!;
    }
    for (let i = start; i < stop; i++) {
        const kind = kinds[i]!;
        const to = kindStarts[kind]!;
        kindStarts[kind] = to + 1;
        scratch[to] = values[i]!;
    }
    values.set(scratch.subarray(0, stop - start), start);
    // After the pass, kindStarts[k] is where kind k ends.
    let from = start;
    for (let kind = 0; kind < KIND_COUNT_MAX; kind++) {
        const to = start + kindStarts[kind]!;
        kinds.fill(kind, from, to);
        from = to;
    }
}

/** Sorts a short row by kind in place, stably; all before `start` is in order. */
function insertByKind(
    values: Uint32Array,
    kinds: Uint8Array,
    row: { readonly first: number; readonly start: number; readonly stop: number },
): void {
    for (let at = row.start; at < row.stop; at++) {
        const value = values[at]!;
        const kind = kinds[at]!;
        let to = at;
        for (; to > row.first && kinds[to - 1]! > kind; to--) {
            values[to] = values[to - 1]!;
            kinds[to] = kinds[to - 1]!;
        }
        values[to] = value;
        kinds[to] = kind;
    }
}

function longestRow(offsets: Uint32Array): number {
    let longest = 0;
    for (let row = 0; row + 1 < offsets.length; row++) {
        longest = Math.max(longest, offsets[row + 1]! - offsets[row]!);
    }
    return longest;
}
