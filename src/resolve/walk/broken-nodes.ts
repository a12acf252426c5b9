// Which parts of a file are not to be read as they were parsed, because a syntax error lies in them: what the parser made
// of the tokens beside it is a guess. Macro input is left out: it need be no Rust, and is read by its macro.

import { KIND } from "../../syntax/index.ts";
import type { FileInstance } from "../symbols.ts";

/** Why tokens there mean nothing that is known. */
export const BROKEN = "there is a syntax error here";

/** Nodes whose children are statements, arms, members and the like, each of which is whole or broken by itself. */
const LISTS: ReadonlySet<number> = new Set([
    KIND.source_file,
    KIND.block,
    KIND.declaration_list,
    KIND.match_block,
    KIND.field_declaration_list,
    KIND.enum_variant_list,
]);

const MACROS: ReadonlySet<number> = new Set([KIND.macro_invocation, KIND.macro_definition]);

/**
 * The nodes that hold an error among their children; of lists only the error, and of statements and arms the one
 * right after it, too. Undefined for none.
 */
export function findBroken({ tree, capture }: FileInstance): ReadonlySet<number> | undefined {
    if (capture.problems.length === 0) {
        return undefined;
    }
    const broken = new Set<number>();
    const { kind, parent, next } = tree.columns;
    for (let at = 0; at < tree.count; at++) {
        if (MACROS.has(kind[at] ?? 0)) {
            at = (next[at] ?? tree.count) - 1;
        } else if (kind[at] === KIND.ERROR) {
            const list = parent[at] ?? 0;
            const part = LISTS.has(kind[list] ?? 0) ? at : list;
            broken.add(part);
            const after = next[at] ?? tree.count;
            const isStatement = kind[list] === KIND.block || kind[list] === KIND.match_block;
            if (part === at && isStatement && after < (next[list] ?? 0)) {
                broken.add(after);
            }
        }
    }
    return broken;
}
