// The lines in which two texts differ, as edits of the first.

import { diffArrays } from "diff";

import type { Span } from "../base/index.ts";

/** Edits, whole lines each, that make the second text of the first. */
export function changedLines(
    before: string,
    after: string,
): { readonly span: Span; readonly newText: string }[] {
    const edits: { span: { start: number; end: number }; newText: string }[] = [];
    let position = 0;
    for (const { added, removed, value } of diffArrays(linesOf(before), linesOf(after))) {
        const text = value.join("");
        if (!added && !removed) {
            position += text.length;
            continue;
        }
        const last = edits.at(-1);
        const open =
            last?.span.end === position
                ? last
                : { span: { start: position, end: position }, newText: "" };
        if (open !== last) {
            edits.push(open);
        }
        if (removed) {
            position += text.length;
            open.span.end = position;
        } else {
            open.newText += text;
        }
    }
    return edits;
}

function linesOf(text: string): string[] {
    return text.split(/(?<=\n)/u);
}
