// A Rust source without what a change of some names cannot matter to: bodies in which none of the names stands and nothing
// could write one, and long tables of literals. What is left stays where it was, line by line and column by column, and
// compiles as it did (docs/decisions/bodies-that-hold-no-name.md).

import { hasWord } from "./compared-crates.ts";
import { calledMacro, type CalledMacro } from "./plain-macros.ts";
import { TOKEN, type RustTokens } from "../dump/rust-tokens.ts";
import {
    readItems,
    type CalledItems,
    type ConstantValue,
    type HiddenBody,
} from "../item-tokens.ts";

/** What must stay. */
export interface Reduction {
    /** A body that holds one of these words stays. */
    readonly words: readonly string[];
    /** Whether calls of a macro hold none of the words but in their arguments: other bodies stay. */
    readonly isPlain: (macro: CalledMacro) => boolean;
    /** Whether what a macro makes is tests. */
    readonly makesTests: (macro: CalledMacro) => boolean;
}

/** A source, and how many bodies it lost. */
export interface ReducedSource {
    readonly text: string;
    readonly bodies: number;
}

/** The attribute. */
const TEST: CalledMacro = { name: "test", root: undefined };

const DELAYED = new Set(["async", "gen"]);

/** Attributes that may stand in a body that goes. */
const INNER_ATTRIBUTES = new Set(["allow", "warn", "expect", "deny", "cfg", "inline", "rustfmt"]);

/** A table that is shorter stays. */
const TABLE_TOKENS_MIN = 64;

/** Leaves out of a source what the names cannot matter to. */
export function reduceSource(tokens: RustTokens, reduction: Reduction): ReducedSource {
    const { text } = tokens;
    const { bodies, values, calls } = readItems(tokens);
    const gone = bodies.filter((body) => canGo(tokens, body, reduction));
    const cuts = [
        ...gone.map(({ open, end }) => ({ from: open, to: end, put: "{loop{}", close: "}" })),
        ...calls
            .filter((call) => isOfTests(tokens, call, reduction))
            .map(({ from, end }) => ({ from, to: end, put: "", close: "" })),
        ...values.flatMap((value) => {
            const put = shortTable(tokens, value, reduction.words);
            const [from, to] = value.value;
            return put === undefined ? [] : [{ from, to, put, close: "" }];
        }),
    ].sort((a, b) => a.from - b.from);
    let made = "";
    let at = 0;
    let count = 0;
    for (const { from, to, put, close } of cuts) {
        const start = tokens.starts[from] ?? 0;
        const end = tokens.ends[to - 1] ?? start;
        const filled = fill(text.slice(start, end), put, close);
        if (filled !== undefined) {
            made += text.slice(at, start) + filled;
            at = end;
            count += close === "" ? 0 : 1;
        }
    }
    return { text: made + text.slice(at), bodies: count };
}

/** Whether nothing of a body has to do with the names. */
function canGo(
    tokens: RustTokens,
    { from, open, end }: HiddenBody,
    { words, isPlain }: Reduction,
): boolean {
    const text = tokens.text.slice(tokens.starts[open], tokens.ends[end - 1]);
    if (hasWord(text, words)) {
        return false;
    }
    for (let at = from; at < open; at++) {
        const word = tokens.name(at);
        if (DELAYED.has(word) || (word === "test" && !isPlain(TEST))) {
            return false;
        }
    }
    for (let at = open; at < end; at++) {
        if (tokens.isPunctuation(at, "#") && !isInnerAttribute(tokens, at)) {
            return false;
        }
        const called = calledMacro(tokens, at);
        if (called !== undefined && !isPlain(called)) {
            return false;
        }
    }
    return true;
}

/** Whether a call makes only tests, to which nothing refers, and has nothing to do with the names. */
function isOfTests(
    tokens: RustTokens,
    { from, name, end }: CalledItems,
    { words, isPlain, makesTests }: Reduction,
): boolean {
    const called = calledMacro(tokens, name);
    const text = tokens.text.slice(tokens.starts[from], tokens.ends[end - 1]);
    if (called === undefined || !makesTests(called) || hasWord(text, words)) {
        return false;
    }
    for (let at = from; at < end; at++) {
        const inner = calledMacro(tokens, at);
        if (inner !== undefined && !isPlain(inner)) {
            return false;
        }
    }
    // A comment of documentation must have something after it.
    const before = tokens.text.slice(tokens.ends[from - 1] ?? 0, tokens.starts[from]);
    return isPlain(TEST) && !/\/\/\/|\/\*\*/u.test(before);
}

function isInnerAttribute(tokens: RustTokens, at: number): boolean {
    const open = tokens.isPunctuation(at + 1, "!") ? at + 2 : at + 1;
    return tokens.isPunctuation(open, "[") && INNER_ATTRIBUTES.has(tokens.name(open + 1));
}

/** What may stand for a long table of literals: a slice of none, an array of one element again and again. */
function shortTable(
    tokens: RustTokens,
    { type, value }: ConstantValue,
    words: readonly string[],
): string | undefined {
    const [from, to] = value;
    const isReference = tokens.isPunctuation(from, "&");
    const open = isReference ? from + 1 : from;
    const isLong = to - open >= TABLE_TOKENS_MIN;
    if (!isLong || !tokens.isPunctuation(open, "[") || !isOfLiterals(tokens, open, to, words)) {
        return undefined;
    }
    const length = lengthOf(tokens, type);
    if (length === undefined) {
        return isReference && isSlice(tokens, type) ? "&[]" : undefined;
    }
    const element = tokens.text.slice(tokens.starts[open + 1], tokens.ends[firstEnd(tokens, open)]);
    return element.includes("\n") ? undefined : `${isReference ? "&" : ""}[${element};${length}]`;
}

function isOfLiterals(
    tokens: RustTokens,
    from: number,
    to: number,
    words: readonly string[],
): boolean {
    let depth = 0;
    for (let at = from; at < to; at++) {
        const kind = tokens.kinds[at];
        if (kind === TOKEN.ident || kind === TOKEN.lifetime) {
            const isBool = tokens.name(at) === "true" || tokens.name(at) === "false";
            if (!isBool) {
                return false;
            }
        } else if (kind === TOKEN.punctuation) {
            const sign = tokens.name(at);
            if (!"&[](),-".includes(sign)) {
                return false;
            }
            depth += sign === "[" ? 1 : sign === "]" ? -1 : 0;
            // `[1, 2][0]`, `[1] - [2]`: no table.
            if (depth === 0 && at < to - 1) {
                return false;
            }
        }
    }
    return !hasWord(tokens.text.slice(tokens.starts[from], tokens.ends[to - 1]), words);
}

/** The last token of the first element of an array of literals. */
function firstEnd(tokens: RustTokens, open: number): number {
    let depth = 0;
    for (let at = open + 1; at < tokens.count; at++) {
        const sign = tokens.name(at);
        depth += sign === "[" || sign === "(" ? 1 : sign === "]" || sign === ")" ? -1 : 0;
        const isEnd = tokens.isPunctuation(at + 1, ",") || tokens.isPunctuation(at + 1, "]");
        if (depth === 0 && isEnd) {
            return at;
        }
    }
    return open;
}

/** Whether a type is `&[T]`. */
function isSlice(tokens: RustTokens, [from, to]: readonly [number, number]): boolean {
    const open = tokens.kinds[from + 1] === TOKEN.lifetime ? from + 2 : from + 1;
    return (
        tokens.isPunctuation(from, "&") &&
        tokens.isPunctuation(open, "[") &&
        tokens.endOfGroup(open) === to
    );
}

/** The length that a type `[T; N]` says, or `&[T; N]`; undefined of other types. */
function lengthOf(tokens: RustTokens, [from, to]: readonly [number, number]): string | undefined {
    let open = tokens.isPunctuation(from, "&") ? from + 1 : from;
    open += tokens.kinds[open] === TOKEN.lifetime ? 1 : 0;
    if (!tokens.isPunctuation(open, "[") || tokens.endOfGroup(open) !== to) {
        return undefined;
    }
    let depth = 0;
    for (let at = open; at < to; at++) {
        const sign = tokens.kinds[at] === TOKEN.punctuation ? tokens.name(at) : "";
        depth += "[({".includes(sign) && sign !== "" ? 1 : 0;
        depth -= "])}".includes(sign) && sign !== "" ? 1 : 0;
        if (sign === ";" && depth === 1) {
            return tokens.text.slice(tokens.starts[at + 1], tokens.ends[to - 2]);
        }
    }
    return undefined;
}

/** As long as what was there, with its lines, so that all that follows stays where it was. */
function fill(was: string, put: string, close: string): string | undefined {
    const lines = was.split("\n");
    const first = lines[0] ?? "";
    const last = lines.at(-1) ?? "";
    // Columns count characters, not units.
    const width = (line: string): number => Array.from(line).length;
    if (lines.length === 1) {
        const blanks = width(first) - put.length - close.length;
        return blanks < 0 ? undefined : put + " ".repeat(blanks) + close;
    }
    const blanks = width(last) - close.length;
    return blanks < 0
        ? undefined
        : `${put}${"\n".repeat(lines.length - 1)}${" ".repeat(blanks)}${close}`;
}
