// Names that the language and the standard library put in scope without an import.
// Sources: the Rust reference, "Preludes" and "Attributes"; std::prelude::{v1, rust_2021, rust_2024}.

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/u));

/** Primitive types: always in scope, shadowed by any item of that name. */
export const PRIMITIVE_TYPES = words(`
    bool char str u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f16 f32 f64 f128`);

/** Types, traits and derive macros of the standard prelude, all editions up to 2024. */
export const PRELUDE_TYPES = words(`
    Option Result String Vec Box Send Sized Sync Unpin Drop Fn FnMut FnOnce AsyncFn AsyncFnMut AsyncFnOnce
    AsMut AsRef From Into DoubleEndedIterator ExactSizeIterator Extend IntoIterator Iterator ToOwned
    ToString Clone Copy Debug Default Eq Hash Ord PartialEq PartialOrd FromIterator TryFrom TryInto
    Future IntoFuture`);

/** Functions, variants and constructors of the standard prelude. */
export const PRELUDE_VALUES = words(`
    Some None Ok Err drop align_of align_of_val size_of size_of_val`);

/** Macros of std and core that need no import. */
export const STD_MACROS = words(`
    assert assert_eq assert_ne cfg column compile_error concat concat_bytes concat_idents dbg debug_assert
    debug_assert_eq debug_assert_ne env eprint eprintln file format format_args include include_bytes
    include_str line matches module_path option_env panic print println stringify thread_local todo try
    unimplemented unreachable vec write writeln global_asm asm naked_asm is_x86_feature_detected
    assert_matches debug_assert_matches trace_macros log_syntax unsafe_op const_format_args cfg_select`);

/** Of the prelude's types and traits those that some editions do not have; `Debug` and `Hash` are macros there. */
const PRELUDE_SINCE: ReadonlyMap<string, string> = new Map([
    ...["FromIterator", "TryFrom", "TryInto"].map((name) => [name, "2021"] as const),
    ...["Future", "IntoFuture"].map((name) => [name, "2024"] as const),
    ...["Debug", "Hash"].map((name) => [name, "never"] as const),
]);

/** Macros of `STD_MACROS` that are imported nevertheless. */
const IMPORTED_MACROS = words(`
    asm global_asm naked_asm assert_matches debug_assert_matches concat_idents unsafe_op`);

/** Whether the language or std gives a type or trait of a name to every file of an edition. */
export function isGivenType(name: string, edition: string): boolean {
    const isOfPrelude = PRELUDE_TYPES.has(name) && (PRELUDE_SINCE.get(name) ?? "") <= edition;
    return isOfPrelude || PRIMITIVE_TYPES.has(name);
}

/** Whether the language or std gives a macro of a name to every file without an import. */
export function isGivenMacro(name: string): boolean {
    return (STD_MACROS.has(name) && !IMPORTED_MACROS.has(name)) || STD_DERIVES.has(name);
}

/** Crates that are in every extern prelude (alloc, proc_macro and test need `extern crate`, or a sysroot). */
export const SYSROOT_CRATES = words("std core alloc proc_macro test");

/** Attributes of the language, with and without arguments, and helpers of std's derives. */
export const BUILTIN_ATTRIBUTES = words(`
    cfg cfg_attr test ignore should_panic bench derive automatically_derived macro_export macro_use
    proc_macro proc_macro_derive proc_macro_attribute allow expect warn deny forbid deprecated must_use
    diagnostic link link_name link_ordinal no_link repr crate_type no_main export_name link_section no_mangle
    used crate_name inline cold naked no_builtins target_feature track_caller instruction_set doc no_std
    no_implicit_prelude path recursion_limit type_length_limit panic_handler global_allocator
    windows_subsystem feature non_exhaustive debugger_visualizer default rustfmt clippy miri global
    rustc_const_stable rustc_const_unstable stable unstable lang fundamental may_dangle coverage optimize
    unsafe derive_const test_case bench_black_box cfi_encoding start plugin_registrar plugin marker
    no_core rustc_builtin_macro allow_internal_unstable allow_internal_unsafe thread_local reexport_test_harness_main
    pointee type_const rustc_diagnostic_item rustc_on_unimplemented rustdoc_internals linkage`);

/** Traits that `#[derive]` of std implements. */
export const STD_DERIVES = words(`
    Clone Copy Debug Default Eq Hash Ord PartialEq PartialOrd`);

/** First segments of tool attributes and lints. */
export const TOOL_MODULES = words("rustfmt clippy diagnostic miri rust_analyzer rustdoc rustc");

/** Macros of well-known crates whose input is items that they give back, with more beside them. */
export const FOREIGN_PASSING_MACROS = words("pin_project");

/** Whether std has a macro of a name that needs no import. */
export function isStdMacroName(name: string): boolean {
    return STD_MACROS.has(name);
}

/** Whether the language or the prelude has a name: types, values, macros, attributes, crates. */
export function isLanguageName(name: string): boolean {
    return [
        PRIMITIVE_TYPES,
        PRELUDE_TYPES,
        PRELUDE_VALUES,
        STD_MACROS,
        SYSROOT_CRATES,
        BUILTIN_ATTRIBUTES,
    ].some((names) => names.has(name));
}
