// What a definition says by itself.

import { expect, test } from "vitest";

import { describeMacro } from "../../../src/syntax/index.ts";
import { mustDefine } from "../../support/macro-text.ts";

/** Positions of each metavariable's uses. */
function positionsOf(rules: string): Record<string, string[]> {
    const { variables } = describeMacro(mustDefine(rules));
    return Object.fromEntries(
        variables.map(({ name, uses }) => [name, uses.map((use) => use.position)]),
    );
}

test("a metavariable stands where its neighbours say", () => {
    const rules = `($f:ident $s:ident $t:ty $e:expr $m:ident $p:pat $tr:path $l:lifetime $c:ident $v:vis) => {
        $v fn $f($s: $t) -> $t { let $p = $e.$m($e).$s; let mut $c = $c::<$t>::$f($e); $m!(); $f($e) }
        struct $s<$l> { $s: $t } impl $tr for $t { const $c: $t = $e; } mod $f { trait $s {} }
        static $m: u8 = self::$c; break $l;
    }`;
    expect(positionsOf(rules)).toEqual({
        f: ["function-name", "path-tail", "call", "module-name"],
        s: ["before-colon", "field", "type-name", "before-colon", "trait-name"],
        t: ["type", "type", "type", "type", "implemented", "type"],
        e: ["expression", "expression", "expression", "expression", "expression"],
        m: ["method", "macro-call", "value-name"],
        p: ["local-name"],
        tr: ["implemented"],
        l: ["label", "label"],
        c: ["local-name", "path-head", "value-name", "path-tail"],
        v: ["other"],
    });
});

test("text made of names is told", () => {
    const cases: readonly (readonly [string, boolean, boolean])[] = [
        ["($x:ident) => { $x }", false, false],
        ["($x:ident) => { f(stringify!($x)) }", true, false],
        ["($($x:ident)*) => { concat!($(stringify!($x)),*) }", true, false],
        ["($x:ident) => { paste! { fn [<$x _b>]() {} } }", false, true],
        ["($x:ident) => { $crate::paste::paste! { fn [<$x _b>]() {} } }", false, true],
        ["($x:ident) => { concat_idents!($x, b) }", false, true],
        ["($x:ident) => { ${concat($x, b)} }", false, true],
        ["($x:ident) => { g!($x) }", false, false],
    ];
    for (const [rules, stringifies, pastes] of cases) {
        const description = describeMacro(mustDefine(rules));
        expect(description, rules).toMatchObject({ stringifies, pastes });
    }
    expect(
        positionsOf('($x:ident) => { a!([$x]); b!(c!($x)); format!("{}", stringify!($x)) }'),
    ).toEqual({
        x: ["macro-input", "macro-input", "stringified"],
    });
});

test("names are told apart by where they come from", () => {
    const text =
        "macro_rules! m { (key $x:ident => $($y:ty)or*) => { let z = $x; $crate::f::<$($y),*>(z, 'a'); 'l: loop {} } }";
    const { names, calls } = describeMacro(mustDefine(text));
    const listed = names.map(({ name, role, start, end }) => {
        expect(text.slice(start, end), name).toContain(name.replace("$", ""));
        return `${role} ${name}`;
    });
    expect(listed).toEqual([
        ...["matcher key", "declaration x", "declaration y", "matcher or"],
        ...["literal z", "use x", "crate $crate", "literal f", "use y", "literal z", "literal 'l"],
    ]);
    expect(calls).toEqual([]);
});

test("macros called in bodies are listed with their paths", () => {
    const text =
        "macro_rules! m { ($n:ident $x:expr) => { a!(b::c![$x]); $crate::d! { $n!($x) } !($x) } }";
    const { calls } = describeMacro(mustDefine(text));
    expect(calls.map(({ path, start, end }) => [path, text.slice(start, end)])).toEqual([
        ["a", "a"],
        ["b::c", "b::c"],
        ["$crate::d", "$crate::d"],
        ["$n", "n"],
    ]);
});

test("each rule has its own metavariables", () => {
    const { variables } = describeMacro(mustDefine("($x:tt) => { $x }; ($($x:ty)*) => {}"));
    expect(variables).toMatchObject([
        { rule: 0, name: "x", fragment: "tt", depth: 0, uses: [{ position: "other" }] },
        { rule: 1, name: "x", fragment: "ty", depth: 1, uses: [] },
    ]);
});
