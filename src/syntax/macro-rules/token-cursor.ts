// A place in a token list, able to stand inside a glued operator: the `>>` that ends two lists of generic
// arguments is two tokens to a parser, one to a matcher.

import { MACRO_TOKEN, type FragmentKind, type MacroToken } from "./model.ts";
import type { TokenList } from "./token-list.ts";

const ALWAYS_RESERVED =
    "as break const continue crate else enum extern false fn for if impl in let loop match mod move mut pub " +
    "ref return self Self static struct super trait true type unsafe use where while _ abstract become box " +
    "do final macro override priv typeof unsized virtual yield $crate";
const SINCE_2018 = "async await dyn try";
const PATH_KEYWORDS = new Set(["self", "Self", "super", "crate", "$crate"]);

const RESERVED_2015 = new Set(ALWAYS_RESERVED.split(" "));
const RESERVED_2018 = new Set([...RESERVED_2015, ...SINCE_2018.split(" ")]);
const RESERVED_2024 = new Set([...RESERVED_2018, "gen"]);

/** Says whether a word is a keyword in an edition. */
export function isReserved(word: string, edition: number): boolean {
    if (edition >= 2024) {
        return RESERVED_2024.has(word);
    }
    return (edition >= 2018 ? RESERVED_2018 : RESERVED_2015).has(word);
}

/** Says whether a word may stand in a path: a plain identifier, or a keyword like `self`. */
export function isPathWord(word: string, edition: number): boolean {
    return PATH_KEYWORDS.has(word) || !isReserved(word, edition);
}

/** Reads a token list from left to right. */
export class TokenCursor {
    readonly list: TokenList;
    readonly edition: number;
    readonly count: number;
    at: number;
    /** Characters of the present operator that are already read. */
    half = 0;

    constructor(list: TokenList, edition: number, at = 0) {
        this.list = list;
        this.edition = edition;
        this.count = list.tokens.length;
        this.at = at;
    }

    get isAtEnd(): boolean {
        return this.at >= this.count;
    }

    /** Kind of the present token; 0 at the end. */
    get kind(): number {
        return this.list.tokens[this.at]?.kind ?? 0;
    }

    /** Text of what is left of the present token. */
    get text(): string {
        const text = this.list.tokens[this.at]?.text ?? "";
        return this.half === 0 ? text : text.slice(this.half);
    }

    /** What was matched by the group that opens here. */
    get group(): FragmentKind | undefined {
        const token = this.list.tokens[this.at];
        return token?.kind === MACRO_TOKEN.groupOpen ? token.fragment : undefined;
    }

    /** What is left of the present token, as a token. */
    get token(): MacroToken | undefined {
        const token = this.list.tokens[this.at];
        return token === undefined || this.half === 0
            ? token
            : { ...token, text: this.text, start: token.start + this.half };
    }

    /** Text of a token further on. */
    textAhead(distance: number): string {
        return this.list.tokens[this.at + distance]?.text ?? "";
    }

    kindAhead(distance: number): number {
        return this.list.tokens[this.at + distance]?.kind ?? 0;
    }

    bump(): boolean {
        this.at += 1;
        this.half = 0;
        return true;
    }

    /** Takes the present token if it is this one. */
    eat(text: string): boolean {
        return this.text === text && this.kind < MACRO_TOKEN.doc ? this.bump() : false;
    }

    /** Takes this sign off the front of the present operator. */
    eatSign(sign: string): boolean {
        const text = this.text;
        if (this.kind !== MACRO_TOKEN.punctuation || !text.startsWith(sign)) {
            return false;
        }
        if (text.length === sign.length) {
            return this.bump();
        }
        this.half += sign.length;
        return true;
    }

    startsWith(sign: string): boolean {
        return this.kind === MACRO_TOKEN.punctuation && this.text.startsWith(sign);
    }

    /** Takes a delimited tree that opens with this text, or with any delimiter. */
    skipTree(open?: string): boolean {
        if (this.kind !== MACRO_TOKEN.open || (open !== undefined && this.text !== open)) {
            return false;
        }
        return this.leap();
    }

    /** Takes a group that stands for one of these. */
    skipGroup(...fragments: readonly FragmentKind[]): boolean {
        const group = this.group;
        return group !== undefined && fragments.includes(group) ? this.leap() : false;
    }

    /** Goes behind the partner of the delimiter here. */
    leap(): boolean {
        this.at = (this.list.partner[this.at] ?? this.at) + 1;
        this.half = 0;
        return true;
    }

    isIdentifier(): boolean {
        return this.kind === MACRO_TOKEN.identifier;
    }

    /** Says whether the present token is an identifier that is no keyword. */
    isPlainIdentifier(distance = 0): boolean {
        return (
            this.kindAhead(distance) === MACRO_TOKEN.identifier &&
            !isReserved(this.textAhead(distance), this.edition)
        );
    }

    eatPlainIdentifier(): boolean {
        return this.isPlainIdentifier() ? this.bump() : false;
    }

    eatLifetime(): boolean {
        return this.kind === MACRO_TOKEN.lifetime ? this.bump() : false;
    }

    isPathSegment(distance = 0): boolean {
        return (
            this.kindAhead(distance) === MACRO_TOKEN.identifier &&
            isPathWord(this.textAhead(distance), this.edition)
        );
    }
}
