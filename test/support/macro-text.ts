// Macros in tests: definitions and calls are texts, expansions are what is rendered of them.

import {
    expandMacro,
    isMacroProblem,
    lexMacroTokens,
    parseMacroDefinition,
    renderTokens,
    type Expansion,
    type ExpansionLimits,
    type MacroDefinition,
    type MacroToken,
} from "../../src/syntax/index.ts";

/** Number of the text that holds the definitions, and of the one that holds the calls. */
export const DEFINITION_SOURCE = 1;
export const CALL_SOURCE = 2;
const CRATE = 7;

/** Lexes a whole text. */
export function lexText(text: string, source = CALL_SOURCE): readonly MacroToken[] {
    const tokens = lexMacroTokens({ text, start: 0, end: text.length, source });
    if (isMacroProblem(tokens)) {
        throw new Error(tokens.problem);
    }
    return tokens;
}

/** Reads a definition, whose `macro_rules! m` may be left out; gives the problem's text if there is one. */
export function defineMacro(text: string, edition = 2021): MacroDefinition | string {
    const whole = /^\s*(?:#|\/|pub|macro)/u.test(text) ? text : `macro_rules! m { ${text} }`;
    const context = { source: DEFINITION_SOURCE, crate: CRATE, edition };
    const definition = parseMacroDefinition({
        ...context,
        text: whole,
        start: 0,
        end: whole.length,
    });
    return isMacroProblem(definition) ? definition.problem : definition;
}

/** Reads a definition that must be right. */
export function mustDefine(text: string, edition = 2021): MacroDefinition {
    const definition = defineMacro(text, edition);
    if (typeof definition === "string") {
        throw new Error(definition);
    }
    return definition;
}

/** Expands a call; gives the problem's text if there is one. */
export function expandText(
    definition: MacroDefinition,
    call: string,
    limits?: ExpansionLimits,
): Expansion | string {
    const input = { tokens: lexText(call), edition: definition.edition };
    const expansion = expandMacro(definition, input, limits);
    return isMacroProblem(expansion) ? expansion.problem : expansion;
}

/** The text that a call expands to, or the problem in angle brackets. */
export function expandedText(rules: string, call: string, edition = 2021): string {
    const definition = defineMacro(rules, edition);
    if (typeof definition === "string") {
        return `<${definition}>`;
    }
    const expansion = expandText(definition, call);
    return typeof expansion === "string"
        ? `<${expansion}>`
        : renderTokens(expansion.tokens).text.replace(/\s+/gu, " ").trim();
}
