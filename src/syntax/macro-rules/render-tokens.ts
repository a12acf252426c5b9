// The text of an expansion, to be parsed as Rust, and the way back from its offsets to tokens. Blanks stand
// between tokens; a fragment that was one unit gets parentheses where its neighbours would tear it apart.

import { MACRO_TOKEN, isMacroProblem, type MacroToken } from "./model.ts";
import { pairDelimiters } from "./token-list.ts";

/** Where a macro is called, which says as what its output is to be read. */
export type MacroPosition =
    | "items"
    | "associated-items"
    | "foreign-items"
    | "statements"
    | "expression"
    | "bare-expression"
    | "pattern"
    | "type";

/** A place of the text that a token comes from. */
export interface TokenOrigin {
    readonly token: MacroToken;
    readonly source: number;
    readonly offset: number;
}

const FRAMES: Readonly<Record<MacroPosition, readonly [string, string]>> = {
    items: ["", ""],
    "associated-items": ["impl M { ", " }"],
    "foreign-items": ['extern "C" { ', " }"],
    statements: ["fn m() { ", " }"],
    expression: ["fn m() { let _ = ", " ; }"],
    "bare-expression": ["", ""],
    pattern: ["fn m() { match m { ", " => {} } }"],
    type: ["type M = ", " ;"],
};

/** Tokens as a text. */
export class RenderedTokens {
    readonly text: string;
    /** Length of what stands before the first token. */
    readonly frameLength: number;
    readonly tokens: readonly MacroToken[];
    readonly #starts: Uint32Array;
    readonly #ends: Uint32Array;

    constructor(tokens: readonly MacroToken[], position: MacroPosition) {
        const isValue = position === "expression" || position === "bare-expression";
        this.tokens = isValue ? withoutEnd(tokens) : tokens;
        const [before, behind] = FRAMES[position];
        this.#starts = new Uint32Array(this.tokens.length);
        this.#ends = new Uint32Array(this.tokens.length);
        const wraps = wrapGroups(this.tokens);
        const dropped = emptyAnglesOf(this.tokens);
        let text = before;
        this.tokens.forEach((token, at) => {
            this.#starts[at] = text.length;
            text += dropped.has(at)
                ? ""
                : (wraps.get(at) ?? writtenText(token, this.tokens[at - 1]));
            this.#ends[at] = text.length;
            text += spaceBehind(token, this.tokens[at + 1]);
        });
        this.text = text + behind;
        this.frameLength = before.length;
    }

    /** Number of the token that an offset lies in; -1 between tokens and in the frame. */
    indexAt(offset: number): number {
        let low = 0;
        let high = this.tokens.length;
        while (low < high) {
            const middle = (low + high) >>> 1;
            if ((this.#ends[middle] ?? 0) > offset) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        const isInside = low < this.tokens.length && (this.#starts[low] ?? 0) <= offset;
        return isInside ? low : -1;
    }

    /** Where the character at an offset was written; undefined for what no text holds. */
    originAt(offset: number): TokenOrigin | undefined {
        const index = this.indexAt(offset);
        const token = this.tokens[index];
        if (token === undefined || token.kind >= MACRO_TOKEN.groupOpen) {
            return undefined;
        }
        const inside = offset - (this.#starts[index] ?? 0);
        const isVerbatim = token.end - token.start === token.text.length;
        const start = token.start + (isVerbatim ? inside : 0);
        return { token, source: token.source, offset: start };
    }

    /** The tokens that lie between two offsets: the input of a call inside of an expansion. */
    tokensBetween(start: number, end: number): readonly MacroToken[] {
        const from = firstFrom(this.#starts, start);
        let to = firstFrom(this.#ends, end + 1);
        while (to < this.tokens.length && (this.#ends[to] ?? 0) <= end) {
            to += 1;
        }
        return withWholeGroups(this.tokens.slice(from, Math.max(from, to)));
    }
}

/** Writes tokens as a text that a parser reads in the given position. */
export function renderTokens(
    tokens: readonly MacroToken[],
    position: MacroPosition = "items",
): RenderedTokens {
    return new RenderedTokens(tokens, position);
}

/** Index of the first value of a sorted table that is not below a bound. */
function firstFrom(table: Uint32Array, bound: number): number {
    let low = 0;
    let high = table.length;
    while (low < high) {
        const middle = (low + high) >>> 1;
        if ((table[middle] ?? 0) >= bound) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

/** The tokens without the delimiters of groups that begin or end elsewhere. */
function withWholeGroups(tokens: readonly MacroToken[]): readonly MacroToken[] {
    const open: number[] = [];
    const stray = new Set<number>();
    for (const [at, token] of tokens.entries()) {
        if (token.kind === MACRO_TOKEN.groupOpen) {
            open.push(at);
        } else if (token.kind === MACRO_TOKEN.groupClose && open.pop() === undefined) {
            stray.add(at);
        }
    }
    open.forEach((at) => stray.add(at));
    return stray.size === 0 ? tokens : tokens.filter((_, at) => !stray.has(at));
}

/** rustc lets an expansion in the place of an expression end in a semicolon. */
function withoutEnd(tokens: readonly MacroToken[]): readonly MacroToken[] {
    const last = tokens.at(-1);
    return last?.kind === MACRO_TOKEN.punctuation && last.text === ";"
        ? tokens.slice(0, -1)
        : tokens;
}

function writtenText(token: MacroToken, before: MacroToken | undefined): string {
    if (token.kind === MACRO_TOKEN.identifier && token.text === "$crate") {
        return before?.text === "$" ? "$crate" : "crate";
    }
    // The grammar does not know rustc's obsolete arrow: it is a comparison with a negative.
    return token.text === "<-" && token.kind === MACRO_TOKEN.punctuation ? "< -" : token.text;
}

/**
 * Numbers of the tokens of `<>`, which is Rust and what repetitions without turns leave, but the grammar
 * wants a parameter between. The input of another macro is left as it is.
 */
function emptyAnglesOf(tokens: readonly MacroToken[]): ReadonlySet<number> {
    const dropped = new Set<number>();
    let calls = 0;
    const opened: boolean[] = [];
    for (let at = 0; at < tokens.length; at++) {
        const token = tokens[at];
        if (token?.kind === MACRO_TOKEN.open) {
            const isCall = tokens[at - 1]?.text === "!" || tokens[at - 2]?.text === "!";
            opened.push(isCall);
            calls += isCall ? 1 : 0;
        } else if (token?.kind === MACRO_TOKEN.close) {
            calls -= opened.pop() === true ? 1 : 0;
        } else if (calls === 0 && token?.text === "<" && tokens[at + 1]?.text === ">") {
            if (tokens[at - 1]?.text !== "::") {
                dropped.add(at).add(at + 1);
            }
        }
    }
    return dropped;
}

function spaceBehind(token: MacroToken, next: MacroToken | undefined): string {
    if (token.kind === MACRO_TOKEN.doc) {
        return "\n";
    }
    const isName = token.text === "$" && next?.kind === MACRO_TOKEN.identifier;
    const isRules = token.text === "macro_rules" && next?.text === "!";
    return isName || isRules || token.kind === MACRO_TOKEN.groupOpen ? "" : " ";
}

/** What is written for the delimiters of groups, by their number. */
function wrapGroups(tokens: readonly MacroToken[]): ReadonlyMap<number, string> {
    const wraps = new Map<number, string>();
    if (!tokens.some((token) => token.kind === MACRO_TOKEN.groupOpen)) {
        return wraps;
    }
    const list = pairDelimiters(tokens);
    if (isMacroProblem(list)) {
        return wraps;
    }
    for (let at = 0; at < tokens.length; at++) {
        if (tokens[at]?.kind === MACRO_TOKEN.groupOpen) {
            const close = list.partner[at] ?? at;
            const [before, behind] = new GroupNeighbours(list, at, close).wrap();
            wraps.set(at, before);
            wraps.set(close, behind);
        }
    }
    return wraps;
}

const NOTHING = ["", ""] as const;
const PARENTHESES = ["( ", ")"] as const;
const BLOCK_WORDS = /^(?:if|match|while|loop|for|unsafe|async|const|try|\{)$/u;
const ISOLATING_BEFORE = /^(?:[([{,;=]|=>|)$/u;
const ISOLATING_BEHIND = /^(?:[)\]},;]|=>|)$/u;

/** A group and what stands beside it. */
class GroupNeighbours {
    readonly #tokens: readonly MacroToken[];
    readonly #partner: Int32Array;
    readonly #open: number;
    readonly #close: number;

    constructor(
        list: { readonly tokens: readonly MacroToken[]; readonly partner: Int32Array },
        open: number,
        close: number,
    ) {
        this.#tokens = list.tokens;
        this.#partner = list.partner;
        this.#open = open;
        this.#close = close;
    }

    wrap(): readonly [string, string] {
        const behind = this.#tokens[this.#close + 1]?.text ?? "";
        switch (this.#tokens[this.#open]?.fragment) {
            case "expr":
            case "expr_2021":
                return this.#needsParentheses(behind) ? PARENTHESES : NOTHING;
            case "ty":
                if (behind === "::") {
                    return this.#isPlainPath() ? NOTHING : ["< ", ">"];
                }
                return this.#has("+") ? PARENTHESES : NOTHING;
            case "pat":
            case "pat_param":
                return this.#has("|") ? PARENTHESES : NOTHING;
            case "literal":
                return behind === "." && this.#text(1) === "-" ? PARENTHESES : NOTHING;
            default:
                return NOTHING;
        }
    }

    #text(offset: number): string {
        return this.#tokens[this.#open + offset]?.text ?? "";
    }

    #needsParentheses(behind: string): boolean {
        const startsBlock = BLOCK_WORDS.test(this.#text(1));
        if (startsBlock && this.#tokens[this.#close - 1]?.text === "}") {
            const endsHere = ISOLATING_BEHIND.test(behind);
            const isOther = this.#tokens[this.#close + 1]?.kind === MACRO_TOKEN.identifier;
            return !endsHere && !(isOther && behind !== "as");
        }
        if (this.#isPrimary()) {
            return false;
        }
        const before = this.#tokens[this.#open - 1];
        const isAlone =
            before?.kind !== MACRO_TOKEN.groupOpen &&
            ISOLATING_BEFORE.test(before?.text ?? "") &&
            this.#tokens[this.#close + 1]?.kind !== MACRO_TOKEN.groupClose &&
            ISOLATING_BEHIND.test(behind);
        return startsBlock || !isAlone;
    }

    /** Says whether the group is one token, one tree, or a path with calls, fields, indices. */
    #isPrimary(): boolean {
        for (let at = this.#open + 1; at < this.#close; at++) {
            const token = this.#tokens[at];
            const isTree = token?.kind === MACRO_TOKEN.open;
            if (isTree && token.text === "{") {
                return false;
            }
            if (token?.kind === MACRO_TOKEN.punctuation && !/^(?:\.|::|\?|!)$/u.test(token.text)) {
                return false;
            }
            if (token?.text === "!" && at === this.#open + 1) {
                return false;
            }
            if (token?.kind === MACRO_TOKEN.lifetime || JUMP_WORDS.test(token?.text ?? "")) {
                return false;
            }
            at = isTree ? (this.#partner[at] ?? at) : at;
        }
        return true;
    }

    #isPlainPath(): boolean {
        for (let at = this.#open + 1; at < this.#close; at++) {
            const token = this.#tokens[at];
            const isWord =
                token?.kind === MACRO_TOKEN.identifier && !/^(?:dyn|impl|_)$/u.test(token.text);
            if (!isWord && token?.text !== "::") {
                return false;
            }
        }
        return true;
    }

    /** Says whether an operator stands at the top of the group. */
    #has(sign: string): boolean {
        for (let at = this.#open + 1; at < this.#close; at++) {
            const token = this.#tokens[at];
            if (token?.text === sign) {
                return true;
            }
            const opens = token?.kind === MACRO_TOKEN.open || token?.kind === MACRO_TOKEN.groupOpen;
            at = opens ? (this.#partner[at] ?? at) : at;
        }
        return false;
    }
}

const JUMP_WORDS =
    /^(?:as|return|break|continue|yield|let|move|async|static|unsafe|become|box|const)$/u;
