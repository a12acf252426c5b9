import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
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

/** After each commit: root, delta number, content. */
interface State {
    readonly root: string;
    readonly k: number;
    readonly content: string[];
}

async function writtenStore(commits: number): Promise<State[]> {
    const store = await open();
    const note = (): State => ({
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
    return states;
}

describe("a store", () => {
    test("keeps every commit, and tells where it stands", async () => {
        const states = await writtenStore(4);
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
        expect(readdirSync(folder).sort()).toEqual([
            ".gitignore",
            GRAPH_LOG_NAME,
            "workspace.tlog",
        ]);
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

    test("is neither made nor taken for missing where its history alone is gone", async () => {
        await writtenStore(2);
        rmSync(join(folder, "workspace.graph.log"));
        for (const options of [{}, { createIfMissing: false }, { readOnly: true }]) {
            await expect(open(options)).rejects.toMatchObject({ code: "STORE_DAMAGED" });
        }
    });

    test("opened to read writes nothing", async () => {
        const states = await writtenStore(2);
        const store = await open({ readOnly: true });
        expect(contentText(store.snapshot())).toEqual(states[2]!.content);
        await expect(hold(store, 5)).rejects.toMatchObject({ code: "STORE_READ_ONLY" });
        await store.close();
        expect(readdirSync(folder).sort()).toEqual([
            ".gitignore",
            GRAPH_LOG_NAME,
            "workspace.tlog",
        ]);
    });
});
