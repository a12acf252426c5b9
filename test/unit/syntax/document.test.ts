// Documents that change: every update gives what a capture of the whole text gives.

import fc from "fast-check";
import { expect, test } from "vitest";

import { openSyntax } from "../../../src/syntax/index.ts";
import { printTree } from "../../support/syntax-text.ts";

const syntax = await openSyntax();

const TEXT = `//! Crate [\`a::B\`].
use std::fmt;

/// A [Point].
pub struct Point { x: i32, y: i32 }

impl fmt::Display for Point {
    /// Writes [Self].
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} {x}", self.x, x = vec![self.y; 2])
    }
}

mod tests {
    unsafe extern "C" { safe fn g(); }
    fn far() { let c = 'x'; custom!(a.b, c); }
}
`;

const snippet = fc.constantFrom(
    "x",
    "{",
    "}",
    "(",
    " ",
    "\n",
    '"',
    "/",
    "//",
    ".b",
    "'",
    "safe ",
    "unsafe ",
    "/// [c::D]\n",
    'assert!(x, "{q}");',
    "\u{1f600}",
    "mod m {}\n",
    "[",
    "const ",
);
const edit = fc.record({
    at: fc.nat(600),
    remove: fc.nat(25),
    insert: snippet,
    undo: fc.boolean(),
});

test("updates equal fresh captures", () => {
    fc.assert(
        fc.property(fc.array(edit, { maxLength: 6 }), (edits) => {
            const document = syntax.open("a.rs", TEXT);
            let text = TEXT;
            for (const { at, remove, insert, undo } of edits) {
                const before = text;
                const start = Math.min(at, text.length);
                text = text.slice(0, start) + insert + text.slice(start + (undo ? 0 : remove));
                const fresh = syntax.capture("a.rs", text);
                const updated = document.update(text);
                expect(printTree(updated.tree)).toBe(printTree(fresh.tree));
                expect({ ...updated, tree: 0 }).toEqual({ ...fresh, tree: 0 });
                text = undo ? before : text;
                document.update(text);
            }
            document.close();
        }),
        { numRuns: 60 },
    );
});

test("an update without a change gives the same capture", () => {
    const document = syntax.open("a.rs", TEXT);
    const { capture } = document;
    expect(document.update(TEXT)).toBe(capture);
    expect(document.update(`${TEXT}\n`)).toBe(document.capture);
    document.close();
    expect(() => document.update("")).toThrow(/open/u);
});

test("trees are freed", () => {
    const used = (): number => {
        syntax.capture("a.rs", TEXT);
        return process.memoryUsage().external + process.memoryUsage().arrayBuffers;
    };
    for (let i = 0; i < 50; i++) {
        syntax.capture("a.rs", TEXT);
    }
    const before = used();
    const document = syntax.open("a.rs", TEXT);
    for (let i = 0; i < 400; i++) {
        syntax.capture("a.rs", TEXT);
        document.update(`${TEXT}// ${i}`);
    }
    document.close();
    // A tree of this text takes about 20 KB of wasm memory; leaked ones would be 16 MB.
    expect(used() - before).toBeLessThan(8 * 1024 * 1024);
});
