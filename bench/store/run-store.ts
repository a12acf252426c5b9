// `npm run bench -- --store`: the store beside SQLite and LMDB on the same disk, in one run.

import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import path from "node:path";

import { median } from "../measure/statistics.ts";
import { renderTable, type Cell } from "../report/markdown-table.ts";
import { writeSection } from "../report/write-section.ts";
import { refuseMemory, timeSyncs } from "./disk.ts";
import { installPeers, type PeerFigures } from "./peers.ts";
import { measureStore, spread, type StoreFigures } from "./store-figures.ts";

/** How the store is measured. */
export interface StoreBench {
    readonly repository: string;
    readonly scratch: string;
    readonly nodes: number;
    readonly out: string | undefined;
    readonly json: string | undefined;
}

const SMALL_NODES = 10_000;
const EDGES_PER_NODE = 5;
const COMMITS = 300;

/** Measures, prints, and writes the tables where they are wanted. */
export async function runStoreBench(bench: StoreBench): Promise<void> {
    const folder = path.join(bench.scratch, "store-bench");
    mkdirSync(folder, { recursive: true });
    refuseMemory(folder);
    const syncs: number[][] = [];
    // Others use the disk too: its own time is taken anew before each party's turn.
    const probe = (): void => {
        syncs.push(timeSyncs(folder, COMMITS));
    };
    const program = path.join(bench.repository, "bench", "store", "peer-program.mjs");
    const peers = installPeers(bench.scratch, program);
    probe();
    const small = await measureStore(path.join(folder, "small"), ...sizeOf(SMALL_NODES), COMMITS);
    probe();
    const sqlite = peers.ok ? peers.measure("better-sqlite3", COMMITS) : undefined;
    probe();
    const lmdb = peers.ok ? peers.measure("lmdb", COMMITS) : undefined;
    probe();
    const large = await measureStore(path.join(folder, "large"), ...sizeOf(bench.nodes), COMMITS);
    const names = [SMALL_NODES, bench.nodes].map((nodes) => describeSize(nodes));
    const notes = [
        "The device's own time is that of one write of 512 bytes and its fdatasync, taken right before.",
        `better-sqlite3 ${sqlite?.version ?? ""} (WAL, synchronous=FULL) and lmdb ${lmdb?.version ?? ""} run in a Node of their own and store the same rows without any root; ours computes the state root in every commit.`,
        ...(peers.ok ? [] : [`The peers are missing: ${peers.reason}.`]),
        `Load ${(loadavg()[0] ?? 0).toFixed(1)}, ${cpus().length} cores, Node ${process.version}.`,
    ];
    const text = [
        "### The store",
        renderCommits(names, [small, large], { peers: [sqlite, lmdb], syncs }),
        renderRest(names, [small, large]),
        notes.map((note) => `- ${note}`).join("\n"),
    ].join("\n\n");
    console.log(`\n${text}`);
    writeSection(bench.out, "store", text);
    if (bench.json !== undefined) {
        const all = { syncMicroseconds: syncs.map(median), small, large, sqlite, lmdb };
        writeFileSync(bench.json, `${JSON.stringify(all, undefined, 2)}\n`);
    }
}

function sizeOf(nodes: number): [number, number] {
    return [nodes, nodes * EDGES_PER_NODE];
}

function describeSize(nodes: number): string {
    const [n, e] = sizeOf(nodes).map((count) => count.toLocaleString("en"));
    return `${n} nodes, ${e} edges`;
}

function renderCommits(
    names: readonly string[],
    ours: readonly StoreFigures[],
    beside: {
        readonly peers: readonly (PeerFigures | undefined)[];
        readonly syncs: readonly (readonly number[])[];
    },
): string {
    const { peers, syncs } = beside;
    const [device = [], deviceSqlite = [], deviceLmdb = [], deviceLarge = []] = syncs;
    const all = [...ours.map(({ commits }) => commits), ...peers];
    const row = (name: string, cell: (of: NonNullable<(typeof all)[number]>) => Cell): Cell[] => [
        name,
        ...all.map((of) => (of === undefined ? undefined : cell(of))),
    ];
    return renderTable(
        ["commits", ...names.map((name) => `ours, ${name}`), "better-sqlite3", "lmdb"],
        [
            [
                "the device's own write and fdatasync, µs: median (99th percentile)",
                ...[device, deviceLarge, deviceSqlite, deviceLmdb].map(spread),
            ],
            row("one delta, µs: median (99th percentile)", ({ one }) => spread(one)),
            row("one delta, commits a second", ({ one }) => Math.round(1e6 / median(one))),
            row("a saved file (51 deltas), µs", ({ file }) => spread(file)),
            row("640 callers at once, commits a second", (of) => Math.round(of.groupPerSecond)),
        ],
    );
}

function renderRest(names: readonly string[], ours: readonly StoreFigures[]): string {
    const row = (name: string, cell: (of: StoreFigures) => number): Cell[] => [
        name,
        ...ours.map((of) => Number(cell(of).toPrecision(3))),
    ];
    return renderTable(
        ["", ...names],
        [
            row("first capture as one commit, s", ({ bulkMs }) => bulkMs / 1000),
            row("replay, thousand deltas a second", (of) => of.deltas / of.openMs),
            row("open to first answer, ms", ({ firstAnswerMs }) => firstAnswerMs),
            row("full verification, all roots, s", ({ verifyMs }) => verifyMs / 1000),
            row("graphSnapshotAt, the last commit but one, ms", ({ nearMs }) => nearMs),
            row("graphSnapshotAt inside a commit, ms", ({ insideMs }) => insideMs),
            row("graphSnapshotAt, the first commit, ms", ({ farMs }) => farMs),
            row("diff of neighbours, ms", ({ neighboursMs }) => neighboursMs),
            row("diff over the whole history but the first commit, ms", (of) => of.farDiffMs),
            row("a proof, its trie built for it, ms", ({ proofMs }) => proofMs),
            row("bytes of log per delta", (of) => of.logBytes / of.deltas),
        ],
    );
}
