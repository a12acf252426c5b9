// Predicates of conditional compilation, read from attribute tokens, in a canonical text form:
// operands of all/any sorted and without duplicates, double negation removed.

import { FLAG, KIND, type SyntaxTree } from "../syntax/index.ts";

/** Reads the predicate of `cfg(…)` from the token tree that follows `cfg`; `index` picks an operand. */
export function readCfg(tree: SyntaxTree, tokenTree: number, index = 0): string {
    return readOperands(tree, tokenTree)[index] ?? "";
}

/** Reads a predicate that stands among tokens by itself: `feature = "a"`, `any(unix, windows)`. */
export function readMeta(tree: SyntaxTree, tokens: number): string {
    return readOperands(tree, tokens)[0] ?? "";
}

/** Reads the predicate that the brackets of an attribute hold: `#![all(unix, test)]`. */
export function readBareCfg(tree: SyntaxTree, attribute: number): string {
    const name = tree.nameOf(attribute + 1);
    const value = tree.findChild(attribute, "value");
    const tokens = tree.findChild(attribute, "arguments");
    if (value !== undefined) {
        return `${name}="${tree.nameOf(value)}"`;
    }
    return tokens === undefined ? name : combine(name, readOperands(tree, tokens));
}

/** Joins predicates that must all hold; empty ones are always true. */
export function allOf(...predicates: readonly string[]): string {
    const parts = new Set<string>();
    for (const predicate of predicates) {
        if (predicate.startsWith("all(") && predicate.endsWith(")")) {
            splitTop(predicate.slice(4, -1)).forEach((part) => parts.add(part));
        } else if (predicate !== "") {
            parts.add(predicate);
        }
    }
    const sorted = [...parts].sort();
    return sorted.length <= 1 ? (sorted[0] ?? "") : `all(${sorted.join(",")})`;
}

/** The predicate that holds where another does not; what always holds has none. */
export function notOf(predicate: string): string {
    return combine("not", [predicate]);
}

/** Joins predicates of which one must hold; an empty one always does. */
export function anyOf(...predicates: readonly string[]): string {
    return predicates.includes("") ? "" : combine("any", predicates);
}

function readOperands(tree: SyntaxTree, tokenTree: number): string[] {
    const operands: string[] = [];
    const children = tree.childrenOf(tokenTree);
    for (let i = 0; i < children.length; i++) {
        const node = children[i] ?? 0;
        const following = children[i + 1];
        const kind = tree.columns.kind[node];
        if (kind === KIND.string_literal || kind === KIND.raw_string_literal) {
            continue;
        }
        if (following !== undefined && tree.columns.kind[following] === KIND.token_tree) {
            operands.push(combine(tree.nameOf(node), readOperands(tree, following)));
            i += 1;
        } else if (following !== undefined && tree.hasFlag(node, FLAG.beforeColon)) {
            operands.push(`${tree.nameOf(node)}="${tree.nameOf(following)}"`);
            i += 1;
        } else if (tree.nameOf(node) !== "") {
            operands.push(tree.nameOf(node));
        } else if (kind === KIND.boolean_literal) {
            operands.push("true");
        }
    }
    return operands;
}

function combine(operator: string, operands: readonly string[]): string {
    if (operator === "not") {
        const inner = operands[0] ?? "";
        return inner.startsWith("not(") ? inner.slice(4, -1) : `not(${inner})`;
    }
    if (operator === "all") {
        return allOf(...operands);
    }
    const sorted = [...new Set(operands)].sort();
    return operator === "any" && sorted.length === 1
        ? (sorted[0] ?? "")
        : `${operator}(${sorted.join(",")})`;
}

function splitTop(text: string): string[] {
    const parts: string[] = [];
    let depth = 0;
    let from = 0;
    for (let i = 0; i < text.length; i++) {
        const char = text[i];
        if (char === "(") {
            depth += 1;
        } else if (char === ")") {
            depth -= 1;
        } else if (char === "," && depth === 0) {
            parts.push(text.slice(from, i));
            from = i + 1;
        }
    }
    parts.push(text.slice(from));
    return parts.filter((part) => part !== "");
}
