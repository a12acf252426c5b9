// The catalogue of renames: each case is a text file in a folder of its group.
//
//     TITLE
//     --- rename NEW_NAME [--as import|alias]
//     the workspace before, with the cursor as `$0`
//     --- gives
//     the workspace after, or what stands against the rename

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

import { outcomeOf } from "../../support/rename-check.ts";

const HERE = new URL(".", import.meta.url);

const CASE =
    /^(?<title>[^\n]+)\n--- rename (?<name>[^\n]*?)(?: --as (?<as>import|alias))?\n(?<before>[^]*?)--- gives\n(?<after>[^]*)$/u;

const groups = readdirSync(HERE, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();

test("there are cases", () => {
    expect(groups.length).toBeGreaterThan(0);
});

describe.each(groups)("%s", (group) => {
    const folder = new URL(`${group}/`, HERE);
    test.each(readdirSync(folder).sort())("%s", (file) => {
        const match = CASE.exec(readFileSync(new URL(file, folder), "utf8"));
        expect(match, `${file} has no title, no rename or no result`).not.toBeNull();
        const { name, as, before, after } = match!.groups!;
        expect(outcomeOf(before!, name!, as as "import" | "alias" | undefined)).toBe(after);
    });
});
