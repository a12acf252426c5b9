// Edits applied to a text.

import { appendTo, assert } from "../base/index.ts";
import type { TextEdit } from "./model.ts";

/** Applies edits of one file to its text; they may stand in any order but must not overlap. */
export function applyEdits(
    text: string,
    edits: readonly Pick<TextEdit, "span" | "newText">[],
): string {
    const ordered = [...edits].sort((a, b) => a.span.start - b.span.start);
    let result = "";
    let position = 0;
    for (const edit of ordered) {
        assert(edit.span.start >= position, "edits overlap");
        assert(edit.span.end <= text.length, "an edit lies outside the text");
        result += text.slice(position, edit.span.start) + edit.newText;
        position = edit.span.end;
    }
    return result + text.slice(position);
}

/** Puts edits by the file that they touch, files in path order. */
export function groupByFile<T extends { readonly path: string }>(
    edits: readonly T[],
): Map<string, T[]> {
    const groups = new Map<string, T[]>();
    for (const edit of edits) {
        appendTo(groups, edit.path, edit);
    }
    return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)));
}
