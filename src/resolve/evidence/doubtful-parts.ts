// Parts of a file in which rust-analyzer's word is less than it seems. Of the input of macros of others than std,
// and of items under attributes that may be macros, it looks at one expansion only: a token there can mean more
// than it says. Code under a cfg that is off it resolves in the scope around it, which is wrong.

import type { Span } from "../../base/index.ts";
import { KIND, type SyntaxTree } from "../../syntax/index.ts";
import { attributePath, readAttributes } from "../attributes.ts";
import { BUILTIN_ATTRIBUTES, STD_MACROS, TOOL_MODULES } from "../known-names.ts";

/** Parts of a file; they may lie in one another. */
export interface DoubtfulParts {
    readonly oneExpansion: readonly Span[];
    readonly underCfg: readonly Span[];
}

/** Finds the parts. */
export function findDoubtfulParts(
    tree: SyntaxTree,
    isOwnMacro: (name: string) => boolean,
): DoubtfulParts {
    const { kind, start, end, next } = tree.columns;
    const oneExpansion: Span[] = [];
    const underCfg: Span[] = [];
    const around: number[] = [];
    for (let node = 0; node < tree.count; node++) {
        while (node >= (next[around.at(-1) ?? -1] ?? Infinity)) {
            around.pop();
        }
        const parent = around.at(-1) ?? 0;
        around.push(node);
        if (kind[node] === KIND.macro_invocation) {
            const name = macroName(tree, node);
            if (!STD_MACROS.has(name) || isOwnMacro(name)) {
                oneExpansion.push({ start: end[node + 1] ?? 0, end: end[node] ?? 0 });
            }
        } else if (kind[node] === KIND.attribute_item) {
            const { cfg, isPlain } = readOne(tree, node);
            const part = { start: start[node] ?? 0, end: endOfSubject(tree, node, parent) };
            if (!isPlain) {
                oneExpansion.push(part);
            }
            if (cfg !== "" && !KNOWN_CFGS.has(cfg)) {
                underCfg.push(part);
            }
        } else if (kind[node] === KIND.inner_attribute_item && !readOne(tree, node).isPlain) {
            oneExpansion.push({ start: 0, end: end[0] ?? 0 });
        }
    }
    return { oneExpansion, underCfg };
}

/** End of what an attribute speaks of: the node that it begins, or the one after all attributes. */
function endOfSubject(tree: SyntaxTree, attribute: number, parent: number): number {
    const { kind, start, end, next } = tree.columns;
    let item = attribute;
    while (kind[item] === KIND.attribute_item) {
        item = next[item] ?? tree.count;
    }
    const isFirst = parent !== 0 && kind[parent + 1] === KIND.attribute_item;
    const isBegun = isFirst && start[parent] === start[parent + 1];
    return Math.max(end[item] ?? 0, isBegun ? (end[parent] ?? 0) : 0);
}

/** Predicates that rust-analyzer takes to be on. */
const KNOWN_CFGS: ReadonlySet<string> = new Set(["test", "debug_assertions"]);

/** Last segment of the macro's path. */
function macroName(tree: SyntaxTree, invocation: number): string {
    const path = attributePath(tree, invocation + 1);
    return path.slice(path.lastIndexOf(":") + 1);
}

function readOne(tree: SyntaxTree, attribute: number): { cfg: string; isPlain: boolean } {
    const { cfg, names, derives } = readAttributes(tree, [attribute]);
    const inside = new Set(derives);
    const isPlain = [...names].every(
        (name) =>
            inside.has(name) ||
            BUILTIN_ATTRIBUTES.has(name) ||
            TOOL_MODULES.has(name.split("::")[0] ?? ""),
    );
    return { cfg, isPlain };
}
