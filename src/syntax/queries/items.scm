; Items, their parts, visibility, modifiers and paths of use declarations.
;
; How these files are read (src/syntax/query-table.ts):
;   @<kind>           the node is kept as that kind, its children are visited
;   @<kind>.leaf      kept, children are not visited
;   @<kind>.name      kept, a leaf, its text is its name
;   @elide            not kept; its children are hoisted to its parent
;   @flag.<flag>      the token or child sets that flag on its parent
;   @lift             the node's modifier flags are set on its parent too
;   @name.operator    the token's text is its parent's name
;   @name.text        the leaf has a name when it stands in that field
;   @contents         string literals inside are named by their contents
;   @macro.<style>    a macro of std, with the form of its arguments

(source_file) @source_file
(shebang) @shebang.leaf
(ERROR) @ERROR
(empty_statement) @elide

(mod_item) @mod_item
(foreign_mod_item) @foreign_mod_item
(declaration_list) @declaration_list
(extern_crate_declaration) @extern_crate_declaration
(function_item) @function_item
(function_signature_item) @function_signature_item
(parameters) @parameters
(parameter) @parameter
(self_parameter) @self_parameter
(variadic_parameter) @variadic_parameter
(struct_item) @struct_item
(union_item) @union_item
(enum_item) @enum_item
(enum_variant_list) @enum_variant_list
(enum_variant) @enum_variant
(field_declaration_list) @field_declaration_list
(field_declaration) @field_declaration
(ordered_field_declaration_list) @ordered_field_declaration_list
(const_item) @const_item
(static_item) @static_item
(type_item) @type_item
(impl_item) @impl_item
(trait_item) @trait_item
(associated_type) @associated_type

(use_declaration) @use_declaration
(use_list) @use_list
(scoped_use_list) @scoped_use_list
(use_as_clause) @use_as_clause
(use_wildcard) @use_wildcard

(visibility_modifier) @visibility_modifier
(function_modifiers) @function_modifiers
(extern_modifier) @extern_modifier

(function_modifiers "async" @flag.async)
(function_modifiers "default" @flag.default)
(function_modifiers "const" @flag.const)
(function_modifiers "unsafe" @flag.unsafe)
(extern_modifier "extern" @flag.extern)
(function_modifiers) @lift
(extern_modifier) @lift
(impl_item "unsafe" @flag.unsafe)
(impl_item "!" @flag.negative)
(trait_item "unsafe" @flag.unsafe)
(static_item "ref" @flag.ref)

(scoped_identifier) @scoped_identifier
(scoped_identifier . "::" @flag.global)
(scoped_use_list . "::" @flag.global)
(use_wildcard . "::" @flag.global)

(identifier) @identifier.name
(field_identifier) @field_identifier.name
(self) @self.name
(super) @super.name
(crate) @crate.name
