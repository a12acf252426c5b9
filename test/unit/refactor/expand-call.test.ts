// A call expanded to the end: nested calls, what is left alone, what cannot be done with certainty.

import { describe, expect, test } from "vitest";

import { expandCall } from "../../../src/refactor/expand-call.ts";
import {
    isMacroProblem,
    lexMacroTokens,
    parseMacroDefinition,
    type MacroDefinition,
    type MacroToken,
} from "../../../src/syntax/index.ts";

function lex(text: string): readonly MacroToken[] {
    const tokens = lexMacroTokens({ text, start: 0, end: text.length, source: 0 });
    if (isMacroProblem(tokens)) {
        throw new Error(tokens.problem);
    }
    return tokens;
}

function define(text: string): MacroDefinition {
    const at = { start: 0, end: text.length, source: 1, crate: 0, edition: 2021 };
    const definition = parseMacroDefinition({ text, ...at });
    if (isMacroProblem(definition)) {
        throw new Error(definition.problem);
    }
    return definition;
}

function expand(input: string, ...rules: readonly string[]): string | undefined {
    const macros = rules.map((rule, at) => define(`macro_rules! m${at} { ${rule} }`));
    const output = expandCall(macros[0]!, { tokens: lex(input), edition: 2021 }, (name) =>
        macros.find((one) => one.name === name),
    );
    return output?.tokens.map(({ text }) => text || "¦").join(" ");
}

describe("a call in the output", () => {
    test("is a list of statements where one ends before and after it", () => {
        expect(expand("x", "($e:ident) => { m1!($e); y() }", "($e:ident) => { $e(); }")).toBe(
            "x ( ) ; y ( )",
        );
    });

    test("is one value elsewhere", () => {
        expect(expand("x", "($e:ident) => { 1 + m1!($e) * 2 }", "($e:ident) => { $e + 1 }")).toBe(
            "1 + ¦ x + 1 ¦ * 2",
        );
    });

    test("is a list of items behind attributes, which each of them gets", () => {
        expect(
            expand(
                "x",
                "($e:ident) => { struct A; #[cfg(unix)] #[doc(hidden)] m1! { $e } }",
                "($e:ident) => { struct $e; fn f() {} }",
            ),
        ).toBe(
            "struct A ; # [ cfg ( unix ) ] # [ doc ( hidden ) ] struct x ; " +
                "# [ cfg ( unix ) ] # [ doc ( hidden ) ] fn f ( ) { }",
        );
    });

    test("is a value behind brackets that are no attribute", () => {
        expect(expand("x", "($e:ident) => { a[0] m1!($e) }", "($e:ident) => { $e }")).toBe(
            "a [ 0 ] ¦ x ¦",
        );
    });

    test("loses its path", () => {
        expect(expand("", "() => { 1 + $crate::a::m1!() }", "() => { 2 }")).toBe("1 + ¦ 2 ¦");
    });

    test("is not known where a definition for readers stands in for it", () => {
        expect(expand("", "() => { f(m1!()) }", "() => { ... }")).toBeUndefined();
        expect(expand("", "() => { ... }")).toBeUndefined();
        expect(expand("", "() => { extern fn f(...); }")).toBe("extern fn f ( ... ) ;");
    });

    test("is expanded in the input of std's macros that read expressions, and in no other", () => {
        expect(expand("", "() => { assert!(m1!()) }", "() => { 2 }")).toBe("assert ! ( ¦ 2 ¦ )");
        expect(expand("", "() => { stringify!(m1!()) }", "() => { 2 }")).toBe(
            "stringify ! ( m1 ! ( ) )",
        );
        expect(expand("", "() => { odd!(m1!()) }", "() => { 2 }")).toBe("odd ! ( m1 ! ( ) )");
    });
});

test("a definition in the output is kept as it is, and named", () => {
    const outer = define(
        "macro_rules! m0 { () => { macro_rules! inner { () => { m1!() } } m1!() } }",
    );
    const two = define("macro_rules! m1 { () => { 2 } }");
    const output = expandCall(outer, { tokens: [], edition: 2021 }, (name) =>
        name === "m1" ? two : undefined,
    );
    expect(output?.tokens.map(({ text }) => text || "¦").join(" ")).toBe(
        "macro_rules ! inner { ( ) => { m1 ! ( ) } } 2",
    );
    expect(output?.defined).toEqual(["inner"]);
});

describe("nothing is said", () => {
    test("of a call that no rule fits", () => {
        expect(expand("1", "($e:ident) => { $e }")).toBeUndefined();
        expect(expand("", "() => { m1!(1) }", "() => { 2 }")).toBeUndefined();
    });

    test("of a macro that calls itself for ever", () => {
        expect(expand("", "() => { m0!() }")).toBeUndefined();
    });

    test("of a definition that has no name", () => {
        expect(expand("", "() => { macro_rules! { () => {} } }")).toBeUndefined();
    });
});
