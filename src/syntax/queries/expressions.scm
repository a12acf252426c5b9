; Expressions, statements and literals.

(arguments) @arguments
(array_expression) @array_expression
(assignment_expression) @assignment_expression
(async_block) @async_block
(await_expression) @await_expression
(base_field_initializer) @base_field_initializer
(binary_expression) @binary_expression
(block) @block
(break_expression) @break_expression
(call_expression) @call_expression
(closure_expression) @closure_expression
(closure_parameters) @closure_parameters
(compound_assignment_expr) @compound_assignment_expr
(const_block) @const_block
(continue_expression) @continue_expression
(else_clause) @else_clause
(expression_statement) @expression_statement
(field_expression) @field_expression
(field_initializer) @field_initializer
(field_initializer_list) @field_initializer_list
(for_expression) @for_expression
(gen_block) @gen_block
(generic_function) @generic_function
(if_expression) @if_expression
(index_expression) @index_expression
(label) @label
(let_chain) @let_chain
(let_condition) @let_condition
(let_declaration) @let_declaration
(loop_expression) @loop_expression
(match_arm) @match_arm
(match_block) @match_block
(match_expression) @match_expression
(negative_literal) @negative_literal.leaf
(parenthesized_expression) @parenthesized_expression
(range_expression) @range_expression
(reference_expression) @reference_expression
(return_expression) @return_expression
(shorthand_field_initializer) @shorthand_field_initializer
(struct_expression) @struct_expression
(try_block) @try_block
(try_expression) @try_expression
(tuple_expression) @tuple_expression
(type_cast_expression) @type_cast_expression
(unary_expression) @unary_expression
(unit_expression) @unit_expression.leaf
(unsafe_block) @unsafe_block
(while_expression) @while_expression
(yield_expression) @yield_expression

(boolean_literal) @boolean_literal.name
(char_literal) @char_literal.leaf
(float_literal) @float_literal.leaf
(integer_literal) @integer_literal.leaf
(raw_string_literal) @raw_string_literal.leaf
(string_literal) @string_literal.leaf
(string_content) @elide
(escape_sequence) @elide

(async_block "move" @flag.move)
(async_block "async" @flag.async)
(closure_expression "async" @flag.async)
(closure_expression "move" @flag.move)
(expression_statement ";" @flag.semicolon)
(gen_block "move" @flag.move)
(reference_expression "const" @flag.const)
(try_expression "?" @flag.question)
(unsafe_block "unsafe" @flag.unsafe)

(binary_expression operator: _ @name.operator)
(compound_assignment_expr operator: _ @name.operator)
(range_expression [".." "..." "..="] @name.operator)
(unary_expression ["-" "*" "!"] @name.operator)

; The index of a tuple field.
(_ field: (integer_literal) @name.text)
