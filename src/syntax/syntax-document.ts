// One open file whose text changes: its parse is kept, and a change re-parses and re-walks only what it
// touches.

import { Edit, type Point, type Tree } from "web-tree-sitter";

import { assert, required } from "../base/index.ts";
import type { FileCapture } from "./capture.ts";
import type { CaptureBuilder, PreparedText } from "./capture-builder.ts";
import type { LinkCache } from "./insert-children.ts";
import { NameTable } from "./name-table.ts";
import { RowReuse, type ChangedRange } from "./row-reuse.ts";
import type { WasmParser } from "./wasm-parser.ts";

/** Names that no longer occur are dropped when the table has grown by this factor. */
const NAMES_GROWTH_MAX = 2;

/** Runs of doc comments whose links are remembered. */
const LINKS_MAX = 20_000;

/** A file open for changes. */
export class SyntaxDocument {
    readonly path: string;
    readonly #parser: WasmParser;
    readonly #builder: CaptureBuilder;
    #source: PreparedText;
    #tree: Tree | undefined;
    #names = new NameTable();
    #namesCountMax = 0;
    readonly #links: LinkCache = new Map();
    #capture: FileCapture;

    constructor(parser: WasmParser, builder: CaptureBuilder, path: string, text: string) {
        this.path = path;
        this.#parser = parser;
        this.#builder = builder;
        this.#source = builder.prepare(text);
        const tree = parser.parseTree(this.#source.bridged.text);
        this.#tree = tree;
        this.#capture = this.#buildAnew(tree);
    }

    /** The capture of the current text. */
    get capture(): FileCapture {
        return this.#capture;
    }

    /** Takes the whole new text of the file; returns its capture. */
    update(newText: string): FileCapture {
        const old = required(this.#tree, "the document is open");
        if (newText === this.#source.text) {
            return this.#capture;
        }
        const before = this.#source;
        const source = this.#builder.prepare(newText);
        const edit = findChange(before.bridged.text, source.bridged.text);
        old.edit(toEdit(edit, before.bridged.text, source.bridged.text));
        const tree = this.#parseAgain(source.bridged.text, old);
        const changed = widen(old, tree, [edit, findChange(before.text, newText)]);
        old.delete();
        this.#tree = tree;
        this.#source = source;
        if (this.#names.names.length > this.#namesCountMax || this.#links.size > LINKS_MAX) {
            this.#capture = this.#buildAnew(tree);
        } else {
            const reuse = new RowReuse(this.#capture.tree.columns, changed);
            const input = {
                path: this.path,
                source,
                tree: this.#parser.wrap(tree),
                names: this.#names,
                links: this.#links,
                reuse,
            };
            this.#capture = this.#builder.build(input);
        }
        return this.#capture;
    }

    /** Frees the parse; the document takes no more updates. */
    close(): void {
        this.#tree?.delete();
        this.#tree = undefined;
    }

    /**
     * Parses with the help of the old tree; where the text has errors, without: the parser recovers from
     * them in ways that hang on what it parsed before, and a capture must hang on the text alone.
     */
    #parseAgain(text: string, old: Tree): Tree {
        const tree = this.#parser.parseTree(text, old);
        if (!tree.rootNode.hasError) {
            return tree;
        }
        tree.delete();
        return this.#parser.parseTree(text);
    }

    #buildAnew(tree: Tree): FileCapture {
        this.#names = new NameTable();
        this.#links.clear();
        const shared = { names: this.#names, links: this.#links };
        const input = {
            path: this.path,
            source: this.#source,
            tree: this.#parser.wrap(tree),
            ...shared,
        };
        const capture = this.#builder.build(input);
        this.#namesCountMax = (this.#names.names.length + 100) * NAMES_GROWTH_MAX;
        return capture;
    }
}

/** The smallest range whose replacement makes one text of another. */
function findChange(before: string, after: string): ChangedRange {
    const shorter = Math.min(before.length, after.length);
    let start = 0;
    while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) {
        start += 1;
    }
    let same = 0;
    while (
        same < shorter - start &&
        before.charCodeAt(before.length - 1 - same) === after.charCodeAt(after.length - 1 - same)
    ) {
        same += 1;
    }
    return { start, oldEnd: before.length - same, newEnd: after.length - same };
}

function toEdit(change: ChangedRange, before: string, after: string): Edit {
    const startPosition = pointAt(before, change.start);
    return new Edit({
        startIndex: change.start,
        oldEndIndex: change.oldEnd,
        newEndIndex: change.newEnd,
        startPosition,
        oldEndPosition: pointAt(before, change.oldEnd),
        newEndPosition: pointAt(after, change.newEnd),
    });
}

function pointAt(text: string, offset: number): Point {
    let row = 0;
    let lineStart = 0;
    for (;;) {
        const end = text.indexOf("\n", lineStart);
        if (end < 0 || end >= offset) {
            return { row, column: offset - lineStart };
        }
        row += 1;
        lineStart = end + 1;
    }
}

/** The range that holds all edits and all nodes that the parser made anew. */
function widen(old: Tree, tree: Tree, edits: readonly ChangedRange[]): ChangedRange {
    let start = Math.min(...edits.map((edit) => edit.start));
    let newEnd = Math.max(...edits.map((edit) => edit.newEnd));
    const first = required(edits[0], "there is an edit");
    const shift = first.newEnd - first.oldEnd;
    for (const edit of edits) {
        assert(edit.newEnd - edit.oldEnd === shift, "bridging keeps lengths");
    }
    for (const range of old.getChangedRanges(tree)) {
        start = Math.min(start, range.startIndex);
        newEnd = Math.max(newEnd, range.endIndex);
    }
    return { start, newEnd, oldEnd: newEnd - shift };
}
