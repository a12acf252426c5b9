// The table of docs/durability.md names tests that are there.

import { expect, test } from "vitest";

import { readRepositoryFile, sizeOf } from "../support/repository.ts";

interface NamedTest {
    readonly fault: string;
    readonly file: string;
    readonly name: string;
}

/** Reads the table: rows of a fault and of tests, a file's name before those that are in it. */
function namedTests(): NamedTest[] {
    const rows = readRepositoryFile("docs/durability.md")
        .split("\n")
        .filter((line) => line.startsWith("| ") && line.includes(".test.ts`"));
    return rows.flatMap((row) => {
        const [, fault = "", tests = ""] = row.split("|").map((cell) => cell.trim());
        let file = "";
        return [...tests.matchAll(/`([^`]+\.test\.ts)`|"([^"]+)"/gu)].flatMap((match) => {
            file = match[1] ?? file;
            return match[2] === undefined ? [] : [{ fault, file, name: match[2] }];
        });
    });
}

test("docs/durability.md names tests that are there", () => {
    const named = namedTests();
    expect(new Set(named.map(({ fault }) => fault)).size).toBeGreaterThan(25);
    const missing = named.filter(({ file, name }) => {
        const path = `test/${file}`;
        const text = sizeOf(path) === undefined ? "" : readRepositoryFile(path);
        return !text.includes(`"${name}"`) && !text.includes(`\`${name}\``);
    });
    expect(missing).toEqual([]);
});
