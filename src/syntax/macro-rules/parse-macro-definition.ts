// Reads `macro_rules!` and `macro` items, from a text or from the tokens that another macro wrote.

import { lexMacroTokens } from "./lex-macro-tokens.ts";
import {
    MACRO_TOKEN,
    isMacroProblem,
    type DefinitionContext,
    type MacroDefinition,
    type MacroProblem,
    type MacroRule,
    type MacroToken,
} from "./model.ts";
import { compileBody } from "./parse-body.ts";
import { compileMatcher } from "./parse-matcher.ts";
import { pairDelimiters, problemAt, type TokenList } from "./token-list.ts";

/** A text and where in it the item of a macro stands, from its attributes or its keyword on. */
export interface DefinitionText extends DefinitionContext {
    readonly text: string;
    readonly start: number;
    readonly end: number;
}

/** Reads a macro's definition from a text. */
export function parseMacroDefinition(input: DefinitionText): MacroDefinition | MacroProblem {
    const tokens = lexMacroTokens(input);
    return isMacroProblem(tokens) ? tokens : parseMacroTokens(tokens, input);
}

/** Reads a macro's definition from tokens, such as another macro's output. */
export function parseMacroTokens(
    tokens: readonly MacroToken[],
    context: DefinitionContext,
): MacroDefinition | MacroProblem {
    const list = pairDelimiters(tokens);
    return isMacroProblem(list) ? list : new DefinitionParser(list, context).parse();
}

class DefinitionParser {
    readonly #list: TokenList;
    readonly #context: DefinitionContext;
    #at = 0;
    #localInnerMacros = false;

    constructor(list: TokenList, context: DefinitionContext) {
        this.#list = list;
        this.#context = context;
    }

    parse(): MacroDefinition | MacroProblem {
        this.#skipAttributes();
        if (this.#eat("pub") && this.#text() === "(") {
            this.#skipTree();
        }
        const isOld = this.#text() === "macro_rules";
        if (!isOld && this.#text() !== "macro") {
            return this.#problem("not the definition of a macro");
        }
        this.#at += 1;
        if (isOld && !this.#eat("!")) {
            return this.#problem("not the definition of a macro");
        }
        const name = this.#list.tokens[this.#at];
        if (name?.kind !== MACRO_TOKEN.identifier) {
            return this.#problem("a macro without a name");
        }
        this.#at += 1;
        const rules = isOld || this.#text() === "{" ? this.#rules() : this.#onlyRule();
        if (isMacroProblem(rules)) {
            return rules;
        }
        const { source, crate, edition } = this.#context;
        return {
            source,
            crate,
            edition,
            start: this.#list.tokens[0]?.start ?? 0,
            end: this.#list.tokens.at(-1)?.end ?? 0,
            name: name.text,
            nameStart: name.start,
            nameEnd: name.end,
            flavor: isOld ? "macro_rules" : "macro",
            localInnerMacros: this.#localInnerMacros,
            rules,
        };
    }

    #rules(): readonly MacroRule[] | MacroProblem {
        const close = this.#list.partner[this.#at] ?? 0;
        if (!this.#isOpen()) {
            return this.#problem("a macro without rules");
        }
        const rules: MacroRule[] = [];
        this.#at += 1;
        while (this.#at < close) {
            const rule = this.#rule();
            if (isMacroProblem(rule)) {
                return rule;
            }
            rules.push(rule);
            if (this.#at < close && !this.#eat(";") && !this.#eat(",")) {
                return this.#problem("rules without a semicolon between them");
            }
        }
        return rules.length === 0 ? this.#problem("a macro without rules") : rules;
    }

    #rule(): MacroRule | MacroProblem {
        const matcher = this.#at;
        if (!this.#skipTree() || !this.#eat("=>")) {
            return this.#problem("not a rule of a macro");
        }
        const body = this.#at;
        return this.#skipTree()
            ? this.#compile(matcher, body)
            : this.#problem("a rule without a body");
    }

    /** `macro name($x:expr) { … }`. */
    #onlyRule(): readonly MacroRule[] | MacroProblem {
        const matcher = this.#at;
        const body = (this.#list.partner[matcher] ?? 0) + 1;
        if (!this.#skipTree() || this.#text() !== "{") {
            return this.#problem("a macro without rules");
        }
        const rule = this.#compile(matcher, body);
        return isMacroProblem(rule) ? rule : [rule];
    }

    #compile(matcherOpen: number, bodyOpen: number): MacroRule | MacroProblem {
        const { partner, tokens } = this.#list;
        const list = this.#list;
        const matcher = compileMatcher(list, matcherOpen + 1, partner[matcherOpen] ?? 0);
        if (isMacroProblem(matcher)) {
            return matcher;
        }
        const { steps, variables } = matcher;
        const bodyClose = partner[bodyOpen] ?? 0;
        const input = { list, variables, crate: this.#context.crate };
        const body = compileBody(input, bodyOpen + 1, bodyClose);
        if (isMacroProblem(body)) {
            return body;
        }
        const start = tokens[matcherOpen]?.start ?? 0;
        const end = tokens[bodyClose]?.end ?? start;
        return { source: tokens[matcherOpen]?.source ?? -1, start, end, steps, variables, body };
    }

    #skipAttributes(): void {
        for (;;) {
            const isAttribute =
                this.#text() === "#" && this.#list.tokens[this.#at + 1]?.text === "[";
            if (isAttribute) {
                const words = this.#list.tokens.slice(this.#at + 2, this.#at + 5);
                const [first, , argument] = words.map((token) => token.text);
                this.#localInnerMacros ||=
                    first === "macro_export" && argument === "local_inner_macros";
                this.#at = (this.#list.partner[this.#at + 1] ?? this.#at) + 1;
            } else if (this.#list.tokens[this.#at]?.kind === MACRO_TOKEN.doc) {
                this.#at += 1;
            } else {
                return;
            }
        }
    }

    #text(): string {
        return this.#list.tokens[this.#at]?.text ?? "";
    }

    #isOpen(): boolean {
        return this.#list.tokens[this.#at]?.kind === MACRO_TOKEN.open;
    }

    #eat(text: string): boolean {
        const isThere = this.#text() === text;
        this.#at += isThere ? 1 : 0;
        return isThere;
    }

    #skipTree(): boolean {
        if (!this.#isOpen()) {
            return false;
        }
        this.#at = (this.#list.partner[this.#at] ?? this.#at) + 1;
        return true;
    }

    #problem(problem: string): MacroProblem {
        return problemAt(this.#list.tokens[this.#at] ?? this.#list.tokens.at(-1), problem);
    }
}
