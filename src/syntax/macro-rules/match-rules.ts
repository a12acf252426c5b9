// Matches a call's input against the rules of a macro, as rustc does: all places in the matcher at once, no
// going back over a fragment, the first rule that fits wins, and what cannot be read as a fragment ends all.
//
// Invariant: a fragment's end is believed only where no sign follows that could have been part of it.

import { FragmentParser } from "./fragment-parser.ts";
import {
    MACRO_TOKEN,
    isMacroProblem,
    type FragmentKind,
    type MacroDefinition,
    type MacroProblem,
    type MacroRule,
    type MacroToken,
    type MatcherStep,
} from "./model.ts";
import { problemAt, type TokenList } from "./token-list.ts";

/** What a metavariable stands for: a fragment's tokens, or one value for each repetition. */
export type MacroBinding =
    | { readonly fragment: FragmentKind; readonly tokens: readonly MacroToken[] }
    | readonly MacroBinding[];

/** A rule that fits, and what its metavariables stand for. */
export interface MacroMatch {
    readonly rule: number;
    readonly bindings: readonly MacroBinding[];
}

/** The outcome of matching: no rule fits, or nobody can be sure. */
export type MatchOutcome = MacroMatch | MacroProblem | "no rule";

/** A call's input, and the edition it is written in. */
export interface MatchInput {
    readonly list: TokenList;
    readonly edition: number;
    /** Bound on the steps of matching one rule. */
    readonly stepsMax: number;
}

/** What a place in the matcher has seen, newest first. */
interface Trail {
    readonly before: Trail | undefined;
    readonly step: MatcherStep & ({ step: "sequence" } | { step: "variable" });
    /** The fragment; undefined where a repetition begins. */
    readonly tokens: readonly MacroToken[] | undefined;
}

interface Place {
    readonly at: number;
    readonly trail: Trail | undefined;
}

/** Finds the rule that fits an input. */
export function matchRules(definition: MacroDefinition, input: MatchInput): MatchOutcome {
    for (const [number, rule] of definition.rules.entries()) {
        const outcome = new RuleMatcher(rule, definition.edition, input).match();
        if (outcome !== "no rule") {
            return isMacroProblem(outcome) ? outcome : { rule: number, bindings: outcome };
        }
    }
    return "no rule";
}

/** What one token of the input left to do: places behind it, places that wait for a fragment, the end. */
interface Frontier {
    readonly next: Place[];
    readonly waiting: Place[];
    readonly ends: Place[];
}

class RuleMatcher {
    readonly #rule: MacroRule;
    readonly #edition: number;
    readonly #input: MatchInput;
    readonly #cursor: FragmentParser;
    #places: Place[] = [{ at: 0, trail: undefined }];
    #steps = 0;

    constructor(rule: MacroRule, edition: number, input: MatchInput) {
        this.#rule = rule;
        this.#edition = edition;
        this.#input = input;
        this.#cursor = new FragmentParser(input.list, input.edition);
    }

    match(): MacroBinding[] | MacroProblem | "no rule" {
        for (;;) {
            const frontier = this.#advance();
            if (frontier === undefined) {
                return this.#problem("matching takes too many steps");
            }
            const { next, waiting, ends } = frontier;
            if (this.#cursor.isAtEnd) {
                return this.#finish(ends);
            }
            const [only] = waiting;
            if (only === undefined) {
                if (next.length === 0) {
                    return "no rule";
                }
                this.#places = next;
                this.#cursor.bump();
            } else if (waiting.length > 1 || next.length > 0) {
                return this.#problem("more than one way to match is open");
            } else {
                const place = this.#readFragment(only);
                if ("problem" in place) {
                    return place;
                }
                this.#places = [place];
            }
        }
    }

    #finish(ends: readonly Place[]): MacroBinding[] | MacroProblem | "no rule" {
        const [end] = ends;
        if (end === undefined) {
            return "no rule";
        }
        return ends.length > 1
            ? this.#problem("more than one way to match is left")
            : collectBindings(this.#rule, end.trail);
    }

    /** Follows all places as far as they go without taking a token. */
    #advance(): Frontier | undefined {
        const frontier: Frontier = { next: [], waiting: [], ends: [] };
        const places = this.#places;
        for (let place = places.pop(); place !== undefined; place = places.pop()) {
            this.#steps += 1;
            if (this.#steps > this.#input.stepsMax) {
                return undefined;
            }
            const step = this.#rule.steps[place.at];
            if (step !== undefined) {
                this.#follow(place, step, frontier);
            }
        }
        return frontier;
    }

    #follow(place: Place, step: MatcherStep, frontier: Frontier): void {
        const { at, trail } = place;
        const places = this.#places;
        switch (step.step) {
            case "token":
                if (step.token.kind === MACRO_TOKEN.doc) {
                    places.push({ at: at + 1, trail });
                } else if (this.#isAt(step.token)) {
                    frontier.next.push({ at: at + 1, trail });
                }
                break;
            case "sequence": {
                const entered = { before: trail, step, tokens: undefined };
                if (step.operator !== "+") {
                    places.push({ at: step.after, trail: entered });
                }
                places.push({ at: at + 1, trail: entered });
                break;
            }
            case "repeat":
                places.push({ at: at + 1, trail });
                if (step.operator !== "?") {
                    places.push({ at: step.first, trail });
                }
                break;
            case "separator":
                places.push({ at: at + 2, trail });
                if (this.#isAt(step.token)) {
                    frontier.next.push({ at: at + 1, trail });
                }
                break;
            case "again":
                places.push({ at: step.first, trail });
                break;
            case "variable":
                if (this.#cursor.mayBegin(step.fragment, this.#edition)) {
                    frontier.waiting.push(place);
                }
                break;
            case "end":
                if (this.#cursor.isAtEnd) {
                    frontier.ends.push(place);
                }
        }
    }

    #isAt(token: MacroToken): boolean {
        const { kind, text } = this.#cursor;
        return kind === token.kind && text === token.text && kind !== MACRO_TOKEN.groupOpen;
    }

    #readFragment(place: Place): Place | MacroProblem {
        const step = this.#rule.steps[place.at];
        const cursor = this.#cursor;
        const first = cursor.token;
        const from = cursor.at;
        if (step?.step !== "variable" || !cursor.parseFragment(step.fragment, this.#edition)) {
            const fragment = step?.step === "variable" ? step.fragment : "";
            return problemAt(first, `the input of the macro is not read as ${fragment}`);
        }
        if (!endsSurely(cursor, step.fragment)) {
            return this.#problem(`the end of the macro's ${step.fragment} is not certain`);
        }
        const tokens = this.#input.list.tokens.slice(from, cursor.at);
        if (first !== undefined && tokens.length > 0) {
            tokens[0] = first;
        }
        const split = this.#input.list.tokens[cursor.at];
        if (cursor.half > 0 && split !== undefined) {
            const end = split.start + cursor.half;
            const begun = tokens.length === 0 ? (first ?? split) : split;
            tokens.push({
                ...begun,
                text: split.text.slice(begun.start - split.start, cursor.half),
                end,
            });
        }
        return { at: place.at + 1, trail: { before: place.trail, step, tokens } };
    }

    #problem(problem: string): MacroProblem {
        const { tokens } = this.#input.list;
        return problemAt(this.#cursor.token ?? tokens.at(-1), problem);
    }
}

/**
 * Says whether a fragment surely ends here. A token that may not follow it makes the rule fail, which is
 * believed of a word or a literal, but not of a sign that could have been part of the fragment.
 */
function endsSurely(cursor: FragmentParser, fragment: FragmentKind): boolean {
    if (cursor.kind !== MACRO_TOKEN.punctuation && cursor.kind !== MACRO_TOKEN.open) {
        return true;
    }
    switch (fragment) {
        case "expr":
        case "expr_2021":
        case "stmt":
            return /^(?:=>|,|;|:|\{|#|@|->|\$)$/u.test(cursor.text);
        case "ty":
        case "path":
            return !/^(?:<|<<|<-|::|->|!)$/u.test(cursor.text);
        case "pat":
        case "pat_param":
            return !/^(?:<|<<|<-|::|@|!|\.\.|\.\.=)$/u.test(cursor.text);
        default:
            return true;
    }
}

/** Bindings from a trail: a repetition's entry opens a list, a fragment goes into the innermost one. */
function collectBindings(rule: MacroRule, last: Trail | undefined): MacroBinding[] {
    const trails: Trail[] = [];
    for (let trail = last; trail !== undefined; trail = trail.before) {
        trails.push(trail);
    }
    const bindings: MacroBinding[] = [];
    for (const { step, tokens } of trails.reverse()) {
        if (step.step === "variable") {
            const { fragment } = step;
            place(bindings, step.variable, step.depth, { fragment, tokens: tokens ?? [] });
        } else {
            for (let i = 0; i < step.variableCount; i++) {
                place(bindings, step.firstVariable + i, step.depth, []);
            }
        }
    }
    return rule.variables.map((_, variable) => bindings[variable] ?? []);
}

function place(
    bindings: MacroBinding[],
    variable: number,
    depth: number,
    binding: MacroBinding,
): void {
    if (depth === 0) {
        bindings[variable] = binding;
        return;
    }
    let list = bindings[variable];
    for (let level = 1; level < depth; level++) {
        list = isRepeated(list) ? list.at(-1) : undefined;
    }
    if (isRepeated(list)) {
        (list as MacroBinding[]).push(binding);
    }
}

/** Tells a list of values from one. */
export function isRepeated(binding: MacroBinding | undefined): binding is readonly MacroBinding[] {
    return Array.isArray(binding);
}
