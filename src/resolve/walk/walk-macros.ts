// Macros: tokens whose meaning is another's to decide are recorded as opaque.

import { FLAG, KIND, ROLE } from "../../syntax/index.ts";
import { coerce } from "../types/coercion.ts";
import { NS } from "../file-items.ts";
import { isFound } from "../lookup.ts";
import { lookupMacro } from "../lookup-macros.ts";
import { shapeOfMacro, usesOfArguments } from "./macro-shapes.ts";
import type { OccurrenceRole } from "../model.ts";
import { passesItems } from "../passed-calls.ts";
import { foundType } from "../types/type-lowering.ts";
import { BOOL, NEVER, UNIT, UNKNOWN, peel, refTo, type Ty } from "../types/types.ts";
import { CLASS, IDENTIFIER_KINDS, type Handler, type Walk } from "./walk.ts";
import { readMacroBody, type BodyMeanings } from "./walk-macro-bodies.ts";
import { visitPath } from "./walk-paths.ts";
import { visitPattern } from "./walk-patterns.ts";
import { quotingOf, visitQuoted } from "./walk-quoted.ts";

const visitMacroCall: Handler = (walk, node) => {
    const path = walk.tree.findChild(node, "macro");
    const found = path === undefined ? undefined : visitMacroPath(walk, path);
    // A macro of the language has no symbol.
    const isStd = found?.every((one) => isStdPath(walk, one)) === true;
    const name = path === undefined ? "" : lastName(walk, path);
    const quoting = found === undefined ? undefined : quotingOf(walk.program, found);
    if (path !== undefined && quoting !== undefined) {
        for (const child of walk.tree.childrenOf(node).filter((one) => one !== path)) {
            visitQuoted(walk, child, quoting);
        }
        return UNKNOWN;
    }
    for (const child of walk.tree.childrenOf(node)) {
        if (child === path) {
            continue;
        }
        if (isStd && name === "cfg") {
            return BOOL;
        }
        if (walk.kind(child) === KIND.macro_arguments) {
            if (isStd && name === "offset_of") {
                return visitOffsetOf(walk, child);
            }
            if (walk.tree.hasFlag(child, FLAG.maybeItems)) {
                return visitGuessedArguments(walk, child, name, found ?? []);
            }
            if (isStd) {
                return visitMacroArguments(walk, child, name);
            }
            if (!walk.tree.hasFlag(node, FLAG.maybeItems)) {
                return visitGuessedArguments(walk, child, name, found ?? []);
            }
        }
        if (walk.tree.hasFlag(node, FLAG.maybeItems) && isPassedOn(walk, node)) {
            walk.visitChildren(child);
            continue;
        }
        visitTokens(walk, child, `input of ${name}!`, INPUT);
    }
    return UNKNOWN;
};

/** Whether the items in a call's input are items. */
function isPassedOn(walk: Walk, node: number): boolean {
    const call = walk.inst.items.passingCalls.find((one) => one.node === node);
    return call !== undefined && passesItems(walk.program, walk.inst, call);
}

function lastName(walk: Walk, path: number): string {
    const name = walk.tree.findChild(path, "name");
    return walk.tree.nameOf(name ?? path);
}

/** Records a macro's path; gives the symbols that it means, undefined where that is not known. */
function visitMacroPath(walk: Walk, path: number): readonly number[] | undefined {
    if (walk.kind(path) !== KIND.identifier) {
        return visitPath(walk, path, NS.macro, "macro-call").found?.symbols;
    }
    const lookup = lookupMacro(walk.program, walk.scope, walk.tree.nameOf(path), path);
    walk.record(path, "macro-call", lookup);
    return isFound(lookup) ? lookup.symbols : undefined;
}

/** Macros of cfg_if and of std have the meaning that their arguments were parsed with. */
function isStdPath(walk: Walk, symbol: number): boolean {
    const { external } = walk.program.symbolAt(symbol);
    return /^(?:std|core|alloc|cfg_if|assert_matches|_)(?:::|$)/u.test(external);
}

/** Arguments of a macro whose definition tells which of them are expressions; the others stay opaque. */
function visitGuessedArguments(
    walk: Walk,
    node: number,
    name: string,
    symbols: readonly number[],
): Ty {
    const children = walk.tree.childrenOf(node);
    const shapes = symbols.map((symbol) => shapeOfMacro(walk.program, symbol));
    const uses = shapes.map((shape) =>
        shape === undefined ? [] : usesOfArguments(shape, children.length),
    );
    const reason = `input of ${name}!`;
    const isPlain = (i: number): boolean =>
        uses.length > 0 && uses.every((one) => one[i] === "expression" || one[i] === "format");
    const others = children.filter((_, i) => !isPlain(i));
    // A name that the macro defines, or that it was given for something else, may mean that.
    const taken = new Set(shapes.flatMap((shape) => [...(shape?.defines ?? [])]));
    for (const other of others) {
        namesBelow(walk, other).forEach((one) => taken.add(one));
    }
    const isOpen = shapes.some((shape) => shape === undefined || shape.bringsNames);
    let first: Ty | undefined;
    children.forEach((child, i) => {
        const isTaken = (): boolean => namesBelow(walk, child).some((one) => taken.has(one));
        if (isOpen || !isPlain(i) || isTaken()) {
            visitTokens(walk, child, reason, INPUT);
            return;
        }
        const outer = walk.guessedMacro;
        walk.guessedMacro = reason;
        const isNamed = uses.some((one) => one[i] === "format");
        const ty =
            isNamed && walk.kind(child) === KIND.assignment_expression
                ? visitNamedValue(walk, child, reason)
                : walk.visit(child);
        walk.guessedMacro = outer;
        first ??= ty;
    });
    return resultOfGuessed(walk, name, symbols, first);
}

/** `name = value` among the arguments of a formatting macro: the name is seen by its literal only. */
function visitNamedValue(walk: Walk, node: number, reason: string): Ty {
    const left = walk.tree.findChild(node, "left");
    for (const child of walk.tree.childrenOf(node)) {
        if (child === left) {
            visitTokens(walk, child, reason, INPUT);
        } else {
            walk.visit(child);
        }
    }
    return UNKNOWN;
}

/** Names that stand below a node. */
function namesBelow(walk: Walk, node: number): string[] {
    const { kind, next } = walk.tree.columns;
    const end = next[node] ?? 0;
    const names: string[] = [];
    for (let at = node; at < end; at++) {
        if (IDENTIFIER_KINDS.has(kind[at] ?? 0)) {
            names.push(walk.tree.nameOf(at));
        }
    }
    return names;
}

function resultOfGuessed(
    walk: Walk,
    name: string,
    symbols: readonly number[],
    first: Ty | undefined,
): Ty {
    const isStd = symbols.length > 0 && symbols.every((one) => isStdPath(walk, one));
    const given = first === undefined ? UNKNOWN : walk.solver.known(first);
    if (isStd && name === "ready" && given.k === "external") {
        return given.args[0] ?? UNKNOWN;
    }
    return UNKNOWN;
}

function visitMacroArguments(walk: Walk, node: number, name: string): Ty {
    const mark = walk.enter();
    const outer = walk.guessedMacro;
    walk.guessedMacro = "";
    const children = walk.tree.childrenOf(node);
    defineNamedArguments(walk, children);
    let first: Ty | undefined;
    let scrutinee: Ty = UNKNOWN;
    const isList = name === "vec";
    for (const child of children) {
        switch (walk.kind(child)) {
            case KIND.match_pattern:
                visitPattern(walk, child, scrutinee, { kind: "local", bound: new Map() });
                walk.visitMaybe(walk.tree.findChild(child, "condition"));
                break;
            case KIND.assignment_expression:
                visitNamedArgument(walk, child);
                break;
            default:
                scrutinee = walk.visit(child, isList ? first : undefined);
                if (
                    isList &&
                    first !== undefined &&
                    walk.tree.columns.role[child] !== ROLE.length
                ) {
                    coerce(walk.solver, walk.members, scrutinee, first);
                }
                first ??= scrutinee;
        }
    }
    walk.guessedMacro = outer;
    walk.leave(mark, node);
    return resultOfMacro(walk, name, first ?? UNKNOWN);
}

/** `offset_of!(Type, field.inner)`. */
function visitOffsetOf(walk: Walk, node: number): Ty {
    const [type, path, ...others] = walk.tree.childrenOf(node);
    const isPlain = type !== undefined && TYPE_PATHS.has(walk.kind(type)) && others.length === 0;
    const holder = isPlain ? typeNamed(walk, type) : undefined;
    if (holder === undefined || path === undefined) {
        visitTokens(walk, node, "input of offset_of!", INPUT);
    } else if (holder.k === "unknown") {
        visitTokens(walk, path, "input of offset_of!", INPUT);
    } else {
        visitFieldPath(walk, path, holder);
    }
    return { k: "primitive", name: "usize" };
}

const TYPE_PATHS: ReadonlySet<number> = new Set([
    KIND.identifier,
    KIND.scoped_identifier,
    KIND.generic_function,
]);

/** The type that an expression would name; undefined where it is a parameter, and not recorded. */
function typeNamed(walk: Walk, node: number): Ty | undefined {
    const name = walk.kind(node) === KIND.identifier ? walk.tree.nameOf(node) : "";
    if (name === "Self") {
        return walk.solver.known(walk.self);
    }
    if (name !== "" && "local" in walk.lookupName(name, NS.type)) {
        return undefined;
    }
    const { found } = visitPath(walk, node, NS.type, "type");
    return found === undefined ? UNKNOWN : peel(foundType(walk.semantics, found, []));
}

/** `a.b.c`: each a field of the type of what is before it. */
function visitFieldPath(walk: Walk, node: number, holder: Ty): Ty {
    const value = walk.tree.findChild(node, "value");
    const inner = value === undefined ? holder : visitFieldPath(walk, value, holder);
    const name = value === undefined ? node : walk.tree.findChild(node, "field");
    if (name === undefined || walk.kind(name) === KIND.integer_literal) {
        return UNKNOWN;
    }
    const found =
        inner.k === "adt"
            ? walk.members.fieldOf(inner.symbol, inner, walk.tree.nameOf(name))
            : undefined;
    if (found === undefined) {
        walk.recordUnknown(name, "field", "input of offset_of!", { opaque: true });
        return UNKNOWN;
    }
    walk.record(name, "field", found);
    return walk.solver.known(found.type);
}

/** Macros of std that end the block they stand in. */
const DIVERGING = new Set("panic unreachable todo unimplemented compile_error".split(" "));

/** Macros of std that give `()`. */
const UNIT_MACROS = new Set(
    "assert assert_eq assert_ne debug_assert debug_assert_eq debug_assert_ne print println eprint eprintln".split(
        " ",
    ),
);

const STRING_MACROS = new Set("concat stringify env include_str file module_path".split(" "));

function resultOfMacro(walk: Walk, name: string, first: Ty): Ty {
    const std = (path: string, args: readonly Ty[]): Ty =>
        walk.semantics.std.typeOf(path, args) ?? UNKNOWN;
    if (DIVERGING.has(name)) {
        return NEVER;
    }
    if (UNIT_MACROS.has(name)) {
        return UNIT;
    }
    if (STRING_MACROS.has(name)) {
        return refTo({ k: "primitive", name: "str" });
    }
    switch (name) {
        case "vec":
            return std("std::vec::Vec", [first.k === "unknown" ? walk.infer.fresh() : first]);
        case "format":
            return std("std::string::String", []);
        case "dbg":
            return first;
        case "matches":
            return BOOL;
        case "line":
        case "column":
            return { k: "primitive", name: "u32" };
        case "write":
        case "writeln":
            return std("std::result::Result", [UNIT, walk.infer.fresh()]);
        default:
            return UNKNOWN;
    }
}

/** `name = value` in format arguments: the name is in scope of the captures of this call. */
function defineNamedArguments(walk: Walk, children: readonly number[]): void {
    for (const child of children) {
        const left =
            walk.kind(child) === KIND.assignment_expression
                ? walk.tree.findChild(child, "left")
                : undefined;
        if (left !== undefined && walk.kind(left) === KIND.identifier) {
            const local = walk.define(left, "local", { class: CLASS.value + FORMAT_CLASS });
            walk.recordLocal(left, "definition", local);
        }
    }
}

/** Named format arguments are seen by captures only, not by the other arguments. */
const FORMAT_CLASS = 16;

function visitNamedArgument(walk: Walk, node: number): void {
    const left = walk.tree.findChild(node, "left");
    for (const child of walk.tree.childrenOf(node)) {
        if (child !== left || walk.kind(child) !== KIND.identifier) {
            walk.visit(child);
        }
    }
}

const visitFormatCapture: Handler = (walk, node) => {
    const name = walk.tree.nameOf(node);
    if (walk.guessedMacro !== "") {
        // Whether the macro formats this literal is not known.
        walk.recordUnknown(node, "format-capture", walk.guessedMacro, { opaque: true });
        return UNKNOWN;
    }
    const argument = walk.findLocal(name, CLASS.value + FORMAT_CLASS);
    if (argument !== undefined) {
        walk.recordLocal(node, "format-capture", argument);
        return UNKNOWN;
    }
    const meaning = walk.lookupName(name, NS.value);
    if ("local" in meaning) {
        walk.recordLocal(node, "format-capture", meaning.local);
    } else {
        walk.record(node, "format-capture", meaning);
    }
    return UNKNOWN;
};

const INPUT = { role: "macro-input" } as const;

/** All identifier-like tokens below a node, as opaque but for those whose meaning is known. */
function visitTokens(
    walk: Walk,
    node: number,
    reason: string,
    as: { readonly role: OccurrenceRole; readonly known?: BodyMeanings | undefined },
): void {
    const { role, known } = as;
    const { kind, next } = walk.tree.columns;
    const end = next[node] ?? 0;
    for (let at = node; at < end; at++) {
        const code = kind[at] ?? 0;
        const meaning = known?.get(at);
        if (meaning !== undefined) {
            walk.record(at, role, meaning);
        } else if (IDENTIFIER_KINDS.has(code) && walk.tree.nameOf(at) !== "") {
            walk.recordUnknown(at, tokenRole(walk, at, role), reason, { opaque: true });
        }
    }
}

/** Whether a field's name is that of a method call, in input that was read as expressions. */
function isCalled(walk: Walk, name: number): boolean {
    const { parent, role } = walk.tree.columns;
    let at = parent[name] ?? 0;
    if (walk.kind(parent[at] ?? 0) === KIND.generic_function) {
        at = parent[at] ?? 0;
    }
    return walk.kind(parent[at] ?? 0) === KIND.call_expression && role[at] === ROLE.function;
}

function tokenRole(walk: Walk, node: number, role: OccurrenceRole): OccurrenceRole {
    if (role === "macro-body") {
        return role;
    }
    if (
        walk.tree.hasFlag(node, FLAG.afterQuote) ||
        walk.kind(walk.tree.columns.parent[node] ?? 0) === KIND.lifetime
    ) {
        return "lifetime";
    }
    if (walk.kind(node) === KIND.field_identifier) {
        return isCalled(walk, node) ? "method-call" : "field";
    }
    if (walk.tree.hasFlag(node, FLAG.afterDot)) {
        return walk.tree.hasFlag(node, FLAG.beforeCall) ? "method-call" : "field";
    }
    return walk.tree.hasFlag(node, FLAG.beforeBang) ? "macro-call" : role;
}

const visitMacroDefinition: Handler = (walk, node) => {
    const item = walk.itemOfNode.get(node);
    const symbol = item === undefined ? -1 : (walk.inst.symbols[item] ?? -1);
    const name = walk.tree.findChild(node, "name");
    const outer = walk.enclosing;
    if (symbol !== -1) {
        walk.enclosing = symbol;
    }
    const known = symbol === -1 ? undefined : readMacroBody(walk, node, symbol);
    for (const child of walk.tree.childrenOf(node)) {
        if (child === name && symbol !== -1) {
            walk.record(child, "definition", { symbols: [symbol], alias: false });
        } else {
            const reason = `body of macro ${walk.tree.nameOf(name ?? node)}`;
            visitTokens(walk, child, reason, { role: "macro-body", known });
        }
    }
    walk.enclosing = outer;
    return UNKNOWN;
};

const visitOpaqueTokens: Handler = (walk, node) => {
    visitTokens(walk, node, "tokens outside a macro call", INPUT);
    return UNKNOWN;
};

/** Handlers of macros, by node kind. */
export const MACRO_HANDLERS: readonly (readonly [number, Handler])[] = [
    [KIND.macro_invocation, visitMacroCall],
    [KIND.macro_definition, visitMacroDefinition],
    [KIND.token_tree, visitOpaqueTokens],
    [KIND.format_capture, visitFormatCapture],
];
