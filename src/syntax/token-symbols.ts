// Symbols that the walk of token trees knows by name.

import type { GrammarTable } from "./grammar-table.ts";
import { FLAG } from "./kinds.ts";

/** Symbols and what they say about the names beside them in a token tree. */
export interface TokenSymbols {
    /** 1 for the nodes whose children are tokens. */
    readonly holdsTokens: Uint8Array;
    /** Flags that a token gives the name after it. */
    readonly flagsAfter: Uint32Array;
    /** Flags that a token gives the name before it. */
    readonly flagsBefore: Uint32Array;
    /** 1 for numbers, named by their suffix. */
    readonly numbers: Uint8Array;
    /** 1 for literals that may have a prefix. */
    readonly literals: Uint8Array;
    /** The token `_`, and 1 for the nodes among whose parts it stands for one. */
    readonly underscore: number;
    readonly holdsWildcards: Uint8Array;
    readonly equals: number;
    readonly hash: number;
    readonly tokenTree: number;
    readonly macroInvocation: number;
    readonly stringLiteral: number;
    readonly rawStringLiteral: number;
    readonly lineComment: number;
    readonly blockComment: number;
    readonly docComment: number;
}

/** Words whose next name is an item's. */
const ITEM_WORDS = ["fn", "struct", "enum", "union", "trait", "type", "const", "static"];

/** Words after which names come into scope that are not seen. */
const SCOPE_WORDS = ["use", "mod"];

/** Finds the symbols in a language's table. */
export function findTokenSymbols(table: GrammarTable): TokenSymbols {
    const marked = (...names: readonly string[]): Uint8Array => {
        const marks = new Uint8Array(table.symbolCount);
        for (const name of names) {
            marks[table.symbol(name, true)] = 1;
        }
        return marks;
    };
    const flagsAfter = new Uint32Array(table.symbolCount);
    const flagsBefore = new Uint32Array(table.symbolCount);
    flagsAfter[table.symbol(".", false)] = FLAG.afterDot;
    flagsAfter[table.symbol("::", false)] = FLAG.afterColons;
    flagsAfter[table.symbol("$", false)] = FLAG.afterDollar;
    flagsAfter[table.symbol("'", false)] = FLAG.afterQuote;
    for (const word of ITEM_WORDS) {
        flagsAfter[table.symbol(word, false)] = FLAG.const;
    }
    for (const word of SCOPE_WORDS) {
        flagsAfter[table.symbol(word, false)] = FLAG.extern;
    }
    for (const sign of ["impl", ":"]) {
        flagsAfter[table.symbol(sign, false)] = FLAG.impl;
    }
    flagsBefore[table.symbol("for", false)] = FLAG.impl;
    flagsBefore[table.symbol("::", false)] = FLAG.beforeColons;
    flagsBefore[table.symbol("!", false)] = FLAG.beforeBang | FLAG.beforeCall;
    flagsBefore[table.symbol(":", false)] = FLAG.beforeColon;
    flagsBefore[table.symbol("=", false)] = FLAG.beforeColon;
    return {
        holdsTokens: marked(
            "token_tree",
            "token_tree_pattern",
            "token_repetition",
            "token_repetition_pattern",
        ),
        numbers: marked("integer_literal", "float_literal", "negative_literal"),
        literals: marked("string_literal", "raw_string_literal", "char_literal"),
        underscore: table.symbol("_", false),
        holdsWildcards: marked(
            "tuple_pattern",
            "tuple_struct_pattern",
            "slice_pattern",
            "closure_parameters",
        ),
        flagsAfter,
        flagsBefore,
        equals: table.symbol("=", false),
        hash: table.symbol("#", false),
        tokenTree: table.symbol("token_tree", true),
        macroInvocation: table.symbol("macro_invocation", true),
        stringLiteral: table.symbol("string_literal", true),
        rawStringLiteral: table.symbol("raw_string_literal", true),
        lineComment: table.symbol("line_comment", true),
        blockComment: table.symbol("block_comment", true),
        docComment: table.symbol("doc_comment", true),
    };
}
