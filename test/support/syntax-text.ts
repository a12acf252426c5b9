// Syntax trees as text for tests: one node a line, indented, with role, name and flags.

import { FLAG, SYNTAX_ROLES, type SyntaxTree } from "../../src/syntax/index.ts";

/** Prints the subtree of a node, the root's by default. */
export function printTree(tree: SyntaxTree, node = 0, depth = 0): string {
    const { role, start, end } = tree.columns;
    const flags = Object.entries(FLAG)
        .filter(([, flag]) => tree.hasFlag(node, flag))
        .map(([name]) => name);
    const name = tree.nameOf(node);
    const parts = [
        "  ".repeat(depth) + prefixOf(role[node] ?? 0) + tree.kindOf(node),
        `${start[node]}-${end[node]}`,
        ...(name === "" ? [] : [JSON.stringify(name)]),
        ...(flags.length === 0 ? [] : [`[${flags.join(" ")}]`]),
    ];
    const below = tree.childrenOf(node).map((child) => printTree(tree, child, depth + 1));
    return [parts.join(" "), ...below].join("\n");
}

/** Texts of all nodes of a kind. */
export function textsOf(tree: SyntaxTree, text: string, kind: string): string[] {
    const found: string[] = [];
    for (let node = 0; node < tree.count; node++) {
        if (tree.kindOf(node) === kind) {
            found.push(text.slice(tree.columns.start[node], tree.columns.end[node]));
        }
    }
    return found;
}

function prefixOf(role: number): string {
    return role === 0 ? "" : `${SYNTAX_ROLES[role]}:`;
}
