// Edits of a file made in a piece of its text that moves elsewhere.

import type { MovedText } from "./list-slots.ts";
import type { EditedToken, PlannedEdit } from "./planned-edit.ts";

/** Makes edits, in the order of their places, in a text that was taken out of the file at an offset. */
export function joinEdits(
    moved: MovedText,
    offset: number,
    edits: readonly PlannedEdit[],
): MovedText {
    let text = "";
    let position = 0;
    const tokens: EditedToken[] = [];
    const added: number[] = [];
    const keep = (end: number): void => {
        for (const token of moved.tokens) {
            if (position <= token.at && token.at < end) {
                tokens.push({ ...token, at: token.at + text.length - position });
            }
        }
        text += moved.text.slice(position, end);
    };
    for (const edit of edits) {
        keep(edit.span.start - offset);
        tokens.push(...edit.tokens.map((token) => ({ ...token, at: token.at + text.length })));
        added.push(...(edit.added ?? []).map(({ at }) => at + text.length));
        text += edit.newText;
        position = edit.span.end - offset;
    }
    keep(moved.text.length);
    return { text, tokens, added: [...moved.added, ...added] };
}
