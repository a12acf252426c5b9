// Every byte of the three files changed, and each file cut at every length: opening finds the state that
// was committed, or refuses with an error that has a name and changes nothing. Never another graph.

import { beforeAll, describe, expect, test, vi } from "vitest";

import { OperatingError } from "../../../../src/base/index.ts";
import { storePaths } from "../../../../src/graphstore/index.ts";
import { SimDisk } from "../../../support/sim-disk.ts";
import { hold, openOn, stateText } from "../../../support/store-scenario.ts";

const IS_SLOW = process.env["RUN_SLOW"] === "1";
const PATHS = storePaths("store");
const OPTIONS = { tlogCapacity: { initial: 32 << 10, max: 32 << 10 } };
const REFUSALS = /^(?:STORE_DAMAGED|STORE_MIXED|LOG_VERSION)$/u;

vi.setConfig({ testTimeout: 600_000 });

/** What a changed byte becomes: one bit of it is another, or all are. */
const PATTERNS: readonly ((byte: number, at: number) => number)[] = [
    (byte, at) => byte ^ (1 << (at % 8)),
    (byte) => byte ^ 0xff,
];

let disk: SimDisk;
let committed: string;

// Two checkpoints, then commits that only the logs have.
beforeAll(async () => {
    disk = new SimDisk();
    const store = await openOn(disk, OPTIONS);
    for (const seed of [1, 2, 3, 4, 5]) {
        await hold(store, seed, 4);
        await (seed < 3 ? store.compact() : undefined);
    }
    committed = stateText(store);
    await store.close();
});

type Outcome = "refused" | "same";

/** Opens what was damaged; fails unless it is refused by name, or holds what was committed. */
async function outcomeOf(damaged: SimDisk, where: string): Promise<Outcome> {
    const before = new Map(damaged.paths().map((path) => [path, damaged.content(path)]));
    let store;
    try {
        store = await openOn(damaged, OPTIONS);
    } catch (error) {
        const code = error instanceof OperatingError ? error.code : String(error);
        expect(code, where).toMatch(REFUSALS);
        expect(damaged.paths(), where).toEqual([...before.keys()]);
        const changed = damaged
            .paths()
            .filter((path) => before.get(path)?.equals(damaged.content(path)) !== true);
        expect(changed, where).toEqual([]);
        return "refused";
    }
    const found = stateText(store);
    if (found !== committed) {
        expect(found, where).toBe(committed);
    }
    await store.close();
    return "same";
}

/** Places of a file: all of them in the slow run, some in the others. */
function* places(size: number, some: number): Generator<number> {
    // An odd step, so that no position in a word is left out.
    const step = IS_SLOW ? 1 : Math.floor(size / some) | 1;
    for (let at = 0; at < size; at += step) {
        yield at;
    }
}

const FILES = [
    { name: ".graph.log", path: PATHS.graphLog },
    { name: ".tlog", path: PATHS.tlog },
    { name: ".checkpoint", path: PATHS.checkpoint },
    { name: ".checkpoint.prev", path: PATHS.previousCheckpoint },
];

describe.each(FILES)("$name", ({ path }) => {
    test("with any byte changed is made good, or refused by name", async () => {
        const counts = { refused: 0, same: 0 };
        const bytes = disk.content(path);
        for (const at of places(bytes.length, 40)) {
            for (const [number, pattern] of PATTERNS.entries()) {
                const damaged = disk.copy();
                const changed = Buffer.from(bytes);
                changed[at] = pattern(bytes[at] ?? 0, at);
                damaged.put(path, changed);
                const outcome = await outcomeOf(damaged, `${path}, byte ${at}, pattern ${number}`);
                counts[outcome] += 1;
            }
        }
        expect(counts.same).toBeGreaterThan(0);
        if (path === PATHS.graphLog || path === PATHS.tlog) {
            expect(counts.refused).toBeGreaterThan(0);
        } else {
            // The history has all that a checkpoint has.
            expect(counts.refused).toBe(0);
        }
    });

    test("cut at any length is made good, or refused by name", async () => {
        const bytes = disk.content(path);
        const counts = { refused: 0, same: 0 };
        for (const size of places(bytes.length, 60)) {
            const cut = disk.copy();
            cut.put(path, bytes.subarray(0, size));
            counts[await outcomeOf(cut, `${path}, cut at ${size}`)] += 1;
        }
        expect(counts.same).toBeGreaterThan(0);
    });
});

test("no changed byte of a checkpoint passes its verification", async () => {
    const bytes = disk.content(PATHS.checkpoint);
    for (const at of places(bytes.length, 50)) {
        for (const pattern of PATTERNS) {
            const damaged = disk.copy();
            const changed = Buffer.from(bytes);
            changed[at] = pattern(bytes[at] ?? 0, at);
            damaged.put(PATHS.checkpoint, changed);
            const store = await openOn(damaged, OPTIONS);
            const error = await store.verifyAll().catch((caught: unknown) => caught);
            expect(error, `byte ${at}`).toMatchObject({ code: "CHECKPOINT_DAMAGED" });
            await store.close();
        }
    }
});
