// The receiver among a function's parameters.

import { KIND } from "./kinds.ts";
import type { SyntaxTree } from "./tree.ts";

/** Whether a parameter is the receiver: `&mut self`, or `self` with a type of its own. */
export function isReceiver(tree: SyntaxTree, parameter: number): boolean {
    return (
        tree.columns.kind[parameter] === KIND.self_parameter ||
        isSelfPattern(tree, tree.findChild(parameter, "pattern"))
    );
}

/** `self: T` and `mut self: T`, by the pattern of the parameter. */
export function isSelfPattern(tree: SyntaxTree, pattern: number | undefined): boolean {
    if (pattern === undefined) {
        return false;
    }
    const { kind } = tree.columns;
    return (
        kind[pattern] === KIND.self ||
        (kind[pattern] === KIND.mut_pattern && tree.findKind(pattern, "self") !== undefined)
    );
}
