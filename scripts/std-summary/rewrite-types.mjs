// Rewrites types, bounds and signatures of std so that they mean the same everywhere: paths become public
// and absolute (names of the prelude stay bare), aliases are replaced by what they stand for, and `?Sized`,
// const bounds, attributes and predicates about lifetimes are dropped.

import { flatten, printCompact, tokenize } from "./tokens.mjs";

const KEYWORDS = new Set(
    "as const dyn for fn impl in mut ref unsafe extern where async move true false pub use _".split(
        " ",
    ),
);
const OPEN = new Set(["(", "[", "{", "<"]);
const CLOSE = new Set([")", "]", "}", ">"]);
const ALIAS_DEPTH_MAX = 6;

/** Flat tokens with `>>` in two and without what types do not need. */
export function flatTokens(text) {
    const leaves = flatten(tokenize(text));
    // In types `Path::<T>` is `Path<T>`.
    const plain = leaves.filter((token, i) => token.s !== "::" || leaves[i + 1]?.s !== "<");
    const flat = plain.flatMap((token) =>
        token.k === "punct" && token.s === ">>"
            ? [
                  { k: "punct", s: ">" },
                  { k: "punct", s: ">" },
              ]
            : [token],
    );
    return dropRelaxed(dropConst(dropAttributes(flat)));
}

function dropAttributes(tokens) {
    const out = [];
    for (let i = 0; i < tokens.length; i++) {
        if (tokens[i].s === "#" && tokens[i + 1]?.s === "[") {
            i = closing(tokens, i + 1);
        } else {
            out.push(tokens[i]);
        }
    }
    return out;
}

function dropConst(tokens) {
    const out = [];
    for (let i = 0; i < tokens.length; i++) {
        const { s } = tokens[i];
        if (s === "[" && tokens[i + 1]?.s === "const" && tokens[i + 2]?.s === "]") {
            i += 2;
        } else if (s === "~" && tokens[i + 1]?.s === "const") {
            i += 1;
        } else if (s !== "const" || !/^(:|\+|impl|dyn)$/.test(out[out.length - 1]?.s ?? "")) {
            out.push(tokens[i]);
        }
    }
    return out;
}

function dropRelaxed(tokens) {
    const out = [];
    for (let i = 0; i < tokens.length; i++) {
        if (tokens[i].s !== "?") {
            out.push(tokens[i]);
            continue;
        }
        i += 1;
        while (tokens[i + 1]?.s === "::") {
            i += 2;
        }
        const before = out[out.length - 1]?.s;
        if (tokens[i + 1]?.s === "+") {
            i += 1;
        } else if (before === "+" || before === ":") {
            out.pop();
        }
    }
    return out;
}

/** Index of the bracket that closes the one at `open`. */
export function closing(tokens, open) {
    let depth = 0;
    for (let i = open; i < tokens.length; i++) {
        if (tokens[i].k !== "punct") {
            continue;
        }
        depth += OPEN.has(tokens[i].s) ? 1 : CLOSE.has(tokens[i].s) ? -1 : 0;
        if (depth === 0) {
            return i;
        }
    }
    return tokens.length - 1;
}

/** Splits flat tokens at commas outside all brackets. */
export function splitFlat(tokens) {
    const parts = [[]];
    let depth = 0;
    for (const token of tokens) {
        if (token.k === "punct") {
            depth += OPEN.has(token.s) ? 1 : CLOSE.has(token.s) ? -1 : 0;
            if (depth === 0 && token.s === ",") {
                parts.push([]);
                continue;
            }
        }
        parts[parts.length - 1].push(token);
    }
    return parts.filter((part) => part.length > 0);
}

/** Names (and defaults) that `<…>` declares. */
export function genericParameters(text) {
    const tokens = flatTokens(text);
    return splitFlat(tokens.slice(1, -1))
        .filter((part) => part[0].k !== "life")
        .map((part) => {
            const at = part[0].s === "const" ? 1 : 0;
            const equals = part.findIndex((token) => token.s === "=");
            return {
                name: part[at].s,
                isDefaulted: equals >= 0,
                fallback: equals < 0 ? [] : part.slice(equals + 1),
            };
        });
}

/** Rewrites texts of one crate set. */
export class TypeRewriter {
    /** Names that were not found, with how often. */
    unknown = new Map();
    #scopes;
    #nameOf;

    /** `nameOf` gives the canonical path of a definition, or undefined for a private one. */
    constructor(scopes, nameOf) {
        this.#scopes = scopes;
        this.#nameOf = nameOf;
    }

    /** Canonical text of a type or bound list. */
    text(source, context) {
        return printCompact(this.tokens(flatTokens(source), context));
    }

    /** Canonical flat tokens; `context` is `{module, generics: Set}`. */
    tokens(tokens, context, depth = 0) {
        const out = [];
        for (let i = 0; i < tokens.length; i++) {
            const token = tokens[i];
            if (token.k !== "word" || KEYWORDS.has(token.s) || tokens[i - 1]?.s === "::") {
                if (!(token.s === "::" && isPathStart(tokens, i))) {
                    out.push(token);
                }
                if (!(token.s === "::" && isPathStart(tokens, i))) {
                    continue;
                }
                i += 1;
            }
            i = this.#path(tokens, i, { context, depth }, out);
        }
        return out;
    }

    #path(tokens, start, of, out) {
        const segments = [tokens[start].s];
        let end = start;
        while (tokens[end + 1]?.s === "::" && tokens[end + 2]?.k === "word") {
            segments.push(tokens[end + 2].s);
            end += 2;
        }
        const { context } = of;
        const plain = () => {
            out.push(...tokens.slice(start, end + 1));
            return end;
        };
        const first = segments[0];
        if (first === "Self" || context.generics.has(first) || isDeclared(tokens, start, end)) {
            return plain();
        }
        if (segments.length === 1 && PRIMITIVES.has(first)) {
            return plain();
        }
        const found = this.#scopes.resolve(context.module, segments);
        if (found === undefined || found.definition.kind === "mod") {
            const key = segments.join("::");
            this.unknown.set(key, (this.unknown.get(key) ?? 0) + 1);
            return plain();
        }
        const { definition, used } = found;
        if (definition.kind === "alias" && of.depth < ALIAS_DEPTH_MAX && used === segments.length) {
            return this.#alias(tokens, end, { ...of, definition }, out);
        }
        const name = this.#nameOf(definition) ?? definition.name;
        const rest = segments.slice(used).flatMap((one) => ["::", one]);
        const words = [name, ...rest].join("").split(/(::)/);
        out.push(...words.map((s) => ({ k: s === "::" ? "punct" : "word", s })));
        return end;
    }

    #alias(tokens, end, of, out) {
        const { definition, context, depth } = of;
        const hasArguments = tokens[end + 1]?.s === "<";
        const last = hasArguments ? closing(tokens, end + 1) : end;
        const given = hasArguments
            ? splitFlat(tokens.slice(end + 2, last)).filter((part) => part[0].k !== "life")
            : [];
        const parameters = genericParameters(definition.generics);
        const inner = {
            module: definition.module,
            generics: new Set(parameters.map((one) => one.name)),
        };
        const values = new Map(
            parameters.map((one, i) => [
                one.name,
                given[i] === undefined
                    ? this.tokens(one.fallback, inner, depth + 1)
                    : this.tokens(given[i], context, depth),
            ]),
        );
        const target = this.tokens(flatTokens(definition.target), inner, depth + 1);
        out.push(...target.flatMap((token) => values.get(token.s) ?? [token]));
        return last;
    }

    /** `<…>` as canonical text; empty when it declares nothing. */
    generics(text, context) {
        const tokens = this.tokens(flatTokens(text), context);
        const parts = splitFlat(tokens.slice(1, -1)).map((part) =>
            printCompact(dropEmptyBound(part)),
        );
        return parts.length === 0 ? "" : `<${parts.join(", ")}>`;
    }

    /** ` where …`, or nothing. */
    where(text, context) {
        const tokens = this.tokens(flatTokens(text), context).slice(1);
        const parts = splitFlat(tokens)
            .filter((part) => {
                const colon = topColon(part);
                const bound = part.slice(colon + 1).filter((token) => token.s !== "+");
                return colon > 0 && !bound.every((token) => token.k === "life");
            })
            .map(printCompact)
            .filter((part) => part !== "Self: Sized");
        return parts.length === 0 ? "" : ` where ${parts.join(", ")}`;
    }

    /** `name<G>(…) -> R where …` of a function. */
    signature(of, context) {
        const own = genericParameters(of.generics).map((one) => one.name);
        const inner = { ...context, generics: new Set([...context.generics, ...own]) };
        const parameters = of.parameters.map((type) => `_: ${this.text(type, inner)}`);
        const self = of.self === "" ? [] : [this.text(of.self, inner)];
        const result = of.result === "" ? "" : ` -> ${this.text(of.result, inner)}`;
        const list = [...self, ...parameters].join(", ");
        const generics = this.generics(of.generics, inner);
        return `${of.name}${generics}(${list})${result}${this.where(of.where, inner)}`;
    }
}

/** Names of the primitive types. */
export const PRIMITIVES = new Set(
    "bool char str u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f16 f32 f64 f128 self".split(
        " ",
    ),
);

function isPathStart(tokens, i) {
    const before = tokens[i - 1];
    return (
        tokens[i + 1]?.k === "word" &&
        (before === undefined ||
            (before.k === "punct" && before.s !== ">") ||
            KEYWORDS.has(before.s))
    );
}

/** `Item = T` and `T: Bound`: names that are declared or bound, not used. */
function isDeclared(tokens, start, end) {
    const next = tokens[end + 1]?.s;
    const before = tokens[start - 1]?.s;
    return (
        start === end &&
        ((next === "=" && (before === "<" || before === ",")) ||
            (next === ":" && (before === "<" || before === "," || before === undefined)))
    );
}

function topColon(part) {
    let depth = 0;
    return part.findIndex((token) => {
        if (token.k === "punct") {
            depth += OPEN.has(token.s) ? 1 : CLOSE.has(token.s) ? -1 : 0;
        }
        return depth === 0 && token.s === ":";
    });
}

function dropEmptyBound(part) {
    const last = part[part.length - 1];
    return last?.s === ":" ? part.slice(0, -1) : part;
}
