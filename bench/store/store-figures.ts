// What the store costs: commits on a graph of some size, opening it, any past state, differences.

import { mkdirSync, rmSync } from "node:fs";

import { openGraphStore, type GraphStore } from "../../src/graphstore/index.ts";
import { median, quantile } from "../measure/statistics.ts";
import { SyntheticGraph } from "./synthetic-graph.ts";

/** Times of commits, microseconds, and the rate of many callers at once. */
export interface CommitFigures {
    readonly one: readonly number[];
    readonly file: readonly number[];
    readonly groupPerSecond: number;
}

/** Figures of a graph of one size; times are milliseconds. */
export interface StoreFigures {
    readonly commits: CommitFigures;
    readonly bulkMs: number;
    readonly deltas: number;
    readonly logBytes: number;
    readonly openMs: number;
    readonly firstAnswerMs: number;
    readonly verifyMs: number;
    readonly nearMs: number;
    readonly insideMs: number;
    readonly farMs: number;
    readonly neighboursMs: number;
    readonly farDiffMs: number;
    readonly proofMs: number;
}

const GROUP = 640;

/** Measures a store of a size in a folder. */
export async function measureStore(
    folder: string,
    nodeCount: number,
    edgeCount: number,
    commits: number,
): Promise<StoreFigures> {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const graph = new SyntheticGraph(nodeCount, edgeCount);
    let store = await openGraphStore({ folder, createIfMissing: true });
    const [, bulkMs] = await timed(() => store.commitGraphDeltas(graph.everything()));
    const firstCommit = store.deltaCount;
    await store.commitGraphDeltas(graph.oneDelta(0));
    const figures = await timeCommits(store, graph, commits);
    await store.close();
    const [opened, openMs] = await timed(() => openGraphStore({ folder }));
    store = opened;
    const [, answerMs] = await timed(() => {
        const snapshot = store.snapshot();
        return Promise.resolve(snapshot.nodeAt(snapshot.findNode(graph.idOf(7)) ?? 0));
    });
    const last = store.deltaCount;
    const measured = {
        commits: figures,
        bulkMs,
        deltas: last,
        logBytes: store.logBytes,
        openMs,
        firstAnswerMs: openMs + answerMs,
        nearMs: await timePast(store, last - 51),
        insideMs: await timePast(store, last - 60),
        farMs: await timePast(store, firstCommit),
        neighboursMs: (await timed(() => store.history.diff(last - 51, last)))[1],
        farDiffMs: (await timed(() => store.history.diff(firstCommit, last)))[1],
        proofMs: (await timed(() => store.history.prove("ws:nowhere")))[1],
        verifyMs: (await timed(() => store.history.verify(() => undefined)))[1],
    };
    await store.close();
    rmSync(folder, { recursive: true, force: true });
    return measured;
}

/** Median and 99th percentile of times, as text. */
export function spread(times: readonly number[]): string {
    return `${Math.round(median(times))} (${Math.round(quantile(times, 0.99))})`;
}

async function timeCommits(
    store: GraphStore,
    graph: SyntheticGraph,
    count: number,
): Promise<CommitFigures> {
    const one: number[] = [];
    const file: number[] = [];
    for (let turn = 1; turn <= count; turn++) {
        const deltas = graph.oneDelta(turn);
        one.push((await timed(() => store.commitGraphDeltas(deltas)))[1] * 1000);
    }
    const callers = Array.from({ length: GROUP }, (_, turn) => graph.oneDelta(1e6 + turn));
    const [, groupMs] = await timed(() =>
        Promise.all(callers.map((deltas) => store.commitGraphDeltas(deltas))),
    );
    for (let turn = 1; turn <= count; turn++) {
        const deltas = graph.savedFile(turn);
        file.push((await timed(() => store.commitGraphDeltas(deltas)))[1] * 1000);
    }
    return { one, file, groupPerSecond: (GROUP * 1000) / groupMs };
}

/** A past state with all its edges in hand, as a traversal needs them. */
async function timePast(store: GraphStore, k: number): Promise<number> {
    const [, ms] = await timed(async () => {
        const { snapshot } = await store.history.graphSnapshotAt(k);
        return snapshot.edgeArrays().kinds.length;
    });
    return ms;
}

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
    const start = performance.now();
    const result = await work();
    return [result, performance.now() - start];
}
