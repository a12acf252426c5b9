// A Rust program with serde and bincode 1.x reads what the store writes. Built by cargo from Debian's
// crates (librust-bincode-dev, librust-serde-dev), without a network; not run where these are missing.

import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { GraphDelta } from "../../src/graph/index.ts";
import {
    emitDeltas,
    GRAPH_LOG_NAME,
    normalize,
    openGraphStore,
} from "../../src/graphstore/index.ts";
import { contentOf, edgeOf, fileOf, nodeOf, randomContent } from "../support/graphs.ts";

const SOURCE = fileURLToPath(new URL("../fixtures/readers/bincode", import.meta.url));
const CRATES = "/usr/share/cargo/registry";
const BUILD_MS_MAX = 300_000;

function canBuild(): boolean {
    const hasCrates = ["bincode-1.3.3", "serde-1.0.152"].every((name) =>
        existsSync(join(CRATES, name)),
    );
    return hasCrates && spawnSync("cargo", ["--version"]).status === 0;
}

describe.runIf(canBuild())("a Rust program with serde and bincode 1.x", () => {
    const folder = mkdtempSync(join(tmpdir(), "ferrograph-bincode-"));
    const program = join(folder, "reader");

    beforeAll(() => {
        cpSync(SOURCE, program, { recursive: true });
        mkdirSync(join(program, ".cargo"));
        const sources = `[source.crates-io]\nreplace-with = "here"\n[source.here]\ndirectory = "${CRATES}"\n`;
        writeFileSync(join(program, ".cargo", "config.toml"), sources);
        execFileSync("cargo", ["build", "--offline", "--quiet"], {
            cwd: program,
            env: { ...process.env, CARGO_TARGET_DIR: join(program, "target") },
            stdio: "pipe",
        });
    }, BUILD_MS_MAX);

    afterAll(() => {
        rmSync(folder, { recursive: true, force: true });
    });

    test("counts the same deltas of every kind", async () => {
        const store = await openGraphStore({
            folder: join(folder, "store"),
            createIfMissing: true,
        });
        const counts = new Map<string, number>();
        const commit = async (deltas: readonly GraphDelta[]): Promise<void> => {
            await store.commitGraphDeltas(deltas);
            for (const { kind } of deltas) {
                counts.set(kind, (counts.get(kind) ?? 0) + 1);
            }
        };
        for (let seed = 1; seed <= 6; seed++) {
            const next = normalize(contentOf(randomContent(seed, 200, 900)));
            await commit(emitDeltas(store.snapshot(), next));
        }
        const [a, b] = [nodeOf("k::a"), nodeOf("k::ünïcode")];
        await commit([
            { kind: "add-node", node: a },
            { kind: "add-node", node: b },
            { kind: "add-edge", edge: edgeOf(a, "call", b) },
            { kind: "rename", from: b.id, to: nodeOf("k::c") },
            { kind: "put-file", file: fileOf("ü.rs") },
            { kind: "remove-file", path: "ü.rs" },
        ]);
        const { commitCount, deltaCount } = store;
        await store.close();
        const log = join(folder, "store", GRAPH_LOG_NAME);
        const reader = join(program, "target", "debug", "read-graph-log");
        const printed = execFileSync(reader, [log], { encoding: "utf8" }).trim().split("\n");
        const read = new Map(
            printed.map((line) => {
                const [name = "", count] = line.split(" ");
                return [name, Number(count)];
            }),
        );
        expect(read.get("commits")).toBe(commitCount);
        read.delete("commits");
        expect(read).toEqual(
            new Map([...read.keys()].map((name) => [name, counts.get(name) ?? 0])),
        );
        expect([...read.values()].reduce((sum, count) => sum + count, 0)).toBe(deltaCount);
        expect([...read.values()].every((count) => count > 0)).toBe(true);
    });
});
