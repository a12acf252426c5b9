// The language knowledge in files: every query compiles, every golden input has its expectation.

import { createRequire } from "node:module";
import path from "node:path";
import { expect, test } from "vitest";
import { Language, Parser, Query } from "web-tree-sitter";

import { listRepositoryFiles, readRepositoryFile } from "../support/repository.ts";

const FILES = listRepositoryFiles();
const QUERIES = FILES.filter((name) => name.endsWith(".scm"));

async function loadGrammar(): Promise<Language> {
    await Parser.init();
    const manifest = createRequire(import.meta.url).resolve("tree-sitter-rust/package.json");
    return Language.load(path.join(path.dirname(manifest), "tree-sitter-rust.wasm"));
}

test("every query compiles against the grammar and captures something", async () => {
    const grammar = await loadGrammar();
    for (const name of QUERIES) {
        const query = new Query(grammar, readRepositoryFile(name));
        expect(query.captureNames.length, name).toBeGreaterThan(0);
        query.delete();
    }
    expect(QUERIES.length).toBeGreaterThan(0);
});

test("every golden input has an expectation, and every expectation an input", () => {
    const golden = FILES.filter((name) => name.startsWith("test/golden/"));
    const inputs = golden.filter((name) => /\.input(\.\w+)?$|\/input\.\w+$/.test(name));
    const expected = golden.filter((name) => /\.expected(\.\w+)?$|\/expected\.\w+$/.test(name));
    const stem = (name: string): string => name.replace(/(input|expected)(\.\w+)?$/, "");
    expect(inputs.map(stem).filter((name) => !expected.map(stem).includes(name))).toEqual([]);
    expect(expected.map(stem).filter((name) => !inputs.map(stem).includes(name))).toEqual([]);
});
