// What stays of a source when names in it change: bodies that hold a name or may come to hold one, and all the rest but long tables.

import { describe, expect, test } from "vitest";

import type { ComparedCrate } from "../../../src/capture/rustc/compare/compared-crates.ts";
import { PlainMacros } from "../../../src/capture/rustc/compare/plain-macros.ts";
import { reduceSource } from "../../../src/capture/rustc/compare/reduced-source.ts";
import { RustTokens } from "../../../src/capture/rustc/dump/rust-tokens.ts";

const tokensOf = (text: string): RustTokens => new RustTokens(text);

function crate(name: string, text: string, externs: readonly string[] = []): ComparedCrate {
    const args = externs.flatMap((one) => ["--extern", `${one}=/t/lib${one}-0.rmeta`]);
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
function reduce(text: string, { beside = [], externs = [] }: Partial<Surroundings> = {}): string {
    const own = crate("tiles", text, externs);
    const words = ["size", "extent"];
    const macros = new PlainMacros([own, ...beside], words);
    return reduceSource(tokensOf(text), {
        words,
        isPlain: (macro) => macros.isPlain(own, macro),
        makesTests: (macro) => macros.makesTests(own, macro),
    }).text;
}

interface Surroundings {
    readonly beside: readonly ComparedCrate[];
    readonly externs: readonly string[];
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
