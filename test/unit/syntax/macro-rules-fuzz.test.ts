// Whatever is given, an answer comes: no exception, no endless work, and an expansion's tokens come from the
// call or from the body.

import fc from "fast-check";
import { expect, test } from "vitest";

import {
    describeMacro,
    expandMacro,
    isMacroProblem,
    lexMacroTokens,
    parseMacroDefinition,
    parseMacroTokens,
    renderTokens,
    type MacroDefinition,
    type MacroToken,
} from "../../../src/syntax/index.ts";
import { CALL_SOURCE, DEFINITION_SOURCE } from "../../support/macro-text.ts";

const LIMITS = { inputTokensMax: 500, outputTokensMax: 2000, stepsMax: 5000 };
const FRAGMENTS = [
    ...[
        "block",
        "expr",
        "ident",
        "item",
        "lifetime",
        "literal",
        "meta",
        "pat",
        "pat_param",
        "path",
    ],
    ...["stmt", "tt", "ty", "vis", "expr_2021"],
];

const word = fc.constantFrom(
    ...[
        "a",
        "b",
        "x",
        "y",
        "fn",
        "struct",
        "impl",
        "if",
        "match",
        "let",
        "for",
        "in",
        "unsafe",
        "async",
    ],
    ...[
        "move",
        "pub",
        "crate",
        "self",
        "Self",
        "dyn",
        "as",
        "const",
        "static",
        "where",
        "return",
        "_",
    ],
    ...[
        "1",
        "1.0",
        '"s"',
        "'c'",
        "'l",
        "+",
        "-",
        "*",
        "&",
        "&&",
        "|",
        "||",
        "<",
        ">",
        ">>",
        "<<",
        "=",
    ],
    ...[
        "=>",
        "->",
        "::",
        ":",
        ";",
        ",",
        ".",
        "..",
        "..=",
        "?",
        "!",
        "#",
        "$",
        "@",
        "<-",
        "/// d\n",
    ],
);

/** Texts with paired delimiters. */
const soup: fc.Arbitrary<string> = fc.letrec<{ tree: string; soup: string }>((tie) => ({
    tree: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        word,
        tie("soup").map((text) => `(${text})`),
        tie("soup").map((text) => `[${text}]`),
        tie("soup").map((text) => `{${text}}`),
    ),
    soup: fc.array(tie("tree"), { maxLength: 8 }).map((parts) => parts.join(" ")),
})).soup;

const tail = fc.constantFrom("*", "+", "?", ",*", ";+", "=>*", "a*");
const part = fc.oneof(
    {
        weight: 3,
        arbitrary: fc.tuple(fc.constantFrom("p", "q", "r"), fc.constantFrom(...FRAGMENTS)),
    },
    { weight: 2, arbitrary: word },
);

function writePart(one: string | readonly [string, string]): string {
    return typeof one === "string" ? one : `$${one[0]}:${one[1]}`;
}

const matcher = fc
    .tuple(
        fc.array(part, { maxLength: 4 }),
        fc.option(fc.tuple(fc.array(part, { minLength: 1, maxLength: 3 }), tail)),
    )
    .map(([parts, repeated]) => {
        const plain = parts.map(writePart).join(" ");
        return repeated === null
            ? plain
            : `${plain} $(${repeated[0].map(writePart).join(" ")})${repeated[1]}`;
    });

const body = fc
    .array(
        fc.oneof(
            word,
            fc.constantFrom(
                "$p",
                "$q",
                "$r",
                "$crate",
                "$($p)*",
                "$($q),+",
                "$($p $q)*",
                "${count($p)}",
            ),
            fc.constantFrom("(", ")", "{", "}", "$$", "stringify!($p)", "${concat($p, x)}"),
        ),
        { maxLength: 10 },
    )
    .map((parts) => parts.join(" "));

const definition = fc
    .array(fc.tuple(matcher, body), { minLength: 1, maxLength: 3 })
    .map((rules) => rules.map(([left, right]) => `(${left}) => {${right}}`).join("; "))
    .map((rules) => `macro_rules! m { ${rules} }`);

function define(text: string, edition = 2021): MacroDefinition | undefined {
    const context = { source: DEFINITION_SOURCE, crate: 0, edition };
    const read = parseMacroDefinition({ ...context, text, start: 0, end: text.length });
    return isMacroProblem(read) ? undefined : read;
}

function lex(text: string): readonly MacroToken[] {
    const tokens = lexMacroTokens({ text, start: 0, end: text.length, source: CALL_SOURCE });
    return isMacroProblem(tokens) ? [] : tokens;
}

test("any macro and any call give an expansion or a reason", () => {
    fc.assert(
        fc.property(
            definition,
            soup,
            fc.constantFrom(2015, 2018, 2021, 2024),
            (text, call, edition) => {
                const macro = define(text, edition);
                if (macro === undefined) {
                    return;
                }
                describeMacro(macro);
                const expansion = expandMacro(macro, { tokens: lex(call), edition }, LIMITS);
                if (isMacroProblem(expansion)) {
                    expect(expansion.problem).not.toBe("");
                    return;
                }
                expect(expansion.tokens.length).toBeLessThanOrEqual(LIMITS.outputTokensMax + 500);
                const rendered = renderTokens(expansion.tokens, "statements");
                for (const token of expansion.tokens) {
                    const from = token.source === CALL_SOURCE ? call : text;
                    expect(token.end).toBeLessThanOrEqual(from.length);
                    expect(token.mark === undefined || token.mark.definition === macro).toBe(true);
                }
                const written = rendered.tokens.map(() => "");
                for (let at = 0; at < rendered.text.length; at++) {
                    const index = rendered.indexAt(at);
                    if (index >= 0) {
                        written[index] = `${written[index] ?? ""}${rendered.text.charAt(at)}`;
                    }
                }
                rendered.tokens.forEach((token, at) => {
                    const isOther = /^(?:|[<>]|<-|\$crate)$/u.test(token.text);
                    expect(isOther || written[at] === token.text, token.text).toBe(true);
                });
            },
        ),
        { numRuns: 400 },
    );
});

test("each kind of fragment reads any input and stays inside of it", () => {
    fc.assert(
        fc.property(fc.constantFrom(...FRAGMENTS), soup, (fragment, call) => {
            const macro = define(
                `macro_rules! m { ($p:${fragment} $($r:tt)*) => { $p ; $($r)* } }`,
            );
            if (macro === undefined) {
                throw new Error("not defined");
            }
            const tokens = lex(call);
            const expansion = expandMacro(macro, { tokens, edition: 2021 }, LIMITS);
            if (isMacroProblem(expansion) || call.includes("///")) {
                return;
            }
            const written = expansion.tokens.filter((token) => token.source === CALL_SOURCE);
            expect(written.map((token) => token.text).join("")).toBe(
                tokens.map((token) => token.text).join(""),
            );
        }),
        { numRuns: 400 },
    );
});

test("an output can be read as a definition or not, but does no harm", () => {
    fc.assert(
        fc.property(definition, soup, (inner, call) => {
            const outer = define(`macro_rules! o { ($($t:tt)*) => { ${inner} $($t)* } }`);
            if (outer === undefined) {
                return;
            }
            const expansion = expandMacro(outer, { tokens: lex(call), edition: 2021 }, LIMITS);
            if (!isMacroProblem(expansion)) {
                const context = { source: DEFINITION_SOURCE, crate: 0, edition: 2021 };
                const made = parseMacroTokens(expansion.tokens, context);
                expect(isMacroProblem(made) ? made.problem : made.name).not.toBe("");
            }
        }),
        { numRuns: 200 },
    );
});

test("texts that are no macros are told apart", () => {
    fc.assert(
        fc.property(fc.string({ maxLength: 40 }), (text) => {
            const read = parseMacroDefinition({
                ...{ text: `macro_rules! m {${text}}`, start: 0, end: text.length + 17 },
                ...{ source: 0, crate: 0, edition: 2021 },
            });
            expect(isMacroProblem(read) ? read.problem : read.name).not.toBe("");
        }),
        { numRuns: 300 },
    );
});
