import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import {
    nodeIdOf,
    type GraphDelta,
    type GraphNode,
    type SymbolKind,
} from "../../../src/graph/index.ts";
import {
    buildSnapshot,
    emitDeltas,
    formatProofFile,
    GRAPH_LOG_NAME,
    normalize,
    openGraphStore,
    overlaySnapshot,
    verifyProofFile,
    type GraphDifference,
    type GraphSnapshot,
    type GraphStore,
} from "../../../src/graphstore/index.ts";
import {
    contentOf,
    contentText,
    edgeOf,
    fileOf,
    nodeOf,
    randomContent,
} from "../../support/graphs.ts";

let folder: string;
let store: GraphStore;

beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "ferrograph-history-"));
    store = await openGraphStore({ folder, createIfMissing: true, clock: () => 1_700_000_000_000 });
});

afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
});

const EMPTY = buildSnapshot(normalize(contentOf({ nodes: [], edges: [], files: [] })));

/** Commits random graphs; answers with all deltas in order. */
async function commitRandom(commits: number): Promise<GraphDelta[]> {
    const all: GraphDelta[] = [];
    for (let seed = 1; seed <= commits; seed++) {
        const next = normalize(contentOf(randomContent(seed, 12, 24)));
        const deltas = emitDeltas(store.snapshot(), next);
        all.push(...deltas);
        await store.commitGraphDeltas(deltas);
    }
    return all;
}

const put = (node: GraphNode): GraphDelta => ({ kind: "add-node", node });
const drop = ({ id }: GraphNode): GraphDelta => ({ kind: "remove-node", id });
const link = (a: GraphNode, kind: "call" | "contains" | "reference", b: GraphNode): GraphDelta => ({
    kind: "add-edge",
    edge: edgeOf(a, kind, b),
});
const unlink = (
    a: GraphNode,
    kind: "call" | "contains" | "reference",
    b: GraphNode,
): GraphDelta => ({ kind: "remove-edge", edge: edgeOf(a, kind, b) });

describe("the graph after k deltas", () => {
    test("is what the first k deltas make, for every k, with its root", async () => {
        const deltas = await commitRandom(4);
        expect(store.history.graphDeltaCount()).toBe(deltas.length);
        let naive = EMPTY;
        let inside = 0;
        for (let k = 0; k <= deltas.length; k++) {
            const { snapshot, position } = await store.history.graphSnapshotAt(k);
            expect(contentText(snapshot)).toEqual(contentText(naive));
            expect(snapshot.roots).toEqual(naive.roots);
            expect(snapshot.deltaCount).toBe(k);
            inside += position.isInside ? 1 : 0;
            naive = k < deltas.length ? overlaySnapshot(naive, [deltas[k]!]) : naive;
        }
        expect(inside).toBe(deltas.length - 4);
        await expect(store.history.graphSnapshotAt(deltas.length + 1)).rejects.toMatchObject({
            code: "HISTORY_NO_DELTA",
        });
    });

    test("is the same after the store was opened again, and goes on with it", async () => {
        await commitRandom(3);
        const k = store.deltaCount;
        const before = contentText(store.snapshot());
        await store.close();
        store = await openGraphStore({ folder, createIfMissing: true });
        const next = normalize(contentOf(randomContent(9, 12, 24)));
        await store.commitGraphDeltas(emitDeltas(store.snapshot(), next));
        const past = await store.history.graphSnapshotAt(k);
        expect(contentText(past.snapshot)).toEqual(before);
        expect(past.position.isInside).toBe(false);
        expect(past.position.commit?.record.commitCount).toBe(3);
        expect(store.history.materializedGraph()).toBe(store.snapshot());
        expect(store.history.currentRootHash()).toBe(store.rootHash);
        const first = await store.history.graphSnapshotAt(1);
        expect(first.position.isInside).toBe(true);
    });
});

describe("the difference of two states", () => {
    test("is that of their contents, between any two delta numbers", async () => {
        const deltas = await commitRandom(4);
        const states: GraphSnapshot[] = [];
        for (let k = 0; k <= deltas.length; k++) {
            states.push((await store.history.graphSnapshotAt(k)).snapshot);
        }
        for (let j = 0; j <= deltas.length; j += 17) {
            for (let k = 0; k <= deltas.length; k += 11) {
                const found = await store.history.diff(j, k);
                expect(appliedNodes(states[j]!, found)).toEqual(nodeLines(states[k]!));
                const files = [...states[k]!.files()].map(({ path }) => path);
                expect(files.sort()).toEqual(appliedFiles(states[j]!, found));
            }
        }
    });

    test("tells a recorded rename as one, chains and all", async () => {
        const [module, a] = [nodeOf("k::m", "module"), nodeOf("k::a")];
        const inner = nodeOf("k::m::f");
        await store.commitGraphDeltas([put(module), put(a), put(inner), link(a, "call", inner)]);
        const start = store.deltaCount;
        const [n, o] = [nodeOf("k::n", "module"), nodeOf("k::o", "module")];
        await store.commitGraphDeltas([{ kind: "rename", from: module.id, to: n }]);
        await store.commitGraphDeltas([{ kind: "rename", from: n.id, to: o }]);
        const end = store.deltaCount;
        const found = await store.history.diff(start, end);
        expect(shown(found)).toEqual(["k::m → k::o +1"]);
        expect(shown(await store.history.diff(end, start))).toEqual(["k::o → k::m +1"]);
        expect(shown(await store.history.diff(start + 1, end))).toEqual(["k::n → k::o +1"]);
        expect(shown(await store.history.diff(start, start))).toEqual([]);
        await store.commitGraphDeltas([{ kind: "rename", from: o.id, to: module }]);
        expect(shown(await store.history.diff(start, store.deltaCount))).toEqual([]);
    });

    test("finds a rename that came as removals and additions", async () => {
        const [type, method] = [nodeOf("k::Worker", "module"), nodeOf("k::Worker::run", "method")];
        const [crate, user] = [nodeOf("k", "crate"), nodeOf("k::main")];
        const nodes = [crate, type, method, user].map(put);
        const edges = [
            link(crate, "contains", type),
            link(type, "contains", method),
            link(user, "call", method),
            link(user, "reference", type),
        ];
        await store.commitGraphDeltas([...nodes, ...edges]);
        const start = store.deltaCount;
        const [next, run] = [nodeOf("k::Runner", "module"), nodeOf("k::Runner::run", "method")];
        const other = nodeOf("k::other");
        await store.commitGraphDeltas([
            unlink(crate, "contains", type),
            unlink(type, "contains", method),
            unlink(user, "call", method),
            unlink(user, "reference", type),
            drop(method),
            drop(type),
            ...[next, run, other].map(put),
            link(crate, "contains", next),
            link(next, "contains", run),
            link(user, "call", run),
            link(user, "reference", next),
            link(user, "call", crate),
        ]);
        const found = await store.history.diff(start, store.deltaCount);
        expect(shown(found)).toEqual([
            "k::Worker → k::Runner +1",
            "+ k::other",
            "+ k::main call k",
        ]);
    });

    test("counts impls, and what they hold, to the rename of what they are named after", async () => {
        const at = (path: string, kind: SymbolKind): GraphNode => ({
            id: nodeIdOf(`ws:.#k/lib:k/${path}`),
            kind,
            name: kind === "impl" ? path.slice(10) : (path.split(":").at(-1) ?? ""),
            path: `ws:.#k/lib:k/${path}`,
            flags: 0,
        });
        const of = (name: string): GraphNode[] => [
            at(`struct.type:${name}`, "struct"),
            at(`impl.none:<k::${name} as k::Show>`, "impl"),
            at(`impl.none:<k::${name} as k::Show>/method.value:show`, "method"),
            at(`impl.none:k::${name}/method.value:run`, "method"),
            at(`impl.none:k::${name}/method.value:stop`, "method"),
        ];
        const crate = nodeOf("k", "crate");
        const [old, young] = [of("Worker"), of("Runner")];
        await store.commitGraphDeltas([
            ...[crate, ...old].map(put),
            ...old.map((node) => link(crate, "contains", node)),
        ]);
        const start = store.deltaCount;
        await store.commitGraphDeltas([
            ...old.map((node) => unlink(crate, "contains", node)),
            ...old.map(drop),
            ...young.map(put),
            ...young.map((node) => link(crate, "contains", node)),
        ]);
        const found = await store.history.diff(start, store.deltaCount);
        expect(found.renamed.map(({ from, followers }) => [from.name, followers])).toEqual([
            ["Worker", 4],
        ]);
        expect([...found.added, ...found.removed, ...found.addedEdges]).toEqual([]);
    });

    test("finds an owner whose members changed too, and the member that did", async () => {
        const names = (owner: string, ...members: string[]): GraphNode[] => [
            nodeOf(`k::${owner}`, "module"),
            ...members.map((member) => nodeOf(`k::${owner}::${member}`)),
        ];
        const crate = nodeOf("k", "crate");
        const change = async (old: GraphNode[], young: GraphNode[]): Promise<string[]> => {
            await store.commitGraphDeltas([crate, ...old].map(put));
            const start = store.deltaCount;
            await store.commitGraphDeltas([...old.map(drop), ...young.map(put)]);
            return shown(await store.history.diff(start, store.deltaCount));
        };
        expect(await change(names("Worker", "run", "stop"), names("Runner", "run", "end"))).toEqual(
            ["k::Worker → k::Runner +1", "k::Worker::stop → k::Runner::end +0"],
        );
        // Less than half stayed: they may as well be two.
        expect(await change(names("A", "a", "b", "c"), names("B", "a", "d", "e"))).toContain(
            "- k::A",
        );
        // Two that could have become it.
        expect(
            await change([...names("C", "x"), ...names("D", "x")], names("E", "x", "y")),
        ).toContain("+ k::E");
    });

    test("takes no rename where two would do", async () => {
        const crate = nodeOf("k", "crate");
        const old = [nodeOf("k::a"), nodeOf("k::b")];
        const young = [nodeOf("k::c"), nodeOf("k::d")];
        await store.commitGraphDeltas([
            ...[crate, ...old].map(put),
            ...old.map((node) => link(crate, "contains", node)),
        ]);
        const start = store.deltaCount;
        await store.commitGraphDeltas([
            ...old.map((node) => unlink(crate, "contains", node)),
            ...old.map(drop),
            ...young.map(put),
            ...young.map((node) => link(crate, "contains", node)),
        ]);
        expect(shown(await store.history.diff(start, store.deltaCount))).toEqual([
            "+ k::c",
            "+ k::d",
            "- k::a",
            "- k::b",
        ]);
    });

    test("shows a changed record, and nothing that came and went", async () => {
        const a = nodeOf("k::a");
        await store.commitGraphDeltas([put(a), { kind: "put-file", file: fileOf("a.rs") }]);
        const start = store.deltaCount;
        const b = nodeOf("k::b");
        await store.commitGraphDeltas([
            put({ ...a, flags: 2 }),
            put(b),
            link(a, "call", b),
            unlink(a, "call", b),
            drop(b),
            { kind: "put-file", file: fileOf("a.rs", "1") },
            { kind: "put-file", file: fileOf("b.rs", "1") },
        ]);
        const found = await store.history.diff(start, store.deltaCount);
        expect(shown(found)).toEqual(["~ k::a"]);
        expect(found.files).toEqual({ added: ["b.rs"], removed: [], changed: ["a.rs"] });
    });
});

describe("a proof", () => {
    test("holds for every node and for what is not there, and names its commit", async () => {
        await commitRandom(3);
        const paths = [...store.snapshot().nodes()].map((node) => node.path);
        for (const path of [...paths, "ws:.#k/lib:k/function.value:nowhere"]) {
            const text = formatProofFile(await store.history.prove(path));
            const verdict = verifyProofFile(text);
            expect(verdict).toMatchObject({
                kind: "holds",
                claim: paths.includes(path) ? "present" : "absent",
                path,
                commitCount: 3,
                stateRoot: store.rootHash,
                logRoot: await store.history.logRoot(),
            });
        }
    });

    test("fails when anything of it is changed", async () => {
        await commitRandom(2);
        const node = store.snapshot().nodeAt(3);
        const text = formatProofFile(await store.history.prove(node.path));
        const file = JSON.parse(text) as Record<string, unknown>;
        const changes: Record<string, unknown> = {
            format: "other",
            version: 2,
            claim: "absent",
            path: nodeOf("k::else").path,
            value: "00",
            end: { kind: "empty" },
            forks: [{ prefixBits: 0, sibling: "00".repeat(32) }],
            header: "00".repeat(152),
            log: { index: 0, size: 2, root: "00".repeat(32), proof: [] },
            state: { ...(file["state"] as object), nodeCount: 99 },
        };
        for (const [name, value] of Object.entries(changes)) {
            const changed = JSON.stringify({ ...file, [name]: value });
            expect(verifyProofFile(changed).kind).toBe("fails");
        }
        for (const name of Object.keys(changes)) {
            const missing = JSON.stringify({ ...file, [name]: undefined });
            expect(verifyProofFile(missing).kind).toBe("fails");
        }
        expect(verifyProofFile("{").kind).toBe("fails");
        expect(verifyProofFile("[]").kind).toBe("fails");
    });

    test("cannot be had of a store without a commit", async () => {
        await expect(store.history.prove("ws:.#k/lib:k")).rejects.toMatchObject({
            code: "HISTORY_NO_DELTA",
        });
    });
});

describe("verification", () => {
    test("replays everything and finds every root again", async () => {
        const deltas = await commitRandom(5);
        const seen: number[] = [];
        const found = await store.history.verify((done) => seen.push(done));
        expect(found).toEqual({
            commitCount: 5,
            deltaCount: deltas.length,
            stateRoot: store.rootHash,
            logBytes: store.logBytes,
            archivedDeltas: 0,
        });
        expect(seen.length).toBe(5);
        expect(seen.at(-1)).toBe(store.logBytes);
    });

    test("finds a log that was changed behind the store's back", async () => {
        await commitRandom(3);
        const path = join(folder, GRAPH_LOG_NAME);
        const bytes = readFileSync(path);
        bytes.writeUInt8(bytes.readUInt8(300) ^ 1, 300);
        writeFileSync(path, bytes);
        const check = store.history.verify(() => undefined);
        await expect(check).rejects.toMatchObject({ code: "STORE_DAMAGED" });
    });
});

function nodeLines(snapshot: GraphSnapshot): string[] {
    return [...snapshot.nodes()].map((node) => `${node.path} ${node.flags}`).sort();
}

function appliedNodes(before: GraphSnapshot, found: GraphDifference): string[] {
    const nodes = new Map([...before.nodes()].map((node) => [node.id, node]));
    for (const { from, to } of found.renamed) {
        nodes.delete(from.id);
        nodes.set(to.id, to);
    }
    found.removed.forEach((node) => nodes.delete(node.id));
    found.added.forEach((node) => nodes.set(node.id, node));
    found.changed.forEach(({ after }) => nodes.set(after.id, after));
    return [...nodes.values()].map((node) => `${node.path} ${node.flags}`).sort();
}

function appliedFiles(before: GraphSnapshot, { files }: GraphDifference): string[] {
    const paths = new Set([...before.files()].map(({ path }) => path));
    files.removed.forEach((path) => paths.delete(path));
    files.added.forEach((path) => paths.add(path));
    files.changed.forEach((path) => {
        expect(paths.has(path)).toBe(true);
    });
    return [...paths].sort();
}

/** A difference in one line each. */
function shown(found: GraphDifference): string[] {
    const name = (node: GraphNode): string => {
        expect(node.id).toBe(nodeIdOf(node.path));
        return node.path.replace("ws:.#k/lib:k", "k").replaceAll(/\/[a-z]+\.value:/gu, "::");
    };
    const edge = ({ source, kind, target }: GraphDifference["addedEdges"][number]): string =>
        `${name(source)} ${kind} ${name(target)}`;
    return [
        ...found.renamed.map(({ from, to, followers }) => {
            return `${name(from)} → ${name(to)} +${followers}`;
        }),
        ...found.changed.map(({ after }) => `~ ${name(after)}`),
        ...found.added.map((node) => `+ ${name(node)}`),
        ...found.removed.map((node) => `- ${name(node)}`),
        ...found.addedEdges.map((each) => `+ ${edge(each)}`),
        ...found.removedEdges.map((each) => `- ${edge(each)}`),
    ];
}
