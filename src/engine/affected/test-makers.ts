// Macros that may make tests: what they make where items stand is not known.

import type { DependenceInput } from "./ways.ts";

/** A word of what makes tests where items stand: `proptest!`, `test_suite!`, `#[test]` in a definition. */
export const TEST_WORD = /test|check|case|spec|bench|suite|describe/iu;

/** Macros of the workspace whose definitions speak of tests. */
export function testMakers({ captures }: DependenceInput): ReadonlySet<string> {
    const found = new Set<string>();
    for (const { tree } of captures.values()) {
        for (let node = 0; node < tree.count; node++) {
            if (tree.kindOf(node) !== "macro_definition") {
                continue;
            }
            const name = tree.findChild(node, "name");
            for (let at = node; at < (tree.columns.next[node] ?? 0); at++) {
                if (name !== undefined && TEST_WORD.test(tree.nameOf(at))) {
                    found.add(tree.nameOf(name));
                }
            }
        }
    }
    return found;
}
