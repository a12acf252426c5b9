// How a node's name is found in its span: behind a keyword, as a path's segment, as a field's last word.
// In a macro's body the name may be a variable (`$name`); then the variable's token is looked for.

import { TOKEN, type RustTokens } from "./rust-tokens.ts";

/** A range of offsets. */
export interface TokenRange {
    readonly start: number;
    readonly end: number;
}

/** Chooses a token of a name in a range; -1 for none. */
export interface PickToken {
    /** The token that is the name itself. */
    name(tokens: RustTokens, range: TokenRange, name: string): number;
    /** The name of the macro variable that stands in the name's place. */
    variable(tokens: RustTokens, range: TokenRange): number;
}

/** Indices of the tokens in a range, attributes left out. */
function* within(tokens: RustTokens, range: TokenRange): Generator<number> {
    let index = tokens.firstEndingAfter(range.start);
    while (index < tokens.count && (tokens.starts[index] ?? 0) < range.end) {
        if (tokens.isPunctuation(index, "#") && tokens.isPunctuation(index + 1, "[")) {
            index = attributeEnd(tokens, index);
        } else {
            yield index;
            index += 1;
        }
    }
}

function attributeEnd(tokens: RustTokens, index: number): number {
    let depth = 0;
    for (let at = index + 1; at < tokens.count; at += 1) {
        if (tokens.isPunctuation(at, "[")) {
            depth += 1;
        } else if (tokens.isPunctuation(at, "]")) {
            depth -= 1;
            if (depth === 0) {
                return at + 1;
            }
        }
    }
    return tokens.count;
}

function first(tokens: RustTokens, range: TokenRange, accept: (index: number) => boolean): number {
    for (const index of within(tokens, range)) {
        if (accept(index)) {
            return index;
        }
    }
    return -1;
}

function isIdent(tokens: RustTokens, index: number, name?: string): boolean {
    return (
        tokens.kinds[index] === TOKEN.ident && (name === undefined || tokens.name(index) === name)
    );
}

function isVariable(tokens: RustTokens, index: number): boolean {
    return isIdent(tokens, index) && tokens.isPunctuation(index - 1, "$");
}

/** The first identifier of that name. */
export const firstNamed: PickToken = {
    name: (tokens, range, name) => first(tokens, range, (index) => isIdent(tokens, index, name)),
    variable: (tokens, range) => first(tokens, range, (index) => isVariable(tokens, index)),
};

const ITEM_WORDS = new Set([
    "fn",
    "struct",
    "enum",
    "union",
    "type",
    "const",
    "static",
    "mut",
    "ref",
    "trait",
    "mod",
    "macro",
]);

function isItemWord(tokens: RustTokens, index: number): boolean {
    const word = tokens.name(index);
    return ITEM_WORDS.has(word) || (word === "!" && tokens.name(index - 1) === "macro_rules");
}

/** The name of an item, behind its keyword. */
export const itemName: PickToken = {
    name: (tokens, range, name) =>
        first(
            tokens,
            range,
            (index) => isIdent(tokens, index, name) && isItemWord(tokens, index - 1),
        ),
    variable: (tokens, range) =>
        first(tokens, range, (index) => isVariable(tokens, index) && isItemWord(tokens, index - 2)),
};

/** The name of a field's definition: before a colon, as the same word in its visibility is not. */
export const fieldName: PickToken = {
    name: (tokens, range, name) =>
        first(
            tokens,
            range,
            (index) => isIdent(tokens, index, name) && isBeforeType(tokens, index),
        ),
    variable: (tokens, range) =>
        first(tokens, range, (index) => isVariable(tokens, index) && isBeforeType(tokens, index)),
};

function isBeforeType(tokens: RustTokens, index: number): boolean {
    return tokens.isPunctuation(index + 1, ":") && !tokens.isPathSeparator(index + 1);
}

/** The name of a binding, whose span is `ref mut name` or goes on with `@`. */
export const bindingName: PickToken = {
    name: (tokens, range, name) => {
        const index = afterModifiers(tokens, range);
        return isIdent(tokens, index, name) && isBindingEnd(tokens, index, range) ? index : -1;
    },
    variable: (tokens, range) => {
        const index = afterModifiers(tokens, range) + 1;
        return isVariable(tokens, index) && isBindingEnd(tokens, index, range) ? index : -1;
    },
};

function afterModifiers(tokens: RustTokens, range: TokenRange): number {
    let index = tokens.firstEndingAfter(range.start);
    while (["ref", "mut", "box"].some((word) => isIdent(tokens, index, word))) {
        index += 1;
    }
    return index;
}

function isBindingEnd(tokens: RustTokens, index: number, range: TokenRange): boolean {
    return tokens.ends[index] === range.end || tokens.isPunctuation(index + 1, "@");
}

/** The token at a range's start. */
export const firstToken: PickToken = {
    name: (tokens, range) => tokens.at(range.start),
    variable: (tokens, range) => {
        const index = tokens.at(range.start) + 1;
        return isVariable(tokens, index) ? index : -1;
    },
};

/** A lifetime at a range's start. */
export const lifetimeName: PickToken = {
    name: (tokens, range, name) => {
        const index = tokens.at(range.start);
        const isLifetime = tokens.kinds[index] === TOKEN.lifetime && tokens.name(index) === name;
        return isLifetime ? index : -1;
    },
    variable: () => -1,
};

/** The last word of a field access, brackets around it left out. */
export const accessedField: PickToken = {
    name: (tokens, range) => {
        const index = lastWord(tokens, range);
        return isIdent(tokens, index) && tokens.isPunctuation(index - 1, ".") ? index : -1;
    },
    variable: (tokens, range) => {
        const index = lastWord(tokens, range);
        return isVariable(tokens, index) && tokens.isPunctuation(index - 2, ".") ? index : -1;
    },
};

function lastWord(tokens: RustTokens, range: TokenRange): number {
    let index = tokens.firstEndingAfter(range.end) - 1;
    while (index >= 0 && (tokens.ends[index] ?? 0) > range.end) {
        index -= 1;
    }
    while (index > 0 && tokens.isPunctuation(index, ")")) {
        index -= 1;
    }
    return index;
}

/** The new name in `use path as name`. */
export const aliasName: PickToken = {
    name: (tokens, range, name) =>
        first(tokens, range, (index) => isIdent(tokens, index, name) && isAs(tokens, index - 1)),
    variable: (tokens, range) =>
        first(tokens, range, (index) => isVariable(tokens, index) && isAs(tokens, index - 2)),
};

function isAs(tokens: RustTokens, index: number): boolean {
    return isIdent(tokens, index, "as");
}
