// Semantic patches as data: each case is a text file in a folder of its group.
//
//     TITLE
//     --- patch
//     the patch
//     --- workspace
//     the workspace before
//     --- gives
//     the operations and the workspace after, or the refusal
//
// UPDATE_GOLDEN=1 writes what is given; look at what changed.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { env } from "node:process";
import { describe, expect, test } from "vitest";

import { patchOutcome } from "../../support/patch-check.ts";

const HERE = new URL(".", import.meta.url);

const CASE =
    /^(?<head>(?<title>[^\n]+)\n--- patch\n(?<patch>[^]*?)--- workspace\n(?<before>[^]*?)--- gives\n)(?<after>[^]*)$/u;

const groups = readdirSync(HERE, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();

test("there are cases", () => {
    expect(groups.length).toBeGreaterThan(0);
});

describe.each(groups)("%s", (group) => {
    const folder = new URL(`${group}/`, HERE);
    test.each(readdirSync(folder).sort())("%s", async (file) => {
        const path = new URL(file, folder);
        const match = CASE.exec(readFileSync(path, "utf8"));
        expect(match, `${file} has no title, no patch or no result`).not.toBeNull();
        const { head, patch, before, after } = match!.groups!;
        const outcome = await patchOutcome(patch!, before!);
        if (env["UPDATE_GOLDEN"] === "1") {
            writeFileSync(path, `${head!}${outcome}`);
        } else {
            expect(outcome).toBe(after);
        }
    });
});
