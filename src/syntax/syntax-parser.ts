// The parser of one thread: wasm, grammar and queries loaded once, then file after file.

import { Language, Parser, type Tree } from "web-tree-sitter";

import { required } from "../base/index.ts";
import { readTextSync } from "../platform/index.ts";
import type { FileCapture } from "./capture.ts";
import { CaptureBuilder } from "./capture-builder.ts";
import { compileGrammarTable, QUERY_FILES } from "./grammar-table.ts";
import { NameTable } from "./name-table.ts";
import { SyntaxDocument } from "./syntax-document.ts";
import { CursorRuntime } from "./walk-cursor.ts";

/** Reads a text file of this package. */
export type ReadText = (url: URL) => string;

/** Parses Rust files; one per thread. */
export class SyntaxParser {
    readonly #parser: Parser;
    readonly #builder: CaptureBuilder;

    constructor(parser: Parser, builder: CaptureBuilder) {
        this.#parser = parser;
        this.#builder = builder;
    }

    /** How many calls of std's macros were met, and the arguments of how many parsed. */
    get argumentCounts(): { readonly calls: number; readonly parsed: number } {
        return this.#builder.argumentCounts;
    }

    /** Captures one file's text. */
    capture(path: string, text: string): FileCapture {
        const source = this.#builder.prepare(text);
        const tree = parseText(this.#parser, source.bridged.text);
        try {
            return this.#builder.build({ path, source, tree, names: new NameTable() });
        } finally {
            tree.delete();
        }
    }

    /** Opens a file whose text will change. */
    open(path: string, text: string): SyntaxDocument {
        return new SyntaxDocument(this.#parser, this.#builder, path, text);
    }
}

/** Module for the workers of a capture pool: jobs are CaptureJob, results CaptureOutcome. */
export const CAPTURE_WORKER_URL = new URL(
    import.meta.url.endsWith(".ts") ? "capture-worker-main.ts" : "capture-worker-main.js",
    import.meta.url,
);

/** One for a thread: the package makes its runtime once. */
let cursors: Promise<CursorRuntime> | undefined;

/** Loads the grammar and the queries; `readText` reads the query files beside this module. */
export async function openSyntax(readText: ReadText = readTextSync): Promise<SyntaxParser> {
    const module = {};
    cursors ??= Parser.init(module).then(() => new CursorRuntime(module));
    const runtime = await cursors;
    const wasm = new URL(import.meta.resolve("tree-sitter-rust/tree-sitter-rust.wasm"));
    const language = await Language.load(decodeURIComponent(wasm.pathname));
    const parser = new Parser();
    parser.setLanguage(language);
    const texts = QUERY_FILES.map((file) => readText(new URL(`queries/${file}`, import.meta.url)));
    return new SyntaxParser(
        parser,
        new CaptureBuilder(parser, runtime, compileGrammarTable(language, texts)),
    );
}

function parseText(parser: Parser, text: string): Tree {
    return required(parser.parse(text), "the parser gave no tree");
}
