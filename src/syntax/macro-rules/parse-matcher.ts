// Compiles the left side of a rule: metavariables, repetitions and literal tokens become numbered steps.

import {
    MACRO_TOKEN,
    type FragmentKind,
    type HygieneMark,
    type MacroProblem,
    type MacroToken,
    type MacroVariable,
    type MatcherStep,
    type RepetitionOperator,
} from "./model.ts";
import { problemAt, type TokenList } from "./token-list.ts";

const FRAGMENTS: ReadonlySet<string> = new Set<FragmentKind>([
    ...(["block", "expr", "expr_2021", "ident", "item", "lifetime", "literal", "meta"] as const),
    ...(["pat", "pat_param", "path", "stmt", "tt", "ty", "vis"] as const),
]);

/** The operator of a repetition and what stands between its turns. */
export interface RepetitionTail {
    readonly separator: MacroToken | undefined;
    readonly operator: RepetitionOperator;
    /** Number of the token behind it. */
    readonly after: number;
}

/** A compiled left side. */
export interface CompiledMatcher {
    readonly steps: readonly MatcherStep[];
    readonly variables: readonly MacroVariable[];
}

/** Reads `sep* op` behind a repetition's closing parenthesis. */
export function parseRepetitionTail(list: TokenList, at: number): RepetitionTail | undefined {
    const first = list.tokens[at];
    const operator = operatorOf(first);
    if (operator !== undefined) {
        return { separator: undefined, operator, after: at + 1 };
    }
    const second = operatorOf(list.tokens[at + 1]);
    const isToken = first !== undefined && !isDelimiter(first);
    return isToken && second !== undefined && second !== "?"
        ? { separator: first, operator: second, after: at + 2 }
        : undefined;
}

function operatorOf(token: MacroToken | undefined): RepetitionOperator | undefined {
    const text = token?.kind === MACRO_TOKEN.punctuation ? token.text : "";
    return text === "*" || text === "+" || text === "?" ? text : undefined;
}

function isDelimiter(token: MacroToken): boolean {
    return token.kind >= MACRO_TOKEN.open && token.kind !== MACRO_TOKEN.doc;
}

/** Finds a metavariable by name; a macro's own name is another than the same of a macro that wrote it. */
export function findVariable(
    variables: readonly MacroVariable[],
    name: { readonly text: string; readonly mark: HygieneMark | undefined },
): number {
    return variables.findIndex((one) => one.name === name.text && one.mark === name.mark);
}

/** Compiles the tokens from `start` to `end`, which are a matcher's inside. */
export function compileMatcher(
    list: TokenList,
    start: number,
    end: number,
): CompiledMatcher | MacroProblem {
    const compiler = new MatcherCompiler(list);
    const problem = compiler.compile(start, end, 0);
    if (problem !== undefined) {
        return problem;
    }
    compiler.steps.push({ step: "end" });
    return { steps: compiler.steps, variables: compiler.variables };
}

class MatcherCompiler {
    readonly steps: MatcherStep[] = [];
    readonly variables: MacroVariable[] = [];
    readonly #list: TokenList;

    constructor(list: TokenList) {
        this.#list = list;
    }

    compile(start: number, end: number, depth: number): MacroProblem | undefined {
        let at = start;
        while (at < end) {
            const token = this.#list.tokens[at];
            const next = this.#list.tokens[at + 1];
            if (token === undefined) {
                break;
            }
            const isDollar = token.kind === MACRO_TOKEN.punctuation && token.text === "$";
            if (!isDollar || at + 1 >= end) {
                this.steps.push({ step: "token", token });
                at += 1;
            } else if (next?.kind === MACRO_TOKEN.open && next.text === "(") {
                const after = this.#sequence(at + 1, end, depth);
                if (typeof after !== "number") {
                    return after;
                }
                at = after;
            } else if (next?.kind === MACRO_TOKEN.identifier) {
                const after = this.#named(at, next, depth);
                if (typeof after !== "number") {
                    return after;
                }
                at = after;
            } else {
                return problemAt(token, "a dollar without a name in a matcher");
            }
        }
        return undefined;
    }

    /** `$crate` or `$name:fragment`. */
    #named(at: number, name: MacroToken, depth: number): number | MacroProblem {
        if (name.text === "crate") {
            const token = this.#list.tokens[at] ?? name;
            this.steps.push({
                step: "token",
                token: { ...name, text: "$crate", start: token.start },
            });
            return at + 2;
        }
        const fragment = this.#list.tokens[at + 3];
        const hasColon = this.#list.tokens[at + 2]?.text === ":";
        if (!hasColon || fragment === undefined || !isFragment(fragment.text)) {
            return problemAt(name, `no known fragment is given for $${name.text}`);
        }
        if (findVariable(this.variables, name) >= 0) {
            return problemAt(name, `$${name.text} is declared twice`);
        }
        this.steps.push({
            step: "variable",
            variable: this.variables.length,
            fragment: fragment.text,
            depth,
        });
        this.variables.push({
            name: name.text,
            mark: name.mark,
            fragment: fragment.text,
            depth,
            source: name.source,
            start: name.start,
            end: name.end,
        });
        return at + 4;
    }

    #sequence(open: number, end: number, depth: number): number | MacroProblem {
        const close = this.#list.partner[open] ?? open;
        const tail = parseRepetitionTail(this.#list, close + 1);
        if (tail === undefined || tail.after > end) {
            return problemAt(this.#list.tokens[close], "a repetition without its operator");
        }
        const entry = this.steps.length;
        const firstVariable = this.variables.length;
        this.steps.push({ step: "end" });
        const problem = this.compile(open + 1, close, depth + 1);
        if (problem !== undefined) {
            return problem;
        }
        if (tail.separator === undefined) {
            if (this.#mayBeEmpty(entry + 1)) {
                return problemAt(this.#list.tokens[open], "a repetition that may match nothing");
            }
            this.steps.push({ step: "repeat", operator: tail.operator, first: entry + 1 });
        } else {
            this.steps.push({ step: "separator", token: tail.separator });
            this.steps.push({ step: "again", first: entry + 1 });
        }
        this.steps[entry] = {
            step: "sequence",
            operator: tail.operator,
            firstVariable,
            variableCount: this.variables.length - firstVariable,
            depth,
            after: this.steps.length,
        };
        return tail.after;
    }

    /** Says whether the steps from here to the end can all match nothing. */
    #mayBeEmpty(from: number): boolean {
        let at = from;
        while (at < this.steps.length) {
            const step = this.steps[at];
            const isOptional = step?.step === "sequence" && step.operator !== "+";
            if (isOptional) {
                at = step.after;
            } else if (step?.step === "variable" && step.fragment === "vis") {
                at += 1;
            } else {
                return false;
            }
        }
        return true;
    }
}

function isFragment(text: string): text is FragmentKind {
    return FRAGMENTS.has(text);
}
