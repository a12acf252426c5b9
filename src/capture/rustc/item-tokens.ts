// The items of a Rust source by its tokens: functions whose bodies nothing outside of them can see, and the values of
// constants. A walk over tokens and no parse: whatever it does not surely understand it leaves out of its answer.

import { TOKEN, type RustTokens } from "./dump/rust-tokens.ts";

/** A function with a body that nothing outside of it can see. Indexes of tokens, `end` exclusive. */
export interface HiddenBody {
    /** The first token of its attributes, or of itself. */
    readonly from: number;
    /** The brace that opens the body. */
    readonly open: number;
    readonly end: number;
    /** Other crates may be able to name the function. */
    readonly isVisible: boolean;
}

/** The value of a constant or a static with a written type. Indexes of tokens, ends exclusive. */
export interface ConstantValue {
    readonly name: number;
    readonly type: readonly [number, number];
    readonly value: readonly [number, number];
}

/** A macro that is called where items stand. Indexes of tokens, `end` exclusive. */
export interface CalledItems {
    /** The first token of its attributes, or of the call. */
    readonly from: number;
    /** The macro's name. */
    readonly name: number;
    readonly end: number;
}

/** A struct or an enum. Indexes of tokens, `end` exclusive. */
export interface DeclaredType {
    /** The first token of its attributes, or of itself. */
    readonly from: number;
    /** Its keyword. */
    readonly word: number;
    readonly end: number;
}

/** What `readItems` finds, in the order of the text. */
export interface FoundItems {
    readonly bodies: readonly HiddenBody[];
    readonly types: readonly DeclaredType[];
    readonly calls: readonly CalledItems[];
    readonly values: readonly ConstantValue[];
}

/**
 * Finds functions whose bodies nothing outside can see: not those of `const fn` or of functions that return `impl
 * Trait`, nor those with impls or macros in them, nor what an attribute may hand to a program.
 */
export function readItems(tokens: RustTokens): FoundItems {
    const walker = new ItemWalker(tokens);
    walker.items(0, tokens.count, "module");
    return walker;
}

/** Where items stand: what is private there, other crates cannot name, but for a trait's items. */
type Context = "module" | "inherent" | "trait";

/** Attributes of the language: they do not hand the body to a program that may do anything with it. */
const PLAIN_ATTRIBUTES = new Set(
    `allow warn deny forbid expect cfg doc inline cold must_use deprecated test should_panic ignore
     no_mangle export_name link_section track_caller target_feature rustfmt clippy`.split(/\s+/),
);

const MODIFIERS = new Set(["default", "unsafe", "async", "safe", "const", "extern", "gen"]);

/** Words in a body that make something of it visible from outside. */
export const OUTWARD: ReadonlySet<string> = new Set(["impl", "macro_rules", "macro", "extern"]);

/** Items that end at a semicolon, whatever braces they hold. */
const ENDS_AT_SEMICOLON = new Set(["use", "const", "static", "type", "let"]);

interface Head {
    /** First token after attributes. */
    readonly at: number;
    readonly isPlain: boolean;
    readonly isVisible: boolean;
    readonly isConst: boolean;
    /** Index of the item's keyword or first word. */
    readonly word: number;
}

class ItemWalker implements FoundItems {
    readonly tokens: RustTokens;
    readonly bodies: HiddenBody[] = [];
    readonly types: DeclaredType[] = [];
    readonly calls: CalledItems[] = [];
    readonly values: ConstantValue[] = [];

    constructor(tokens: RustTokens) {
        this.tokens = tokens;
    }

    /** Reads the items between two tokens. */
    items(from: number, to: number, context: Context): void {
        let at = from;
        while (at < to) {
            at = Math.max(this.#item(at, to, context), at + 1);
        }
    }

    #item(from: number, to: number, context: Context): number {
        const head = this.#head(from, to);
        const word = this.tokens.name(head.word);
        if (word === "struct" || word === "enum") {
            const end = this.#endOfItem(head.word, to);
            this.types.push({ from, word: head.word, end });
            return end;
        }
        if (!head.isPlain) {
            return this.#endOfItem(head.word, to);
        }
        if (word === "fn") {
            return this.#function(from, to, head, context);
        }
        if (word === "const" || word === "static") {
            return this.#constant(head.word, to);
        }
        const called = this.#calledName(head.word, to);
        if (called !== undefined) {
            const end = this.#endOfCall(called + 2, to);
            this.calls.push({ from, name: called, end });
            return end;
        }
        const isBlock = word === "mod" || word === "trait" || word === "impl";
        const open = isBlock ? this.#bodyStart(head.word, to) : to;
        if (open >= to || !this.tokens.isPunctuation(open, "{")) {
            return this.#endOfItem(head.word, to);
        }
        const close = this.tokens.endOfGroup(open, to);
        this.items(open + 1, close - 1, this.#contextOf(word, head.word, open));
        return close;
    }

    #function(from: number, to: number, head: Head, context: Context): number {
        const open = this.#bodyStart(head.word, to);
        if (open >= to || !this.tokens.isPunctuation(open, "{")) {
            return Math.min(open + 1, to);
        }
        const end = this.tokens.endOfGroup(open, to);
        const isSeen = head.isConst || this.#returnsOpaque(head.word, open);
        if (!isSeen && !this.#holds(open, end, OUTWARD)) {
            const isVisible = context === "trait" || head.isVisible;
            this.bodies.push({ from, open, end, isVisible });
        }
        return end;
    }

    /** The name in `path::name! …`; undefined of other items, and of definitions of macros. */
    #calledName(from: number, to: number): number | undefined {
        const { tokens } = this;
        let at = from;
        while (at < to && tokens.isPathSeparator(at + 1)) {
            at += 3;
        }
        const isName = tokens.kinds[at] === TOKEN.ident && tokens.name(at) !== "macro_rules";
        return isName && tokens.isPunctuation(at + 1, "!") && tokens.isOpen(at + 2)
            ? at
            : undefined;
    }

    /** After the group of a call, and after the semicolon that a group without braces needs. */
    #endOfCall(open: number, to: number): number {
        const end = this.tokens.endOfGroup(open, to);
        return end < to && this.tokens.isPunctuation(end, ";") ? end + 1 : end;
    }

    /** `const NAME: TYPE = VALUE;` */
    #constant(from: number, to: number): number {
        const end = this.#endOfItem(from, to);
        const name = this.tokens.name(from + 1) === "mut" ? from + 2 : from + 1;
        if (!this.tokens.isPunctuation(name + 1, ":")) {
            return end;
        }
        for (let at = name + 2; at < end; at = this.#next(at, end)) {
            if (this.tokens.isPunctuation(at, "=")) {
                this.values.push({ name, type: [name + 2, at], value: [at + 1, end - 1] });
                break;
            }
        }
        return end;
    }

    #contextOf(word: string, from: number, open: number): Context {
        if (word === "mod") {
            return "module";
        }
        for (let i = from; i < open && word === "impl"; i++) {
            if (this.tokens.name(i) === "for" && !this.tokens.isPunctuation(i + 1, "<")) {
                return "trait";
            }
        }
        return word === "impl" ? "inherent" : "trait";
    }

    /** Attributes, visibility and modifiers of an item. */
    #head(from: number, to: number): Head {
        const { tokens } = this;
        let at = from;
        let isPlain = true;
        while (at < to && tokens.isPunctuation(at, "#")) {
            const open = tokens.isPunctuation(at + 1, "!") ? at + 2 : at + 1;
            const end = this.tokens.endOfGroup(open, to);
            isPlain &&= this.#isPlain(open + 1, end - 1);
            at = Math.max(end, at + 1);
        }
        let word = at;
        let isVisible = false;
        if (tokens.name(word) === "pub") {
            const isLimited = tokens.isPunctuation(word + 1, "(");
            isVisible = !isLimited;
            word = isLimited ? this.tokens.endOfGroup(word + 1, to) : word + 1;
        }
        let isConst = false;
        const start = word;
        while (
            word < to &&
            (MODIFIERS.has(tokens.name(word)) || tokens.kinds[word] === TOKEN.string)
        ) {
            isConst ||= tokens.name(word) === "const";
            word += 1;
        }
        // `const X: T`, `extern crate`, `unsafe impl`: a modifier counts as one before these words alone.
        const isModified = ["fn", "impl", "trait", "mod"].includes(tokens.name(word));
        return { at, isPlain, isVisible, isConst, word: isModified ? word : start };
    }

    /** Whether an attribute, with all that a `cfg_attr` may make of it, is one of the language. */
    #isPlain(from: number, to: number): boolean {
        const { tokens } = this;
        if (tokens.name(from) !== "cfg_attr" || !tokens.isPunctuation(from + 1, "(")) {
            return PLAIN_ATTRIBUTES.has(tokens.name(from));
        }
        let isPlain = true;
        for (let at = from + 2; at < to - 1; at = this.#next(at, to - 1)) {
            if (tokens.isPunctuation(at, ",") && at + 1 < to - 1) {
                isPlain &&= this.#isPlain(at + 1, to - 1);
            }
        }
        return isPlain;
    }

    /** First `{` or `;` that is not inside parentheses, brackets or a generic argument. */
    #bodyStart(from: number, to: number): number {
        const { tokens } = this;
        let at = from;
        while (at < to) {
            if (tokens.isPunctuation(at, ";")) {
                return at;
            }
            if (tokens.isPunctuation(at, "{")) {
                const isArgument = ["<", ",", "="].some((sign) =>
                    tokens.isPunctuation(at - 1, sign),
                );
                // A where clause may end with a comma before the body.
                const isBody = !isArgument || this.#isWhereEnd(from, at);
                if (isBody) {
                    return at;
                }
            }
            at = this.#next(at, to);
        }
        return to;
    }

    #isWhereEnd(from: number, at: number): boolean {
        if (!this.tokens.isPunctuation(at - 1, ",")) {
            return false;
        }
        for (let i = from; i < at; i++) {
            if (this.tokens.name(i) === "where") {
                return true;
            }
        }
        return false;
    }

    /** After the semicolon or the braces that end an item. */
    #endOfItem(from: number, to: number): number {
        const { tokens } = this;
        const untilSemicolon = ENDS_AT_SEMICOLON.has(tokens.name(from));
        for (let at = from; at < to; at = this.#next(at, to)) {
            if (tokens.isPunctuation(at, ";")) {
                return at + 1;
            }
            if (tokens.isPunctuation(at, "{") && !untilSemicolon) {
                return this.tokens.endOfGroup(at, to);
            }
        }
        return to;
    }

    /** The token after this one, or after the group that it opens. */
    #next(at: number, to: number): number {
        return this.tokens.isOpen(at) ? this.tokens.endOfGroup(at, to) : at + 1;
    }

    #returnsOpaque(from: number, open: number): boolean {
        for (let i = from; i < open; i++) {
            const isArrow =
                this.tokens.isPunctuation(i, "-") && this.tokens.isPunctuation(i + 1, ">");
            if (isArrow && this.#holds(i, open, OUTWARD)) {
                return true;
            }
        }
        return false;
    }

    #holds(from: number, to: number, words: ReadonlySet<string>): boolean {
        for (let i = from; i < to; i++) {
            if (this.tokens.kinds[i] === TOKEN.ident && words.has(this.tokens.name(i))) {
                return true;
            }
        }
        return false;
    }
}
