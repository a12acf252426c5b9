// Which rule fits a call, what is a macro at all, and when nobody can be sure.

import { expect, test } from "vitest";

import { MACRO_LIMITS } from "../../../src/syntax/index.ts";
import { defineMacro, expandedText, expandText, mustDefine } from "../../support/macro-text.ts";

test("a definition that is none is opaque with its reason", () => {
    const reasons = [
        ["macro_rules m { () => {} }", "not the definition of a macro"],
        ["macro_rules! { () => {} }", "a macro without a name"],
        ["macro_rules! m { }", "a macro without rules"],
        ["macro_rules! m { () }", "not a rule of a macro"],
        ["macro_rules! m { () => }", "a rule without a body"],
        ["() => {} () => {}", "rules without a semicolon between them"],
        ["($x:nothing) => {}", "no known fragment is given for $x"],
        ["($x) => {}", "no known fragment is given for $x"],
        ["($x:tt $x:tt) => {}", "$x is declared twice"],
        ["($($x:tt)) => {}", "a repetition without its operator"],
        ["($($x:tt),?) => {}", "a repetition without its operator"],
        ["($($($x:tt)*)*) => {}", "a repetition that may match nothing"],
        ["($($v:vis)*) => {}", "a repetition that may match nothing"],
        ["($()*) => {}", "a repetition that may match nothing"],
        ["($[a]) => {}", "a dollar without a name in a matcher"],
        ["() => { $+ }", "a dollar without a name in a body"],
        ["() => { $(a) }", "a repetition without its operator"],
        ["() => { ${nothing()} }", "an unknown metavariable expression"],
        ["() => { ${count(x)} }", "an unknown metavariable expression"],
        ["() => { ( }", "a delimiter without its partner"],
        ["() => { ' }", "not a Rust token"],
    ] as const;
    for (const [text, reason] of reasons) {
        expect(defineMacro(text), text).toBe(reason);
    }
});

test("definitions are read with what stands before them", () => {
    const text =
        "/// Doc.\n#[doc(hidden)] #[macro_export(local_inner_macros)] macro_rules! r#try ( () => [] );";
    expect(mustDefine(text)).toMatchObject({
        name: "r#try",
        flavor: "macro_rules",
        localInnerMacros: true,
        nameStart: text.indexOf("r#try"),
    });
    expect(mustDefine("pub(crate) macro n($x:expr) { $x }")).toMatchObject({
        name: "n",
        flavor: "macro",
        localInnerMacros: false,
    });
    expect(mustDefine("macro n { () => { 1 }, ($x:tt) => { 2 } }").rules).toHaveLength(2);
});

test("the first rule that fits wins", () => {
    const rules =
        "(a) => { 1 }; ($x:ident) => { 2 }; ($x:ident + $($y:tt)*) => { 3 }; ($($y:tt)*) => { 4 }";
    const calls = { a: "1", b: "2", "b + c d": "3", "b - c": "4", "": "4", "r#a": "2" };
    for (const [call, text] of Object.entries(calls)) {
        expect(expandedText(rules, call), call).toBe(text);
    }
});

test("no rule fits", () => {
    expect(expandedText("(a) => { 1 }", "b")).toBe("<no rule of m! fits the input>");
    expect(expandedText("($v:vis) => { 1 }", "")).toBe("<no rule of m! fits the input>");
    expect(expandedText("($t:ty, $u:ty) => { 1 }", "u8")).toBe("<no rule of m! fits the input>");
});

test("a fragment that cannot be read ends the search, as in rustc", () => {
    const rules = "($e:expr) => { 1 }; ($($t:tt)*) => { 2 }";
    expect(expandedText(rules, "a +")).toBe("<the input of the macro is not read as expr>");
    expect(expandedText(rules, "=> a")).toBe("2");
    expect(expandedText(rules, "a b")).toBe("2");
});

test("what is ambiguous to rustc is a problem", () => {
    const rules = "($($a:ident)* $b:ident) => { 1 }";
    expect(expandedText(rules, "x y")).toBe("<more than one way to match is open>");
    expect(expandedText("($($a:tt)* $(,)?) => { 1 }", "x ,")).toBe(
        "<more than one way to match is open>",
    );
    expect(expandedText("($(a)* $(a)*) => { 1 }", "a")).toBe(
        "<more than one way to match is left>",
    );
});

test("an operator inside of a type may be the end of a matcher's bracket", () => {
    expect(expandedText("(< $t:ty > $i:ident) => { $i }", "<Vec<u8>> x")).toBe("x");
    expect(expandedText("(< $t:ty >) => { $t }", "<Vec<Vec<u8>>>")).toBe("Vec < Vec < u8 >>");
    expect(expandedText("($t:ty = $e:expr) => { $e }", "Vec<u8>= 1")).toBe("1");
    expect(expandedText("($t:ty = $e:expr) => { $e }", "Vec<Vec<u8>>=1")).toBe("1");
    expect(expandedText("($a:pat_param | $b:pat_param) => { $b }", "1 | &2")).toBe("& 2");
});

test("what a fragment begins with decides whether it is tried", () => {
    const kinds: Readonly<Record<string, readonly string[]>> = {
        block: ["{ }"],
        expr: [
            "1",
            "-1",
            "|x| 1",
            "||1",
            "&x",
            "<A>::b",
            "..",
            "#[a] b",
            "'a: loop {}",
            "async {}",
        ],
        ident: ["x", "fn", "self", "r#fn"],
        item: ["fn f();", "pub struct S;"],
        lifetime: ["'a"],
        literal: ["1", "-1", "true", '"x"', "'x'"],
        meta: ["doc", "a::b(c)", 'a = "x"', "unsafe(no_mangle)"],
        pat: ["|1|2", "_", "mut x", "&&x", "..5", "-1", "A{..}", "[a, ..]", "const { 1 }"],
        path: ["a", "::a::b", "self::c<u8>", "a::<b>", "Fn(u8) -> u8"],
        ty: [
            "u8",
            "&'a mut T",
            "!",
            "_",
            "(A, B)",
            "[u8; 2]",
            "*const u8",
            "dyn A + 'b",
            "fn()",
            "?Sized",
        ],
        vis: ["pub", "pub(crate)", "pub(in a::b)", "pub (self)"],
        stmt: ["let x = 1", "x", "fn f() {}", "m!{}", "a.b()", ";"],
    };
    for (const [kind, calls] of Object.entries(kinds)) {
        for (const call of calls) {
            expect(expandedText(`($x:${kind}) => { yes }; ($($t:tt)*) => { no }`, call), call).toBe(
                "yes",
            );
        }
    }
    const not: Readonly<Record<string, string>> = {
        ...{ block: "(1)", expr: "=> 1", ident: "_", lifetime: "'a'", literal: "x", meta: "'a" },
        ...{ pat: "=", path: "&x", ty: "1", vis: "(crate)", expr_2021: "const { 1 }" },
    };
    for (const [kind, call] of Object.entries(not)) {
        expect(expandedText(`($x:${kind}) => { yes }; ($($t:tt)*) => { no }`, call), kind).toMatch(
            kind === "vis" ? /^<|no/u : /^no$/u,
        );
    }
});

test("editions differ in keywords and fragments", () => {
    const rules = "($x:expr) => { yes }; ($($t:tt)*) => { no }";
    expect(expandedText(rules, "const { 1 }", 2021)).toBe("no");
    expect(expandedText(rules, "const { 1 }", 2024)).toBe("yes");
    expect(expandedText(rules, "_", 2024)).toBe("yes");
    const bars = "($($p:pat)|+) => { yes }; ($($t:tt)*) => { no }";
    expect(expandedText(bars, "1 | 2", 2018)).toBe("yes");
    expect(expandedText("($p:pat) => { $p }", "1 | 2", 2021)).toBe("( 1 | 2 )");
    expect(expandedText("($t:ty) => { yes }", "dyn", 2015)).toBe("yes");
});

test("matching is bounded", () => {
    const definition = mustDefine("($($($v:vis),+)*) => { 1 }");
    expect(expandText(definition, "x", { ...MACRO_LIMITS, stepsMax: 1000 })).toBe(
        "matching takes too many steps",
    );
    const long = mustDefine("($($t:tt)*) => { $($t)* }");
    const limits = { ...MACRO_LIMITS, inputTokensMax: 3 };
    expect(expandText(long, "a b c d", limits)).toBe("the input of the macro is too long");
    const short = { ...MACRO_LIMITS, outputTokensMax: 3 };
    expect(expandText(long, "a b c d e", short)).toBe("the expansion is too long");
});

test("a broken input is a problem", () => {
    const definition = mustDefine("($($t:tt)*) => { $($t)* }");
    expect(expandText(definition, "( ]")).toBe("a delimiter without its partner");
    expect(expandText(definition, ")")).toBe("a delimiter without its partner");
});
