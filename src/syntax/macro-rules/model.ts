// The words of declarative macros: tokens with their origin and hygiene, definitions, expansions. Spans are
// UTF-16 offsets into the text of a source; which text a source number stands for is the caller's matter.

import type { Span } from "../../base/index.ts";

/** Kinds of tokens; groups are rustc's invisible delimiters round a substituted fragment. */
export const MACRO_TOKEN = {
    identifier: 1,
    lifetime: 2,
    literal: 3,
    punctuation: 4,
    open: 5,
    close: 6,
    doc: 7,
    groupOpen: 8,
    groupClose: 9,
} as const;

/** What a metavariable matches. */
export type FragmentKind =
    | "block"
    | "expr"
    | "expr_2021"
    | "ident"
    | "item"
    | "lifetime"
    | "literal"
    | "meta"
    | "pat"
    | "pat_param"
    | "path"
    | "stmt"
    | "tt"
    | "ty"
    | "vis";

/**
 * One step of a token's expansion history. Two locals or labels are the same name only if text and mark are
 * the same (compare marks by identity); marks of `macro_rules` do not count for any other kind of name, marks
 * of `macro` count for all. A name with a mark that is not found in the scopes up to the item of
 * `mark.definition` is looked up from there on with `mark.outer`.
 */
export interface HygieneMark {
    /** The mark that the token had in the macro's definition: it has one where a macro wrote that macro. */
    readonly outer: HygieneMark | undefined;
    /** The macro whose body holds the token. */
    readonly definition: MacroDefinition;
}

/** A token of a macro call, a definition or an expansion. */
export interface MacroToken {
    readonly kind: number;
    /** As written; empty for groups, `$crate` for the metavariable of that name. */
    readonly text: string;
    /** The text that holds the token: a number of the caller's. */
    readonly source: number;
    readonly start: number;
    readonly end: number;
    /** Undefined for a token that no macro has written. */
    readonly mark: HygieneMark | undefined;
    /** For `$crate`: the crate of the macro that wrote it. */
    readonly crate: number | undefined;
    /** For groups: what was matched. */
    readonly fragment: FragmentKind | undefined;
}

/** Why a macro or a call is not understood. */
export interface MacroProblem {
    readonly problem: string;
    readonly source: number;
    readonly start: number;
    readonly end: number;
}

/** A metavariable of a rule. */
export interface MacroVariable {
    readonly name: string;
    readonly mark: HygieneMark | undefined;
    readonly fragment: FragmentKind;
    /** Number of repetitions that it stands in. */
    readonly depth: number;
    /** Its name in the matcher, without the dollar. */
    readonly source: number;
    readonly start: number;
    readonly end: number;
}

/** How often a repetition may happen. */
export type RepetitionOperator = "*" | "+" | "?";

/** One step of a compiled matcher, in the order of the text; a repetition is left and entered by number. */
export type MatcherStep =
    | { readonly step: "token"; readonly token: MacroToken }
    | {
          readonly step: "sequence";
          readonly operator: RepetitionOperator;
          /** Metavariables inside: the first one's number and how many. */
          readonly firstVariable: number;
          readonly variableCount: number;
          readonly depth: number;
          /** Number of the step after the repetition. */
          readonly after: number;
      }
    | { readonly step: "repeat"; readonly operator: RepetitionOperator; readonly first: number }
    | { readonly step: "separator"; readonly token: MacroToken }
    | { readonly step: "again"; readonly first: number }
    | {
          readonly step: "variable";
          readonly variable: number;
          readonly fragment: FragmentKind;
          readonly depth: number;
      }
    | { readonly step: "end" };

/** A part of a transcriber. */
export type BodyNode =
    | { readonly node: "token"; readonly token: MacroToken }
    | {
          readonly node: "variable";
          readonly variable: number;
          readonly dollar: MacroToken;
          readonly name: MacroToken;
      }
    | {
          readonly node: "sequence";
          readonly nodes: readonly BodyNode[];
          readonly separator: MacroToken | undefined;
          readonly operator: RepetitionOperator;
          /** Metavariables anywhere inside. */
          readonly variables: readonly number[];
          readonly dollar: MacroToken;
      }
    | { readonly node: "measure"; readonly measure: BodyMeasure; readonly dollar: MacroToken };

/** A metavariable expression, `${count($x)}` and the like. */
export type BodyMeasure =
    | { readonly measure: "count"; readonly variable: number; readonly depth: number }
    | { readonly measure: "ignore"; readonly variable: number }
    | { readonly measure: "index"; readonly depth: number }
    | { readonly measure: "len"; readonly depth: number }
    | { readonly measure: "concat"; readonly parts: readonly ConcatPart[] };

/** An operand of `${concat(…)}`. */
export type ConcatPart =
    | { readonly part: "text"; readonly text: string; readonly token: MacroToken }
    | { readonly part: "variable"; readonly variable: number; readonly token: MacroToken };

/** One rule of a macro. */
export interface MacroRule extends Span {
    readonly source: number;
    readonly steps: readonly MatcherStep[];
    readonly variables: readonly MacroVariable[];
    readonly body: readonly BodyNode[];
}

/** Where a definition stands and how its crate reads it. */
export interface DefinitionContext {
    /** Number of the text. */
    readonly source: number;
    /** Number of the crate that defines the macro. */
    readonly crate: number;
    /** Edition of that crate: 2015, 2018, 2021 or 2024. */
    readonly edition: number;
}

/** A macro by example, understood. */
export interface MacroDefinition extends DefinitionContext, Span {
    readonly name: string;
    /** Its name's place. */
    readonly nameStart: number;
    readonly nameEnd: number;
    /** `macro` items are hygienic in all their names. */
    readonly flavor: "macro_rules" | "macro";
    /** `#[macro_export(local_inner_macros)]`: macro calls of the body are looked up in `$crate`. */
    readonly localInnerMacros: boolean;
    readonly rules: readonly MacroRule[];
}

/** Tells a problem from what was asked for. */
export function isMacroProblem(value: object): value is MacroProblem {
    return "problem" in value;
}
