// A thread that commits is ended in the middle of it: the store is as a killed process leaves it, and with the addon
// its lock is free again although the process lives.

import { once } from "node:events";
import { Worker } from "node:worker_threads";

import { expect, test } from "vitest";

import { loadNative } from "../../../src/native/index.ts";
import { BUILT, inRounds, writerArguments } from "../../support/kill-rounds.ts";
import { describeWith } from "../../support/needs.ts";
import { seededNumbers } from "../../support/trie-records.ts";

const NEED = {
    isThere: BUILT.isThere && loadNative().ok,
    what: `${BUILT.what}, and the addon (\`npm run build:native\`)`,
};

describeWith(NEED, "a thread that commits", () => {
    test("and is ended loses nothing that it acknowledged, and keeps nobody out", async () => {
        const random = seededNumbers(26);
        const found = await inRounds(10, async (folder, expected) => {
            const [program = "", ...argv] = writerArguments(folder, expected);
            const worker = new Worker(program, { argv, stdout: true });
            await once(worker.stdout, "data");
            await new Promise((resolve) => setTimeout(resolve, random() * 80));
            await worker.terminate();
        });
        expect(found.rounds).toBe(10);
        expect(found.commits).toBeGreaterThan(0);
    });
});
