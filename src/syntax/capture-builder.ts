// Turns a parse into a capture: rows, spliced macro arguments, doc links, columns, hashes, problems.

import type { Parser, Tree } from "web-tree-sitter";

import { LineIndex, type Problem } from "../base/index.ts";
import { ArgumentParser, type ArgumentCounts } from "./argument-parser.ts";
import type { FileCapture } from "./capture.ts";
import { hashText } from "./content-hash.ts";
import { Flattener, type Hole, type RowSource, type SyntaxFault } from "./flatten.ts";
import type { GrammarTable } from "./grammar-table.ts";
import { NameTable } from "./name-table.ts";
import { RowBuffer } from "./row-buffer.ts";
import { spliceArguments } from "./splice-rows.ts";
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
    readonly #arguments: ArgumentParser;
    readonly #rows = new RowBuffer();
    readonly #spliced = new RowBuffer();

    constructor(parser: Parser, table: GrammarTable) {
        this.#flattener = new Flattener(table);
        this.#arguments = new ArgumentParser(parser, this.#flattener);
    }

    /** How many calls of std's macros were met, and the arguments of how many parsed. */
    get argumentCounts(): Readonly<ArgumentCounts> {
        return this.#arguments.counts;
    }

    /** Builds the capture of one parsed file. */
    build(input: BuildInput): FileCapture {
        const { path, text, tree, names } = input;
        const rows = this.#rows;
        rows.clear();
        const errors: SyntaxFault[] = [];
        const holes: Hole[] = [];
        this.#flattener.begin(text, names);
        const cursor = tree.walk();
        try {
            const place = { shift: 0, first: 0, last: text.length, depth: 0 };
            this.#flattener.walk(cursor, { tree, rows, ...place, errors, holes });
        } finally {
            cursor.delete();
        }
        this.#arguments.fill(text, holes);
        const spliced = spliceArguments(rows, holes, this.#spliced);
        const lines = new LineIndex(text);
        return {
            path,
            tree: new SyntaxTree(spliced.rows.toColumns(names.names)),
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
