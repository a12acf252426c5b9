// What searches, dominators and roots cost, in TypeScript and in C++. Milliseconds of the processor.

import { createHash } from "node:crypto";

import {
    nativeTraversal,
    typescriptTraversal,
    type Csr,
    type Traversal,
} from "../../src/csr/index.ts";
import {
    buildTrie,
    hashPagesByCrypto,
    hashTrie,
    nativePageHasher,
    type RecordSource,
} from "../../src/merkle/index.ts";
import type { NativeAddon } from "../../src/native/index.ts";
import { plainSearch } from "./plain-search.ts";
import { leastMs } from "./processor-time.ts";
import { KIND_COUNT, randomEdges } from "./random-graph.ts";

/** Mask of every kind. */
const ALL = 0xffff_ffff;
/** Mask of all kinds but one. */
export const SOME = (1 << (KIND_COUNT - 1)) - 1;
const SOURCES = 64;
const PAGE_BYTES = 4096;

/** Times of one search, with a mask and without. */
export interface SearchTimes {
    readonly all: number;
    readonly masked: number;
}

/** Figures of a random graph. */
export interface GraphFigures {
    readonly edges: number;
    readonly plain: SearchTimes;
    readonly typescript: SearchTimes;
    readonly native: SearchTimes | undefined;
    /** Renumbered by bfsOrder. */
    readonly relabelled: number | undefined;
    readonly together: number | undefined;
    readonly oneByOne: number | undefined;
    readonly dominators: readonly [typescript: number, native: number | undefined];
}

/** Measures searches of a random graph. */
export function measureGraph(edgeCount: number, addon: NativeAddon | undefined): GraphFigures {
    const edges = randomEdges(edgeCount);
    const csr = typescriptTraversal.buildCsr(edges.nodeCount, edges);
    const runs = edgeCount > 1e6 ? 4 : 20;
    const native = addon === undefined ? undefined : nativeTraversal(addon, { edgesMin: 0 });
    const times = (search: (mask: number) => unknown): SearchTimes => {
        // The graph's copy in the addon, and its transposed one, are made before.
        for (let turn = 0; turn < 10; turn++) {
            search(ALL);
        }
        return { all: leastMs(() => search(ALL), runs), masked: leastMs(() => search(SOME), runs) };
    };
    const timesOf = (traversal: Traversal, graph: Csr): SearchTimes =>
        times((kinds) => traversal.bfs(graph, 0, { kinds }));
    const sources = Array.from({ length: SOURCES }, (_, at) =>
        Math.floor((at * edges.nodeCount) / SOURCES),
    );
    return {
        edges: edgeCount,
        plain: times((mask) => plainSearch(csr, 0, mask)),
        typescript: timesOf(typescriptTraversal, csr),
        native: native === undefined ? undefined : timesOf(native, csr),
        relabelled:
            native === undefined
                ? undefined
                : timesOf(native, native.relabel(csr, native.bfsOrder(csr))).all,
        together: native && leastMs(() => native.bfsMany(csr, sources, { kinds: ALL }), 3),
        oneByOne:
            native &&
            leastMs(() => {
                sources.forEach((source) => native.bfs(csr, source, { kinds: ALL }));
            }, 1),
        dominators: [
            leastMs(() => typescriptTraversal.dominators(csr, [0], ALL), 1),
            native && leastMs(() => native.dominators(csr, [0], ALL), 2),
        ],
    };
}

/** Gigabytes a second of pages hashed: by node:crypto, and by each level of the addon. */
export function measurePages(addon: NativeAddon | undefined): readonly [string, number][] {
    const count = 4096;
    const pages = new Uint8Array(count * PAGE_BYTES).fill(0x3c);
    const rate = (ms: number): number => pages.length / ms / 1e6;
    const byCrypto = leastMs(() => {
        for (let page = 0; page < count; page++) {
            createHash("sha256")
                .update(pages.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES))
                .digest();
        }
    });
    return [
        ["node:crypto, page by page", rate(byCrypto)],
        ...(addon?.shaLevels() ?? []).map((level): [string, number] => [
            `the addon, ${level}`,
            rate(leastMs(() => addon?.hashPages(pages, PAGE_BYTES, count, level))),
        ]),
    ];
}

/** Times of the root of many records from nothing. */
export interface RootFigures {
    readonly build: number;
    readonly byCrypto: number;
    readonly byAddon: number | undefined;
}

/** Measures the root of a trie over records like those of nodes: ids, and 64 bytes each. */
export function measureRoot(records: number, addon: NativeAddon | undefined): RootFigures {
    const source: RecordSource = {
        keyBytes: 8,
        hasValues: true,
        keyWord: (record, word) =>
            Math.imul(record + 1, word === 0 ? 0x9e3779b1 : 0x85ebca6b) >>> 0,
        valueBytes: () => 64,
        writeValue: (record, into, at) => {
            into.fill(record & 0xff, at, at + 64);
            return at + 64;
        },
    };
    const rows = Uint32Array.from({ length: records }, (_, record) => record);
    const build = leastMs(() => buildTrie(source, rows), 1);
    const hashed = (hasher: typeof hashPagesByCrypto): number => {
        const trie = buildTrie(source, rows);
        return leastMs(() => hashTrie(source, trie, hasher), 1);
    };
    return {
        build,
        byCrypto: hashed(hashPagesByCrypto),
        byAddon: addon && hashed(nativePageHasher(addon)),
    };
}
