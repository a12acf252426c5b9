// A store that is driven through everything that changes its files, with what it acknowledged noted:
// small commits, groups of callers that wait, a commit around the log, checkpoints, compaction.

import {
    emitDeltas,
    normalize,
    openGraphStore,
    type GraphStore,
    type TlogCapacity,
} from "../../src/graphstore/index.ts";
import type { Disk } from "../../src/platform/index.ts";
import { contentOf, contentText, fileOf, nodeOf, randomContent } from "./graphs.ts";
import { seededNumbers } from "./trie-records.ts";

/** A log so small that a few commits fill it. */
export const SMALL_TLOG: TlogCapacity = { initial: 24 << 10, max: 96 << 10 };

/** Opens a store with a small log on a disk. */
export function openOn(
    disk: Disk,
    more: Partial<Parameters<typeof openGraphStore>[0]> = {},
): Promise<GraphStore> {
    let salt = 0;
    return openGraphStore({
        folder: "store",
        createIfMissing: true,
        clock: () => 1_700_000_000_000,
        disk,
        tlogCapacity: SMALL_TLOG,
        randomBytes: (count) => {
            salt += 1;
            return Uint8Array.from({ length: count }, (_, at) => (salt * 31 + at * 7) & 0xff);
        },
        ...more,
    });
}

/** Makes the store hold a graph, as one commit. */
export async function hold(store: GraphStore, seed: number, nodes = 40): Promise<void> {
    const next = normalize(contentOf(randomContent(seed, nodes, nodes * 3)));
    await store.commitGraphDeltas(emitDeltas(store.snapshot(), next));
}

/** What a store acknowledged, and what it was asked for after that. */
export class Expected {
    /** State root after each commit number that was ever asked for. */
    readonly roots = new Map<number, string>();
    /** Number of commits that were acknowledged. */
    acknowledged = 0;

    note(commitCount: number, stateRoot: string): void {
        this.roots.set(commitCount, stateRoot);
        this.acknowledged = Math.max(this.acknowledged, commitCount);
    }
}

/** One thing that a scenario does. */
export type Step = "bulk" | "compact" | "group" | "long" | "small";

/** Steps from a seed; the first makes a graph. */
export function stepsOf(seed: number, count: number): Step[] {
    const random = seededNumbers(seed);
    const kinds: Step[] = ["small", "small", "small", "group", "small", "long", "bulk", "compact"];
    return Array.from(
        { length: count },
        () => kinds[Math.floor(random() * kinds.length)] ?? "small",
    );
}

/** Does a step; notes what was acknowledged. */
export async function takeStep(
    store: GraphStore,
    step: Step,
    number: number,
    expected: Expected,
): Promise<void> {
    switch (step) {
        case "small":
            await hold(store, number, 12 + (number % 9));
            expected.note(store.commitCount, store.rootHash);
            return;
        case "bulk":
            await hold(store, number, 160);
            expected.note(store.commitCount, store.rootHash);
            return;
        case "compact":
            await store.compact();
            return;
        case "long": {
            // Long enough to stand in its page as a hash.
            const node = nodeOf(`k::${"long".repeat(150)}${number}`);
            const { c, stateRoot } = await store.commitGraphDeltas([{ kind: "add-node", node }]);
            expected.note(c, stateRoot);
            return;
        }
        case "group": {
            const commits = Array.from({ length: 5 }, async (_, at) => {
                const file = fileOf(`g/${at}.rs`, String(number % 10));
                const { c, stateRoot } = await store.commitGraphDeltas([
                    { kind: "put-file", file },
                ]);
                expected.note(c, stateRoot);
            });
            await Promise.all(commits);
        }
    }
}

/** All that tells two states apart, for comparing. */
export function stateText(store: GraphStore): string {
    const { deltaCount, commitCount } = store;
    return [`${deltaCount} ${commitCount}`, ...contentText(store.snapshot())].join("\n");
}
