// What a declarative macro does with input that reads as a list of expressions, as far as that can be told
// without expanding it: which arguments it takes as whole expressions, so that their names mean what they
// mean at the call. Fragments matched as `expr` are opaque to the macro; only items of its body could give
// their names another meaning.

import { FLAG, KIND, type SyntaxTree } from "../../syntax/index.ts";
import type { Program } from "../program.ts";
import { itemOf } from "../symbols.ts";

/** What becomes of one argument. */
export type ArgumentUse =
    /** An expression, resolved where the call stands. */
    | "expression"
    /** An argument of one of std's formatting macros: an expression, or `name = expression`. */
    | "format"
    /** Anything else: a name, a pattern, tokens. */
    | "other";

interface RuleShape {
    readonly fixed: readonly ArgumentUse[];
    /** Of the repetition at the end; undefined without one. */
    readonly rest: ArgumentUse | undefined;
}

/** A macro as its calls see it. */
export interface MacroShape {
    readonly rules: readonly RuleShape[];
    /** Names of items that the body defines. */
    readonly defines: ReadonlySet<string>;
    /** The body brings names into scope that are not seen. */
    readonly bringsNames: boolean;
}

const EXPRESSIONS = new Set(["expr", "expr_2021", "literal"]);

const FORMATTERS = new Set(
    (
        "format print println eprint eprintln panic write writeln format_args unreachable todo " +
        "unimplemented assert debug_assert assert_eq assert_ne debug_assert_eq debug_assert_ne"
    ).split(" "),
);

/** Macros of dependencies whose input is that of `format!`. */
const LOGGERS = /^(?:log|tracing)::(?:error|warn|info|debug|trace)$/u;

/** Macros of std, beside those that the syntax knows, that take expressions. */
const OF_STD = new Set("ready pin addr_of addr_of_mut raw_const raw_mut".split(" "));

const LIST_OF_FORMAT: MacroShape = {
    rules: [{ fixed: [], rest: "format" }],
    defines: new Set(),
    bringsNames: false,
};

const LIST_OF_EXPRESSIONS: MacroShape = {
    rules: [{ fixed: [], rest: "expression" }],
    defines: new Set(),
    bringsNames: false,
};

const shapes = new WeakMap<SyntaxTree, Map<number, MacroShape>>();

/** The shape of a macro, a dependency's where it is well known; undefined for others and for proc macros. */
export function shapeOfMacro(program: Program, symbol: number): MacroShape | undefined {
    const record = program.symbolAt(symbol);
    if (record.external !== "") {
        const name = record.external.slice(record.external.lastIndexOf("::") + 2);
        if (LOGGERS.test(record.external)) {
            return LIST_OF_FORMAT;
        }
        const isStd = /^(?:std|core|alloc)::/u.test(record.external);
        return isStd && OF_STD.has(name) ? LIST_OF_EXPRESSIONS : undefined;
    }
    const tree = record.inst?.tree;
    const node = itemOf(record)?.node;
    if (tree === undefined || node === undefined || tree.kindOf(node) !== "macro_definition") {
        return undefined;
    }
    let known = shapes.get(tree);
    if (known === undefined) {
        known = new Map();
        shapes.set(tree, known);
    }
    let shape = known.get(node);
    if (shape === undefined) {
        shape = readShape(tree, node);
        known.set(node, shape);
    }
    return shape;
}

/** What becomes of each of so many arguments, whatever rule is meant. */
export function usesOfArguments(shape: MacroShape, count: number): readonly ArgumentUse[] {
    const fitting = shape.rules.filter(({ fixed, rest }) =>
        rest === undefined ? fixed.length === count : fixed.length <= count,
    );
    return Array.from({ length: count }, (_, i): ArgumentUse => {
        const uses = new Set(fitting.map(({ fixed, rest }) => fixed[i] ?? rest ?? "other"));
        if (uses.size === 0 || uses.has("other")) {
            return "other";
        }
        return uses.has("format") ? "format" : "expression";
    });
}

function readShape(tree: SyntaxTree, definition: number): MacroShape {
    const defines = new Set<string>();
    let bringsNames = false;
    const rules: RuleShape[] = [];
    for (const rule of tree.childrenOf(definition)) {
        if (tree.columns.kind[rule] !== KIND.macro_rule) {
            continue;
        }
        const left = tree.findChild(rule, "left");
        const right = tree.findChild(rule, "right");
        if (left === undefined || right === undefined) {
            continue;
        }
        const end = tree.columns.next[right] ?? 0;
        for (let at = right; at < end; at++) {
            bringsNames ||= tree.hasFlag(at, FLAG.extern);
            if (tree.hasFlag(at, FLAG.const)) {
                defines.add(tree.nameOf(at));
            }
        }
        rules.push(readRule(tree, left, right));
    }
    // A macro 2.0 has no rules as nodes: nothing is known of it.
    return rules.length === 0
        ? { rules: [{ fixed: [], rest: "other" }], defines, bringsNames }
        : { rules, defines, bringsNames };
}

function readRule(tree: SyntaxTree, left: number, right: number): RuleShape {
    const fixed: ArgumentUse[] = [];
    let rest: ArgumentUse | undefined;
    for (const element of tree.childrenOf(left)) {
        const isRepetition = tree.columns.kind[element] === KIND.token_repetition_pattern;
        const inside = isRepetition ? tree.childrenOf(element) : [element];
        if (isRepetition && inside.length === 0) {
            continue; // `$(,)?`
        }
        const [first] = inside;
        const use =
            rest !== undefined || first === undefined || inside.length > 1
                ? "other"
                : useOf(tree, first, right, isRepetition);
        if (isRepetition || rest !== undefined) {
            rest = use;
        } else {
            fixed.push(use);
        }
    }
    return { fixed, rest };
}

function useOf(tree: SyntaxTree, element: number, body: number, isRepeated: boolean): ArgumentUse {
    if (tree.columns.kind[element] !== KIND.token_binding_pattern) {
        return "other";
    }
    const name = tree.findChild(element, "name");
    const type = tree.findChild(element, "type");
    const fragment = type === undefined ? "" : tree.nameOf(type);
    if (EXPRESSIONS.has(fragment)) {
        return "expression";
    }
    const isTokens = fragment === "tt" && isRepeated && name !== undefined;
    return isTokens && isOnlyFormatted(tree, tree.nameOf(name), body) ? "format" : "other";
}

/** Whether `$(…)*` of a name stands in the body only as arguments of std's formatting macros. */
function isOnlyFormatted(tree: SyntaxTree, name: string, body: number): boolean {
    const { kind, next } = tree.columns;
    const end = next[body] ?? 0;
    let found = false;
    for (let at = body; at < end; at++) {
        if (kind[at] !== KIND.metavariable || tree.nameOf(at) !== name) {
            continue;
        }
        found = true;
        const repetition = tree.columns.parent[at] ?? 0;
        const list = tree.columns.parent[repetition] ?? 0;
        const isWhole =
            kind[repetition] === KIND.token_repetition && (next[repetition] ?? 0) === at + 1;
        if (!isWhole || kind[list] !== KIND.token_tree || !isFormatted(tree, list)) {
            return false;
        }
    }
    return found;
}

/** Whether a token tree is the input of one of std's formatting macros. */
function isFormatted(tree: SyntaxTree, list: number): boolean {
    let before = -1;
    for (const sibling of tree.childrenOf(tree.columns.parent[list] ?? 0)) {
        if (sibling === list) {
            break;
        }
        before = sibling;
    }
    return (
        before !== -1 &&
        tree.hasFlag(before, FLAG.beforeBang) &&
        FORMATTERS.has(tree.nameOf(before))
    );
}
