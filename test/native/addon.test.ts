// What only an addon can get wrong: its surface, damage from outside, lifetimes. Not run where it is not built:
// `npm run build:native`.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";

import {
    HANDED_OVER_BYTES,
    loadNative,
    NATIVE_NAMES,
    nativePath,
    type NativeAddon,
    type NativeGraph,
} from "../../src/native/index.ts";
import { seededNumbers } from "../support/trie-records.ts";

const native = loadNative();

function requireAddon(): NativeAddon {
    if (!native.ok) {
        throw new Error(native.reason);
    }
    return native.addon;
}

function graphOf(nodeCount: number, edgeCount: number): NativeGraph {
    const random = seededNumbers(nodeCount + edgeCount);
    const node = (): number => Math.floor(random() * nodeCount);
    const { rowOffsets, columns, kinds } = requireAddon().buildCsr(
        nodeCount,
        Uint32Array.from({ length: edgeCount }, node),
        Uint32Array.from({ length: edgeCount }, node),
        new Uint8Array(edgeCount),
    );
    return new (requireAddon().Graph)(rowOffsets, columns, kinds);
}

const word = (value: number): Uint32Array => Uint32Array.of(value);
const ALL = 0xffff_ffff;

// Uses the addon in a process or a thread of its own.
const PREPARE = `
    const addon = require(${JSON.stringify(nativePath())});
    const count = 60000;
    const sources = Uint32Array.from({ length: count * 5 }, (_, i) => (i * 7919) % count);
    const targets = Uint32Array.from({ length: count * 5 }, (_, i) => (i * 104729 + 13) % count);
    const rows = addon.buildCsr(count, sources, targets, new Uint8Array(count * 5));
    const graph = new addon.Graph(rows.rowOffsets, rows.columns, rows.kinds);
    const many = Uint32Array.from({ length: 128 }, (_, i) => i);
    const start = () => graph.bfsManyAsync(many, 1, ${ALL}, count, false);
`;

describe.runIf(native.ok)("the addon", () => {
    test("offers what its types say, and nothing else", () => {
        const addon = requireAddon();
        expect(Object.keys(addon).sort()).toEqual([...NATIVE_NAMES.addon].sort());
        const methods = Object.getOwnPropertyNames(addon.Graph.prototype);
        expect(methods.filter((name) => name !== "constructor").sort()).toEqual(
            [...NATIVE_NAMES.graph].sort(),
        );
        const mapped = Object.getOwnPropertyNames(addon.MappedFile.prototype);
        expect(mapped.filter((name) => name !== "constructor").sort()).toEqual(
            [...NATIVE_NAMES.mappedFile].sort(),
        );
    });

    test("hashes messages of all lengths like node:crypto, on every level", () => {
        const random = seededNumbers(3);
        const lengths = Uint32Array.from({ length: 300 }, (_, length) => length);
        const total = lengths.reduce((sum, length) => sum + length, 0);
        const bytes = Uint8Array.from({ length: total }, () => Math.floor(random() * 256));
        let at = 0;
        const expected = Buffer.concat(
            Array.from(lengths, (length) => {
                at += length;
                return createHash("sha256")
                    .update(bytes.subarray(at - length, at))
                    .digest();
            }),
        );
        for (const level of ["", ...requireAddon().shaLevels()]) {
            const found = requireAddon().hashMessages(bytes, lengths, level);
            expect(Buffer.from(found).equals(expected), level).toBe(true);
        }
    });

    test("hashes any number of messages side by side like node:crypto, on every level", () => {
        const random = seededNumbers(4);
        for (const count of [0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33]) {
            const lengths = Uint32Array.from({ length: count }, () => Math.floor(random() * 9000));
            const total = lengths.reduce((sum, length) => sum + length, 0);
            const bytes = Uint8Array.from({ length: total }, () => Math.floor(random() * 256));
            let at = 0;
            const expected = Array.from(lengths, (length) => {
                at += length;
                return createHash("sha256")
                    .update(bytes.subarray(at - length, at))
                    .digest();
            });
            for (const level of ["", ...requireAddon().shaLevels()]) {
                const found = requireAddon().hashMessages(bytes, lengths, level);
                expect(Buffer.from(found).equals(Buffer.concat(expected)), level).toBe(true);
            }
        }
    });

    test("answers on another thread what it answers here", async () => {
        const graph = graphOf(5000, 30_000);
        expect(await graph.bfsAsync(word(3), ALL, ALL)).toEqual(graph.bfs(word(3), ALL, ALL));
        const many = Uint32Array.from({ length: 70 }, (_, node) => node);
        expect(await graph.bfsManyAsync(many, ALL, ALL, 4000, true)).toEqual(
            graph.bfsMany(many, ALL, ALL, 4000, true),
        );
        expect(await graph.dominatorsAsync(word(0), ALL)).toEqual(graph.dominators(word(0), ALL));
        const { dist, order } = graph.bfs(word(3), ALL, ALL);
        expect(await graph.parentsAsync(ALL, dist, order)).toEqual(graph.parents(ALL, dist, order));
        expect(await graph.dfsAsync(word(3), ALL)).toEqual(graph.dfs(word(3), ALL));
        expect(await graph.componentsAsync(ALL)).toEqual(graph.components(ALL));
        expect(await graph.transposeAsync()).toEqual(graph.transpose());
        const places = graph.order();
        expect(await graph.orderAsync()).toEqual(places);
        expect(await graph.relabelAsync(places)).toEqual(graph.relabel(places));
        await expect(graph.relabelAsync(word(1))).rejects.toThrow();
        const edges = [word(0), word(1), Uint8Array.of(4)] as const;
        expect(await requireAddon().buildCsrAsync(3, ...edges)).toEqual(
            requireAddon().buildCsr(3, ...edges),
        );
        await expect(requireAddon().buildCsrAsync(1, ...edges)).rejects.toThrow();
        const messages = [new Uint8Array(500).fill(7), Uint32Array.of(0, 100, 1, 399), ""] as const;
        expect(await requireAddon().hashMessagesAsync(...messages)).toEqual(
            requireAddon().hashMessages(...messages),
        );
        await expect(graph.bfsAsync(word(5000), ALL, ALL)).rejects.toThrow(/5000/);
        const pages = new Uint8Array(20 * 4096).fill(9);
        expect(await requireAddon().hashPagesAsync(pages, 4096, 20, "")).toEqual(
            requireAddon().hashPages(pages, 4096, 20, ""),
        );
    });

    test("keeps its own copy of what it was built from", () => {
        const rowOffsets = Uint32Array.of(0, 1, 1);
        const columns = Uint32Array.of(1);
        const graph = new (requireAddon().Graph)(rowOffsets, columns, Uint8Array.of(0));
        rowOffsets.fill(0xffff_ffff);
        columns.fill(0xffff_ffff);
        const found = graph.bfs(word(0), ALL, ALL);
        expect(Array.from(found.dist)).toEqual([0, 1]);
        // Nor does it read again what it has answered.
        found.dist.fill(0x7fff_ffff);
        found.order.fill(0xffff_ffff);
        expect(Array.from(graph.bfs(word(0), ALL, ALL).dist)).toEqual([0, 1]);
    });

    test("refuses arrays that are none of a graph", () => {
        const addon = requireAddon();
        const make = (rows: number[], columns: number[], kinds: number[]): NativeGraph =>
            new addon.Graph(
                Uint32Array.from(rows),
                Uint32Array.from(columns),
                Uint8Array.from(kinds),
            );
        expect(() => make([], [], [])).toThrow();
        expect(() => make([0, 2], [0], [0])).toThrow();
        expect(() => make([0, 1], [1], [0])).toThrow();
        expect(() => make([0, 1], [0], [32])).toThrow();
        expect(() => make([0, 1], [0], [])).toThrow();
        expect(() => make([0, 2, 1, 2], [0, 1], [0, 0])).toThrow();
        // Called as what it is not.
        const plain = addon.Graph as unknown as (...args: unknown[]) => unknown;
        expect(() => {
            plain();
        }).toThrow();
    });

    test("refuses buffers that may change, and arguments of other types", () => {
        const graph = graphOf(10, 20);
        const loose = graph as unknown as Record<string, (...args: unknown[]) => unknown>;
        const shared = new Uint32Array(new SharedArrayBuffer(4));
        expect(() => graph.bfs(shared, ALL, ALL)).toThrow(/shared/);
        const buffer: unknown = Reflect.construct(ArrayBuffer, [4, { maxByteLength: 64 }]);
        const resizable = new Uint32Array(buffer as ArrayBuffer);
        expect(() => graph.bfs(resizable, ALL, ALL)).toThrow(/resizable/);
        for (const bad of [
            undefined,
            null,
            1,
            "",
            [],
            {},
            new Uint8Array(4),
            new Float64Array(1),
        ]) {
            expect(() => loose["bfs"]?.(bad, ALL, ALL)).toThrow();
        }
        for (const bad of [undefined, -1, 0.5, NaN, Infinity, 2 ** 32, "1", 1n]) {
            expect(() => loose["bfs"]?.(word(0), bad, ALL)).toThrow();
        }
        expect(() => graph.bfs(word(10), ALL, ALL)).toThrow();
        expect(() => graph.parents(ALL, new Int32Array(9), word(0))).toThrow();
        expect(() => graph.parents(ALL, new Int32Array(10), word(10))).toThrow();
        expect(() => graph.relabel(new Uint32Array(10))).toThrow();
    });

    test("refuses pages and levels that are not there", () => {
        const addon = requireAddon();
        expect(() => addon.hashPages(new Uint8Array(4095), 4096, 1, "")).toThrow();
        expect(() => addon.hashPages(new Uint8Array(4), 0, ALL, "")).toThrow();
        expect(() => addon.hashPages(new Uint8Array(4), ALL, ALL, "")).toThrow();
        expect(() => addon.hashPages(new Uint8Array(4096), 4096, 1, "md5")).toThrow(/md5/);
        expect(() => addon.hashMessages(new Uint8Array(4), Uint32Array.of(3, 2), "")).toThrow();
        expect(() => addon.buildCsr(2 ** 31, word(0), word(0), Uint8Array.of(0))).toThrow(
            expect.objectContaining({ code: "CSR_TOO_LARGE" }),
        );
    });

    test("throws for a closed graph, a borrowed method and another's object", () => {
        const graph = graphOf(10, 20);
        const other = graphOf(10, 20);
        const { bfs } = graph as unknown as { bfs: (...args: unknown[]) => unknown };
        expect(() => Reflect.apply(bfs, {}, [word(0), ALL, ALL])).toThrow();
        expect(() => Reflect.apply(bfs, new Map(), [word(0), ALL, ALL])).toThrow();
        expect(Reflect.apply(bfs, other, [word(0), ALL, ALL])).toBeDefined();
        graph.close();
        graph.close();
        expect(() => graph.bfs(word(0), ALL, ALL)).toThrow(
            expect.objectContaining({ code: "ERR_INVALID_STATE" }),
        );
        expect(() => graph.bfsAsync(word(0), ALL, ALL)).toThrow(/closed/);
        expect(() => graph.transpose()).toThrow(/closed/);
    });

    test("finishes work that was under way when the graph was closed", async () => {
        const graph = graphOf(50_000, 250_000);
        const expected = Buffer.from(graph.bfs(word(1), ALL, ALL).dist.buffer);
        const pending = Array.from({ length: 8 }, () => graph.bfsAsync(word(1), ALL, ALL));
        graph.close();
        for (const found of await Promise.all(pending)) {
            expect(Buffer.from(found.dist.buffer).equals(expected)).toBe(true);
        }
    });

    test("gives memory back with the objects that hold it", async () => {
        setFlagsFromString("--expose-gc");
        const collect = runInNewContext("gc") as () => void;
        const addon = requireAddon();
        const ends = Uint32Array.from({ length: 100_000 }, (_, node) => node);
        const rows = addon.buildCsr(ends.length, ends, ends, new Uint8Array(ends.length));
        const use = async (): Promise<void> => {
            const graph = new addon.Graph(rows.rowOffsets, rows.columns, rows.kinds);
            graph.bfs(word(0), ALL, ALL);
            collect();
            // Finalisers of addons run when the loop turns.
            await new Promise((resolve) => setImmediate(resolve));
        };
        await use();
        const before = process.memoryUsage();
        for (let round = 0; round < 60; round++) {
            await use();
        }
        // Sixty times some 2 MB, had they been kept.
        expect(process.memoryUsage().rss - before.rss).toBeLessThan(40e6);
    });

    test("gives the same answers copied and handed over, each in memory of its own", () => {
        const addon = requireAddon();
        const graph = graphOf(30_000, 90_000);
        const answers = [HANDED_OVER_BYTES, 0, Number.MAX_SAFE_INTEGER].map((byteCount) => {
            addon.handOverFrom(byteCount);
            const found = graph.bfs(word(3), ALL, ALL);
            return { found, components: graph.components(ALL), rows: graph.transpose() };
        });
        addon.handOverFrom(HANDED_OVER_BYTES);
        expect(answers[1]).toEqual(answers[0]);
        expect(answers[2]).toEqual(answers[0]);
        answers[2]?.found.dist.fill(9);
        expect(answers[1]).toEqual(answers[0]);
    });

    test("maps files, and refuses what is none or is closed", () => {
        const addon = requireAddon();
        const folder = mkdtempSync(join(tmpdir(), "ferrograph-addon-"));
        const path = join(folder, "file");
        writeFileSync(path, Buffer.alloc(9000, 7));
        const descriptor = openSync(path, "r");
        try {
            const mapped = new addon.MappedFile(descriptor, 9000);
            const bytes = new Uint8Array(10);
            expect(mapped.readInto(8990, bytes)).toBe(true);
            expect(Array.from(bytes)).toEqual(Array.from({ length: 10 }, () => 7));
            expect(() => mapped.readInto(8991, bytes)).toThrow(/mapped bytes/u);
            expect(() => mapped.readInto(-1, bytes)).toThrow();
            expect(() => mapped.readInto(Number.MAX_SAFE_INTEGER, bytes)).toThrow();
            const shared = new Uint8Array(new SharedArrayBuffer(4));
            expect(() => mapped.readInto(0, shared)).toThrow(/shared/u);
            truncateSync(path, 4096);
            expect(mapped.readInto(8990, bytes)).toBe(false);
            expect(mapped.readInto(4000, bytes)).toBe(true);
            expect(() => Reflect.apply(mapped.readInto.bind({}), undefined, [0, bytes])).toThrow();
            mapped.close();
            mapped.close();
            expect(() => mapped.readInto(0, bytes)).toThrow(/closed/u);
            expect(() => new addon.MappedFile(1_000_000, 10)).toThrow(
                expect.objectContaining({ code: "EBADF" }),
            );
            expect(() => addon.tryFlock(1_000_000, false)).toThrow(
                expect.objectContaining({ code: "EBADF" }),
            );
            expect(() => addon.tryFlock(-1, false)).toThrow();
            expect(() => addon.reserveFileAsync(1_000_000, 4)).toThrow(
                expect.objectContaining({ code: "EBADF" }),
            );
        } finally {
            closeSync(descriptor);
            rmSync(folder, { recursive: true });
        }
    });

    test("survives a file that is cut while it is read, on threads that end", async () => {
        const folder = mkdtempSync(join(tmpdir(), "ferrograph-cut-"));
        const path = join(folder, "file");
        const code = `
            const { workerData, parentPort } = require("node:worker_threads");
            const addon = require(${JSON.stringify(nativePath())});
            const mapped = new addon.MappedFile(require("node:fs").openSync(workerData, "r"), 1 << 20);
            const bytes = new Uint8Array(1 << 20);
            parentPort.postMessage("reading");
            for (let cut = 0; cut < 100;) cut += mapped.readInto(0, bytes) ? 0 : 1;
            parentPort.postMessage("cut");
        `;
        for (let round = 0; round < 4; round++) {
            writeFileSync(path, Buffer.alloc(1 << 20, round));
            const workers = [1, 2].map(() => new Worker(code, { eval: true, workerData: path }));
            await Promise.all(workers.map((worker) => once(worker, "message")));
            const ends = workers.map((worker) => once(worker, "message"));
            truncateSync(path, 100_000);
            expect(await Promise.all(ends)).toEqual([["cut"], ["cut"]]);
            await Promise.all(workers.map((worker) => worker.terminate()));
        }
        rmSync(folder, { recursive: true });
    });

    test("lets a worker end in the middle of work", async () => {
        for (let round = 0; round < 3; round++) {
            const worker = new Worker(
                `${PREPARE} start(); start();
                require("node:worker_threads").parentPort.postMessage("started");
                setInterval(() => {}, 1000);`,
                { eval: true },
            );
            await new Promise((resolve) => worker.once("message", resolve));
            expect(await worker.terminate()).toBe(1);
        }
    });

    test("lets a worker end that holds answers in the addon's memory", async () => {
        for (const end of ["process.exit(0)", "setInterval(() => {}, 1000)"]) {
            const worker = new Worker(
                `${PREPARE} globalThis.held = [graph.bfs(many, 1, ${ALL}), graph.transpose()];
                require("node:worker_threads").parentPort.postMessage(held[0].dist.length);
                ${end};`,
                { eval: true },
            );
            const ended = new Promise((resolve) => worker.once("exit", resolve));
            const held = await Promise.race([
                new Promise((resolve) => worker.once("message", resolve)),
                ended,
            ]);
            expect([60_000, 0]).toContain(held);
            await worker.terminate();
            await ended;
        }
    });

    test.each([
        ["exits", "process.exit(7)", 7],
        ["ends by an error", "setImmediate(() => { throw new Error('on purpose'); })", 1],
        ["ends by itself", "pending.then(() => { process.exitCode = 5; })", 5],
    ])("lets a process that %s in the middle of work", (_, end, status) => {
        const code = `${PREPARE} const pending = start(); start(); ${end};`;
        const done = spawnSync(process.execPath, ["-e", code], { encoding: "utf8" });
        expect({ status: done.status, signal: done.signal }).toEqual({ status, signal: null });
    });
});

test("says why there is no addon, or that there is one", () => {
    expect(native.ok ? native.path : native.reason).not.toBe("");
});
