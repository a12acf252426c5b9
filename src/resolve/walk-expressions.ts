// Expressions: names, calls, fields, blocks with their scopes, and as much of their types as receivers need.

import { KIND, ROLE } from "../syntax/index.ts";
import { NS } from "./file-items.ts";
import { isMemberFound } from "./method-lookup.ts";
import { OCCURRENCE_FLAG } from "./occurrence-table.ts";
import { constructedByStd, resultOfStdMethod } from "./std-knowledge.ts";
import { lowerType } from "./type-lowering.ts";
import { UNIT, UNKNOWN, peel, substitute, unify, type Ty } from "./types.ts";
import { CLASS, type Handler, type Walk } from "./walk.ts";
import { recordMember, visitPath, type PathMeaning } from "./walk-paths.ts";
import { fieldHolder, recordField, visitPattern, type PatternContext } from "./walk-patterns.ts";

function newPattern(kind: PatternContext["kind"], conditional = false): PatternContext {
    return { kind, bound: new Map(), conditional };
}

const visitIdentifier: Handler = (walk, node) =>
    typeOfPath(walk, visitPath(walk, node, NS.value, "value"));

const visitSelf: Handler = (walk) => {
    const local = walk.findLocal("self", CLASS.value);
    return local === undefined ? UNKNOWN : (walk.locals[local]?.ty ?? UNKNOWN);
};

/** The type of a path used as a value. */
function typeOfPath(walk: Walk, meaning: PathMeaning): Ty {
    if (meaning.local !== undefined) {
        return walk.locals[meaning.local]?.ty ?? UNKNOWN;
    }
    const index = meaning.found?.symbols[0];
    if (index === undefined || meaning.found?.symbols.length !== 1) {
        return UNKNOWN;
    }
    const symbol = walk.program.symbolAt(index);
    const values = meaning.values ?? new Map<string, Ty>();
    switch (symbol.kind) {
        case "const":
        case "static":
        case "assoc-const":
            return substitute(walk.semantics.declaredType(index), values);
        case "function":
        case "method":
            return {
                k: "function",
                result: substitute(walk.semantics.signatureOf(index).result, values),
            };
        case "struct":
        case "variant": {
            const made = meaning.at ?? walk.semantics.constructedType(index);
            const item = symbol.inst?.items.items[symbol.item];
            return item?.body === -1 ? made : { k: "function", result: made };
        }
        default:
            return UNKNOWN;
    }
}

const visitCall: Handler = (walk, node) => {
    const callee = walk.tree.findChild(node, "function");
    const list = walk.tree.findChild(node, "arguments");
    const method = callee === undefined ? undefined : methodCallee(walk, callee);
    if (method !== undefined) {
        return visitMethodCall(walk, method, list);
    }
    if (callee === undefined) {
        walk.visitChildren(node);
        return UNKNOWN;
    }
    const isPath =
        walk.kind(callee) === KIND.identifier ||
        walk.kind(callee) === KIND.scoped_identifier ||
        walk.kind(callee) === KIND.generic_function;
    if (!isPath) {
        const ty = walk.visit(callee);
        visitArguments(walk, list);
        return ty.k === "function" ? ty.result : UNKNOWN;
    }
    const meaning = visitPath(walk, callee, NS.value, "call");
    const args = visitArguments(walk, list);
    return resultOfCall(walk, meaning, args);
};

function visitArguments(walk: Walk, list: number | undefined): Ty[] {
    if (list === undefined) {
        return [];
    }
    return walk.tree
        .childrenOf(list)
        .filter((child) => walk.kind(child) !== KIND.attribute_item)
        .map((child) => walk.visit(child));
}

function resultOfCall(walk: Walk, meaning: PathMeaning, args: readonly Ty[]): Ty {
    const index = meaning.found?.symbols[0];
    const symbol = index === undefined ? undefined : walk.program.symbolAt(index);
    if (index !== undefined && symbol !== undefined && symbol.external !== "") {
        return constructedByStd(symbol.external, meaning.at, args, (path) =>
            walk.program.external(path),
        );
    }
    if (index !== undefined && (symbol?.kind === "function" || symbol?.kind === "method")) {
        const signature = walk.semantics.signatureOf(index);
        const values = new Map(meaning.values ?? []);
        const given = symbol.kind === "method" && signature.self !== "none" ? args.slice(1) : args;
        signature.params.forEach((param, i) => unify(param, given[i] ?? UNKNOWN, values));
        return substitute(signature.result, values);
    }
    const ty = typeOfPath(walk, meaning);
    return ty.k === "function" ? ty.result : UNKNOWN;
}

/** The field_expression under a method call, turbofish looked through. */
function methodCallee(walk: Walk, callee: number): number | undefined {
    if (walk.kind(callee) === KIND.field_expression) {
        return callee;
    }
    if (walk.kind(callee) !== KIND.generic_function) {
        return undefined;
    }
    const inner = walk.tree.findChild(callee, "function");
    if (inner === undefined || walk.kind(inner) !== KIND.field_expression) {
        return undefined;
    }
    walk.visitMaybe(walk.tree.findChild(callee, "type_arguments"));
    return inner;
}

function visitMethodCall(walk: Walk, callee: number, list: number | undefined): Ty {
    const value = walk.tree.findChild(callee, "value");
    const field = walk.tree.findChild(callee, "field");
    const receiver = walk.visitMaybe(value);
    if (field === undefined || walk.kind(field) === KIND.integer_literal) {
        visitArguments(walk, list);
        return UNKNOWN;
    }
    const name = walk.tree.nameOf(field);
    const lookup = walk.members.method(receiver, name, walk.scope);
    recordMember(walk, field, "method-call", lookup);
    const args = visitArguments(walk, list);
    if (!isMemberFound(lookup) || lookup.ambiguous !== undefined) {
        return resultOfStdMethod(receiver, name);
    }
    const index = lookup.symbols[0];
    if (index === undefined || walk.program.symbolAt(index).external !== "") {
        return UNKNOWN;
    }
    const signature = walk.semantics.signatureOf(index);
    const values = new Map(lookup.values);
    signature.params.forEach((param, i) => unify(param, args[i] ?? UNKNOWN, values));
    return substitute(signature.result, values);
}

const visitField: Handler = (walk, node) => {
    const receiver = walk.visitMaybe(walk.tree.findChild(node, "value"));
    const field = walk.tree.findChild(node, "field");
    if (field === undefined) {
        return UNKNOWN;
    }
    const name = walk.tree.nameOf(field);
    if (walk.kind(field) === KIND.integer_literal) {
        return name === "" ? UNKNOWN : walk.members.tupleField(receiver, Number.parseInt(name, 10));
    }
    const lookup = walk.members.field(receiver, name, walk.scope);
    recordMember(walk, field, "field", lookup);
    return lookup.type ?? UNKNOWN;
};

const visitStructExpression: Handler = (walk, node) => {
    const path = walk.tree.findChild(node, "name");
    const meaning = path === undefined ? {} : visitPath(walk, path, NS.type, "value");
    const holder = fieldHolder(walk, meaning);
    const body = walk.tree.findChild(node, "body");
    for (const child of body === undefined ? [] : walk.tree.childrenOf(body)) {
        visitInitializer(walk, child, holder);
    }
    return holder === undefined ? UNKNOWN : withoutOwnParams(walk, holder.constructed);
};

/** A literal's arguments are not inferred: its own parameters are unknown, not themselves. */
function withoutOwnParams(walk: Walk, ty: Ty): Ty {
    return ty === walk.self || ty.k !== "adt" ? ty : { ...ty, args: [] };
}

function visitInitializer(walk: Walk, node: number, holder: ReturnType<typeof fieldHolder>): void {
    const of = { holder, scrutinee: UNKNOWN };
    if (walk.kind(node) === KIND.shorthand_field_initializer) {
        const name = walk.tree.findKind(node, "identifier");
        walk.tree
            .childrenOf(node)
            .filter((child) => child !== name)
            .forEach((child) => walk.visit(child));
        if (name !== undefined) {
            recordField(walk, name, "literal-field", {
                ...of,
                flags: OCCURRENCE_FLAG.shorthandField,
            });
            const meaning = walk.lookupName(walk.tree.nameOf(name), NS.value);
            if ("local" in meaning) {
                walk.recordLocal(name, "value", meaning.local, OCCURRENCE_FLAG.shorthandValue);
            } else {
                walk.record(name, "value", meaning, OCCURRENCE_FLAG.shorthandValue);
            }
        }
        return;
    }
    if (walk.kind(node) !== KIND.field_initializer) {
        walk.visit(node);
        return;
    }
    const field = walk.tree.findChild(node, "field");
    for (const child of walk.tree.childrenOf(node)) {
        if (child === field) {
            recordField(walk, child, "literal-field", { ...of, flags: 0 });
        } else {
            walk.visit(child);
        }
    }
}

const visitBlock: Handler = (walk, node) => {
    const mark = walk.enter();
    const scope = walk.inst.scopes.get(node);
    const outer = walk.scope;
    if (scope !== undefined) {
        walk.scope = scope;
        walk.pushScope(scope);
    }
    let last: Ty = UNIT;
    let lastNode = -1;
    let conditional = false;
    for (const child of walk.tree.childrenOf(node)) {
        const kind = walk.kind(child);
        if (kind === KIND.attribute_item) {
            walk.visit(child);
            conditional ||= isCfg(walk, child);
            continue;
        }
        if (kind === KIND.let_declaration) {
            visitLet(walk, child, conditional);
            last = UNIT;
        } else if (kind !== KIND.label) {
            last = walk.visit(child);
        }
        lastNode = child;
        conditional = false;
    }
    walk.scope = outer;
    walk.leave(mark, node);
    const isStatement = lastNode !== -1 && walk.kind(lastNode) === KIND.expression_statement;
    return isStatement && walk.tree.columns.end[lastNode] !== endOfInner(walk, lastNode)
        ? UNIT
        : last;
};

/** End of the expression in a statement: differs from the statement's own when a semicolon follows. */
function endOfInner(walk: Walk, statement: number): number | undefined {
    return walk.tree.columns.end[statement + 1];
}

function isCfg(walk: Walk, attribute: number): boolean {
    const inner = walk.tree.findKind(attribute, "attribute");
    const name = inner === undefined ? "" : walk.tree.nameOf(inner + 1);
    return name === "cfg" || name === "cfg_attr";
}

function visitLet(walk: Walk, node: number, conditional: boolean): void {
    const typeNode = walk.tree.findChild(node, "type");
    const pattern = walk.tree.findChild(node, "pattern");
    walk.visitMaybe(typeNode);
    const value = walk.visitMaybe(walk.tree.findChild(node, "value"));
    walk.visitMaybe(walk.tree.findChild(node, "alternative"));
    const declared = lowerType(walk.semantics, typeNode, walk.typeContext());
    if (pattern !== undefined) {
        const ty = declared.k === "unknown" ? value : declared;
        visitPattern(walk, pattern, ty, newPattern("local", conditional));
    }
}

const visitLetHandler: Handler = (walk, node) => {
    visitLet(walk, node, false);
    return UNIT;
};

const visitLetCondition: Handler = (walk, node) => {
    const value = walk.visitMaybe(walk.tree.findChild(node, "value"));
    const pattern = walk.tree.findChild(node, "pattern");
    if (pattern !== undefined) {
        visitPattern(walk, pattern, value, newPattern("local"));
    }
    return { k: "primitive", name: "bool" };
};

const visitIf: Handler = (walk, node) => {
    const mark = walk.enter();
    walk.visitMaybe(walk.tree.findChild(node, "condition"));
    const ty = walk.visitMaybe(walk.tree.findChild(node, "consequence"));
    walk.leave(mark, node);
    const other = walk.visitMaybe(walk.tree.findChild(node, "alternative"));
    return ty.k === "unknown" ? other : ty;
};

const visitElse: Handler = (walk, node) => {
    let ty: Ty = UNKNOWN;
    for (const child of walk.tree.childrenOf(node)) {
        ty = walk.visit(child);
    }
    return ty;
};

const visitWhile: Handler = (walk, node) => {
    const mark = walk.enter();
    visitLabel(walk, node);
    walk.visitMaybe(walk.tree.findChild(node, "condition"));
    walk.visitMaybe(walk.tree.findChild(node, "body"));
    walk.leave(mark, node);
    return UNIT;
};

const visitFor: Handler = (walk, node) => {
    const value = walk.visitMaybe(walk.tree.findChild(node, "value"));
    const mark = walk.enter();
    visitLabel(walk, node);
    const pattern = walk.tree.findChild(node, "pattern");
    if (pattern !== undefined) {
        visitPattern(walk, pattern, elementOf(value), newPattern("local"));
    }
    walk.visitMaybe(walk.tree.findChild(node, "body"));
    walk.leave(mark, node);
    return UNIT;
};

/** What iterating over a value gives, for slices and vectors. */
function elementOf(ty: Ty): Ty {
    const inner = peel(ty);
    if (inner.k === "slice") {
        return inner.inner;
    }
    const isList = inner.k === "external" && (inner.name === "Vec" || inner.name === "Option");
    return isList ? (inner.args[0] ?? UNKNOWN) : UNKNOWN;
}

const visitLoop: Handler = (walk, node) => {
    const mark = walk.enter();
    visitLabel(walk, node);
    walk.visitMaybe(walk.tree.findChild(node, "body"));
    walk.leave(mark, node);
    return UNKNOWN;
};

/** A label that a loop or block defines. */
function visitLabel(walk: Walk, node: number): void {
    const label = walk.tree.findKind(node, "label");
    if (label !== undefined) {
        const name = walk.nameNodeOf(label);
        walk.recordLocal(name, "definition", walk.define(name, "label", { class: CLASS.label }));
    }
}

const visitJump: Handler = (walk, node) => {
    for (const child of walk.tree.childrenOf(node)) {
        if (walk.kind(child) !== KIND.label) {
            walk.visit(child);
            continue;
        }
        const name = walk.nameNodeOf(child);
        const local = walk.findLocal(walk.tree.nameOf(name), CLASS.label);
        if (local === undefined) {
            walk.recordUnknown(name, "label", "no such label in scope");
        } else {
            walk.recordLocal(name, "label", local);
        }
    }
    return UNKNOWN;
};

const visitMatch: Handler = (walk, node) => {
    const scrutinee = walk.visitMaybe(walk.tree.findChild(node, "value"));
    const body = walk.tree.findChild(node, "body");
    let ty: Ty = UNKNOWN;
    for (const arm of body === undefined ? [] : walk.tree.childrenOf(body)) {
        const armType =
            walk.kind(arm) === KIND.match_arm ? visitArm(walk, arm, scrutinee) : walk.visit(arm);
        ty = ty.k === "unknown" ? armType : ty;
    }
    return ty;
};

function visitArm(walk: Walk, node: number, scrutinee: Ty): Ty {
    const mark = walk.enter();
    for (const child of walk.tree.childrenOf(node)) {
        if (
            walk.kind(child) === KIND.attribute_item ||
            walk.kind(child) === KIND.inner_attribute_item
        ) {
            walk.visit(child);
        }
    }
    const pattern = walk.tree.findChild(node, "pattern");
    if (pattern !== undefined) {
        visitPattern(walk, pattern, scrutinee, newPattern("local"));
        walk.visitMaybe(walk.tree.findChild(pattern, "condition"));
    }
    const ty = walk.visitMaybe(walk.tree.findChild(node, "value"));
    walk.leave(mark, node);
    return ty;
}

const visitClosure: Handler = (walk, node) => {
    const mark = walk.enter();
    const list = walk.tree.findChild(node, "parameters");
    for (const parameter of list === undefined ? [] : walk.tree.childrenOf(list)) {
        if (walk.kind(parameter) === KIND.attribute_item) {
            walk.visit(parameter);
        } else if (walk.kind(parameter) === KIND.parameter) {
            const typeNode = walk.tree.findChild(parameter, "type");
            walk.visitMaybe(typeNode);
            const pattern = walk.tree.findChild(parameter, "pattern");
            const ty = lowerType(walk.semantics, typeNode, walk.typeContext());
            if (pattern !== undefined) {
                visitPattern(walk, pattern, ty, newPattern("parameter"));
            }
        } else {
            visitPattern(walk, parameter, UNKNOWN, newPattern("parameter"));
        }
    }
    walk.visitMaybe(walk.tree.findChild(node, "return_type"));
    const result = walk.visitMaybe(walk.tree.findChild(node, "body"));
    walk.leave(mark, node);
    return { k: "function", result };
};

const visitReference: Handler = (walk, node) => ({
    k: "ref",
    inner: walk.visitMaybe(walk.tree.findChild(node, "value")),
});

const visitUnary: Handler = (walk, node) => {
    const operand = lastChildType(walk, node);
    return walk.tree.nameOf(node) === "*" && operand.k === "ref" ? operand.inner : UNKNOWN;
};

function lastChildType(walk: Walk, node: number): Ty {
    let ty: Ty = UNKNOWN;
    for (const child of walk.tree.childrenOf(node)) {
        ty = walk.visit(child);
    }
    return ty;
}

const visitParenthesized: Handler = (walk, node) => lastChildType(walk, node);

const visitTry: Handler = (walk, node) => {
    const ty = peel(lastChildType(walk, node));
    const wraps = ty.k === "external" && (ty.name === "Result" || ty.name === "Option");
    return wraps ? (ty.args[0] ?? UNKNOWN) : UNKNOWN;
};

const visitAwait: Handler = (walk, node) => {
    const ty = lastChildType(walk, node);
    return ty.k === "future" ? ty.inner : UNKNOWN;
};

const visitCast: Handler = (walk, node) => {
    walk.visitChildren(node);
    return lowerType(walk.semantics, walk.tree.findChild(node, "type"), walk.typeContext());
};

const visitIndex: Handler = (walk, node) => {
    const [base, index] = walk.tree.childrenOf(node);
    const ty = peel(walk.visitMaybe(base));
    walk.visitMaybe(index);
    const isRange = index !== undefined && walk.kind(index) === KIND.range_expression;
    if (isRange) {
        return ty;
    }
    return elementOf(ty);
};

const visitTupleExpression: Handler = (walk, node) => ({
    k: "tuple",
    items: walk.tree
        .childrenOf(node)
        .filter((child) => walk.kind(child) !== KIND.attribute_item)
        .map((child) => walk.visit(child)),
});

const visitArray: Handler = (walk, node) => {
    let first: Ty | undefined;
    const { role } = walk.tree.columns;
    for (const child of walk.tree.childrenOf(node)) {
        const ty = walk.visit(child);
        first ??= role[child] === ROLE.length ? undefined : ty;
    }
    return { k: "slice", inner: first ?? UNKNOWN };
};

const visitWrapped: Handler = (walk, node) => {
    const mark = walk.enter();
    visitLabel(walk, node);
    const block = walk.tree.findKind(node, "block");
    const ty = walk.visitMaybe(block);
    walk.leave(mark, node);
    return walk.kind(node) === KIND.async_block ? { k: "future", inner: ty } : ty;
};

const visitLabeledBlock: Handler = (walk, node) => {
    const mark = walk.enter();
    visitLabel(walk, node);
    const ty = visitBlock(walk, node);
    walk.leave(mark, node);
    return ty;
};

const visitBinary: Handler = (walk, node) => {
    walk.visitChildren(node);
    const operator = walk.tree.nameOf(node);
    const isTest = /^(?:[=!<>]=|[<>]|&&|\|\|)$/u.test(operator);
    return isTest ? { k: "primitive", name: "bool" } : UNKNOWN;
};

const literal =
    (name: string): Handler =>
    (walk, node) => {
        walk.visitChildren(node);
        return { k: "primitive", name };
    };

const visitString: Handler = (walk, node) => {
    walk.visitChildren(node);
    return { k: "ref", inner: { k: "primitive", name: "str" } };
};

const visitStatement: Handler = (walk, node) => lastChildType(walk, node);

const visitQualifiedPath: Handler = (walk, node) =>
    typeOfPath(walk, visitPath(walk, node, NS.value, "value"));

/** Handlers of expressions, by node kind. */
export const EXPRESSION_HANDLERS: readonly (readonly [number, Handler])[] = [
    [KIND.identifier, visitIdentifier],
    [KIND.scoped_identifier, visitQualifiedPath],
    [KIND.generic_function, visitQualifiedPath],
    [KIND.self, visitSelf],
    [KIND.call_expression, visitCall],
    [KIND.field_expression, visitField],
    [KIND.struct_expression, visitStructExpression],
    [KIND.block, visitLabeledBlock],
    [KIND.expression_statement, visitStatement],
    [KIND.let_declaration, visitLetHandler],
    [KIND.let_condition, visitLetCondition],
    [KIND.if_expression, visitIf],
    [KIND.else_clause, visitElse],
    [KIND.while_expression, visitWhile],
    [KIND.for_expression, visitFor],
    [KIND.loop_expression, visitLoop],
    [KIND.break_expression, visitJump],
    [KIND.continue_expression, visitJump],
    [KIND.match_expression, visitMatch],
    [KIND.closure_expression, visitClosure],
    [KIND.reference_expression, visitReference],
    [KIND.unary_expression, visitUnary],
    [KIND.parenthesized_expression, visitParenthesized],
    [KIND.try_expression, visitTry],
    [KIND.await_expression, visitAwait],
    [KIND.type_cast_expression, visitCast],
    [KIND.index_expression, visitIndex],
    [KIND.tuple_expression, visitTupleExpression],
    [KIND.array_expression, visitArray],
    [KIND.unsafe_block, visitWrapped],
    [KIND.async_block, visitWrapped],
    [KIND.const_block, visitWrapped],
    [KIND.try_block, visitWrapped],
    [KIND.binary_expression, visitBinary],
    [KIND.string_literal, visitString],
    [KIND.raw_string_literal, visitString],
    [KIND.boolean_literal, literal("bool")],
    [KIND.char_literal, literal("char")],
    [KIND.integer_literal, literal("_integer")],
    [KIND.float_literal, literal("_float")],
];
