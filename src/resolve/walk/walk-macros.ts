// Macros, attributes, doc links: tokens whose meaning is another's to decide are recorded as opaque.

import { FLAG, KIND, ROLE } from "../../syntax/index.ts";
import { coerce } from "../types/coercion.ts";
import { NS } from "../file-items.ts";
import { BUILTIN_ATTRIBUTES, STD_DERIVES, TOOL_MODULES } from "../known-names.ts";
import { isFound, lookupMacro, type Lookup } from "../lookup.ts";
import { shapeOfMacro, usesOfArguments } from "./macro-shapes.ts";
import { isMemberFound } from "../types/method-lookup.ts";
import type { OccurrenceRole } from "../model.ts";
import { passesItems } from "../passed-calls.ts";
import { stepInto } from "../paths.ts";
import { foundType, lookupFirst } from "../types/type-lowering.ts";
import { BOOL, NEVER, UNIT, UNKNOWN, peel, refTo, type Ty } from "../types/types.ts";
import { CLASS, type Handler, type Walk } from "./walk.ts";
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
            visitQuoted(walk, child, { quoting, name });
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

const IDENTIFIER_KINDS = new Set([
    KIND.identifier,
    KIND.type_identifier,
    KIND.field_identifier,
    KIND.shorthand_field_identifier,
    KIND.format_capture,
]);

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

const visitAttribute: Handler = (walk, node) => {
    const path = node + 1;
    const name = lastName(walk, path);
    const tokens = walk.tree.findChild(node, "arguments");
    const value = walk.tree.findChild(node, "value");
    visitAttributePath(walk, path);
    if (name === "derive" && tokens !== undefined) {
        visitDerives(walk, tokens);
    } else if (name === "proc_macro_derive" && tokens !== undefined) {
        visitProcMacroDerive(walk, tokens);
    } else if (!isPlainAttribute(name)) {
        for (const part of [tokens, value]) {
            if (part !== undefined) {
                visitAttributeTokens(walk, part, name);
            }
        }
    }
    return UNKNOWN;
};

/** Attributes whose arguments name nothing of the program. */
function isPlainAttribute(name: string): boolean {
    return BUILTIN_ATTRIBUTES.has(name) && name !== "cfg_attr" && name !== "test_case";
}

function visitAttributePath(walk: Walk, path: number): void {
    if (walk.kind(path) !== KIND.identifier) {
        const first = path + 1;
        if (TOOL_MODULES.has(walk.tree.nameOf(first))) {
            return;
        }
        visitPath(walk, path, NS.macro, "attribute");
        return;
    }
    const name = walk.tree.nameOf(path);
    const lookup = lookupMacro(walk.program, walk.scope, name, path);
    if (BUILTIN_ATTRIBUTES.has(name) && !(isFound(lookup) && isWorkspace(walk, lookup))) {
        walk.recordBuiltin(path, "attribute");
    } else {
        walk.record(path, "attribute", lookup);
    }
}

function isWorkspace(walk: Walk, lookup: Lookup): boolean {
    return (
        isFound(lookup) && lookup.symbols.some((one) => walk.program.symbolAt(one).external === "")
    );
}

/** Names in `derive(…)`: macros; where one is not found it is a dependency's, brought in by a glob or macro. */
function visitDerives(walk: Walk, tokens: number): void {
    for (const token of walk.tree.childrenOf(tokens)) {
        if (walk.kind(token) !== KIND.identifier || walk.tree.hasFlag(token, FLAG.beforeColons)) {
            continue;
        }
        const name = walk.tree.nameOf(token);
        const lookup = walk.tree.hasFlag(token, FLAG.afterColons)
            ? { reason: "a derive given by a path" }
            : lookupMacro(walk.program, walk.scope, name, token);
        if (!isFound(lookup) && STD_DERIVES.has(name)) {
            walk.recordBuiltin(token, "attribute");
        } else {
            walk.record(token, "attribute", lookup);
        }
    }
}

function visitProcMacroDerive(walk: Walk, tokens: number): void {
    const name = walk.tree.findKind(tokens, "identifier");
    const index = walk.inst.items.items.findIndex((item) => item.nameNode === name);
    const symbol = index === -1 ? -1 : (walk.inst.symbols[index] ?? -1);
    if (name !== undefined && symbol !== -1) {
        walk.record(name, "definition", { symbols: [symbol], alias: false });
    }
}

const IDENTIFIER = /[\p{XID_Start}_]\p{XID_Continue}*/gu;

/** Tokens of an attribute that a macro reads; its strings may hold paths. */
function visitAttributeTokens(walk: Walk, node: number, name: string): void {
    const reason = `argument of #[${name}]`;
    const { kind, next } = walk.tree.columns;
    const end = next[node] ?? 0;
    for (let at = node; at < end; at++) {
        const code = kind[at] ?? 0;
        if (code === KIND.identifier) {
            walk.recordUnknown(at, "attribute", reason, { opaque: true });
        } else if (
            (code === KIND.string_literal || code === KIND.raw_string_literal) &&
            !isFeature(walk, at, name)
        ) {
            for (const [word] of walk.tree.nameOf(at).matchAll(IDENTIFIER)) {
                walk.recordUnknown(at, "attribute", `string in #[${name}]`, {
                    opaque: true,
                    name: word,
                });
            }
        }
    }
}

/** Whether a string is a feature's name, in a predicate: `cfg_attr(docsrs, doc(cfg(feature = "…")))`. */
function isFeature(walk: Walk, string: number, name: string): boolean {
    const { kind, parent } = walk.tree.columns;
    const [before] = [string - 1].filter((at) => parent[at] === parent[string]);
    return (
        (name === "cfg_attr" || name === "doc") &&
        before !== undefined &&
        kind[before] === KIND.identifier &&
        walk.tree.nameOf(before) === "feature"
    );
}

/** `[a::b]` in a doc comment: resolved as a path from here, in any name space. */
const visitDocLink: Handler = (walk, node) => {
    const segments = walk.tree.childrenOf(node);
    let at: Lookup | undefined;
    segments.forEach((segment, i) => {
        const name = walk.tree.nameOf(segment);
        const isLast = i === segments.length - 1;
        at =
            at === undefined ? firstOfLink(walk, name, isLast) : nextOfLink(walk, at, name, isLast);
        const kind = walk.kind(segment);
        if (kind !== KIND.crate && kind !== KIND.self && kind !== KIND.super && name !== "Self") {
            walk.record(segment, "doc-link", at);
        }
    });
    return UNKNOWN;
};

const SPACES = [NS.type, NS.value, NS.macro];

function firstOfLink(walk: Walk, name: string, isLast: boolean): Lookup {
    if (name === "Self" && walk.self.k === "adt") {
        return { symbols: [walk.self.symbol], alias: true };
    }
    const type = lookupFirst(walk.semantics, name, walk.scope, !isLast);
    if (!isLast || isFound(type)) {
        return type;
    }
    const value = walk.lookupItem(name, NS.value);
    return isFound(value)
        ? value
        : lookupMacro(walk.program, walk.scope, name, Number.MAX_SAFE_INTEGER);
}

function nextOfLink(walk: Walk, at: Lookup, name: string, isLast: boolean): Lookup {
    if (!isFound(at)) {
        return at;
    }
    const inside = SPACES.slice(0, isLast ? 3 : 1)
        .map((namespace) => stepInto(walk.program, at, { name, namespace, from: walk.scope }))
        .find(isFound);
    if (inside !== undefined) {
        return inside;
    }
    const ty = peel(foundType(walk.semantics, at, []));
    for (const namespace of SPACES) {
        const member = walk.members.associated(ty, { name, from: walk.scope }, namespace);
        if (isMemberFound(member) && member.ambiguous === undefined) {
            return member;
        }
    }
    const field = ty.k === "adt" ? walk.members.fieldOf(ty.symbol, ty, name) : undefined;
    return field ?? { reason: `no ${name} there` };
}

const visitOpaqueTokens: Handler = (walk, node) => {
    visitTokens(walk, node, "tokens outside a macro call", INPUT);
    return UNKNOWN;
};

/** Handlers of macros, attributes and doc links, by node kind. */
export const MACRO_HANDLERS: readonly (readonly [number, Handler])[] = [
    [KIND.macro_invocation, visitMacroCall],
    [KIND.macro_definition, visitMacroDefinition],
    [KIND.token_tree, visitOpaqueTokens],
    [KIND.format_capture, visitFormatCapture],
    [KIND.attribute, visitAttribute],
    [KIND.doc_link, visitDocLink],
];
