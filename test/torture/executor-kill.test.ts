// An executor that is killed before and after each of its steps, for every way of landing.

import { afterEach, beforeEach, test } from "vitest";

import { killEverywhere } from "../support/executor-kills.ts";
import { ExecutorFixture } from "../support/executor-fixture.ts";

let fixture: ExecutorFixture;

beforeEach(() => {
    fixture = new ExecutorFixture();
});

afterEach(() => {
    fixture.remove();
});

test.each(["branch", "fast-forward", "patch"] as const)(
    "a kill at each step of landing as %s leaves nothing behind",
    async (landing) => {
        await killEverywhere(fixture, landing, ["before", "after"]);
    },
    900_000,
);
