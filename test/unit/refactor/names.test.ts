// New names: what is legal, and how it is spelled in each edition and place.

import { describe, expect, test } from "vitest";

import { checkNewName, type NameUse } from "../../../src/refactor/index.ts";
import { spellName, type NewName } from "../../../src/refactor/rust-names.ts";

const named = (name: string, raw = false): NewName => ({ kind: "name", name, raw });

describe("checkNewName", () => {
    test.each<[string, NameUse, string, boolean]>([
        ["foo", "identifier", "foo", false],
        ["_foo", "identifier", "_foo", false],
        ["r#type", "identifier", "type", true],
        ["名前", "module", "名前", false],
        ["'a", "lifetime", "a", false],
        ["a", "label", "a", false],
        ["_", "parameter", "_", false],
        // Two spellings of one name: the compiler compares in NFC.
        ["cafe\u0301", "identifier", "caf\u00e9", false],
    ])("accepts %s as %s", (text, use, name, raw) => {
        expect(checkNewName(text, use)).toEqual(named(name, raw));
    });

    test.each<[string, NameUse]>([
        ["", "identifier"],
        ["'", "lifetime"],
        ["1a", "identifier"],
        ["a-b", "identifier"],
        ["a b", "identifier"],
        ["r#", "identifier"],
        ["r#_", "parameter"],
        ["_", "identifier"],
        ["_", "module"],
        ["self", "identifier"],
        ["r#Self", "identifier"],
        ["crate", "label"],
        ["'static", "label"],
        ["'_", "lifetime"],
        ["'a", "parameter"],
    ])("refuses %j as %s", (text, use) => {
        expect(checkNewName(text, use)).toMatchObject({ kind: "refusal", code: "RENAME_BAD_NAME" });
    });
});

describe("spellName", () => {
    test("a keyword is raw where its edition reserves it", () => {
        expect(spellName(named("dyn"), "2015", "call")).toBe("dyn");
        expect(spellName(named("dyn"), "2018", "call")).toBe("r#dyn");
        expect(spellName(named("gen"), "2021", "call")).toBe("gen");
        expect(spellName(named("gen"), "2024", "call")).toBe("r#gen");
    });

    test("format strings and doc links know no raw prefix", () => {
        expect(spellName(named("type"), "2021", "format-capture")).toBe("type");
        expect(spellName(named("type"), "2021", "doc-link")).toBe("type");
    });

    test("a raw prefix that nothing asks for is kept as it was typed", () => {
        expect(spellName(named("foo", true), "2021", "value")).toBe("r#foo");
        expect(spellName(named("dyn", true), "2015", "value")).toBe("dyn");
    });
});
