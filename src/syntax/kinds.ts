// The vocabulary of syntax trees. Names are those of tree-sitter-rust's grammar; the last three are ours.
// Which nodes of a parse become tree nodes, with which flags, is said by the queries in queries/*.scm.

/** Kinds of tree nodes; a node's kind is an index into this list. Append only: cached trees hold indices. */
export const SYNTAX_KINDS = [
    "source_file",
    "ERROR",
    "abstract_type",
    "arguments",
    "array_expression",
    "array_type",
    "assignment_expression",
    "associated_type",
    "async_block",
    "attribute",
    "attribute_item",
    "await_expression",
    "base_field_initializer",
    "binary_expression",
    "block",
    "boolean_literal",
    "bounded_type",
    "bracketed_type",
    "break_expression",
    "call_expression",
    "captured_pattern",
    "closure_expression",
    "closure_parameters",
    "compound_assignment_expr",
    "const_block",
    "const_item",
    "const_parameter",
    "continue_expression",
    "declaration_list",
    "dynamic_type",
    "else_clause",
    "enum_item",
    "enum_variant",
    "enum_variant_list",
    "expression_statement",
    "extern_crate_declaration",
    "extern_modifier",
    "field_declaration",
    "field_declaration_list",
    "field_expression",
    "field_initializer",
    "field_initializer_list",
    "field_pattern",
    "for_expression",
    "for_lifetimes",
    "foreign_mod_item",
    "fragment_specifier",
    "function_item",
    "function_modifiers",
    "function_signature_item",
    "function_type",
    "gen_block",
    "generic_function",
    "generic_pattern",
    "generic_type",
    "generic_type_with_turbofish",
    "higher_ranked_trait_bound",
    "if_expression",
    "impl_item",
    "index_expression",
    "inner_attribute_item",
    "label",
    "let_chain",
    "let_condition",
    "let_declaration",
    "lifetime",
    "lifetime_parameter",
    "loop_expression",
    "macro_definition",
    "macro_invocation",
    "macro_rule",
    "match_arm",
    "match_block",
    "match_expression",
    "match_pattern",
    "mod_item",
    "mut_pattern",
    "negative_literal",
    "never_type",
    "or_pattern",
    "ordered_field_declaration_list",
    "parameter",
    "parameters",
    "parenthesized_expression",
    "pointer_type",
    "qualified_type",
    "range_expression",
    "range_pattern",
    "raw_string_literal",
    "ref_pattern",
    "reference_expression",
    "reference_pattern",
    "reference_type",
    "remaining_field_pattern",
    "removed_trait_bound",
    "return_expression",
    "scoped_identifier",
    "scoped_type_identifier",
    "scoped_use_list",
    "self_parameter",
    "shorthand_field_initializer",
    "slice_pattern",
    "static_item",
    "string_literal",
    "struct_expression",
    "struct_item",
    "struct_pattern",
    "token_binding_pattern",
    "token_repetition",
    "token_repetition_pattern",
    "token_tree",
    "token_tree_pattern",
    "trait_bounds",
    "trait_item",
    "try_block",
    "try_expression",
    "tuple_expression",
    "tuple_pattern",
    "tuple_struct_pattern",
    "tuple_type",
    "type_arguments",
    "type_binding",
    "type_cast_expression",
    "type_item",
    "type_parameter",
    "type_parameters",
    "unary_expression",
    "union_item",
    "unit_expression",
    "unit_type",
    "unsafe_block",
    "use_as_clause",
    "use_bounds",
    "use_declaration",
    "use_list",
    "use_wildcard",
    "variadic_parameter",
    "visibility_modifier",
    "where_clause",
    "where_predicate",
    "while_expression",
    "yield_expression",
    "char_literal",
    "crate",
    "doc_comment",
    "field_identifier",
    "float_literal",
    "identifier",
    "integer_literal",
    "metavariable",
    "mutable_specifier",
    "primitive_type",
    "self",
    "shebang",
    "shorthand_field_identifier",
    "super",
    "type_identifier",
    "macro_arguments",
    "format_capture",
    "doc_link",
    /** `_` among the parts of a tuple, slice, or tuple struct pattern, or of closure parameters; ours. */
    "wildcard_pattern",
] as const;

/** Kind of a tree node. */
export type SyntaxKind = (typeof SYNTAX_KINDS)[number];

/** The grammar's field under which a node stands in its parent; index 0 is "no field". Append only. */
export const SYNTAX_ROLES = [
    "",
    "alias",
    "alternative",
    "argument",
    "arguments",
    "body",
    "bounds",
    "condition",
    "consequence",
    "default_type",
    "doc",
    "element",
    "field",
    "function",
    "inner",
    "left",
    "length",
    "list",
    "macro",
    "name",
    "operator",
    "outer",
    "parameters",
    "path",
    "pattern",
    "return_type",
    "right",
    "trait",
    "type",
    "type_arguments",
    "type_parameters",
    "value",
] as const;

/** Role of a node in its parent. */
export type SyntaxRole = (typeof SYNTAX_ROLES)[number];

/** Code of each kind. */
export const KIND = Object.fromEntries(SYNTAX_KINDS.map((kind, code) => [kind, code])) as Readonly<
    Record<SyntaxKind, number>
>;

/** Code of each role; "no field" is ROLE[""]. */
export const ROLE = Object.fromEntries(SYNTAX_ROLES.map((role, code) => [role, code])) as Readonly<
    Record<SyntaxRole, number>
>;

/**
 * Bits of a node's flags. Modifiers are set on the node whose anonymous child (or blanked text) says them;
 * those of function_modifiers and extern_modifier on their parent too.
 */
export const FLAG = {
    /** `mut` (also as a mutable_specifier child, which is kept too). */
    mut: 1 << 0,
    ref: 1 << 1,
    move: 1 << 2,
    async: 1 << 3,
    unsafe: 1 << 4,
    /** Also of a name in a token tree: it follows `fn`, `struct` or another word that defines an item. */
    const: 1 << 5,
    /** Also in a token tree: it follows `use` or `mod`. */
    extern: 1 << 6,
    /** `!` of a negative impl or trait bound. */
    negative: 1 << 7,
    dyn: 1 << 8,
    /** Also of a name in a token tree: it follows `impl` or a single `:`, or `for` follows it. */
    impl: 1 << 9,
    /** The identifier is written with `r#` (its span covers the prefix, its name does not). */
    raw: 1 << 10,
    /** A syntax error lies inside. */
    error: 1 << 11,
    /** The node was inserted by error recovery and has no text. */
    missing: 1 << 12,
    /** A path that begins with `::`. */
    global: 1 << 13,
    /** An expression statement that ends with `;`. */
    semicolon: 1 << 14,
    /** On a macro_invocation: its arguments were parsed (child macro_arguments). */
    parsed: 1 << 15,
    /** Token in a token tree: directly preceded by `.` (and not by `..`). */
    afterDot: 1 << 16,
    /** Token in a token tree: directly preceded by `::`. */
    afterColons: 1 << 17,
    /** Token in a token tree: directly followed by `::`. */
    beforeColons: 1 << 18,
    /** Token in a token tree: directly followed by `(`, `!` or `{`, the macro bang included. */
    beforeCall: 1 << 19,
    beforeBang: 1 << 20,
    /** Token in a token tree: directly followed by a single `:` or `=` (named argument, field). */
    beforeColon: 1 << 21,
    /** Token in a token tree: directly preceded by `$` (a metavariable) or `'` (a lifetime). */
    afterDollar: 1 << 22,
    afterQuote: 1 << 23,
    /** An inner doc comment (`//!`) or attribute (`#![…]`). */
    inner: 1 << 24,
    /** `?Trait`, or a `?` on an expression; in a token tree: directly preceded by `#`. */
    question: 1 << 25,
    default: 1 << 26,
    /** Comes from text that was blanked or rewritten before parsing (grammar gaps). */
    bridged: 1 << 27,
    /**
     * On a macro_invocation: its input reads as items and was parsed as such (child macro_arguments), but
     * whether the macro passes them on is for its definition to say. On macro_arguments: the input reads as
     * expressions, in the same sense.
     */
    maybeItems: 1 << 28,
    /** A literal with the prefix `b`. */
    bytes: 1 << 29,
    /** A string literal with the prefix `c`. */
    cString: 1 << 30,
} as const;
