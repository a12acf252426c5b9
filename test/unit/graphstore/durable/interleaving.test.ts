// Commits, checkpoints, new epochs, verification and readers at the same time, in orders that come from
// a seed; and the machine may go off in the middle.

import { describe, expect, test, vi } from "vitest";

import { contentText, fileOf } from "../../../support/graphs.ts";
import { SimDisk } from "../../../support/sim-disk.ts";
import { slowDisk } from "../../../support/slow-disk.ts";
import { Expected, hold, openOn, stateText } from "../../../support/store-scenario.ts";
import { seededNumbers } from "../../../support/trie-records.ts";

const IS_SLOW = process.env["RUN_SLOW"] === "1";
const SEEDS = Array.from({ length: IS_SLOW ? 400 : 24 }, (_, at) => at + 1);

vi.setConfig({ testTimeout: 600_000 });

type Store = Awaited<ReturnType<typeof openOn>>;

async function commitFiles(store: Store, seed: number, expected: Expected): Promise<void> {
    for (let number = 0; number < 6; number++) {
        const file = fileOf(`s${seed}/${number}.rs`, String((seed + number) % 10));
        const { c, stateRoot } = await store.commitGraphDeltas([{ kind: "put-file", file }]);
        expected.note(c, stateRoot);
    }
}

/** Everything that may go on at once; resolves when all of it has ended. */
async function everything(store: Store, seed: number, expected: Expected): Promise<unknown[]> {
    const random = seededNumbers(seed);
    const work = [
        (): Promise<unknown> => store.compact(),
        (): Promise<unknown> => store.compact({ checkpointPath: "store/copy" }),
        (): Promise<unknown> => store.verifyAll(),
        (): Promise<unknown> => store.history.verify(() => undefined),
        (): Promise<unknown> => store.history.graphSnapshotAt(3),
    ].filter(() => random() < 0.6);
    const commits = [0, 10, 20].map((start) => commitFiles(store, seed * 100 + start, expected));
    return Promise.all([...commits, ...work.map((each) => each())]);
}

async function started(): Promise<SimDisk> {
    const disk = new SimDisk();
    const store = await openOn(disk);
    await hold(store, 1, 14);
    await store.close();
    return disk;
}

describe("commits beside checkpoints and readers", () => {
    test("all happen, and readers see one state throughout", async () => {
        const base = await started();
        for (const seed of SEEDS) {
            const disk = base.copy();
            const store = await openOn(slowDisk(disk, seed));
            const snapshot = store.snapshot();
            const seen = contentText(snapshot);
            const expected = new Expected();
            await everything(store, seed, expected);
            expect(contentText(snapshot), `seed ${seed}`).toEqual(seen);
            expect(expected.acknowledged).toBe(store.commitCount);
            await store.verifyAll();
            const text = stateText(store);
            const crashed = await openOn(disk.afterCrash("none"));
            expect(stateText(crashed), `seed ${seed}`).toBe(text);
            await crashed.close();
            await store.close();
            const again = await openOn(disk);
            expect(stateText(again), `seed ${seed}`).toBe(text);
            expect(again.recovery).toMatchObject({ mendedBytes: 0, commitsFromHistory: 0 });
            await again.close();
        }
    });

    test("lose nothing acknowledged when the machine goes off among them", async () => {
        const base = await started();
        for (const seed of SEEDS) {
            const disk = base.copy();
            const expected = new Expected();
            const store = await openOn(slowDisk(disk, seed));
            disk.fault = { at: disk.changes + ((seed * 37) % 90), kind: "crash" };
            await everything(store, seed, expected).catch(() => undefined);
            // What is still under way ends by itself: the machine is off.
            await store.close().catch(() => undefined);
            const survivals = ["none", "some", "all"] as const;
            for (const [index, survival] of survivals.entries()) {
                const again = await openOn(disk.afterCrash(survival, seed * 10 + index));
                const where = `seed ${seed}, ${survival}`;
                expect(again.commitCount, where).toBeGreaterThanOrEqual(expected.acknowledged);
                const root = expected.roots.get(again.commitCount);
                expect(root ?? again.rootHash, where).toBe(again.rootHash);
                again.verify();
                await again.close();
            }
        }
    });
});

describe("callers at once", () => {
    test("share syncs, however many they are", async () => {
        const disk = new SimDisk();
        const tlogCapacity = { initial: 4 << 20, max: 4 << 20 };
        const store = await openOn(slowDisk(disk, 1), { tlogCapacity });
        const before = disk.syncs;
        const paths = Array.from({ length: 640 }, (_, at) => `f${at}.rs`);
        const results = await Promise.all(
            paths.map((path) =>
                store.commitGraphDeltas([{ kind: "put-file", file: fileOf(path, "1") }]),
            ),
        );
        expect(results.map(({ c }) => c)).toEqual(paths.map((_, at) => at + 1));
        expect(disk.syncs - before).toBeLessThanOrEqual(640 / 8);
        await store.close();
    });
});
