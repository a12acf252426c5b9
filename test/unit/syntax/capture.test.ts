// What a capture shows: macro arguments, format captures, doc links, bridged gaps, errors, hashes.

import { expect, test } from "vitest";

import { FLAG, openSyntax, type FileCapture } from "../../../src/syntax/index.ts";
import { printTree, textsOf } from "../../support/syntax-text.ts";

const syntax = await openSyntax();
const capture = (text: string): FileCapture => syntax.capture("src/lib.rs", text);
const nodesOf = (found: FileCapture, kind: string): number[] =>
    Array.from({ length: found.tree.count }, (_, node) => node).filter(
        (node) => found.tree.kindOf(node) === kind,
    );
const texts = (text: string, kind: string): string[] => textsOf(capture(text).tree, text, kind);

test("arguments of std's macros are parsed, nested calls too", () => {
    const text = 'fn f() { assert_eq!(a, vec![b.c(); 2], "{x}", std::format!("{y}", z = 1)); }';
    const { tree } = capture(text);
    const body = tree.findChild(1, "body")!;
    expect(printTree(tree, body)).toBe(
        `
body:block 7-76
  expression_statement 9-74 [semicolon]
    macro_invocation 9-73 [parsed]
      macro:identifier 9-18 "assert_eq"
      macro_arguments 19-73
        identifier 20-21 "a"
        macro_invocation 23-37 [parsed]
          macro:identifier 23-26 "vec"
          macro_arguments 27-37
            call_expression 28-33
              function:field_expression 28-31
                value:identifier 28-29 "b"
                field:field_identifier 30-31 "c"
              arguments:arguments 31-33
            length:integer_literal 35-36
        string_literal 39-44
          format_capture 41-42 "x"
        macro_invocation 46-72 [parsed]
          macro:scoped_identifier 46-57
            path:identifier 46-49 "std"
            name:identifier 51-57 "format"
          macro_arguments 58-72
            string_literal 59-64
              format_capture 61-62 "y"
            assignment_expression 66-71
              left:identifier 66-67 "z"
              right:integer_literal 70-71`.trim(),
    );
});

test("matches! has a value and a pattern, assert_matches! a message", () => {
    const text =
        'fn f() { matches!(a.b, X::Y(c) | Z if c > 1,); assert_matches!(a, Some(_), "{m}"); }';
    expect(texts(text, "match_pattern")).toEqual(["X::Y(c) | Z if c > 1", "Some(_)"]);
    expect(texts(text, "format_capture")).toEqual(["m"]);
    expect(texts(text, "token_tree")).toEqual([]);
});

test("thread_local! and cfg_if! hold items", () => {
    const text = `thread_local! { pub static A: Cell<u8> = Cell::new(1) }
cfg_if::cfg_if! { if #[cfg(unix)] { mod a; } else if #[cfg(windows)] { mod b; } else { use c; } }
cfg_select! { unix => { mod d; } _ => { mod e; } }`;
    expect(texts(text, "static_item")).toEqual(["pub static A: Cell<u8> = Cell::new(1)"]);
    expect(texts(text, "mod_item")).toEqual(["mod a;", "mod b;", "mod d;", "mod e;"]);
    expect(texts(text, "attribute_item")).toEqual(["#[cfg(unix)]", "#[cfg(windows)]", "unix"]);
    const found = capture(text);
    const select = nodesOf(found, "macro_arguments")[2]!;
    expect(
        printTree(found.tree, select)
            .split("\n")
            .slice(1, 5)
            .map((line) => line.trim()),
    ).toEqual([
        "attribute_item 168-172",
        "attribute 168-172",
        'identifier 168-168 "cfg" [bridged]',
        "arguments:token_tree 168-172",
    ]);
});

test("literals that name files and variables are named by their contents", () => {
    const { tree } = capture(
        'include!(concat!(env!("OUT_DIR"), "/a\\x2ers")); #[path = "b.rs"] mod b;',
    );
    const named = Array.from({ length: tree.count }, (_, node) => node)
        .filter((node) => tree.kindOf(node) === "string_literal")
        .map((node) => tree.nameOf(node));
    expect(named).toEqual(["OUT_DIR", "/a.rs", "b.rs"]);
});

test("arguments that do not parse stay tokens, and others of the file are not harmed", () => {
    const text = 'fn f() { println!("{}" a => b); println!("{c}", d); vec!{e}; dbg!(); }';
    const found = capture(text);
    expect(nodesOf(found, "macro_arguments")).toHaveLength(3);
    expect(texts(text, "token_tree")).toEqual(['("{}" a => b)']);
    expect(texts(text, "format_capture")).toEqual(["c"]);
    expect(found.problems).toEqual([]);
});

test("tokens know what stands beside them", () => {
    const text = "custom!(a.b(), C::d, e: 1, f!{}, $g, 'h, i..j);";
    const { tree } = capture(text);
    const printed = printTree(tree)
        .split("\n")
        .filter((line) => line.includes("identifier"));
    expect(printed.map((line) => line.trim().replace(/\S+ \S+ /u, ""))).toEqual([
        '"custom"',
        '"a"',
        '"b" [afterDot beforeCall]',
        '"C" [beforeColons]',
        '"d" [afterColons]',
        '"e" [beforeColon]',
        '"f" [beforeCall beforeBang]',
        '"g" [afterDollar]',
        '"h" [afterQuote]',
        '"i"',
        '"j"',
    ]);
});

test.each([
    [
        '"{a} {b:?} {{c}} {0:d$} {:.e$} {:>f$.g$} {h:#x} {:*^9}"',
        ["a", "b", "d", "e", "f", "g", "h"],
    ],
    ['"\\u{41} \\" {a}\\n{ b }"', ["a", "b"]],
    ['r#"\\u{41} {"#', []],
    ['r#"{a:1$}"{b}"#', ["a", "b"]],
    ['"{é} {} {0} {:?}"', ["é"]],
])("format string %s captures %j", (literal, names) => {
    expect(texts(`fn f() { write!(out, ${literal}); }`, "format_capture")).toEqual(names);
    // A macro that is not known may format any of its literals; one whose input is no list of
    // expressions is not looked into.
    expect(texts(`fn f() { other!(out, ${literal}); }`, "format_capture")).toEqual(names);
    expect(texts(`fn f() { other!(out => ${literal}); }`, "format_capture")).toEqual([]);
});

test("doc links are paths, by segment", () => {
    const text = `//! [\`crate::a::B\`], [text](fn@self::f#frag), [one
//! two](C::d()), [e!], [see][Vec<T>], [ref], [web](https://x.y/z), \`[no]\`, a[0]
//!
//! \`\`\`
//! [code]
//! \`\`\`
//! - [x] done
//!
//! [ref]: super::G
/** [block::L] */
fn f() {}`;
    expect(texts(text, "doc_link")).toEqual([
        "crate::a::B",
        "self::f",
        "C::d",
        "e",
        "Vec",
        "super::G",
        "block::L",
    ]);
    const found = capture(text);
    const [first, second, third, macro] = nodesOf(found, "doc_link");
    expect(found.tree.childrenOf(first!).map((node) => found.tree.kindOf(node))).toEqual([
        "crate",
        "identifier",
        "identifier",
    ]);
    expect(found.tree.hasFlag(second!, FLAG.beforeCall)).toBe(true);
    expect(found.tree.nameOf(third!)).toBe("C::d");
    expect(found.tree.hasFlag(macro!, FLAG.beforeBang)).toBe(true);
    expect(
        nodesOf(found, "doc_comment").map((node) => found.tree.hasFlag(node, FLAG.inner)),
    ).toEqual([...Array.from({ length: 9 }, () => true), false]);
});

test.each([
    ['unsafe extern "C" { pub safe fn a(); unsafe static B: u8; }', "foreign_mod_item", "unsafe"],
    ["impl const Default for X {}", "impl_item", "const"],
    ["impl<T> const From<T> for X {}", "impl_item", "const"],
    ["pub const trait A { fn f(); }", "trait_item", "const"],
    ["trait Both<T> = A + B<T>;", "trait_item", "bridged"],
    ["unsafe auto trait N {}", "trait_item", "unsafe"],
    ["fn f<T: [const] A + ~const B>() {}", "function_item", undefined],
    ["#[unsafe(no_mangle)] fn f() {}", "attribute_item", undefined],
    ["fn f() { let c = '\u{1f500}'; for<'a> |x: &'a u8| x; }", "closure_expression", "bridged"],
    ["fn f(raw: &[u8]) { g(&raw); h(&&raw, &raw[0], &raw.len()); }", "call_expression", undefined],
    ["fn f() { g(&raw const x, &raw mut y, raw); }", "call_expression", undefined],
    ["\ufeffmod a;", "mod_item", undefined],
    ["#!/usr/bin/env run\nmod a;", "shebang", undefined],
] as const)("%s parses", (text, kind, flag) => {
    const found = capture(text);
    expect(found.problems).toEqual([]);
    const [node] = nodesOf(found, kind);
    expect(node).toBeDefined();
    if (flag !== undefined) {
        expect(found.tree.hasFlag(node!, FLAG[flag])).toBe(true);
    }
});

test("a borrow of what is named raw is no raw borrow", () => {
    const found = capture("fn f(raw: (u8,)) -> &u8 { &raw.0 }");
    const [borrow] = nodesOf(found, "reference_expression");
    expect(found.problems).toEqual([]);
    expect(found.tree.hasFlag(borrow!, FLAG.const)).toBe(false);
    expect(nodesOf(found, "identifier").map((node) => found.tree.nameOf(node))).toEqual([
        "f",
        "raw",
        "raw",
    ]);
});

test("a parameter of an impl may be named like a primitive type", () => {
    const text = "impl<usize: Copy, 'a, u8, F: Fn(str) -> char> A<usize, Cell<u8>> for (F, i8) {}";
    const found = capture(text);
    expect(found.problems).toEqual([]);
    const parameters = nodesOf(found, "type_parameter").map((node) =>
        found.tree.nameOf(found.tree.findChild(node, "name")!),
    );
    expect(parameters).toEqual(["usize", "u8", "F"]);
    expect(texts(text, "primitive_type")).toEqual(["str", "char", "usize", "u8", "i8"]);
});

test("the macro try of old editions is called and defined by its name, and a try block stays one", () => {
    const text =
        "macro_rules! try { ($e:expr) => { $e }; }\nfn f() { try!(a.b()).c(); if !try!(d) {} try { e } }";
    const found = capture(text);
    expect(found.problems).toEqual([]);
    const [definition] = nodesOf(found, "macro_definition");
    expect(found.tree.nameOf(found.tree.findChild(definition!, "name")!)).toBe("try");
    const calls = nodesOf(found, "macro_invocation");
    expect(calls.map((node) => found.tree.nameOf(found.tree.findChild(node, "macro")!))).toEqual([
        "try",
        "try",
    ]);
    expect(nodesOf(found, "try_block")).toHaveLength(1);
});

test("a macro 2.0 is a definition with its visibility, name and tokens", () => {
    const text =
        "pub(crate) macro twice($x:expr) { $x + $x }\nmacro two { (a) => { b } }\nfn f() {}";
    const found = capture(text);
    expect(found.problems).toEqual([]);
    expect(printTree(found.tree, 1)).toBe(
        `
macro_definition 0-43 "macro" [bridged]
  visibility_modifier 0-10
    crate 4-9 "crate"
  name:identifier 17-22 "twice"
  token_tree 22-31
    identifier 24-25 "x" [beforeColon afterDollar]
    identifier 26-30 "expr" [impl]
  token_tree 32-43
    identifier 35-36 "x" [afterDollar]
    identifier 40-41 "x" [afterDollar]`.trim(),
    );
    expect(nodesOf(found, "macro_definition")).toHaveLength(2);
    expect(nodesOf(found, "function_item")).toHaveLength(1);
});

test("names come from the file's own text, raw prefixes flagged", () => {
    const found = capture("#[unsafe(no_mangle)] fn r#type() {}");
    const names = nodesOf(found, "identifier").map((node) => found.tree.nameOf(node));
    expect(names).toEqual(["unsafe", "no_mangle", "type"]);
    expect(found.tree.hasFlag(nodesOf(found, "identifier")[2]!, FLAG.raw)).toBe(true);
});

test("a file with errors gives what it can and says where", () => {
    const found = capture("fn a() {}\nfn b( {}\nfn c() { x.y(); }\n");
    expect(found.problems[0]).toMatchObject({ code: "SYNTAX_ERROR", path: "src/lib.rs", line: 1 });
    expect(found.tree.hasFlag(0, FLAG.error)).toBe(true);
    expect(nodesOf(found, "field_identifier").map((node) => found.tree.nameOf(node))).toEqual([
        "y",
    ]);
    const many = capture("fn ( {}\n".repeat(40));
    expect(many.problems.length).toBeGreaterThan(0);
    expect(many.problems.length).toBeLessThanOrEqual(5);
});

test("the token hash hears of tokens only", () => {
    const hash = (text: string): string => capture(text).tokenHash;
    const base = hash("fn f(a: u8) -> u8 { a + 1 } // end");
    expect(hash("fn f( a : u8 )->u8 {\n    /* x */ a+1\n}\n")).toBe(base);
    expect(hash("fn f(a: u8) -> u8 { a + 2 }")).not.toBe(base);
    expect(hash("/// doc\nfn f(a: u8) -> u8 { a + 1 }")).not.toBe(base);
    expect(hash("x > > y")).not.toBe(hash("x >> y"));
    expect(hash('f("a  b")')).not.toBe(hash('f("a b")'));
    expect(capture("a").contentHash).toBe(
        "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb",
    );
});
