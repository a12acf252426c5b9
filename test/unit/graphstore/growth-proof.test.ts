// Proofs that a history only grew: they hold, and nothing that was changed in them does.

import { describe, expect, test } from "vitest";

import {
    archiveGraphStore,
    formatGrowthFile,
    verifyProofFile,
    type GraphStore,
} from "../../../src/graphstore/index.ts";
import { SimDisk } from "../../support/sim-disk.ts";
import { hold, openOn } from "../../support/store-scenario.ts";

async function storeOf(disk: SimDisk, commits: number, firstSeed = 1): Promise<GraphStore> {
    const store = await openOn(disk);
    for (let commit = 0; commit < commits; commit++) {
        await hold(store, firstSeed + commit, 8);
    }
    return store;
}

interface Json {
    before: Record<string, unknown>;
    after: Record<string, unknown>;
    proof: string[];
}

describe("a proof of growth", () => {
    test("holds between any two commits, and names their roots", async () => {
        const store = await storeOf(new SimDisk(), 9);
        for (let before = 1; before <= 9; before++) {
            for (let after = before; after <= 9; after++) {
                const proof = await store.history.proveGrowth(before, after);
                expect(verifyProofFile(formatGrowthFile(proof))).toMatchObject({
                    kind: "grown",
                    before: { commitCount: before },
                    after: { commitCount: after },
                });
            }
        }
        const whole = await store.history.proveGrowth(3, 9);
        expect(whole.after.root).toBe(await store.history.logRoot());
        await store.close();
    });

    test("does not hold once anything in it is another", async () => {
        const store = await storeOf(new SimDisk(), 7);
        const text = formatGrowthFile(await store.history.proveGrowth(3, 7));
        const other = await storeOf(new SimDisk(), 7, 50);
        const foreign = JSON.parse(formatGrowthFile(await other.history.proveGrowth(3, 7))) as Json;
        const changes: ((json: Json) => void)[] = [
            (json) => (json.before = foreign.before),
            (json) => (json.after = foreign.after),
            (json) => (json.proof = foreign.proof),
            (json) => (json.proof = json.proof.slice(1)),
            (json) => (json.proof = [...json.proof, json.proof[0] ?? ""]),
            (json) => (json.before["size"] = 4),
            (json) => (json.before["header"] = json.after["header"]),
            (json) => (json.before["root"] = json.after["root"]),
            (json) => (json.after["proof"] = []),
            (json) => ([json.before, json.after] = [json.after, json.before]),
        ];
        for (const change of changes) {
            const json = JSON.parse(text) as Json;
            change(json);
            expect(verifyProofFile(JSON.stringify(json))).toMatchObject({ kind: "fails" });
        }
        await store.close();
        await other.close();
    });

    test("is refused for commits that are not there, or archived", async () => {
        const disk = new SimDisk();
        const store = await storeOf(disk, 6);
        const missing = { code: "HISTORY_NO_COMMIT" };
        for (const [before, after] of [
            [0, 3],
            [4, 3],
            [2, 7],
        ] as const) {
            await expect(store.history.proveGrowth(before, after)).rejects.toMatchObject(missing);
        }
        const early = formatGrowthFile(await store.history.proveGrowth(4, 6));
        const ends = await store.history.positionOf(store.deltaCount);
        expect(ends.commit?.record.commitCount).toBe(6);
        let k = 0;
        while ((await store.history.positionOf(k)).commit?.record.commitCount !== 4) {
            k += 1;
        }
        const last = (await store.history.positionOf(k)).commit?.record.deltaCount ?? 0;
        await store.close();
        await archiveGraphStore({ folder: "store", disk }, last);
        const later = await openOn(disk);
        await expect(later.history.proveGrowth(3, 6)).rejects.toMatchObject({
            code: "HISTORY_ARCHIVED",
        });
        // The last archived commit is where later ones are still proved to go on from.
        expect(formatGrowthFile(await later.history.proveGrowth(4, 6))).toBe(early);
        await later.close();
    });
});
