// The fast cursor says what the package's own says, whichever cursors are at work in between.

import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type * as TreeSitter from "web-tree-sitter";
import type { Parser, Tree } from "web-tree-sitter";
import { afterAll, beforeAll, expect, test } from "vitest";

import { CursorRuntime, type WalkCursor } from "../../../src/syntax/walk-cursor.ts";
import { stepInPreorder } from "../../support/preorder.ts";

const TEXT = `
//! Doc.
fn main() { let x = vec![1, 2]; println!("{x:?} {}", x.len()); }
impl<T: Copy> Pair<T> where T: Ord { fn swap(&mut self) -> Option<T> { self.a?; match x { 1 => 2, _ => 3 } } }
struct Broken { a: i32
fn (
`;

// The package makes its runtime once for a process, and other tests may have had it made: this is another copy.
const own = createRequire(import.meta.url)("web-tree-sitter") as typeof TreeSitter;

const module = {};
let parser: Parser;
let fast: CursorRuntime;
const slow = new CursorRuntime({});
const trees: Tree[] = [];

beforeAll(async () => {
    await own.Parser.init(module);
    const wasm = fileURLToPath(import.meta.resolve("tree-sitter-rust/tree-sitter-rust.wasm"));
    parser = new own.Parser();
    parser.setLanguage(await own.Language.load(wasm));
    fast = new CursorRuntime(module);
});

afterAll(() => {
    trees.forEach((tree) => {
        tree.delete();
    });
    parser.delete();
});

function parse(text: string): Tree {
    const tree = parser.parse(text);
    if (tree === null) {
        throw new Error("the parser gave no tree");
    }
    trees.push(tree);
    return tree;
}

function describe(cursor: WalkCursor): unknown[] {
    const { nodeTypeId, nodeType, currentFieldId, startIndex, endIndex } = cursor;
    const { nodeIsMissing, currentDescendantIndex } = cursor;
    return [nodeTypeId, nodeType, currentFieldId, startIndex, endIndex].concat([
        nodeIsMissing,
        currentDescendantIndex,
    ] as never[]);
}

test("is the fast one where the runtime is our own, and the package's otherwise", () => {
    expect(fast.isFast).toBe(true);
    expect(slow.isFast).toBe(false);
});

test("walks as the package's cursor does", () => {
    const tree = parse(TEXT);
    const [one, other] = [fast.open(tree), slow.open(tree)];
    let nodes = 0;
    for (let goesOn = true; goesOn; nodes++) {
        const said = describe(one);
        fast.park();
        expect(said).toEqual(describe(other));
        expect(one.currentNode.hasError).toBe(other.currentNode.hasError);
        goesOn = stepInPreorder(one);
        fast.park();
        expect(stepInPreorder(other)).toBe(goesOn);
    }
    expect(nodes).toBeGreaterThan(100);
    one.delete();
    other.delete();
});

test("keeps its place while others walk, parse and go", () => {
    const tree = parse(TEXT);
    const alone: unknown[][] = [];
    const cursor = fast.open(tree);
    do {
        alone.push(describe(cursor));
    } while (stepInPreorder(cursor));
    cursor.delete();
    const [first, second] = [fast.open(tree), fast.open(tree)];
    second.gotoDescendant(5);
    const found: unknown[][] = [];
    let at = 5;
    do {
        found.push(describe(first));
        expect(describe(second)).toEqual(alone[at]);
        at += 1;
        if (!stepInPreorder(second)) {
            second.gotoDescendant(5);
            at = 5;
        }
        fast.park();
        const small = fast.open(parse("fn f() {}"));
        expect(small.gotoLastChild()).toBe(true);
        expect(small.nodeType).toBe("function_item");
        small.delete();
    } while (stepInPreorder(first));
    expect(found).toEqual(alone);
    first.delete();
    second.delete();
});
