// The capture of a text in which some tokens that are one identifier have become another: the same rows, with
// other offsets and names, without a parse. docs/decisions/renames-without-a-parse.md says why the grammar
// gives the same shape; whatever is not plainly so is parsed.

import type { FileCapture } from "./capture.ts";
import { hashText, hashTokens } from "./content-hash.ts";
import { KIND } from "./kinds.ts";
import { TokenScanner } from "./scan-tokens.ts";
import { SyntaxTree, type SyntaxColumns } from "./tree.ts";

/** A file before and after. */
export interface RenamedText {
    readonly path: string;
    readonly capture: FileCapture;
    readonly before: string;
    readonly after: string;
}

/** Rows that spell their own text and nothing else. */
const SPELLED: ReadonlySet<number> = new Set([
    KIND.identifier,
    KIND.type_identifier,
    KIND.field_identifier,
    KIND.shorthand_field_identifier,
    KIND.format_capture,
]);

const PLAIN = /^[A-Za-z_][A-Za-z0-9_]+$|^[A-Za-z]$/u;
const PLAIN_HERE = /[A-Za-z_][A-Za-z0-9_]*/uy;

/** Makes the capture after; undefined where the text must be parsed. `words` are those the grammar knows. */
export function captureRenamed(
    { path, capture, before, after }: RenamedText,
    words: ReadonlySet<string>,
): FileCapture | undefined {
    if (before === after) {
        return capture.path === path ? capture : { ...capture, path };
    }
    if (capture.problems.length > 0) {
        return undefined;
    }
    const { columns } = capture.tree;
    const change = findChange(columns, before, after);
    if (
        change === undefined ||
        ![change.from, change.to].every((name) => PLAIN.test(name) && !words.has(name))
    ) {
        return undefined;
    }
    const starts = findEdits(columns, { before, after, ...change });
    if (starts === undefined) {
        return undefined;
    }
    const renamed = renameColumns(columns, {
        ...change,
        starts,
        isNew: !before.includes(change.to),
    });
    return renamed === undefined ? undefined : lazyCapture(path, capture, renamed, after);
}

/** Hashes are worked out when something asks: a proof does not. */
function lazyCapture(
    path: string,
    { problems, lostModules, lineCount }: FileCapture,
    columns: SyntaxColumns,
    text: string,
): FileCapture {
    let contentHash: string | undefined;
    let tokenHash: string | undefined;
    return {
        path,
        tree: new SyntaxTree(columns),
        get contentHash() {
            contentHash ??= hashText(text);
            return contentHash;
        },
        get tokenHash() {
            tokenHash ??= hashTokens(text, new TokenScanner().scan(text));
            return tokenHash;
        },
        textLength: text.length,
        lineCount,
        lostModules,
        problems,
    };
}

interface Change {
    readonly from: string;
    readonly to: string;
}

/** What the first token that differs is, before and after. */
function findChange(columns: SyntaxColumns, before: string, after: string): Change | undefined {
    const { kind, name, names, start, end } = columns;
    let at = 0;
    while (before.charCodeAt(at) === after.charCodeAt(at) && at < before.length) {
        at += 1;
    }
    for (let row = 0; row < kind.length; row++) {
        const [first, last] = [start[row] ?? 0, end[row] ?? 0];
        if (first <= at && at <= last && SPELLED.has(kind[row] ?? 0)) {
            PLAIN_HERE.lastIndex = first;
            const to = PLAIN_HERE.exec(after)?.[0];
            const from = names[name[row] ?? 0] ?? "";
            // A token that ends where the texts first differ may be followed by the one that is changed.
            if (to !== undefined && to !== from) {
                return { from, to };
            }
        }
    }
    return undefined;
}

/** Where the tokens that change begin; undefined where more than such tokens differs. */
function findEdits(
    { kind, name, names, start, end }: SyntaxColumns,
    { before, after, from, to }: Change & { readonly before: string; readonly after: string },
): number[] | undefined {
    const wanted = names.indexOf(from);
    const places: number[] = [];
    for (let row = 0; row < kind.length; row++) {
        const at = start[row] ?? 0;
        const isWhole = (end[row] ?? 0) - at === from.length;
        if (name[row] === wanted && isWhole && SPELLED.has(kind[row] ?? 0)) {
            places.push(at);
        }
    }
    places.sort((a, b) => a - b);
    const edits: number[] = [];
    let old = 0;
    let now = 0;
    for (const at of places) {
        if (at < old) {
            continue; // One token may have several rows.
        }
        if (before.slice(old, at) !== after.slice(now, now + at - old)) {
            return undefined;
        }
        now += at - old;
        old = at + from.length;
        if (after.startsWith(to, now) && !isWordAt(after, now + to.length)) {
            if (isQuoteAt(before, old)) {
                return undefined;
            }
            edits.push(at);
            now += to.length;
        } else if (after.startsWith(from, now)) {
            now += from.length;
        } else {
            return undefined;
        }
    }
    return before.slice(old) === after.slice(now) ? edits : undefined;
}

function isWordAt(text: string, at: number): boolean {
    return /\p{XID_Continue}/u.test(String.fromCodePoint(text.codePointAt(at) ?? 0x20));
}

/** A name before a quote or a hash may be a literal's prefix, a lifetime before a quote a character. */
function isQuoteAt(text: string, at: number): boolean {
    const next = text[at];
    return next === "'" || next === '"' || next === "#";
}

interface Renaming extends Change {
    /** Where the tokens that change begin, in order. */
    readonly starts: readonly number[];
    /** The new name stood nowhere in the text. */
    readonly isNew: boolean;
}

function renameColumns(columns: SyntaxColumns, renaming: Renaming): SyntaxColumns | undefined {
    const { kind, name, names, next } = columns;
    const { from, to, starts } = renaming;
    const shifted = shiftColumns(columns, renaming);
    if (shifted === undefined) {
        return undefined;
    }
    const after = Uint32Array.from(name);
    const spellings = [...names];
    const codeOf = (one: string): number => {
        const known = spellings.indexOf(one);
        return known === -1 ? spellings.push(one) - 1 : known;
    };
    const edited = new Set(starts);
    const [old, now] = [names.indexOf(from), codeOf(to)];
    const links: number[] = [];
    for (const row of shifted.holding) {
        if ((name[row] ?? 0) === 0) {
            continue;
        }
        if (kind[row] === KIND.doc_link) {
            links.push(row);
        } else if (
            name[row] === old &&
            SPELLED.has(kind[row] ?? 0) &&
            edited.has(columns.start[row] ?? 0) &&
            (columns.end[row] ?? 0) - (columns.start[row] ?? 0) === from.length
        ) {
            after[row] = now;
        } else if (
            kind[row] === KIND.string_literal ||
            kind[row] === KIND.raw_string_literal ||
            names[name[row] ?? 0]?.includes(from) === true
        ) {
            return undefined; // All others that have a name have an operator's.
        }
    }
    // Which labels a comment defines decides what its other links are.
    if (links.length > 0 && !renaming.isNew) {
        return undefined;
    }
    for (const row of links) {
        const segments: string[] = [];
        for (let part = row + 1; part < (next[row] ?? 0); part++) {
            segments.push(spellings[after[part] ?? 0] ?? "");
        }
        after[row] = codeOf(segments.join("::"));
    }
    const { start, end } = shifted;
    return { ...columns, start, end, name: after, names: spellings };
}

interface Shifted {
    readonly start: Uint32Array;
    readonly end: Uint32Array;
    /** Rows in which a changed token stands. */
    readonly holding: readonly number[];
}

/** Moves all offsets; undefined where one lies within a changed token. */
function shiftColumns(columns: SyntaxColumns, { from, to, starts }: Renaming): Shifted | undefined {
    const delta = to.length - from.length;
    const start = Uint32Array.from(columns.start);
    const end = Uint32Array.from(columns.end);
    const holding: number[] = [];
    const [first = 0] = starts;
    for (let row = 0; row < start.length; row++) {
        const [a, b] = [start[row] ?? 0, end[row] ?? 0];
        if (b <= first) {
            continue;
        }
        const before = countBefore(starts, a);
        const inside = countBefore(starts, b);
        if (isWithin(starts[before - 1], a, from) || isWithin(starts[inside - 1], b, from)) {
            return undefined;
        }
        start[row] = a + before * delta;
        end[row] = b + inside * delta;
        if (inside > before) {
            holding.push(row);
        }
    }
    return { start, end, holding };
}

function isWithin(edit: number | undefined, offset: number, from: string): boolean {
    return edit !== undefined && edit < offset && offset < edit + from.length;
}

/** How many of the ordered places lie before an offset. */
function countBefore(places: readonly number[], offset: number): number {
    let low = 0;
    let high = places.length;
    while (low < high) {
        const middle = (low + high) >> 1;
        if ((places[middle] ?? 0) < offset) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}
