// A Rust source without what a change of some names cannot matter to: bodies in which none of the names stands and nothing
// could write one, and long tables of literals. What is left stays where it was, line by line and column by column, and
// compiles as it did (docs/decisions/bodies-that-hold-no-name.md).

import { hasWord } from "./compared-crates.ts";
import { writeDerived, type DeriveReduction } from "./derived-impls.ts";
import { NOTHING, replace, type Replacement } from "./replaced-tokens.ts";
import { calledMacro, type CalledMacro } from "./plain-macros.ts";
import { TOKEN, type RustTokens } from "../dump/rust-tokens.ts";
import {
    readItems,
    type CalledItems,
    type ConstantValue,
    type HiddenBody,
} from "../item-tokens.ts";

/** What must stay: a body that holds one of the words does. */
export interface Reduction extends DeriveReduction {
    /** Whether calls of a macro hold none of the words but in their arguments: other bodies stay. */
    readonly isPlain: (macro: CalledMacro) => boolean;
    /** Whether what a macro makes is tests. */
    readonly makesTests: (macro: CalledMacro) => boolean;
    /** Words whose values may reach a type: tables of these names stay. */
    readonly atCompileTime: ReadonlySet<string>;
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
    const { bodies, types, values, calls } = readItems(tokens);
    const gone = bodies.filter((body) => canGo(tokens, body, reduction));
    const replacements = [
        ...gone.flatMap((body) => [
            ...withoutTest(tokens, body, reduction.words),
            ...replace(tokens, [body.open, body.end], { put: "{loop{}", close: "}", bodies: 1 }),
        ]),
        ...calls
            .filter((call) => isOfTests(tokens, call, reduction))
            .flatMap(({ from, end }) => replace(tokens, [from, end], NOTHING)),
        ...values.flatMap((value) => {
            const put = shortTable(tokens, value, reduction);
            return put === undefined ? [] : replace(tokens, value.value, { ...NOTHING, put });
        }),
        ...writeDerived(tokens, types, reduction),
    ].sort((a, b) => a.start - b.start);
    let made = "";
    let at = 0;
    for (const { start, end, text } of replacements) {
        made += tokens.text.slice(at, start) + text;
        at = end;
    }
    return {
        text: made + tokens.text.slice(at),
        bodies: replacements.reduce((sum, one) => sum + one.bodies, 0),
    };
}

/** A test without a body need not be listed with the others: what lists it, nothing else can name. */
function withoutTest(
    tokens: RustTokens,
    { from, open }: HiddenBody,
    words: readonly string[],
): Replacement[] {
    if (hasWord(tokens.text.slice(tokens.starts[from], tokens.ends[open]), words)) {
        return [];
    }
    for (let at = from; at < open; at++) {
        const isTest =
            tokens.isPunctuation(at, "#") &&
            tokens.isPunctuation(at + 1, "[") &&
            tokens.name(at + 2) === TEST.name &&
            tokens.isPunctuation(at + 3, "]");
        if (isTest) {
            return replace(tokens, [at, at + 4], NOTHING);
        }
    }
    return [];
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
    { name, type, value }: ConstantValue,
    { words, atCompileTime }: Reduction,
): string | undefined {
    const [from, to] = value;
    const isReference = tokens.isPunctuation(from, "&");
    const open = isReference ? from + 1 : from;
    const isLong = to - open >= TABLE_TOKENS_MIN;
    if (
        !isLong ||
        atCompileTime.has(tokens.name(name)) ||
        !tokens.isPunctuation(open, "[") ||
        !isOfLiterals(tokens, open, to, words)
    ) {
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
