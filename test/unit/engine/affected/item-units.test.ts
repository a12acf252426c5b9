// Items of two texts, compared.

import { beforeAll, describe, expect, test } from "vitest";

import { compareItems, itemUnitsOf } from "../../../../src/engine/affected/item-units.ts";
import { openSyntax, type SyntaxParser } from "../../../../src/syntax/index.ts";

let parser: SyntaxParser;

beforeAll(async () => {
    parser = await openSyntax();
});

/** What differs, as `how kind name`. */
function differences(before: string, after: string): string[] {
    const unitsOf = (text: string): ReturnType<typeof itemUnitsOf> =>
        itemUnitsOf(text, parser.capture("a.rs", text));
    return compareItems(unitsOf(before), unitsOf(after)).map((change) => {
        const unit = change.after ?? change.before;
        const docs = change.docsOnly ? " (documentation)" : "";
        return `${change.how} ${unit?.kind ?? ""} ${unit?.name ?? ""}`.trim() + docs;
    });
}

describe("items of two texts", () => {
    test("comments and layout are no difference", () => {
        expect(differences("fn a() { 1 }", "// one\nfn a() {\n    /* x */ 1\n}\n")).toEqual([]);
    });

    test("of nested items only the innermost differs", () => {
        expect(
            differences(
                "mod m { impl S { fn a() { 1 } fn b() {} } }",
                "mod m { impl S { fn a() { 2 } fn b() {} } }",
            ),
        ).toEqual(["changed function_item a"]);
    });

    test("what belongs to no item is the file's, and a header the container's", () => {
        expect(differences("fn a() {}", "#![no_std]\nfn a() {}")).toEqual(["changed source_file"]);
        expect(differences("trait T { fn a(); }", "trait T: U { fn a(); }")).toEqual([
            "changed trait_item T",
        ]);
    });

    test("an attribute is its item's, a field its type's", () => {
        expect(differences("#[a] struct S { x: u8 }", "#[b] struct S { x: u8 }")).toEqual([
            "changed struct_item S",
        ]);
        expect(differences("struct S { x: u8 }", "struct S { x: u16 }")).toEqual([
            "changed struct_item S",
        ]);
    });

    test("items that come and go", () => {
        expect(differences("fn a() {}", "fn b() {}")).toEqual([
            "added function_item b",
            "removed function_item a",
        ]);
    });

    test("an impl is told by its header: another one is another impl", () => {
        expect(differences("impl T for A { fn f() {} }", "impl T for B { fn f() {} }")).toEqual([
            "added impl_item",
            "added function_item f",
            "removed impl_item",
            "removed function_item f",
        ]);
    });

    test("of several items of one name all differ where their number does", () => {
        expect(
            differences("#[cfg(a)] fn f() {}", "#[cfg(a)] fn f() {}\n#[cfg(b)] fn f() {}"),
        ).toEqual(["changed function_item f", "added function_item f"]);
    });

    test("documentation is told apart", () => {
        expect(differences("/// a\nfn f() {}", "/// b\nfn f() {}")).toEqual([
            "changed function_item f (documentation)",
        ]);
    });

    test("tokens that are no Rust belong to what is around them", () => {
        expect(differences("fn a() {}\n", "fn a() {}\n@@@\n")).toEqual(["changed source_file"]);
    });

    test("a macro's call where items stand is an item", () => {
        expect(differences("m! { a }", "m! { b }")).toEqual(["changed macro_invocation"]);
    });
});
