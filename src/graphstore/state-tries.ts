// The three sub-tries over the tables, and the roots of a state.

/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over columns of one length */

import { assert, type Steps } from "../base/index.ts";
import {
    countRecords,
    graphRootOf,
    hashTrieInSteps,
    RECORD_BYTES_MAX,
    stateRootOf,
    updateTrieInSteps,
    writeRecord,
    type RecordSource,
    type Trie,
    type TrieChange,
} from "../merkle/index.ts";
import type { GraphTables } from "./graph-tables.ts";
import { ALIVE, type NodeTable } from "./node-table.ts";
import { pageHasherHere } from "./page-hasher.ts";

/** Roots of a state and what they are made of, hex. */
export interface StateRoots {
    readonly stateRoot: string;
    readonly graphRoot: string;
    readonly nodeRoot: string;
    readonly edgeRoot: string;
    readonly fileRoot: string;
}

/** Hashed tries over one state of some tables. */
export interface StateTries {
    readonly nodes: Trie;
    readonly edges: Trie;
    readonly files: Trie;
    readonly roots: StateRoots;
}

/** How many rows the tables had, and which rows died since: what an update has to look at. */
export interface TablesMark {
    readonly deltaCount: number;
    readonly versions: number;
    readonly edges: number;
    readonly files: number;
}

/** Marks the state of tables before deltas are applied. */
export function markTables(tables: GraphTables): TablesMark {
    return {
        deltaCount: tables.deltaCount,
        versions: tables.nodes.born.length,
        edges: tables.edges.born.length,
        files: tables.files.rows.length,
    };
}

/** Builds the tries of the living rows from nothing. */
export function* buildTries(tables: GraphTables): Steps<StateTries> {
    const nothing = { nodes: undefined, edges: undefined, files: undefined };
    const nobody = new Uint32Array();
    const start = { deltaCount: 0, versions: 0, edges: 0, files: 0 };
    return yield* updateTries(tables, nothing, start, {
        versions: nobody,
        edges: nobody,
        files: nobody,
    });
}

/** Brings tries up to what the tables hold now; `died` lists the rows that deltas ended since the mark. */
export function* updateTries(
    tables: GraphTables,
    tries: Omit<StateTries, "roots">,
    mark: TablesMark,
    died: DiedRows,
): Steps<StateTries> {
    const change = changedSince(tables, mark, died);
    return yield* hashed(tables, {
        nodes: yield* updateTrieInSteps(nodeSource(tables.nodes), tries.nodes, change.nodes),
        edges: yield* updateTrieInSteps(edgeSource(tables), tries.edges, change.edges),
        files: yield* updateTrieInSteps(fileSource(tables), tries.files, change.files),
    });
}

/** Rows that are no more, and rows that are new, by table. */
export interface TablesChange {
    readonly nodes: TrieChange;
    readonly edges: TrieChange;
    readonly files: TrieChange;
}

/** What deltas changed since a mark; `died` lists the rows that they ended. */
export function changedSince(
    { nodes, edges, files }: GraphTables,
    mark: TablesMark,
    died: DiedRows,
): TablesChange {
    const before = (rows: Uint32Array, count: number): Uint32Array =>
        rows.filter((row) => row < count);
    return {
        nodes: {
            removed: before(died.versions, mark.versions),
            added: living(nodes.born.length, (v) => nodes.died.data[v], mark.versions),
        },
        edges: {
            removed: before(died.edges, mark.edges),
            added: living(edges.born.length, (e) => edges.died.data[e], mark.edges),
        },
        files: {
            removed: before(died.files, mark.files),
            added: living(files.rows.length, (f) => files.row(f).died, mark.files),
        },
    };
}

/** Rows that deltas ended, in any order. */
export interface DiedRows {
    readonly versions: Uint32Array;
    readonly edges: Uint32Array;
    readonly files: Uint32Array;
}

function living(
    end: number,
    diedAt: (row: number) => number | undefined,
    start: number,
): Uint32Array {
    const rows = new Uint32Array(end - start);
    let count = 0;
    for (let row = start; row < end; row++) {
        if (diedAt(row) === ALIVE) {
            rows[count] = row;
            count += 1;
        }
    }
    return rows.subarray(0, count);
}

function* hashed(tables: GraphTables, tries: Omit<StateTries, "roots">): Steps<StateTries> {
    const hasher = pageHasherHere();
    const parts = {
        nodeRoot: yield* hashTrieInSteps(nodeSource(tables.nodes), tries.nodes, hasher),
        edgeRoot: yield* hashTrieInSteps(edgeSource(tables), tries.edges, hasher),
        fileRoot: yield* hashTrieInSteps(fileSource(tables), tries.files, hasher),
        nodeCount: countRecords(tries.nodes),
        edgeCount: countRecords(tries.edges),
        fileCount: countRecords(tries.files),
    };
    assert(parts.nodeCount === tables.nodes.liveCount, "the trie holds every node");
    assert(parts.edgeCount === tables.edges.liveCount, "the trie holds every edge");
    assert(parts.fileCount === tables.files.liveCount, "the trie holds every file");
    const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
    return {
        ...tries,
        roots: {
            stateRoot: hex(stateRootOf(parts)),
            graphRoot: hex(graphRootOf(parts)),
            nodeRoot: hex(parts.nodeRoot),
            edgeRoot: hex(parts.edgeRoot),
            fileRoot: hex(parts.fileRoot),
        },
    };
}

/** Bytes of a node's value before its name. */
const NODE_HEAD_BYTES = 9;

/** Node records: id, then kind u8, flags u32, name length u32, name, path. */
export function nodeSource(nodes: NodeTable): RecordSource {
    const { heap } = nodes;
    const source: RecordSource = {
        keyBytes: 8,
        hasValues: true,
        keyWord: (version, word) => {
            const slot = nodes.slot.data[version] ?? 0;
            const words = word === 0 ? nodes.idHigh : nodes.idLow;
            return word > 1 ? 0 : (words.data[slot] ?? 0);
        },
        valueBytes: (version) =>
            NODE_HEAD_BYTES + nodes.nameLength.at(version) + nodes.pathLength.at(version),
        writeValue: (version, into, start) => {
            let at = into.writeUInt8(nodes.kind.at(version), start);
            at = into.writeUInt32LE(nodes.flags.at(version), at);
            at = into.writeUInt32LE(nodes.nameLength.at(version), at);
            const length = nodes.nameLength.at(version) + nodes.pathLength.at(version);
            return heap.copyTo(into, at, nodes.textStart.at(version), length);
        },
        writeRecords: (versions, into, start) =>
            writeNodes(source, nodes, versions, { into, start }),
    };
    return source;
}

/** The nodes of a page, as `writeRecord` writes each of them, but that nothing is looked up twice. */
function writeNodes(
    source: RecordSource,
    nodes: NodeTable,
    versions: Uint32Array,
    { into, start }: { readonly into: Buffer; readonly start: number },
): number {
    const [slots, high, low] = [nodes.slot.data, nodes.idHigh.data, nodes.idLow.data];
    const [kinds, flags, texts] = [nodes.kind.data, nodes.flags.data, nodes.textStart.data];
    const [names, paths] = [nodes.nameLength.data, nodes.pathLength.data];
    let at = start;
    for (const version of versions) {
        const length = NODE_HEAD_BYTES + names[version]! + paths[version]!;
        if (source.keyBytes + 2 + length > RECORD_BYTES_MAX) {
            at = writeRecord(source, version, into, at);
            continue;
        }
        const slot = slots[version]!;
        writeWord(into, at, high[slot]!);
        writeWord(into, at + 4, low[slot]!);
        into[at + 8] = length;
        into[at + 9] = length >>> 8;
        into[at + 10] = kinds[version]!;
        writeWordLE(into, at + 11, flags[version]!);
        writeWordLE(into, at + 15, names[version]!);
        at = nodes.heap.copyTo(into, at + 19, texts[version]!, length - NODE_HEAD_BYTES);
    }
    return at;
}

/** Edge records: source id, kind, target id: 17 bytes and no value. */
export function edgeSource(tables: GraphTables): RecordSource {
    const { nodes, edges } = tables;
    const high = nodes.idHigh.data;
    const low = nodes.idLow.data;
    const sources = edges.source.data;
    const targets = edges.target.data;
    const kinds = edges.kind.data;
    return {
        keyBytes: 17,
        hasValues: false,
        keyWord: (row, word) => {
            if (word < 2) {
                const slot = sources[row] ?? 0;
                return (word === 0 ? high[slot] : low[slot]) ?? 0;
            }
            const slot = targets[row] ?? 0;
            switch (word) {
                case 2:
                    return ((kinds[row] ?? 0) << 24) | ((high[slot] ?? 0) >>> 8);
                case 3:
                    return ((high[slot] ?? 0) << 24) | ((low[slot] ?? 0) >>> 8);
                case 4:
                    return (low[slot] ?? 0) << 24;
                default:
                    return 0;
            }
        },
        valueBytes: () => 0,
        writeValue: (_row, _into, at) => at,
        writeRecords: (rows, into, start) => {
            const words = gatherEdges(rows, { sources, targets, kinds, high, low });
            let at = start;
            for (let word = 0; word < rows.length * EDGE_WORDS; word += EDGE_WORDS) {
                writeWord(into, at, words[word] ?? 0);
                writeWord(into, at + 4, words[word + 1] ?? 0);
                into[at + 8] = words[word + 2] ?? 0;
                writeWord(into, at + 9, words[word + 3] ?? 0);
                writeWord(into, at + 13, words[word + 4] ?? 0);
                at += 17;
            }
            return at;
        },
    };
}

/** Words of an edge's key: source high and low, kind, target high and low. */
const EDGE_WORDS = 5;

/** Room for the edges of a page, at least; nothing of it is needed after a call. */
let gathered = new Uint32Array(256 * EDGE_WORDS);

interface EdgeKeyColumns {
    readonly sources: Uint32Array;
    readonly targets: Uint32Array;
    readonly kinds: Uint32Array;
    readonly high: Uint32Array;
    readonly low: Uint32Array;
}

/**
 * The words of edges' keys. Edges of a page lie all over a large graph's columns: short loops that only
 * load let the processor wait for many of them at once.
 */
function gatherEdges(rows: Uint32Array, columns: EdgeKeyColumns): Uint32Array {
    const { sources, targets, kinds, high, low } = columns;
    const end = rows.length * EDGE_WORDS;
    if (gathered.length < end) {
        gathered = new Uint32Array(end);
    }
    const words = gathered;
    for (let at = 0, row = 0; at < end; at += EDGE_WORDS, row++) {
        words[at] = sources[rows[row]!]!;
        words[at + 2] = kinds[rows[row]!]!;
        words[at + 3] = targets[rows[row]!]!;
    }
    for (let at = 0; at < end; at += EDGE_WORDS) {
        const source = words[at]!;
        const target = words[at + 3]!;
        words[at] = high[source]!;
        words[at + 1] = low[source]!;
        words[at + 3] = high[target]!;
        words[at + 4] = low[target]!;
    }
    return words;
}

/** A page has hundreds of keys: what the methods of a buffer check each time is known here. */
function writeWord(into: Buffer, at: number, word: number): void {
    into[at] = word >>> 24;
    into[at + 1] = word >>> 16;
    into[at + 2] = word >>> 8;
    into[at + 3] = word;
}

function writeWordLE(into: Buffer, at: number, word: number): void {
    into[at] = word;
    into[at + 1] = word >>> 8;
    into[at + 2] = word >>> 16;
    into[at + 3] = word >>> 24;
}

/** File records: SHA-256 of the path, then the record as deltas hold it. */
export function fileSource(tables: GraphTables): RecordSource {
    const { files } = tables;
    return {
        keyBytes: 32,
        hasValues: true,
        keyWord: (row, word) => files.key(row).readUInt32BE(word * 4),
        valueBytes: (row) => files.row(row).length,
        writeValue: (row, into, at) => {
            into.set(files.bytes(row), at);
            return at + files.row(row).length;
        },
    };
}
