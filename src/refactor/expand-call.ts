// One macro call expanded to the end: calls in the output are expanded too, where their name is one macro's
// alone. What stays unexpanded, such as the input of a macro from outside, is left as it is written.

import {
    expandMacro,
    isMacroProblem,
    MACRO_TOKEN,
    type MacroDefinition,
    type MacroToken,
} from "../syntax/index.ts";

/** Finds the macro that a name means; undefined where that is not certain. `isPlain`: it stands without a path. */
export type FindMacro = (name: string, isPlain: boolean) => MacroDefinition | undefined;

/** What a call gives. */
export interface CallOutput {
    readonly tokens: readonly MacroToken[];
    /** Tokens that named a macro which was expanded, and are in the output no more; with that macro. */
    readonly consumed: readonly ConsumedName[];
    /** Names of the paths before those, which are in the output no more either. */
    readonly dropped: readonly MacroToken[];
    /** Names of the macros that the output defines: it keeps their definitions, and what calls them. */
    readonly defined: readonly string[];
}

/** The name in a call that was expanded. */
export interface ConsumedName {
    readonly token: MacroToken;
    readonly definition: MacroDefinition;
}

const DEPTH_MAX = 64;
const TOKENS_MAX = 200_000;

/** Macros of std whose input is read as expressions, where it stands. */
const READING: ReadonlySet<string> = new Set(
    (
        "assert assert_eq assert_ne debug_assert debug_assert_eq debug_assert_ne vec format print println " +
        "eprint eprintln write writeln panic unreachable todo unimplemented format_args dbg matches"
    ).split(" "),
);

/** Expands a call; undefined where that cannot be done with certainty. */
export function expandCall(
    definition: MacroDefinition,
    call: { readonly tokens: readonly MacroToken[]; readonly edition: number },
    find: FindMacro,
): CallOutput | undefined {
    const expansion = new CallExpansion(call.edition, find);
    const tokens = expansion.expand(definition, call.tokens, 0);
    const { consumed, dropped, defined } = expansion;
    return tokens === undefined || tokens.some((_, at) => isPlaceholder(tokens, at))
        ? undefined
        : { tokens, consumed, dropped, defined };
}

/** Whether an output, or that of a call in it, is `...` alone: what a definition for readers gives, and no code. */
function isPlaceholder(tokens: readonly MacroToken[], at: number): boolean {
    const [before, after] = [tokens[at - 1], tokens[at + 1]];
    return (
        tokens[at]?.text === "..." &&
        (before === undefined || before.kind === MACRO_TOKEN.groupOpen) &&
        (after === undefined || after.kind === MACRO_TOKEN.groupClose)
    );
}

class CallExpansion {
    readonly consumed: ConsumedName[] = [];
    readonly dropped: MacroToken[] = [];
    readonly defined: string[] = [];
    readonly #edition: number;
    readonly #find: FindMacro;
    #left = TOKENS_MAX;

    constructor(edition: number, find: FindMacro) {
        this.#edition = edition;
        this.#find = find;
    }

    expand(
        definition: MacroDefinition,
        input: readonly MacroToken[],
        depth: number,
    ): readonly MacroToken[] | undefined {
        if (depth > DEPTH_MAX) {
            return undefined;
        }
        const expansion = expandMacro(definition, { tokens: input, edition: this.#edition });
        if (isMacroProblem(expansion)) {
            return undefined;
        }
        this.#left -= expansion.tokens.length;
        return this.#left < 0 ? undefined : this.#expandInside(expansion.tokens, depth);
    }

    /** Expands the calls among some tokens. */
    #expandInside(tokens: readonly MacroToken[], depth: number): MacroToken[] | undefined {
        const partner = pair(tokens);
        const out: MacroToken[] = [];
        for (let at = 0; at < tokens.length; at++) {
            const token = tokens[at];
            if (token === undefined) {
                break;
            }
            const isCall = token.kind === MACRO_TOKEN.identifier && tokens[at + 1]?.text === "!";
            if (isCall && token.text === "macro_rules") {
                const name = tokens[at + 2];
                const end = partner.get(at + 3);
                if (name?.kind !== MACRO_TOKEN.identifier || end === undefined) {
                    return undefined;
                }
                this.defined.push(name.text);
                out.push(...tokens.slice(at, end + 1));
                at = end;
                continue;
            }
            const close = isCall ? partner.get(at + 2) : undefined;
            const definition =
                close === undefined
                    ? undefined
                    : this.#find(token.text, tokens[at - 1]?.text !== "::");
            if (close === undefined || (definition === undefined && READING.has(token.text))) {
                out.push(token);
                continue;
            }
            if (definition === undefined) {
                out.push(...tokens.slice(at, close + 1));
                at = close;
                continue;
            }
            const nested = this.expand(definition, tokens.slice(at + 3, close), depth + 1);
            if (nested === undefined) {
                return undefined;
            }
            this.consumed.push({ token, definition });
            this.dropped.push(...dropPath(out));
            at = place(out, nested, { tokens, open: at + 2, close });
        }
        return out;
    }
}

/** Takes `a::b::` away from the end of some tokens; gives its names. */
function dropPath(out: MacroToken[]): MacroToken[] {
    const names: MacroToken[] = [];
    while (out.at(-1)?.text === "::") {
        out.pop();
        const name = out.at(-1);
        if (name?.kind === MACRO_TOKEN.identifier) {
            names.push(name);
            out.pop();
        }
    }
    return names;
}

interface CallPlace {
    readonly tokens: readonly MacroToken[];
    readonly open: number;
    readonly close: number;
}

/** Writes an output in the place of its call; gives the number of the last token that is done with. */
function place(
    out: MacroToken[],
    nested: readonly MacroToken[],
    { tokens, open, close }: CallPlace,
): number {
    const next = tokens[close + 1];
    const isBraced = tokens[open]?.text === "{" && !/^[.?]$/u.test(next?.text ?? "");
    const first = firstAttribute(out);
    const isFirst = /^[;{}]?$/u.test(out[first - 1]?.text ?? "");
    const isLast = next === undefined || next.text === ";" || next.text === "}";
    const last = nested.at(-1)?.text ?? ";";
    if (isFirst && (isBraced || isLast)) {
        out.push(...withAttributes(nested, out.slice(first)));
        return next?.text === ";" && /^[;}]$/u.test(last) ? close + 1 : close;
    }
    const group = tokens[close];
    if (group !== undefined) {
        const inside = last === ";" ? nested.slice(0, -1) : nested;
        const frame = { ...group, text: "", fragment: "expr" } as const;
        out.push({ ...frame, kind: MACRO_TOKEN.groupOpen }, ...inside, {
            ...frame,
            kind: MACRO_TOKEN.groupClose,
        });
    }
    return close;
}

/** Where the attributes begin that some tokens end with; their number where there is none. */
function firstAttribute(tokens: readonly MacroToken[]): number {
    let first = tokens.length;
    for (let at = first - 1, depth = 0; at >= 0; at--) {
        const kind = tokens[at]?.kind;
        depth += kind === MACRO_TOKEN.close ? 1 : kind === MACRO_TOKEN.open ? -1 : 0;
        if (depth > 0) {
            continue;
        }
        if (tokens[at]?.text !== "[" || tokens[at - 1]?.text !== "#") {
            break;
        }
        at -= 1;
        first = at;
        if (tokens[first - 1]?.text !== "]") {
            break;
        }
    }
    return first;
}

/**
 * An output with the attributes of its call before each of its items or statements but the first, which has them
 * where it stands.
 */
export function withAttributes(
    tokens: readonly MacroToken[],
    attributes: readonly MacroToken[],
): readonly MacroToken[] {
    if (attributes.length === 0) {
        return tokens;
    }
    const out: MacroToken[] = [];
    let depth = 0;
    tokens.forEach((token, at) => {
        out.push(token);
        depth += token.kind === MACRO_TOKEN.open ? 1 : token.kind === MACRO_TOKEN.close ? -1 : 0;
        const isEnd = depth === 0 && (token.text === ";" || token.text === "}");
        if (isEnd && at + 1 < tokens.length && tokens[at + 1]?.text !== ";") {
            out.push(...attributes);
        }
    });
    return out;
}

/** The closing delimiter of each opening one, by number. */
function pair(tokens: readonly MacroToken[]): ReadonlyMap<number, number> {
    const partner = new Map<number, number>();
    const open: number[] = [];
    tokens.forEach(({ kind }, at) => {
        if (kind === MACRO_TOKEN.open) {
            open.push(at);
        } else if (kind === MACRO_TOKEN.close) {
            const from = open.pop();
            if (from !== undefined) {
                partner.set(from, at);
            }
        }
    });
    return partner;
}
