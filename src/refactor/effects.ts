// Whether an expression does nothing but give a value, so that it may be left out or come sooner or later.

import type { FileSyntax } from "./file-syntax.ts";

/** How an expression behaves when it is evaluated at another time, or not at all. */
export type Effect =
    /** The same whenever: literals, closures, paths of constants and functions as far as spelling tells. */
    | "constant"
    /** It reads a place, which something between could change. */
    | "reads"
    /** It may do anything. */
    | "acts";

/** What evaluating a node may do. */
export function effectOf(file: FileSyntax, node: number): Effect {
    if (
        file.is(
            node,
            "boolean_literal",
            "char_literal",
            "closure_expression",
            "float_literal",
            "integer_literal",
            "negative_literal",
            "raw_string_literal",
            "string_literal",
            "unit_expression",
        )
    ) {
        return "constant";
    }
    if (file.is(node, "identifier", "scoped_identifier", "self")) {
        return "reads";
    }
    // A field behind a smart pointer is reached by its `deref`; that is as good as a read.
    const isMadeOfParts = file.is(
        node,
        "array_expression",
        "field_expression",
        "parenthesized_expression",
        "reference_expression",
        "tuple_expression",
    );
    if (!isMadeOfParts) {
        return "acts";
    }
    const parts = file
        .parts(node)
        .filter((part) => !file.is(part, "field_identifier", "mutable_specifier"));
    return parts.reduce<Effect>(
        (worst, part) => worse(worst, effectOf(file, part)),
        base(file, node),
    );
}

function base(file: FileSyntax, node: number): Effect {
    return file.is(node, "field_expression", "reference_expression") ? "reads" : "constant";
}

function worse(a: Effect, b: Effect): Effect {
    const order: readonly Effect[] = ["constant", "reads", "acts"];
    return order.indexOf(a) > order.indexOf(b) ? a : b;
}

/** Whether two expressions may be evaluated in the other order. */
export function commute(a: Effect, b: Effect): boolean {
    return a === "constant" || b === "constant" || (a === "reads" && b === "reads");
}
