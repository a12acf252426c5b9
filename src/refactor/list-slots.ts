// A list of the syntax (parameters, arguments) with its elements in another order, fewer or more of them, as
// the fewest edits. What stays where it was is not touched; what moves takes its tokens along.

import type { Occurrence } from "../resolve/index.ts";
import type { FileSyntax } from "./file-syntax.ts";
import type { EditedToken, PlannedEdit } from "./planned-edit.ts";

/** An element of the new list: one of the old list, by position, or a new text. */
export type Slot =
    | { readonly kind: "kept"; readonly position: number }
    | { readonly kind: "added"; readonly text: string };

/** A text that edits elsewhere in the file have gone into, with its tokens. */
export interface MovedText {
    readonly text: string;
    readonly tokens: readonly EditedToken[];
    /** Offsets of names that no token stood for. */
    readonly added: readonly number[];
}

/** A list in a file. */
export interface ListSyntax {
    readonly file: FileSyntax;
    /** Node of the whole list, its brackets included. */
    readonly list: number;
    /** Nodes of the elements that take part; a receiver before them does not. */
    readonly elements: readonly number[];
    /** Whether an element that stays stands before these. */
    readonly hasHead: boolean;
}

/** Rewrites a list. `contentOf` gives an element's text where it moves. */
export function rewriteList(
    list: ListSyntax,
    slots: readonly Slot[],
    contentOf: (node: number) => MovedText,
): PlannedEdit[] {
    const { file, elements } = list;
    const edits: PlannedEdit[] = [];
    const contents = slots.map((slot) => contentOfSlot(list, slot, contentOf));
    const common = Math.min(slots.length, elements.length);
    for (let at = 0; at < common; at++) {
        const slot = slots[at];
        const node = elements[at];
        const content = contents[at];
        const isSame = slot?.kind === "kept" && slot.position === at;
        if (node !== undefined && content !== undefined && !isSame) {
            edits.push(editOf(file, file.start(node), file.end(node), content));
        }
    }
    if (slots.length > elements.length) {
        edits.push(append(list, contents.slice(common)));
    } else if (slots.length < elements.length) {
        edits.push(removeTail(list, common));
    }
    return edits;
}

function contentOfSlot(
    { elements }: ListSyntax,
    slot: Slot,
    contentOf: (node: number) => MovedText,
): MovedText {
    if (slot.kind === "added") {
        return { text: slot.text, tokens: [], added: namesIn(slot.text) };
    }
    const node = elements[slot.position];
    return node === undefined ? { text: "", tokens: [], added: [] } : contentOf(node);
}

/** Puts elements after the last one, or between the brackets of an empty list. */
function append(list: ListSyntax, contents: readonly MovedText[]): PlannedEdit {
    const { file, elements, hasHead, list: node } = list;
    const last = elements.at(-1) ?? (hasHead ? headOf(list) : undefined);
    const position = last === undefined ? file.start(node) + 1 : file.end(last);
    const separator = last === undefined ? "" : separatorBefore(list, last);
    return editOf(file, position, position, joinTexts(contents, separator));
}

/** What stands between two elements: a comma and blanks, on a line of its own where the list is so written. */
function separatorBefore({ file, elements, list }: ListSyntax, last: number): string {
    const before = elements.at(-2);
    const start = before === undefined ? file.start(list) + 1 : file.end(before);
    const blanks = /\s*$/u.exec(file.text.slice(start, file.start(last)))?.[0] ?? "";
    return blanks.includes("\n") ? `,${blanks}` : ", ";
}

function joinTexts(contents: readonly MovedText[], separator: string): MovedText {
    let text = "";
    const tokens: EditedToken[] = [];
    const added: number[] = [];
    contents.forEach((content, index) => {
        text += index > 0 || separator !== "" ? (separator === "" ? ", " : separator) : "";
        const at = text.length;
        tokens.push(...content.tokens.map((token) => ({ ...token, at: token.at + at })));
        added.push(...content.added.map((offset) => offset + at));
        text += content.text;
    });
    return { text, tokens, added };
}

/** Takes the elements from a position to the end away, with what separates them from those before. */
function removeTail(list: ListSyntax, kept: number): PlannedEdit {
    const { file, elements, hasHead } = list;
    const before = elements[kept - 1] ?? (hasHead ? headOf(list) : undefined);
    const first = elements[kept];
    const last = elements.at(-1);
    const start = before === undefined ? file.start(first ?? 0) : file.end(before);
    const end = before === undefined ? closing(list) : file.end(last ?? 0);
    return editOf(file, start, end, { text: "", tokens: [], added: [] });
}

/** The element that stays before the others: a receiver. */
function headOf({ file, list, elements }: ListSyntax): number | undefined {
    const own = new Set(elements);
    return file.parts(list).find((node) => !own.has(node));
}

/** Offset of the closing bracket: a comma before it goes with the elements. */
function closing({ file, list }: ListSyntax): number {
    return file.end(list) - 1;
}

function editOf(file: FileSyntax, start: number, end: number, content: MovedText): PlannedEdit {
    return {
        path: file.path,
        span: { start, end },
        oldText: file.text.slice(start, end),
        newText: content.text,
        role: "value",
        precision: "syntactic",
        tokens: content.tokens,
        added: content.added.map((at) => ({ at })),
    };
}

/** Offsets of identifiers in a piece of Rust, those in literals and comments left out. */
export function namesIn(text: string): number[] {
    const pattern =
        /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)'|\/\/[^\n]*|\/\*[^]*?\*\/|(?:r#)?[\p{XID_Start}_][\p{XID_Continue}]*|[0-9][\p{XID_Continue}.]*/gu;
    return [...text.matchAll(pattern)]
        .filter(([word]) => /^[\p{XID_Start}_]/u.test(word))
        .map(({ index }) => index);
}

/** An element's text as it is, its tokens taken along. */
export function movedText(
    file: FileSyntax,
    node: number,
    occurrences: readonly Occurrence[],
): MovedText {
    const start = file.start(node);
    const end = file.end(node);
    return {
        text: file.text.slice(start, end),
        tokens: occurrences
            .filter(({ span }) => start <= span.start && span.end <= end)
            .map((one) => carried(one, one.span.start - start)),
        added: [],
    };
}

function carried({ span, shorthand }: Occurrence, at: number): EditedToken {
    const length = span.end - span.start;
    return { before: span, part: shorthand, partAfter: shorthand, at, length };
}
