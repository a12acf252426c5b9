// Kills a process that commits, at a random moment or system call, and looks at what it left: every
// commit that it acknowledged, and of the others whole ones only.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "vitest";

import { nodeIdOf, type GraphDelta } from "../../src/graph/index.ts";
import { openGraphStore } from "../../src/graphstore/index.ts";
import { seededNumbers } from "./trie-records.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const WRITER = join(ROOT, "test/fixtures/store/writer.mjs");
const DELTAS = join(ROOT, "test/fixtures/store/deltas-of.mjs");
/** Folder of the built program. */
export const PROGRAM: string = join(ROOT, "dist");
const COMMITS_MAX = 400;

/** Whether the program that is to be killed has been built. */
export const isBuilt: boolean = existsSync(join(PROGRAM, "graphstore", "index.js"));

/** What tests need that run the program. */
export const BUILT: { readonly isThere: boolean; readonly what: string } = {
    isThere: isBuilt,
    what: "`npm run build`",
};

/** What tests need that look at system calls, or make them fail. */
export const TRACED: { readonly isThere: boolean; readonly what: string } = {
    isThere: isBuilt && spawnSync("strace", ["-qq", "-o", "/dev/null", "true"]).status === 0,
    what: "`npm run build`, strace and the right to trace processes",
};

type DeltasOf = (c: number, nodeId: typeof nodeIdOf) => readonly GraphDelta[];

/** What rounds of kills found. */
export interface KillFindings {
    readonly rounds: number;
    /** Most commits that one store acknowledged. */
    readonly commits: number;
    /** Rounds after which something had to be cut or mended. */
    readonly recoveries: number;
}

/** Kills a writer so many times, at moments that come from a seed, on one store after the other. */
export async function killAtRandom(rounds: number, seed: number): Promise<KillFindings> {
    const random = seededNumbers(seed);
    return inRounds(rounds, async (folder, expected, round) => {
        const child = spawn(process.execPath, writerArguments(folder, expected), {
            stdio: ["ignore", "pipe", "inherit"],
            env: environmentOf(round),
        });
        const ended = new Promise<void>((resolve) => {
            child.on("close", () => {
                resolve();
            });
        });
        // Before it has opened the store, or within its first commits.
        const early = random() < 0.2;
        const delay = random() * (early ? 150 : 60);
        if (!early) {
            await new Promise<void>((resolve) => {
                child.stdout.once("data", () => {
                    resolve();
                });
                child.once("close", () => {
                    resolve();
                });
            });
        }
        await new Promise((resolve) => setTimeout(resolve, delay));
        child.kill("SIGKILL");
        await ended;
    });
}

/** Environment of a round: where the addon is, every other writer does without it, on the same stores. */
export function environmentOf(round: number): NodeJS.ProcessEnv {
    return round % 2 === 0 ? process.env : { ...process.env, FERROGRAPH_NATIVE: "off" };
}

/** The command line of a writer. */
export function writerArguments(folder: string, expected: string, most = COMMITS_MAX): string[] {
    return [WRITER, PROGRAM, folder, expected, String(most)];
}

/** Runs something that kills a writer, and looks at the store after each time. */
export async function inRounds(
    rounds: number,
    kill: (folder: string, expected: string, round: number) => Promise<void>,
): Promise<KillFindings> {
    const { deltasOf } = (await import(DELTAS)) as { deltasOf: DeltasOf };
    let commits = 0;
    let recoveries = 0;
    for (let round = 0; round < rounds;) {
        const folder = mkdtempSync(join(tmpdir(), "ferrograph-kill-"));
        try {
            for (let at = 0; at < 40 && round < rounds; at++, round++) {
                const expected = join(folder, "expected");
                await kill(join(folder, "store"), expected, round);
                const found = await look(join(folder, "store"), expected, deltasOf);
                recoveries += found.isMended ? 1 : 0;
                commits = Math.max(commits, found.acknowledged);
            }
        } finally {
            rmSync(folder, { recursive: true, force: true });
        }
    }
    return { rounds, commits, recoveries };
}

async function look(
    folder: string,
    expectedFile: string,
    deltasOf: DeltasOf,
): Promise<{ acknowledged: number; isMended: boolean }> {
    const roots = readExpected(expectedFile);
    const acknowledged = Math.max(0, ...roots.keys());
    if (!existsSync(folder)) {
        expect(acknowledged).toBe(0);
        return { acknowledged, isMended: false };
    }
    const store = await openGraphStore({ folder, createIfMissing: true });
    try {
        const { commitCount, rootHash } = store;
        expect(commitCount).toBeGreaterThanOrEqual(acknowledged);
        expect(roots.get(commitCount) ?? rootHash).toBe(rootHash);
        store.verify();
        let deltas = 0;
        const nodes = new Set<string>();
        for (let c = 1; c <= commitCount; c++) {
            for (const delta of deltasOf(c, nodeIdOf)) {
                deltas += 1;
                if (delta.kind === "add-node") {
                    nodes.add(delta.node.path);
                }
            }
        }
        expect(store.deltaCount).toBe(deltas);
        expect(new Set([...store.snapshot().nodes()].map(({ path }) => path))).toEqual(nodes);
        const { tornTail, mendedBytes, commitsFromHistory } = store.recovery;
        return {
            acknowledged,
            isMended: tornTail !== undefined || mendedBytes > 0 || commitsFromHistory > 0,
        };
    } finally {
        await store.close();
    }
}

function readExpected(path: string): Map<number, string> {
    const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n") : [];
    return new Map(
        lines
            .filter((line) => /^\d+ [0-9a-f]{64}$/u.test(line))
            .map((line) => [Number(line.split(" ")[0]), line.split(" ")[1] ?? ""] as const),
    );
}
