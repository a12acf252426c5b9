// The readers' small parts: tokens of Rust, entries of a stream, trees of `{:#?}`, paths, captures, MIR lines.

import { expect, test } from "vitest";

import { parseDebug } from "../../../src/capture/rustc/dump/debug-tree.ts";
import { readEntries } from "../../../src/capture/rustc/dump/dump-entries.ts";
import {
    contextOf,
    parseDefId,
    parseHirId,
    parseIdent,
} from "../../../src/capture/rustc/dump/dump-words.ts";
import { captureOffsets } from "../../../src/capture/rustc/dump/format-captures.ts";
import { findMacroBodies, findMacroCalls } from "../../../src/capture/rustc/dump/macro-bodies.ts";
import { calleeOf, parseMirBody, successorsOf } from "../../../src/capture/rustc/dump/mir-text.ts";
import { alignSegments } from "../../../src/capture/rustc/dump/path-tokens.ts";
import { RustTokens } from "../../../src/capture/rustc/dump/rust-tokens.ts";
import { SourceFiles } from "../../../src/capture/rustc/dump/source-files.ts";
import { plainTypePath } from "../../../src/capture/rustc/dump/type-paths.ts";

function words(text: string): string[] {
    const tokens = new RustTokens(text);
    return tokens.starts.map((start, at) => text.slice(start, tokens.ends[at]));
}

test.each([
    ["a /* b /* c */ d */ e // f\ng", ["a", "e", "g"]],
    ["'a' 'b '\\'' b'x' '\u{1d11e}'", ["'a'", "'b", "'\\''", "b'x'", "'\u{1d11e}'"]],
    [`r#"a"b"# r#type "x\\"y" br"z"`, [`r#"a"b"#`, "r#type", `"x\\"y"`, `br"z"`]],
    ["t.0.1 1.5e-3 0..2 1.max(2)", "t . 0 . 1|1.5e-3|0 . . 2|1 . max ( 2 )".split(/[ |]/)],
    ["été::日本", ["été", ":", ":", "日本"]],
])("tokens of %s", (text, expected) => {
    expect(words(text)).toEqual(expected);
});

async function entries(chunks: readonly string[], limit = 1_000): Promise<(string | undefined)[]> {
    async function* stream(): AsyncGenerator<string> {
        for (const chunk of chunks) {
            await Promise.resolve();
            yield chunk;
        }
    }
    const found: (string | undefined)[] = [];
    for await (const entry of readEntries(stream(), limit)) {
        found.push(entry.text);
    }
    return found;
}

test("entries are the same however the stream is cut", async () => {
    const text = "A {\n    x: é,\n}\nB {\n    y,\n}\n";
    const whole = await entries([text]);
    expect(whole).toEqual(["A {\n    x: é,\n", "B {\n    y,\n"]);
    for (let size = 1; size < 12; size += 1) {
        const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_, at) =>
            text.slice(at * size, (at + 1) * size),
        );
        expect(await entries(chunks)).toEqual(whole);
    }
});

test("an entry beyond the limit is passed over, the next one read", async () => {
    const table = `T {\n${"    0,\n".repeat(100)}}\n`;
    expect(await entries([table, "B {\n    y,\n}\n"], 200)).toEqual([undefined, "B {\n    y,\n"]);
});

test("a tree of values, keys and lists; what is passed over is undefined", () => {
    const text = `Root {
    span: src/a b.rs:1:2: 1:3 (#0),
    kind: Call(
        Lit(
            "x {",
        ),
        [],
        '{',
    ),
    skipped: [
        1,
    ],
    rest: Deep {
        last: 1,
        ..
    },
`;
    const pass = { keys: new Set(["skipped"]), names: new Set(["Lit"]) };
    expect(parseDebug(text, 0, pass)).toEqual({
        name: "Root",
        keys: ["span", "kind", "skipped", "rest"],
        items: [
            "src/a b.rs:1:2: 1:3 (#0)",
            { name: "Call", keys: undefined, items: [undefined, "[]", "'{'"] },
            undefined,
            { name: "Deep", keys: ["last", ""], items: ["1", ".."] },
        ],
    });
});

test("printed words", () => {
    expect(parseIdent("r#type#12")).toEqual({ name: "type", context: 12 });
    expect(parseIdent("'a#0")).toEqual({ name: "'a", context: 0 });
    expect(parseIdent("0#0")).toBeUndefined();
    expect(parseIdent("$crate#3")).toBeUndefined();
    expect(parseIdent("impl Trait#0")).toBeUndefined();
    expect(parseDefId("DefId(0:30 ~ k[ab12]::A::{impl#0}::b)")).toBe("k[ab12]::A::{impl#0}::b");
    expect(parseHirId("HirId(DefId(0:76 ~ k[ab12]::f).22)")).toBe("k[ab12]::f.22");
    expect(contextOf("src/lib.rs:1:2: 1:3 (#17)")).toBe(17);
});

function aligned(text: string, names: readonly string[], isImport = false): (string | undefined)[] {
    const tokens = new RustTokens(text);
    const open = text.indexOf("«");
    const close = text.indexOf("»");
    const range = open < 0 ? { start: 0, end: text.length } : { start: open + 1, end: close };
    return alignSegments(tokens, range, names, isImport).map((index) =>
        index < 0 ? undefined : `${tokens.starts[index]!}`,
    );
}

test.each([
    ["a::b::<C<d::E>>::f", ["a", "b", "f"], ["0", "3", "17"]],
    ["<T as x::Area<U>>::area", ["x", "Area", "area"], ["6", "9", "19"]],
    ["Fn(A, B) -> C", ["Fn"], ["0"]],
    ["a /* b */ :: // c\n r#type", ["a", "type"], ["0", "19"]],
    ["other::b", ["a", "b"], [undefined, "7"]],
    ["val?", ["val"], [undefined]],
    ["$m::name", ["m", "name"], ["1", "4"]],
])("segments of %s", (text, names, expected) => {
    expect(aligned(text, names)).toEqual(expected);
});

test("segments of grouped imports stand before the braces", () => {
    const text = "use a::b::{c::{«d::e», f}, g};";
    expect(aligned(text, ["a", "b", "c", "d", "e"], true)).toEqual(["4", "7", "11", "16", "19"]);
    expect(aligned("use a::{x, b::{«self»}};", ["a", "b"], true)).toEqual(["4", "11"]);
    expect(aligned("use a::{q::{z}, «b»};", ["a", "b"], true)).toEqual(["4", "17"]);
});

test("macros: where they are defined, and inputs of calls that are no definitions", () => {
    const text =
        "macro_rules! m { ($a:ident) => { f!($a) } } m!(x); pub macro n($b:expr) { g } o![y];";
    const tokens = new RustTokens(text);
    expect(
        findMacroBodies(tokens).map(({ name, start, end }) => [name, text.slice(start, end)]),
    ).toEqual([
        ["m", "{ ($a:ident) => { f!($a) } }"],
        ["n", "($b:expr) { g }"],
    ]);
    const inputs = findMacroCalls(tokens, 0, text.length).map(({ first }) => tokens.name(first));
    expect(inputs).toEqual(["x", "y"]);
});

test("captures of one name in a format string", () => {
    const literal = `"{{w}} {w} \\u{77} {0:w$} {x:.w$} {w:?} {ww}"`;
    const found = captureOffsets(literal, "w", literal.indexOf("{w} ") + 1);
    expect(found.map((at) => literal.slice(at - 2, at + 3))).toEqual([
        " {w} ",
        "0:w$}",
        ":.w$}",
        " {w:?",
    ]);
});

test("columns of spans count characters, offsets UTF-16 units; only the root's files count", () => {
    const texts = new Map([
        ["/w/a.rs", "\u{feff}\u{1d11e}é fn\r\nx\n"],
        ["/else/b.rs", "y"],
    ]);
    const files = new SourceFiles({
        root: "/w",
        cwd: "/w/sub",
        textOf: (path) => texts.get(path),
        hashOf: (path) => (texts.has(path) ? "00" : undefined),
    });
    expect(files.span("../a.rs:1:4: 1:6 (#0)")).toEqual({ file: 0, start: 5, end: 7, context: 0 });
    expect(files.span("/w/./a.rs:2:1: 2:2 (#9)")).toEqual({
        file: 0,
        start: 9,
        end: 10,
        context: 9,
    });
    expect(files.span("/w/a.rs:9:1: 9:2 (#0)")).toBeUndefined();
    expect(files.span("/else/b.rs:1:1: 1:2 (#0)")).toBeUndefined();
    expect(files.span("no-location (#1)")).toBeUndefined();
    expect(files.facts()).toEqual([{ path: "a.rs", contentHash: "00" }]);
});

test("types that are plain paths", () => {
    expect(plainTypePath("a::B<c::D, fn() -> E>")).toBe("a::B");
    expect(plainTypePath("&a::B")).toBeUndefined();
    expect(plainTypePath("(a, b)")).toBeUndefined();
});

test("a body of MIR: header, locals, blocks, spans and constants", () => {
    const body = parseMirBody(`const A: u32 = const 1_u32;

fn m::<impl at src/l.rs:2:1: 2:9>::f(_1: &Pair<u8, u16>, _2: fn(u8) -> u8) -> u32 {
    let mut _0: u32;                     // return place in scope 0 at src/l.rs:3:1: 3:2
    let _3: (u8, u16);                   // in scope 0 at src/l.rs:3:1: 3:2

    bb0: {
        _3 = const "bb9 -> bb8";         // scope 0 at src/l.rs:3:1: 3:4
        _0 = <T as A<fn() -> u8>>::b::<C>(move _1) -> [return: bb1, unwind: bb2]; // scope 0 at src/l.rs:4:1: 4:9
                                         // mir::ConstOperand
                                         // + span: src/l.rs:4:3: 4:4
                                         // + const_: Const { ty: fn(), val: Value(x) }
    }

    bb1 (cleanup): {
        return;                          // scope 0 at src/l.rs:5:1: 5:1
    }
`);
    expect(body?.path).toBe("m::<impl at src/l.rs:2:1: 2:9>::f");
    expect(Object.fromEntries(body?.locals ?? [])).toEqual({
        _0: "u32",
        _1: "&Pair<u8, u16>",
        _2: "fn(u8) -> u8",
        _3: "(u8, u16)",
    });
    const call = body?.blocks[0]?.statements[1];
    expect(call?.span).toBe("src/l.rs:4:1: 4:9");
    expect(call?.constants).toEqual([
        { span: "src/l.rs:4:3: 4:4", value: "Const { ty: fn(), val: Value(x) }" },
    ]);
    expect(calleeOf(call?.text ?? "")).toBe("<T as A<fn() -> u8>>::b::<C>");
    expect(successorsOf(call?.text ?? "")).toEqual([1, 2]);
    expect(body?.blocks.map((block) => block.number)).toEqual([0, 1]);
});
