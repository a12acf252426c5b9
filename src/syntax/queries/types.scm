; Types, bounds, generic parameters and arguments.

(abstract_type) @abstract_type
(array_type) @array_type
(bounded_type) @bounded_type
(bracketed_type) @bracketed_type
(dynamic_type) @dynamic_type
(function_type) @function_type
(generic_type) @generic_type
(generic_type_with_turbofish) @generic_type_with_turbofish
(never_type) @never_type.leaf
(pointer_type) @pointer_type
(qualified_type) @qualified_type
(reference_type) @reference_type
(removed_trait_bound) @removed_trait_bound
(scoped_type_identifier) @scoped_type_identifier
(tuple_type) @tuple_type
(unit_type) @unit_type.leaf

(type_arguments) @type_arguments
(type_binding) @type_binding
(type_parameters) @type_parameters
(type_parameter) @type_parameter
(lifetime_parameter) @lifetime_parameter
(const_parameter) @const_parameter
(for_lifetimes) @for_lifetimes
(higher_ranked_trait_bound) @higher_ranked_trait_bound
(trait_bounds) @trait_bounds
(use_bounds) @use_bounds
(where_clause) @where_clause
(where_predicate) @where_predicate
(lifetime) @lifetime

(type_identifier) @type_identifier.name
(primitive_type) @primitive_type.name

(abstract_type "impl" @flag.impl)
(dynamic_type "dyn" @flag.dyn)
(pointer_type "const" @flag.const)
(removed_trait_bound "?" @flag.question)
(scoped_type_identifier . "::" @flag.global)
