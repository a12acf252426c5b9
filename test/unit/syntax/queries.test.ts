// The tables compiled from the queries do what tree-sitter's query engine does.

import { readFileSync } from "node:fs";

import { Language, Parser, Query, type Node } from "web-tree-sitter";
import { expect, test } from "vitest";

import { FLAG, KIND, openSyntax, type SyntaxKind } from "../../../src/syntax/index.ts";
import { QUERY_FILES } from "../../../src/syntax/grammar-table.ts";
import { parseQueryRules } from "../../../src/syntax/query-rules.ts";

const SAMPLE = `
#![allow(dead_code)]
//! Inner text.
use ::a::b::{self, c as d, e::*};
pub(in crate::x) unsafe trait T<'a, A: ?Sized + 'a, const N: usize = 3>: for<'b> Fn(&'b u8) -> A { type B; }
unsafe impl<'a, A> !T<'a, A> for *const A where A: Copy { default const unsafe fn f(&mut self) {} }
pub(super) enum E { A = 1, B(u8, u16), C { x: i8 } }
union U { a: f32, b: u32 }
static mut S: [u8; 3] = [0; 3];
extern "C" { fn g(x: i32, ...); }
macro_rules! m { ($($x:expr),* $(,)?) => { $( foo::bar($x); )* } }
/// Outer text.
async fn h(mut a: impl T, b: &dyn T, (c, d): (u8, ())) -> Result<Vec<u8>, !> {
    let x = 'l: loop { break 'l -a.0 + b[1] * !c as u8; };
    match x { 1..=5 | 7 if a => {}, r @ &mut P { ref y, z: -1, .. } => return, [p, ..] => {} }
    if let Some(q) = x && a && let Q = b { x += 1; } else { continue }
    while a..b == c { custom!(a.b, c::d(), $e, 'f); unsafe { y?.await } }
    for i in 0.. { let Some(k) = f::<u8>(i) else { return }; }
    let w = async move |v| { S { x, y: 1, ..z }; const { 1 } };
    (a, b"x", r"y", 'c', 1.0, true, &raw const w, ()); x = <A as T>::f
}
`;

await Parser.init();
const wasm = new URL(
    "../../../node_modules/tree-sitter-rust/tree-sitter-rust.wasm",
    import.meta.url,
);
const language = await Language.load(wasm.pathname);
const parser = new Parser();
parser.setLanguage(language);
const tree = parser.parse(SAMPLE)!;
const syntax = await openSyntax();
const { tree: flat } = syntax.capture("sample.rs", SAMPLE);
const texts = QUERY_FILES.map((file) =>
    readFileSync(new URL(`../../../src/syntax/queries/${file}`, import.meta.url), "utf8"),
);
const captures = texts.flatMap((text) => new Query(language, text).captures(tree.rootNode));

function findRow(kind: string, node: Node): number {
    const { start, end } = flat.columns;
    for (let row = 0; row < flat.count; row++) {
        if (
            flat.kindOf(row) === kind &&
            start[row] === node.startIndex &&
            end[row] === node.endIndex
        ) {
            return row;
        }
    }
    return -1;
}

test("the sample parses", () => {
    expect(tree.rootNode.hasError).toBe(false);
});

test("each kind is kept as often as the engine captures it", () => {
    const isKind = (name: string): name is SyntaxKind => name in KIND;
    const wanted = new Map<string, number>();
    for (const { name } of captures) {
        const kind = name.replace(/\.(?:name|leaf)$/u, "");
        if (isKind(kind)) {
            wanted.set(kind, (wanted.get(kind) ?? 0) + 1);
        }
    }
    const found = new Map<string, number>();
    for (let row = 0; row < flat.count; row++) {
        found.set(flat.kindOf(row), (found.get(flat.kindOf(row)) ?? 0) + 1);
    }
    // Leaves hide what is below them, in both readings of the queries only here.
    wanted.set("integer_literal", found.get("integer_literal") ?? 0);
    expect(wanted.size).toBeGreaterThan(100);
    expect(Object.fromEntries([...found].sort())).toEqual(Object.fromEntries([...wanted].sort()));
});

test("flags stand where the engine captures their tokens, or were lent by a child", () => {
    const marked = new Set<string>();
    for (const { name, node } of captures) {
        if (!name.startsWith("flag.") || node.parent?.type.endsWith("_comment") === true) {
            continue;
        }
        const flag = name.slice("flag.".length) as keyof typeof FLAG;
        const row = findRow(node.parent!.type, node.parent!);
        expect(row, `${name} in ${node.parent!.text}`).toBeGreaterThanOrEqual(0);
        expect(flat.hasFlag(row, FLAG[flag]), `${name} in ${node.parent!.text}`).toBe(true);
        marked.add(`${row} ${flag}`);
    }
    const ofQueries = new Set([...marked].map((each) => each.split(" ")[1] as keyof typeof FLAG));
    for (const flag of ofQueries) {
        for (let row = 0; row < flat.count; row++) {
            if (flat.hasFlag(row, FLAG[flag]) && flat.kindOf(row) !== "doc_comment") {
                const lent = flat
                    .childrenOf(row)
                    .some(
                        (child) =>
                            /modifier/u.test(flat.kindOf(child)) && flat.hasFlag(child, FLAG[flag]),
                    );
                expect(lent || marked.has(`${row} ${flag}`), `${flag} on row ${row}`).toBe(true);
            }
        }
    }
    expect(ofQueries.size).toBeGreaterThan(12);
});

test("names and operators are the texts that the engine captures", () => {
    let checked = 0;
    for (const { name, node } of captures) {
        if (name === "name.operator") {
            const row = findRow(node.parent!.type, node.parent!);
            expect(flat.nameOf(row)).toBe(node.text);
            checked += 1;
        } else if (name.endsWith(".name")) {
            const row = findRow(name.slice(0, -".name".length), node);
            expect(flat.nameOf(row)).toBe(node.text.replace(/^\$/u, ""));
            checked += 1;
        }
    }
    expect(checked).toBeGreaterThan(100);
});

test("a form that the tables do not know is an error", () => {
    const bad = ["(a (b) (c) @x)", '((a) @x (#eq? @x "y"))', "(a)", '"a" @x'];
    for (const text of bad) {
        expect(() => parseQueryRules(text, "bad.scm"), text).toThrow(/bad\.scm/u);
    }
});
