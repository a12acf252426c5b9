// The catalogue of renames: each case is a text file in a folder of its group.
//
//     TITLE
//     --- rename NEW_NAME [--as import|alias] [--include text]
//     the workspace before, with the cursor as `$0`
//     --- gives
//     the workspace after, or what stands against the rename
//
// `--- move FROM TO` in the place of `--- rename`: a file or folder that is renamed by hand, and what follows.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

import { outcomeOf, outcomeOfMove } from "../../support/rename-check.ts";

const HERE = new URL(".", import.meta.url);

/** `UPDATE_GOLDEN=1` writes what a case gives now, to be read before it is kept. */
const UPDATE = process.env["UPDATE_GOLDEN"] === "1";

const CASE =
    /^(?<title>[^\n]+)\n--- (?:rename (?<name>[^\n]*?)(?: --as (?<as>import|alias))?(?: --include (?<include>text))?|move (?<from>\S+) (?<to>\S+))\n(?<before>[^]*?)--- gives\n(?<after>[^]*)$/u;

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
        const { name, as, include, from, to, before, after } = match!.groups!;
        const outcome =
            from === undefined
                ? outcomeOf(before!, name!, {
                      as: as as "import" | "alias" | undefined,
                      isTextIncluded: include === "text",
                  })
                : outcomeOfMove(before!, from, to!);
        if (UPDATE) {
            const text = match![0].slice(0, match![0].length - after!.length);
            writeFileSync(new URL(file, folder), `${text}${outcome}`);
            return;
        }
        expect(outcome).toBe(after);
    });
});
