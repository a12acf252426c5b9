// Trees and captures as bytes, text from bytes, and the jobs of a capture thread.

import fc from "fast-check";
import { expect, test } from "vitest";

import { OperatingError } from "../../../src/base/index.ts";
import {
    captureFromMessage,
    captureToMessage,
    createCaptureHandler,
    decodeText,
    decodeTree,
    encodeTree,
    openSyntax,
} from "../../../src/syntax/index.ts";

const syntax = await openSyntax();
const TEXT = 'use a::b;\n/// [C]\nfn f(mut x: &u8) { println!("{x}"); x.y[0] += -1; }\n';
const encode = (value: string): Uint8Array => new TextEncoder().encode(value);

const piece = fc.constantFrom(
    "fn f() {}",
    "mod m { ",
    "}",
    "x.y",
    " + ",
    "(",
    ")",
    "'a",
    '"\\u{41}"',
    '#[cfg(a = "\ud83d\ude00")]',
    "mut ",
    "impl ",
    "r#type",
    ";",
    "// c\n",
    "/// [D]\n",
    "vec![1, 2]",
    "\0",
    "é",
);

test("decoding undoes encoding", () => {
    fc.assert(
        fc.property(fc.array(piece, { maxLength: 30 }), fc.nat(3), (pieces, offset) => {
            const { tree } = syntax.capture("a.rs", pieces.join(""));
            const bytes = encodeTree(tree);
            const moved = new Uint8Array(bytes.length + offset);
            moved.set(bytes, offset);
            expect(decodeTree(moved.subarray(offset)).columns).toEqual(tree.columns);
        }),
        { numRuns: 80 },
    );
});

test("damaged bytes are refused or give a tree that is whole", () => {
    const bytes = encodeTree(syntax.capture("a.rs", TEXT).tree);
    for (let cut = 0; cut < bytes.length; cut += 7) {
        expect(() => decodeTree(bytes.subarray(0, cut))).toThrow(OperatingError);
    }
    for (let at = 0; at < 28; at++) {
        const broken = bytes.slice();
        broken[at] = (broken[at] ?? 0) ^ 0x5a;
        expect(() => decodeTree(broken), `byte ${at}`).toThrow(/damaged/u);
    }
    for (let at = 40; at < bytes.length; at++) {
        const broken = bytes.slice();
        broken[at] = (broken[at] ?? 0) ^ 0xff;
        try {
            const { columns, count } = decodeTree(broken);
            expect(columns.next.every((next, row) => next > row && next <= count)).toBe(true);
            expect(columns.name.every((name) => name < columns.names.length)).toBe(true);
        } catch (error) {
            expect(error).toMatchObject({ code: "SYNTAX_CACHE_DAMAGED" });
        }
    }
});

test("a capture survives being a message", () => {
    const capture = syntax.capture("a.rs", TEXT);
    const message = structuredClone(captureToMessage(capture));
    expect(captureFromMessage(message)).toEqual(capture);
    expect(message.tree.length).toBeLessThan(20 * capture.tree.count + 400);
});

test("bytes that are not UTF-8 are reported with their place", () => {
    expect(decodeText(encode("\ufeffaé\u{1f600}"), "a.rs")).toEqual({ text: "\ufeffaé\u{1f600}" });
    const cases: [number[], number][] = [
        [[0x61, 0xff, 0x62], 1],
        [[0x61, 0xc3], 1],
        [[0xc3, 0xa9, 0xf0, 0x9f, 0x98], 2],
        [[0x61, 0xed, 0xa0, 0x80], 1],
        [[0x61, 0xc3, 0x28], 1],
    ];
    for (const [bytes, offset] of cases) {
        const decoded = decodeText(Uint8Array.from(bytes), "a.rs");
        expect(decoded).toMatchObject({ problem: { code: "FILE_NOT_UTF8", path: "a.rs" } });
        expect(JSON.stringify(decoded)).toContain(`offset ${offset}"`);
    }
});

test("a capture thread answers with a capture or with the reason for none", async () => {
    const handle = createCaptureHandler();
    const { result, transfer } = await handle({ path: "a.rs", bytes: encode(TEXT) });
    expect(result.kind).toBe("captured");
    if (result.kind === "captured") {
        expect(captureFromMessage(result.capture)).toEqual(syntax.capture("a.rs", TEXT));
        expect(transfer).toEqual([result.capture.tree.buffer]);
    }
    const bad = await handle({ path: "b.rs", bytes: Uint8Array.of(0xff) });
    expect(bad).toMatchObject({ result: { kind: "unreadable", path: "b.rs" }, transfer: [] });
});
