import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import {
    emitDeltas,
    GRAPH_LOG_NAME,
    normalize,
    openGraphStore,
    type GraphStore,
} from "../../../src/graphstore/index.ts";
import { contentOf, contentText, edgeOf, nodeOf, randomContent } from "../../support/graphs.ts";
import { SimLog } from "../../support/sim-log.ts";

let folder: string;

beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ferrograph-store-"));
});

afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
});

const clock = (): number => 1_700_000_000_000;

function open(more: Partial<Parameters<typeof openGraphStore>[0]> = {}): Promise<GraphStore> {
    return openGraphStore({ folder, createIfMissing: true, clock, ...more });
}

/** Makes the store hold a graph, as one commit. */
async function hold(store: GraphStore, seed: number): Promise<void> {
    const next = normalize(contentOf(randomContent(seed)));
    await store.commitGraphDeltas(emitDeltas(store.snapshot(), next));
}

interface Written {
    readonly bytes: Buffer;
    /** After each commit: size of the log, root, content. */
    readonly states: { size: number; root: string; k: number; content: string[] }[];
}

async function writtenStore(commits: number): Promise<Written> {
    const store = await open();
    const note = (): Written["states"][number] => ({
        size: store.logBytes,
        root: store.rootHash,
        k: store.deltaCount,
        content: contentText(store.snapshot()),
    });
    const states = [note()];
    for (let commit = 1; commit <= commits; commit++) {
        await hold(store, commit);
        states.push(note());
    }
    await store.close();
    return { bytes: readFileSync(join(folder, GRAPH_LOG_NAME)), states };
}

function write(bytes: Uint8Array): void {
    writeFileSync(join(folder, GRAPH_LOG_NAME), bytes);
}

describe("a store", () => {
    test("keeps every commit, and tells where it stands", async () => {
        const { states } = await writtenStore(4);
        const store = await open();
        expect(store.commitCount).toBe(4);
        expect(store.deltaCount).toBe(states[4]!.k);
        expect(store.rootHash).toBe(states[4]!.root);
        expect(contentText(store.snapshot())).toEqual(states[4]!.content);
        expect(store.tornTail).toBeUndefined();
        store.verify();
        await hold(store, 9);
        store.verify();
        await store.close();
        expect(readFileSync(join(folder, ".gitignore"), "utf8")).toBe("*\n");
        expect(readdirSync(folder).sort()).toEqual([".gitignore", GRAPH_LOG_NAME]);
    });

    test("leaves older snapshots as they were", async () => {
        const store = await open();
        const older: [ReturnType<GraphStore["snapshot"]>, string[]][] = [];
        for (let seed = 1; seed <= 6; seed++) {
            await hold(store, seed);
            older.push([store.snapshot(), contentText(store.snapshot())]);
        }
        for (const [snapshot, content] of older) {
            expect(contentText(snapshot)).toEqual(content);
        }
        await store.close();
    });

    test("gives one root for one graph, whatever happened before", async () => {
        const store = await open();
        await hold(store, 3);
        const root = store.rootHash;
        await hold(store, 4);
        expect(store.rootHash).not.toBe(root);
        await hold(store, 3);
        expect(store.rootHash).toBe(root);
        await store.close();
    });

    test("a comment edit changes the state root and not the graph root", async () => {
        const store = await open();
        await hold(store, 3);
        const { stateRoot, graphRoot } = store.snapshot();
        const [file] = [...store.snapshot().files()];
        const edited = { ...file!, contentHash: "f".repeat(64) };
        await store.commitGraphDeltas([{ kind: "put-file", file: edited }]);
        expect(store.snapshot().graphRoot).toBe(graphRoot);
        expect(store.snapshot().stateRoot).not.toBe(stateRoot);
        await store.close();
    });

    test("commits nothing for no deltas, and in the order of the calls", async () => {
        const store = await open();
        expect(await store.commitGraphDeltas([])).toMatchObject({ k: 0, c: 0 });
        const [a, b] = [nodeOf("k::a"), nodeOf("k::b")];
        const results = await Promise.all([
            store.commitGraphDeltas([{ kind: "add-node", node: a }]),
            store.commitGraphDeltas([{ kind: "add-node", node: b }]),
            store.commitGraphDeltas([{ kind: "add-edge", edge: edgeOf(a, "call", b) }]),
        ]);
        expect(results.map(({ k, c }) => [k, c])).toEqual([
            [1, 1],
            [2, 2],
            [3, 3],
        ]);
        await store.close();
    });

    test("refuses deltas that do not fit and stays as it was", async () => {
        const store = await open();
        await hold(store, 1);
        const before = contentText(store.snapshot());
        const [a, b] = [nodeOf("k::new"), nodeOf("k::none")];
        await expect(
            store.commitGraphDeltas([
                { kind: "add-node", node: a },
                { kind: "add-edge", edge: edgeOf(a, "call", b) },
            ]),
        ).rejects.toMatchObject({ code: "GRAPH_BAD_DELTA" });
        expect(contentText(store.snapshot())).toEqual(before);
        await hold(store, 2);
        store.verify();
        await store.close();
    });

    test("is locked while it is open, and only then", async () => {
        const store = await open();
        await expect(open()).rejects.toMatchObject({ code: "STORE_LOCKED" });
        await store.close();
        await (await open()).close();
    });

    test("is not made unless told so", async () => {
        await expect(open({ createIfMissing: false })).rejects.toMatchObject({
            code: "STORE_MISSING",
        });
        await expect(open({ readOnly: true })).rejects.toMatchObject({ code: "STORE_MISSING" });
    });

    test("opened to read writes nothing", async () => {
        const { states } = await writtenStore(2);
        const store = await open({ readOnly: true });
        expect(contentText(store.snapshot())).toEqual(states[2]!.content);
        await expect(hold(store, 5)).rejects.toMatchObject({ code: "STORE_READ_ONLY" });
        await store.close();
        expect(readdirSync(folder).sort()).toEqual([".gitignore", GRAPH_LOG_NAME]);
    });
});

describe("recovery", () => {
    test("of a log cut anywhere in its last commit gives the commit before", async () => {
        const { bytes, states } = await writtenStore(3);
        const [before, last] = [states[2]!, states[3]!];
        for (let size = before.size + 1; size < last.size; size += 211) {
            write(bytes.subarray(0, size));
            const store = await open();
            expect(store.rootHash).toBe(before.root);
            expect(store.tornTail).toMatchObject({
                offset: before.size,
                byteCount: size - before.size,
            });
            await store.close();
        }
        const again = await open();
        expect(again.tornTail).toBeUndefined();
        expect(contentText(again.snapshot())).toEqual(before.content);
        expect(readdirSync(folder)).toContain(`${GRAPH_LOG_NAME}.cut-2`);
        await hold(again, 8);
        again.verify();
        await again.close();
    });

    test("of a log cut in any commit gives a prefix of the commits", async () => {
        const { bytes, states } = await writtenStore(4);
        for (let size = 0; size < bytes.length; size += 523) {
            write(bytes.subarray(0, size));
            const store = await open({ readOnly: true });
            const whole = states.filter((state) => state.size <= size).at(-1) ?? states[0]!;
            expect(contentText(store.snapshot())).toEqual(whole.content);
            await store.close();
        }
    });

    test("keeps the last three cuts", async () => {
        const { bytes, states } = await writtenStore(5);
        for (let commit = 1; commit <= 5; commit++) {
            write(bytes.subarray(0, states[commit]!.size - 8));
            await (await open()).close();
        }
        const cuts = readdirSync(folder).filter((name) => name.includes(".cut-"));
        expect(cuts.sort()).toEqual([2, 3, 4].map((c) => `${GRAPH_LOG_NAME}.cut-${c}`));
    });

    test("refuses acknowledged data that has changed, and changes nothing", async () => {
        const { bytes, states } = await writtenStore(3);
        for (let at = 0; at < states[2]!.size; at += 173) {
            const damaged = Buffer.from(bytes);
            damaged[at]! ^= 0x10;
            write(damaged);
            const code = at < 64 ? /STORE_DAMAGED|LOG_CORRUPT|LOG_VERSION/u : /STORE_DAMAGED/u;
            const error = await open().catch((caught: unknown) => caught as { code: string });
            expect("code" in error && error.code).toMatch(code);
            expect(readFileSync(join(folder, GRAPH_LOG_NAME)).equals(damaged)).toBe(true);
        }
    });

    test("names file and offset of the damage, says what to do, and still reads", async () => {
        const { bytes, states } = await writtenStore(3);
        const damaged = Buffer.from(bytes);
        damaged[states[1]!.size + 100]! ^= 1;
        write(damaged);
        await expect(open()).rejects.toMatchObject({
            code: "STORE_DAMAGED",
            message: expect.stringContaining(`${GRAPH_LOG_NAME} is damaged at byte`) as string,
            advice: expect.stringContaining("capture --full") as string,
        });
        const store = await open({ readOnly: true });
        expect(contentText(store.snapshot())).toEqual(states[1]!.content);
        expect(store.damage).toMatchObject({ code: "LOG_CORRUPT" });
        await store.close();
    });

    test("does not take a state whose root is another", async () => {
        const { bytes } = await writtenStore(1);
        const log = new SimLog(bytes);
        const store = await open({ openLog: () => Promise.resolve(log) });
        Object.assign(store.snapshot().roots, { stateRoot: "00".repeat(32) });
        expect(() => {
            store.verify();
        }).toThrow(expect.objectContaining({ code: "STORE_DAMAGED" }));
        await expect(hold(store, 2)).rejects.toMatchObject({ code: "STORE_DAMAGED" });
        await store.close();
    });

    test("of a store whose making was interrupted begins anew", async () => {
        for (const bytes of [Buffer.alloc(0), Buffer.from("\u0089FGS"), Buffer.alloc(64)]) {
            write(bytes);
            const store = await open();
            await hold(store, 1);
            await store.close();
            await (await open()).close();
        }
    });
});

describe("a failing disk", () => {
    test.each([
        { at: "write", call: 0, partial: 100 },
        { at: "write", call: 1, partial: 10 },
        { at: "sync", call: 0 },
    ] as const)("at $at $call stops all writing and loses nothing", async (fault) => {
        const log = new SimLog((await writtenStore(2)).bytes);
        const store = await open({ openLog: () => Promise.resolve(log) });
        const before = contentText(store.snapshot());
        const { rootHash } = store;
        log.writes = 0;
        log.syncs = 0;
        log.fault = fault;
        await expect(hold(store, 7)).rejects.toMatchObject({ code: "LOG_POISONED" });
        log.fault = undefined;
        const second = await hold(store, 8).catch((error: unknown) => error);
        expect(second).toMatchObject({ code: "LOG_POISONED" });
        expect((second as Error).cause).toMatchObject({
            code: fault.at === "write" ? "DISK_FULL" : "DISK_IO",
        });
        expect(store.readOnlyReason).toMatch(/no space|input\/output/u);
        expect(contentText(store.snapshot())).toEqual(before);
        await store.close();
        for (const left of [log.content, log.durable]) {
            write(left);
            const reopened = await open();
            const isNew = reopened.commitCount === 3;
            expect(isNew || reopened.rootHash === rootHash).toBe(true);
            reopened.verify();
            await reopened.close();
        }
    });

    test("is synced once for each commit", async () => {
        const log = new SimLog();
        const store = await open({ openLog: () => Promise.resolve(log) });
        for (let seed = 1; seed <= 3; seed++) {
            const syncs = log.syncs;
            await hold(store, seed);
            expect(log.syncs).toBe(syncs + 1);
            expect(log.durable.equals(log.content)).toBe(true);
        }
        await store.close();
    });
});
