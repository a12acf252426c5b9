// Tables for people, and sections of documents that a tool fills in.

import { describe, expect, test } from "vitest";

import { fillSection, percent, renderTable } from "../../../bench/report/markdown-table.ts";

describe("renderTable", () => {
    test("sets columns of numbers to the right and leaves cells of nothing empty", () => {
        const table = renderTable(
            ["what", "times", "note"],
            [
                ["a", 1, "x"],
                ["b", undefined, undefined],
            ],
        );
        expect(table).toBe(
            "| what | times | note |\n| --- | ---: | --- |\n| a | 1 | x |\n| b |  |  |",
        );
    });

    test("keeps a bar and a line break inside of their cell", () => {
        expect(renderTable(["a"], [["x | y\nz"]])).toContain("| x \\| y z |");
    });
});

test("a share of nothing is a dash", () => {
    expect(percent(1, 3)).toBe("33.3%");
    expect(percent(0, 0)).toBe("–");
});

describe("fillSection", () => {
    const document = "# Title\n\nText.\n\n<!-- begin a -->\nold\n<!-- end a -->\n\nEnd.\n";

    test("replaces what stands between the markers and nothing else", () => {
        expect(fillSection(document, "a", "new $& text")).toBe(
            "# Title\n\nText.\n\n<!-- begin a -->\nnew $& text\n<!-- end a -->\n\nEnd.\n",
        );
    });

    test("puts a section that is not there at the end, and finds it again", () => {
        const once = fillSection(document, "b", "one");
        expect(once.startsWith(document.trimEnd())).toBe(true);
        expect(fillSection(once, "b", "two")).toBe(once.replace("\none\n", "\ntwo\n"));
    });

    test("refuses a document that has only one of the markers", () => {
        expect(() => fillSection("<!-- end a -->", "a", "x")).toThrow("only one of the markers");
        expect(() => fillSection("<!-- begin a -->", "a", "x")).toThrow("only one of the markers");
    });
});
