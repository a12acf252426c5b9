// Variables of inference: unification, what it learns, and what is taken back.

import { describe, expect, test } from "vitest";

import { Inference } from "../../../src/resolve/types/inference.ts";
import { UNKNOWN, refTo, type Ty } from "../../../src/resolve/types/types.ts";

const U8: Ty = { k: "primitive", name: "u8" };
const LITERAL: Ty = { k: "primitive", name: "_integer" };
const STR: Ty = { k: "primitive", name: "str" };

function adt(symbol: number, ...args: readonly Ty[]): Ty {
    return { k: "adt", symbol, args };
}

describe("unification", () => {
    test("gives a variable the other side", () => {
        const infer = new Inference();
        const a = infer.fresh();
        expect(infer.unify(adt(1, a), adt(1, U8))).toBe(true);
        expect(infer.resolve(a)).toEqual(U8);
    });

    test("joins two variables", () => {
        const infer = new Inference();
        const [a, b] = [infer.fresh(), infer.fresh()];
        expect(infer.unify(a, b)).toBe(true);
        expect(infer.unify(b, STR)).toBe(true);
        expect(infer.resolve(refTo(a))).toEqual(refTo(STR));
    });

    test.each<[string, Ty, Ty]>([
        ["other types", adt(1), adt(2)],
        ["other arguments", adt(1, U8), adt(1, STR)],
        ["other mutability", refTo(U8), refTo(U8, true)],
        ["other sizes of tuples", { k: "tuple", items: [U8] }, { k: "tuple", items: [] }],
        [
            "other parameters",
            { k: "param", owner: 1, name: "T" },
            { k: "param", owner: 2, name: "T" },
        ],
        ["a literal and text", LITERAL, STR],
    ])("refuses %s", (_, left, right) => {
        expect(new Inference().unify(left, right)).toBe(false);
    });

    test("takes a literal for any integer", () => {
        expect(new Inference().unify(LITERAL, U8)).toBe(true);
    });

    test("learns nothing when it fails at the end", () => {
        const infer = new Inference();
        const a = infer.fresh();
        expect(infer.unify(adt(1, a, U8), adt(1, STR, STR))).toBe(false);
        expect(infer.shallow(a)).toEqual(a);
    });

    test("learns nothing from what is not understood", () => {
        const infer = new Inference();
        const a = infer.fresh();
        expect(infer.unify(a, UNKNOWN)).toBe(true);
        expect(infer.shallow(a)).toEqual(a);
    });

    test("refuses a type that would hold itself", () => {
        const infer = new Inference();
        const [a, b] = [infer.fresh(), infer.fresh()];
        expect(infer.unify(a, adt(1, a))).toBe(false);
        expect(infer.unify(a, adt(1, b))).toBe(true);
        expect(infer.unify(b, refTo(a))).toBe(false);
    });
});

describe("undo", () => {
    test("takes back what was learned since the mark", () => {
        const infer = new Inference();
        const [a, b] = [infer.fresh(), infer.fresh()];
        infer.unify(a, U8);
        const mark = infer.mark();
        infer.unify(b, STR);
        infer.undo(mark);
        expect(infer.resolve({ k: "tuple", items: [a, b] })).toEqual({
            k: "tuple",
            items: [U8, b],
        });
    });

    test("leaves nothing of a question", () => {
        const infer = new Inference();
        const a = infer.fresh();
        expect(infer.canUnify(a, U8)).toBe(true);
        expect(infer.isOpen(a)).toBe(true);
        expect(infer.mark()).toBe(0);
    });

    test("forgets variables that no one uses", () => {
        const infer = new Inference();
        const before = infer.count;
        infer.fresh();
        infer.forget(before);
        expect(infer.count).toBe(before);
    });
});

test("what is left out of a written type becomes a variable", () => {
    const infer = new Inference();
    const opened = infer.open(adt(1, UNKNOWN, U8));
    expect(infer.unify(opened, adt(1, STR, U8))).toBe(true);
    expect(infer.resolve(opened)).toEqual(adt(1, STR, U8));
});
