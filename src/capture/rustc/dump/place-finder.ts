// Decides which token of the source an identifier of a dump is: one written in the source, one in a
// macro's body, or one at a macro call that the compiler placed in the macro's body.

import { FACT_FLAG } from "../facts.ts";
import { contextOf, type DumpIdent } from "./dump-words.ts";
import type { FactCollector } from "./fact-collector.ts";
import { findMacroCalls } from "./macro-bodies.ts";
import { TOKEN } from "./rust-tokens.ts";
import type { SourceFile, SourceSpan } from "./source-files.ts";

/** A token and what is special about it. */
export interface FoundToken {
    readonly at: SourceSpan;
    readonly flags: number;
}

/** Chooses a token in a span; -1 for none. */
export type PickToken = (file: SourceFile, span: SourceSpan) => number;

/** Finds tokens for identifiers. */
export class PlaceFinder {
    readonly #collector: FactCollector;
    readonly #calls = new Map<string, Map<string, SourceSpan | undefined>>();

    constructor(collector: FactCollector) {
        this.#collector = collector;
    }

    /**
     * The token of an identifier whose node has this printed span. `enclosing` is the smallest span
     * around it that was written in the source: a macro call that it came from lies in there.
     */
    find(
        ident: DumpIdent,
        printed: string,
        enclosing: SourceSpan | undefined,
        pick: PickToken,
    ): FoundToken | undefined {
        const span = this.#collector.files.span(printed);
        const context = contextOf(printed);
        const file = span === undefined ? undefined : this.#collector.files.file(span.file);
        const inMacro = span !== undefined && file?.macroAt(span.start) !== undefined;
        if (ident.context === 0 && context !== 0) {
            const isPlaced = span !== undefined && !inMacro;
            return isPlaced ? this.#drop("expanded") : this.#atCall(ident.name, enclosing);
        }
        if (span === undefined || file === undefined || ident.context !== context) {
            return this.#drop("expanded");
        }
        if (context !== 0 && !inMacro) {
            return this.#drop("expanded");
        }
        const index = pick(file, span);
        if (index < 0) {
            return this.#drop(context === 0 ? "mismatch" : "expanded");
        }
        const isVariable = context !== 0 && file.tokens.isPunctuation(index - 1, "$");
        if (isVariable || file.tokens.name(index) !== ident.name) {
            return this.#drop(context === 0 ? "mismatch" : "expanded");
        }
        return {
            at: tokenSpan(file, index, context),
            flags: context === 0 ? 0 : FACT_FLAG.macroBody,
        };
    }

    /**
     * Tokens of a name inside a format string: the capture that a span inside the literal is, and the
     * others of that name, which the compiler has made one with it.
     */
    captures(ident: DumpIdent, printed: string): FoundToken[] {
        const span = this.#collector.files.span(printed);
        if (span === undefined || ident.context !== 0 || span.context !== 0) {
            return [];
        }
        const file = this.#collector.files.file(span.file);
        const literal = file.tokens.at(span.start);
        const start = file.tokens.starts[literal] ?? 0;
        if (file.tokens.kinds[literal] !== TOKEN.string || start >= span.start) {
            return [];
        }
        const end = file.tokens.ends[literal] ?? start;
        return captureOffsets(file.text.slice(start, end), ident.name, span.start - start).map(
            (offset) => ({
                at: {
                    file: span.file,
                    start: start + offset,
                    end:
                        start +
                        offset +
                        (offset === span.start - start ? span.end - span.start : ident.name.length),
                    context: 0,
                },
                flags: 0,
            }),
        );
    }

    #drop(reason: "expanded" | "mismatch" | "hygiene"): FoundToken | undefined {
        this.#collector.drop(reason);
        return undefined;
    }

    /** The only token of that name in the inputs of the macro calls inside a span. */
    #atCall(name: string, enclosing: SourceSpan | undefined): FoundToken | undefined {
        if (enclosing === undefined) {
            return this.#drop("hygiene");
        }
        const key = `${enclosing.file}:${enclosing.start}:${enclosing.end}`;
        let names = this.#calls.get(key);
        if (names === undefined) {
            if (this.#calls.size > 256) {
                this.#calls.clear();
            }
            names = inputNames(this.#collector.files.file(enclosing.file), enclosing);
            this.#calls.set(key, names);
        }
        const at = names.get(name);
        return at === undefined ? this.#drop("hygiene") : { at, flags: FACT_FLAG.byHygiene };
    }
}

/** Identifiers in the inputs of macro calls; undefined for those that occur more than once. */
function inputNames(file: SourceFile, range: SourceSpan): Map<string, SourceSpan | undefined> {
    const names = new Map<string, SourceSpan | undefined>();
    const { tokens } = file;
    for (const call of findMacroCalls(tokens, range.start, range.end)) {
        for (let index = call.first; index <= call.last; index += 1) {
            if (tokens.kinds[index] === TOKEN.ident) {
                const name = tokens.name(index);
                names.set(name, names.has(name) ? undefined : tokenSpan(file, index, 0));
            }
        }
    }
    return names;
}

/** Span of one token. */
export function tokenSpan(file: SourceFile, index: number, context: number): SourceSpan {
    return {
        file: file.index,
        start: file.tokens.starts[index] ?? 0,
        end: file.tokens.ends[index] ?? 0,
        context,
    };
}

/** Picks the first identifier of that name in the span, attributes left out. */
export function firstNamed(name: string): PickToken {
    return (file, span) => {
        const { tokens } = file;
        let index = tokens.firstEndingAfter(span.start);
        while (index < tokens.count && (tokens.starts[index] ?? 0) < span.end) {
            if (tokens.isPunctuation(index, "#")) {
                index = skipAttribute(file, index);
            } else if (tokens.kinds[index] === TOKEN.ident && tokens.name(index) === name) {
                return index;
            } else {
                index += 1;
            }
        }
        return -1;
    };
}

/** Picks the name of a binding, whose span is `ref mut name` or goes on with `@`. */
export function bindingNamed(name: string): PickToken {
    return (file, span) => {
        const { tokens } = file;
        let index = tokens.firstEndingAfter(span.start);
        while (tokens.kinds[index] === TOKEN.ident && isModifier(tokens.name(index))) {
            index += 1;
        }
        const isName = tokens.kinds[index] === TOKEN.ident && tokens.name(index) === name;
        const isWhole = tokens.ends[index] === span.end || tokens.isPunctuation(index + 1, "@");
        return isName && isWhole ? index : -1;
    };
}

function isModifier(word: string): boolean {
    return word === "ref" || word === "mut" || word === "box";
}

function skipAttribute(file: SourceFile, index: number): number {
    const { tokens } = file;
    if (!tokens.isPunctuation(index + 1, "[")) {
        return index + 1;
    }
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

const ITEM_WORDS = new Set([
    "fn",
    "struct",
    "enum",
    "union",
    "type",
    "const",
    "static",
    "mut",
    "trait",
    "mod",
    "macro",
    "ref",
]);

/** Picks the identifier of that name behind an item's keyword. */
export function namedItem(name: string): PickToken {
    return (file, span) => {
        const { tokens } = file;
        let index = tokens.firstEndingAfter(span.start);
        for (; index < tokens.count && (tokens.starts[index] ?? 0) < span.end; index += 1) {
            if (tokens.isPunctuation(index, "#")) {
                index = skipAttribute(file, index) - 1;
                continue;
            }
            if (tokens.kinds[index] !== TOKEN.ident || tokens.name(index) !== name) {
                continue;
            }
            const before = tokens.name(index - 1);
            const isMacro = before === "!" && tokens.name(index - 2) === "macro_rules";
            if (ITEM_WORDS.has(before) || isMacro) {
                return index;
            }
        }
        return -1;
    };
}

/** Picks the token that holds a span's start. */
export const firstToken: PickToken = (file, span) => file.tokens.at(span.start);

/** Picks the last identifier of a field access, brackets around it left out. */
export const lastField: PickToken = (file, span) => {
    const { tokens } = file;
    let index = tokens.firstEndingAfter(span.end) - 1;
    while ((tokens.ends[index] ?? -1) > span.end) {
        index -= 1;
    }
    while (index > 0 && tokens.isPunctuation(index, ")")) {
        index -= 1;
    }
    const isField = tokens.kinds[index] === TOKEN.ident && tokens.isPunctuation(index - 1, ".");
    return isField ? index : -1;
};

/** Offsets of a captured name in the text of a format string, the known one among them. */
export function captureOffsets(literal: string, name: string, known: number): number[] {
    const found = new Set([known]);
    // Braces of `{{`, `}}` and `\u{…}` do not open a placeholder.
    const placeholder = /\{\{|\\u\{[^}]*\}|\{([^{}:]*)(?::([^{}]*))?\}/g;
    for (const match of literal.matchAll(placeholder)) {
        const [whole, argument, format] = match;
        if (argument === undefined) {
            continue;
        }
        if (argument.trim() === name) {
            found.add(match.index + 1 + argument.indexOf(name));
        }
        const formatAt = match.index + whole.length - 1 - (format?.length ?? 0);
        for (const use of (format ?? "").matchAll(/([\p{XID_Start}_]\p{XID_Continue}*)\$/gu)) {
            if (use[1] === name) {
                found.add(formatAt + use.index);
            }
        }
    }
    return [...found];
}
