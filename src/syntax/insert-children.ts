// Adds the rows that are not in the parse: names captured by format strings, and links of doc comments.

import { findDocLinks, type DocLink } from "./doc-links.ts";
import { FRESH } from "./flatten.ts";
import { findFormatCaptures } from "./format-captures.ts";
import { FLAG, KIND } from "./kinds.ts";
import type { NameTable } from "./name-table.ts";
import type { RowBuffer } from "./row-buffer.ts";
import type { SplicedRows } from "./splice-rows.ts";
import { unescapeString } from "./string-text.ts";

/** Links of runs of doc comments, by the run's text: an open document's runs seldom change. */
export type LinkCache = Map<string, readonly DocLink[]>;

/** The file and what its rows share. */
export interface FileContext {
    readonly text: string;
    readonly names: NameTable;
    readonly links: LinkCache;
}

/** A row to be added below another. */
interface NewRow {
    readonly under: number;
    readonly level: number;
    readonly kind: number;
    readonly flags: number;
    readonly start: number;
    readonly end: number;
    readonly name: string;
}

/** Which argument of a macro is its format string. */
const FORMAT_ARGUMENT: Readonly<Record<string, number>> = {
    format: 0,
    "format-second": 1,
    "format-third": 2,
    matches: 2,
};

/** Adds format captures and doc links; returns the buffer that holds all rows. */
export function insertChildren(spliced: SplicedRows, file: FileContext, out: RowBuffer): RowBuffer {
    const { rows } = spliced;
    const { text, names } = file;
    const added: NewRow[] = [];
    for (const { row, style } of spliced.calls) {
        if (style === "text") {
            nameLiterals(rows, row, file);
        }
        if (style === "maybe-expressions" || style === "asm") {
            addAllCaptures(rows, row, text, added);
        }
        const literal = findFormatString(rows, row, FORMAT_ARGUMENT[style] ?? -1);
        if (literal >= 0) {
            addCaptures(rows, literal, text, added);
        }
    }
    addLinks(rows, file, added);
    if (added.length === 0) {
        return rows;
    }
    added.sort((a, b) => a.under - b.under || a.start - b.start || a.level - b.level);
    out.clear();
    let at = 0;
    for (const row of added) {
        if (row.under >= at) {
            out.appendRows(rows, at, row.under + 1);
            at = row.under + 1;
        }
        const depth = (rows.depth[row.under] ?? 0) + row.level;
        const index = out.add(row.kind, 0, depth);
        out.flags[index] = row.flags;
        out.start[index] = row.start;
        out.end[index] = row.end;
        out.name[index] = names.code(row.name);
    }
    out.appendRows(rows, at, rows.count);
    return out;
}

/** Names the string literals among a call's arguments by their contents. */
function nameLiterals(rows: RowBuffer, call: number, file: FileContext): void {
    const last = rows.afterSubtree(call);
    for (let row = call + 1; row < last; row = rows.afterSubtree(row)) {
        const kind = rows.kind[row];
        if (kind === KIND.string_literal || kind === KIND.raw_string_literal) {
            const literal = file.text.slice(rows.start[row], rows.end[row]);
            rows.name[row] = file.names.code(unescapeString(literal));
        }
    }
}

/** The macro may format any of its string literals. */
function addAllCaptures(rows: RowBuffer, call: number, text: string, added: NewRow[]): void {
    const last = rows.afterSubtree(call);
    for (let row = call + 1; row < last; row = rows.afterSubtree(row)) {
        const kind = rows.kind[row];
        if (kind === KIND.string_literal || kind === KIND.raw_string_literal) {
            addCaptures(rows, row, text, added);
        }
    }
}

/** The argument at an index, if it is a string literal; -1 otherwise. */
function findFormatString(rows: RowBuffer, call: number, wanted: number): number {
    const last = rows.afterSubtree(call);
    let index = 0;
    for (let row = call + 1; row < last && wanted >= 0; row = rows.afterSubtree(row)) {
        const kind = rows.kind[row];
        if (kind === KIND.attribute_item) {
            continue;
        }
        if (index === wanted) {
            return kind === KIND.string_literal || kind === KIND.raw_string_literal ? row : -1;
        }
        index += 1;
    }
    return -1;
}

function addCaptures(rows: RowBuffer, literal: number, text: string, added: NewRow[]): void {
    const base = rows.start[literal] ?? 0;
    for (const capture of findFormatCaptures(text.slice(base, rows.end[literal]))) {
        const place = { start: base + capture.start, end: base + capture.end, name: capture.name };
        added.push({ under: literal, level: 1, kind: KIND.format_capture, flags: 0, ...place });
    }
}

/** Looks for links in the runs of doc comments that are new in this tree. */
function addLinks(rows: RowBuffer, file: FileContext, added: NewRow[]): void {
    const { count, flags, depth } = rows;
    for (let row = 0; row < count;) {
        if (((flags[row] ?? 0) & FRESH) === 0) {
            row += 1;
            continue;
        }
        const first = row;
        const isInner = (flags[row] ?? 0) & FLAG.inner;
        while (
            row < count &&
            ((flags[row] ?? 0) & FRESH) !== 0 &&
            ((flags[row] ?? 0) & FLAG.inner) === isInner &&
            depth[row] === depth[first]
        ) {
            flags[row] = ((flags[row] ?? 0) & ~FRESH) >>> 0;
            row += 1;
        }
        addLinksOfRun(rows, first, row, { file, added });
    }
}

function addLinksOfRun(
    rows: RowBuffer,
    first: number,
    last: number,
    to: { readonly file: FileContext; readonly added: NewRow[] },
): void {
    const lines: string[] = [];
    const starts: number[] = [];
    let length = 0;
    for (let row = first; row < last; row++) {
        const line = to.file.text.slice(rows.start[row], rows.end[row]);
        lines.push(line);
        starts.push(length);
        length += line.length + 1;
    }
    const run = lines.join("\n");
    let links = to.file.links.get(run);
    if (links === undefined) {
        links = findDocLinks(run);
        to.file.links.set(run, links);
    }
    for (const link of links) {
        const at = link.segments[0]?.start ?? 0;
        let line = starts.length - 1;
        while (line > 0 && (starts[line] ?? 0) > at) {
            line -= 1;
        }
        const shift = (rows.start[first + line] ?? 0) - (starts[line] ?? 0);
        addLink(link, first + line, shift, to);
    }
}

function addLink(
    link: DocLink,
    under: number,
    shift: number,
    to: { readonly file: FileContext; readonly added: NewRow[] },
): void {
    const start = (link.segments[0]?.start ?? 0) + shift;
    const end = (link.segments.at(-1)?.end ?? 0) + shift;
    const call = link.target === "function" ? FLAG.beforeCall : 0;
    const bang = link.target === "macro" ? FLAG.beforeBang | FLAG.beforeCall : 0;
    const global = to.file.text.startsWith("::", start - 2) ? FLAG.global : 0;
    const name = link.segments.map((segment) => segment.name).join("::");
    const kind = KIND.doc_link;
    to.added.push({ under, level: 1, kind, flags: call | bang | global, start, end, name });
    for (const segment of link.segments) {
        const isRaw = segment.end - segment.start > segment.name.length;
        const place = { start: segment.start + shift, end: segment.end + shift };
        const flags = isRaw ? FLAG.raw : 0;
        to.added.push({
            under,
            level: 2,
            kind: segmentKind(segment.name),
            flags,
            ...place,
            name: segment.name,
        });
    }
}

function segmentKind(name: string): number {
    return name === "crate" || name === "self" || name === "super" ? KIND[name] : KIND.identifier;
}
