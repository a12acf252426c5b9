// What of a crate's source other crates can see, as a hash: its tokens without comments, without the
// bodies of functions, and without private functions. A body counts where its contents are seen from
// outside: of `const fn`, of functions that return `impl Trait`, with impls or macros in it.
// Whatever is not surely invisible counts, so that equal hashes mean an equal view.

import { createHash } from "node:crypto";

import { RustTokens, TOKEN } from "./dump/rust-tokens.ts";

/** Hash of what other crates can see of a file. */
export function hashInterface(text: string): string {
    const walker = new InterfaceWalker(new RustTokens(text));
    walker.items(0, walker.tokens.count, "module");
    return createHash("sha256").update(walker.kept.join("\n"), "utf8").digest("hex");
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
const OUTWARD = new Set(["impl", "macro_rules", "macro", "extern"]);

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

class InterfaceWalker {
    readonly tokens: RustTokens;
    readonly kept: string[] = [];

    constructor(tokens: RustTokens) {
        this.tokens = tokens;
    }

    /** Keeps what is visible of the items between two tokens. */
    items(from: number, to: number, context: Context): void {
        let at = from;
        while (at < to) {
            at = Math.max(this.#item(at, to, context), at + 1);
        }
    }

    #item(from: number, to: number, context: Context): number {
        const head = this.#head(from, to);
        const word = this.tokens.name(head.word);
        if (!head.isPlain) {
            return this.#keep(from, this.#endOfItem(head.word, to));
        }
        if (word === "fn") {
            return this.#function(from, to, head, context);
        }
        const isBlock = word === "mod" || word === "trait" || word === "impl";
        const open = isBlock ? this.#bodyStart(head.word, to) : to;
        if (open >= to || !this.tokens.isPunctuation(open, "{")) {
            return this.#keep(from, this.#endOfItem(head.word, to));
        }
        this.#keep(from, open + 1);
        const close = this.#endOfGroup(open, to);
        this.items(open + 1, close - 1, this.#contextOf(word, head.word, open));
        return this.#keep(close - 1, close);
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

    #function(from: number, to: number, head: Head, context: Context): number {
        const open = this.#bodyStart(head.word, to);
        if (open >= to || !this.tokens.isPunctuation(open, "{")) {
            return this.#keep(from, Math.min(open + 1, to));
        }
        const end = this.#endOfGroup(open, to);
        const isSeen = head.isConst || this.#returnsOpaque(head.word, open);
        if (isSeen || this.#holds(open, end, OUTWARD)) {
            return this.#keep(from, end);
        }
        if (context === "trait" || head.isVisible) {
            this.#keep(from, open);
        }
        return end;
    }

    /** Attributes, visibility and modifiers of an item. */
    #head(from: number, to: number): Head {
        const { tokens } = this;
        let at = from;
        let isPlain = true;
        while (at < to && tokens.isPunctuation(at, "#")) {
            const open = tokens.isPunctuation(at + 1, "!") ? at + 2 : at + 1;
            isPlain &&= PLAIN_ATTRIBUTES.has(tokens.name(open + 1));
            at = Math.max(this.#endOfGroup(open, to), at + 1);
        }
        let word = at;
        let isVisible = false;
        if (tokens.name(word) === "pub") {
            const isLimited = tokens.isPunctuation(word + 1, "(");
            isVisible = !isLimited;
            word = isLimited ? this.#endOfGroup(word + 1, to) : word + 1;
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
                return this.#endOfGroup(at, to);
            }
        }
        return to;
    }

    /** The token after this one, or after the group that it opens. */
    #next(at: number, to: number): number {
        return isOpen(this.tokens, at) ? this.#endOfGroup(at, to) : at + 1;
    }

    #endOfGroup(open: number, to: number): number {
        let depth = 0;
        for (let at = open; at < to; at++) {
            if (isOpen(this.tokens, at)) {
                depth += 1;
            } else if (isClose(this.tokens, at)) {
                depth -= 1;
                if (depth <= 0) {
                    return at + 1;
                }
            }
        }
        return to;
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

    #keep(from: number, to: number): number {
        const { tokens } = this;
        for (let i = from; i < to; i++) {
            this.kept.push(tokens.text.slice(tokens.starts[i], tokens.ends[i]));
        }
        return to;
    }
}

function isOpen(tokens: RustTokens, at: number): boolean {
    return ["(", "[", "{"].some((sign) => tokens.isPunctuation(at, sign));
}

function isClose(tokens: RustTokens, at: number): boolean {
    return [")", "]", "}"].some((sign) => tokens.isPunctuation(at, sign));
}
