// Std's texts as types of the resolver: known declarations, and that the whole summary is understood.

import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";

import type {
    FunctionDeclaration,
    ImplDeclaration,
    StdItem,
} from "../../../src/resolve/types/declarations.ts";
import { StdDeclarations } from "../../../src/resolve/std/std-declarations.ts";
import { openStdSummary, type StdSummary } from "../../../src/resolve/std/std-summary.ts";
import { refTo, UNKNOWN, type BoundTrait, type Ty } from "../../../src/resolve/types/types.ts";
import { Interner } from "../../support/interner.ts";

const summary: StdSummary = openStdSummary((url) => readFileSync(url, "utf8"));

let externals: Interner;
let std: StdDeclarations;

beforeEach(() => {
    externals = new Interner();
    std = new StdDeclarations(externals, summary);
});

function symbol(path: string): number {
    return externals.external(path);
}

const U8: Ty = { k: "primitive", name: "u8" };
const USIZE: Ty = { k: "primitive", name: "usize" };
const STR: Ty = { k: "primitive", name: "str" };
const BYTES: Ty = { k: "slice", inner: U8 };

function of(path: string, ...args: Ty[]): Ty {
    const ty = std.typeOf(path, args);
    expect(ty, path).toBeDefined();
    return ty!;
}

function last(path: string): string {
    return path.slice(path.lastIndexOf("::") + 2);
}

/** A type as text, parameters by their names alone. */
function show(ty: Ty | undefined): string {
    if (ty === undefined) {
        return "undefined";
    }
    const list = (types: readonly Ty[]): string => types.map(show).join(", ");
    switch (ty.k) {
        case "adt":
        case "external": {
            const name = ty.k === "external" ? ty.name : String(ty.symbol);
            return ty.args.length === 0 ? name : `${name}<${list(ty.args)}>`;
        }
        case "ref":
            return `&${ty.mutable ? "mut " : ""}${show(ty.inner)}`;
        case "pointer":
            return `*${show(ty.inner)}`;
        case "tuple":
            return `(${list(ty.items)})`;
        case "slice":
            return `[${show(ty.inner)}]`;
        case "array":
            return `[${show(ty.inner)}; _]`;
        case "primitive":
            return ty.name;
        case "param":
            return ty.name;
        case "bound":
            return `${ty.form} ${ty.traits.map(showTrait).join(" + ")}${ty.open ? " + ?" : ""}`;
        case "function":
            return `fn(${list(ty.params)}) -> ${show(ty.result)}`;
        case "projection":
            return `<${show(ty.self)} as ${ty.trait === undefined ? "?" : showTrait(ty.trait)}>::${ty.name}`;
        case "unknown":
            return "?";
        default:
            return ty.k;
    }
}

function showTrait({ symbol: index, args, bindings }: BoundTrait): string {
    const parts = [...args.map(show), ...bindings.map((one) => `${one.name} = ${show(one.ty)}`)];
    return last(externals.pathOf(index)) + (parts.length === 0 ? "" : `<${parts.join(", ")}>`);
}

function showWhere(declared: Pick<FunctionDeclaration, "predicates">): string {
    return declared.predicates.map((one) => `${show(one.ty)}: ${showTrait(one.trait)}`).join(", ");
}

/** `map<U, F>(Option<T>, F) -> Option<U> where …`. */
function showFunction(declared: FunctionDeclaration | undefined): string {
    expect(declared).toBeDefined();
    const { names, self, params, result } = declared!;
    const generics = names.length === 0 ? "" : `<${names.join(", ")}>`;
    const list = [...(self === undefined ? [] : [self]), ...params].map(show).join(", ");
    const where = showWhere(declared!);
    return `${generics}(${list}) -> ${show(result)}${where === "" ? "" : ` where ${where}`}`;
}

function method(ty: Ty, name: string): string[] {
    return std.inherent(ty, name).map(({ item }) => showFunction(item.function));
}

function traitMethod(trait: string, name: string): string {
    return showFunction(std.traitItem(symbol(trait), name)?.function);
}

function showImpl(impl: ImplDeclaration, ...associated: string[]): string {
    const where = showWhere(impl);
    const types = associated.map((name) => `${name} = ${show(impl.associated(name))}`).join("; ");
    const head = `${impl.negative ? "!" : ""}${showTrait(impl.trait!)} for ${show(impl.self)}`;
    return `${head}${where === "" ? "" : ` where ${where}`}${types === "" ? "" : ` {${types}}`}`;
}

function impls(ty: Ty, trait: string, ...associated: string[]): string[] {
    return std.implsFor(ty, symbol(trait)).map((impl) => showImpl(impl, ...associated));
}

function blankets(trait: string, ...associated: string[]): string[] {
    return std.blanketImpls(symbol(trait)).map((impl) => showImpl(impl, ...associated));
}

function pair(): Ty {
    return { k: "tuple", items: [U8, STR] };
}

function dyn(path: string): Ty {
    const trait = { symbol: symbol(path), args: [], bindings: [] };
    return { k: "bound", form: "dyn", traits: [trait], open: false };
}

/** Type of std by its path and arguments' names, for tables. */
function make(path: string): Ty {
    const args = summary.findHead(path)?.generics.includes("T") === true ? [U8] : [];
    return of(path, ...args);
}

describe("names", () => {
    test.each([
        ["alloc::vec::Vec", "std::vec::Vec"],
        ["std::prelude::Vec", "std::vec::Vec"],
        ["core::option::Option", "std::option::Option"],
        ["std::collections::hash_map::HashMap", "std::collections::HashMap"],
        ["std::prelude::v1::Iterator", "std::iter::Iterator"],
        ["std::io::Result", "std::result::Result"],
    ])("%s is %s", (path, canonical) => {
        expect(std.canonical(symbol(path))).toBe(symbol(canonical));
    });

    test("what is not of std has no canonical symbol", () => {
        expect(std.canonical(symbol("serde::Serialize"))).toBeUndefined();
        expect(std.canonical(symbol("std::vec"))).toBeUndefined();
        expect(std.typeOf("serde::Value", [])).toBeUndefined();
        expect(std.typeOf("std::iter::Iterator", [])).toBeUndefined();
    });

    test.each([
        ["std::io::Result", "Result<u8, Error>"],
        ["std::fmt::Result", "Result<(), Error>"],
        ["std::sync::LockResult", "Result<u8, PoisonError<u8>>"],
        ["std::sync::atomic::AtomicUsize", "Atomic<usize>"],
        ["std::vec::Vec", "Vec<u8, Global>"],
        ["std::sync::LazyLock", "LazyLock<u8, fn() -> u8>"],
        ["std::io::RawOsError", "i32"],
        ["u32", "u32"],
    ])("the type %s is %s", (path, shown) => {
        expect(show(std.typeOf(path, [U8]))).toBe(shown);
    });

    test("arguments that are missing and have no default are unknown", () => {
        expect(show(of("std::collections::HashMap", STR))).toBe(
            "HashMap<str, ?, RandomState, Global>",
        );
    });

    test.each<[string, Ty, string]>([
        ["a slice", BYTES, "slice"],
        ["an array", { k: "array", inner: U8 }, "array"],
        ["a tuple", { k: "tuple", items: [] }, "tuple"],
        ["a pointer", { k: "pointer", inner: U8 }, "pointer"],
        ["a reference", refTo(U8), "reference"],
        ["a function", { k: "function", params: [], result: U8 }, "fn"],
        ["a literal", { k: "primitive", name: "_integer" }, "i32"],
        ["!", { k: "primitive", name: "!" }, "never"],
    ])("%s has a head", (_, ty, path) => {
        expect(std.headOf(ty)?.path).toBe(path);
        expect(std.isComplete(ty)).toBe(true);
    });

    test("of `dyn Trait` the head is the trait, of `impl Trait` and unknown types there is none", () => {
        const any = dyn("std::any::Any");
        expect(std.headOf(any)?.path).toBe("std::any::Any");
        expect(method(any, "downcast_ref")).toContain("<T>(&dyn Any) -> Option<&T> where T: Any");
        expect(std.headOf({ ...any, form: "impl" } as Ty)).toBeUndefined();
        expect(std.isComplete(UNKNOWN)).toBe(false);
    });
});

describe("inherent members", () => {
    test.each([
        ["std::vec::Vec", "push", "(&mut Vec<T, A>, T) -> ()"],
        [
            "std::option::Option",
            "map",
            "<U, F>(Option<T>, F) -> Option<U> where F: FnOnce<(T), Output = U>",
        ],
        [
            "std::option::Option",
            "unwrap_or_else",
            "<F>(Option<T>, F) -> T where F: FnOnce<(), Output = T>",
        ],
        [
            "std::option::Option",
            "is_some_and",
            "(Option<T>, impl FnOnce<(T), Output = bool>) -> bool",
        ],
        [
            "std::option::Option",
            "as_deref",
            "(&Option<T>) -> Option<&<T as Deref>::Target> where T: Deref",
        ],
        [
            "std::result::Result",
            "map_err",
            "<F, O>(Result<T, E>, O) -> Result<T, F> where O: FnOnce<(E), Output = F>",
        ],
        [
            "std::collections::HashMap",
            "get",
            "<Q>(&HashMap<K, V, S, A>, &Q) -> Option<&V> where K: Borrow<Q>, Q: Hash, Q: Eq",
        ],
        ["std::collections::HashMap", "entry", "(&mut HashMap<K, V, S, A>, K) -> Entry<K, V, A>"],
        ["std::collections::HashMap", "iter", "(&HashMap<K, V, S, A>) -> Iter<K, V>"],
        ["std::collections::HashMap", "new", "() -> HashMap<K, V, RandomState, Global>"],
        [
            "std::collections::hash_map::Entry",
            "or_insert_with",
            "<F>(Entry<K, V, A>, F) -> &mut V where F: FnOnce<(), Output = V>",
        ],
        [
            "std::sync::Mutex",
            "lock",
            "(&Mutex<T>) -> Result<MutexGuard<T>, PoisonError<MutexGuard<T>>>",
        ],
        ["std::iter::Peekable", "peek", "(&mut Peekable<I>) -> Option<&<I as Iterator>::Item>"],
        ["std::fmt::Formatter", "debug_struct", "(&mut Formatter, &str) -> DebugStruct"],
        ["std::sync::Arc", "new", "(T) -> Arc<T, Global>"],
        ["std::sync::atomic::AtomicUsize", "new", "(usize) -> Atomic<usize>"],
        [
            "std::thread::JoinHandle",
            "join",
            "(JoinHandle<T>) -> Result<T, Box<dyn Any + Send, Global>>",
        ],
        ["std::string::String", "push_str", "(&mut String, &str) -> ()"],
        ["str", "split", "<P>(&str, P) -> Split<P> where P: Pattern"],
        ["str", "parse", "<F>(&str) -> Result<F, <F as FromStr>::Err> where F: FromStr"],
        ["u64", "checked_add", "(u64, u64) -> Option<u64>"],
    ])("%s has %s", (path, name, shown) => {
        expect(method(make(path), name)).toEqual([shown]);
    });

    test("slices and arrays have their own", () => {
        expect(method(BYTES, "iter")).toEqual(["(&[T]) -> Iter<T>"]);
        expect(method(BYTES, "get")).toEqual([
            "<I>(&[T], I) -> Option<&<I as SliceIndex<[T]>>::Output> where I: SliceIndex<[T]>",
        ]);
        expect(method({ k: "array", inner: STR }, "iter")).toEqual([]);
        expect(method({ k: "array", inner: STR }, "as_slice")).toEqual(["(&[T; _]) -> &[T]"]);
    });

    test("an impl is for the types that fit its self type", () => {
        const cloned = std.inherent(of("std::option::Option", refTo(U8)), "cloned");
        expect(cloned.map(({ impl }) => show(impl.self))).toEqual(["Option<&T>"]);
        expect(cloned.map(({ item }) => showFunction(item.function))).toEqual([
            "(Option<&T>) -> Option<T> where T: Clone",
        ]);
        expect(std.inherent(of("std::option::Option", U8), "cloned")).toEqual([]);
        expect(std.inherent(of("std::option::Option", UNKNOWN), "cloned")).toHaveLength(2);
    });

    test("parameters of the impl belong to the impl, those of a method to the method", () => {
        const [found] = std.inherent(of("std::option::Option", U8), "map");
        const { impl, item } = found!;
        expect([impl.names, item.function?.names]).toEqual([["T"], ["U", "F"]]);
        expect(impl.owner).toBeLessThan(-1);
        expect(item.function?.owner).toBeLessThan(-1);
        expect(item.function?.owner).not.toBe(impl.owner);
        expect(item.function?.self).toEqual(impl.self);
        expect(item).toMatchObject({
            kind: "fn",
            stable: true,
            path: "std::option::Option::map",
            function: { receiver: "value" },
        });
        expect(std.inherent(of("std::option::Option", U8), "map")[0]).toBe(found);
    });

    test("instability, receivers and constants are told", () => {
        const item = (path: string): StdItem | undefined => std.associatedAt(path)[0]?.item;
        expect(item("std::option::Option::reduce")?.stable).toBe(false);
        expect(item("std::option::Option::as_pin_ref")?.function).toMatchObject({
            receiver: "typed",
        });
        expect(show(item("std::option::Option::as_pin_ref")?.function?.self)).toBe(
            "Pin<&Option<T>>",
        );
        expect(show(item("u32::MAX")?.type)).toBe("u32");
        expect(showFunction(item("std::boxed::Box::new")?.function)).toBe("(T) -> Box<T, Global>");
        expect(std.associatedAt("std::default::Default::default")[0]?.impl).toBeUndefined();
        expect(std.associatedAt("std::vec::Vec::nothing")).toEqual([]);
    });
});

describe("traits", () => {
    test.each([
        ["std::iter::Iterator", "next", "(&mut Self) -> Option<<Self as Iterator>::Item>"],
        [
            "std::iter::Iterator",
            "map",
            "<B, F>(Self, F) -> Map<Self, F> where F: FnMut<(<Self as Iterator>::Item), Output = B>",
        ],
        [
            "std::iter::Iterator",
            "filter",
            "<P>(Self, P) -> Filter<Self, P> where P: FnMut<(&<Self as Iterator>::Item), Output = bool>",
        ],
        [
            "std::iter::Iterator",
            "collect",
            "<B>(Self) -> B where B: FromIterator<<Self as Iterator>::Item>",
        ],
        [
            "std::iter::Iterator",
            "zip",
            "<U>(Self, U) -> Zip<Self, <U as IntoIterator>::IntoIter> where U: IntoIterator",
        ],
        [
            "std::iter::Iterator",
            "fold",
            "<B, F>(Self, B, F) -> B where F: FnMut<(B, <Self as Iterator>::Item), Output = B>",
        ],
        [
            "std::iter::Iterator",
            "cloned",
            "<T>(Self) -> Cloned<Self> where T: Clone, Self: Iterator<Item = &T>",
        ],
        ["std::iter::IntoIterator", "into_iter", "(Self) -> <Self as IntoIterator>::IntoIter"],
        ["std::ops::Fn", "call", "(&Self, Args) -> <Self as FnOnce<Args>>::Output"],
        ["std::ops::DerefMut", "deref_mut", "(&mut Self) -> &mut <Self as Deref>::Target"],
        ["std::convert::From", "from", "(T) -> Self"],
        ["std::clone::Clone", "clone", "(&Self) -> Self"],
    ])("%s has %s", (trait, name, shown) => {
        expect(traitMethod(trait, name)).toBe(shown);
    });

    test("own items only, required or provided", () => {
        expect(std.traitItem(symbol("std::ops::Fn"), "Output")).toBeUndefined();
        expect(std.traitItem(symbol("core::iter::Iterator"), "next")?.provided).toBe(false);
        expect(std.traitItem(symbol("core::iter::Iterator"), "map")?.provided).toBe(true);
        expect(std.traitItem(symbol("std::iter::Iterator"), "Item")?.kind).toBe("type");
    });

    test("parameters, supertraits and bounds of associated types", () => {
        const ord = std.generics(symbol("std::cmp::Ord"));
        expect(ord.owner).toBe(symbol("std::cmp::Ord"));
        expect(showWhere(ord)).toBe("Self: Eq, Self: PartialOrd<Self>");
        expect(std.generics(symbol("std::ops::Add")).names).toEqual(["Rhs"]);
        expect(std.supertraits(symbol("std::ops::Fn")).map(showTrait)).toEqual(["FnMut<Args>"]);
        const bounds = std.associatedBounds(symbol("std::iter::IntoIterator"), "IntoIter");
        expect(bounds.map(showTrait)).toEqual(["Iterator<Item = <Self as IntoIterator>::Item>"]);
        const vec = std.generics(symbol("std::vec::Vec"));
        expect([vec.names, showWhere(vec)]).toEqual([["T", "A"], "A: Allocator"]);
    });

    test("traits by the names of their items", () => {
        const having = (name: string): string[] =>
            std.traitsWithItem(name).map((one) => externals.pathOf(one));
        expect(having("map")).toEqual(["std::iter::Iterator"]);
        expect(having("fmt")).toContain("std::fmt::Display");
        expect(having("from_str")).toEqual(["std::str::FromStr"]);
        expect(having("no_such_method")).toEqual([]);
    });

    test("markers are universal", () => {
        for (const path of ["Sized", "Send", "Sync", "Unpin"]) {
            expect(std.isUniversal(symbol(`std::marker::${path}`)), path).toBe(true);
        }
        expect(std.isUniversal(symbol("std::prelude::Send"))).toBe(true);
        expect(std.isUniversal(symbol("core::panic::UnwindSafe"))).toBe(true);
        expect(std.isUniversal(symbol("std::marker::Copy"))).toBe(false);
        expect(std.isUniversal(symbol("std::clone::Clone"))).toBe(false);
        expect(std.isUniversal(symbol("serde::Serialize"))).toBe(false);
    });
});

describe("impls", () => {
    test.each([
        ["std::boxed::Box", "Box<T, A> where A: Allocator {Target = T}"],
        ["std::rc::Rc", "Rc<T, A> where A: Allocator {Target = T}"],
        ["std::sync::Arc", "Arc<T, A> where A: Allocator {Target = T}"],
        ["std::vec::Vec", "Vec<T, A> where A: Allocator {Target = [T]}"],
        ["std::string::String", "String {Target = str}"],
        ["std::sync::MutexGuard", "MutexGuard<T> {Target = T}"],
        ["std::cell::Ref", "Ref<T> {Target = T}"],
    ])("%s derefs", (path, shown) => {
        expect(impls(make(path), "std::ops::Deref", "Target")).toEqual([`Deref for ${shown}`]);
    });

    test("iterators have items", () => {
        const items = (ty: Ty): string[] => impls(ty, "std::iter::Iterator", "Item");
        expect(items(of("std::slice::Iter", U8))).toEqual(["Iterator for Iter<T> {Item = &T}"]);
        expect(items(of("std::str::Chars"))).toEqual(["Iterator for Chars {Item = char}"]);
        expect(items(of("std::ops::Range", USIZE))).toEqual([
            "Iterator for Range<A> where A: Step {Item = A}",
        ]);
        expect(items(of("std::iter::Peekable", U8))).toEqual([
            "Iterator for Peekable<I> where I: Iterator {Item = <I as Iterator>::Item}",
        ]);
        expect(items(of("std::iter::Map", U8, U8))).toEqual([
            "Iterator for Map<I, F> where I: Iterator, F: FnMut<(<I as Iterator>::Item), Output = B> {Item = B}",
        ]);
        expect(impls(USIZE, "std::iter::Step")).toEqual(["Step for usize"]);
    });

    test("a type, `&` and `&mut` of it are told apart", () => {
        const vec = of("std::vec::Vec", U8);
        const into = (ty: Ty): string[] => impls(ty, "std::iter::IntoIterator", "Item");
        const where = "where A: Allocator";
        expect(into(vec)).toEqual([`IntoIterator for Vec<T, A> ${where} {Item = T}`]);
        expect(into(refTo(vec))).toEqual([`IntoIterator for &Vec<T, A> ${where} {Item = &T}`]);
        expect(into(refTo(vec, true))).toEqual([
            `IntoIterator for &mut Vec<T, A> ${where} {Item = &mut T}`,
        ]);
    });

    test("blanket ones", () => {
        expect(blankets("std::convert::Into")).toEqual(["Into<U> for T where U: From<T>"]);
        expect(blankets("std::convert::From")).toContain("From<T> for T");
        expect(blankets("std::borrow::ToOwned", "Owned")).toEqual([
            "ToOwned for T where T: Clone {Owned = T}",
        ]);
        expect(blankets("std::iter::IntoIterator", "Item", "IntoIter")).toEqual([
            "IntoIterator for I where I: Iterator {Item = <I as Iterator>::Item; IntoIter = I}",
        ]);
        expect(blankets("std::clone::Clone")).toEqual(["Clone for &T", "!Clone for &mut T"]);
        expect(blankets("std::iter::Iterator", "Item")).toEqual([
            "Iterator for &mut I where I: Iterator {Item = <I as Iterator>::Item}",
        ]);
        expect(blankets("serde::Serialize")).toEqual([]);
    });

    test("written ones", () => {
        expect(impls(of("std::rc::Rc", U8), "std::clone::Clone")).toEqual([
            "Clone for Rc<T, A> where A: Allocator, A: Clone",
        ]);
        expect(impls(STR, "std::borrow::ToOwned", "Owned")).toEqual([
            "ToOwned for str {Owned = String}",
        ]);
        expect(impls(of("std::string::String"), "std::convert::From")).toContain(
            "From<&str> for String",
        );
        const boxed = impls(of("std::boxed::Box", dyn("std::error::Error")), "std::convert::From");
        expect(boxed).toContain("From<E> for Box<dyn Error, Global> where E: Error");
        expect(boxed).toContain("From<&str> for Box<dyn Error + Send + Sync, Global>");
        expect(impls(of("std::vec::Vec", U8), "std::ops::Index", "Output")).toEqual([
            "Index<I> for Vec<T, A> where I: SliceIndex<[T]>, A: Allocator {Output = <I as SliceIndex<[T]>>::Output}",
        ]);
        expect(impls(UNKNOWN, "std::clone::Clone")).toEqual([]);
    });

    test("derived ones ask the trait of each parameter", () => {
        const option = of("std::option::Option", U8);
        expect(impls(option, "std::fmt::Debug")).toEqual(["Debug for Option<T> where T: Debug"]);
        expect(impls(option, "std::marker::Copy")).toEqual(["Copy for Option<T> where T: Copy"]);
    });

    test("those of the language, and of tuples of any size", () => {
        const fn: Ty = { k: "function", params: [U8], result: STR };
        expect(impls(fn, "std::ops::FnOnce", "Output")).toEqual([
            "FnOnce<(A0)> for fn(A0) -> R {Output = R}",
        ]);
        expect(impls(fn, "std::marker::Copy")).toEqual(["Copy for fn(A0) -> R"]);
        expect(impls({ k: "array", inner: U8 }, "std::marker::Copy")).toEqual([
            "Copy for [T; _] where T: Copy",
        ]);
        expect(impls(pair(), "std::clone::Clone")).toEqual([
            "Clone for (T0, T1) where T0: Clone, T1: Clone",
        ]);
        expect(impls(pair(), "std::default::Default")).toEqual([
            "Default for (E, D) where E: Default, D: Default",
        ]);
        expect(impls(pair(), "std::iter::FromIterator")).toEqual([
            "FromIterator<(A, B)> for (ExA, ExB) where ExA: Default, ExA: Extend<A>, ExB: Default, ExB: Extend<B>",
        ]);
        expect(impls(pair(), "std::convert::From")).toEqual(["From<[T; _]> for (T, T)"]);
        const unit: Ty = { k: "tuple", items: [] };
        expect(impls(unit, "std::cmp::PartialEq")).toEqual(["PartialEq<()> for ()"]);
        expect(impls(unit, "std::process::Termination")).toEqual(["Termination for ()"]);
        expect(impls(pair(), "std::process::Termination")).toEqual([]);
    });
});

describe("functions, variants and fields", () => {
    test.each([
        ["std::mem::replace", "<T>(&mut T, T) -> T"],
        ["core::mem::take", "<T>(&mut T) -> T where T: Default"],
        ["std::prelude::drop", "<T>(T) -> ()"],
        ["std::thread::spawn", "<F, T>(F) -> JoinHandle<T> where F: FnOnce<(), Output = T>"],
    ])("%s is a function", (path, shown) => {
        expect(showFunction(std.function(path))).toBe(shown);
    });

    test.each([
        ["Some", "<T>(T) -> Option<T>"],
        ["std::prelude::v1::Err", "<T, E>(E) -> Result<T, E>"],
        ["std::prelude::None", "<T>() -> Option<T>"],
        ["core::ops::Bound::Included", "<T>(T) -> Bound<T>"],
        ["std::cmp::Reverse", "<T>(T) -> Reverse<T>"],
    ])("%s is a constructor", (path, shown) => {
        expect(showFunction(std.constructorOf(path))).toBe(shown);
    });

    test("payloads, fields, and what is none", () => {
        expect(std.variantPayload("std::borrow::Cow::Owned")?.map(show)).toEqual([
            "<B as ToOwned>::Owned",
        ]);
        expect(std.variant("std::option::Option::None")?.shape).toBe("unit");
        expect(show(std.fieldOf(of("std::ops::Range", U8), "start"))).toBe("u8");
        expect(show(std.fieldOf(of("std::cmp::Reverse", U8), "0"))).toBe("u8");
        expect(std.fieldOf(of("std::ops::Range", U8), "step")).toBeUndefined();
        expect(std.function("std::mem::nothing")).toBeUndefined();
        expect(std.constructorOf("std::vec::Vec")).toBeUndefined();
        expect(std.constructorOf("std::option::Option::Maybe")).toBeUndefined();
    });
});
