// The parser of one thread: wasm, grammar and queries loaded once, then file after file.

import { Language, Parser } from "web-tree-sitter";

import { readTextSync } from "../platform/index.ts";
import type { FileCapture } from "./capture.ts";
import { CaptureBuilder } from "./capture-builder.ts";
import { captureRenamed, type RenamedText } from "./capture-renamed.ts";
import { compileGrammarTable } from "./grammar-table.ts";
import { readQueries, type ReadText } from "./query-files.ts";
import { listSpecialWords } from "./special-words.ts";
import { SyntaxDocument } from "./syntax-document.ts";
import { TextCapturer } from "./text-capturer.ts";
import { CursorRuntime } from "./walk-cursor.ts";
import { WasmParser } from "./wasm-parser.ts";

/** How many texts that were parsed for a rename are kept, and how long one may be. */
const PARSED_MAX = 4;
const PARSED_LENGTH_MAX = 400_000;

/** Parses Rust files; one per thread. */
export class SyntaxParser {
    readonly #parser: WasmParser;
    readonly #builder: CaptureBuilder;
    readonly #capturer: TextCapturer;
    readonly #words: ReadonlySet<string>;
    /** Texts that were parsed for a rename, the last one first. */
    readonly #parsed: { readonly text: string; readonly capture: FileCapture }[] = [];

    /** `words` are those that mean something to the grammar or to the walk. */
    constructor(parser: WasmParser, builder: CaptureBuilder, words: ReadonlySet<string>) {
        this.#parser = parser;
        this.#builder = builder;
        this.#capturer = new TextCapturer(parser, builder);
        this.#words = words;
    }

    /** How many calls of std's macros were met, and the arguments of how many parsed. */
    get argumentCounts(): { readonly calls: number; readonly parsed: number } {
        return this.#builder.argumentCounts;
    }

    /** Captures one file's text. */
    capture(path: string, text: string): FileCapture {
        return this.#capturer.capture(path, text);
    }

    /** Captures a text that should differ from a captured one by the name of some tokens, and may differ more. */
    captureRenamed(file: RenamedText): FileCapture {
        return this.patch(file) ?? this.#captureOnce(file.path, file.after);
    }

    /**
     * A text with its macro calls expanded is asked for twice: whether it is Rust, and what it means. What was
     * parsed last is kept, as little as it is.
     */
    #captureOnce(path: string, text: string): FileCapture {
        const known = this.#parsed.find((one) => one.capture.path === path && one.text === text);
        if (known !== undefined) {
            return known.capture;
        }
        const capture = this.capture(path, text);
        if (text.length <= PARSED_LENGTH_MAX) {
            this.#parsed.unshift({ text, capture });
            this.#parsed.length = Math.min(this.#parsed.length, PARSED_MAX);
        }
        return capture;
    }

    /** The same where it needs no parse; undefined where it does. */
    patch(file: RenamedText): FileCapture | undefined {
        return captureRenamed(file, this.#words);
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
    const foreign = new Parser();
    foreign.setLanguage(language);
    const parser = new WasmParser(foreign, runtime);
    const table = compileGrammarTable(language, readQueries(readText));
    const builder = new CaptureBuilder(parser, table);
    return new SyntaxParser(parser, builder, listSpecialWords(language, table));
}
