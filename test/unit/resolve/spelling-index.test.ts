// Which files spell a name, over versions of the files that come and go.

import { describe, expect, it } from "vitest";

import { SpellingIndex } from "../../../src/resolve/spelling-index.ts";
import { openSyntax, type FileCapture } from "../../../src/syntax/index.ts";

const SYNTAX = await openSyntax();

function captures(files: Readonly<Record<string, string>>): Map<string, FileCapture> {
    return new Map(Object.entries(files).map(([path, text]) => [path, SYNTAX.capture(path, text)]));
}

const ATTRIBUTE = '#[doc(alias = "far::away")] fn near() {}';

describe("the index of spellings", () => {
    it("finds names, and names that a text holds among others", () => {
        const index = new SpellingIndex();
        const all = captures({ "a.rs": "fn one() { two() }", "b.rs": ATTRIBUTE, "c.rs": "" });
        expect([...index.pathsOf("two", all)]).toEqual(["a.rs"]);
        expect([...index.pathsOf("far", all)]).toEqual(["b.rs"]);
        expect([...index.pathsOf("away", all)]).toEqual(["b.rs"]);
        expect([...index.pathsOf("a_way", all)]).toEqual([]);
    });

    it("knows nothing of files that are gone, and a moved file by its new path", () => {
        const index = new SpellingIndex();
        const many = Object.fromEntries(
            Array.from({ length: 70 }, (_, at) => [`m${at}.rs`, `fn f${at}() {}`]),
        );
        const before = captures({ ...many, "old.rs": "fn kept() {}", "b.rs": ATTRIBUTE });
        expect([...index.pathsOf("kept", before)]).toEqual(["old.rs"]);
        const after = new Map(before);
        after.delete("b.rs");
        after.delete("old.rs");
        after.set("new.rs", before.get("old.rs")!);
        expect([...index.pathsOf("kept", after)]).toEqual(["new.rs"]);
        expect([...index.pathsOf("far", after)]).toEqual([]);
        expect([...index.pathsOf("kept", before)]).toEqual(["old.rs"]);
        expect([...index.pathsOf("far", before)]).toEqual(["b.rs"]);
    });
});
