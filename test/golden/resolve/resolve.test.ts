// What names mean: each case is a text file in a folder of its topic: a title, `---`, and a fixture whose
// labels say what the tokens above them bind to (test/support/check-resolve.ts).

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

import { checkResolve } from "../../support/check-resolve.ts";

const HERE = new URL(".", import.meta.url);

const CASE = /^(?<title>[^\n]+)\n---\n(?<fixture>[^]*)$/u;

const topics = readdirSync(HERE, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();

test("there are topics", () => {
    expect(topics.length).toBeGreaterThan(0);
});

describe.each(topics)("%s", (topic) => {
    const folder = new URL(`${topic}/`, HERE);
    test.each(readdirSync(folder).sort())("%s", (file) => {
        const match = CASE.exec(readFileSync(new URL(file, folder), "utf8"));
        expect(match, `${file} has no title or no fixture`).not.toBeNull();
        checkResolve(match!.groups!["fixture"]!);
    });
});
