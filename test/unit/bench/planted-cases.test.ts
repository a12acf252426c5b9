// Planted clashes: how they are read, and that every kind of conflict has one.

import path from "node:path";
import { describe, expect, test } from "vitest";

import {
    readPlantedCase,
    readPlantedCases,
    wrongRename,
} from "../../../bench/accuracy/planted-cases.ts";
import { editText } from "../../../bench/accuracy/workspace-copy.ts";

const HEADER = "about: one\nrename to: b\nprints: 1\nmust not print: 2\n\n";
const FOLDER = path.resolve(import.meta.dirname, "../../../bench/planted");

describe("readPlantedCase", () => {
    test("takes the marks out and remembers where they were", () => {
        const one = readPlantedCase("x", `${HEADER}let [[a]] = 1;\nuse([[a]]);\n`);
        expect(one.text).toBe("let a = 1;\nuse(a);\n");
        expect(one.marks.map(({ start, name }) => [start, name])).toEqual([
            [4, "a"],
            [15, "a"],
        ]);
        expect(editText(one.text, wrongRename(one).edits)).toBe("let b = 1;\nuse(b);\n");
    });

    test("complains of a header line that is not there, and of a case without a mark", () => {
        expect(() => readPlantedCase("x", "about: one\n\n[[a]]")).toThrow(/is not "/u);
        expect(() => readPlantedCase("x", `${HEADER}let a = 1;\n`)).toThrow(/no token is marked/u);
    });
});

test("every kind of conflict that can compile has a case, and no case asks for what it has", () => {
    const cases = readPlantedCases(FOLDER);
    const kinds = new Set(cases.map(({ name }) => name.replace(/-.*/u, "")));
    const wanted = [163, 164, 165, 166, 167, 168, 169, 170, 171, 172, 173, 174, 175, 176];
    expect([...kinds].sort()).toEqual([...wanted.map(String), "output"]);
    for (const one of cases) {
        expect(one.prints, one.name).not.toBe(one.mustNotPrint);
        expect(new Set(one.marks.map(({ name }) => name)).size, one.name).toBe(1);
        expect(one.marks[0]?.name, one.name).not.toBe(one.newName);
    }
});
