// One step of expansion: a call's input against a definition gives tokens, each with its origin. Calls inside
// of the output are the caller's to resolve; their input is a part of the output's tokens.

import { matchRules, type MacroBinding } from "./match-rules.ts";
import {
    isMacroProblem,
    type MacroDefinition,
    type MacroProblem,
    type MacroToken,
} from "./model.ts";
import { docsAsAttributes, pairDelimiters, problemAt } from "./token-list.ts";
import { transcribeRule } from "./transcribe-rule.ts";

/** What a macro is called with: the tokens between the call's delimiters. */
export interface MacroCall {
    readonly tokens: readonly MacroToken[];
    /** Edition of the crate that the call is written in. */
    readonly edition: number;
}

/** Bounds of one expansion; depth is the caller's to count. */
export interface ExpansionLimits {
    readonly inputTokensMax: number;
    readonly outputTokensMax: number;
    /** Steps of matching one rule. */
    readonly stepsMax: number;
}

/** A macro call's meaning. */
export interface Expansion {
    readonly definition: MacroDefinition;
    /** Number of the rule that matched. */
    readonly rule: number;
    /** What each metavariable of the rule stands for. */
    readonly bindings: readonly MacroBinding[];
    readonly tokens: readonly MacroToken[];
}

/** Bounds that no sensible macro reaches, and how deep calls in expansions are worth following. */
export const MACRO_LIMITS: ExpansionLimits & { readonly depthMax: number } = {
    inputTokensMax: 100_000,
    outputTokensMax: 200_000,
    stepsMax: 400_000,
    depthMax: 128,
};

/** Expands a call by one step, or says why that cannot be done with certainty. */
export function expandMacro(
    definition: MacroDefinition,
    call: MacroCall,
    limits: ExpansionLimits = MACRO_LIMITS,
): Expansion | MacroProblem {
    const [first] = call.tokens;
    if (call.tokens.length > limits.inputTokensMax) {
        return problemAt(first, "the input of the macro is too long");
    }
    const list = pairDelimiters(docsAsAttributes(call.tokens));
    if (isMacroProblem(list)) {
        return list;
    }
    const { edition } = call;
    const match = matchRules(definition, { list, edition, stepsMax: limits.stepsMax });
    if (match === "no rule") {
        return problemAt(first, `no rule of ${definition.name}! fits the input`);
    }
    if (isMacroProblem(match)) {
        return match;
    }
    const tokens = transcribeRule(definition, match, limits.outputTokensMax);
    if (isMacroProblem(tokens)) {
        return tokens;
    }
    return { definition, rule: match.rule, bindings: match.bindings, tokens };
}
