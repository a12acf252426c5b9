// A resolver that keeps what it can gives what a fresh one gives, whatever is edited in whatever order.

import { describe, expect, test, vi } from "vitest";

import { finishSteps } from "../../../src/base/index.ts";
import { IndexView } from "../../../src/indexer/index.ts";
import {
    graphContentOf,
    originOf,
    Resolver,
    resolveWorkspace,
    type ResolvedWorkspace,
} from "../../../src/resolve/index.ts";
import { Walk } from "../../../src/resolve/walk/walk.ts";
import { openSyntax, type FileCapture } from "../../../src/syntax/index.ts";
import { parseFixture } from "../../support/fixture.ts";
import { dumpGraph, dumpOccurrences, dumpSymbols } from "../../support/resolve-dump.ts";

const SYNTAX = await openSyntax();

const FIXTURE = parseFixture(`//- /src/lib.rs crate:demo deps:util,dep
#[macro_use]
mod macros;
pub mod shape;
pub mod shared;
use shape::{Shape, Square as Sq};
use util::*;
pub struct Store { items: Vec<Sq>, name: String }
impl Store {
    pub fn new(name: String) -> Self {
        let items = vec![];
        Store { items, name }
    }
    pub fn total(&self) -> u32 {
        let mut sum = 0;
        for one in &self.items {
            sum += one.area();
        }
        helper(sum)
    }
}
pub fn build(n: u32) -> Option<Store> {
    let store = Store::new(format!("s{n}"));
    store.total();
    Some(store)
}
//- /src/macros.rs
macro_rules! twice { ($e:expr) => { $e + $e } }
macro_rules! later { () => { 1 } }
macro_rules! writes { () => { written() } }
//- /src/shape.rs
pub trait Shape { fn area(&self) -> u32; fn double(&self) -> u32 { twice!(self.area()) } }
pub struct Square { pub side: u32 }
impl Shape for Square {
    fn area(&self) -> u32 {
        fn mul(a: u32, b: u32) -> u32 { a * b }
        let side = self.side;
        mul(side, side)
    }
}
pub fn measure(s: &dyn Shape) -> u32 {
    macro_rules! local { () => { 2 } }
    let x = local!();
    macro_rules! local { (a) => { 3 } }
    let y = local!(a);
    s.area() + s.double() + x + y
}
//- /src/shared.rs
#[cfg(unix)]
pub fn go() -> u32 { crate_name() }
#[cfg(not(unix))]
pub fn go() -> u32 { 2 }
fn crate_name() -> u32 { let value = 1; value }
//- /src/main.rs crate:tool deps:demo
mod shared;
use demo::{build, shape::{self, Shape}};
fn main() {
    let store = build(shared::go()).unwrap();
    println!("{}", store.total());
    shape::Square { side: 1 }.area();
}
//- /util/src/lib.rs crate:util
pub fn helper(n: u32) -> u32 { inner::deep(n) }
pub mod inner {
    pub fn deep(n: u32) -> u32 { let total = n; total + 1 }
}
//- /stray.rs
fn unowned() {}
`);

/** Edits that can be made and taken back: of bodies, of what a file declares, of items in blocks. */
const TOGGLES: readonly (readonly [path: string, before: string, after: string])[] = [
    [
        "src/lib.rs",
        "        let items = vec![];\n",
        "        let items = Vec::new();\n        let extra = 1;\n",
    ],
    ["src/lib.rs", "sum += one.area();", "let area = one.double(); sum += area;"],
    ["src/lib.rs", "helper(sum)", "util::helper(sum)"],
    ["src/lib.rs", "use util::*;", "use util::helper;\n"],
    ["src/lib.rs", "Square as Sq", "Square as Rect"],
    [
        "src/lib.rs",
        "pub fn build(n: u32) -> Option<Store>",
        "pub fn build(n: u32) -> Result<Store, ()>",
    ],
    [
        "src/lib.rs",
        "    store.total();\n",
        "    fn helper(n: u32) {}\n    helper(store.total());\n",
    ],
    [
        "src/macros.rs",
        "macro_rules! later { () => { 1 } }\n",
        "macro_rules! twice { ($e:expr) => { $e } }\n",
    ],
    [
        "src/macros.rs",
        "macro_rules! twice",
        "// first\nmacro_rules! later { (x) => { 2 } }\nmacro_rules! twice",
    ],
    [
        "src/shape.rs",
        "fn mul(a: u32, b: u32) -> u32 { a * b }",
        "fn mul(a: u32, b: u32) -> u32 { let c = a; c * b }",
    ],
    [
        "src/shape.rs",
        "        let side = self.side;\n",
        "\n\n        let side = { let inner = self.side; inner };\n",
    ],
    ["src/shape.rs", "let x = local!();", "let first = 1;\n    let x = local!() + first;"],
    ["src/shape.rs", "macro_rules! local { (a) => { 3 } }", "macro_rules! other { (a) => { 3 } }"],
    [
        "src/shape.rs",
        "pub struct Square { pub side: u32 }",
        "/// A square.\npub struct Square { pub side: u32 }",
    ],
    [
        "src/shape.rs",
        "pub struct Square { pub side: u32 }",
        "pub struct Square { pub side: u32, id: u8 }",
    ],
    ["src/shape.rs", "fn double(&self)", "fn twofold(&self)"],
    ["src/shared.rs", "let value = 1; value", "let other = 2; let value = other; value"],
    ["src/shared.rs", "#[cfg(not(unix))]", "#[cfg(windows)]"],
    [
        "src/main.rs",
        '    println!("{}", store.total());\n',
        '    let total = store.total();\n    println!("{total}");\n',
    ],
    ["src/main.rs", "shape::{self, Shape}", "shape"],
    ["util/src/lib.rs", "let total = n; total + 1", "n"],
    ["util/src/lib.rs", "pub fn deep", "fn other() { deep(1); }\n    pub fn deep"],
    [
        "src/main.rs",
        "    shape::Square { side: 1 }.area();\n",
        '    shape::Square { side: 1 }.area();\n    include!("../stray.rs");\n',
    ],
    ["stray.rs", "fn unowned() {}", "fn unowned() { call(); }"],
    // Functions, consts and statics that come, go, or have another signature.
    [
        "util/src/lib.rs",
        "pub mod inner",
        "#[inline]\npub fn quite_new(a: u8) -> u8 { a }\npub mod inner",
    ],
    ["util/src/lib.rs", "pub fn deep(n: u32) -> u32", "pub fn deep(n: u64) -> u64"],
    ["util/src/lib.rs", "pub fn helper(n: u32) -> u32 { inner::deep(n) }\n", "pub fn aid() {}\n"],
    ["util/src/lib.rs", "pub mod inner", "pub const LENGTH: usize = 2;\npub mod inner"],
    ["util/src/lib.rs", "pub mod inner", "pub fn build() {}\npub fn total() {}\npub mod inner"],
    [
        "src/lib.rs",
        "    pub fn total(&self) -> u32 {",
        "    pub fn count(&self) -> usize { self.items.len() }\n    pub fn total(&self) -> u32 {",
    ],
    ["src/lib.rs", "    pub fn total(&self) -> u32 {", "    pub fn total(&self) -> u64 {"],
    ["src/lib.rs", "pub struct Store", "#[test]\nfn tested() { helper(1); }\npub struct Store"],
    ["src/lib.rs", "pub struct Store", "#[rewrite]\nfn rewritten() {}\npub struct Store"],
    ["src/lib.rs", "use util::*;", "use util::helper as go_on;\nuse util::*;"],
    ["src/shared.rs", "fn crate_name() -> u32", "static SEEN: u8 = 1;\nfn crate_name() -> u32"],
    ["src/shared.rs", "fn crate_name() -> u32", "fn crate_name() -> u8"],
    [
        "src/shape.rs",
        "pub struct Square",
        "impl Square { pub fn corner(&self) -> u32 { self.side } }\npub struct Square",
    ],
    [
        "src/shape.rs",
        "impl Shape for Square {\n",
        "impl Shape for Square {\n    fn double(&self) -> u32 { 2 }\n",
    ],
    ["src/macros.rs", "{ 1 }", "{ quite_new(1) }"],
    ["src/main.rs", "fn main() {", "fn more() -> u32 { shared::go() }\nfn main() {"],
    // Several of one path, which ordinals tell apart; tests, which are flags.
    ["src/shared.rs", "#[cfg(unix)]\n", "pub fn go() -> u32 { 3 }\n#[cfg(unix)]\n"],
    ["src/lib.rs", "pub fn build(n", "pub fn build(n: u8) {}\npub fn build(n"],
    ["src/lib.rs", "    pub fn new(name", "    pub fn total(&self) {}\n    pub fn new(name"],
    [
        "util/src/lib.rs",
        "    pub fn deep",
        "    pub fn deep() {}\n    #[test]\n    fn deep() {}\n    pub fn deep",
    ],
];

type Captures = ReadonlyMap<string, FileCapture>;

const ORIGINAL: Captures = new Map(
    [...FIXTURE.files].map(([path, text]) => [path, SYNTAX.capture(path, text)]),
);

/** Captures with some toggles on; files that did not change keep theirs. */
function edited(before: Captures, on: ReadonlySet<number>): Captures {
    const after = new Map(before);
    for (const [path, text] of FIXTURE.files) {
        let now = text;
        TOGGLES.forEach(([file, from, to], number) => {
            if (file === path && on.has(number)) {
                now = now.replace(from, () => to);
            }
        });
        const capture = SYNTAX.capture(path, now);
        if (capture.contentHash !== before.get(path)!.contentHash) {
            after.set(path, capture);
        }
    }
    return after;
}

/** A small generator of numbers, so that a failure can be run again. */
function randomFrom(seed: number): (below: number) => number {
    let state = seed;
    return (below) => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return Math.floor((state / 2 ** 32) * below);
    };
}

function expectEqual(kept: ResolvedWorkspace, captures: Captures): void {
    const fresh = resolveWorkspace({ model: FIXTURE.model, captures });
    expect(dumpOccurrences(kept)).toEqual(dumpOccurrences(fresh));
    expect(dumpSymbols(kept)).toEqual(dumpSymbols(fresh));
    expect(dumpGraph(kept, captures)).toEqual(dumpGraph(fresh, captures));
    expect(kept.counts()).toEqual(fresh.counts());
}

test("every toggle applies to the fixture", () => {
    for (const [path, from] of TOGGLES) {
        expect(FIXTURE.files.get(path)).toContain(from);
    }
});

describe("a kept resolver equals a fresh one", () => {
    test.each([1, 2, 3, 4])("after random edits, seed %i", (seed) => {
        const random = randomFrom(seed);
        const resolver = new Resolver();
        const on = new Set<number>();
        let captures = ORIGINAL;
        for (let step = 0; step < 12; step++) {
            for (let i = 0; i <= random(3); i++) {
                const toggle = random(TOGGLES.length);
                if (!on.delete(toggle)) {
                    on.add(toggle);
                }
            }
            captures = edited(captures, on);
            expectEqual(resolver.resolve({ model: FIXTURE.model, captures }), captures);
        }
    });

    test.each(TOGGLES.map(([path, , after], number) => [number, path, after] as const))(
        "after edit %i of %s and back",
        (number) => {
            const resolver = new Resolver();
            const { model } = FIXTURE;
            resolver.resolve({ model, captures: ORIGINAL }).counts();
            const changed = edited(ORIGINAL, new Set([number]));
            expectEqual(resolver.resolve({ model, captures: changed }), changed);
            expectEqual(resolver.resolve({ model, captures: ORIGINAL }), ORIGINAL);
        },
    );
});

/** Edits after which only functions and methods have come or gone. */
const OF_FUNCTIONS = TOGGLES.flatMap(([, before, after], number) =>
    /\bfn (?:go|build|total|deep|tested|more|crate_name|aid|helper|count)\b/u.test(after) &&
    !/static|const|struct|use |rewrit|mod fresh/u.test(after.replace(before, ""))
        ? [number]
        : [],
);

test.each([1, 2, 3, 4])(
    "what tables have in common with those before is all that rows of their files are made from, seed %i",
    (seed) => {
        const random = randomFrom(seed);
        const { model } = FIXTURE;
        const resolver = new Resolver();
        const on = new Set<number>();
        const digests = new Map<object, string>();
        let [captures, again] = [ORIGINAL, 0];
        for (let step = 0; step < 12; step++) {
            const toggle = OF_FUNCTIONS[random(OF_FUNCTIONS.length)]!;
            if (!on.delete(toggle)) {
                on.add(toggle);
            }
            captures = edited(captures, on);
            const kept = resolver.resolve({ model, captures });
            expectEqual(kept, captures);
            const view = new IndexView({ model, captures, resolution: kept });
            const resolution = resolveWorkspace({ model, captures });
            const fresh = new IndexView({ model, captures, resolution });
            for (const path of ["src/lib.rs", "src/shape.rs", "util/src/lib.rs"]) {
                const [{ table } = expect.fail()] = view.tablesOf(path);
                const digest = `${view.digestOf(path)} ${fresh.digestOf(path)}`;
                const known = digests.get(originOf(table));
                expect(known ?? digest).toBe(digest);
                again += known === undefined ? 0 : 1;
                digests.set(originOf(table), digest);
            }
        }
        expect(again).toBeGreaterThan(8);
    },
);

describe("files that cannot have met what is new", () => {
    const { model } = FIXTURE;

    /** Paths whose tables are those of the resolution before, after an edit. */
    function kept(path: string, before: string, after: string): string[] {
        const resolver = new Resolver();
        const first = resolver.resolve({ model, captures: ORIGINAL });
        first.counts();
        const text = FIXTURE.files.get(path)!.replace(before, () => after);
        const captures = new Map(ORIGINAL).set(path, SYNTAX.capture(path, text));
        const second = resolver.resolve({ model, captures });
        expectEqual(second, captures);
        const found = second.source.files.flatMap((file, number) => {
            const isSame = second.source.table(number).start === first.source.table(number).start;
            return isSame && file.crate !== -1 ? [file.path] : [];
        });
        return [...new Set(found)].sort();
    }
    const others = ["src/lib.rs", "src/macros.rs", "src/main.rs", "src/shape.rs", "src/shared.rs"];
    const anchor = "pub mod inner";

    test("keep their tables when a function or a method comes", () => {
        const added = (item: string): string[] => kept("util/src/lib.rs", anchor, item + anchor);
        expect(added("#[cfg(unix)]\n/// New.\npub fn quite_new() {}\n")).toEqual(others);
        expect(added("#[test]\nfn quite_new() {}\n")).toEqual(others);
        expect(added("pub const NEW: u8 = 1;\nstatic OTHER: u8 = 2;\n")).toEqual(others);
        const impl = "impl Store {\n";
        expect(kept("src/lib.rs", impl, `${impl}    pub fn newly(&self) {}\n`)).toEqual([
            ...others.slice(1),
            "util/src/lib.rs",
        ]);
    });

    test("are those that spell no name of it, whatever the name is of", () => {
        const named = "pub fn area() {}\n";
        expect(kept("util/src/lib.rs", anchor, named + anchor)).toEqual([
            "src/macros.rs",
            "src/shared.rs",
        ]);
    });

    test.each([
        ["a type", "pub struct New;\n"],
        ["an attribute that may be a macro", "#[rewrite]\nfn quite_new() {}\n"],
        ["a body that declares something", "fn quite_new() { struct Inner; }\n"],
        ["a name that a macro writes", "fn written() {}\n"],
        ["an impl of a trait", "impl Drop for New { fn drop(&mut self) {} }\n"],
        ["an import", "use inner::deep;\n"],
        ["a value that others name", "pub const go: u8 = 1;\n"],
    ])("are none where %s comes", (_, item) => {
        expect(kept("util/src/lib.rs", anchor, item + anchor)).toEqual([]);
    });
});

describe("a resolution stays what it was", () => {
    test("when another version is resolved after it, read or not", () => {
        const { model } = FIXTURE;
        const resolver = new Resolver();
        const versions = [
            ORIGINAL,
            edited(ORIGINAL, new Set([0, 10])),
            edited(ORIGINAL, new Set([1, 6, 11])),
            edited(ORIGINAL, new Set([16, 18, 20])),
        ];
        const kept = versions.map((captures) => resolver.resolve({ model, captures }));
        for (const number of [3, 0, 2, 1, 0, 3]) {
            expectEqual(kept[number]!, versions[number]!);
        }
    });

    test("when two versions are read in turn", () => {
        const { model } = FIXTURE;
        const resolver = new Resolver();
        const other = edited(ORIGINAL, new Set([0, 9, 11, 16]));
        const first = resolver.resolve({ model, captures: ORIGINAL });
        const second = resolver.resolve({ model, captures: other });
        const files = [...FIXTURE.files.keys()];
        const read = (resolved: ResolvedWorkspace, path: string): number =>
            resolved.occurrencesIn(path).length;
        files.forEach((path, number) => {
            read(number % 2 === 0 ? first : second, path);
            read(number % 2 === 0 ? second : first, path);
        });
        expectEqual(first, ORIGINAL);
        expectEqual(second, other);
    });
});

test("a file that appears or disappears is seen", () => {
    const { model } = FIXTURE;
    const resolver = new Resolver();
    resolver.resolve({ model, captures: ORIGINAL }).counts();
    const without = new Map(ORIGINAL);
    without.delete("src/shared.rs");
    expectEqual(resolver.resolve({ model, captures: without }), without);
    expectEqual(resolver.resolve({ model, captures: ORIGINAL }), ORIGINAL);
});

test("two graphs of one basis that are made in turns are each what a fresh one is", () => {
    const { model } = FIXTURE;
    const resolver = new Resolver();
    const body = TOGGLES.findIndex(([, from]) => from === "helper(sum)");
    const other = edited(ORIGINAL, new Set([body]));
    const all = [ORIGINAL, other].map((captures) => {
        const resolved = resolver.resolve({ model, captures });
        const fresh = resolveWorkspace({ model, captures });
        const expected = finishSteps(graphContentOf(fresh, captures)).files;
        return { resolved, expected, steps: graphContentOf(resolved, captures) };
    });
    expect(all[0]!.resolved.source.basis).toBe(all[1]!.resolved.source.basis);
    const done = all.map(() => false);
    while (done.includes(false)) {
        all.forEach(({ steps, expected }, at) => {
            const step = steps.next();
            if (step.done === true && !done[at]!) {
                done[at] = true;
                expect(step.value.files).toEqual(expected);
            }
        });
    }
});

describe("items that an edit leaves as they were", () => {
    const { model } = FIXTURE;

    /** Names of the functions of a file that the walk met after an edit. */
    function walked(path: string, before: string, after: string): string[] {
        const resolver = new Resolver();
        resolver.resolve({ model, captures: ORIGINAL }).counts();
        const text = FIXTURE.files.get(path)!.replace(before, () => after);
        const capture = SYNTAX.capture(path, text);
        const captures = new Map(ORIGINAL).set(path, capture);
        const seen = new Set<number>();
        const visited = vi.spyOn(Walk.prototype, "visit").mockImplementation(function (
            this: Walk,
            node,
            expected,
        ) {
            if (this.tree === capture.tree && this.skipped?.has(node) !== true) {
                seen.add(node);
            }
            return visit.call(this, node, expected);
        });
        const kept = resolver.resolve({ model, captures });
        kept.counts();
        visited.mockRestore();
        expectEqual(kept, captures);
        return [...seen]
            .filter((node) => capture.tree.kindOf(node) === "function_item")
            .sort((a, b) => a - b)
            .map((node) => capture.tree.nameOf(capture.tree.findChild(node, "name")!));
    }

    // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on the walk that it is of
    const { visit } = Walk.prototype;

    test("keep their rows where another body changes", () => {
        expect(walked("src/lib.rs", "Some(store)", "None")).toEqual(["build"]);
        expect(walked("src/lib.rs", "let mut sum = 0;", "let mut sum = 1 + 2;")).toEqual(["total"]);
    });

    test("keep their rows where a function comes or goes that they do not name", () => {
        const anchor = "pub struct Store";
        expect(walked("src/lib.rs", anchor, `fn fresh() -> u8 { 1 }\n${anchor}`)).toEqual([
            "fresh",
        ]);
        const first = "    pub fn total";
        expect(walked("src/lib.rs", first, `    fn fresh(&self) {}\n${first}`)).toEqual(["fresh"]);
    });

    test("are met anew where they name what came", () => {
        const anchor = "pub struct Store";
        expect(walked("src/lib.rs", anchor, `fn helper(n: u32) -> u32 { n }\n${anchor}`)).toEqual([
            "helper",
            "total",
        ]);
    });

    test("are met anew beside a value that comes, which may be in their types", () => {
        const anchor = "pub struct Store";
        expect(walked("src/lib.rs", anchor, `const FRESH: usize = 1;\n${anchor}`)).toEqual([
            "new",
            "total",
            "build",
        ]);
    });
});
