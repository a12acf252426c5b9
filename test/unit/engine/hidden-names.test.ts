// Which renames cannot matter to another crate, by visibility alone.

import { expect, test } from "vitest";

import { isHiddenOutside } from "../../../src/engine/validate/hidden-names.ts";
import { parseFixture } from "../../support/fixture.ts";
import { openFixture, planAtCursor } from "../../support/rename-check.ts";

test.each([
    ["a private function", "fn f$0() {} pub fn g() { f() }", true],
    ["a public function", "pub fn f$0() {}", false],
    ["a public function of a private module", "mod m { pub fn f$0() {} }", false],
    ["an item of its crate", "pub(crate) struct S$0;", true],
    ["a private module", "mod m$0 { pub fn f() {} }", true],
    ["a local", "pub fn f(x$0: u32) -> u32 { x }", true],
    ["a type parameter", "pub fn f<T$0>(x: T) -> T { x }", true],
    // A private method is found before a trait's, and refused.
    ["a private method", "pub struct S; impl S { fn m$0(&self) {} }", false],
    ["a private field", "pub struct S { x$0: u32 }", false],
    ["a private trait's method", "trait T { fn m$0(&self); }", false],
    ["a variant of a private enum", "enum E { A$0 }", false],
    ["a macro", "macro_rules! m$0 { () => {} } m!();", false],
    [
        "a twin that is public",
        "#[cfg(unix)] fn f$0() {} #[cfg(not(unix))] pub fn f() {} fn g() { f() }",
        false,
    ],
])("%s", (_, text, isHidden) => {
    const fixture = parseFixture(text);
    const plan = planAtCursor(fixture, "fresh");
    const { resolution } = openFixture(fixture);
    expect(plan.kind === "plan" && isHiddenOutside({ resolution }, plan)).toBe(isHidden);
    expect(plan.kind).toBe("plan");
});
