// Edits shown as a unified diff in git's dialect. Nothing is compared: the edits say what differs.

import { applyEdits, groupByFile } from "./apply-edits.ts";
import type { FileMove, TextEdit } from "./model.ts";

/** What a diff shows of an edit. */
export type ShownEdit = Pick<TextEdit, "newText" | "path" | "span">;

const CONTEXT_LINES = 3;

/** A text by lines. A diff knows one line end, the line feed, whatever else ends lines for editors. */
class Lines {
    readonly text: string;
    readonly #starts: readonly number[];

    constructor(text: string) {
        this.text = text;
        const starts = [0];
        for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) {
            starts.push(at + 1);
        }
        if (starts.at(-1) === text.length) {
            starts.pop();
        }
        this.#starts = starts;
    }

    get count(): number {
        return this.#starts.length;
    }

    /** Offset at which a line starts; the text's length for a line beyond the end. */
    start(line: number): number {
        return this.#starts[line] ?? this.text.length;
    }

    lineOf(offset: number): number {
        let low = 0;
        let high = this.#starts.length - 1;
        while (low < high) {
            const middle = (low + high + 1) >> 1;
            if (this.start(middle) <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}

/** Lines of the old text that are replaced, and the lines that replace them. */
interface Block {
    readonly first: number;
    /** Last old line, included. */
    readonly last: number;
    readonly newLines: readonly string[];
}

/** Writes edits and moves as a unified diff; edits name files by their path before the moves. */
export function renderUnifiedDiff(
    edits: readonly ShownEdit[],
    moves: readonly FileMove[],
    textOf: (path: string) => string,
): string {
    const byFile = groupByFile(edits);
    const targets = new Map(moves.map((move) => [move.from, move.to]));
    const paths = [...new Set([...byFile.keys(), ...targets.keys()])].sort();
    return paths
        .map((path) => {
            const target = targets.get(path);
            const header =
                `diff --git a/${path} b/${target ?? path}\n` +
                (target === undefined ? "" : `rename from ${path}\nrename to ${target}\n`);
            const fileEdits = byFile.get(path);
            return fileEdits === undefined
                ? header
                : `${header}--- a/${path}\n+++ b/${target ?? path}\n` +
                      hunks(new Lines(textOf(path)), fileEdits);
        })
        .join("");
}

function hunks(lines: Lines, edits: readonly ShownEdit[]): string {
    let shift = 0;
    let out = "";
    for (const group of nearBlocks(changedBlocks(lines, edits))) {
        const { text, growth } = renderHunk(lines, group, shift);
        out += text;
        shift += growth;
    }
    return out;
}

function changedBlocks(lines: Lines, edits: readonly ShownEdit[]): Block[] {
    const groups: { first: number; last: number; edits: ShownEdit[] }[] = [];
    for (const edit of [...edits].sort((a, b) => a.span.start - b.span.start)) {
        const first = lines.lineOf(edit.span.start);
        const last = lines.lineOf(edit.span.end);
        const open = groups.at(-1);
        if (open !== undefined && first <= open.last) {
            open.last = Math.max(open.last, last);
            open.edits.push(edit);
        } else {
            groups.push({ first, last, edits: [edit] });
        }
    }
    return groups.map(({ first, last, edits: inside }) => {
        const start = lines.start(first);
        const shifted = inside.map((edit) => ({
            span: { start: edit.span.start - start, end: edit.span.end - start },
            newText: edit.newText,
        }));
        const after = applyEdits(lines.text.slice(start, lines.start(last + 1)), shifted);
        return { first, last, newLines: splitLines(after) };
    });
}

function nearBlocks(blocks: readonly Block[]): Block[][] {
    const groups: Block[][] = [];
    for (const block of blocks) {
        const open = groups.at(-1);
        const previous = open?.at(-1);
        if (previous !== undefined && block.first - previous.last <= 2 * CONTEXT_LINES) {
            open?.push(block);
        } else {
            groups.push([block]);
        }
    }
    return groups;
}

function renderHunk(
    lines: Lines,
    blocks: readonly Block[],
    shift: number,
): { text: string; growth: number } {
    const first = Math.max(0, (blocks[0]?.first ?? 0) - CONTEXT_LINES);
    const last = Math.min(lines.count - 1, (blocks.at(-1)?.last ?? 0) + CONTEXT_LINES);
    const body: string[] = [];
    const keep = (sign: string, from: number, to: number): void => {
        for (let line = from; line <= to; line++) {
            body.push(sign + lines.text.slice(lines.start(line), lines.start(line + 1)));
        }
    };
    let next = first;
    let growth = 0;
    for (const block of blocks) {
        keep(" ", next, block.first - 1);
        keep("-", block.first, block.last);
        body.push(...block.newLines.map((line) => `+${line}`));
        growth += block.newLines.length - (block.last - block.first + 1);
        next = block.last + 1;
    }
    keep(" ", next, last);
    const count = last - first + 1;
    const header = `@@ -${first + 1},${count} +${first + 1 + shift},${count + growth} @@\n`;
    return { text: header + body.map(endLine).join(""), growth };
}

/** A line of a hunk ends with a line feed; where the file has none, the diff says so. */
function endLine(line: string): string {
    return line.endsWith("\n") ? line : `${line}\n\\ No newline at end of file\n`;
}

/** Splits into lines that keep their ends. */
function splitLines(text: string): string[] {
    return text.match(/[^\n]*\n|[^\n]+$/gu) ?? [];
}
