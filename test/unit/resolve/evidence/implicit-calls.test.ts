// Calls that no token names: from what MIR prints to edges of the graph, and what ends them.

import { describe, expect, it } from "vitest";

import {
    evidenceOf,
    factsOf,
    parseFixture,
    resolveWith,
    type ImplicitLine,
    type UnitLines,
} from "../../../support/facts.ts";
import type { ResolvedWorkspace } from "../../../../src/resolve/index.ts";

const LIB = "src/lib.rs";

const FIXTURE = parseFixture(`
use std::ops::{Add, Deref, Index};
pub mod vec {
    #[derive(Clone)]
    pub struct V { pub x: i32 }
    #[derive(PartialEq)]
    pub struct Holder { pub inner: V }
    impl PartialEq for V { fn eq(&self, o: &V) -> bool { self.x == o.x } }
    impl PartialOrd for V {
        fn partial_cmp(&self, o: &V) -> Option<std::cmp::Ordering> { None }
    }
}
pub use vec::V as Seen;
impl Add for vec::V { type Output = i32; fn add(self, o: vec::V) -> i32 { self.x } }
impl Add<i32> for vec::V { type Output = i32; fn add(self, o: i32) -> i32 { o } }
impl Add for &vec::V { type Output = i32; fn add(self, o: &vec::V) -> i32 { self.x } }
impl<T> Deref for W<T> { type Target = T; fn deref(&self) -> &T { &self.0 } }
impl Index<u8> for W<u8> { type Output = u8; fn index(&self, i: u8) -> &u8 { &self.0 } }
impl Index<u8> for W<u16> { type Output = u16; fn index(&self, i: u8) -> &u16 { &self.0 } }
pub struct W<T>(pub T);
pub struct Guard;
impl Drop for Guard { fn drop(&mut self) {} }
pub struct Low;
pub struct High;
impl From<Low> for High { fn from(_: Low) -> High { High } }
impl<T> From<Vec<T>> for High { fn from(_: Vec<T>) -> High { High } }
pub trait Shape { fn area(&self) -> f64 { 0.0 } fn name(&self) -> u8; }
pub struct Square;
impl Shape for Square { fn name(&self) -> u8 { 1 } }
impl std::fmt::Display for Square { fn fmt(&self, _: &mut std::fmt::Formatter) -> std::fmt::Result { Ok(()) } }
pub fn helper() {}
pub fn run() { let here = 1; }
pub fn other() { let there = 2; }
`);

const DEFINES: UnitLines["defines"] = [
    ["main[0a1b]", "Mod"],
    ["main[0a1b]::run", "Fn", [LIB, "run", 0]],
    ["main[0a1b]::other", "Fn", [LIB, "other", 0]],
    ["main[0a1b]::vec::{impl#7}", "Impl"],
    ["main[0a1b]::vec::{impl#7}::eq", "AssocFn"],
];

const USES: UnitLines["uses"] = [[[LIB, "run", 0], "definition", "main[0a1b]::run"]];

function unit(implicit: readonly ImplicitLine[]): UnitLines {
    return { unit: { packageName: "main" }, defines: DEFINES, uses: USES, implicit };
}

/** Calls of symbols that no token names, with their causes. */
function callsIn(resolved: ResolvedWorkspace): string[] {
    const show = (symbol: number): string => resolved.symbol(symbol).display;
    return [...resolved.edges()]
        .filter((edge) => edge.kind === "call")
        .flatMap(({ source, target }) => {
            const cause = resolved.implicitCause(source, target);
            return cause === undefined ? [] : [`${show(source)} -> ${show(target)} (${cause})`];
        })
        .sort();
}

function callOf(target: string, cause: ImplicitLine[2] = "operator"): string[] {
    const line: ImplicitLine = ["main[0a1b]::run", target, cause, [LIB, "here", 0]];
    return callsIn(resolveWith(FIXTURE, [factsOf(FIXTURE, unit([line]))]));
}

/** What stands behind the caller in the one call there is. */
function calleeOf(target: string, cause: ImplicitLine[2] = "operator"): string {
    const [only, ...more] = callOf(target, cause);
    expect(more).toEqual([]);
    expect(only?.endsWith(` (${cause})`)).toBe(true);
    return only!.slice("main::run -> ".length, -` (${cause})`.length);
}

describe("what MIR prints", () => {
    it("is the item of the impl whose type and arguments fit", () => {
        const v = "main::vec::V";
        expect(calleeOf("<vec::V as std::ops::Add>::add")).toBe(`<${v} as std::ops::Add>::add`);
        expect(calleeOf("<vec::V as std::ops::Add<i32>>::add")).toBe(
            `<${v} as std::ops::Add<i32>>::add`,
        );
        expect(calleeOf("<&'a vec::V as std::ops::Add>::add")).toBe(
            `<&${v} as std::ops::Add>::add`,
        );
        expect(calleeOf("<W<u16> as std::ops::Index<u8>>::index", "index")).toBe(
            "<main::W<u16> as std::ops::Index<u8>>::index",
        );
        expect(calleeOf("<W<vec::V> as std::ops::Deref>::deref", "deref")).toBe(
            "<main::W<T> as std::ops::Deref>::deref",
        );
    });

    it("may go through a public import", () => {
        expect(calleeOf("<Seen as std::ops::Add>::add")).toBe(
            "<main::vec::V as std::ops::Add>::add",
        );
    });

    it("may name a trait as another crate hides it", () => {
        expect(calleeOf("<W<u8> as lazy_static::__Deref>::deref", "deref")).toBe(
            "<main::W<T> as std::ops::Deref>::deref",
        );
    });

    it("is the item that a provided one calls, through references too", () => {
        const compare = "<main::vec::V as std::cmp::PartialOrd>::partial_cmp";
        expect(calleeOf("<vec::V as std::cmp::PartialOrd>::lt")).toContain("partial_cmp");
        expect(calleeOf("<&&vec::V as std::cmp::PartialOrd<&&vec::V>>::ge")).toContain(
            compare.slice(compare.lastIndexOf("::")),
        );
    });

    it("is the trait's item where the type is open, or the item provided", () => {
        expect(calleeOf("<T as Shape>::name", "other")).toBe("main::Shape::name");
        expect(calleeOf("<dyn Shape as Shape>::area", "other")).toBe("main::Shape::area");
        expect(calleeOf("<Square as Shape>::area", "other")).toBe("main::Shape::area");
        expect(calleeOf("<Square as Shape>::name", "other")).toBe(
            "<main::Square as main::Shape>::name",
        );
        expect(calleeOf("<T as std::ops::Add>::add")).toBe("std::ops::Add::add");
    });

    it("is never the trait's item for a type of others", () => {
        expect(calleeOf("<std::vec::IntoIter<u8> as std::iter::Iterator>::next", "for")).toBe(
            "std::vec::IntoIter::next",
        );
        expect(callOf("<i32 as std::ops::Add>::add")).toEqual([]);
        expect(
            callOf("<{closure@src/lib.rs:1:2: 3:4} as std::ops::Fn<()>>::call", "closure"),
        ).toEqual([]);
    });

    it("is `From::from` for `?`", () => {
        const residual = (error: string): string =>
            "<std::result::Result<i32, High> as std::ops::FromResidual<" +
            `std::result::Result<std::convert::Infallible, ${error}>>>::from_residual`;
        expect(calleeOf(residual("Low"), "try")).toBe(
            "<main::High as std::convert::From<main::Low>>::from",
        );
        expect(calleeOf(residual("std::vec::Vec<u8>"), "try")).toMatch(/From<.*Vec<T>>>::from$/u);
        expect(callOf(residual("High"), "try")).toEqual([]);
    });

    it("is `Drop::drop` of what is owned", () => {
        const drop = "<main::Guard as std::ops::Drop>::drop";
        expect(calleeOf("drop Guard", "drop")).toBe(drop);
        expect(calleeOf("drop std::option::Option<(u8, std::vec::Vec<[Guard; 2]>)>", "drop")).toBe(
            drop,
        );
        expect(callOf("drop std::option::Option<&Guard>", "drop")).toEqual([]);
        expect(callOf("drop std::marker::PhantomData<Guard>", "drop")).toEqual([]);
    });

    it("is what a format's argument is shown by, and a function called by a macro", () => {
        expect(calleeOf("core::fmt::rt::Argument::<'_>::new_display::<&Square>", "format")).toBe(
            "<main::Square as std::fmt::Display>::fmt",
        );
        expect(calleeOf("helper", "other")).toBe("main::helper");
        expect(callOf("vec::test::assert_test_result::<()>", "other")).toEqual([]);
    });

    it("is a type where only a derive wrote the item", () => {
        expect(calleeOf("<vec::V as std::clone::Clone>::clone", "other")).toBe("main::vec::V");
    });
});

describe("owners of bodies", () => {
    it("are tests, whose paths the harness uses as well", () => {
        const facts = factsOf(FIXTURE, {
            ...unit([["main[0a1b]::run", "helper", "other", [LIB, "here", 0]]]),
            defines: [...DEFINES, ["main[0a1b]::run", "Const"]],
        });
        expect(callsIn(resolveWith(FIXTURE, [facts]))).toEqual([
            "main::run -> main::helper (other)",
        ]);
    });

    it("are the items around closures, and the types that derive", () => {
        const resolved = resolveWith(FIXTURE, [
            factsOf(
                FIXTURE,
                unit([
                    ["main[0a1b]::run::{closure#0}", "helper", "other", [LIB, "here", 0]],
                    [
                        "main[0a1b]::vec::{impl#7}::eq",
                        "<vec::V as std::cmp::PartialEq>::eq",
                        "operator",
                        [LIB, "inner", 0],
                    ],
                ]),
            ),
        ]);
        expect(callsIn(resolved)).toEqual([
            "main::run -> main::helper (other)",
            "main::vec::Holder -> <main::vec::V as std::cmp::PartialEq>::eq (operator)",
        ]);
    });
});

describe("evidence of calls", () => {
    const lines: readonly ImplicitLine[] = [
        ["main[0a1b]::run", "<vec::V as std::ops::Add>::add", "operator", [LIB, "here", 0]],
        ["main[0a1b]::other", "helper", "other", [LIB, "there", 0]],
        ["main[0a1b]::other", "helper", "other", [LIB, "there", 0]],
        ["main[0a1b]::other", "<W<u8> as std::ops::Index<u16>>::index", "index", [LIB, "there", 0]],
        ["main[0a1b]::other", "<u8 as std::ops::Add>::add", "operator", [LIB, "there", 0]],
        ["main[0a1b]::lost", "helper", "other", [LIB, "there", 0]],
    ];
    const facts = factsOf(FIXTURE, unit(lines));
    const text = FIXTURE.files.get(LIB)!;

    it("counts what is left out", () => {
        const [unitEvidence] = evidenceOf(FIXTURE, [facts]).units;
        expect(unitEvidence!.implicit).toEqual({ mapped: 3, outside: 1, notMapped: 2 });
        expect(resolveWith(FIXTURE, [facts]).evidenceCounts().implicit).toEqual({
            operator: 1,
            other: 1,
        });
    });

    it("outlives comments and edits of other bodies", () => {
        const edited = text
            .replace("let there = 2;", "let there = 3; /* two */")
            .replace("\n", "\n// x\n");
        const resolved = resolveWith(FIXTURE, [facts], new Map([[LIB, edited]]));
        expect(callsIn(resolved)).toEqual([
            "main::run -> <main::vec::V as std::ops::Add>::add (operator)",
        ]);
    });

    it("ends with the definitions that the crate depends on", () => {
        const edited = text.replace("pub fn helper() {}", "pub fn helper(_: u8) {}");
        expect(callsIn(resolveWith(FIXTURE, [facts], new Map([[LIB, edited]])))).toEqual([]);
    });

    it("is no label where a token names the call as well", () => {
        const named = parseFixture("pub fn helper() {}\npub fn run() { let here = helper(); }");
        const said = factsOf(named, {
            unit: { packageName: "main" },
            defines: DEFINES.slice(0, 2),
            uses: USES,
            implicit: [["main[0a1b]::run", "helper", "other", [LIB, "here", 0]]],
        });
        expect(callsIn(resolveWith(named, [said]))).toEqual([]);
    });
});
