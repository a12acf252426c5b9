// Memory that runs out in the addon, at each of its allocations in turn: an error with a code, and right answers
// afterwards. Allocations are made to fail by a library that is loaded before Node's own.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

import { loadNative, nativePath } from "../../src/native/index.ts";
import { inRounds, isBuilt, writerArguments } from "../support/kill-rounds.ts";
import { describeWith } from "../support/needs.ts";

const hasCompiler = spawnSync("c++", ["--version"]).status === 0;
const isThere = loadNative().ok && hasCompiler && isBuilt && process.platform === "linux";
/** A writer of so many commits asks the addon for memory about five hundred times. */
const COMMITS = 12;
const ROUNDS = 24;

/** Calls of everything that allocates, each with what it must say after memory ran out in it. */
const CALLS = `
    const { openSync } = require("node:fs");
    const addon = require(${JSON.stringify(nativePath())});
    const ALL = 0xffffffff;
    const count = 3000;
    const sources = Uint32Array.from({ length: count * 5 }, (_, i) => (i * 7919) % count);
    const targets = Uint32Array.from({ length: count * 5 }, (_, i) => (i * 104729 + 13) % count);
    const kinds = Uint8Array.from({ length: count * 5 }, (_, i) => i % 5);
    const rows = addon.buildCsr(count, sources, targets, kinds);
    const newGraph = () => new addon.Graph(rows.rowOffsets, rows.columns, rows.kinds);
    const graph = newGraph();
    const one = Uint32Array.of(3);
    const many = Uint32Array.from({ length: 70 }, (_, i) => i);
    const { dist, order } = graph.bfs(one, ALL, ALL);
    const places = graph.order();
    const bytes = new Uint8Array(4096 * 20).fill(3);
    const lengths = Uint32Array.of(0, 100, 1, 399);
    const file = openSync(process.execPath, "r");
    const calls = {
        buildCsr: [count, sources, targets, kinds],
        hashPages: [bytes, 4096, 20, ""],
        hashMessages: [bytes.subarray(0, 500), lengths, ""],
        "graph.bfs": [one, ALL, ALL],
        "graph.bfsMany": [many, ALL, ALL, 4000, true],
        "graph.dominators": [one, ALL],
        "graph.parents": [ALL, dist, order],
        "graph.dfs": [one, ALL],
        "graph.components": [ALL],
        "graph.transpose": [],
        "graph.order": [],
        "graph.relabel": [places],
    };
    const operations = {
        shaLevels: () => addon.shaLevels(),
        Graph: () => newGraph().bfs(one, ALL, ALL),
        MappedFile: () => new addon.MappedFile(file, 4096).readInto(0, bytes.slice(0, 64)),
        "a mask's own edges": () => [1, 2, 3].map(() => newGraph().bfs(one, 3, ALL)).at(-1),
    };
    for (const [name, parts] of Object.entries(calls)) {
        const [holder, method] = name.startsWith("graph.") ? [graph, name.slice(6)] : [addon, name];
        operations[name] = () => holder[method](...parts);
        operations[name + "Async"] = () => holder[method + "Async"](...parts);
    }
    const failing = async (at, operation) => {
        process.env.FERROGRAPH_FAIL_AT = at;
        try {
            return { answer: await operation() };
        } catch (error) {
            return { error: error.code ?? error.message };
        } finally {
            process.env.FERROGRAPH_FAIL_AT = "";
        }
    };
    const tell = async () => {
        const told = {};
        let turn = 0;
        for (const [name, operation] of Object.entries(operations)) {
            const right = JSON.stringify(await operation());
            const errors = [];
            const wrong = [];
            // After the last allocation nothing fails any more.
            for (let at = 1, unharmed = 0; unharmed < 3; at += 1) {
                turn += 1;
                const { answer, error } = await failing(at + ":" + turn, operation);
                unharmed = error === undefined ? unharmed + 1 : 0;
                if (error !== undefined) errors.push(error);
                else if (JSON.stringify(answer) !== right) wrong.push(at);
                if (JSON.stringify(await operation()) !== right) wrong.push("after " + at);
            }
            told[name] = { failed: errors.length, errors: [...new Set(errors)].sort(), wrong };
        }
        console.log(JSON.stringify(told));
    };
    void tell();
`;

interface Told {
    readonly failed: number;
    readonly errors: readonly string[];
    readonly wrong: readonly unknown[];
}

describeWith(
    { isThere, what: "Linux, the addon, a C++ compiler, `npm run build`" },
    "memory that runs out",
    () => {
        let folder: string;

        beforeAll(() => {
            folder = mkdtempSync(join(tmpdir(), "ferrograph-memory-"));
            const source = fileURLToPath(new URL("failing-allocations.cpp", import.meta.url));
            const built = spawnSync(
                "c++",
                ["-O1", "-shared", "-fPIC", "-o", join(folder, "failing.so"), source],
                { encoding: "utf8" },
            );
            expect(built.stderr).toBe("");
            writeFileSync(join(folder, "calls.cjs"), CALLS);
        });

        afterAll(() => {
            rmSync(folder, { recursive: true, force: true });
        });

        const environment = (failAt = ""): NodeJS.ProcessEnv => ({
            ...process.env,
            LD_PRELOAD: join(folder, "failing.so"),
            FERROGRAPH_FAIL_AT: failAt,
        });

        test("is an error with a code at every allocation, and nothing is wrong afterwards", () => {
            const done = spawnSync(process.execPath, [join(folder, "calls.cjs")], {
                env: environment(),
                encoding: "utf8",
            });
            expect(done.stderr).toBe("");
            expect(done.status).toBe(0);
            const told = Object.entries(JSON.parse(done.stdout) as Record<string, Told>);
            expect(told).toHaveLength(28);
            for (const [name, { failed, errors, wrong }] of told) {
                expect(wrong, name).toEqual([]);
                expect(failed, name).toBeGreaterThan(0);
                // Node's own headers make the object of a class, before the addon is asked.
                const own = errors.filter((error) => error !== "std::bad_alloc");
                expect(own, name).toEqual(["ERR_MEMORY_ALLOCATION_FAILED"]);
                expect(errors.length === 1 || /Graph|MappedFile|edges/u.test(name), name).toBe(
                    true,
                );
            }
        });

        test("costs a store nothing that it acknowledged, and it opens again", async () => {
            const signals: (NodeJS.Signals | null)[] = [];
            const said: string[] = [];
            await inRounds(ROUNDS, (store, expected, round) => {
                // Dense at first, where the store is opened, then ever further apart.
                const at = Math.ceil((round + 1) ** 1.9);
                const { signal, status, stderr } = spawnSync(
                    process.execPath,
                    writerArguments(store, expected, COMMITS),
                    { env: environment(`${at}:1`), encoding: "utf8" },
                );
                signals.push(signal);
                if (status !== 0) {
                    said.push(stderr);
                }
                return Promise.resolve();
            });
            expect(signals.filter((signal) => signal !== null)).toEqual([]);
            expect(said.length).toBeGreaterThan(ROUNDS / 4);
            for (const stderr of said) {
                expect(stderr).toMatch(/ERR_MEMORY_ALLOCATION_FAILED|bad_alloc/u);
            }
        });
    },
);
