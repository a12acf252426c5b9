// Each refactoring declares what it changes about the bindings: a text after it that differs in anything else is
// refuted. The text is tampered with behind the planner's back, where the proof reads it.

import { describe, expect, test } from "vitest";

import { repoPath } from "../../../src/base/index.ts";
import {
    findRenameTarget,
    planRename,
    renameFile,
    type RenamePlan,
} from "../../../src/refactor/index.ts";
import { parseFixture } from "../../support/fixture.ts";
import { openFixture, planAtCursor } from "../../support/rename-check.ts";
import { tamper } from "../../support/tampered-context.ts";

interface Case {
    readonly what: string;
    readonly before: string;
    readonly newName: string;
    readonly as?: "import" | "alias";
    /** What the text after has, and what it is made to have. */
    readonly tampered: readonly [string, string];
}

const CASES: readonly Case[] = [
    {
        what: "a plain rename",
        before: "fn $0g() {}\nfn k() {}\nfn f() { g(); k(); }\n",
        newName: "h",
        tampered: ["h(); k();", "k(); k();"],
    },
    {
        what: "a parameter that is dropped",
        before: "fn k() {}\nfn f($0a: u8, b: u8) -> u8 { b }\n",
        newName: "_",
        tampered: ["{ b }", "{ c }"],
    },
    {
        what: "an import that becomes several",
        before:
            "mod m { pub struct $0A {} #[allow(non_snake_case)] pub fn A() {} pub struct C; }\n" +
            "use m::A;\nfn f(_: A) { A() }\n",
        newName: "B",
        tampered: ["{B, A}", "{C, A}"],
    },
    {
        what: "an import under another name",
        before: "mod m { pub fn g() {} pub fn k() {} }\nuse m::$0g;\nfn f() { g(); }\n",
        newName: "h",
        as: "import",
        tampered: ["m::g as h", "m::k as h"],
    },
    {
        what: "an alias that is dropped",
        before: "mod m { pub fn g() {} pub fn k() {} }\nuse m::g as $0h;\nfn f() { h(); }\n",
        newName: "g",
        as: "alias",
        tampered: ["use m::g;", "use m::k as g;"],
    },
    {
        what: "a lifetime that is named",
        before: "struct S<'a>(&'a u8);\nfn f<'b>(x: &'b u8, s: S<'$0_>) {}\n",
        newName: "'c",
        tampered: ["S<'c>", "S<'b>"],
    },
    {
        what: "a parameter that becomes `self`",
        before: "struct S;\nimpl S { fn g($0s: &S) { s.k() } fn k(&self) {} }\nfn f(s: S, t: S) { S::g(&s) }\n",
        newName: "self",
        tampered: ["s.g()", "t.g()"],
    },
    {
        what: "`self` that becomes a parameter",
        before: "struct S;\nimpl S { fn g(&$0self) { self.k() } fn k(&self) {} }\nfn f(s: S, t: S) { s.g() }\n",
        newName: "it",
        tampered: ["S::g(&s)", "S::g(&t)"],
    },
];

describe("what is declared is proved, and anything else refuted", () => {
    test.each(CASES)("$what", ({ before, newName, as, tampered }) => {
        const fixture = parseFixture(before);
        const asDeclared = planAtCursor(fixture, newName, { as });
        expect(asDeclared).toMatchObject({ kind: "plan", proof: { verdict: "proved" } });
        const seen: string[] = [];
        const context = tamper(openFixture(fixture), tampered, seen);
        const { path, offset } = fixture.cursor!;
        const target = (asDeclared as RenamePlan).target;
        const start = findRenameTarget(context, repoPath(path), offset);
        const chosen = as === undefined && start.kind === "start" ? start.target : target;
        const plan = planRename(context, chosen, newName);
        expect(seen.join("\n")).toContain(tampered[0]);
        expect((plan as RenamePlan).proof.verdict).toBe("refuted");
    });
});

test("a constructor's parameter keeps its name where it could not take the field's", () => {
    const fixture = parseFixture(
        "struct S { $0size: u8 }\nimpl S { fn of(size: u8, k: u8) -> S { S { size } } }\n",
    );
    const textsOf = (plan: RenamePlan): string[] => plan.edits.map(({ newText }) => newText);
    const together = planAtCursor(fixture, "length") as RenamePlan;
    expect(textsOf(together)).toEqual(["length", "length", "length"]);
    const context = tamper(openFixture(fixture), ["S { length }", "S { length: k }"], []);
    const alone = planRename(context, together.target, "length") as RenamePlan;
    expect(alone.proof.verdict).toBe("proved");
    expect(textsOf(alone)).toEqual(["length: size", "length"]);
});

test("a file that is renamed by hand changes nothing about the bindings", () => {
    const fixture = parseFixture(`//- /src/lib.rs crate:main
mod foo;
mod other { pub fn g() {} }
fn f() { foo::g(); }
//- /src/foo.rs
pub fn g() {}
`);
    const move = { from: "src/foo.rs", to: "src/bar.rs" };
    const proved = renameFile(openFixture(fixture), move);
    expect(proved).toMatchObject({ kind: "plan", proof: { verdict: "proved" } });
    const context = tamper(openFixture(fixture), ["bar::g()", "other::g()"], []);
    expect((renameFile(context, move) as RenamePlan).proof.verdict).toBe("refuted");
});
