// Turns a parse into a capture: rows, spliced macro arguments, doc links, columns, hashes, problems.

import { LineIndex, type Problem } from "../base/index.ts";
import { ArgumentParser, type ArgumentCounts } from "./argument-parser.ts";
import { applyNotes } from "./apply-notes.ts";
import { bridgeGaps, type BridgedText } from "./bridge-gaps.ts";
import type { FileCapture } from "./capture.ts";
import { hashText, hashTokens } from "./content-hash.ts";
import { Flattener, type Hole, type RowSource, type SyntaxFault } from "./flatten.ts";
import type { GrammarTable } from "./grammar-table.ts";
import type { DocLink } from "./doc-links.ts";
import { insertChildren, type LinkCache } from "./insert-children.ts";
import type { NameTable } from "./name-table.ts";
import type { ParsedText, TextParser } from "./parsed-text.ts";
import { RowBuffer } from "./row-buffer.ts";
import { TOKEN, TokenScanner, type ScannedTokens } from "./scan-tokens.ts";
import { spliceArguments } from "./splice-rows.ts";
import { SyntaxTree } from "./tree.ts";

/** How many syntax errors a capture lists. */
const PROBLEMS_MAX = 5;

/** A text made ready for the grammar. */
export interface PreparedText {
    readonly text: string;
    readonly bridged: BridgedText;
    readonly tokenHash: string;
    /** Words that follow a `mod`. */
    readonly moduleNames: readonly string[];
}

/** What a capture is built from. */
export interface BuildInput {
    readonly path: string;
    readonly source: PreparedText;
    /** Parse of the bridged text. */
    readonly tree: ParsedText;
    readonly names: NameTable;
    readonly links?: LinkCache;
    /** Finished rows of an older tree. */
    readonly reuse?: RowSource;
}

/** Builds captures, one after the other. */
export class CaptureBuilder {
    readonly #flattener: Flattener;
    readonly #arguments: ArgumentParser;
    readonly #scanner = new TokenScanner();
    readonly #rows = new RowBuffer();
    readonly #spliced = new RowBuffer();
    readonly #inserted = new RowBuffer();

    constructor(parser: TextParser, table: GrammarTable) {
        this.#flattener = new Flattener(table);
        this.#arguments = new ArgumentParser(parser, this.#flattener);
    }

    /** How many calls of std's macros were met, and the arguments of how many parsed. */
    get argumentCounts(): Readonly<ArgumentCounts> {
        return this.#arguments.counts;
    }

    /** Makes a text ready for the grammar. */
    prepare(text: string): PreparedText {
        const tokens = this.#scanner.scan(text);
        return {
            text,
            bridged: bridgeGaps(text, tokens),
            tokenHash: hashTokens(text, tokens),
            moduleNames: findModuleNames(text, tokens),
        };
    }

    /** Builds the capture of one parsed file. */
    build(input: BuildInput): FileCapture {
        const { path, source, tree, names } = input;
        const { text } = source;
        const rows = this.#rows;
        rows.clear();
        const errors: SyntaxFault[] = [];
        const holes: Hole[] = [];
        this.#flattener.begin(text, names, source.bridged.definitions);
        const cursor = tree.open();
        try {
            const reuse = input.reuse === undefined ? {} : { source: input.reuse };
            const place = { shift: 0, first: 0, last: text.length, depth: 0 };
            const at = { tree, rows, ...place };
            this.#flattener.walk(cursor, { ...at, errors, holes, ...reuse });
        } finally {
            cursor.delete();
        }
        this.#arguments.fill(source.bridged.text, text, holes);
        const spliced = spliceArguments(rows, holes, this.#spliced);
        const links = input.links ?? new Map<string, readonly DocLink[]>();
        const all = insertChildren(spliced, { text, names, links }, this.#inserted);
        applyNotes(all, source.bridged.notes, source.bridged.text);
        const lines = new LineIndex(text);
        return {
            path,
            tree: new SyntaxTree(all.toColumns(names.names)),
            contentHash: hashText(text),
            tokenHash: source.tokenHash,
            textLength: text.length,
            lineCount: lines.lineCount,
            // Where the parser lost its way, the declaration of a module may be lost as one.
            lostModules: errors.length > 0 ? source.moduleNames : [],
            problems: errors.slice(0, PROBLEMS_MAX).map((fault) => toProblem(fault, path, lines)),
        };
    }
}

function findModuleNames(text: string, tokens: ScannedTokens): string[] {
    const { count, kind, start, end } = tokens;
    const found: string[] = [];
    for (let at = 0; at + 1 < count; at++) {
        const isWord = kind[at] === TOKEN.word && kind[at + 1] === TOKEN.word;
        if (isWord && text.slice(start[at], end[at]) === "mod") {
            found.push(text.slice(start[at + 1], end[at + 1]).replace(/^r#/u, ""));
        }
    }
    return found;
}

function toProblem(fault: SyntaxFault, path: string, lines: LineIndex): Problem {
    const message =
        fault.missing === "" ? "syntax error" : `syntax error: ${fault.missing} missing`;
    return { code: "SYNTAX_ERROR", message, path, line: lines.lineOf(fault.offset) };
}
