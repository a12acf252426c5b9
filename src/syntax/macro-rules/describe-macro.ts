// What a definition says without any call: where its metavariables stand, which names come from its body,
// which macros it calls and whether it makes text or new names of what it is given.

import {
    MACRO_TOKEN,
    type BodyNode,
    type FragmentKind,
    type MacroDefinition,
    type MacroRule,
    type MacroToken,
} from "./model.ts";
import { isReserved } from "./token-cursor.ts";

/** How a metavariable stands in a body, judged by its neighbours there. */
export type UsePosition =
    | "function-name"
    | "type-name"
    | "trait-name"
    | "module-name"
    | "macro-name"
    | "value-name"
    | "local-name"
    | "method"
    | "field"
    | "path-tail"
    | "path-head"
    | "call"
    | "macro-call"
    | "label"
    | "before-colon"
    | "type"
    | "implemented"
    | "macro-input"
    | "stringified"
    | "pasted"
    | "expression"
    | "pattern"
    | "other";

/** A use of a metavariable in a body. */
export interface VariableUse {
    readonly position: UsePosition;
    readonly source: number;
    readonly start: number;
    readonly end: number;
}

/** A metavariable of a rule and all that the body does with it. */
export interface DescribedVariable extends VariableNamed {
    readonly uses: readonly VariableUse[];
}

interface VariableNamed {
    readonly rule: number;
    readonly name: string;
    readonly fragment: FragmentKind;
    readonly depth: number;
    readonly source: number;
    readonly start: number;
    readonly end: number;
}

/** A name in a definition: a metavariable's, or one that every expansion holds as it is written. */
export interface DescribedName {
    readonly rule: number;
    readonly name: string;
    /** `matcher` names must be written by a call; `literal` ones come from the body. */
    readonly role: "declaration" | "use" | "matcher" | "literal" | "crate";
    readonly source: number;
    readonly start: number;
    readonly end: number;
}

/** A macro called in a body. */
export interface DescribedCall {
    readonly rule: number;
    /** Its path as written, `$crate::name` and the like. */
    readonly path: string;
    readonly source: number;
    readonly start: number;
    readonly end: number;
}

/** A definition's static description. */
export interface MacroDescription {
    readonly variables: readonly DescribedVariable[];
    /** In the order of the text. */
    readonly names: readonly DescribedName[];
    readonly calls: readonly DescribedCall[];
    /** Some metavariable's text becomes a string. */
    readonly stringifies: boolean;
    /** Some metavariable's name becomes part of a new name. */
    readonly pastes: boolean;
}

const STRINGIFYING = new Set(["stringify"]);
const PASTING = new Set(["paste", "concat_idents", "item", "expr"]);
const PASTING_PATH =
    /^(?:(?:\$crate::)?(?:.*::)?paste|(?:.*::)?concat_idents|paste::(?:item|expr))$/u;
const DEFINING: Readonly<Record<string, UsePosition>> = {
    fn: "function-name",
    struct: "type-name",
    enum: "type-name",
    union: "type-name",
    type: "type-name",
    trait: "trait-name",
    mod: "module-name",
    macro: "macro-name",
    const: "value-name",
    static: "value-name",
    let: "local-name",
    impl: "implemented",
    for: "implemented",
    dyn: "type",
    as: "type",
    "->": "type",
    break: "label",
    continue: "label",
};

/** Describes a macro. */
export function describeMacro(definition: MacroDefinition): MacroDescription {
    const parts = definition.rules.map((rule, number) =>
        new RuleDescriber(rule, number, definition.edition).describe(),
    );
    const variables = parts.flatMap((part) => part.variables);
    const positions = new Set(variables.flatMap(({ uses }) => uses.map((use) => use.position)));
    return {
        variables,
        names: parts.flatMap((part) => part.names),
        calls: parts.flatMap((part) => part.calls),
        stringifies: positions.has("stringified"),
        pastes: positions.has("pasted"),
    };
}

/** A body's token in line, repetitions laid open. */
interface FlatToken {
    readonly token: MacroToken;
    /** Number of the metavariable; -1 for a literal token. */
    readonly variable: number;
    /** Part of a metavariable expression. */
    readonly isPasted: boolean;
}

class RuleDescriber {
    readonly #rule: MacroRule;
    readonly #number: number;
    readonly #edition: number;
    readonly #flat: FlatToken[] = [];
    readonly #names: DescribedName[] = [];
    readonly #calls: DescribedCall[] = [];
    readonly #uses: VariableUse[][];

    constructor(rule: MacroRule, number: number, edition: number) {
        this.#rule = rule;
        this.#number = number;
        this.#edition = edition;
        this.#uses = rule.variables.map(() => []);
    }

    describe(): Pick<MacroDescription, "variables" | "names" | "calls"> {
        this.#readMatcher();
        this.#flatten(this.#rule.body);
        this.#readBody();
        const variables = this.#rule.variables.map((variable, i) => {
            const { name, fragment, depth, source, start, end } = variable;
            const uses = this.#uses[i] ?? [];
            return { rule: this.#number, name, fragment, depth, source, start, end, uses };
        });
        this.#names.sort((one, other) => one.start - other.start);
        return { variables, names: this.#names, calls: this.#calls };
    }

    #readMatcher(): void {
        for (const step of this.#rule.steps) {
            if (step.step === "variable") {
                const variable = this.#rule.variables[step.variable];
                if (variable !== undefined) {
                    const { name, source, start, end } = variable;
                    this.#names.push({
                        ...{ rule: this.#number, name, role: "declaration" },
                        ...{ source, start, end },
                    });
                }
            } else if (step.step === "token" || step.step === "separator") {
                this.#addName(step.token, "matcher");
            }
        }
    }

    #addName(token: MacroToken, role: DescribedName["role"]): void {
        const { kind, text, source, start, end } = token;
        const isWord = kind === MACRO_TOKEN.identifier && !isReserved(text, this.#edition);
        if (isWord || kind === MACRO_TOKEN.lifetime || role === "crate" || role === "use") {
            this.#names.push({ rule: this.#number, name: text, role, source, start, end });
        }
    }

    #flatten(nodes: readonly BodyNode[]): void {
        for (const node of nodes) {
            switch (node.node) {
                case "token":
                    this.#flat.push({ token: node.token, variable: -1, isPasted: false });
                    break;
                case "variable":
                    this.#flat.push({
                        token: node.name,
                        variable: node.variable,
                        isPasted: false,
                    });
                    break;
                case "sequence":
                    this.#flatten(node.nodes);
                    break;
                case "measure":
                    this.#flattenMeasure(node);
            }
        }
    }

    #flattenMeasure(node: BodyNode & { readonly node: "measure" }): void {
        if (node.measure.measure !== "concat") {
            return;
        }
        for (const part of node.measure.parts) {
            if (part.part === "variable") {
                const variable = part.variable;
                this.#flat.push({ token: part.token, variable, isPasted: true });
            }
        }
    }

    /** Goes through the body, keeping the calls of macros that enclose the present token. */
    #readBody(): void {
        const enclosing: (string | undefined)[] = [];
        this.#flat.forEach(({ token, variable, isPasted }, at) => {
            if (token.kind === MACRO_TOKEN.open) {
                enclosing.push(this.#calledBefore(at));
            } else if (token.kind === MACRO_TOKEN.close) {
                enclosing.pop();
            } else if (variable >= 0) {
                const { source, start, end } = token;
                const position = isPasted ? "pasted" : this.#position(at, variable, enclosing);
                this.#uses[variable]?.push({ position, source, start, end });
                this.#addName(token, "use");
            } else {
                this.#addName(token, token.text === "$crate" ? "crate" : "literal");
            }
        });
    }

    /** The path of the macro that is called with the tree that opens here. */
    #calledBefore(at: number): string | undefined {
        const hasBang = this.#flat[at - 1]?.token.text === "!";
        if (!hasBang || this.#flat[at - 2]?.token.kind !== MACRO_TOKEN.identifier) {
            return undefined;
        }
        let from = at - 2;
        while (
            this.#flat[from - 1]?.token.text === "::" &&
            this.#flat[from - 2]?.token.kind === MACRO_TOKEN.identifier
        ) {
            from -= 2;
        }
        const parts = this.#flat.slice(from, at - 1);
        const path = parts.map(({ token, variable }) =>
            variable >= 0 ? `$${token.text}` : token.text,
        );
        const { source, start } = parts[0]?.token ?? { source: -1, start: 0 };
        const end = parts.at(-1)?.token.end ?? start;
        this.#calls.push({ rule: this.#number, path: path.join(""), source, start, end });
        return path.join("");
    }

    #position(
        at: number,
        variable: number,
        enclosing: readonly (string | undefined)[],
    ): UsePosition {
        const call = enclosing.findLast((one) => one !== undefined);
        if (call !== undefined) {
            return positionInCall(call);
        }
        const before = this.#flat[at - 1];
        const beforeText = before === undefined || before.variable >= 0 ? "" : before.token.text;
        const next = this.#flat[at + 1];
        const nextText = next === undefined || next.variable >= 0 ? "" : next.token.text;
        if (beforeText === ".") {
            return nextText === "(" || nextText === "::" ? "method" : "field";
        }
        const defining = beforeText === "mut" ? this.#flat[at - 2]?.token.text : beforeText;
        const position = DEFINING[defining ?? ""];
        if (position !== undefined) {
            return position;
        }
        if (beforeText === "::") {
            return "path-tail";
        }
        return this.#positionByNext(nextText, this.#rule.variables[variable]?.fragment ?? "tt");
    }

    #positionByNext(next: string, fragment: FragmentKind): UsePosition {
        switch (next) {
            case "::":
                return "path-head";
            case "!":
                return "macro-call";
            case ":":
                return "before-colon";
            case "(":
                return "call";
        }
        switch (fragment) {
            case "expr":
            case "expr_2021":
            case "literal":
            case "block":
                return "expression";
            case "ty":
                return "type";
            case "pat":
            case "pat_param":
                return "pattern";
            case "lifetime":
                return "label";
            default:
                return "other";
        }
    }
}

function positionInCall(path: string): UsePosition {
    const last = path.split("::").at(-1) ?? path;
    if (STRINGIFYING.has(last)) {
        return "stringified";
    }
    return PASTING.has(last) && PASTING_PATH.test(path) ? "pasted" : "macro-input";
}
