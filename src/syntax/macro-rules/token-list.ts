// Tokens with their delimiters paired, which is what matching and parsing need. Doc comments of a call's
// input become attributes, as rustc makes them before it matches.

import { MACRO_TOKEN, type MacroProblem, type MacroToken } from "./model.ts";

/** Tokens and, for each delimiter, the number of its partner. */
export interface TokenList {
    readonly tokens: readonly MacroToken[];
    readonly partner: Int32Array;
}

const CLOSING: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}", "": "" };

/** Pairs the delimiters of some tokens. */
export function pairDelimiters(tokens: readonly MacroToken[]): TokenList | MacroProblem {
    const partner = new Int32Array(tokens.length);
    const open: number[] = [];
    for (let at = 0; at < tokens.length; at++) {
        const token = tokens[at];
        if (token === undefined) {
            continue;
        }
        if (token.kind === MACRO_TOKEN.open || token.kind === MACRO_TOKEN.groupOpen) {
            open.push(at);
        } else if (token.kind === MACRO_TOKEN.close || token.kind === MACRO_TOKEN.groupClose) {
            const from = open.pop() ?? -1;
            if (CLOSING[tokens[from]?.text ?? ")"] !== token.text) {
                return problemAt(token, "a delimiter without its partner");
            }
            partner[from] = at;
            partner[at] = from;
        }
    }
    const unclosed = tokens[open.at(-1) ?? -1];
    if (unclosed !== undefined) {
        return problemAt(unclosed, "a delimiter without its partner");
    }
    return { tokens, partner };
}

/** Says what is wrong at a token. */
export function problemAt(token: MacroToken | undefined, problem: string): MacroProblem {
    const { source, start, end } = token ?? { source: -1, start: 0, end: 0 };
    return { problem, source, start, end };
}

/** The tokens with each doc comment written as an attribute. */
export function docsAsAttributes(tokens: readonly MacroToken[]): readonly MacroToken[] {
    if (!tokens.some((token) => token.kind === MACRO_TOKEN.doc)) {
        return tokens;
    }
    return tokens.flatMap((token) =>
        token.kind === MACRO_TOKEN.doc ? docAttribute(token) : token,
    );
}

function docAttribute(token: MacroToken): MacroToken[] {
    const isInner = token.text.charAt(2) === "!";
    const isBlock = token.text.startsWith("/*");
    const body = token.text.slice(3, isBlock ? -2 : undefined);
    const hashes = "#".repeat(hashesFor(body));
    const parts: [number, string][] = [
        [MACRO_TOKEN.punctuation, "#"],
        ...(isInner ? [[MACRO_TOKEN.punctuation, "!"] as [number, string]] : []),
        [MACRO_TOKEN.open, "["],
        [MACRO_TOKEN.identifier, "doc"],
        [MACRO_TOKEN.punctuation, "="],
        [MACRO_TOKEN.literal, `r${hashes}"${body}"${hashes}`],
        [MACRO_TOKEN.close, "]"],
    ];
    return parts.map(([kind, text]) => ({ ...token, kind, text }));
}

/** Number of hashes that a raw string with these contents needs. */
function hashesFor(body: string): number {
    let most = 0;
    for (const [run] of body.matchAll(/"#*/gu)) {
        most = Math.max(most, run.length);
    }
    return most;
}
