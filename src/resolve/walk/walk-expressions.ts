// Operators, literals, struct literals, indexing and the like: what they name, and what type they give.

import { KIND, ROLE } from "../../syntax/index.ts";
import { coerce } from "../types/coercion.ts";
import { NS } from "../file-items.ts";
import { isInteger, isScalar } from "../types/inference.ts";
import { OCCURRENCE_FLAG } from "./occurrence-table.ts";
import { BOOL, UNIT, UNKNOWN, refTo, type Ty } from "../types/types.ts";
import type { Handler, Walk } from "./walk.ts";
import { visitPath } from "./walk-paths.ts";
import { fieldHolder, recordField, type FieldHolder } from "./walk-patterns.ts";
import { FLAG } from "../../syntax/index.ts";
import { typeOfPath } from "./walk-calls.ts";

const visitStructExpression: Handler = (walk, node, expected) => {
    const path = walk.tree.findChild(node, "name");
    const meaning = path === undefined ? {} : visitPath(walk, path, NS.type, "value");
    const holder = fieldHolder(walk, meaning);
    if (holder !== undefined && expected !== undefined) {
        walk.infer.unify(holder.constructed, expected);
    }
    const body = walk.tree.findChild(node, "body");
    for (const child of body === undefined ? [] : walk.tree.childrenOf(body)) {
        visitInitializer(walk, child, holder);
    }
    return holder === undefined ? UNKNOWN : holder.constructed;
};

function visitInitializer(walk: Walk, node: number, holder: FieldHolder | undefined): void {
    if (walk.kind(node) === KIND.shorthand_field_initializer) {
        visitShorthand(walk, node, holder);
        return;
    }
    if (walk.kind(node) === KIND.base_field_initializer) {
        for (const child of walk.tree.childrenOf(node)) {
            const base = walk.visit(child, holder?.constructed);
            if (holder !== undefined) {
                walk.infer.unify(base, holder.constructed);
            }
        }
        return;
    }
    if (walk.kind(node) !== KIND.field_initializer) {
        walk.visit(node);
        return;
    }
    const field = walk.tree.findChild(node, "field");
    const of = { holder, scrutinee: UNKNOWN, flags: 0 };
    let declared: Ty = UNKNOWN;
    for (const child of walk.tree.childrenOf(node)) {
        if (child === field) {
            declared = recordField(walk, child, "literal-field", of);
        } else {
            const value = walk.visit(child, declared);
            coerce(walk.solver, walk.members, value, declared);
        }
    }
}

function visitShorthand(walk: Walk, node: number, holder: FieldHolder | undefined): void {
    const name = walk.tree.findKind(node, "identifier");
    walk.tree
        .childrenOf(node)
        .filter((child) => child !== name)
        .forEach((child) => walk.visit(child));
    if (name === undefined) {
        return;
    }
    const declared = recordField(walk, name, "literal-field", {
        holder,
        scrutinee: UNKNOWN,
        flags: OCCURRENCE_FLAG.shorthandField,
    });
    const meaning = walk.lookupName(walk.tree.nameOf(name), NS.value);
    if ("local" in meaning) {
        walk.recordLocal(name, "value", meaning.local, OCCURRENCE_FLAG.shorthandValue);
        const local = walk.locals[meaning.local];
        if (local !== undefined) {
            coerce(walk.solver, walk.members, local.ty, declared);
        }
    } else {
        walk.record(name, "value", meaning, OCCURRENCE_FLAG.shorthandValue);
        if ("symbols" in meaning) {
            coerce(walk.solver, walk.members, typeOfPath(walk, { found: meaning }), declared);
        }
    }
}

const visitReference: Handler = (walk, node, expected) => {
    const mutable = walk.tree.hasFlag(node, FLAG.mut);
    const wanted = expected === undefined ? undefined : walk.infer.shallow(expected);
    const inner = walk.visitMaybe(
        walk.tree.findChild(node, "value"),
        wanted?.k === "ref" ? wanted.inner : undefined,
    );
    return refTo(inner, mutable);
};

const UNARY: Readonly<Record<string, string>> = { "-": "std::ops::Neg", "!": "std::ops::Not" };

const visitUnary: Handler = (walk, node) => {
    const operand = walk.solver.known(lastChildType(walk, node));
    const operator = walk.tree.nameOf(node);
    if (operator === "*") {
        return walk.members.deref(operand) ?? UNKNOWN;
    }
    const plain = walk.infer.peel(operand);
    if (isScalar(plain) || operand.k === "var") {
        return plain;
    }
    return walk.solver.project(operand, UNARY[operator] ?? "", "Output");
};

function lastChildType(walk: Walk, node: number, expected?: Ty): Ty {
    let ty: Ty = UNKNOWN;
    for (const child of walk.tree.childrenOf(node)) {
        ty = walk.visit(child, expected);
    }
    return ty;
}

const visitParenthesized: Handler = (walk, node, expected) => lastChildType(walk, node, expected);

const visitCast: Handler = (walk, node) => {
    walk.visitChildren(node);
    return walk.written(walk.tree.findChild(node, "type"));
};

const visitIndex: Handler = (walk, node) => {
    const [base, index] = walk.tree.childrenOf(node);
    let at: Ty | undefined = walk.solver.known(walk.visitMaybe(base));
    const by = walk.solver.known(walk.visitMaybe(index));
    for (let step = 0; step < INDEX_STEPS_MAX && at !== undefined; step++) {
        if (at.k === "slice" || at.k === "array") {
            return indexSlice(walk, at.inner, by);
        }
        if (at.k === "unknown" || at.k === "var") {
            return UNKNOWN;
        }
        if (at.k !== "ref") {
            const output = walk.solver.project(at, INDEX, "Output", [by]);
            if (walk.infer.shallow(output).k !== "unknown") {
                return output;
            }
        }
        const next: Ty | undefined = walk.members.deref(at);
        at = next === undefined ? undefined : walk.solver.known(next);
    }
    return UNKNOWN;
};

const INDEX = "std::ops::Index";
const INDEX_STEPS_MAX = 8;

/** An element, or a part, of a slice. */
function indexSlice(walk: Walk, inner: Ty, by: Ty): Ty {
    if (isInteger(by) || by.k === "var") {
        return inner;
    }
    const isRange =
        by.k === "external" && walk.program.symbolAt(by.symbol).external.startsWith("std::ops::");
    if (isRange || by.k === "external") {
        return { k: "slice", inner };
    }
    return UNKNOWN;
}

const visitRange: Handler = (walk, node) => {
    const ends = walk.tree.childrenOf(node).map((child) => walk.visit(child));
    const [first, second] = ends;
    if (first !== undefined && second !== undefined) {
        walk.infer.unify(first, second);
    }
    const operator = walk.tree.nameOf(node);
    const start = walk.tree.columns.start[node] ?? 0;
    const isFrom = ends.length === 1 && walk.tree.columns.start[node + 1] === start;
    const name =
        ends.length === 0
            ? "RangeFull"
            : ends.length === 2
              ? operator === ".."
                  ? "Range"
                  : "RangeInclusive"
              : isFrom
                ? "RangeFrom"
                : operator === ".."
                  ? "RangeTo"
                  : "RangeToInclusive";
    return (
        walk.semantics.std.typeOf(`std::ops::${name}`, first === undefined ? [] : [first]) ??
        UNKNOWN
    );
};

const visitTupleExpression: Handler = (walk, node, expected) => {
    const wanted = expected === undefined ? undefined : walk.infer.shallow(expected);
    const items: Ty[] = [];
    for (const child of walk.tree.childrenOf(node)) {
        if (walk.kind(child) === KIND.attribute_item) {
            walk.visit(child);
        } else {
            const hint = wanted?.k === "tuple" ? wanted.items[items.length] : undefined;
            items.push(walk.visit(child, hint));
        }
    }
    return { k: "tuple", items };
};

const visitArray: Handler = (walk, node, expected) => {
    const wanted = expected === undefined ? undefined : walk.infer.shallow(expected);
    const hint = wanted?.k === "array" || wanted?.k === "slice" ? wanted.inner : undefined;
    let first: Ty | undefined;
    const { role } = walk.tree.columns;
    for (const child of walk.tree.childrenOf(node)) {
        const isElement = role[child] !== ROLE.length && walk.kind(child) !== KIND.attribute_item;
        const ty = walk.visit(child, isElement ? hint : undefined);
        if (isElement && first === undefined) {
            first = ty;
        } else if (isElement && first !== undefined) {
            coerce(walk.solver, walk.members, ty, first);
        }
    }
    return { k: "array", inner: first ?? walk.infer.fresh() };
};

const BINARY: Readonly<Record<string, string>> = {
    "+": "Add",
    "-": "Sub",
    "*": "Mul",
    "/": "Div",
    "%": "Rem",
    "&": "BitAnd",
    "|": "BitOr",
    "^": "BitXor",
    "<<": "Shl",
    ">>": "Shr",
};

const visitBinary: Handler = (walk, node) => {
    const operands = walk.tree.childrenOf(node).map((child) => walk.visit(child));
    const operator = walk.tree.nameOf(node);
    const [left, right] = operands;
    const trait = BINARY[operator];
    if (left === undefined || right === undefined || operands.length !== 2) {
        return UNKNOWN;
    }
    const a = walk.infer.peel(walk.solver.known(left));
    const b = walk.infer.peel(walk.solver.known(right));
    if (trait === undefined) {
        if (isScalar(a) || isScalar(b)) {
            walk.infer.unify(a, b);
        }
        return BOOL;
    }
    if (isScalar(a) && (isScalar(b) || b.k === "var")) {
        if (trait !== "Shl" && trait !== "Shr") {
            walk.infer.unify(a, b);
        }
        const isLiteral = a.k === "primitive" && a.name.startsWith("_");
        return isLiteral && isScalar(b) && trait !== "Shl" && trait !== "Shr" ? b : a;
    }
    const owner = walk.infer.shallow(left);
    return owner.k === "var" || owner.k === "unknown"
        ? UNKNOWN
        : walk.solver.project(owner, `std::ops::${trait}`, "Output", [right]);
};

const visitAssignment: Handler = (walk, node) => {
    const leftNode = walk.tree.findChild(node, "left");
    const left = walk.visitMaybe(leftNode);
    const right = walk.visitMaybe(walk.tree.findChild(node, "right"), left);
    coerce(walk.solver, walk.members, right, left);
    return UNIT;
};

const visitCompound: Handler = (walk, node) => {
    walk.visitChildren(node);
    return UNIT;
};

const plain =
    (ty: Ty): Handler =>
    (walk, node) => {
        walk.visitChildren(node);
        return ty;
    };

const STR = refTo({ k: "primitive", name: "str" });
const BYTE: Ty = { k: "primitive", name: "u8" };

const visitString: Handler = (walk, node) => {
    walk.visitChildren(node);
    if (walk.tree.hasFlag(node, FLAG.bytes)) {
        return refTo({ k: "array", inner: BYTE });
    }
    return walk.tree.hasFlag(node, FLAG.cString)
        ? refTo(walk.semantics.std.typeOf("std::ffi::CStr", []) ?? UNKNOWN)
        : STR;
};

const visitChar: Handler = (walk, node) =>
    walk.tree.hasFlag(node, FLAG.bytes) ? BYTE : { k: "primitive", name: "char" };

/** A number's suffix is its name in the tree. */
const number =
    (kind: "_integer" | "_float"): Handler =>
    (walk, node) => {
        const suffix = walk.tree.nameOf(node);
        return { k: "primitive", name: suffix === "" ? kind : suffix };
    };

/** `-1`: a number of any type. */
const visitNegative: Handler = (walk, node) => {
    const suffix = walk.tree.nameOf(node);
    return suffix === "" ? walk.infer.fresh() : { k: "primitive", name: suffix };
};

/** Handlers of operators and literals, by node kind. */
export const EXPRESSION_HANDLERS: readonly (readonly [number, Handler])[] = [
    [KIND.struct_expression, visitStructExpression],
    [KIND.reference_expression, visitReference],
    [KIND.unary_expression, visitUnary],
    [KIND.parenthesized_expression, visitParenthesized],
    [KIND.type_cast_expression, visitCast],
    [KIND.index_expression, visitIndex],
    [KIND.range_expression, visitRange],
    [KIND.tuple_expression, visitTupleExpression],
    [KIND.unit_expression, plain(UNIT)],
    [KIND.array_expression, visitArray],
    [KIND.binary_expression, visitBinary],
    [KIND.assignment_expression, visitAssignment],
    [KIND.compound_assignment_expr, visitCompound],
    [KIND.string_literal, visitString],
    [KIND.raw_string_literal, visitString],
    [KIND.boolean_literal, plain(BOOL)],
    [KIND.char_literal, visitChar],
    [KIND.integer_literal, number("_integer")],
    [KIND.float_literal, number("_float")],
    [KIND.negative_literal, visitNegative],
];
