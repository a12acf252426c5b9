// Blocks, conditions, loops, closures and jumps: their scopes, and the types that flow through them.

import { FLAG, KIND } from "../../syntax/index.ts";
import { expectedInterface } from "../types/callable.ts";
import { coerce } from "../types/coercion.ts";
import { BOOL, NEVER, UNIT, UNKNOWN, type Ty } from "../types/types.ts";
import { CLASS, type Handler, type Targets, type Walk } from "./walk.ts";
import { visitPattern, type PatternContext } from "./walk-patterns.ts";

const INTO_ITERATOR = "std::iter::IntoIterator";
const INTO_FUTURE = "std::future::IntoFuture";

function newPattern(
    kind: PatternContext["kind"],
    options: { readonly conditional?: boolean; readonly irrefutable?: boolean } = {},
): PatternContext {
    return { kind, bound: new Map(), ...options };
}

function isNever(walk: Walk, ty: Ty): boolean {
    const head = walk.infer.shallow(ty);
    return head.k === "primitive" && head.name === "!";
}

/** The type of several branches: the first that ends, the others made equal to it. */
class Join {
    readonly #walk: Walk;
    #ty: Ty | undefined;

    constructor(walk: Walk) {
        this.#walk = walk;
    }

    add(ty: Ty): void {
        const walk = this.#walk;
        if (isNever(walk, ty)) {
            return;
        }
        if (this.#ty === undefined || this.#ty.k === "unknown") {
            this.#ty = ty;
        } else {
            coerce(walk.solver, walk.members, ty, this.#ty);
        }
    }

    get ty(): Ty {
        return this.#ty ?? NEVER;
    }
}

/** Visits a block's statements; its type is that of its last expression. */
export function visitBlock(walk: Walk, node: number, expected?: Ty): Ty {
    const mark = walk.enter();
    const scope = walk.inst.scopes.get(node);
    const outer = walk.scope;
    if (scope !== undefined) {
        walk.scope = scope;
        walk.pushScope(scope);
    }
    const children = walk.tree.childrenOf(node).filter((one) => walk.kind(one) !== KIND.label);
    const last = children[children.length - 1];
    let ty: Ty = UNIT;
    let diverges = false;
    let conditional = false;
    for (const child of children) {
        const kind = walk.kind(child);
        if (kind === KIND.attribute_item) {
            walk.visit(child);
            conditional ||= isCfg(walk, child);
            continue;
        }
        const isTail = child === last && !isStatement(walk, child);
        if (kind === KIND.let_declaration) {
            visitLet(walk, child, conditional);
        } else {
            const given = walk.visit(child, isTail ? expected : undefined);
            ty = isTail ? given : ty;
            diverges ||= !conditional && isNever(walk, given);
        }
        conditional = false;
    }
    walk.scope = outer;
    walk.leave(mark, node);
    const isUnit = ty.k === "tuple" && ty.items.length === 0;
    return diverges && isUnit ? NEVER : ty;
}

/** Whether a child of a block gives the block no value. */
function isStatement(walk: Walk, child: number): boolean {
    const kind = walk.kind(child);
    if (kind === KIND.expression_statement) {
        return walk.tree.hasFlag(child, FLAG.semicolon);
    }
    return kind === KIND.let_declaration || walk.itemOfNode.has(child);
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
    const valueNode = walk.tree.findChild(node, "value");
    const declared = typeNode === undefined ? undefined : walk.written(typeNode);
    const value = valueNode === undefined ? walk.infer.fresh() : walk.visit(valueNode, declared);
    if (declared !== undefined) {
        coerce(walk.solver, walk.members, value, declared);
    }
    const alternative = walk.tree.findChild(node, "alternative");
    walk.visitMaybe(alternative);
    if (pattern !== undefined) {
        const irrefutable = alternative === undefined;
        const context = newPattern("local", { conditional, irrefutable });
        visitPattern(walk, pattern, declared ?? value, context);
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
    return BOOL;
};

const visitIf: Handler = (walk, node, expected) => {
    const mark = walk.enter();
    walk.visitMaybe(walk.tree.findChild(node, "condition"));
    const join = new Join(walk);
    join.add(walk.visitMaybe(walk.tree.findChild(node, "consequence"), expected));
    walk.leave(mark, node);
    const other = walk.tree.findChild(node, "alternative");
    if (other === undefined) {
        return UNIT;
    }
    join.add(walk.visit(other, expected));
    return join.ty;
};

const visitElse: Handler = (walk, node, expected) => {
    let ty: Ty = UNKNOWN;
    for (const child of walk.tree.childrenOf(node)) {
        ty = walk.visit(child, expected);
    }
    return ty;
};

const visitWhile: Handler = (walk, node) => {
    const mark = walk.enter();
    const label = visitLabel(walk, node);
    walk.targets.breaks.push({ label, isLoop: true, ty: UNIT });
    walk.visitMaybe(walk.tree.findChild(node, "condition"));
    walk.visitMaybe(walk.tree.findChild(node, "body"));
    walk.targets.breaks.pop();
    walk.leave(mark, node);
    return UNIT;
};

const visitFor: Handler = (walk, node) => {
    const value = walk.visitMaybe(walk.tree.findChild(node, "value"));
    const mark = walk.enter();
    const label = visitLabel(walk, node);
    const pattern = walk.tree.findChild(node, "pattern");
    if (pattern !== undefined) {
        const item = walk.solver.project(walk.solver.known(value), INTO_ITERATOR, "Item");
        visitPattern(walk, pattern, item, newPattern("local", { irrefutable: true }));
    }
    walk.targets.breaks.push({ label, isLoop: true, ty: UNIT });
    walk.visitMaybe(walk.tree.findChild(node, "body"));
    walk.targets.breaks.pop();
    walk.leave(mark, node);
    return UNIT;
};

const visitLoop: Handler = (walk, node) => {
    const mark = walk.enter();
    const label = visitLabel(walk, node);
    const ty = walk.infer.fresh();
    walk.targets.breaks.push({ label, isLoop: true, ty });
    walk.visitMaybe(walk.tree.findChild(node, "body"));
    walk.targets.breaks.pop();
    walk.leave(mark, node);
    return ty;
};

/** A label that a loop or block defines; its name. */
function visitLabel(walk: Walk, node: number): string {
    const label = walk.tree.findKind(node, "label");
    if (label === undefined) {
        return "";
    }
    const name = walk.nameNodeOf(label);
    walk.recordLocal(name, "definition", walk.define(name, "label", { class: CLASS.label }));
    return walk.tree.nameOf(name);
}

/** Records the label of a jump; its name. */
function visitTarget(walk: Walk, node: number): string {
    const label = walk.tree.findKind(node, "label");
    if (label === undefined) {
        return "";
    }
    const name = walk.nameNodeOf(label);
    const text = walk.tree.nameOf(name);
    const local = walk.findLocal(text, CLASS.label);
    if (local === undefined) {
        walk.recordUnknown(name, "label", "no such label in scope");
    } else {
        walk.recordLocal(name, "label", local);
    }
    return text;
}

const visitBreak: Handler = (walk, node) => {
    const label = visitTarget(walk, node);
    const { breaks } = walk.targets;
    const target = breaks.findLast((one) => (label === "" ? one.isLoop : one.label === label));
    let value: Ty = UNIT;
    for (const child of walk.tree.childrenOf(node)) {
        if (walk.kind(child) !== KIND.label) {
            value = walk.visit(child, target?.ty);
        }
    }
    if (target !== undefined) {
        coerce(walk.solver, walk.members, value, target.ty);
    }
    return NEVER;
};

const visitContinue: Handler = (walk, node) => {
    visitTarget(walk, node);
    return NEVER;
};

const visitReturn: Handler = (walk, node) => {
    const { result } = walk.targets;
    for (const child of walk.tree.childrenOf(node)) {
        const value = walk.visit(child, result);
        if (result !== undefined) {
            coerce(walk.solver, walk.members, value, result);
        }
    }
    return NEVER;
};

const visitMatch: Handler = (walk, node, expected) => {
    const scrutinee = walk.visitMaybe(walk.tree.findChild(node, "value"));
    const body = walk.tree.findChild(node, "body");
    const join = new Join(walk);
    for (const arm of body === undefined ? [] : walk.tree.childrenOf(body)) {
        if (walk.kind(arm) === KIND.match_arm) {
            join.add(visitArm(walk, arm, scrutinee, expected));
        } else {
            walk.visit(arm);
        }
    }
    return join.ty;
};

function visitArm(walk: Walk, node: number, scrutinee: Ty, expected: Ty | undefined): Ty {
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
    const ty = walk.visitMaybe(walk.tree.findChild(node, "value"), expected);
    walk.leave(mark, node);
    return ty;
}

/** Runs with other targets for `return` and `break`. */
export function withTargets<T>(walk: Walk, targets: Targets, inside: () => T): T {
    const before = walk.targets;
    walk.targets = targets;
    const value = inside();
    walk.targets = before;
    return value;
}

const visitClosure: Handler = (walk, node, expected) => {
    const mark = walk.enter();
    const wanted = expected === undefined ? undefined : expectedInterface(walk.solver, expected);
    const params = visitClosureParameters(walk, node, wanted?.params ?? []);
    const resultNode = walk.tree.findChild(node, "return_type");
    walk.visitMaybe(resultNode);
    const result = resultNode === undefined ? walk.infer.fresh() : walk.written(resultNode);
    const isAsync = walk.tree.hasFlag(node, FLAG.async);
    if (wanted !== undefined && !isAsync) {
        walk.infer.unify(result, wanted.result);
    }
    withTargets(walk, { result, breaks: [] }, () => {
        const value = walk.visitMaybe(walk.tree.findChild(node, "body"), result);
        coerce(walk.solver, walk.members, value, result);
    });
    walk.leave(mark, node);
    return { k: "function", params, result: isAsync ? { k: "future", inner: result } : result };
};

function visitClosureParameters(walk: Walk, node: number, wanted: readonly Ty[]): Ty[] {
    const list = walk.tree.findChild(node, "parameters");
    const params: Ty[] = [];
    for (const parameter of list === undefined ? [] : walk.tree.childrenOf(list)) {
        if (walk.kind(parameter) === KIND.attribute_item) {
            walk.visit(parameter);
            continue;
        }
        const isTyped = walk.kind(parameter) === KIND.parameter;
        const typeNode = isTyped ? walk.tree.findChild(parameter, "type") : undefined;
        const pattern = isTyped ? walk.tree.findChild(parameter, "pattern") : parameter;
        walk.visitMaybe(typeNode);
        const given = wanted[params.length];
        const ty = typeNode === undefined ? (given ?? walk.infer.fresh()) : walk.written(typeNode);
        if (given !== undefined && typeNode !== undefined) {
            walk.infer.unify(ty, given);
        }
        params.push(ty);
        if (pattern !== undefined) {
            visitPattern(walk, pattern, ty, newPattern("parameter", { irrefutable: true }));
        }
    }
    return params;
}

const visitTry: Handler = (walk, node) => {
    let operand: Ty = UNKNOWN;
    for (const child of walk.tree.childrenOf(node)) {
        operand = walk.visit(child);
    }
    const ty = walk.solver.known(operand);
    if (ty.k !== "external") {
        return ty.k === "var" ? walk.infer.fresh() : UNKNOWN;
    }
    const path = walk.program.symbolAt(ty.symbol).external;
    const isKnown = path === "std::result::Result" || path === "std::option::Option";
    return isKnown ? (ty.args[0] ?? UNKNOWN) : UNKNOWN;
};

const visitAwait: Handler = (walk, node) => {
    let operand: Ty = UNKNOWN;
    for (const child of walk.tree.childrenOf(node)) {
        operand = walk.visit(child);
    }
    const ty = walk.solver.known(operand);
    return ty.k === "future" ? ty.inner : walk.solver.project(ty, INTO_FUTURE, "Output");
};

/** Blocks with a word before them; an async block is a body of its own. */
const visitWrapped: Handler = (walk, node, expected) => {
    const mark = walk.enter();
    const label = visitLabel(walk, node);
    const block = walk.tree.findKind(node, "block");
    const isAsync = walk.kind(node) === KIND.async_block;
    const isBody = isAsync || walk.kind(node) === KIND.gen_block;
    const result = walk.infer.fresh();
    const inside = (): Ty =>
        visitLabeled(walk, label, () => walk.visitMaybe(block, isBody ? undefined : expected));
    const ty = isBody ? withTargets(walk, { result, breaks: [] }, inside) : inside();
    if (isAsync) {
        coerce(walk.solver, walk.members, ty, result);
    }
    walk.leave(mark, node);
    if (isAsync) {
        return { k: "future", inner: result };
    }
    const isPlain = walk.kind(node) === KIND.unsafe_block || walk.kind(node) === KIND.const_block;
    return isPlain ? ty : UNKNOWN;
};

/** A labelled block may be left with a value by `break 'label`. */
function visitLabeled(walk: Walk, label: string, inside: () => Ty): Ty {
    if (label === "") {
        return inside();
    }
    const result = walk.infer.fresh();
    walk.targets.breaks.push({ label, isLoop: false, ty: result });
    const ty = inside();
    walk.targets.breaks.pop();
    coerce(walk.solver, walk.members, ty, result);
    return result;
}

const visitBlockHandler: Handler = (walk, node, expected) => {
    const mark = walk.enter();
    const label = visitLabel(walk, node);
    const ty = visitLabeled(walk, label, () => visitBlock(walk, node, expected));
    walk.leave(mark, node);
    return ty;
};

const visitStatement: Handler = (walk, node, expected) => {
    let ty: Ty = UNKNOWN;
    for (const child of walk.tree.childrenOf(node)) {
        ty = walk.visit(child, expected);
    }
    return ty;
};

/** Handlers of blocks, conditions, loops, closures and jumps, by node kind. */
export const CONTROL_HANDLERS: readonly (readonly [number, Handler])[] = [
    [KIND.block, visitBlockHandler],
    [KIND.expression_statement, visitStatement],
    [KIND.let_declaration, visitLetHandler],
    [KIND.let_condition, visitLetCondition],
    [KIND.if_expression, visitIf],
    [KIND.else_clause, visitElse],
    [KIND.while_expression, visitWhile],
    [KIND.for_expression, visitFor],
    [KIND.loop_expression, visitLoop],
    [KIND.break_expression, visitBreak],
    [KIND.continue_expression, visitContinue],
    [KIND.return_expression, visitReturn],
    [KIND.match_expression, visitMatch],
    [KIND.closure_expression, visitClosure],
    [KIND.try_expression, visitTry],
    [KIND.await_expression, visitAwait],
    [KIND.unsafe_block, visitWrapped],
    [KIND.async_block, visitWrapped],
    [KIND.const_block, visitWrapped],
    [KIND.gen_block, visitWrapped],
    [KIND.try_block, visitWrapped],
];
