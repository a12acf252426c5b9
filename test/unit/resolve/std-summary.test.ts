// The summary of std: known facts, and that all its texts are Rust that our parser takes.

import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";

import {
    loadStdSummary,
    openStdSummary,
    STD_SUMMARY_FILES,
    type StdHead,
    type StdSummary,
} from "../../../src/resolve/std/std-summary.ts";
import { FLAG, openSyntax } from "../../../src/syntax/index.ts";
import { listRepositoryFiles } from "../../support/repository.ts";

// Texts that are parsed together.
const CHUNK = 200;

let std: StdSummary;

beforeAll(() => {
    std = openStdSummary((url) => readFileSync(url, "utf8"));
});

function head(path: string): StdHead {
    const found = std.findHead(path);
    expect(found, path).toBeDefined();
    return found!;
}

function signature(path: string, name: string): string | undefined {
    return std.inherentMember(head(path), name)?.signature;
}

test("the list of files is that of the folder", () => {
    const files = listRepositoryFiles().filter((name) => /std-summary-\d+\.txt$/.test(name));
    expect(STD_SUMMARY_FILES.map((file) => `src/resolve/std/${file}`)).toEqual(files.sort());
});

describe("paths", () => {
    test.each([
        ["std::vec::Vec", "std::vec::Vec"],
        ["alloc::vec::Vec", "std::vec::Vec"],
        ["std::prelude::Vec", "std::vec::Vec"],
        ["std::prelude::v1::Vec", "std::vec::Vec"],
        ["core::option::Option", "std::option::Option"],
        ["std::prelude::Option", "std::option::Option"],
        ["std::collections::hash_map::HashMap", "std::collections::HashMap"],
        ["core::fmt::Display", "std::fmt::Display"],
        ["std::prelude::Iterator", "std::iter::Iterator"],
        ["std::io::Result", "std::result::Result"],
        ["std::sync::atomic::AtomicUsize", "std::sync::atomic::Atomic"],
        ["u8", "u8"],
    ])("%s means %s", (path, meant) => {
        expect(head(path).path).toBe(meant);
    });

    test("an alias says what it stands for", () => {
        expect(std.aliasTarget("std::io::Result")).toEqual({
            generics: "<T>",
            type: "Result<T, std::io::Error>",
        });
        expect(std.aliasTarget("std::vec::Vec")).toBeUndefined();
    });

    test("other crates and unknown names have no head", () => {
        expect(std.findHead("hashbrown::HashMap")).toBeUndefined();
        expect(std.findHead("std::vec::Vector")).toBeUndefined();
    });
});

describe("inherent members", () => {
    test("Vec::push takes &mut self", () => {
        expect(std.inherentMember(head("std::vec::Vec"), "push")).toMatchObject({
            kind: "fn",
            self: "mut",
            stable: true,
            signature: "fn push(&mut self, _: T)",
        });
    });

    test("signatures keep generics and bounds", () => {
        expect(signature("std::option::Option", "map")).toMatch(
            /^fn map<U, F>\(self, _: F\) -> Option<U> where F: FnOnce\(T\) -> U/,
        );
        expect(signature("std::collections::HashMap", "get")).toMatch(
            /^fn get<Q>\(&self, _: &Q\) -> Option<&V> where K: std::borrow::Borrow<Q>/,
        );
    });

    test("members of several impls are all there", () => {
        const copied = std.inherentMembers(head("std::option::Option"), "copied");
        expect(copied.map((one) => one.impl)).toEqual([
            "impl<T> Option<&T>",
            "impl<T> Option<&mut T>",
        ]);
    });

    test.each(["slice", "str", "char", "u8"])("%s has to_ascii_lowercase", (path) => {
        expect(std.inherentMember(head(path), "to_ascii_lowercase")?.self).toBe("ref");
    });

    test.each([
        ["str", "chars", true],
        ["str", "push", false],
        ["slice", "iter", true],
        ["slice", "utf8_chunks", true],
        ["slice", "concat", true],
        ["std::rc::Rc", "clone", false],
        ["std::rc::Rc", "downgrade", true],
        ["i32", "checked_add", true],
        ["f64", "sqrt", true],
        ["usize", "div_ceil", true],
        ["isize", "div_ceil_of_nothing", false],
        ["pointer", "is_null", true],
        ["array", "map", true],
        ["bool", "then_some", true],
        ["std::num::NonZero", "get", true],
        ["std::mem::MaybeUninit", "assume_init", true],
        ["proc_macro::Punct", "spacing", true],
        ["std::any::Any", "downcast_ref", true],
    ])("of %s: %s %s", (path, name, expected) => {
        expect(std.inherentMember(head(path), name) !== undefined).toBe(expected);
    });

    test("macro-made members have their own types", () => {
        expect(signature("i32", "unsigned_abs")).toBe("fn unsigned_abs(self) -> u32");
        expect(signature("u64", "to_be_bytes")).toMatch(/^fn to_be_bytes\(self\) -> \[u8; /);
        const loads = std.inherentMembers(head("std::sync::atomic::AtomicU8"), "load");
        expect(loads.map((one) => `${one.impl}: ${one.signature}`)).toContain(
            "impl std::sync::atomic::Atomic<u16>: fn load(&self, _: std::sync::atomic::Ordering) -> u16",
        );
    });

    test("unstable members say so", () => {
        expect(std.inherentMember(head("std::vec::Vec"), "new_in")?.stable).toBe(false);
    });

    test("receivers are told apart", () => {
        const kinds = (path: string, name: string): string | undefined =>
            std.inherentMember(head(path), name)?.self;
        expect(kinds("std::vec::Vec", "new")).toBe("none");
        expect(kinds("std::vec::Vec", "into_boxed_slice")).toBe("value");
        expect(kinds("std::vec::Vec", "len")).toBe("ref");
        expect(kinds("std::pin::Pin", "as_deref_mut")).toBe("typed");
    });

    test("fields and variants", () => {
        expect(std.fieldsOf(head("std::ops::Range"))).toEqual([
            { name: "start", type: "Idx", stable: true },
            { name: "end", type: "Idx", stable: true },
        ]);
        expect(std.variantsOf(head("std::option::Option"))).toEqual([
            { name: "None", type: "", stable: true },
            { name: "Some", type: "(T)", stable: true },
        ]);
    });
});

describe("traits", () => {
    test("items are provided or required", () => {
        expect(std.traitMember("std::iter::Iterator", "map")).toMatchObject({
            self: "value",
            provided: true,
        });
        expect(std.traitMember("core::iter::Iterator", "next")).toMatchObject({
            self: "mut",
            provided: false,
            signature: "fn next(&mut self) -> Option<Self::Item>",
        });
        expect(std.traitMember("std::iter::Iterator", "Item")?.kind).toBe("type");
        expect(std.traitMember("std::iter::Iterator", "push")).toBeUndefined();
    });

    test("supertraits are kept", () => {
        expect(std.supertraits("std::error::Error")).toBe("std::fmt::Debug + std::fmt::Display");
        expect(std.supertraits("std::iter::DoubleEndedIterator")).toBe("Iterator");
    });

    test("impls have their associated types", () => {
        const impls = std
            .traitsOf(head("std::vec::Vec"))
            .filter((one) => one.trait === "std::iter::IntoIterator" && one.origin === "impl");
        expect(impls.map((one) => one.bindings.get("Item")).sort()).toEqual([
            "&'a T",
            "&'a mut T",
            "T",
        ]);
    });

    test.each([
        ["std::string::String", "str"],
        ["std::boxed::Box", "T"],
        ["std::vec::Vec", "[T]"],
        ["std::rc::Rc", "T"],
        ["std::sync::MutexGuard", "T"],
        ["std::borrow::Cow", "B"],
        ["std::path::PathBuf", "std::path::Path"],
        ["reference", "T"],
        ["std::option::Option", undefined],
        ["std::collections::HashMap", undefined],
    ])("%s derefs to %s", (path, target) => {
        expect(std.derefTarget(head(path))?.target).toBe(target);
    });
});

test.each([
    ["std::vec::Vec", "push", "inherent"],
    ["std::vec::Vec", "iter", "no"],
    ["std::vec::Vec", "into_iter", "trait"],
    ["std::vec::Vec", "to_string", "no"],
    ["std::string::String", "to_string", "trait"],
    ["std::option::Option", "clone", "trait"],
    ["std::option::Option", "frobnicate", "no"],
    ["std::ops::Range", "map", "trait"],
    ["std::slice::Iter", "map", "trait"],
    ["std::fs::File", "read_to_string", "trait"],
    ["u32", "cmp", "trait"],
    ["u32", "into", "trait"],
    ["u32", "add", "trait"],
    ["tuple", "clone", "trait"],
    ["str", "to_owned", "trait"],
    ["std::rc::Rc", "clone", "trait"],
    ["std::iter::Iterator", "map", "trait"],
    ["std::any::Any", "downcast_ref", "inherent"],
    ["std::cell::RefCell", "map", "no"],
] as const)("%s and the method %s: %s", (path, name, expected) => {
    expect(std.mayHaveMethod(head(path), name)).toBe(expected);
});

test("free functions are found by their paths", () => {
    expect(std.findFunction("core::mem::take")?.signature).toMatch(
        /^fn take<T: Default>\(_: &mut T\) -> T$/,
    );
    expect(std.findFunction("std::fs::read_to_string")?.signature).toMatch(
        /-> Result<String, std::io::Error>/,
    );
    expect(std.findFunction("std::fs::nothing")).toBeUndefined();
});

test("every head is complete", () => {
    expect(std.heads.filter((one) => !std.isComplete(one))).toEqual([]);
    expect(std.heads.length).toBeGreaterThan(1000);
});

test("every text parses without error", { timeout: 60_000 }, async () => {
    const parser = await openSyntax();
    const texts: string[] = [];
    for (const one of std.heads) {
        const inherent = std.inherentNames(one).flatMap((name) => std.inherentMembers(one, name));
        for (const member of inherent) {
            texts.push(`${member.impl} { ${member.signature}${closing(member.kind)} }`);
        }
        for (const name of one.kind === "trait" ? std.traitNames(one.path) : []) {
            const member = std.traitMember(one.path, name)!;
            // The grammar does not take an associated type's bounds together with a default.
            const text = member.signature.replace(/^(type \w+): .* = .*$/, "$1");
            texts.push(`trait A: ${parentsOf(one)} { ${text}; }`);
        }
        const impls = std.traitsOf(one).filter((impl) => impl.origin === "impl");
        texts.push(...impls.map((impl) => `${impl.header} {}`));
        for (const impl of impls) {
            texts.push(...[...impl.bindings].map(([, type]) => `type A = ${type};`));
        }
        texts.push(...std.fieldsOf(one).map((field) => `type A = ${field.type};`));
        texts.push(...std.variantsOf(one).map((part) => `enum A { ${part.name}${part.type} }`));
    }
    const distinct = [...new Set(texts)];
    const hasError = (text: string): boolean =>
        parser.capture("std.rs", text).tree.hasFlag(0, FLAG.error);
    const bad: string[] = [];
    for (let at = 0; at < distinct.length; at += CHUNK) {
        const chunk = distinct.slice(at, at + CHUNK);
        if (hasError(chunk.join("\n"))) {
            bad.push(...chunk.filter(hasError));
        }
    }
    expect(bad).toEqual([]);
    expect(distinct.length).toBeGreaterThan(10_000);
});

function parentsOf(one: StdHead): string {
    const text = std.supertraits(one.path);
    return text === "" || text.startsWith(" where") ? `Clone${text}` : text;
}

function closing(kind: string): string {
    return kind === "fn" ? " {}" : kind === "const" ? " = A;" : ";";
}

test("a summary is text in, answers out", () => {
    const small = loadStdSummary(
        "# a\n&Astd::a::B\n%u8 u16\n@struct std::a::B\nmof(_: ^A) -> u8\n",
    );
    expect(small.inherentMember(small.findHead("std::a::B")!, "of")?.signature).toBe(
        "fn of(_: std::a::B) -> u8",
    );
});
