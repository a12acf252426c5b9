// The facts of the fixture from dumps that are checked in. UPDATE_GOLDEN=1 writes them anew, which is right
// when the fixture or the meaning of facts changed; README.md beside it says how the dumps are made.

import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";

import { renderFacts } from "../../../src/capture/rustc/dump/index.ts";
import { FIXTURE_ROOT, fileText, goldenDump, readFixture } from "../../support/rustc-dumps.ts";

const GOLDEN = new URL("facts.txt", import.meta.url);

test("facts of the fixture", async () => {
    const dumps = { hir: goldenDump("hir"), thir: goldenDump("thir"), mir: goldenDump("mir") };
    const { facts, dropped } = await readFixture(dumps);
    const text = [
        renderFacts(facts, (path) => fileText(`${FIXTURE_ROOT}/${path}`)),
        "# left out\n",
        ...Object.entries(dropped)
            .sort()
            .map(([reason, count]) => `${reason} ${count}\n`),
    ].join("");
    if (process.env["UPDATE_GOLDEN"] === "1") {
        writeFileSync(GOLDEN, text);
    }
    expect(text).toBe(readFileSync(GOLDEN, "utf8"));
});
