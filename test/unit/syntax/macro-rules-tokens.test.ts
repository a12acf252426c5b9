// Lexing: rustc's tokens with their places, and what is none.

import fc from "fast-check";
import { expect, test } from "vitest";

import { isMacroProblem, lexMacroTokens, MACRO_TOKEN } from "../../../src/syntax/index.ts";
import { lexText } from "../../support/macro-text.ts";

const texts = (text: string): string[] => lexText(text).map((token) => token.text);

function problemOf(text: string): string {
    const tokens = lexMacroTokens({ text, start: 0, end: text.length, source: 0 });
    return isMacroProblem(tokens) ? tokens.problem : "";
}

test("operators are glued by longest match", () => {
    expect(texts("a<<=b>>=c..=d...e=>f->g<-h::i&&j||k!==l")).toEqual(
        "a <<= b >>= c ..= d ... e => f -> g <- h :: i && j || k != = l".split(" "),
    );
    expect(texts("Vec<Vec<u8>>, &&x, |||, >>>, ...=")).toEqual(
        "Vec < Vec < u8 >> , && x , || | , >> > , ... =".split(" "),
    );
});

test("numbers end where rustc ends them", () => {
    expect(texts("1.0 1. 1..2 1.foo() 0x1F_u8 1e5 1.5e-3f64 2E+1 0b1 x.0.1 1_u32 0xe+1")).toEqual(
        "1.0 1. 1 .. 2 1 . foo ( ) 0x1F_u8 1e5 1.5e-3f64 2E+1 0b1 x . 0.1 1_u32 0xe + 1".split(" "),
    );
});

test("literals, lifetimes and raw names are single tokens", () => {
    const source = String.raw`'a' 'a '\'' '\u{41}' b'x' b'\\' "q\"" r"\" r#"""# b"x" br##""#"## c"y" cr"z" r#fn 'r#if 'é' '𝄞' "s"suffix`;
    expect(texts(source)).toEqual(source.split(" "));
    const kinds = lexText("'a' 'a a 1 + ( )").map((token) => token.kind);
    const { literal, lifetime, identifier, punctuation, open, close } = MACRO_TOKEN;
    expect(kinds).toEqual([literal, lifetime, identifier, literal, punctuation, open, close]);
});

test("comments are left out unless they document", () => {
    const source =
        "// a\n/// b\r\n//// c\n//! d\n/* e /* f */ */ /** g */ /*! h */ /*** i */ /**/ x";
    expect(texts(source)).toEqual(["/// b", "//! d", "/** g */", "/*! h */", "x"]);
});

test("what is no token is a problem", () => {
    for (const text of ['"open', "'", "/* open", "\\", "`", "b'", 'r#"open"', "'\\"]) {
        expect(problemOf(text), text).toBe("not a Rust token");
    }
});

test("spans are offsets into the whole text", () => {
    const text = "zz\u{1d11e} m!( a  b ) zz";
    const start = text.indexOf("(") + 1;
    const tokens = lexMacroTokens({ text, start, end: text.indexOf(")"), source: 3 });
    expect(tokens).toMatchObject([
        { text: "a", start: 9, end: 10, source: 3 },
        { text: "b", start: 12, end: 13, source: 3 },
    ]);
});

test("tokens are their spans' texts, in order, whatever the text", () => {
    const piece = fc.constantFrom(
        ...[
            "a",
            "'a",
            "'",
            '"',
            "r#",
            "b",
            "#",
            "/",
            "*",
            "/*",
            "*/",
            "//",
            "\n",
            "\\",
            "1",
            ".",
            "e",
        ],
        ...["-", ">", "=", "<", "(", "}", " ", "\u{1d11e}", "é", "$", "::", "_", "x'"],
    );
    fc.assert(
        fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
            const text = pieces.join("");
            const tokens = lexMacroTokens({ text, start: 0, end: text.length, source: 0 });
            if (isMacroProblem(tokens)) {
                return;
            }
            let last = 0;
            for (const token of tokens) {
                expect(token.start).toBeGreaterThanOrEqual(last);
                expect(token.end).toBeGreaterThan(token.start);
                expect(text.slice(token.start, token.end)).toBe(token.text);
                last = token.end;
            }
        }),
        { numRuns: 500 },
    );
});
