// What a token of a macro's body may be: its neighbours there decide, and the input of other macros does not.

import { describe, expect, test } from "vitest";

import type { RenamePlan } from "../../../src/refactor/index.ts";
import { parseFixture } from "../../support/fixture.ts";
import { planAtCursor } from "../../support/rename-check.ts";

function doubtsOf(text: string): string[] {
    const fixture = parseFixture(text);
    const plan = planAtCursor(fixture, "fresh") as RenamePlan;
    expect(plan.kind).toBe("plan");
    return plan.unproved.map(({ path, span }) =>
        fixture.files.get(path)!.slice(span.start - 4, span.end + 2),
    );
}

const inBody = (body: string): string => `macro_rules! m { ($x:expr) => { ${body} } }`;

describe("a token of a body is no use", () => {
    test.each([
        ["of a module, where an attribute stands", "mod $0test {}", "#[test] fn f() {}"],
        ["of a module, where a call stands", "mod $0name {}", "name($x); a::name($x)"],
        ["of a module, where an item gets the name", "mod $0name {}", "fn name() {}"],
        ["of a macro, where a path goes on", "macro_rules! $0name { () => {} }", "name::f()"],
        ["of a macro, where a function begins", "macro_rules! $0name { () => {} }", "fn name() {}"],
        ["of a field, where a path ends", "struct S { $0name: u8 }", "a::name($x)"],
        ["of a field, where a local is read", "struct S { $0name: u8 }", "name + $x"],
        ["of a method, without a path", "struct S; impl S { fn $0name() {} }", "name()"],
        ["of a function, where a path goes on", "fn $0name() {}", "name::f()"],
        ["of a type, where a function begins", "struct $0name;", "fn name() {}"],
    ])("%s", (_, item, body) => {
        expect(doubtsOf(`${item}\n${inBody(body)}\n`)).toEqual([]);
    });
});

describe("a token of a body may be a use", () => {
    test.each([
        ["of a module", "mod $0name {}", "name::f()"],
        ["of a module in an import", "mod $0name {}", "use a::{name}"],
        ["of a module before a variable", "mod $0name {}", "name $x"],
        ["of a module before a comment", "mod $0name {}", "name /* */ ::f()"],
        ["of a module in another macro's input", "mod $0name {}", "other!(name)"],
        ["of a field in a literal", "struct S { $0name: u8 }", "S { name: $x }"],
        ["of a field in shorthand", "struct S { a: u8, $0name: u8 }", "S { a: $x, name }"],
        ["of a method in an impl", "trait T { fn $0name(); }", "impl T for $x { fn name() {} }"],
        ["of a method by its type", "struct S; impl S { fn $0name() {} }", "S::name()"],
        ["of a type behind a pointer", "struct $0name;", "$x as *const name"],
        ["of a type in a pattern", "struct $0name;", "let name = $x;"],
        ["of a generic function", "fn $0name<T>() {}", "name::<u8>()"],
        ["of a constant in a pattern", "const $0name: u8 = 1;", "if let name = $x {}"],
        ["behind a comment that ends like one", "fn $0name() {}", "// no fn\nname()"],
    ])("%s", (_, item, body) => {
        expect(doubtsOf(`${item}\n${inBody(body)}\n`)).not.toEqual([]);
    });
});
