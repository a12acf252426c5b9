// What a call expands to: texts, origins, hygiene, groups, and the input of calls inside.

import { expect, test } from "vitest";

import {
    isMacroProblem,
    expandMacro,
    parseMacroTokens,
    renderTokens,
    type Expansion,
    type HygieneMark,
    type MacroDefinition,
    type MacroToken,
} from "../../../src/syntax/index.ts";
import {
    CALL_SOURCE,
    DEFINITION_SOURCE,
    expandedText,
    expandText,
    mustDefine,
} from "../../support/macro-text.ts";

function mustExpand(definition: MacroDefinition, call: string): Expansion {
    const expansion = expandText(definition, call);
    if (typeof expansion === "string") {
        throw new Error(expansion);
    }
    return expansion;
}

/** Expands a call that is written in the output of another expansion. */
function mustExpandInside(definition: MacroDefinition, tokens: readonly MacroToken[]): Expansion {
    const expansion = expandMacro(definition, { tokens, edition: 2021 });
    if (isMacroProblem(expansion)) {
        throw new Error(expansion.problem);
    }
    return expansion;
}

function named(tokens: readonly MacroToken[], text: string): MacroToken[] {
    return tokens.filter((token) => token.text === text);
}

test("repetitions are written as often as they matched", () => {
    const rules =
        "($($k:ident : $($v:expr),+);* $(=> $last:ty)?) => { $($k [$($k + $v),*])* $($last)? }";
    expect(expandedText(rules, "a: 1, 2; b: 3 => u8")).toBe("a [ a + 1 , a + 2 ] b [ b + 3 ] u8");
    expect(expandedText(rules, "")).toBe("");
    expect(expandedText("($($x:ident)* ; $($y:tt)*) => { $($x $y)* }", "a b; c d")).toBe("a c b d");
});

test("what rustc refuses to write is a problem", () => {
    const problems: readonly (readonly [string, string, string])[] = [
        ["($($x:tt)*) => { $x }", "a", "<$x still repeats here>"],
        ["($x:tt) => { $($x)* }", "a", "<nothing repeats in a repetition>"],
        [
            "($($x:ident)* ; $($y:tt)*) => { $($x $y)* }",
            "a; c d",
            "<metavariables repeat unequally often>",
        ],
        ["($($x:tt)*) => { $($x)+ }", "", "<a repetition must repeat once>"],
        ["($x:tt) => { ${index()} }", "a", "<a metavariable expression outside a repetition>"],
        ["($($x:tt)*) => { ${count($x, 1)} }", "a", "<a count of what does not repeat so deep>"],
        [
            "($x:tt) => { ${concat($x, $x)} }",
            "(a)",
            "<a metavariable that cannot be part of a name>",
        ],
        ["($x:literal) => { ${concat($x, y)} }", "1", "<the parts do not make a name>"],
    ];
    for (const [rules, call, problem] of problems) {
        expect(expandedText(rules, call), rules).toBe(problem);
    }
});

test("metavariable expressions count and join", () => {
    const rules =
        "($($x:ident : $($y:ident)*),*) => { ${count($x)} ${count($y, 0)} ${count($y, 1)} $([${index()} ${len()} ${count($y)} ${ignore($x)} $(${index(1)} ${ignore($y)})*])* }";
    expect(expandedText(rules, "a: b c, d: e")).toBe("2 3 2 [ 0 2 2 0 0 ] [ 1 2 1 1 ]");
    expect(expandedText('($x:ident) => { ${concat(a, "_", $x)} }', "b")).toBe("a_b");
});

test("a fragment stays a unit in the text", () => {
    const cases: readonly (readonly [string, string, string])[] = [
        ["($a:expr) => { $a * 2 }", "1 + 2", "( 1 + 2 ) * 2"],
        ["($a:expr) => { $a * 2 }", "a.b(1)[2]?", "a . b ( 1 ) [ 2 ] ? * 2"],
        ["($a:expr) => { f($a, $a) }", "1 + 2", "f ( 1 + 2 , 1 + 2 )"],
        ["($a:expr) => { if $a {} }", "S { x: 1 }", "if ( S { x : 1 } ) { }"],
        ["($a:expr) => { $a.f() }", "if a { b } else { c }", "( if a { b } else { c } ) . f ( )"],
        ["($a:expr) => { { $a } }", "if a { b } else { c }", "{ if a { b } else { c } }"],
        ["($a:expr) => { $a(1) }", "|x| x", "( | x | x ) ( 1 )"],
        ["($a:expr) => { -$a }", "!x", "- ( ! x )"],
        ["($a:literal) => { $a.abs() }", "-1", "( - 1 ) . abs ( )"],
        ["($t:ty) => { $t::new() }", "Vec<u8>", "< Vec < u8 > > :: new ( )"],
        ["($t:ty) => { $t::new() }", "a::B", "a :: B :: new ( )"],
        ["($t:ty) => { &$t }", "dyn A + B", "& ( dyn A + B )"],
        ["($p:pat) => { Some($p) }", "1 | 2", "Some ( ( 1 | 2 ) )"],
        [
            "($($g:tt)*) => { impl<$($g),*> A<$($g),*> for B<> { fn f() { g::<$($g)*>() } } }",
            "",
            "impl A for B { fn f ( ) { g :: < > ( ) } }",
        ],
        ["($a:expr) => { a < - $a <- $a }", "1", "a < - 1 < - 1"],
    ];
    for (const [rules, call, text] of cases) {
        expect(expandedText(rules, call), `${rules} ${call}`).toBe(text);
    }
});

test("expressions may end in a semicolon, and each position has its frame", () => {
    const { tokens } = mustExpand(mustDefine("($a:expr) => { $a; }"), "1");
    expect(renderTokens(tokens, "expression").text).toBe("fn m() { let _ = 1   ; }");
    expect(renderTokens(tokens, "statements").text).toBe("fn m() { 1  ;  }");
    expect(renderTokens([], "pattern").text).toBe("fn m() { match m {  => {} } }");
});

test("each token has its origin", () => {
    const definition = mustDefine("($x:ident, $e:expr) => { let y = $e; $x(y, $crate::z) }");
    const call = "foo, 1 + bar";
    const rendered = renderTokens(mustExpand(definition, call).tokens, "statements");
    const { text } = rendered;
    const body = "macro_rules! m { ($x:ident, $e:expr) => { let y = $e; $x(y, $crate::z) } }";
    for (const [word, source, offset] of [
        ["foo", CALL_SOURCE, 0],
        ["bar", CALL_SOURCE, call.indexOf("bar")],
        ["y", DEFINITION_SOURCE, body.indexOf("y =")],
        ["z", DEFINITION_SOURCE, body.indexOf("z)")],
        ["crate", DEFINITION_SOURCE, body.indexOf("$crate")],
    ] as const) {
        const at = text.search(new RegExp(`\\b${word}\\b`, "u"));
        expect(rendered.originAt(at), word).toMatchObject({ source, offset });
    }
    expect(rendered.originAt(text.indexOf("bar") + 2)?.offset).toBe(call.indexOf("bar") + 2);
    expect(rendered.originAt(0)).toBeUndefined();
    expect(rendered.originAt(text.indexOf("bar") - 1)).toBeUndefined();
    expect(rendered.originAt(text.length)).toBeUndefined();
    expect(named(rendered.tokens, "$crate")).toMatchObject([{ crate: 7 }]);
});

test("locals of the body are others than those of the call", () => {
    const definition = mustDefine("($x:ident) => { let y = $x + y; 'l: loop { break 'l } }");
    const first = mustExpand(definition, "y");
    const second = mustExpand(definition, "y");
    const [bodyY, callY, bodyY2] = named(first.tokens, "y");
    expect(callY?.mark).toBeUndefined();
    expect(bodyY?.mark?.definition).toBe(definition);
    expect(bodyY2?.mark).toBe(bodyY?.mark);
    expect(named(first.tokens, "'l")[0]?.mark).toBe(bodyY?.mark);
    expect(named(second.tokens, "y")[0]?.mark).not.toBe(bodyY?.mark);
});

test("calls inside of an expansion take their input from it, with its marks", () => {
    const outer = mustDefine("macro_rules! outer { ($e:expr) => { let x = 1; inner!($e, x) } }");
    const inner = mustDefine("macro_rules! inner { ($a:expr, $b:ident) => { x + $a * $b } }");
    const first = mustExpand(outer, "1 + x");
    const rendered = renderTokens(first.tokens, "statements");
    const open = rendered.text.indexOf("(", rendered.text.indexOf("inner"));
    const close = rendered.text.lastIndexOf(")");
    const second = mustExpandInside(inner, rendered.tokensBetween(open + 1, close));
    expect(renderTokens(second.tokens).text.replace(/\s+/gu, " ").trim()).toBe("x + ( 1 + x ) * x");
    const [ofInner, ofCall, ofOuter] = named(second.tokens, "x");
    expect(ofInner?.mark?.definition).toBe(inner);
    expect(ofCall?.mark).toBeUndefined();
    expect(ofOuter?.mark?.definition).toBe(outer);
    expect(ofOuter?.mark).toBe(named(first.tokens, "x")[0]?.mark);
});

test("groups that begin or end elsewhere are left out of an inner call's input", () => {
    const definition = mustDefine("($i:item) => { $i }");
    const rendered = renderTokens(mustExpand(definition, "m! { a b }").tokens);
    const whole = rendered.tokensBetween(0, rendered.text.lastIndexOf("}") + 1);
    expect(whole.map((token) => token.text)).toEqual(["m", "!", "{", "a", "b", "}"]);
    expect(rendered.tokensBetween(0, rendered.text.length)).toHaveLength(8);
    expect(rendered.tokensBetween(3, 3)).toEqual([]);
});

test("a macro that a macro writes keeps both hands apart", () => {
    const outer = mustDefine(
        "($n:ident, $v:expr) => { macro_rules! $n { ($x:expr) => { f($x, $v, y, $crate::g) } } }",
    );
    const made = parseMacroTokens(mustExpand(outer, "made, y").tokens, {
        ...{ source: DEFINITION_SOURCE, crate: 9, edition: 2021 },
    });
    if (isMacroProblem(made)) {
        throw new Error(made.problem);
    }
    expect(made).toMatchObject({ name: "made", nameStart: 0, nameEnd: 4 });
    const [rule] = made.rules;
    expect(rule?.variables).toMatchObject([{ name: "x", mark: { definition: outer } }]);
    const { tokens } = mustExpand(made, "y");
    const marks = named(tokens, "y").map((token) => token.mark);
    const writers = marks.map((mark) => chain(mark).map((definition) => definition.name));
    expect(writers).toEqual([[], ["made"], ["made", "m"]]);
    expect(named(tokens, "$crate")).toMatchObject([{ crate: 7 }]);
});

function chain(mark: HygieneMark | undefined): MacroDefinition[] {
    return mark === undefined ? [] : [mark.definition, ...chain(mark.outer)];
}

test("a metavariable is found by name and by who wrote it", () => {
    const outer = mustDefine(
        "($x:ident) => { macro_rules! made { ($x : expr) => { $x }; ($y : ident) => { $y + $x } } }",
    );
    const text = renderTokens(mustExpand(outer, "z").tokens).text;
    expect(text.replace(/\s+/gu, " ")).toContain("( z : expr ) => { z } ; ( $y : ident )");
});

test("doc comments of the input are attributes, those of the body comments", () => {
    const rules = "($(#[$m:meta])* $n:ident) => { /// Body.\n $(#[$m])* struct $n; }";
    expect(expandedText(rules, '/// A "b"#.\n /** c */ x')).toBe(
        '/// Body. # [ doc = r##" A "b"#."## ] # [ doc = r" c " ] struct x ;',
    );
    expect(expandedText("($($t:tt)*) => { [$(stringify!($t)),*] }", "//! x\n")).toBe(
        '[ stringify ! ( # ) , stringify ! ( ! ) , stringify ! ( [ doc = r" x" ] ) ]',
    );
});

test("a macro that calls itself goes on as long as the caller wants", () => {
    const definition = mustDefine("($($t:tt)*) => { m!(x $($t)*) }");
    let { tokens } = mustExpand(definition, "");
    for (let depth = 0; depth < 20; depth++) {
        const rendered = renderTokens(tokens);
        const end = rendered.text.lastIndexOf(")");
        const inner = rendered.tokensBetween(rendered.text.indexOf("(") + 1, end);
        ({ tokens } = mustExpandInside(definition, inner));
    }
    expect(named(tokens, "x")).toHaveLength(21);
});
