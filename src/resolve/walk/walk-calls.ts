// Calls and paths as values: which function is meant, what its parameters ask of the arguments, and what
// comes out. Closures are visited after the other arguments, which say what their parameters are.

import { KIND } from "../../syntax/index.ts";
import { calledInterface } from "../types/callable.ts";
import { coerce } from "../types/coercion.ts";
import { NS } from "../file-items.ts";
import { isMemberFound, type MemberLookup } from "../types/method-lookup.ts";
import { itemOf } from "../symbols.ts";
import type { Callee } from "../types/trait-solver.ts";
import { UNKNOWN, paramKey, type Ty } from "../types/types.ts";
import { madeType } from "./made-types.ts";
import { CLASS, type Handler, type Walk } from "./walk.ts";
import { recordMember, visitPath, visitTypeArguments, type PathMeaning } from "./walk-paths.ts";

const visitIdentifier: Handler = (walk, node) =>
    typeOfPath(walk, visitPath(walk, node, NS.value, "value"));

const visitQualifiedPath: Handler = (walk, node) =>
    typeOfPath(walk, visitPath(walk, node, NS.value, "value"));

const visitSelf: Handler = (walk) => {
    const local = walk.findLocal("self", CLASS.value);
    return local === undefined ? UNKNOWN : (walk.locals[local]?.ty ?? UNKNOWN);
};

/** A callee as the type of a value: the receiver is the first parameter. */
function functionType({ self, params, result }: Callee): Ty {
    return { k: "function", params: self === undefined ? params : [self, ...params], result };
}

/** The type of a path used as a value. */
export function typeOfPath(walk: Walk, meaning: PathMeaning): Ty {
    if (meaning.local !== undefined) {
        return walk.locals[meaning.local]?.ty ?? UNKNOWN;
    }
    if (meaning.callee !== undefined) {
        return functionType(meaning.callee);
    }
    if (meaning.type !== undefined) {
        return meaning.type;
    }
    const index = meaning.found?.symbols[0];
    if (index === undefined) {
        return UNKNOWN;
    }
    const isOne =
        meaning.found?.symbols.length === 1 ||
        walk.semantics.areTwins(meaning.found?.symbols ?? []);
    return isOne ? typeOfSymbol(walk, index, meaning) : UNKNOWN;
}

function typeOfSymbol(walk: Walk, index: number, meaning: PathMeaning): Ty {
    const { solver, semantics } = walk;
    const symbol = walk.program.symbolAt(index);
    switch (symbol.kind) {
        case "const":
        case "static":
        case "assoc-const":
            return solver.normalize(semantics.declaredType(index));
        case "function":
        case "method": {
            const declaration = semantics.functionOf(index);
            const values = new Map<string, Ty>();
            (meaning.typeArgs ?? []).forEach((arg, i) => {
                values.set(paramKey(index, declaration.names[i] ?? ""), arg);
            });
            return functionType(solver.instantiate(declaration, values));
        }
        case "struct":
        case "variant":
            return constructorType(walk, index, meaning);
        default:
            return UNKNOWN;
    }
}

/** A struct or variant as a value: itself where it has no fields, else a function of them. */
function constructorType(walk: Walk, index: number, meaning: PathMeaning): Ty {
    const symbol = walk.program.symbolAt(index);
    const made = madeType(walk, index, meaning.at, meaning.typeArgs);
    const item = itemOf(symbol);
    if (item === undefined || item.body === -1) {
        return made;
    }
    const params = walk.members.tupleFields(index, made);
    return { k: "function", params, result: made };
}

const visitCall: Handler = (walk, node, expected) => {
    const callee = walk.tree.findChild(node, "function");
    const list = walk.tree.findChild(node, "arguments");
    const method = callee === undefined ? undefined : methodCallee(walk, callee);
    if (method !== undefined) {
        return visitMethodCall(walk, method.field, list, { expected, typeArgs: method.typeArgs });
    }
    if (callee === undefined) {
        walk.visitChildren(node);
        return UNKNOWN;
    }
    const isPath =
        walk.kind(callee) === KIND.identifier ||
        walk.kind(callee) === KIND.scoped_identifier ||
        walk.kind(callee) === KIND.generic_function;
    const ty = isPath
        ? typeOfPath(walk, visitPath(walk, callee, NS.value, "call"))
        : walk.visit(callee);
    const called = calledInterface(walk.solver, ty);
    return applyCall(walk, called, list, expected);
};

/** Visits the arguments of a call against its parameters; gives the result's type. */
function applyCall(
    walk: Walk,
    called: { readonly params: readonly Ty[]; readonly result: Ty } | undefined,
    list: number | undefined,
    expected: Ty | undefined,
): Ty {
    const args = argumentsOf(walk, list);
    if (called === undefined) {
        args.forEach((arg) => walk.visit(arg));
        return UNKNOWN;
    }
    const hints = expectedInputs(walk, called, expected);
    const visitArgument = (arg: number, i: number): void => {
        const wanted = called.params[i];
        const ty = walk.visit(arg, hints?.[i] ?? wanted);
        if (wanted !== undefined) {
            coerce(walk.solver, walk.members, ty, wanted);
        }
    };
    const isClosure = (arg: number): boolean => walk.kind(arg) === KIND.closure_expression;
    args.forEach((arg, i) => {
        if (!isClosure(arg)) {
            visitArgument(arg, i);
        }
    });
    args.forEach((arg, i) => {
        if (isClosure(arg)) {
            walk.solver.retry();
            visitArgument(arg, i);
        }
    });
    walk.solver.retry();
    return walk.solver.normalize(called.result);
}

/** What the arguments would have to be for the call to give what its place asks for; nothing is learned. */
function expectedInputs(
    walk: Walk,
    called: { readonly params: readonly Ty[]; readonly result: Ty },
    expected: Ty | undefined,
): readonly Ty[] | undefined {
    const wanted = expected === undefined ? undefined : walk.infer.shallow(expected);
    if (wanted === undefined || wanted.k === "var" || wanted.k === "unknown") {
        return undefined;
    }
    return walk.solver.probe(() =>
        walk.infer.unify(called.result, wanted)
            ? called.params.map((param) => walk.infer.resolve(param))
            : undefined,
    );
}

function argumentsOf(walk: Walk, list: number | undefined): number[] {
    return list === undefined
        ? []
        : walk.tree.childrenOf(list).filter((child) => {
              if (walk.kind(child) !== KIND.attribute_item) {
                  return true;
              }
              walk.visit(child);
              return false;
          });
}

/** The field_expression under a method call, with the turbofish's types. */
function methodCallee(
    walk: Walk,
    callee: number,
): { field: number; typeArgs: readonly Ty[] } | undefined {
    if (walk.kind(callee) === KIND.field_expression) {
        return { field: callee, typeArgs: [] };
    }
    if (walk.kind(callee) !== KIND.generic_function) {
        return undefined;
    }
    const inner = walk.tree.findChild(callee, "function");
    if (inner === undefined || walk.kind(inner) !== KIND.field_expression) {
        return undefined;
    }
    return { field: inner, typeArgs: visitTypeArguments(walk, callee) };
}

function visitMethodCall(
    walk: Walk,
    callee: number,
    list: number | undefined,
    of: { readonly expected: Ty | undefined; readonly typeArgs: readonly Ty[] },
): Ty {
    const receiver = walk.visitMaybe(walk.tree.findChild(callee, "value"));
    const field = walk.tree.findChild(callee, "field");
    if (field === undefined || walk.kind(field) === KIND.integer_literal) {
        return applyCall(walk, undefined, list, undefined);
    }
    const name = walk.tree.nameOf(field);
    const query = { name, from: walk.scope, typeArgs: of.typeArgs };
    const lookup = walk.members.method(receiver, query);
    recordMember(walk, field, "method-call", lookup);
    return applyCall(walk, calleeOf(lookup), list, of.expected);
}

function calleeOf(lookup: MemberLookup): Callee | undefined {
    if (isMemberFound(lookup)) {
        return lookup.ambiguous === undefined ? lookup.callee : undefined;
    }
    return "external" in lookup ? lookup.callee : undefined;
}

const visitField: Handler = (walk, node) => {
    const receiver = walk.visitMaybe(walk.tree.findChild(node, "value"));
    const field = walk.tree.findChild(node, "field");
    if (field === undefined) {
        return UNKNOWN;
    }
    const name = walk.tree.nameOf(field);
    if (walk.kind(field) === KIND.integer_literal) {
        return walk.members.tupleField(receiver, Number.parseInt(name, 10));
    }
    const lookup = walk.members.field(receiver, name, walk.scope);
    recordMember(walk, field, "field", lookup);
    return "reason" in lookup ? UNKNOWN : (lookup.type ?? UNKNOWN);
};

/** Handlers of calls, fields and paths, by node kind. */
export const CALL_HANDLERS: readonly (readonly [number, Handler])[] = [
    [KIND.identifier, visitIdentifier],
    [KIND.scoped_identifier, visitQualifiedPath],
    [KIND.generic_function, visitQualifiedPath],
    [KIND.self, visitSelf],
    [KIND.call_expression, visitCall],
    [KIND.field_expression, visitField],
];
