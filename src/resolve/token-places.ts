// What a token cannot name for where it stands, whatever is in scope: after a dot stands a member, and a name
// that is a value stands for no macro and no field. Only what the grammar alone says counts here, and only
// outside of what macros are given, which may put a token anywhere.

import type { SymbolKind } from "../graph/index.ts";
import { KIND, type SyntaxTree } from "../syntax/index.ts";

/** What stands after a dot, or before the colon of a field. */
const MEMBERS: ReadonlySet<SymbolKind> = new Set(["field", "method", "external"]);

/** What a name without a path, in the place of a value or a pattern, never means; a method may once be imported. */
const NEVER_BARE_VALUES: ReadonlySet<SymbolKind> = new Set(["macro", "field"]);

/** Nodes whose parts are values and patterns: an identifier right below them is one. */
const HOLD_VALUES: ReadonlySet<number> = new Set([
    KIND.arguments,
    KIND.array_expression,
    KIND.assignment_expression,
    KIND.await_expression,
    KIND.binary_expression,
    KIND.block,
    KIND.call_expression,
    KIND.closure_parameters,
    KIND.compound_assignment_expr,
    KIND.expression_statement,
    KIND.field_expression,
    KIND.for_expression,
    KIND.if_expression,
    KIND.index_expression,
    KIND.let_condition,
    KIND.let_declaration,
    KIND.match_expression,
    KIND.match_pattern,
    KIND.mut_pattern,
    KIND.parameter,
    KIND.parenthesized_expression,
    KIND.range_expression,
    KIND.ref_pattern,
    KIND.reference_expression,
    KIND.reference_pattern,
    KIND.return_expression,
    KIND.slice_pattern,
    KIND.try_expression,
    KIND.tuple_expression,
    KIND.tuple_pattern,
    KIND.tuple_struct_pattern,
    KIND.type_cast_expression,
    KIND.unary_expression,
    KIND.while_expression,
]);

/** Nodes whose tokens a macro is given, or gives. */
const OF_MACROS: ReadonlySet<number> = new Set([
    KIND.macro_arguments,
    KIND.macro_definition,
    KIND.macro_invocation,
    KIND.token_tree,
]);

/** Whether a token may name a symbol of a kind; false is certain. */
export function mayName(tree: SyntaxTree, node: number, meant: SymbolKind): boolean {
    const { kind, parent } = tree.columns;
    const isMember = kind[node] === KIND.field_identifier;
    const isValue = kind[node] === KIND.identifier && HOLD_VALUES.has(kind[parent[node] ?? 0] ?? 0);
    const isExcluded =
        (isMember && !MEMBERS.has(meant)) || (isValue && NEVER_BARE_VALUES.has(meant));
    return !isExcluded || isOfMacro(tree, node);
}

function isOfMacro({ columns }: SyntaxTree, node: number): boolean {
    const { kind, parent } = columns;
    for (let at = parent[node] ?? 0; at !== 0; at = parent[at] ?? 0) {
        if (OF_MACROS.has(kind[at] ?? 0)) {
            return true;
        }
    }
    return false;
}
