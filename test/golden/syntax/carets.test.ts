// The queries, run by tree-sitter's own engine over caret fixtures: each caret line names a capture of the
// text above its carets.

import { readdirSync, readFileSync } from "node:fs";

import { Language, Parser, Query } from "web-tree-sitter";
import { expect, test } from "vitest";

const QUERIES = new URL("../../../src/syntax/queries/", import.meta.url);
const wasm = new URL(
    "../../../node_modules/tree-sitter-rust/tree-sitter-rust.wasm",
    import.meta.url,
);
await Parser.init();
const language = await Language.load(wasm.pathname);
const parser = new Parser();
parser.setLanguage(language);
const queries = readdirSync(QUERIES).map(
    (file) => new Query(language, readFileSync(new URL(file, QUERIES), "utf8")),
);

interface Expectation {
    readonly line: number;
    readonly column: number;
    readonly length: number;
    readonly capture: string;
}

function readCarets(text: string): Expectation[] {
    const expectations: Expectation[] = [];
    let code = 0;
    text.split("\n").forEach((line, index) => {
        const match = /^(\s*\/\/ *)(\^+) (\S+)$/u.exec(line);
        if (match === null) {
            code = index;
            return;
        }
        const [, before = "", carets = "", capture = ""] = match;
        const column = before.length;
        const length = carets.length;
        expectations.push({ line: code, column, length, capture });
    });
    return expectations;
}

const folder = new URL(".", import.meta.url);
const fixtures = readdirSync(folder).filter((file) => file.endsWith(".rust"));

test.each(fixtures)("%s: the queries capture what the carets say", (file) => {
    const text = readFileSync(new URL(file, folder), "utf8");
    const tree = parser.parse(text);
    const captures = new Set(
        queries.flatMap((query) =>
            query.captures(tree!.rootNode).map(({ name, node }) => {
                const { row, column } = node.startPosition;
                return `${row}:${column}+${node.endIndex - node.startIndex} ${name}`;
            }),
        ),
    );
    const expected = readCarets(text).map(
        ({ line, column, length, capture }) => `${line}:${column}+${length} ${capture}`,
    );
    expect(expected.length).toBeGreaterThan(3);
    expect(expected.filter((each) => !captures.has(each))).toEqual([]);
    tree!.delete();
});
