// The addon's parser beside the wasm: they say the same of every text, those with errors included. Not run where
// the addon is not built: `npm run build:native`.

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Language, Parser } from "web-tree-sitter";
import { beforeAll, describe, expect, test } from "vitest";

import { loadNative } from "../../src/native/index.ts";
import { openCapturer, openSyntax } from "../../src/syntax/index.ts";
import { findNativeParser } from "../../src/syntax/native-parser.ts";
import type { GrammarNames, ParsedText } from "../../src/syntax/parsed-text.ts";
import { CursorRuntime, type WalkCursor } from "../../src/syntax/walk-cursor.ts";
import { WasmParser } from "../../src/syntax/wasm-parser.ts";
import { stepInPreorder } from "../support/preorder.ts";
import { seededNumbers } from "../support/trie-records.ts";

const SOURCES = fileURLToPath(new URL("../../examples/orrery", import.meta.url));
const CUTS_PER_FILE = 6;

const TEXTS = readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".rs"))
    .sort()
    .map((file) => readFileSync(path.join(SOURCES, file), "utf8"));

/** Texts with something cut out of them, most of which are no Rust. */
function cutTexts(): string[] {
    const random = seededNumbers(7);
    const below = (count: number): number => Math.floor(random() * count);
    return TEXTS.flatMap((text) =>
        Array.from({ length: CUTS_PER_FILE }, () => {
            const at = below(text.length);
            return text.slice(0, at) + text.slice(at + below(60));
        }),
    );
}

const ODD_TEXTS = [
    "",
    "\0",
    "\ud800",
    "fn f() { let a = 'a\ud800'; }",
    `const WIDE: &[(char, char)] = &[${"('\u{10000}', '\u{1f600}'), ".repeat(2000)}];`,
    `fn f() { ${"(".repeat(20_000)}1${")".repeat(20_000)} }`,
    "fn f( { match x { _ => , } struct",
    'r#"not closed',
    "/* /* */",
];

let native: NonNullable<ReturnType<typeof findNativeParser>>;
let wasm: WasmParser;
let language: GrammarNames;

beforeAll(async () => {
    await Parser.init();
    const grammar = fileURLToPath(import.meta.resolve("tree-sitter-rust/tree-sitter-rust.wasm"));
    const loaded = await Language.load(grammar);
    const parser = new Parser();
    parser.setLanguage(loaded);
    language = loaded;
    wasm = new WasmParser(parser, new CursorRuntime({}));
    const found = findNativeParser();
    if (found !== undefined) {
        native = found;
    }
});

/** All that is said of each node, in preorder, and how the walk went on. */
function describeNodes(parsed: ParsedText): string[] {
    const cursor = parsed.open();
    const said: string[] = [];
    do {
        said.push(describeNode(cursor));
    } while (stepInPreorder(cursor));
    cursor.delete();
    return said;
}

function describeNode(cursor: WalkCursor): string {
    const { nodeTypeId, nodeType, currentFieldId, startIndex, endIndex } = cursor;
    const flags = [cursor.nodeIsMissing, cursor.currentNode.hasError];
    const place = [startIndex, endIndex, cursor.currentDescendantIndex];
    return [nodeTypeId, nodeType, currentFieldId, ...place, ...flags].join(" ");
}

function checkSame(text: string): { readonly hasError: boolean } {
    const [one, other] = [native.parser.parse(text), wasm.parse(text)];
    expect(one.hasError).toBe(other.hasError);
    expect(describeNodes(one)).toEqual(describeNodes(other));
    other.delete();
    return one;
}

describe.runIf(loadNative().ok)("the addon's parser", () => {
    test("calls nodes and fields what the wasm calls them", () => {
        const { names } = native;
        expect(names.nodeTypeCount).toBe(language.nodeTypeCount);
        expect(names.fieldCount).toBe(language.fieldCount);
        for (let id = 0; id < names.nodeTypeCount; id++) {
            expect(names.nodeTypeForId(id)).toBe(language.nodeTypeForId(id));
            expect(names.nodeTypeIsNamed(id)).toBe(language.nodeTypeIsNamed(id));
        }
        for (let id = 1; id <= names.fieldCount; id++) {
            const name = names.fieldNameForId(id) ?? "";
            expect(name).toBe(language.fieldNameForId(id));
            expect(names.fieldIdForName(name)).toBe(id);
        }
        expect(names.fieldIdForName("nothing")).toBe(null);
    });

    test("says of every node of a text what the wasm says", () => {
        expect(TEXTS.length).toBeGreaterThan(20);
        TEXTS.forEach(checkSame);
    });

    test("says the same of texts that are no Rust", () => {
        const broken = cutTexts().filter((text) => checkSame(text).hasError);
        expect(broken.length).toBeGreaterThan(TEXTS.length);
        ODD_TEXTS.forEach(checkSame);
    });

    test("goes where the wasm's cursor goes", () => {
        const text = TEXTS.join("\n");
        const [one, other] = [native.parser.parse(text).open(), wasm.parse(text).open()];
        const random = seededNumbers(11);
        for (let turn = 0; turn < 2000; turn++) {
            const to = Math.floor(random() * 4000);
            const cursors = [one, other] as const;
            const [a, b] = cursors.map((cursor) => {
                cursor.gotoDescendant(to);
                const went = [
                    cursor.gotoLastChild(),
                    cursor.gotoNextSibling(),
                    cursor.gotoParent(),
                    cursor.gotoParent(),
                    cursor.gotoNextSibling(),
                    cursor.gotoFirstChild(),
                ];
                return `${went.join(" ")} ${describeNode(cursor)}`;
            });
            expect(a).toBe(b);
        }
        one.delete();
        other.delete();
    });

    test("captures what the wasm captures", async () => {
        const [one, other] = await Promise.all([openCapturer(), openSyntax()]);
        expect(one.constructor.name).not.toBe(other.constructor.name);
        for (const text of [...TEXTS, ...cutTexts(), ...ODD_TEXTS.slice(2)]) {
            expect(one.capture("src/lib.rs", text)).toEqual(other.capture("src/lib.rs", text));
        }
    });

    test("refuses what is no text", () => {
        const loaded = loadNative();
        const parse = (text: unknown) => () =>
            loaded.ok ? loaded.addon.parseRust(text as string) : undefined;
        expect(parse(undefined)).toThrow("a text is a string");
        expect(parse(new Uint8Array(3))).toThrow("a text is a string");
    });
});
