// `npm run bench -- --graphs`: searches, dominators, pages and roots, beside plain JavaScript, graphology, SQLite and
// DuckDB; and the C++ core beside a plain loop of C++, where it was built.

import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import path from "node:path";

import { loadNative } from "../../src/native/index.ts";
import { renderTable, type Cell } from "../report/markdown-table.ts";
import { writeSection } from "../report/write-section.ts";
import {
    measureGraph,
    measurePages,
    measureRoot,
    SOME,
    type GraphFigures,
    type RootFigures,
} from "./graph-figures.ts";
import { GRAPH_PEERS, installGraphPeers, type SearchByPeer } from "./graph-peers.ts";

/** How graphs are measured. */
export interface GraphBench {
    readonly repository: string;
    readonly scratch: string;
    readonly withPeers: boolean;
    readonly out: string | undefined;
    readonly json: string | undefined;
}

const SIZES = [10_000, 500_000, 5_000_000];
const ROOT_RECORDS = 1_000_000;
const KRONECKER_SCALE = "20";
const ALL = 0xffff_ffff;
/** graphology holds an object for each edge. */
const GRAPHOLOGY_EDGES_MAX = 1_000_000;

/** Measures, prints, and writes the tables where they are wanted. */
export function runGraphBench(bench: GraphBench): void {
    const native = loadNative();
    const addon = native.ok ? native.addon : undefined;
    const load = (): string => (loadavg()[0] ?? 0).toFixed(1);
    const loadBefore = load();
    const program = path.join(bench.repository, "bench", "graphs", "peer-program.mjs");
    const search = bench.withPeers ? installGraphPeers(bench.scratch, program) : undefined;
    // Told as they come: the whole takes minutes.
    const told = <T>(made: T, render: (made: T) => string): readonly [T, string] => {
        const text = render(made);
        console.log(`\n${text}`);
        return [made, text];
    };
    const figures = SIZES.map((size) => {
        const [made] = told(measureGraph(size, addon), (one) => renderSearches([one], []));
        return made;
    });
    const [, many] = told(figures, renderMany);
    const [pages, pageTable] = told([...measurePages(addon), ...measureOpenssl()], renderPages);
    const [root, rootTable] = told(measureRoot(ROOT_RECORDS, addon), renderRoot);
    const [peers, searches] = told(search === undefined ? [] : measurePeers(search), (rows) =>
        renderSearches(figures, rows),
    );
    const [, core] = told(runCore(bench.repository), (lines) => lines.join("\n"));
    const notes = [
        "Milliseconds of the processor on one core, the least of some runs; five kinds of edges, one node for five edges, from node 0. Masked: four of the five kinds.",
        "The peers tell which nodes are reached; ours, and plain JavaScript, how far each is as well. SQLite and DuckDB (one thread) answer a recursive query over an indexed table in memory. graphology's masked graph is one of the masked edges alone.",
        ...(native.ok ? [] : [`The addon was not there: ${native.reason}.`]),
        `Load ${loadBefore} before and ${load()} after, ${cpus().length} cores, Node ${process.version}.`,
    ];
    const text = [
        "### Graphs",
        searches,
        many,
        pageTable,
        rootTable,
        ...(core === "" ? [] : [core]),
        notes.map((note) => `- ${note}`).join("\n"),
    ].join("\n\n");
    console.log(`\n${notes.join("\n")}`);
    writeSection(bench.out, "graphs", text);
    if (bench.json !== undefined) {
        const all = { figures, peers, pages, root };
        writeFileSync(bench.json, `${JSON.stringify(all, undefined, 2)}\n`);
    }
}

type PeerRow = readonly [name: string, ...ms: (number | undefined)[]];

function measurePeers(search: SearchByPeer): PeerRow[] {
    return GRAPH_PEERS.flatMap((peer) =>
        [ALL, SOME].map((mask): PeerRow => {
            const name = mask === ALL ? peer : `${peer}, masked`;
            const times = SIZES.map((size) =>
                peer === "graphology" && size > GRAPHOLOGY_EDGES_MAX
                    ? undefined
                    : search(peer, size, mask)?.ms,
            );
            return [name, ...times];
        }),
    );
}

/** A time, and how many times as long it is as that of plain JavaScript, or as short. */
function beside(ms: number | undefined, plain: number): string {
    if (ms === undefined) {
        return "";
    }
    const ratio = plain / ms;
    const times = ratio >= 1 ? `${ratio.toFixed(1)}x` : `1/${(1 / ratio).toFixed(1)}`;
    return `${short(ms)} (${times})`;
}

function short(ms: number): string {
    return ms >= 100 ? String(Math.round(ms)) : ms.toPrecision(2);
}

function renderSearches(figures: readonly GraphFigures[], peers: readonly PeerRow[]): string {
    const row = (name: string, cell: (of: GraphFigures) => Cell): Cell[] => [
        name,
        ...figures.map(cell),
    ];
    const plain = (of: GraphFigures): number => of.plain.all;
    return renderTable(
        [
            "one search, ms (beside plain JavaScript)",
            ...figures.map(({ edges }) => `${edges.toLocaleString("en")} edges`),
        ],
        [
            row("plain JavaScript over typed arrays", (of) => short(of.plain.all)),
            row("the same, masked", (of) => beside(of.plain.masked, plain(of))),
            row("ours in TypeScript", (of) => beside(of.typescript.all, plain(of))),
            row("the same, masked", (of) => beside(of.typescript.masked, plain(of))),
            row("ours in C++", (of) => beside(of.native?.all, plain(of))),
            row("the same, masked", (of) => beside(of.native?.masked, plain(of))),
            row("ours in C++, renumbered by bfsOrder", (of) => beside(of.relabelled, plain(of))),
            ...peers.map(([name, ...ms]) => [
                name,
                ...figures.map((of, at) => beside(ms[at], plain(of))),
            ]),
        ],
    );
}

function renderMany(figures: readonly GraphFigures[]): string {
    const row = (name: string, cell: (of: GraphFigures) => Cell): Cell[] => [
        name,
        ...figures.map(cell),
    ];
    return renderTable(
        ["ms", ...figures.map(({ edges }) => `${edges.toLocaleString("en")} edges`)],
        [
            row("64 sources in C++, one by one", (of) =>
                of.oneByOne === undefined ? undefined : short(of.oneByOne),
            ),
            row("the same together (beside one by one)", (of) =>
                beside(of.together, of.oneByOne ?? 0),
            ),
            row("dominators in TypeScript", (of) => short(of.dominators[0])),
            row("dominators in C++ (beside TypeScript)", (of) =>
                beside(of.dominators[1], of.dominators[0]),
            ),
        ],
    );
}

function renderPages(pages: readonly (readonly [string, number])[]): string {
    const openssl = pages.find(([name]) => name.startsWith("openssl"))?.[1];
    return renderTable(
        ["SHA-256 of 4 KiB pages", "GB/s", "beside openssl"],
        pages.map(([name, rate]) => [
            name,
            rate.toFixed(2),
            openssl === undefined ? "" : `${(rate / openssl).toFixed(2)}x`,
        ]),
    );
}

function renderRoot({ build, byCrypto, byAddon }: RootFigures): string {
    return renderTable(
        ["root of a million records from nothing", "ms"],
        [
            ["laying out the trie", short(build)],
            ["hashing it by node:crypto", short(byCrypto)],
            ["hashing it, pages by the addon", byAddon === undefined ? "" : short(byAddon)],
        ],
    );
}

/** `openssl speed` counts its own processor time. */
function measureOpenssl(): [string, number][] {
    try {
        const args = ["speed", "-evp", "sha256", "-bytes", "4096", "-seconds", "3"];
        const printed = execFileSync("openssl", args, { encoding: "utf8", stdio: "pipe" });
        const rate = /^sha256\s+([\d.]+)k/imu.exec(printed)?.[1];
        return rate === undefined ? [] : [["openssl speed", Number(rate) / 1e6]];
    } catch {
        return [];
    }
}

/** What the core says of itself beside a plain loop of C++. */
function runCore(repository: string): string[] {
    const folder = path.join(repository, "native", "build", "addon");
    if (!existsSync(folder)) {
        return [];
    }
    execFileSync("cmake", ["--build", folder, "--target", "core_bench"], { stdio: "pipe" });
    const printed = execFileSync(path.join(folder, "core_bench"), [KRONECKER_SCALE], {
        encoding: "utf8",
    });
    return [
        `The core beside a plain loop of C++ (a queue and distances), on a Kronecker graph as in the GAP suite and on the random graph:\n\n\`\`\`text\n${printed.trimEnd()}\n\`\`\``,
    ];
}
