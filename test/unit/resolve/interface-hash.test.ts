// The hash of what a file shows to others: equal exactly when symbols, imports, impls and signatures are.

import { describe, expect, test } from "vitest";

import {
    compareShapes,
    interfaceHash,
    interfaceHashWith,
} from "../../../src/resolve/interface-hash.ts";
import { openSyntax } from "../../../src/syntax/index.ts";

const SYNTAX = await openSyntax();

function hashOf(text: string): string {
    return interfaceHash(SYNTAX.capture("src/lib.rs", text).tree);
}

describe("keeps the hash", () => {
    test.each([
        ["a function's body", "fn f() { a(); }", "fn f() { let x = |y| y; b(x); }"],
        ["an empty body", "fn f() {}", "fn f() { a(); }"],
        ["a method's body", "impl S { fn f(&self) { a } }", "impl S { fn f(&self) { b.c() } }"],
        ["a default method's body", "trait T { fn f() { a } }", "trait T { fn f() { b } }"],
        ["a constant's value", "const C: u8 = 1;", "const C: u8 = 2 + D;"],
        ["a static's value", "static C: u8 = 1;", "static C: u8 = f();"],
        ["blanks", "fn f() { a }\nstruct S;", "\n\nfn  f ( ) { a }\n\n\nstruct S ;"],
        ["comments", "fn f() {}", "// note\nfn f() { /* x */ }"],
        ["doc comments", "fn f() {}", "/// Links [`g`].\nfn f() {}"],
        ["a macro call in a body", "fn f() { m!(a); }", "fn f() { m!(b, c); }"],
        ["a body two levels down", "mod m { fn f() { a } }", "mod m { fn f() { b } }"],
    ])("on a change of %s", (_, before, after) => {
        expect(hashOf(after)).toBe(hashOf(before));
    });
});

describe("changes the hash", () => {
    test.each([
        ["a name", "fn f() {}", "fn g() {}"],
        ["a parameter's type", "fn f(a: u8) {}", "fn f(a: u16) {}"],
        ["a result", "fn f() {}", "fn f() -> u8 {}"],
        ["a generic's bound", "fn f<T>() {}", "fn f<T: A>() {}"],
        ["a where clause", "fn f<T>() {}", "fn f<T>() where T: A {}"],
        ["a reference's mutability", "fn f(a: &A) {}", "fn f(a: &mut A) {}"],
        ["a receiver", "impl S { fn f(&self) {} }", "impl S { fn f(self) {} }"],
        ["a visibility", "fn f() {}", "pub fn f() {}"],
        ["a restricted visibility", "pub(crate) fn f() {}", "pub(super) fn f() {}"],
        ["an item", "fn f() {}", "fn f() {} fn g() {}"],
        ["the order of items", "fn f() {} fn g() {}", "fn g() {} fn f() {}"],
        ["a field", "struct S { a: u8 }", "struct S { a: u8, b: u8 }"],
        ["a field's type", "struct S { a: u8 }", "struct S { a: A }"],
        ["a tuple's field", "struct S(A);", "struct S(A, A);"],
        ["a variant", "enum E { A }", "enum E { A, B }"],
        ["an import", "use a::b;", "use a::c;"],
        ["an import's alias", "use a::b as c;", "use a::b as d;"],
        ["a glob", "use a::b;", "use a::*;"],
        ["a predicate", "#[cfg(unix)] fn f() {}", "#[cfg(windows)] fn f() {}"],
        ["an attribute", "mod a;", "#[macro_use] mod a;"],
        ["a module's path", '#[path = "a.rs"] mod a;', '#[path = "b.rs"] mod a;'],
        ["an impl's trait", "impl A for S {}", "impl B for S {}"],
        ["an impl's type", "impl A for S<u8> {}", "impl A for S<u16> {}"],
        ["an associated type", "impl A for S { type T = u8; }", "impl A for S { type T = u16; }"],
        ["a constant's type", "const C: u8 = 1;", "const C: u16 = 1;"],
        ["a macro's body", "macro_rules! m { () => { a } }", "macro_rules! m { () => { b } }"],
        ["an item-position macro call", "m!(a);", "m!(b);"],
        ["an item in a body", "fn f() { a }", "fn f() { fn g() {} a }"],
        ["an import in a body", "fn f() { use a::b; }", "fn f() { use a::c; }"],
        ["a macro in a body", "fn f() { m!() }", "fn f() { macro_rules! m { () => {} } m!() }"],
        ["an impl in a body", "fn f() { 1; }", "fn f() { impl A for S {} }"],
        ["an item in a constant", "const C: u8 = 1;", "const C: u8 = { fn g() {} 1 };"],
        ["where a body ends", "mod a { fn f() {} } fn g() {}", "mod a { fn f() {} fn g() {} }"],
        ["async", "fn f() {}", "async fn f() {}"],
        ["a derive", "#[derive(A)] struct S;", "#[derive(B)] struct S;"],
    ])("on a change of %s", (_, before, after) => {
        expect(hashOf(after)).not.toBe(hashOf(before));
    });
});

describe("tells of a tree in which only names changed, without its hash,", () => {
    const change = { from: "old", to: "fresh" };

    test.each([
        ["a name in a body", "fn f() { §old(); }", "in-bodies"],
        ["a method's local", "impl S { fn f(&self) { let §old = 1; §old; } }", "in-bodies"],
        ["a link", "/// See [`§old`].\nfn f() {}", "in-bodies"],
        ["a function's name", "fn §old() { §old(); }", "in-interface"],
        ["a type in a signature", "fn f(_: §old) {}", "in-interface"],
        ["an import in a body", "fn f() { use a::§old; §old(); }", "in-interface"],
        ["a receiver's lifetime beside it", "impl S { fn f<'a>(&'a self) { §old } }", "in-bodies"],
    ])("what others see: %s", (_, marked, wanted) => {
        const [before, after] = ["old", "fresh"].map((name) => marked.replaceAll("§old", name));
        const capture = SYNTAX.capture("src/lib.rs", before!);
        const file = { path: "src/lib.rs", capture, before: before!, after: after! };
        const { tree } = SYNTAX.captureRenamed(file);
        expect(compareShapes(capture.tree, tree, change)).toBe(wanted);
        const parsed = SYNTAX.capture("src/lib.rs", after!).tree;
        expect(interfaceHash(parsed) === interfaceHash(capture.tree)).toBe(wanted === "in-bodies");
        expect(interfaceHashWith(parsed, "fresh", "old")).toBe(interfaceHash(capture.tree));
        expect(compareShapes(capture.tree, parsed, change)).toBe("unknown");
    });
});
