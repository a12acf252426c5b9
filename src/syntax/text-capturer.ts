// Captures texts one after the other, by whichever parser there is.

import type { FileCapture } from "./capture.ts";
import type { CaptureBuilder } from "./capture-builder.ts";
import { NameTable } from "./name-table.ts";
import type { TextParser } from "./parsed-text.ts";

/** Captures whole files. */
export class TextCapturer {
    readonly #parser: TextParser;
    readonly #builder: CaptureBuilder;

    constructor(parser: TextParser, builder: CaptureBuilder) {
        this.#parser = parser;
        this.#builder = builder;
    }

    /** Captures one file's text. */
    capture(path: string, text: string): FileCapture {
        const source = this.#builder.prepare(text);
        const tree = this.#parser.parse(source.bridged.text);
        try {
            return this.#builder.build({ path, source, tree, names: new NameTable() });
        } finally {
            tree.delete();
        }
    }
}
