// Texts are handed to the wasm in pieces: where a piece ends says nothing about the text.

import { expect, test } from "vitest";

import { openSyntax } from "../../../src/syntax/index.ts";

const syntax = await openSyntax();

test("a character beyond 16 bits may stand at any place of a text", () => {
    for (let shift = 0; shift < 5; shift++) {
        const text = `${" ".repeat(shift)}const WIDE: &[char] = &[${"'\u{10000}',".repeat(4000)}];`;
        const { problems, tree } = syntax.capture("src/lib.rs", text);
        expect(problems).toEqual([]);
        expect(tree.count).toBeGreaterThan(4000);
    }
});
