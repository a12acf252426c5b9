// Public APIs before and after a plan: what the plan declares is told, all else is not expected.

import { expect, test } from "vitest";

import { compareApi, type PatchPlan } from "../../../src/patch/index.ts";
import { publicApi } from "../../../src/refactor/index.ts";
import { parseFixture } from "../../support/fixture.ts";
import { openFixture } from "../../support/rename-check.ts";
import { planFixture } from "../../support/patch-check.ts";

const MAIN = "//- /src/main.rs crate:shapes deps:shapes\nfn main() { shapes::help(); }\n";

const LIBRARY = `//- /src/lib.rs crate:shapes
mod inner;
pub mod open {
    pub use crate::inner::Deep as Shallow;
    pub use super::inner::*;
    pub use std::fmt::Debug;
}
pub use inner::{Deep, help};
pub fn first<'a, T: Clone>(x: &'a T, deep: Option<Deep>) -> T where T: Copy { let _ = (x, deep); *x }
#[derive(Clone)]
pub struct Square { pub side: u32, deep: Deep }
pub struct Pair(pub u32, Deep);
pub enum Shape { Empty, Round(u32), Other { deep: u32 } }
impl Square { pub fn area(&self) -> u32 { self.side } fn hidden(&self) {} }
impl std::fmt::Display for Square {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { Ok(()) }
}
struct Own;
impl Clone for Own { fn clone(&self) -> Self { Own } }
pub trait Grow { type Out; fn grow(&self) -> Self::Out; }
pub const SIDES: u32 = 4;
fn unseen() {}
//- /src/inner.rs
#[derive(Clone)]
pub struct Deep;
pub fn help() -> u32 { 1 }
pub(crate) fn own() {}
`;

function apiOf(text: string): string[] {
    return publicApi(openFixture(parseFixture(text))).map(({ kind, segments, declaration }) => {
        const path = segments.map(({ name }) => name).join("::");
        return `${kind} ${path}: ${declaration.map((token) => token.text).join(" ")}`;
    });
}

/** What differs after a plan, and after an edit of its outcome that the plan knows nothing of. */
async function differences(
    patterns: unknown[],
    edit: (text: string) => string = (text) => text,
    constraints: object = { only_if_no_conflicts: false, accept: ["breaks-api", "changes-output"] },
): Promise<string[]> {
    const patch = JSON.stringify({ id: "change", patterns, constraints });
    const planned = await planFixture(patch, MAIN + LIBRARY);
    if ("kind" in planned) {
        throw new Error(`${planned.code}: ${planned.message}`);
    }
    const { plan, files } = planned;
    const after = [...files].map(([path, text]) => {
        const header = path === "src/lib.rs" ? " crate:shapes" : "";
        return path === "src/main.rs" ? "" : `//- /${path}${header}\n${text}`;
    });
    return compare(plan, edit(after.join("")));
}

function compare(plan: PatchPlan, after: string): string[] {
    const before = publicApi(openFixture(parseFixture(LIBRARY)));
    const now = publicApi(openFixture(parseFixture(after)));
    return compareApi(before, now, plan).map(
        ({ message, isDeclared }) => `${isDeclared ? "declared" : "unexpected"}: ${message}`,
    );
}

test("what users can name is found under every path, with what its declaration says", () => {
    expect(apiOf(LIBRARY)).toMatchInlineSnapshot(`
      [
        "module shapes::open: pub mod shapes::open",
        "struct shapes::open::Shallow: derive Clone pub struct shapes::inner::Deep ;",
        "struct shapes::open::Deep: derive Clone pub struct shapes::inner::Deep ;",
        "function shapes::open::help: pub fn shapes::inner::help ( ) -> u32",
        "re-export shapes::open::Debug: std::fmt::Debug",
        "function shapes::first: pub fn shapes::first < ' $1 , $2 : std::prelude::Clone > ( $3 : & ' $1 $2 , $4 : std::prelude::Option < shapes::inner::Deep > ) -> $2 where $2 : std::prelude::Copy",
        "struct shapes::Square: derive Clone pub struct shapes::Square { private fields }",
        "field shapes::Square::side: pub shapes::Square::side : u32",
        "method shapes::Square::area: impl shapes::Square pub fn shapes::Square::area ( & self ) -> u32",
        "struct shapes::Pair: pub struct shapes::Pair ( u32 , _ ) ;",
        "enum shapes::Shape: pub enum shapes::Shape",
        "variant shapes::Shape::Empty: shapes::Shape::Empty",
        "variant shapes::Shape::Round: shapes::Shape::Round ( u32 )",
        "variant shapes::Shape::Other: shapes::Shape::Other",
        "field shapes::Shape::Other::deep: shapes::Shape::Other::deep : u32",
        "trait shapes::Grow: pub trait shapes::Grow",
        "assoc-type shapes::Grow::Out: type shapes::Grow::Out ;",
        "method shapes::Grow::grow: fn shapes::Grow::grow ( & self ) -> Self :: shapes::Grow::Out ;",
        "const shapes::SIDES: pub const shapes::SIDES : u32 = ;",
        "struct shapes::Deep: derive Clone pub struct shapes::inner::Deep ;",
        "function shapes::help: pub fn shapes::inner::help ( ) -> u32",
        "impl shapes::impl: impl std::fmt::Display for shapes::Square",
      ]
    `);
});

test("where and under which imports a declaration is written does not matter", () => {
    const one = apiOf(
        "pub fn f<A>(a: A, b: &std::string::String) -> crate::m::T { todo!() }\npub mod m { pub struct T; }",
    );
    const other = apiOf(
        "use m::T;\n// A comment.\npub fn f<B>(x: B, y: &std::string::String,) -> T { x.f(); y.f() }\npub mod m { pub struct T; }",
    );
    expect(one).toEqual(other);
    const imported = apiOf("use self::m::T as U;\npub fn f(x: U) {}\npub mod m { pub struct T; }");
    expect(imported).toContain("function main::f: pub fn main::f ( $1 : main::m::T )");
});

test("a rename is declared under all paths, and what is in declarations follows", async () => {
    expect(
        await differences([
            { match: { symbol: "shapes::inner::Deep" }, action: { rename: "Depth" } },
        ]),
    ).toMatchInlineSnapshot(`
      [
        "declared: struct \`shapes::open::Deep\` is \`shapes::open::Depth\` now",
        "declared: struct \`shapes::Deep\` is \`shapes::Depth\` now",
      ]
    `);
});

test("a chain of renames, of a member and of a module, is declared", async () => {
    expect(
        await differences([
            { match: { symbol: "shapes::Square" }, action: { rename: "Rect" } },
            { match: { symbol: "shapes::Rect::area" }, action: { rename: "size" } },
            { match: { symbol: "shapes::open" }, action: { rename: "shown" } },
            { match: { symbol: "shapes::unseen" }, action: { rename: "not_seen" } },
        ]),
    ).toMatchInlineSnapshot(`
      [
        "declared: module \`shapes::open\` is \`shapes::shown\` now",
        "declared: struct \`shapes::Square\` is \`shapes::Rect\` now",
        "declared: method \`shapes::Square::area\` is \`shapes::Rect::size\` now",
      ]
    `);
});

test("an item that moves, one that is hidden, and another signature are declared", async () => {
    expect(
        await differences([
            { match: { symbol: "shapes::SIDES" }, action: { move_item: "shapes::open" } },
            {
                match: { symbol: "shapes::Square::area" },
                action: { change_visibility: "pub(crate)" },
            },
            {
                match: { symbol: "shapes::inner::help" },
                action: {
                    change_signature: { parameters: [{ add: "by", type: "u32", argument: "1" }] },
                },
            },
        ]),
    ).toMatchInlineSnapshot(`
      [
        "declared: function \`shapes::open::help\` was \`pub fn shapes::inner::help ( ) -> u32\` and is \`pub fn shapes::inner::help ( $1 : u32 ) -> u32\`",
        "declared: function \`shapes::help\` was \`pub fn shapes::inner::help ( ) -> u32\` and is \`pub fn shapes::inner::help ( $1 : u32 ) -> u32\`",
        "declared: const \`shapes::SIDES\` is \`shapes::open::SIDES\` now",
        "declared: method \`shapes::Square::area\` is not public any more",
      ]
    `);
});

test("what a plan does not declare is not expected", async () => {
    const patterns = [{ match: { symbol: "shapes::SIDES" }, action: { rename: "CORNERS" } }];
    const edit = (text: string): string =>
        text
            .replace("pub side: u32", "pub side: u64")
            .replace("Empty, ", "")
            .replace("fn unseen", "pub fn unseen")
            .replace("impl std::fmt::Display for Square", "impl std::fmt::Debug for Square")
            .replace("pub(crate) fn own", "pub fn own")
            .replace("(pub u32, Deep)", "(pub u32, pub Deep)");
    expect(await differences(patterns, edit)).toMatchInlineSnapshot(`
      [
        "declared: const \`shapes::SIDES\` is \`shapes::CORNERS\` now",
        "unexpected: field \`shapes::Square::side\` was \`pub shapes::Square::side : u32\` and is \`pub shapes::Square::side : u64\`",
        "unexpected: struct \`shapes::Pair\` was \`pub struct shapes::Pair ( u32 , _ ) ;\` and is \`pub struct shapes::Pair ( u32 , shapes::inner::Deep ) ;\`",
        "unexpected: variant \`shapes::Shape::Empty\` is not public any more",
        "unexpected: impl \`impl std::fmt::Display for shapes::Square\` is not public any more",
        "unexpected: function \`shapes::open::own\` is public now",
        "unexpected: function \`shapes::unseen\` is public now",
        "unexpected: impl \`impl std::fmt::Debug for shapes::Square\` is public now",
      ]
    `);
});
