// Compiles the right side of a rule: metavariables are looked up among the rule's, repetitions are nested,
// all else is literal.

import {
    MACRO_TOKEN,
    isMacroProblem,
    type BodyMeasure,
    type BodyNode,
    type ConcatPart,
    type MacroProblem,
    type MacroToken,
    type MacroVariable,
} from "./model.ts";
import { findVariable, parseRepetitionTail } from "./parse-matcher.ts";
import { problemAt, type TokenList } from "./token-list.ts";

/** A transcriber's tokens and what it may name. */
export interface BodyInput {
    readonly list: TokenList;
    readonly variables: readonly MacroVariable[];
    /** Number of the crate that `$crate` means. */
    readonly crate: number;
}

/** Compiles the tokens from `start` to `end`, which are a transcriber's inside. */
export function compileBody(
    input: BodyInput,
    start: number,
    end: number,
): readonly BodyNode[] | MacroProblem {
    const nodes: BodyNode[] = [];
    let at = start;
    while (at < end) {
        const token = input.list.tokens[at];
        if (token === undefined) {
            break;
        }
        const isDollar = token.kind === MACRO_TOKEN.punctuation && token.text === "$";
        if (!isDollar || at + 1 >= end) {
            nodes.push({ node: "token", token });
            at += 1;
            continue;
        }
        const read = readDollar(input, at, end);
        if (isMacroProblem(read)) {
            return read;
        }
        nodes.push(read.node);
        at = read.after;
    }
    return nodes;
}

interface ReadNode {
    readonly node: BodyNode;
    readonly after: number;
}

function readDollar(input: BodyInput, at: number, end: number): ReadNode | MacroProblem {
    const { tokens } = input.list;
    const dollar = tokens[at];
    const next = tokens[at + 1];
    if (dollar === undefined || next === undefined) {
        return problemAt(dollar, "a dollar without a name in a body");
    }
    if (next.kind === MACRO_TOKEN.identifier) {
        return { node: readName(input, dollar, next), after: at + 2 };
    }
    if (next.kind === MACRO_TOKEN.open && next.text === "(") {
        return readSequence(input, at, end);
    }
    if (next.kind === MACRO_TOKEN.open && next.text === "{") {
        const close = input.list.partner[at + 1] ?? at + 1;
        const measure = new MeasureReader(input, at + 2, close).read();
        return measure === undefined
            ? problemAt(next, "an unknown metavariable expression")
            : { node: { node: "measure", measure, dollar }, after: close + 1 };
    }
    if (next.text === "$") {
        return { node: { node: "token", token: next }, after: at + 2 };
    }
    return problemAt(dollar, "a dollar without a name in a body");
}

function readName(input: BodyInput, dollar: MacroToken, name: MacroToken): BodyNode {
    if (name.text === "crate") {
        const token = { ...name, text: "$crate", start: dollar.start, crate: input.crate };
        return { node: "token", token };
    }
    const variable = findVariable(input.variables, name);
    return { node: "variable", variable, dollar, name };
}

function readSequence(input: BodyInput, at: number, end: number): ReadNode | MacroProblem {
    const { list } = input;
    const dollar = list.tokens[at];
    const close = list.partner[at + 1] ?? at + 1;
    const tail = parseRepetitionTail(list, close + 1);
    if (dollar === undefined || tail === undefined || tail.after > end) {
        return problemAt(list.tokens[close], "a repetition without its operator");
    }
    const nodes = compileBody(input, at + 2, close);
    if (isMacroProblem(nodes)) {
        return nodes;
    }
    const { separator, operator, after } = tail;
    const variables = [...new Set(nodes.flatMap(variablesOf))];
    return { node: { node: "sequence", nodes, separator, operator, variables, dollar }, after };
}

function variablesOf(node: BodyNode): readonly number[] {
    switch (node.node) {
        case "token":
            return [];
        case "variable":
            return node.variable < 0 ? [] : [node.variable];
        case "sequence":
            return node.variables;
        case "measure":
            return measuredVariables(node.measure);
    }
}

function measuredVariables(measure: BodyMeasure): readonly number[] {
    switch (measure.measure) {
        case "count":
        case "ignore":
            return [measure.variable];
        case "concat":
            return measure.parts.flatMap((part) =>
                part.part === "variable" ? [part.variable] : [],
            );
        default:
            return [];
    }
}

/** Reads the inside of `${…}`. */
class MeasureReader {
    readonly #input: BodyInput;
    readonly #end: number;
    #at: number;

    constructor(input: BodyInput, at: number, end: number) {
        this.#input = input;
        this.#at = at;
        this.#end = end;
    }

    read(): BodyMeasure | undefined {
        const word = this.#next();
        const open = this.#next();
        if (word === undefined || open?.text !== "(") {
            return undefined;
        }
        const measure = this.#measure(word.text);
        const isClosed = this.#next()?.text === ")" && this.#at === this.#end;
        return isClosed ? measure : undefined;
    }

    #measure(word: string): BodyMeasure | undefined {
        switch (word) {
            case "count": {
                const variable = this.#variable();
                const depth = this.#peek()?.text === "," ? this.#depthAfterComma() : 0;
                return variable < 0 || depth < 0
                    ? undefined
                    : { measure: "count", variable, depth };
            }
            case "ignore": {
                const variable = this.#variable();
                return variable < 0 ? undefined : { measure: "ignore", variable };
            }
            case "index":
            case "len": {
                const depth = this.#peek()?.text === ")" ? 0 : this.#number();
                return depth < 0 ? undefined : { measure: word, depth };
            }
            case "concat":
                return this.#concat();
            default:
                return undefined;
        }
    }

    #concat(): BodyMeasure | undefined {
        const parts: ConcatPart[] = [];
        for (;;) {
            const part = this.#concatPart();
            if (part === undefined) {
                return undefined;
            }
            parts.push(part);
            if (this.#peek()?.text !== ",") {
                return parts.length >= 2 ? { measure: "concat", parts } : undefined;
            }
            this.#at += 1;
        }
    }

    #concatPart(): ConcatPart | undefined {
        const token = this.#peek();
        if (token?.text === "$") {
            const variable = this.#variable();
            return variable < 0 ? undefined : { part: "variable", variable, token };
        }
        this.#at += 1;
        if (token?.kind === MACRO_TOKEN.identifier) {
            return { part: "text", text: token.text, token };
        }
        const isString = token?.kind === MACRO_TOKEN.literal && token.text.startsWith('"');
        return isString ? { part: "text", text: token.text.slice(1, -1), token } : undefined;
    }

    #depthAfterComma(): number {
        this.#at += 1;
        return this.#number();
    }

    #number(): number {
        const text = this.#next()?.text ?? "";
        return /^[0-9]+$/u.test(text) ? Number(text) : -1;
    }

    #variable(): number {
        if (this.#peek()?.text === "$") {
            this.#at += 1;
        }
        const name = this.#next();
        return name === undefined ? -1 : findVariable(this.#input.variables, name);
    }

    #peek(): MacroToken | undefined {
        return this.#at < this.#end ? this.#input.list.tokens[this.#at] : undefined;
    }

    #next(): MacroToken | undefined {
        const token = this.#peek();
        this.#at += 1;
        return token;
    }
}
