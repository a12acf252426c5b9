// An executor that is killed before and after each of its steps, for every way of landing.

import { afterEach, beforeEach, test } from "vitest";

import { killEverywhere, killRounds } from "../support/executor-kills.ts";
import { ExecutorFixture } from "../support/executor-fixture.ts";
import { seededNumbers } from "../support/trie-records.ts";

let fixture: ExecutorFixture;

beforeEach(() => {
    fixture = new ExecutorFixture();
});

afterEach(() => {
    fixture.remove();
});

test("a hundred kills at steps by seeded choice leave nothing behind", async () => {
    await killRounds(fixture, 100, seededNumbers(8));
}, 1_800_000);

test.each(["branch", "fast-forward", "patch"] as const)(
    "a kill at each step of landing as %s leaves nothing behind",
    async (landing) => {
        await killEverywhere(fixture, landing, ["before", "after"]);
    },
    900_000,
);
