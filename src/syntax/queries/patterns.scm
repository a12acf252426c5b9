; Patterns, and the binding modes that stand in front of a name.

(captured_pattern) @captured_pattern
(field_pattern) @field_pattern
(generic_pattern) @generic_pattern
(match_pattern) @match_pattern
(mut_pattern) @mut_pattern
(or_pattern) @or_pattern
(range_pattern) @range_pattern
(ref_pattern) @ref_pattern
(reference_pattern) @reference_pattern
(remaining_field_pattern) @remaining_field_pattern.leaf
(slice_pattern) @slice_pattern
(struct_pattern) @struct_pattern
(tuple_pattern) @tuple_pattern
(tuple_struct_pattern) @tuple_struct_pattern

(shorthand_field_identifier) @shorthand_field_identifier.name
(mutable_specifier) @mutable_specifier.leaf

(_ (mutable_specifier) @flag.mut)
(ref_pattern "ref" @flag.ref)
(field_pattern "ref" @flag.ref)
(range_pattern ["..." "..=" ".."] @name.operator)
