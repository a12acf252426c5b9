; Macro definitions and calls, and which of std's macros take what.

(macro_definition) @macro_definition
(macro_rule) @macro_rule
(macro_invocation) @macro_invocation
(fragment_specifier) @fragment_specifier.name
(token_binding_pattern) @token_binding_pattern
(token_repetition) @token_repetition
(token_repetition_pattern) @token_repetition_pattern
(token_tree) @token_tree
(token_tree_pattern) @token_tree_pattern
(metavariable) @metavariable.name

; A format string, then its arguments.
((macro_invocation macro: (identifier) @macro.format)
  (#any-of? @macro.format
    "format" "print" "println" "eprint" "eprintln" "panic" "todo" "unimplemented" "unreachable"
    "format_args" "format_args_nl" "const_format_args"))

; One argument, then a format string.
((macro_invocation macro: (identifier) @macro.format-second)
  (#any-of? @macro.format-second "write" "writeln" "assert" "debug_assert"))

; Two arguments, then a format string.
((macro_invocation macro: (identifier) @macro.format-third)
  (#any-of? @macro.format-third "assert_eq" "assert_ne" "debug_assert_eq" "debug_assert_ne"))

; Expressions.
((macro_invocation macro: (identifier) @macro.expressions)
  (#any-of? @macro.expressions
    "dbg" "try" "addr_of" "addr_of_mut" "ready" "pin"))

; Expressions in brackets, or one and its count.
((macro_invocation macro: (identifier) @macro.elements)
  (#any-of? @macro.elements "vec"))

; Literals whose contents matter.
((macro_invocation macro: (identifier) @macro.text)
  (#any-of? @macro.text "include" "include_str" "include_bytes" "concat" "env" "option_env"))

; Templates, then operands.
((macro_invocation macro: (identifier) @macro.asm)
  (#any-of? @macro.asm "asm" "global_asm" "naked_asm"))

; An expression and a pattern.
((macro_invocation macro: (identifier) @macro.matches)
  (#any-of? @macro.matches "matches" "assert_matches" "debug_assert_matches"))

; Items.
((macro_invocation macro: (identifier) @macro.items)
  (#any-of? @macro.items "thread_local"))

; Branches of configuration.
((macro_invocation macro: (identifier) @macro.cfg-if)
  (#any-of? @macro.cfg-if "cfg_if"))
((macro_invocation macro: (identifier) @macro.cfg-select)
  (#any-of? @macro.cfg-select "cfg_select"))
