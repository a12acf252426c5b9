// Items keep their rows through a rename although their tokens may have met it. That each token is what a
// fresh session says of it is checked by the fixture at every rename; here are the names that come near.

import { describe, expect, it } from "vitest";

import { repoPath } from "../../../src/base/index.ts";
import { findRenameTarget, planRename } from "../../../src/refactor/index.ts";
import { parseFixture } from "../../support/fixture.ts";
import { openFixture } from "../../support/rename-check.ts";

/** Renames what is at the cursor; gives the verdict, how many edits, and that no fresh session was asked for. */
function rename(text: string, newName: string): readonly [string, number] {
    const fixture = parseFixture(text);
    const context = openFixture(fixture);
    const { path, offset } = fixture.cursor!;
    const start = findRenameTarget(context, repoPath(path), offset);
    expect(start.kind).toBe("start");
    const derived: boolean[] = [];
    const watched: typeof context = {
        ...context,
        reResolve: (...asked) => {
            const after = context.reResolve(...asked);
            derived.push(after.isDerived);
            return after;
        },
    };
    const { target } = start as Extract<typeof start, { kind: "start" }>;
    const plan = planRename(watched, target, newName);
    expect(derived).toEqual([true]);
    return plan.kind === "plan" ? [plan.proof.verdict, plan.edits.length] : [plan.code, 0];
}

describe("rows that are kept through a rename", () => {
    it("are those of an edited method under an impl's own parameter", () => {
        const text = `
//- /src/lib.rs crate:main
pub struct Pile<T> { items: Vec<T> }
impl<T: Clone> Pile<T> {
    pub fn $0first(&self) -> Option<T> { self.items.first().cloned() }
    pub fn both(&self, other: &Pile<T>) -> (Option<T>, Option<T>) { (self.first(), other.first()) }
    pub fn last<U>(&self, map: impl Fn(T) -> U) -> Option<U> { self.items.last().cloned().map(map) }
}
`;
        expect(rename(text, "quite_fresh")).toEqual(["proved", 3]);
        expect(rename(text, "q9")).toEqual(["proved", 3]);
    });

    it("are those of a trait's method beside std's and other types' of its name", () => {
        const text = `
//- /src/lib.rs crate:main
pub trait Sized2 { fn $0len(&self) -> usize; fn is_void(&self) -> bool { self.len() == 0 } }
pub struct A(Vec<u8>);
impl Sized2 for A { fn len(&self) -> usize { self.0.len() } }
pub struct B { len: usize }
impl B { pub fn len(&self) -> usize { self.len } }
pub fn all<T: Sized2>(t: &T, a: &A, b: &B, v: &[u8]) -> usize {
    let len = t.len() + a.len();
    len + b.len() + v.len() + b.len + [1, 2].iter().map(|len| len + 1).sum::<usize>()
}
`;
        expect(rename(text, "quite_fresh")).toEqual(["proved", 5]);
    });

    it("are those of locals that shadow each other, and of parameters of the item around", () => {
        const text = `
//- /src/lib.rs crate:main
pub fn f(n: u32) -> u32 {
    let $0x = n;
    let y = { let x = x + 1; let g = |x: u32| x * 2; g(x) };
    match y { x @ 1..=3 => x, _ => x }
}
pub fn g(x: u32) -> u32 { x }
`;
        expect(rename(text, "quite_fresh")).toEqual(["proved", 3]);
        expect(rename(text, "QUITE_FRESH")).toEqual(["proved", 3]);
        const generic = `
//- /src/lib.rs crate:main
pub struct S<T>(T);
impl<$0T: Copy> S<T> {
    pub fn get(&self) -> T { self.0 }
    pub fn with<U>(&self, u: U) -> (T, U) { (self.0, u) }
    pub fn count(&self) -> usize { 1 }
}
impl<T> S<Option<T>> { pub fn some(&self) -> Option<&T> { self.0.as_ref() } }
`;
        expect(rename(generic, "Kind")).toEqual(["proved", 4]);
    });

    it("are those of a file that is a module twice, whose bodies declare types of their own", () => {
        const text = `
//- /src/lib.rs crate:main
#[cfg(feature = "all")] pub mod ser;
#[cfg(not(feature = "all"))] mod ser;
pub fn go<$0F>(f: F) -> F { f }
//- /src/ser.rs
pub struct S<T>(T);
pub trait Put { fn put(&self); }
impl<T> S<T> {
    pub fn with(&self) {
        struct Held<F>(F);
        impl<F> Put for Held<F> { fn put(&self) {} }
        Held(1).put();
    }
}
`;
        expect(rename(text, "Kind")).toEqual(["proved", 3]);
    });

    it("are those of a module with the name of a dependency, which other modules and crates import", () => {
        const text = `
//- /dep/src/lib.rs crate:codec
pub struct Plain;
pub fn read() -> Plain { Plain }
//- /src/lib.rs crate:main deps:codec
extern crate codec;
pub mod inner {
    pub mod $0codec { pub struct Own; pub fn read() -> Own { Own } }
    pub fn own() -> codec::Own { self::codec::read() }
    pub fn other() -> ::codec::Plain { ::codec::read() }
}
pub mod beside { use codec::Plain; pub fn f() -> Plain { codec::read() } }
pub fn g() -> inner::codec::Own { inner::codec::read() }
`;
        expect(rename(text, "quite_fresh")).toEqual(["proved", 5]);
    });

    it("are those of a macro's neighbours, but not the macro itself, whose name stands in reasons", () => {
        const text = `
//- /src/lib.rs crate:main
macro_rules! $0make { ($name:ident) => { pub fn $name() -> u8 { helper(1) } } }
fn helper(make: u8) -> u8 { make }
make!(one);
pub fn two() -> u8 { let make = one(); helper(make) }
`;
        expect(rename(text, "quite_fresh")[1]).toBe(2);
    });

    it("are those of modules' paths, and of a variant that is a constant's name elsewhere", () => {
        const text = `
//- /src/lib.rs crate:main
pub mod $0map { pub struct Iter; pub fn make() -> Iter { Iter } pub mod inner { pub fn f() -> super::Iter { super::make() } } }
pub fn a(v: Vec<u8>) -> Vec<u8> { v.into_iter().map(|b| b + 1).collect() }
pub fn b() -> map::Iter { let _ = map::inner::f(); self::map::make() }
`;
        expect(rename(text, "quite_fresh")).toEqual(["proved", 4]);
        const variant = `
//- /src/lib.rs crate:main
pub enum E { $0Low, High }
pub mod other { pub const Low: u8 = 1; pub fn f(x: u8) -> bool { matches!(x, Low) || x == Low } }
pub fn g(e: &E) -> u8 { match e { E::Low => 0, E::High => other::Low } }
`;
        expect(rename(variant, "QuiteFresh")).toEqual(["proved", 2]);
    });

    it("are not those of open tokens that a unique name decides", () => {
        const text = `
//- /src/lib.rs crate:main
pub struct A;
impl A { pub fn $0unusual(&self) {} }
pub fn f<T: core::ops::Deref>(t: T, unknown: Missing) { unknown.unusual(); t.unusual(); A.unusual(); }
`;
        expect(rename(text, "quite_fresh")[1]).toBe(2);
    });
});
