// A few of the rounds of test/torture, in every run: a process that commits is killed.

import { expect, test } from "vitest";

import { BUILT, killAtRandom } from "../../support/kill-rounds.ts";
import { describeWith } from "../../support/needs.ts";

describeWith(BUILT, "a process that commits", () => {
    test("and is killed loses nothing that it acknowledged", async () => {
        const found = await killAtRandom(12, 20_26);
        expect(found.commits).toBeGreaterThan(0);
    });
});
