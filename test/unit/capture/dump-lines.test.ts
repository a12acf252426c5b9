// Dumps of the compiler, compared line by line, but for a name.

import { describe, expect, test } from "vitest";

import { wordsOfMacros } from "../../../src/capture/rustc/compare/compared-crates.ts";
import { DumpComparison, LineHashes } from "../../../src/capture/rustc/compare/dump-comparison.ts";
import {
    comparableLine,
    DumpLines,
    hashLine,
} from "../../../src/capture/rustc/compare/dump-lines.ts";

function hashesOf(text: string): Uint32Array {
    const hashes = new LineHashes();
    const lines = new DumpLines(hashes.add);
    lines.write(Buffer.from(text));
    lines.end();
    return hashes.finish();
}

function differenceOf(before: string, after: string): string {
    const renaming = { oldName: "size", newName: "len", moves: [] };
    const comparison = new DumpComparison(hashesOf(before), renaming);
    const lines = new DumpLines(comparison.add);
    lines.write(Buffer.from(after));
    lines.end();
    comparison.finish();
    return comparison.difference;
}

describe("comparableLine", () => {
    test.each([
        ["  span: src/x.rs:5:44: 6:50 (#3),", "span: src/x.rs:5 6 (#3),"],
        ["DefId(0:6 ~ x[b75c]::{impl#0}::size):", "x[b75c] 6:"],
        ["ident: r#type#0,", "ident: type#0,"],
        ["end_col: const 12_usize };", "end_col };"],
    ])("%s is compared as %s", (line, plain) => {
        expect(comparableLine(line)).toBe(plain);
    });

    test.each(["            2567928684049107680,", "    },", "17,", "is_shorthand: true,"])(
        "%s says nothing",
        (line) => {
            expect(comparableLine(line)).toBe("");
        },
    );
});

describe("DumpLines", () => {
    const dump = [
        ...[
            "",
            "   ",
            "Crate {",
            "    kind: Lit(",
            "    },",
            "}",
            "  17,",
            "  17, 18",
            "  1_000,",
            " x",
            "é",
            "  (é",
        ],
        ...[
            "    span: src/x.rs:5:44: 6:50 (#3),",
            "    span: no-location (#1),",
            "at src/x.rs:1:2: 3:4",
        ],
        ...["DefId(0:6 ~ x[b75c]::{impl#0}::size):", "a: DefId(0:7 ~ y[1234]::z)", "std[1234] 5"],
        ...[
            "ident: r#type#0,",
            "ident: type#0,",
            "    end_col: const 12_usize };",
            "is_shorthand: true,",
        ],
        ...[
            "    bb0: {",
            "        _1 = const 3_i32;",
            "trailing  ",
            "\ttab",
            "carriage\r",
            "\u00a0nbsp",
        ],
        ...[
            "alloc12 (size: 2, align: 1) {",
            "  61 62",
            "}",
            "const main::promoted[0]: &[&TestDescAndFn; 2] = {",
        ],
        ...["    _3 = const tests::one;", "    _4 = &_3;", "}", "end"],
    ].join("\n");

    // What is hashed without making text of it, however the bytes come, is what text would have been.
    test.each([1, 2, 3, 7, 64, 1_000_000])("are the same in chunks of %i bytes", (size) => {
        const bytes = Buffer.from(dump);
        const found: string[] = [];
        const lines = new DumpLines(({ hash, text }) => {
            expect(hash).toBe(hashLine(text));
            found.push(text);
        });
        for (let at = 0; at < bytes.length; at += size) {
            lines.write(bytes.subarray(at, at + size));
        }
        lines.end();
        const inData = dump.split("\n").slice(-8, -5);
        const listed = ["    _3 = const tests::one;"];
        const expected = dump
            .split("\n")
            .filter(
                (line, at, all) =>
                    !listed.includes(line) && !(inData.includes(line) && at >= all.length - 8),
            );
        expect(found).toEqual(expected.map(comparableLine).filter((line) => line !== ""));
    });

    test("show every line with a place as it is printed", () => {
        const seen: string[] = [];
        const lines = new DumpLines(
            () => undefined,
            (line) => seen.push(line),
        );
        lines.write(Buffer.from(dump));
        lines.end();
        expect(seen).toEqual(
            expect.arrayContaining(dump.split("\n").filter((line) => line.includes(".rs:"))),
        );
    });
});

describe("DumpComparison", () => {
    const call = "DefId(2:7 ~ alloc[c1f1]::vec::Vec::len)\nident: len#0\n";

    test("lets the name be another where the definition is the same", () => {
        const before = "DefId(0:6 ~ x[b75c]::size)\nident: size#0\n";
        const after = "DefId(0:6 ~ x[b75c]::len)\nident: len#0\n";
        expect(differenceOf(before + call, after + call)).toBe("");
    });

    test("finds another definition behind the same name", () => {
        const captured = call.replace("DefId(2:7 ~ alloc[c1f1]", "DefId(0:6 ~ x[b75c]");
        expect(differenceOf(call, captured)).toBe("x[b75c] 6");
    });

    test("tells names of one line apart", () => {
        expect(differenceOf("f(size, len)", "f(len, len)")).toBe("");
        expect(differenceOf("f(size, lens)", "f(len, size)")).toBe("f(len, size)");
    });

    test("finds that a line is missing", () => {
        expect(differenceOf(`${call}more: 1\n`, call)).toBe("the dump has 2 lines, and had 3");
    });

    test("leaves bytes of constants out", () => {
        const data = (bytes: string): string => `alloc1 (size: 2) {\n    ${bytes} │ ..\n}\n`;
        expect(differenceOf(`${data("01 02")}${call}`, `${data("03")}${call}`)).toBe("");
    });
});

test("words that a macro can write elsewhere are those of its body or template", () => {
    const text = `
        fn own() { other(); }
        macro_rules! twice { ($a:expr) => { inside($a) }; }
        fn expand() { let made = quote! { impl Made { fn #name() {} } }; after(made) }
    `;
    const words = new Set(wordsOfMacros(text));
    expect([...words]).toEqual(["a", "expr", "inside", "impl", "Made", "fn", "name"]);
});

test("the harness lists tests by path: their order is no meaning, which tests there are is", () => {
    const listing = (...tests: string[]): string =>
        [
            `const main::promoted[0]: &[&TestDescAndFn; ${tests.length}] = {`,
            ...tests.map((name, at) => `        _${at + 4} = const ${name};`),
            "}",
            "fn f() -> () {",
            "        _1 = const a::MAX;",
            "}",
        ].join("\n");
    expect(differenceOf(listing("size::t", "m::t"), listing("len::t", "m::t"))).toBe("");
    expect(differenceOf(listing("m::t", "size::t"), listing("len::t", "m::t"))).toBe("");
    expect(differenceOf(listing("m::t"), listing("m::t", "m::u"))).not.toBe("");
    expect(differenceOf(listing("m::t"), listing("m::t").replace("a::MAX", "b::MAX"))).not.toBe("");
});
