// What stays of a source when names in it change: bodies that hold a name or may come to hold one, and all the rest but long tables.

import { describe, expect, test } from "vitest";

import type { ComparedCrate } from "../../../src/capture/rustc/compare/compared-crates.ts";
import { wordsAtCompileTime } from "../../../src/capture/rustc/compare/compile-time-words.ts";
import { wordsOfConstants } from "../../../src/capture/rustc/compare/derived-impls.ts";
import { PlainMacros } from "../../../src/capture/rustc/compare/plain-macros.ts";
import { reduceSource } from "../../../src/capture/rustc/compare/reduced-source.ts";
import { RustTokens } from "../../../src/capture/rustc/dump/rust-tokens.ts";

const tokensOf = (text: string): RustTokens => new RustTokens(text);

function crate(
    name: string,
    text: string,
    externs: readonly string[] = [],
    edition = 2021,
): ComparedCrate {
    const args = [
        `--edition=${edition}`,
        ...externs.flatMap((one) => ["--extern", `${one}=/t/lib${one}-0.rmeta`]),
    ];
    return {
        record: {
            ...{ name: `${name}-0`, rustc: "rustc", cwd: "/w", env: {} },
            args: ["--crate-name", name, ...args],
        },
        files: [`/w/${name}.rs`],
        texts: [text],
    };
}

/** What a crate's text becomes when `size` is renamed to `extent`. */
function reduce(
    text: string,
    { beside = [], externs = [], edition = 2021 }: Partial<Surroundings> = {},
): string {
    const own = crate("tiles", text, externs, edition);
    const words = ["size", "extent"];
    const macros = new PlainMacros([own, ...beside], words);
    return reduceSource(tokensOf(text), {
        words,
        isPlain: (macro) => macros.isPlain(own, macro),
        makesTests: (macro) => macros.makesTests(own, macro),
        derivesOfStd: (trait) => macros.derivesOfStd(own, trait),
        inConstants: wordsOfConstants([text]),
        atCompileTime: wordsAtCompileTime(
            [text, ...beside.flatMap(({ texts }) => texts)].map(tokensOf),
            [{ oldName: "size", newName: "extent" }],
        ),
    }).text;
}

interface Surroundings {
    readonly beside: readonly ComparedCrate[];
    readonly externs: readonly string[];
    readonly edition: number;
}

/** Whether the body of `f`, the last function of the text, stays. */
function stays(text: string, surroundings?: Partial<Surroundings>): boolean {
    // Room for what stands for it.
    const wide = text.replace(/\}$/u, `${" ".repeat(10)}}`);
    return !/\bfn f\b[^{]*\{loop\{\}\s*\}/u.test(reduce(wide, surroundings));
}

test("a body without the names becomes one without an end, line by line and column by column", () => {
    const text = `impl Wall {
    pub fn width(&self) -> u32 { self.w + 1 }
    fn lines(&self) -> u32 {
        let é = 1;
        é
    } pub fn size(&self) -> u32 { 1 }
}
`;
    expect(reduce(text)).toBe(`impl Wall {
    pub fn width(&self) -> u32 {loop{}      }
    fn lines(&self) -> u32 {loop{}


    } pub fn size(&self) -> u32 { 1 }
}
`);
});

describe("a body stays", () => {
    test.each([
        ["with the old name", "fn f() { wall.size() }"],
        ["with the new name", "fn f() { wall.extent }"],
        ["with a name in a text", 'fn f() { println!("{size}") }'],
        ["with a raw name", "fn f() { r#size() }"],
        ["of a constant function", "const fn f() -> u32 { 1 }"],
        ["of a function that is delayed", "async fn f() -> u32 { 1 }"],
        ["that its result hangs on", "fn f() -> impl Copy { 1 }"],
        ["with an impl", "fn f() { impl Copy for Wall {} }"],
        ["that an attribute reads", "#[route] fn f() { 1 }"],
        ["that an attribute may read", '#[cfg_attr(feature = "x", inline, route)] fn f() { 1 }'],
        ["with an attribute inside", "fn f() { #[derive(Clone)] struct A; }"],
        ["of a macro's input", "items! { fn f() { 1 } }"],
        ["that calls a macro that nobody knows", "fn f() { debug!() }"],
        ["that calls another crate's macro", "fn f() { log::println!() }"],
        ["where a macro writes the name", "macro_rules! m { () => { $x.size() } } fn f() { m!() }"],
        [
            "where its macro does",
            "macro_rules! m { () => { a.size() } } macro_rules! n { () => { m!() } } fn f() { n!() }",
        ],
        ["where a declarative macro does", "macro m($e:expr) { $e.size() } fn f() { m!(a) }"],
        ["where a macro makes items", "macro_rules! m { () => { impl A {} } } fn f() { m!() }"],
        [
            "where a macro calls what it is told to",
            "macro_rules! m { ($n:ident) => { $n!() } } fn f() { m!(n) }",
        ],
    ])("%s", (_, text) => {
        expect(stays(text)).toBe(true);
    });

    test.each([
        ["imported by its name", "use log::println; fn f() { println!() }"],
        ["imported by a name of its own", "use log::debug as println; fn f() { println!() }"],
        ["imported with all others", "use log::*; fn f() { println!() }"],
        ["imported with all of a module", "use log::macros; use macros::*; fn f() { println!() }"],
        ["imported in a group", "use {std::fmt, log::*}; fn f() { println!() }"],
        ["imported in the old way", "#[macro_use] extern crate log; fn f() { println!() }"],
        ["imported as the attribute", "use log::test; #[test] fn f() { 1 }"],
    ])("with a macro that may be another crate's, %s", (_, text) => {
        expect(stays(text, { externs: ["log"] })).toBe(true);
    });

    test.each([
        ["hands it on", "pub use log::println;"],
        ["hands everything on", "pub use log::*;"],
        [
            "exports one of its own with the name",
            "#[macro_export] macro_rules! println { () => { a.size() } }",
        ],
    ])("with a macro that another crate of the workspace %s", (_, text) => {
        const beside = [crate("base", text, ["log"])];
        expect(stays("use base::*; fn f() { println!() }", { beside })).toBe(true);
    });
});

describe("a body goes", () => {
    test.each([
        ["with a longer name", "fn f() { wall.resize(); sizes }"],
        ["with macros of std", 'fn f() { assert_eq!(1, std::format!("").len()); vec![1]; }'],
        ["with a negation", "fn f() -> bool { if !(a) && b != (c) { return !(d) } e }"],
        ["of a test", "#[test] #[cfg(unix)] fn f() { 1 }"],
        [
            "with plain attributes",
            '#[cfg_attr(feature = "x", inline(always), must_use)] fn f() { 1 }',
        ],
        [
            "with a macro of its own",
            "macro_rules! m { ($e:expr) => { $e.width() } } fn f() { m!(a) }",
        ],
        [
            "of a crate that imports functions",
            "use log::Level; use crate::print; fn f() { print!() }",
        ],
    ])("%s", (_, text) => {
        expect(stays(text, { externs: ["log"] })).toBe(false);
    });
});

test("methods that macros of std call by name are names of theirs", () => {
    const own = crate("tiles", "");
    const macros = new PlainMacros([own], ["size", "write_fmt"]);
    const isPlain = (name: string): boolean => macros.isPlain(own, { name, root: undefined });
    expect([isPlain("writeln"), isPlain("println")]).toEqual([false, true]);
});

describe("a call that makes items", () => {
    const maker =
        "macro_rules! case { ($n:ident, $e:expr) => { #[test] fn $n() { assert!($e); } } }";

    test("goes with its attributes where it makes tests", () => {
        const text = `${maker}\n#[cfg(unix)]\ncase!(a, 1);\ncase! { b, 2 }\nstruct A;\n`;
        expect(reduce(text)).toBe(`${maker}\n\n            \n              \nstruct A;\n`);
    });

    test.each([
        ["that holds a name", "case!(a, wall.size());"],
        ["that calls a macro that nobody knows", "case!(a, debug!());"],
        ["that is documented", "/// A case.\ncase!(a, 1);"],
        ["that an attribute reads", "#[route] case!(a, 1);"],
        ["that makes no tests", "macro_rules! m { () => { fn g() {} } } m!();"],
        ["of another crate", "log::case!(a, 1);"],
    ])("stays, one %s", (_, call) => {
        const text = `${maker}\n${call}\n`;
        expect(reduce(text)).toBe(text);
    });
});

describe("long tables of literals", () => {
    const elements = Array.from(
        { length: 40 },
        (_, at) => `('${String.fromCodePoint(97 + at)}', -${at})`,
    );

    test.each([
        ["become slices of nothing", "const T: &'static [(char, i32)] = &[VALUES];", "&[]"],
        [
            "become arrays of their first element",
            "static T: [(char, i32); 40] = [VALUES];",
            "[('a', -0);40]",
        ],
        [
            "behind references, too",
            "const T: &[(char, i32); N * 2] = &[VALUES];",
            "&[('a', -0);N * 2]",
        ],
    ])("%s", (_, text, expected) => {
        const whole = text.replace("VALUES", elements.join(",\n"));
        const reduced = reduce(whole);
        expect(reduced.split("\n")).toHaveLength(40);
        expect(reduced.replaceAll(/\s+/gu, " ")).toContain(`= ${expected} ;`);
    });

    test.each([
        ["that hold names", "const T: &[(char, i32)] = &[VALUES, (A, 1)];"],
        ["that hold one of the names", 'const T: &[(char, i32)] = &[VALUES, ("size", 1)];'],
        ["that are indexed", "const T: (char, i32) = [VALUES][3];"],
        ["of types that nobody sees through", "const T: Table = &[VALUES];"],
        ["that are short", "const T: &[i32] = &[1, 2];"],
    ])("stay, those %s", (_, text) => {
        const whole = text.replace("VALUES", elements.join(",\n"));
        expect(reduce(whole)).toBe(whole);
    });
});

describe("a table whose value may reach a type", () => {
    const table = `const T: &[i32] = &[${Array.from({ length: 40 }, (_, at) => at).join(", ")}];`;

    /** Whether the table stays whole beside something. */
    function isWhole(beside: string, surroundings?: Partial<Surroundings>): boolean {
        return reduce(`${table}\n${beside}\n`, surroundings).includes(table);
    }

    test.each([
        ["in a length", "fn f(a: [u8; T.len()]) {}"],
        ["in the length of a field", "struct A { a: [u8; T.len()] }"],
        ["in a discriminant", "enum A { B = T[0] as isize }"],
        ["in an argument of a type", "fn f() -> A<{ T.len() }> {}"],
        ["in the default of a parameter", "struct A<const N: usize = { T.len() }>;"],
        ["in an impl's head", "impl A<{ T.len() }> { fn f() {} }"],
        ["in a macro's input", "lengths!(T.len());"],
        ["in a macro", "macro_rules! m { () => { [0; T.len()] } }"],
        ["in a constant that a type hangs on", "const N: usize = T.len(); struct A([u8; N]);"],
        [
            "through several constants",
            "const N: usize = M + 1; static M: usize = { T[3] as usize }; type A = [u8; N];",
        ],
        ["through an associated one", "impl A { const N: usize = T.len(); } type B = [u8; A::N];"],
        ["through a function", "const fn n() -> usize { T.len() } type A = [u8; n()];"],
        [
            "of a module, too",
            "mod a { const unsafe fn n() -> usize { T.len() } } type A = [u8; n()];",
        ],
        ["by another name", "use self::T as U; type A = [u8; U.len()];"],
        ["by another name of a list", "use self::{T as U, V}; type A = [u8; U.len()];"],
        ["by a name that is renamed", "const size: usize = T.len(); type A = [u8; extent];"],
        ["of a method", "impl A { fn f(&self, a: [u8; T.len()]) {} }"],
        ["of an impl after a bound", "fn a() where A: B, { 1 } type C = [u8; T.len()];"],
    ])("stays whole, %s", (_, beside) => {
        expect(isWhole(beside)).toBe(true);
    });

    test.each([
        ["in a length", "let a = [0; T.len()];"],
        ["in the length of a type", "let a: [u8; T.len()] = b;"],
        ["in the length of what is cast", "let a = b as [u8; T.len()];"],
        ["in a block", "let a = const { T.len() };"],
        ["in an argument", "let a = size_of::<A<{ T.len() }>>();"],
        ["in a later one", "let a = b::<C, { T.len() }>();"],
        ["by a word as an argument", "const N: usize = T.len(); b::<N>();"],
        ["by a word as a later one", "const N: usize = T.len(); b::<C, N>();"],
        ["as a pattern", "match a { T => 1, _ => 2 }"],
        ["as a later pattern", "match a { A => { 1 } B(c) if d => 2, T => 3 }"],
        ["in a pattern", "match a { Some(A { b: T, .. }) => 1, _ => 2 }"],
        ["in a list of patterns", "match a { A | self::T => 1, _ => 2 }"],
        ["in a condition's pattern", "if let Some(T) = a { 1 }"],
        ["in a condition's pattern of fields", "if let A { b: T } = a { 1 }"],
        ["in a declaration's pattern", "let T = a else { return };"],
        ["in the pattern of a macro of std", "matches!(a, T)"],
        ["in the input of a macro that nobody knows", "lengths!(T)"],
        ["in a constant inside", "const N: usize = T.len(); let a = [0; N];"],
        ["in an enum inside", "enum A { B = T.len() as isize }"],
        ["in a function inside", "fn a() -> [u8; T.len()] { b() }"],
        ["in an impl inside", "impl A for [u8; T.len()] { fn b() {} }"],
    ])("stays whole, of a body that stays, %s", (_, inside) => {
        expect(isWhole(`fn f() { size(); ${inside} }`)).toBe(true);
        expect(isWhole(`const fn f() { ${inside} }`)).toBe(true);
        expect(isWhole(`const A: u8 = { ${inside} };`)).toBe(true);
        expect(isWhole(`mod m { impl A { fn f() { loop { size(); ${inside} } } } }`)).toBe(true);
    });

    test("stays whole where another crate asks for it", () => {
        const beside = [crate("base", "type A = [u8; tiles::T.len()];")];
        expect(isWhole("", { beside })).toBe(true);
    });

    test.each([
        [
            "where it is asked at run time",
            "fn f() { size(T); T.len(); for a in T { T[0] < T[1]; } }",
        ],
        [
            "of the arms of a match",
            "fn f() { match size() { A => { T } B => T[0], _ => g(1, T, 2) } }",
        ],
        ["in macros of std", 'fn f() { size(); assert_eq!(T.len(), 3); println!("{}", vec![T]); }'],
        [
            "in values that are asked at run time",
            "fn f() { let a = T; let Some(b) = T.get(1) else { size() }; }",
        ],
        ["by what no type hangs on", "const A: &[&[i32]] = &[T]; fn f() { size(A) }"],
        [
            "where it is imported",
            "mod m { use super::{T, size}; fn f() { use super::T; size(T) } }",
        ],
        [
            "in functions that no type hangs on",
            "const fn n() -> usize { T.len() } fn f() { size(n()) }",
        ],
    ])("is shortened %s", (_, beside) => {
        expect(isWhole(beside)).toBe(false);
    });
});

describe("a test whose body goes", () => {
    test("is listed no more, and is a function still", () => {
        const text = "    #[test]\n    #[should_panic]\n    fn f() { panic!() }\n";
        expect(reduce(text)).toBe("           \n    #[should_panic]\n    fn f() {loop{}    }\n");
    });

    test.each([
        ["has one of the names", "#[test]\nfn size() { panic!() }\n", true],
        ["holds one", "#[test]\nfn f() { wall.size() }\n", true],
        ["is one only where it is asked for", "#[cfg_attr(a, test)]\nfn f() { panic!() }\n", true],
        ["is one of another attribute", "#[tokio::test]\nfn f() { panic!() }\n", true],
    ])("stays one where it %s", (_, text) => {
        expect(reduce(text)).toMatch(/^#\[/u);
    });
});

describe("what a type derives from std", () => {
    /** What follows a type, and what is left of what it derives. */
    function written(text: string, surroundings?: Partial<Surroundings>): string | undefined {
        const reduced = reduce(text, surroundings);
        return reduced === text ? undefined : reduced.replaceAll(/ +/gu, " ").trim();
    }

    test("is written behind it, without bodies", () => {
        const text = `/// A wall.
#[derive(Clone,
    Debug, Hash)]
pub(crate) struct Wall {
    /// In tiles.
    width: u32,
} // of a house
fn after() {}
`;
        const impls = [
            "impl ::core::clone::Clone for Wall{fn clone(&self)->Self{loop{}}}",
            "impl ::core::fmt::Debug for Wall{fn fmt(&self,_:&mut ::core::fmt::Formatter<'_>)->::core::fmt::Result{loop{}}}",
            "impl ::core::hash::Hash for Wall{fn hash<H: ::core::hash::Hasher>(&self,_:&mut H){loop{}}}",
        ];
        expect(reduce(text)).toBe(`/// A wall.

${" ".repeat(17)}
pub(crate) struct Wall {
    /// In tiles.
    width: u32,
} ${impls.join(" ")} // of a house
fn after() {}
`);
    });

    test.each([
        [
            "with what nothing can stand for",
            "#[derive(Default, Copy)] #[repr(C)]\nstruct A;",
            "#[derive(Copy)] #[repr(C)]\nstruct A; impl ::core::default::Default for A{fn default()->Self{loop{}}}",
        ],
        [
            "equality of an enum, with its order",
            "#[derive(PartialEq, Eq)]\n#[derive(PartialOrd, Ord,)]\nenum r#A { B(u32), #[cfg(unix)] C }",
            "enum r#A { B(u32), #[cfg(unix)] C } impl ::core::cmp::PartialEq for r#A{fn eq(&self,_:&Self)->bool{loop{}}}" +
                " impl ::core::cmp::Eq for r#A{}" +
                " impl ::core::cmp::PartialOrd for r#A{fn partial_cmp(&self,_:&Self)->::core::option::Option<::core::cmp::Ordering>{loop{}}}" +
                " impl ::core::cmp::Ord for r#A{fn cmp(&self,_:&Self)->::core::cmp::Ordering{loop{}}}",
        ],
        [
            "but for a struct's equality, whose constants may be patterns",
            "#[derive(PartialEq, Eq)]\nstruct A(u32);",
            "#[derive(PartialEq)] \nstruct A(u32); impl ::core::cmp::Eq for A{}",
        ],
        [
            "but for that of an enum that a constant has",
            "const D: &[A] = &[A::B];\n#[derive(PartialEq, Eq)]\nenum A { B }",
            "const D: &[A] = &[A::B];\n#[derive(PartialEq)] \nenum A { B } impl ::core::cmp::Eq for A{}",
        ],
        [
            "or may have, of the type that it belongs to",
            "#[derive(PartialEq, Eq)]\nenum A { B }\nimpl A { const D: Self = Self::B; }",
            "#[derive(PartialEq)] \nenum A { B } impl ::core::cmp::Eq for A{}\nimpl A { const D: Self = Self::B; }",
        ],
    ])("%s", (_, text, expected) => {
        expect(written(text)).toBe(expected);
    });

    test.each([
        ["the type has parameters", "#[derive(Clone)]\nstruct A<T>(T);"],
        ["a field has the name", "#[derive(Clone)]\nstruct A { size: u32 }"],
        ["a variant will have it", "#[derive(Clone)]\nenum A { extent }"],
        ["a field's documentation has it", "#[derive(Clone)]\nstruct A {\n/// Its size.\nb: u32 }"],
        ["another trait is derived with it", "#[derive(Clone, Serialize)]\nstruct A;"],
        ["another one is derived beside it", "#[derive(Clone)]\n#[derive(Serialize)]\nstruct A;"],
        ["a path leads to it", "#[derive(other::Clone)]\nstruct A;"],
        ["another attribute reads the type", "#[derive(Clone)]\n#[shape]\nstruct A;"],
        ["the type is not always there", "#[cfg(unix)]\n#[derive(Clone)]\nstruct A;"],
        ["it is not always derived", "#[cfg_attr(unix, derive(Clone))]\nstruct A;"],
        ["a field says what is the default", "#[derive(Default)]\nenum A { #[default] B }"],
        ["a macro writes a field", "#[derive(Clone)]\nstruct A(kind!());"],
        ["something follows in the line", "#[derive(Clone)]\nstruct A; struct B;"],
        ["a comment of what follows does", "#[derive(Clone)]\nstruct A; /// B.\nstruct B;"],
        ["it stands in a macro's input", "items! { #[derive(Clone)]\nstruct A; }"],
        ["something is called as the trait is", "use a::B as Clone;\n#[derive(Clone)]\nstruct A;"],
        [
            "another crate may be called `core`",
            "extern crate base as core;\n#[derive(Clone)]\nstruct A;",
        ],
    ])("stays where %s", (_, text) => {
        expect(written(`${text}\n`)).toBeUndefined();
    });

    test.each([
        ["another crate may give", { externs: ["log"] }, "use log::*;\n"],
        ["another crate gives", { externs: ["log"] }, "use log::Clone;\n"],
        [
            "a crate of the workspace derives",
            { beside: [crate("base", "#[proc_macro_derive(Clone)]\n")] },
            "",
        ],
        [
            "a crate of the workspace hands on",
            { beside: [crate("base", "pub use log::Clone;\n", ["log"])] },
            "",
        ],
        ["the edition cannot name without doubt", { edition: 2015 }, ""],
        ["is not of the `core` that everyone knows", { externs: ["core"] }, ""],
    ])("stays where its trait %s", (_, surroundings, text) => {
        expect(written(`${text}#[derive(Clone)]\nstruct A;\n`, surroundings)).toBeUndefined();
    });

    test("stays where what would be written has one of the names", () => {
        const own = crate("tiles", "");
        const macros = new PlainMacros([own], ["clone", "copy"]);
        const text = "#[derive(Clone)]\nstruct A;\n";
        const reduced = reduceSource(tokensOf(text), {
            words: ["clone", "copy"],
            isPlain: (macro) => macros.isPlain(own, macro),
            makesTests: (macro) => macros.makesTests(own, macro),
            derivesOfStd: (trait) => macros.derivesOfStd(own, trait),
            inConstants: new Set(),
            atCompileTime: new Set(),
        });
        expect(reduced).toEqual({ text, bodies: 0 });
    });
});
