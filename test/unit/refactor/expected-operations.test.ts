// What the operations of a patch declare about the bindings: a text after one of them from which an edit is
// missing, that has one too many, or a wrong name in one, is refuted. The text is tampered with where the proof
// reads it.

import { describe, expect, test } from "vitest";

import {
    changeSignature,
    changeVisibility,
    moveItem,
    replacePath,
    rewritePattern,
    type RenameContext,
    type RenamePlan,
} from "../../../src/refactor/index.ts";
import { parseFixture } from "../../support/fixture.ts";
import { openFixture } from "../../support/rename-check.ts";
import { tamper } from "../../support/tampered-context.ts";

interface Operation {
    readonly what: string;
    readonly before: string;
    readonly symbol: string;
    readonly plan: (context: RenameContext, symbol: number) => unknown;
    /** What the text after has, and what it is made to have. */
    readonly tampered: Readonly<Record<string, readonly [string, string]>>;
}

const OPERATIONS: readonly Operation[] = [
    {
        what: "an item that is moved",
        before:
            "mod a { pub fn g() -> u8 { k() } pub fn k() -> u8 { 1 } pub fn j() {} }\n" +
            "mod b { pub fn k() -> u8 { 2 } }\nfn f() { a::g(); a::k(); }\n",
        symbol: "main::a::g",
        plan: (context, symbol) => moveItem(context, symbol, "main::b"),
        tampered: {
            "an edit is missing": ["b::g()", "a::g()"],
            "one too many": ["a::k();", "b::k();"],
            "a wrong name": ["b::g()", "b::k()"],
            "its own path is not followed": ["crate::a::k()", "k()"],
        },
    },
    {
        what: "a signature that is changed",
        before:
            "fn one() -> u8 { 1 }\nfn two() -> u8 { 2 }\nfn g(a: u8, b: u8) -> u8 { a + b }\n" +
            "fn f() { g(one(), two()); one(); }\n",
        symbol: "main::g",
        plan: (context, symbol) => changeSignature(context, symbol, [{ keep: "b" }, { keep: "a" }]),
        tampered: {
            "an edit is missing": ["g(two(), one())", "g(one(), two())"],
            "one too many": ["one(); }", "two(); }"],
            "a wrong name": ["g(two(), one())", "g(two(), two())"],
            "a parameter of another name": ["b: u8, a: u8", "b: u8, c: u8"],
        },
    },
    {
        what: "a visibility that is changed",
        before: "mod a { pub fn g() {} pub fn k() {} }\nfn f() { a::g(); a::k(); }\n",
        symbol: "main::a::g",
        plan: (context, symbol) => changeVisibility(context, symbol, "pub(crate)"),
        tampered: {
            "one too many": ["a::k();", "a::g();"],
            "a wrong name": ["a::g()", "a::k()"],
            "another name of the item": ["fn g", "fn h"],
        },
    },
    {
        what: "a path that is replaced",
        before:
            "mod a { pub fn g() {} }\nmod b { pub fn h() {} pub fn k() {} }\n" +
            "fn f() { a::g(); b::k(); }\nfn e() { a::g(); }\n",
        symbol: "main::a::g",
        plan: (context, symbol) => replacePath(context, symbol, "main::b::h"),
        tampered: {
            "an edit is missing": ["fn e() { crate::b::h()", "fn e() { a::g()"],
            "one too many": ["b::k();", "b::h();"],
            "a wrong name": ["crate::b::h();", "crate::b::k();"],
        },
    },
    {
        what: "a pattern that is rewritten",
        before:
            "mod a { pub fn g(_: u8) {} }\nmod b { pub fn h(_: u8) {} pub fn k(_: u8) {} }\n" +
            "fn f(x: u8, y: u8) { a::g(x); b::k(y); a::g(y); }\n",
        symbol: "main::a::g",
        plan: (context) => rewritePattern(context, "main::a::g($x)", "crate::b::h($x)"),
        tampered: {
            "an edit is missing": ["crate::b::h(y);", "a::g(y);"],
            "one too many": ["b::k(y);", "b::h(y);"],
            "a wrong name": ["h(x);", "h(y);"],
        },
    },
];

describe.each(OPERATIONS)("$what", ({ before, symbol, plan, tampered }) => {
    const fixture = parseFixture(before);
    const planned = (context: RenameContext): unknown => {
        const [index] = context.resolution.findByPath(symbol);
        expect(index).toBeDefined();
        return plan(context, index!);
    };

    test("is proved", () => {
        expect(planned(openFixture(fixture))).toMatchObject({
            kind: "plan",
            proof: { verdict: "proved" },
        });
    });

    test.each(Object.entries(tampered))("%s: refuted", (_how, change) => {
        const seen: string[] = [];
        const context = tamper(openFixture(fixture), change, seen);
        const plan = planned(context) as RenamePlan;
        expect(seen.join("\n")).toContain(change[0]);
        expect(plan.proof.verdict).toBe("refuted");
    });
});
