// The graph as of an earlier delta number: a window on tables that hold what came after as well.

import { finishSteps, type Steps } from "../../base/index.ts";
import {
    buildTrie,
    countRecords,
    graphRootOf,
    hashTrieInSteps,
    stateRootOf,
    type RecordSource,
    type Trie,
} from "../../merkle/index.ts";
import { GraphSnapshot } from "../graph-snapshot.ts";
import type { GraphTables } from "../graph-tables.ts";
import { pageHasherHere } from "../page-hasher.ts";
import { edgeSource, fileSource, nodeSource, type StateTries } from "../state-tries.ts";
import type { HistoryPosition } from "./commit-index.ts";

/** The snapshot at delta k of tables that hold it; its roots are those recorded, or computed when asked for. */
export function pastSnapshot(
    tables: GraphTables,
    k: number,
    position: HistoryPosition,
): GraphSnapshot {
    const { commit, isInside } = position;
    const counts =
        commit === undefined || isInside ? countVisible(tables, k) : countsOf(commit.record);
    const recorded = isInside ? undefined : commit?.record.roots;
    const wholeCommits = commit === undefined ? 0 : commit.record.commitCount - (isInside ? 1 : 0);
    return new GraphSnapshot(
        tables,
        { deltaCount: k, commitCount: wholeCommits },
        counts,
        recorded ?? (() => finishSteps(triesAt(tables, k)).roots),
    );
}

/** The hashed trie over the nodes that are visible at a delta number, with what its records are. */
export function* nodeTrieAt(
    tables: GraphTables,
    k: number,
): Steps<{ readonly source: RecordSource; readonly trie: Trie; readonly root: Uint8Array }> {
    const { nodes } = tables;
    const rows = visibleRows(nodes.born.length, k, {
        born: (row) => nodes.born.at(row),
        died: (row) => nodes.died.at(row),
    });
    return yield* trieOf(nodeSource(nodes), rows);
}

/** The hashed tries over what is visible at a delta number. */
export function* triesAt(tables: GraphTables, k: number): Steps<StateTries> {
    const { edges, files } = tables;
    const nodeTrie = yield* nodeTrieAt(tables, k);
    const edgeRows = visibleRows(edges.born.length, k, {
        born: (row) => edges.born.at(row),
        died: (row) => edges.died.at(row),
    });
    const edgeTrie = yield* trieOf(edgeSource(tables), edgeRows);
    const fileRows = visibleRows(files.rows.length, k, {
        born: (row) => files.row(row).born,
        died: (row) => files.row(row).died,
    });
    const fileTrie = yield* trieOf(fileSource(tables), fileRows);
    const parts = {
        nodeRoot: nodeTrie.root,
        edgeRoot: edgeTrie.root,
        fileRoot: fileTrie.root,
        nodeCount: countRecords(nodeTrie.trie),
        edgeCount: countRecords(edgeTrie.trie),
        fileCount: countRecords(fileTrie.trie),
    };
    const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
    const roots = {
        stateRoot: hex(stateRootOf(parts)),
        graphRoot: hex(graphRootOf(parts)),
        nodeRoot: hex(parts.nodeRoot),
        edgeRoot: hex(parts.edgeRoot),
        fileRoot: hex(parts.fileRoot),
    };
    return { nodes: nodeTrie.trie, edges: edgeTrie.trie, files: fileTrie.trie, roots };
}

function* trieOf(
    source: RecordSource,
    rows: Uint32Array,
): Steps<{ readonly source: RecordSource; readonly trie: Trie; readonly root: Uint8Array }> {
    const trie = buildTrie(source, rows);
    yield;
    return { source, trie, root: yield* hashTrieInSteps(source, trie, pageHasherHere()) };
}

interface Lifetimes {
    readonly born: (row: number) => number;
    readonly died: (row: number) => number;
}

function visibleRows(count: number, k: number, { born, died }: Lifetimes): Uint32Array {
    const rows = new Uint32Array(count);
    let found = 0;
    for (let row = 0; row < count && born(row) <= k; row++) {
        if (died(row) > k) {
            rows[found] = row;
            found += 1;
        }
    }
    return rows.subarray(0, found);
}

interface Counts {
    readonly nodeCount: number;
    readonly edgeCount: number;
    readonly fileCount: number;
}

function countsOf({ nodeCount, edgeCount, fileCount }: Counts): Counts {
    return { nodeCount, edgeCount, fileCount };
}

function countVisible({ nodes, edges, files }: GraphTables, k: number): Counts {
    const count = (total: number, lifetimes: Lifetimes): number =>
        visibleRows(total, k, lifetimes).length;
    return {
        nodeCount: count(nodes.born.length, {
            born: (row) => nodes.born.at(row),
            died: (row) => nodes.died.at(row),
        }),
        edgeCount: count(edges.born.length, {
            born: (row) => edges.born.at(row),
            died: (row) => edges.died.at(row),
        }),
        fileCount: count(files.rows.length, {
            born: (row) => files.row(row).born,
            died: (row) => files.row(row).died,
        }),
    };
}
