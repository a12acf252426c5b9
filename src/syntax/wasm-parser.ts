// The parser in wasm, which is always there.

import type { Parser, Tree } from "web-tree-sitter";

import { required } from "../base/index.ts";
import type { ParsedText, TextParser } from "./parsed-text.ts";
import type { CursorRuntime, WalkCursor } from "./walk-cursor.ts";

/** Units of text that are handed over at once; the package has room for 5,119. */
const CHUNK_UNITS = 4096;

/** Parses texts, and texts that have changed. */
export class WasmParser implements TextParser {
    readonly #parser: Parser;
    readonly #cursors: CursorRuntime;

    constructor(parser: Parser, cursors: CursorRuntime) {
        this.#parser = parser;
        this.#cursors = cursors;
    }

    parse(text: string): ParsedText {
        return this.wrap(this.parseTree(text));
    }

    /** The package's own tree of a text, with the help of an older one. */
    parseTree(text: string, old?: Tree): Tree {
        return required(this.#parser.parse(chunksOf(text), old), "the parser gave no tree");
    }

    /** A tree as what walks take. */
    wrap(tree: Tree): ParsedText {
        return new WasmText(tree, this.#cursors);
    }
}

class WasmText implements ParsedText {
    readonly hasError: boolean;
    readonly #tree: Tree;
    readonly #cursors: CursorRuntime;

    constructor(tree: Tree, cursors: CursorRuntime) {
        this.hasError = tree.rootNode.hasError;
        this.#tree = tree;
        this.#cursors = cursors;
    }

    open(): WalkCursor {
        return this.#cursors.open(this.#tree);
    }

    delete(): void {
        this.#tree.delete();
    }
}

/**
 * A text piece by piece. The package's own pieces may end between the two halves of a character beyond 16
 * bits, which the parser then takes for two characters, and a literal of it for an error.
 */
function chunksOf(text: string): (index: number) => string {
    return (index) => {
        const end = index + CHUNK_UNITS;
        const last = text.charCodeAt(end - 1);
        return text.slice(index, last >= 0xd800 && last < 0xdc00 ? end + 1 : end);
    };
}
