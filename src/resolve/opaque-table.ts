// The occurrences of a file that no target reaches: its names are seen, and mean nothing that is known.

import { FLAG, KIND, type SyntaxTree } from "../syntax/index.ts";
import type { Binding } from "./model.ts";
import {
    BIND,
    OCCURRENCE_FLAG,
    OccurrenceBuilder,
    ROLE_CODE,
    type OccurrenceTable,
} from "./walk/occurrence-table.ts";

/** Reason of occurrences in files that no target reaches: they are not compiled. */
export const UNOWNED_REASON = "the file belongs to no target";

/** Reason of occurrences in files that no target is seen to reach, and that may be compiled all the same. */
export const POSSIBLE_MODULE_REASON = "a macro or an include may make this file part of a crate";

/** The same, where only the crates of the package around the file come into question. */
export const OWN_MODULE_REASON =
    "a macro or an include may make this file part of a crate of its package";

/** The reasons above. */
export const UNOWNED_REASONS: readonly string[] = [
    UNOWNED_REASON,
    POSSIBLE_MODULE_REASON,
    OWN_MODULE_REASON,
];

/** Reason of occurrences in the input of `quote!` and its like: what it writes is code elsewhere. */
export const QUOTED_REASON = "code that quote! writes for elsewhere";

/** Reason of occurrences in the input of `quote_spanned!`: a span that stands here, and behind `=>` such code. */
export const SPANNED_REASON = "a span, or code that quote_spanned! writes for elsewhere";

/** Reason of the name in a link of documentation that nothing in sight has, in any name space: it links nowhere. */
export const DEAD_LINK_REASON = "nothing in scope has the name of this link";

/** Whether a token is one that a macro is given, which may define something of it. */
export function isGivenToMacro(binding: Binding): boolean {
    return binding.kind === "opaque" && /^input of \w+!$/u.test(binding.reason);
}

const NAMES = new Set([
    KIND.identifier,
    KIND.type_identifier,
    KIND.field_identifier,
    KIND.shorthand_field_identifier,
    KIND.format_capture,
]);

/** Such tables name no symbol: one is the same in every session. */
const known = new WeakMap<SyntaxTree, Map<string, OccurrenceTable>>();

/** Lists all identifiers of a tree as opaque, for one reason. */
export function opaqueTable(tree: SyntaxTree, why: string): OccurrenceTable {
    let tables = known.get(tree);
    if (tables === undefined) {
        tables = new Map();
        known.set(tree, tables);
    }
    let table = tables.get(why);
    if (table === undefined) {
        table = listOpaque(tree, why);
        tables.set(why, table);
    }
    return table;
}

function listOpaque(tree: SyntaxTree, why: string): OccurrenceTable {
    const { kind, start, end, name, names } = tree.columns;
    const out = new OccurrenceBuilder(names);
    const reason = out.reasonNumber(why);
    for (let node = 0; node < tree.count; node++) {
        if (NAMES.has(kind[node] ?? 0) && (name[node] ?? 0) !== 0) {
            out.push({
                start: start[node] ?? 0,
                end: end[node] ?? 0,
                name: name[node] ?? 0,
                role: ROLE_CODE["macro-input"],
                bind: BIND.opaque,
                flags: tree.hasFlag(node, FLAG.raw) ? OCCURRENCE_FLAG.raw : 0,
                target: 0,
                reason,
                enclosing: 0,
            });
        }
    }
    return out.build([]);
}
