// The join of the resolver's answers with rustc's: agreement, disagreement, decision, and what ends it.

import { describe, expect, it } from "vitest";

import { FACT_FLAG } from "../../../../src/capture/index.ts";
import {
    factsOf,
    meaningAt,
    parseFixture,
    placeOf,
    resolveWith,
    type UnitLines,
    type Word,
} from "../../../support/facts.ts";

const LIB = "src/lib.rs";

const TWO_TYPES = parseFixture(`
pub struct A;
pub struct B;
impl A { pub fn go(&self) {} }
impl B { pub fn go(&self) {} }
macro_rules! pick { ($x:expr) => { $x }; }
pub fn run(a: &A, b: &B) {
    a.go();
    pick!(b).go();
    let n = vec![1];
    n.len();
}
`);

const KNOWN: UnitLines["defines"] = [
    ["main[0a1b]", "Mod"],
    ["main[0a1b]::{impl#0}::go", "AssocFn", [LIB, "go", 0]],
    ["main[0a1b]::{impl#1}::go", "AssocFn", [LIB, "go", 1]],
    ["main[0a1b]::run", "Fn", [LIB, "run", 0]],
];

const A_CALL: Word = [LIB, "go", 2];
const B_CALL: Word = [LIB, "go", 3];

function unit(uses: UnitLines["uses"]): UnitLines {
    return { unit: { packageName: "main" }, defines: KNOWN, uses };
}

describe("join of one crate", () => {
    it("makes exact what both say", () => {
        const facts = factsOf(TWO_TYPES, unit([[A_CALL, "method", "main[0a1b]::{impl#0}::go"]]));
        const resolved = resolveWith(TWO_TYPES, [facts]);
        expect(meaningAt(resolved, TWO_TYPES, A_CALL)).toBe("symbol main::A::go, exact");
        expect(meaningAt(resolved, TWO_TYPES, [LIB, "A", 0])).toBe("symbol main::A, syntactic");
    });

    it("makes ambiguous what each says differently, and names both", () => {
        const facts = factsOf(TWO_TYPES, unit([[A_CALL, "method", "main[0a1b]::{impl#1}::go"]]));
        expect(meaningAt(resolveWith(TWO_TYPES, [facts]), TWO_TYPES, A_CALL)).toBe(
            "ambiguous main::A::go | main::B::go: " +
                "the resolver says main::A::go, rustc says main::B::go",
        );
    });

    it("decides what the resolver leaves open", () => {
        const plain = resolveWith(TWO_TYPES, []);
        expect(meaningAt(plain, TWO_TYPES, B_CALL)).toMatch(/^(unresolved|ambiguous|opaque)/u);
        const facts = factsOf(TWO_TYPES, unit([[B_CALL, "method", "main[0a1b]::{impl#1}::go"]]));
        const resolved = resolveWith(TWO_TYPES, [facts]);
        expect(meaningAt(resolved, TWO_TYPES, B_CALL)).toBe("symbol main::B::go, exact");
        const go = resolved.findByPath("main::B::go")[0]!;
        const run = resolved.findByPath("main::run")[0]!;
        expect(resolved.occurrencesOf(go).map((one) => one.span.start)).toContain(
            placeOf(TWO_TYPES, B_CALL).start,
        );
        expect([...resolved.edges()]).toContainEqual({ source: run, target: go, kind: "call" });
        expect(resolved.counts().symbol).toBe(plain.counts().symbol + 1);
    });

    it("names what is outside the workspace", () => {
        const facts = factsOf(
            TWO_TYPES,
            unit([[[LIB, "len", 0], "method", "alloc[77aa]::vec::{impl#1}::len"]]),
        );
        expect(meaningAt(resolveWith(TWO_TYPES, [facts]), TWO_TYPES, [LIB, "len", 0])).toBe(
            "external alloc::vec::len, exact",
        );
    });

    it("says nothing by a definition that no symbol stands for", () => {
        const facts = factsOf(TWO_TYPES, unit([[B_CALL, "method", "main[0a1b]::made_by_a_macro"]]));
        expect(meaningAt(resolveWith(TWO_TYPES, [facts]), TWO_TYPES, B_CALL)).toBe(
            meaningAt(resolveWith(TWO_TYPES, []), TWO_TYPES, B_CALL),
        );
    });
});

describe("what counts as agreement", () => {
    const fixture = parseFixture(`
use std::fmt;
use inner::Point as Spot;
mod inner { pub struct Point(pub u8); pub trait Draw { fn draw(&self); } }
pub type Alias = inner::Point;
impl inner::Draw for Spot { fn draw(&self) {} }
impl fmt::Display for Spot { fn fmt(&self, _: &mut fmt::Formatter) -> fmt::Result { Ok(()) } }
pub fn run() -> Alias { Spot(1) }
pub fn show(p: &Spot) { inner::Draw::draw(p); }
`);
    const defines: UnitLines["defines"] = [
        ["main[0a1b]", "Mod"],
        ["main[0a1b]::inner::Point", "Struct", [LIB, "Point", 1]],
        ["main[0a1b]::inner::Draw::draw", "AssocFn", [LIB, "draw", 0]],
        ["main[0a1b]::{impl#0}::draw", "AssocFn", [LIB, "draw", 1]],
    ];
    const say = (at: Word, target: string): string => {
        const uses: UnitLines["uses"] = [[at, "path", target]];
        const facts = factsOf(fixture, { unit: { packageName: "main" }, defines, uses });
        return meaningAt(resolveWith(fixture, [facts]), fixture, at);
    };

    it("a constructor and its struct, under an alias too", () => {
        const constructor = "main[0a1b]::inner::Point::{constructor#0}";
        expect(say([LIB, "Spot", 3], constructor)).toBe("symbol main::inner::Point, exact");
        expect(say([LIB, "Alias", 1], "main[0a1b]::inner::Point")).toBe(
            "symbol main::Alias, exact",
        );
    });

    it("an item of a trait and that of its impl", () => {
        expect(say([LIB, "draw", 2], "main[0a1b]::{impl#0}::draw")).toMatch(/draw, exact$/u);
    });

    it("an item that implements a foreign trait's, and that trait's", () => {
        const fmt: Word = [LIB, "fmt", 2];
        expect(meaningAt(resolveWith(fixture, []), fixture, fmt)).toMatch(/^symbol .*fmt/u);
        expect(say(fmt, "core[1111]::fmt::Display::fmt")).toMatch(/^symbol .*fmt, exact$/u);
    });

    it("not a local and an item of one name", () => {
        expect(say([LIB, "p", 1], "main[0a1b]::inner::Draw::draw")).toMatch(
            /^ambiguous .*the resolver says a local, rustc says main::inner::Draw::draw$/u,
        );
    });
});

describe("what a fact outlives", () => {
    const facts = factsOf(TWO_TYPES, unit([[B_CALL, "method", "main[0a1b]::{impl#1}::go"]]));
    const change = (from: string, to: string): string => {
        const text = TWO_TYPES.files.get(LIB)!;
        expect(text).toContain(from);
        const changed = new Map([[LIB, text.replace(from, to)]]);
        const resolved = resolveWith(TWO_TYPES, [facts], changed);
        return meaningAt(resolved, { ...TWO_TYPES, files: changed }, B_CALL);
    };

    it("outlives comments in its item and other bodies", () => {
        expect(change("pick!(b)", "/* the other */ pick!( b )")).toMatch(/B::go, exact$/u);
        expect(change("impl A { pub fn go(&self) {}", "impl A { pub fn go(&self) { 1; }")).toMatch(
            /B::go, exact$/u,
        );
    });

    it("is a hint once its item has other tokens", () => {
        expect(change("vec![1]", "vec![2]")).not.toContain("exact");
    });

    it("is a hint once a definition around it has changed", () => {
        expect(change("pub struct A;", "pub struct A(u8);")).not.toContain("exact");
        expect(change("{ $x }", "{ & $x }")).not.toContain("exact");
    });
});

describe("several words on one token", () => {
    it("decides where all captures agree and not where one differs", () => {
        const one = factsOf(TWO_TYPES, unit([[B_CALL, "method", "main[0a1b]::{impl#1}::go"]]));
        const test = factsOf(TWO_TYPES, {
            unit: { packageName: "main", isTest: true, configuration: "tests" },
            defines: KNOWN.map(
                ([path, ...rest]) => [path.replace("0a1b", "9f9f"), ...rest] as const,
            ),
            uses: [[B_CALL, "method", "main[9f9f]::{impl#1}::go"]],
        });
        const other = factsOf(TWO_TYPES, {
            unit: { packageName: "main", features: ["f"], configuration: "all-features" },
            defines: KNOWN.map(
                ([path, ...rest]) => [path.replace("0a1b", "7777"), ...rest] as const,
            ),
            uses: [[B_CALL, "method", "main[7777]::{impl#0}::go"]],
        });
        expect(meaningAt(resolveWith(TWO_TYPES, [one, test]), TWO_TYPES, B_CALL)).toBe(
            "symbol main::B::go, exact",
        );
        expect(meaningAt(resolveWith(TWO_TYPES, [one, other]), TWO_TYPES, B_CALL)).toMatch(
            /^ambiguous main::A::go \| main::B::go: rustc says/u,
        );
    });

    it("never decides a token of a macro's body by the expansions seen", () => {
        const fixture = parseFixture(`
pub struct A;
impl A { pub fn go(&self) {} }
macro_rules! call { ($x:expr) => { $x.go() }; }
pub fn run(a: &A) { call!(a); }
`);
        const body: Word = [LIB, "go", 1];
        const facts = factsOf(fixture, {
            unit: { packageName: "main" },
            defines: [
                ["main[0a1b]", "Mod"],
                ["main[0a1b]::{impl#0}::go", "AssocFn", [LIB, "go", 0]],
            ],
            uses: [[body, "method", "main[0a1b]::{impl#0}::go", FACT_FLAG.macroBody]],
        });
        expect(meaningAt(resolveWith(fixture, [facts]), fixture, body)).toBe(
            "ambiguous main::A::go: in the expansions that were compiled main::A::go",
        );
    });

    it("keeps a file's owners apart", () => {
        const fixture = parseFixture(`
//- /src/lib.rs crate:app
mod shared;
pub struct S;
impl S { pub fn go(&self) {} }
//- /src/main.rs crate:app2
mod shared;
struct S;
impl S { fn go(&self) {} }
fn main() {}
//- /src/shared.rs
macro_rules! id { ($x:expr) => { $x }; }
pub fn run(s: &super::S) { id!(s).go(); }
`);
        const call: Word = ["src/shared.rs", "go", 0];
        const lib = factsOf(fixture, {
            unit: { packageName: "app" },
            defines: [
                ["app[0a1b]", "Mod"],
                ["app[0a1b]::{impl#0}::go", "AssocFn", [LIB, "go", 0]],
            ],
            uses: [[call, "method", "app[0a1b]::{impl#0}::go"]],
        });
        expect(meaningAt(resolveWith(fixture, [lib]), fixture, call)).toMatch(
            /symbol app::S::go, exact & (unresolved|opaque|ambiguous)/u,
        );
        const bin = factsOf(fixture, {
            unit: { packageName: "app", targetKind: "bin", targetName: "app2" },
            defines: [
                ["app2[0c0c]", "Mod"],
                ["app2[0c0c]::{impl#0}::go", "AssocFn", ["src/main.rs", "go", 0]],
            ],
            uses: [[call, "method", "app2[0c0c]::{impl#0}::go"]],
        });
        expect(meaningAt(resolveWith(fixture, [lib, bin]), fixture, call)).toBe(
            "symbol app::S::go, exact & symbol app2::S::go, exact",
        );
    });

    it("takes the twin that was compiled, and agrees with a binding to both", () => {
        const fixture = parseFixture(`
#[cfg(unix)]
pub fn open() {}
#[cfg(not(unix))]
pub fn open() {}
pub fn run() { open(); }
`);
        const call: Word = [LIB, "open", 2];
        const facts = factsOf(fixture, {
            unit: { packageName: "main" },
            defines: [
                ["main[0a1b]", "Mod"],
                ["main[0a1b]::open", "Fn", [LIB, "open", 0]],
            ],
            uses: [[call, "path", "main[0a1b]::open"]],
        });
        expect(meaningAt(resolveWith(fixture, [facts]), fixture, call)).toBe(
            "symbol main::open | main::open, exact",
        );
    });

    it("agrees on a local that is defined anew under a cfg", () => {
        const fixture = parseFixture(`
pub fn run() -> u8 {
    let x = 1;
    #[cfg(unix)]
    let x = x + 1;
    x
}
`);
        const second: Word = [LIB, "x", 1];
        const last: Word = [LIB, "x", 3];
        const facts = factsOf(fixture, {
            unit: { packageName: "main" },
            defines: [["main[0a1b]", "Mod"]],
            uses: [
                [second, "definition", second],
                [last, "path", second],
            ],
        });
        const resolved = resolveWith(fixture, [facts]);
        expect(meaningAt(resolved, fixture, last)).toMatch(/^local x@\d+, exact$/u);
        expect(meaningAt(resolved, fixture, second)).toMatch(/^local x@\d+, exact$/u);
    });

    it("keeps an item whose name a macro also binds as a local", () => {
        const fixture = parseFixture(`
pub struct Draw { inner: u8 }
`);
        const inner: Word = [LIB, "inner", 0];
        const facts = factsOf(fixture, {
            unit: { packageName: "main" },
            defines: [["main[0a1b]", "Mod"]],
            uses: [[inner, "definition", inner]],
        });
        expect(meaningAt(resolveWith(fixture, [facts]), fixture, inner)).toBe(
            "symbol main::Draw::inner, syntactic",
        );
    });

    it("binds locals of macro input by their binding token", () => {
        const fixture = parseFixture(`
macro_rules! with { ($n:ident, $b:expr) => { let $n = 1; $b; }; }
pub fn run() { with!(total, total + 1); }
`);
        const [define, use]: [Word, Word] = [
            [LIB, "total", 0],
            [LIB, "total", 1],
        ];
        const facts = factsOf(fixture, {
            unit: { packageName: "main" },
            defines: [["main[0a1b]", "Mod"]],
            uses: [
                [define, "definition", define],
                [use, "path", define],
            ],
        });
        const resolved = resolveWith(fixture, [facts]);
        const { start } = placeOf(fixture, define);
        expect(meaningAt(resolved, fixture, define)).toBe(`local total@${start}, exact`);
        expect(meaningAt(resolved, fixture, use)).toBe(`local total@${start}, exact`);
    });

    describe("a local that a macro binds anew under the name it is given", () => {
        const fixture = parseFixture(`
macro_rules! pin { ($n:ident) => { let mut $n = Some($n); }; }
pub fn run(body: u8) -> bool { pin!(body); body.take().is_some() }
`);
        const [param, given, last]: [Word, Word, Word] = [
            [LIB, "body", 0],
            [LIB, "body", 1],
            [LIB, "body", 2],
        ];
        const meanings = (uses: UnitLines["uses"]): string[] => {
            const defines: UnitLines["defines"] = [["main[0a1b]", "Mod"]];
            const facts = factsOf(fixture, { unit: { packageName: "main" }, defines, uses });
            const resolved = resolveWith(fixture, [facts]);
            return [param, given, last].map((word) => meaningAt(resolved, fixture, word));
        };
        const first = `local body@${placeOf(fixture, param).start}`;

        it("is one with the local that the macro was given", () => {
            expect(
                meanings([
                    [param, "definition", param],
                    [given, "path", param],
                    [given, "definition", given],
                    [last, "path", given],
                ]),
            ).toEqual([`${first}, exact`, `${first}, exact`, `${first}, exact`]);
        });

        it("is another where the macro does not use what it was given", () => {
            const [, , found] = meanings([
                [param, "definition", param],
                [given, "definition", given],
                [last, "path", given],
            ]);
            expect(found).toMatch(/^ambiguous/u);
        });
    });
});
