// Bridges the grammar's gaps: rewrites what it does not know to text of equal length that it parses, and
// says what the rows made from there must be told. Names are read from the file's own text, so only
// keywords, spaces and characters of literals are ever rewritten.

import type { Span } from "../base/index.ts";
import { FLAG, KIND } from "./kinds.ts";
import { TOKEN, type ScannedTokens } from "./scan-tokens.ts";

/** What a row that starts at, or next after, an offset must be told. */
export interface BridgeNote {
    /** The row is the first of one of these kinds whose span contains or follows the offset. */
    readonly offset: number;
    readonly kinds: readonly number[];
    readonly flags: number;
    /** Kind that the row really is. */
    readonly kind?: number;
}

/** A `macro` 2.0 definition, by its parts' places. */
export interface MacroTwo {
    /** Where the keyword stands; the call that replaces it starts there. */
    readonly start: number;
    readonly visibility: Span | undefined;
    readonly name: Span;
    /** Parameters and body, or the rules. */
    readonly groups: readonly Span[];
}

/** A text that the grammar parses, as long as the original. */
export interface BridgedText {
    readonly text: string;
    readonly notes: readonly BridgeNote[];
    readonly definitions: readonly MacroTwo[];
}

const MACRO_RULES = "macro_rules";

const CALLABLE = [KIND.function_item, KIND.function_signature_item];

/** Rewrites the gaps of one scanned text. */
export function bridgeGaps(text: string, tokens: ScannedTokens): BridgedText {
    return new Bridge(text, tokens).run();
}

class Bridge {
    readonly #text: string;
    readonly #tokens: ScannedTokens;
    readonly #notes: BridgeNote[] = [];
    readonly #definitions: MacroTwo[] = [];
    readonly #pieces: string[] = [];
    #copied = 0;

    constructor(text: string, tokens: ScannedTokens) {
        this.#text = text;
        this.#tokens = tokens;
    }

    run(): BridgedText {
        const { count, kind, start, end } = this.#tokens;
        const text = this.#text;
        if (text.startsWith("\ufeff")) {
            this.#replace(0, 1, " ");
        }
        for (let i = 0; i < count; i++) {
            const token = kind[i];
            const from = start[i] ?? 0;
            if (token === TOKEN.word) {
                if (MAY_BRIDGE[text.charCodeAt(from)] === 1) {
                    this.#word(i, text.slice(from, end[i]));
                }
            } else if (token === TOKEN.text) {
                this.#literal(from, end[i] ?? 0);
            } else if (token === TOKEN.sign || token === TOKEN.open) {
                this.#sign(i, text.charCodeAt(from));
            }
        }
        this.#pieces.push(text.slice(this.#copied));
        return {
            text: this.#pieces.join(""),
            notes: this.#notes,
            definitions: this.#definitions,
        };
    }

    #word(i: number, word: string): void {
        switch (word) {
            case "unsafe":
                this.#unsafe(i);
                break;
            case "safe":
                if (this.#isAny(i + 1, "fn", "static", "extern")) {
                    this.#blank(i, [...CALLABLE, KIND.static_item], 0);
                }
                break;
            case "const":
                this.#const(i);
                break;
            case "auto":
                if (this.#is(i + 1, "trait")) {
                    this.#blank(i, [KIND.trait_item], 0);
                }
                break;
            case "box":
                if (this.#isWord(i + 1) && !this.#isAny(i - 1, "fn", ".", "let", "mod", "use")) {
                    this.#blank(i, [], 0);
                }
                break;
            case "async":
                if (this.#isAny(i - 1, "impl", "dyn", ":", "+", "&") && this.#isWord(i + 1)) {
                    if (!this.#isAny(i + 1, "move", "fn", "unsafe", "extern")) {
                        this.#blank(i, [], 0);
                    }
                }
                break;
            case "raw":
                if (this.#is(i - 1, "&") && !this.#isAny(i + 1, "const", "mut")) {
                    // `&raw.field`: the grammar takes it for a raw borrow; its name comes from the file.
                    this.#replace(this.#start(i), this.#end(i), "raW");
                }
                break;
            case "try":
                if (
                    this.#is(i + 1, "!") ||
                    (this.#is(i - 1, "!") && this.#is(i - 2, MACRO_RULES))
                ) {
                    // The macro `try!` of the editions before 2018; its name comes from the file.
                    this.#replace(this.#start(i), this.#end(i), "trY");
                }
                break;
            case "macro":
                this.#macroTwo(i);
                break;
            case "trait":
                this.#traitAlias(i);
                break;
            case "for":
                this.#binderOfClosure(i);
                break;
            default:
        }
    }

    #unsafe(i: number): void {
        if (this.#is(i + 1, "(") && this.#isAny(i - 1, "[", ",", "(")) {
            // `#[unsafe(no_mangle)]`: the grammar wants an identifier; its name comes from the file.
            const start = this.#start(i);
            if (this.#is(i - 1, "[")) {
                this.#replace(start, start + 6, "unsafE");
            }
        } else if (this.#is(i + 1, "extern")) {
            const literal = this.#tokens.kind[i + 2] === TOKEN.text ? 1 : 0;
            if (this.#is(i + 2 + literal, "{")) {
                this.#blank(i, [KIND.foreign_mod_item], FLAG.unsafe);
            }
        } else if (this.#is(i + 1, "static")) {
            this.#blank(i, [KIND.static_item], FLAG.unsafe);
        } else if (this.#is(i + 1, "mod")) {
            this.#blank(i, [KIND.mod_item], FLAG.unsafe);
        }
    }

    #const(i: number): void {
        if (this.#is(i - 1, "impl")) {
            this.#blank(i, [KIND.impl_item], FLAG.const);
        } else if (this.#is(i - 1, ">") && this.#isImplHead(i - 1)) {
            this.#blank(i, [KIND.impl_item], FLAG.const);
        } else if (this.#isAny(i + 1, "impl")) {
            this.#blank(i, [KIND.impl_item], FLAG.const);
        } else if (this.#is(i + 1, "unsafe") && this.#isAny(i + 2, "impl", "trait", "auto")) {
            this.#blank(i, [KIND.impl_item, KIND.trait_item], FLAG.const);
        } else if (this.#isAny(i + 1, "trait", "auto")) {
            this.#blank(i, [KIND.trait_item], FLAG.const);
        } else if (this.#isAny(i + 1, "|", "move")) {
            if (!this.#is(i - 1, "*") && !this.#is(i - 1, "raw")) {
                this.#blank(i, [KIND.closure_expression], FLAG.const);
            }
        } else if (this.#is(i - 1, "~")) {
            this.#replace(this.#start(i - 1), this.#end(i), " ");
        } else if (this.#is(i - 1, "[") && this.#is(i + 1, "]") && !this.#is(i - 2, "#")) {
            this.#replace(this.#start(i - 1), this.#end(i + 1), " ");
        }
    }

    /** Whether the `>` at a token closes the parameters of an `impl`. */
    #isImplHead(close: number): boolean {
        let depth = 0;
        for (let i = close; i >= 0 && i > close - 200; i--) {
            if (this.#is(i, ">") && !this.#is(i - 1, "-")) {
                depth += 1;
            } else if (this.#is(i, "<")) {
                depth -= 1;
                if (depth === 0) {
                    return this.#is(i - 1, "impl");
                }
            }
        }
        return false;
    }

    /** `trait A = B + C;` parses as a type alias. */
    #traitAlias(i: number): void {
        let depth = 0;
        for (let at = i + 2; at < this.#tokens.count; at++) {
            if (this.#is(at, "<")) {
                depth += 1;
            } else if (this.#is(at, ">") && !this.#is(at - 1, "-")) {
                depth -= 1;
            } else if (this.#isAny(at, "{", ";", "(", ":", "where") && depth === 0) {
                return;
            } else if (this.#is(at, "=") && depth === 0) {
                this.#replace(this.#start(i), this.#end(i), "type ");
                this.#note(i, [KIND.type_item, KIND.trait_item], 0, KIND.trait_item);
                return;
            }
        }
    }

    /** `pub macro name(…) {…}`: a call without contents holds its place, which a walk then fills. */
    #macroTwo(i: number): void {
        if (!this.#isWord(i + 1) || !this.#isAny(i + 2, "(", "{")) {
            return;
        }
        if (this.#isAny(i - 1, ".", "!", "$", "fn", "mod", "struct", "let", "use")) {
            return;
        }
        const first = this.#closing(i + 2);
        const last = this.#is(i + 2, "(") ? this.#closing(first + 1) : first;
        if (last >= this.#tokens.count || (last > first && !this.#is(first + 1, "{"))) {
            return;
        }
        const [start, end] = [this.#start(i), this.#end(last)];
        const groups = [{ start: this.#start(i + 2), end: this.#end(first) }];
        if (last > first) {
            groups.push({ start: this.#start(first + 1), end });
        }
        const visibility = this.#visibilityBefore(i);
        if (visibility !== undefined) {
            this.#replace(visibility.start, visibility.end, " ");
        }
        const name = { start: this.#start(i + 1), end: this.#end(i + 1) };
        this.#definitions.push({ start, visibility, name, groups });
        this.#replace(start, start + 3, "m!{");
        this.#replace(start + 3, end - 1, " ");
    }

    #visibilityBefore(i: number): Span | undefined {
        let at = i - 1;
        if (this.#is(at, ")")) {
            while (at >= 0 && i - at < 40 && !this.#is(at, "(")) {
                at -= 1;
            }
            at -= 1;
        }
        return this.#is(at, "pub") ? { start: this.#start(at), end: this.#end(i - 1) } : undefined;
    }

    /** The token that closes the group which a token opens; the count of tokens when none does. */
    #closing(open: number): number {
        let depth = 0;
        for (let i = open; i < this.#tokens.count; i++) {
            if (this.#tokens.kind[i] === TOKEN.open) {
                depth += this.#isAny(i, "(", "[", "{") ? 1 : 0;
                depth -= this.#isAny(i, ")", "]", "}") ? 1 : 0;
                if (depth === 0) {
                    return i;
                }
            }
        }
        return this.#tokens.count;
    }

    /** `for<'a> |x| …`: the binder is blanked. */
    #binderOfClosure(i: number): void {
        if (!this.#is(i + 1, "<")) {
            return;
        }
        let at = i + 2;
        while (at < this.#tokens.count && !this.#is(at, ">")) {
            if (!this.#is(at, ",") && this.#tokens.kind[at] !== TOKEN.lifetime) {
                return;
            }
            at += 1;
        }
        if (this.#isAny(at + 1, "|", "move", "async", "static")) {
            this.#replace(this.#start(i), this.#end(at), " ");
            this.#note(i, [KIND.closure_expression], 0);
        }
    }

    /** The grammar's lexer reads one UTF-16 unit in a character literal. */
    #literal(start: number, end: number): void {
        const text = this.#text;
        if (text.charCodeAt(start) === 0x27 && end - start === 4 && text[start + 1] !== "\\") {
            this.#replace(start + 1, end - 1, "\\n");
        }
    }

    #sign(i: number, code: number): void {
        if (code === 0x24 && this.#isWord(i + 1) && this.#start(i + 1) > this.#end(i)) {
            // `$ name`, as printed by the compiler.
            const name = this.#start(i + 1);
            this.#replace(this.#start(i), name, `${" ".repeat(name - this.#start(i) - 1)}$`);
        } else if (code === 0x3c && this.#is(i - 1, "impl")) {
            this.#parametersOfImpl(i);
        }
    }

    /** `impl<usize: Copy>`: the grammar takes the parameter for the primitive type; its name comes from the file. */
    #parametersOfImpl(open: number): void {
        let depth = 0;
        for (let i = open; i < this.#tokens.count && !this.#isAny(i, "{", ";"); i++) {
            if (this.#is(i, "<")) {
                depth += 1;
            } else if (this.#is(i, ">") && !this.#is(i - 1, "-")) {
                depth -= 1;
            }
            if (depth === 0) {
                return;
            }
            const isFirst = depth === 1 && this.#isAny(i - 1, "<", ",");
            const name = this.#text.slice(this.#start(i), this.#end(i));
            if (isFirst && PRIMITIVE.test(name) && this.#isAny(i + 1, ":", ",", ">", "=")) {
                this.#replace(this.#start(i), this.#end(i), `${name.slice(0, -1)}_`);
            }
        }
    }

    #blank(i: number, kinds: readonly number[], flags: number): void {
        this.#replace(this.#start(i), this.#end(i), " ");
        if (kinds.length > 0) {
            this.#note(i, kinds, flags);
        }
    }

    #note(i: number, kinds: readonly number[], flags: number, kind?: number): void {
        const note = { offset: this.#start(i), kinds, flags: flags | FLAG.bridged };
        this.#notes.push(kind === undefined ? note : { ...note, kind });
    }

    /** Replaces a range by text of its length; a single space stands for a range of blanks. */
    #replace(start: number, end: number, by: string): void {
        if (start < this.#copied) {
            return;
        }
        const old = this.#text.slice(start, end);
        this.#pieces.push(
            this.#text.slice(this.#copied, start),
            by === " " ? old.replace(/[^\n\r]/g, " ") : by,
        );
        this.#copied = end;
    }

    #start(i: number): number {
        return this.#tokens.start[i] ?? this.#text.length;
    }

    #end(i: number): number {
        return this.#tokens.end[i] ?? this.#text.length;
    }

    #is(i: number, word: string): boolean {
        const { count, start, end } = this.#tokens;
        if (i < 0 || i >= count || (end[i] ?? 0) - (start[i] ?? 0) !== word.length) {
            return false;
        }
        return this.#text.startsWith(word, start[i]);
    }

    #isAny(i: number, ...words: readonly string[]): boolean {
        return words.some((word) => this.#is(i, word));
    }

    #isWord(i: number): boolean {
        return i < this.#tokens.count && this.#tokens.kind[i] === TOKEN.word;
    }
}

const PRIMITIVE = /^(?:bool|char|str|[ui](?:8|16|32|64|128|size)|f(?:16|32|64|128))$/u;

/** First letters of the words that may need a bridge. */
const MAY_BRIDGE: Uint8Array = markLetters("uscabtfmr");

function markLetters(letters: string): Uint8Array {
    const marks = new Uint8Array(0x10000);
    for (const letter of letters) {
        marks[letter.charCodeAt(0)] = 1;
    }
    return marks;
}
