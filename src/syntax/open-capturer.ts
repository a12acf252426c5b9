// The quickest way to capture whole files: by the addon's parser where it is, by the wasm otherwise. Of the wasm
// and its package nothing is loaded where it is not needed.

import { readTextSync } from "../platform/index.ts";
import type { FileCapture } from "./capture.ts";
import { CaptureBuilder } from "./capture-builder.ts";
import { compileGrammarTable } from "./grammar-table.ts";
import { findNativeParser } from "./native-parser.ts";
import { readQueries, type ReadText } from "./query-files.ts";
import { TextCapturer } from "./text-capturer.ts";

/** Captures whole files. */
export interface FileCapturer {
    /** Captures one file's text. */
    capture(path: string, text: string): FileCapture;
}

/** Opens a capturer for this thread; `readText` reads the query files beside these modules. */
export async function openCapturer(readText: ReadText = readTextSync): Promise<FileCapturer> {
    const native = findNativeParser();
    if (native === undefined) {
        const { openSyntax } = await import("./syntax-parser.ts");
        return openSyntax(readText);
    }
    const table = compileGrammarTable(native.names, readQueries(readText));
    return new TextCapturer(native.parser, new CaptureBuilder(native.parser, table));
}
