// Writes a rule's body with what its metavariables stand for. Tokens of the body get this expansion's mark;
// tokens of the input keep theirs, so both kinds can be told apart however deep macros nest.

import {
    MACRO_TOKEN,
    type BodyMeasure,
    type BodyNode,
    type ConcatPart,
    type FragmentKind,
    type HygieneMark,
    type MacroDefinition,
    type MacroProblem,
    type MacroRule,
    type MacroToken,
} from "./model.ts";
import { isRepeated, type MacroBinding, type MacroMatch } from "./match-rules.ts";
import { problemAt } from "./token-list.ts";

/** Fragments that keep no trace of having been one. */
const PLAIN: ReadonlySet<FragmentKind> = new Set(["tt", "ident", "lifetime"] as const);

/** Writes the body of the rule that matched. */
export function transcribeRule(
    definition: MacroDefinition,
    match: MacroMatch,
    tokensMax: number,
): readonly MacroToken[] | MacroProblem {
    const rule = definition.rules[match.rule];
    if (rule === undefined) {
        return problemAt(undefined, "the macro has no such rule");
    }
    const transcriber = new Transcriber(definition, { rule, match, tokensMax });
    return transcriber.write(rule.body) ? transcriber.tokens : transcriber.problem;
}

interface Work {
    readonly rule: MacroRule;
    readonly match: MacroMatch;
    readonly tokensMax: number;
}

/** Turn and number of turns of a repetition that is being written. */
interface Turn {
    index: number;
    readonly count: number;
}

class Transcriber {
    readonly tokens: MacroToken[] = [];
    problem: MacroProblem = problemAt(undefined, "nothing is wrong");
    readonly #definition: MacroDefinition;
    readonly #work: Work;
    readonly #turns: Turn[] = [];
    readonly #marks = new Map<HygieneMark | undefined, HygieneMark>();

    constructor(definition: MacroDefinition, work: Work) {
        this.#definition = definition;
        this.#work = work;
    }

    write(nodes: readonly BodyNode[]): boolean {
        for (const node of nodes) {
            if (!this.#writeNode(node)) {
                return false;
            }
            if (this.tokens.length > this.#work.tokensMax) {
                const { source, start, end } = this.#work.rule;
                this.problem = { problem: "the expansion is too long", source, start, end };
                return false;
            }
        }
        return true;
    }

    #writeNode(node: BodyNode): boolean {
        switch (node.node) {
            case "token":
                this.tokens.push(this.#marked(node.token));
                return true;
            case "variable":
                return this.#writeVariable(node);
            case "sequence":
                return this.#writeSequence(node);
            case "measure":
                return this.#writeMeasure(node.measure, node.dollar);
        }
    }

    #marked(token: MacroToken): MacroToken {
        let mark = this.#marks.get(token.mark);
        if (mark === undefined) {
            mark = { outer: token.mark, definition: this.#definition };
            this.#marks.set(token.mark, mark);
        }
        const { kind, text, source, start, end, crate, fragment } = token;
        return { kind, text, source, start, end, mark, crate, fragment };
    }

    #writeVariable(node: BodyNode & { readonly node: "variable" }): boolean {
        const binding = node.variable < 0 ? undefined : this.#lookup(node.variable);
        if (binding === undefined) {
            this.tokens.push(this.#marked(node.dollar), this.#marked(node.name));
            return true;
        }
        if (isRepeated(binding)) {
            return this.#fail(node.name, `$${node.name.text} still repeats here`);
        }
        this.#writeFragment(binding, this.#marked(node.name));
        return true;
    }

    /** Writes what a metavariable stands for; groups stand where the metavariable stands in the body. */
    #writeFragment(
        binding: { readonly fragment: FragmentKind; readonly tokens: readonly MacroToken[] },
        name: MacroToken,
    ): void {
        const { fragment, tokens } = binding;
        const isGrouped = !PLAIN.has(fragment) && !isOneGroup(tokens, fragment);
        if (isGrouped) {
            this.tokens.push({ ...name, kind: MACRO_TOKEN.groupOpen, text: "", fragment });
        }
        for (const token of tokens) {
            this.tokens.push(token);
        }
        if (isGrouped) {
            this.tokens.push({ ...name, kind: MACRO_TOKEN.groupClose, text: "", fragment });
        }
    }

    /** What a metavariable stands for in the present turns. */
    #lookup(variable: number): MacroBinding | undefined {
        let binding: MacroBinding | undefined = this.#work.match.bindings[variable];
        for (const turn of this.#turns) {
            if (!isRepeated(binding)) {
                break;
            }
            binding = binding[turn.index];
        }
        return binding;
    }

    #writeSequence(node: BodyNode & { readonly node: "sequence" }): boolean {
        let count = -1;
        for (const variable of node.variables) {
            const binding = this.#lookup(variable);
            if (!isRepeated(binding)) {
                continue;
            }
            if (count >= 0 && count !== binding.length) {
                return this.#fail(node.dollar, "metavariables repeat unequally often");
            }
            count = binding.length;
        }
        if (count < 0) {
            return this.#fail(node.dollar, "nothing repeats in a repetition");
        }
        if (count === 0) {
            return (
                node.operator !== "+" || this.#fail(node.dollar, "a repetition must repeat once")
            );
        }
        const turn: Turn = { index: 0, count };
        this.#turns.push(turn);
        for (; turn.index < count; turn.index++) {
            if (turn.index > 0 && node.separator !== undefined) {
                // rustc gives separators no mark of their own: see its transcription of sequences.
                this.tokens.push(node.separator);
            }
            if (!this.write(node.nodes)) {
                return false;
            }
        }
        this.#turns.pop();
        return true;
    }

    #writeMeasure(measure: BodyMeasure, dollar: MacroToken): boolean {
        switch (measure.measure) {
            case "ignore":
                return true;
            case "index":
            case "len": {
                const turn = this.#turns.at(-1 - measure.depth);
                if (turn === undefined) {
                    return this.#fail(dollar, "a metavariable expression outside a repetition");
                }
                return this.#writeNumber(
                    measure.measure === "len" ? turn.count : turn.index,
                    dollar,
                );
            }
            case "count":
                return this.#writeCount(measure, dollar);
            case "concat":
                return this.#writeConcat(measure.parts, dollar);
        }
    }

    #writeNumber(value: number, dollar: MacroToken): boolean {
        const token = this.#marked(dollar);
        this.tokens.push({ ...token, kind: MACRO_TOKEN.literal, text: String(value) });
        return true;
    }

    #writeCount(
        measure: { readonly variable: number; readonly depth: number },
        dollar: MacroToken,
    ): boolean {
        const all = this.#work.match.bindings[measure.variable];
        const levels = Math.max(depthOf(all) - 1 - this.#turns.length, 0);
        const binding = this.#lookup(measure.variable);
        if (measure.depth > levels || !isRepeated(binding)) {
            return this.#fail(dollar, "a count of what does not repeat so deep");
        }
        return this.#writeNumber(countAt(binding, levels - measure.depth), dollar);
    }

    #writeConcat(parts: readonly ConcatPart[], dollar: MacroToken): boolean {
        let text = "";
        for (const part of parts) {
            const value = part.part === "text" ? part.text : this.#concatText(part.variable);
            if (value === undefined) {
                return this.#fail(part.token, "a metavariable that cannot be part of a name");
            }
            text += value;
        }
        if (!/^[\p{XID_Start}_]\p{XID_Continue}*$/u.test(text)) {
            return this.#fail(dollar, "the parts do not make a name");
        }
        this.tokens.push({ ...this.#marked(dollar), kind: MACRO_TOKEN.identifier, text });
        return true;
    }

    #concatText(variable: number): string | undefined {
        const binding = this.#lookup(variable);
        if (binding === undefined || isRepeated(binding) || binding.tokens.length !== 1) {
            return undefined;
        }
        const text = binding.tokens[0]?.text ?? "";
        const content = /^"(.*)"$/su.exec(text)?.[1] ?? text;
        return /^\w*$/u.test(content) ? content : undefined;
    }

    #fail(token: MacroToken, problem: string): false {
        this.problem = problemAt(token, problem);
        return false;
    }
}

/** Says whether the tokens are one group of this fragment already. */
function isOneGroup(tokens: readonly MacroToken[], fragment: FragmentKind): boolean {
    const [first] = tokens;
    if (first?.kind !== MACRO_TOKEN.groupOpen || first.fragment !== fragment) {
        return false;
    }
    let depth = 0;
    for (const [at, token] of tokens.entries()) {
        depth += token.kind === MACRO_TOKEN.groupOpen ? 1 : 0;
        depth -= token.kind === MACRO_TOKEN.groupClose ? 1 : 0;
        if (depth === 0) {
            return at === tokens.length - 1;
        }
    }
    return false;
}

function depthOf(binding: MacroBinding | undefined): number {
    return isRepeated(binding) ? 1 + depthOf(binding[0]) : 0;
}

/** Number of values that many levels down. */
function countAt(binding: MacroBinding, levels: number): number {
    if (!isRepeated(binding)) {
        return 1;
    }
    return levels === 0
        ? binding.length
        : binding.reduce((sum, one) => sum + countAt(one, levels - 1), 0);
}
