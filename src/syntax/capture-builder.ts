// Turns a parse into a capture: rows, spliced macro arguments, doc links, columns, hashes, problems.

import type { Tree } from "web-tree-sitter";

import { LineIndex, type Problem } from "../base/index.ts";
import type { FileCapture } from "./capture.ts";
import { hashText } from "./content-hash.ts";
import { Flattener, type RowSource, type SyntaxFault } from "./flatten.ts";
import type { GrammarTable } from "./grammar-table.ts";
import { NameTable } from "./name-table.ts";
import { RowBuffer } from "./row-buffer.ts";
import { SyntaxTree } from "./tree.ts";

/** How many syntax errors a capture lists. */
const PROBLEMS_MAX = 5;

/** What a capture is built from. */
export interface BuildInput {
    readonly path: string;
    readonly text: string;
    readonly tree: Tree;
    readonly names: NameTable;
    readonly source?: RowSource;
}

/** Builds captures, one after the other. */
export class CaptureBuilder {
    readonly #flattener: Flattener;
    readonly #rows = new RowBuffer();

    constructor(table: GrammarTable) {
        this.#flattener = new Flattener(table);
    }

    /** Builds the capture of one parsed file. */
    build(input: BuildInput): FileCapture {
        const { path, text, tree, names } = input;
        const rows = this.#rows;
        rows.clear();
        const errors: SyntaxFault[] = [];
        this.#flattener.begin(text, names);
        const cursor = tree.walk();
        try {
            const place = { shift: 0, first: 0, last: text.length, depth: 0 };
            this.#flattener.walk(cursor, { tree, rows, ...place, errors });
        } finally {
            cursor.delete();
        }
        const lines = new LineIndex(text);
        return {
            path,
            tree: new SyntaxTree(rows.toColumns(names.names)),
            contentHash: hashText(text),
            tokenHash: hashText(text),
            textLength: text.length,
            lineCount: lines.lineCount,
            problems: errors.slice(0, PROBLEMS_MAX).map((fault) => toProblem(fault, path, lines)),
        };
    }
}

function toProblem(fault: SyntaxFault, path: string, lines: LineIndex): Problem {
    const message =
        fault.missing === "" ? "syntax error" : `syntax error: ${fault.missing} missing`;
    return { code: "SYNTAX_ERROR", message, path, line: lines.lineOf(fault.offset) };
}
