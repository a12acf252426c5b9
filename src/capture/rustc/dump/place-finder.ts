// Decides which token of the source an identifier of a dump is: one written in the source, one in a
// macro's body, or one at a macro call that the compiler placed in the macro's body.

import { appendTo } from "../../../base/index.ts";
import { FACT_FLAG } from "../facts.ts";
import { contextOf, type DumpIdent } from "./dump-words.ts";
import type { FactCollector } from "./fact-collector.ts";
import { captureOffsets } from "./format-captures.ts";
import { findMacroCalls } from "./macro-bodies.ts";
import { firstToken, type PickToken } from "./pick-token.ts";
import { TOKEN } from "./rust-tokens.ts";
import type { SourceFile, SourceSpan } from "./source-files.ts";

/** A token and what is special about it. */
export interface FoundToken {
    readonly at: SourceSpan;
    readonly flags: number;
}

/** Finds tokens for identifiers. */
export class PlaceFinder {
    readonly #collector: FactCollector;
    readonly #calls = new Map<string, Map<string, SourceSpan[]>>();

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
        const context = contextOf(printed);
        if (ident.context === 0 && context !== 0) {
            return this.#isVariable(printed, pick)
                ? this.#atCall(ident.name, enclosing)
                : this.#drop("expanded");
        }
        const span = this.#collector.files.span(printed);
        if (span === undefined || ident.context !== context) {
            return this.#drop("expanded");
        }
        const file = this.#collector.files.file(span.file);
        if (context !== 0 && file.macroAt(span.start) === undefined) {
            return this.#drop("expanded");
        }
        const index = pick.name(file.tokens, span, ident.name);
        const isVariable = context !== 0 && file.tokens.isPunctuation(index - 1, "$");
        if (index < 0 || isVariable || file.tokens.name(index) !== ident.name) {
            // What `?` becomes has the span of the whole expression, as if written there.
            const isTry = file.text[span.end - 1] === "?";
            return this.#drop(context === 0 && !isTry ? "mismatch" : "expanded");
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
        const text = file.text.slice(start, file.tokens.ends[literal] ?? start);
        return captureOffsets(text, ident.name, span.start - start).map((offset) => {
            const at = start + offset;
            const end = at === span.start ? span.end : at + ident.name.length;
            return { at: { file: span.file, start: at, end, context: 0 }, flags: 0 };
        });
    }

    #drop(reason: "expanded" | "mismatch" | "hygiene"): FoundToken | undefined {
        this.#collector.drop(reason);
        return undefined;
    }

    /** True when a macro's body has a variable where the name is placed: it was written at a call. */
    #isVariable(printed: string, pick: PickToken): boolean {
        const place = this.#collector.files.placeAnywhere(printed);
        if (place === undefined) {
            return false;
        }
        const { tokens, range } = place;
        // Of a variable that a method is called on, the path's span is empty, and begins at the variable.
        const picked = range.start === range.end ? firstToken : pick;
        return picked.variable(tokens, range) >= 0;
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
        const found = names.get(name) ?? [];
        const [at] = found;
        if (at !== undefined && found.length === 1) {
            return { at, flags: FACT_FLAG.byHygiene };
        }
        // Any of them may be the use: what else the compiler says of them is not all that they mean.
        for (const each of found) {
            this.#collector.open(each);
        }
        return this.#drop("hygiene");
    }
}

/** Identifiers in the inputs of macro calls, by name. */
function inputNames(file: SourceFile, range: SourceSpan): Map<string, SourceSpan[]> {
    const names = new Map<string, SourceSpan[]>();
    const { tokens } = file;
    for (const call of findMacroCalls(tokens, range.start, range.end)) {
        for (let index = call.first; index <= call.last; index += 1) {
            if (tokens.kinds[index] === TOKEN.ident) {
                appendTo(names, tokens.name(index), tokenSpan(file, index, 0));
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
