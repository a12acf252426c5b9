// Ids: the same for the same definition however the source is arranged, different for different ones.

import { describe, expect, test } from "vitest";

import { resolveWorkspace } from "../../../src/resolve/index.ts";
import { captureFixture } from "../../support/check-resolve.ts";
import { parseFixture } from "../../support/fixture.ts";

interface Identified {
    readonly kind: string;
    readonly display: string;
    readonly cfg: string;
    readonly id: bigint;
    readonly path: string;
}

function identify(text: string): Identified[] {
    const fixture = parseFixture(text);
    const resolved = resolveWorkspace({
        model: fixture.model,
        captures: captureFixture(fixture),
    });
    return Array.from({ length: resolved.symbolCount }, (_, index) => resolved.symbol(index));
}

/** Ids of the workspace's definitions, impl blocks left out, by kind, path and predicate. */
function idsOf(text: string): Map<string, bigint> {
    const found = identify(text).filter(({ kind }) => kind !== "external" && kind !== "impl");
    return new Map(found.map(({ kind, display, cfg, id }) => [`${kind} ${display} ${cfg}`, id]));
}

describe("ids stay", () => {
    test.each([
        [
            "when items change their order",
            "struct S { a: u8, b: u8 } enum E { A, B } fn f() {} mod m { fn g() {} fn h() {} }",
            "mod m { fn h() {} fn g() {} } fn f() {} enum E { B, A } struct S { b: u8, a: u8 }",
        ],
        [
            "when an impl is split",
            "struct S; impl S { fn a() {} fn b() {} const C: u8 = 1; }",
            "struct S; impl S { fn b() {} } impl S { const C: u8 = 1; } impl S { fn a() {} }",
        ],
        [
            "when an impl moves to another module",
            "struct S; impl S { fn a() {} } mod m {}",
            "struct S; mod m { impl super::S { fn a() {} } }",
        ],
        [
            "when a trait's impl moves and its items change their order",
            "trait T { fn a(); fn b(); } struct S; impl T for S { fn a() {} fn b() {} } mod m {}",
            "trait T { fn b(); fn a(); } struct S; mod m { impl crate::T for super::S { fn b() {} fn a() {} } }",
        ],
        [
            "when the alias of an import changes",
            "mod m { pub trait T { fn a(); } pub struct S; } use m::{S as A, T as B}; impl B for A { fn a() {} } impl A { fn n() {} }",
            "mod m { pub trait T { fn a(); } pub struct S; } use m::{S as X, T}; impl T for X { fn a() {} } impl m::S { fn n() {} }",
        ],
        [
            "when an impl's parameters are renamed",
            "struct S<T>(T); impl<T> S<T> { fn a() {} }",
            "struct S<T>(T); impl<U> S<U> { fn a() {} }",
        ],
        [
            "when signatures, values and visibilities change",
            "fn f() {} const C: u8 = 1; struct S { a: u8 }",
            "pub fn f(x: u8) -> u8 { x } pub const C: u16 = 2; pub struct S { pub a: u16 }",
        ],
        [
            "when a name becomes raw",
            "fn plain() {} struct S { field: u8 }",
            "fn r#plain() {} struct S { r#field: u8 }",
        ],
        [
            "when a module moves to a file",
            "//- /src/lib.rs crate:demo\nmod m { pub fn f() {} }",
            "//- /src/lib.rs crate:demo\nmod m;\n//- /src/m.rs\npub fn f() {}",
        ],
        [
            "when a predicate is written in another order",
            "#[cfg(all(unix, test))] fn f() {}",
            "#[cfg(all(test, unix))] fn f() {}",
        ],
    ])("%s", (_, before, after) => {
        expect(idsOf(after)).toEqual(idsOf(before));
    });

    test("of what is there when a cfg twin or another item is added", () => {
        const before = idsOf("fn f() {} #[cfg(unix)] fn g() {} struct S; impl S { fn a() {} }");
        const after = idsOf(
            "#[cfg(not(unix))] fn g() {} fn f() {} #[cfg(unix)] fn g() {} struct S; struct Z; #[cfg(unix)] impl S { fn b() {} } impl S { fn a() {} }",
        );
        expect(after.size).toBe(before.size + 3);
        for (const [key, id] of before) {
            expect(after.get(key), key).toBe(id);
        }
    });
});

describe("ids differ", () => {
    test("for different definitions", () => {
        const found = identify(
            `//- /a/src/lib.rs crate:a
            pub fn f() {} pub mod f { pub fn f() {} pub struct F; }
            #[macro_export] macro_rules! f { () => {} }
            #[cfg(unix)] fn g() {}
            #[cfg(not(unix))] fn g() {}
            #[cfg(windows)] fn g() {}
            struct S<T>(T); struct P { f: u8 } union U { f: u8 } enum E { f, G { f: u8 }, H { f: u8 } }
            impl S<u8> { fn m() {} } impl S<u16> { fn m() {} } impl P { fn f() {} }
            trait T<X> { fn m(); type A; const C: u8; }
            impl T<u8> for P { fn m() {} type A = u8; const C: u8 = 1; }
            impl T<u16> for P { fn m() {} type A = u8; const C: u8 = 1; }
            impl T<u8> for U { fn m() {} type A = u8; const C: u8 = 1; }
            impl P { fn m() {} }
            #[cfg(unix)] impl P { fn twin() {} }
            #[cfg(not(unix))] impl P { fn twin() {} }
            fn outer() { fn f() {} { fn f() {} } { struct F; } }
            fn other() { fn f() {} }
            //- /b/src/lib.rs crate:a
            pub fn f() {} pub mod f { pub fn f() {} }
            //- /a/src/main.rs crate:a deps:a
            mod f { fn f() {} } fn main() {}
        `.replace(/^ +/gmu, ""),
        );
        const own = found.filter(({ kind }) => kind !== "external");
        expect(own.length).toBeGreaterThan(60);
        const paths = new Map<bigint, string[]>();
        for (const { id, path } of own) {
            paths.set(id, [...(paths.get(id) ?? []), path]);
        }
        expect([...paths.values()].filter((group) => group.length > 1)).toEqual([]);
    });

    test("for an item before and after its name, its parent or its predicate changes", () => {
        const id = (text: string, display: string): bigint =>
            identify(text).find((one) => one.display === display)!.id;
        const original = id("mod a { fn f() {} }", "main::a::f");
        expect(id("mod a { fn g() {} }", "main::a::g")).not.toBe(original);
        expect(id("mod b { fn f() {} }", "main::b::f")).not.toBe(original);
        expect(id("mod a { #[cfg(unix)] fn f() {} }", "main::a::f")).not.toBe(original);
        expect(id("mod a { struct f; }", "main::a::f")).not.toBe(original);
    });
});

test("an id leads back to its symbol", () => {
    const fixture = parseFixture("mod m { pub fn f() {} } use m::f as g; fn h() { g(); }");
    const resolved = resolveWorkspace({
        model: fixture.model,
        captures: captureFixture(fixture),
    });
    for (let index = 0; index < resolved.symbolCount; index++) {
        expect(resolved.findById(resolved.symbol(index).id)).toBe(index);
    }
});
