// Edits upon edits are edits of the first text: compared with making them one after the other.

import { expect, test } from "vitest";

import { PieceText, type PieceEdit } from "../../../src/patch/compose-edits.ts";
import { applyEdits } from "../../../src/refactor/index.ts";

/** Numbers that look random and are the same every time (mulberry32). */
function numbers(seed: number): (below: number) => number {
    let state = seed;
    return (below) => {
        state = (state + 0x6d2b79f5) | 0;
        let t = Math.imul(state ^ (state >>> 15), 1 | state);
        t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
        return ((t ^ (t >>> 14)) >>> 0) % below;
    };
}

function randomEdits(
    length: number,
    next: (below: number) => number,
    operation: number,
): PieceEdit[] {
    const edits: PieceEdit[] = [];
    let position = 0;
    for (let count = next(4); count > 0 && position <= length; count--) {
        const start = position + next(length - position + 1);
        const end = start + next(Math.min(4, length - start) + 1);
        edits.push({ span: { start, end }, newText: "xyz".slice(0, next(4)), operation });
        // One that begins where the last ended would be an edit of the same place.
        position = end + 1;
    }
    return edits;
}

test.each(Array.from({ length: 200 }, (_, seed) => seed))("random edits, seed %i", (seed) => {
    const next = numbers(seed);
    const first = "0123456789abcdef".slice(0, 1 + next(16));
    const pieces = new PieceText(first);
    let text = first;
    for (let operation = 0; operation < 5; operation++) {
        const edits = randomEdits(text.length, next, operation);
        pieces.edit(edits);
        text = applyEdits(text, edits);
        expect(pieces.text()).toBe(text);
    }
    const composed = pieces.edits();
    expect(applyEdits(first, composed)).toBe(text);
    for (const { span, oldText, newText } of composed) {
        expect(first.slice(span.start, span.end)).toBe(oldText);
        expect(newText).not.toBe(oldText);
    }
});

test("an edit knows the operations that it is made of, and one that is undone is none", () => {
    const pieces = new PieceText("let a = b;");
    pieces.edit([{ span: { start: 4, end: 5 }, newText: "long", operation: 0 }]);
    pieces.edit([{ span: { start: 4, end: 8 }, newText: "c", operation: 1 }]);
    expect(pieces.edits()).toEqual([
        { span: { start: 4, end: 5 }, oldText: "a", newText: "c", operations: [0, 1] },
    ]);
    pieces.edit([{ span: { start: 4, end: 5 }, newText: "a", operation: 2 }]);
    expect(pieces.edits()).toEqual([]);
});
