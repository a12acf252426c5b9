// From a type's syntax to a Ty, in the scope where it is written.

import { FLAG, KIND, type SyntaxTree } from "../../syntax/index.ts";
import { NS } from "../file-items.ts";
import { isFound, lookupHiding, lookupLexical, type Found, type Lookup } from "../lookup.ts";
import { stepInto } from "../paths.ts";
import type { Meaning } from "../meaning.ts";
import type { Program } from "../program.ts";
import type { FileInstance, Scope } from "../symbols.ts";
import { itemOf } from "../symbols.ts";
import {
    NEVER,
    UNIT,
    UNKNOWN,
    paramKey,
    refTo,
    substitute,
    type BoundTrait,
    type Ty,
} from "./types.ts";

/** Where a type is written: scope, type parameters in sight, and what `Self` is. */
export interface TypeContext {
    readonly inst: FileInstance;
    readonly scope: Scope;
    /** Symbols whose generic parameters can be seen, innermost first. */
    readonly owners: readonly number[];
    readonly self: Ty;
}

/** Lowers a type node. */
export function lowerType(meaning: Meaning, node: number | undefined, context: TypeContext): Ty {
    if (node === undefined) {
        return UNKNOWN;
    }
    const { tree } = context.inst;
    const child = (role: "type" | "element" | "trait"): number | undefined =>
        tree.findChild(node, role);
    switch (tree.columns.kind[node]) {
        case KIND.type_identifier:
        case KIND.identifier:
        case KIND.scoped_type_identifier:
        case KIND.scoped_identifier:
        case KIND.generic_type:
        case KIND.generic_type_with_turbofish:
            return lowerPath(meaning, node, context);
        case KIND.primitive_type: {
            const name = tree.nameOf(node);
            const owner = context.owners.find((one) => hasTypeParameter(meaning, one, name));
            if (owner !== undefined) {
                return { k: "param", owner, name };
            }
            const found = lookupHiding(meaning.program, context.scope, name);
            return found === undefined
                ? { k: "primitive", name }
                : isFound(found)
                  ? foundType(meaning, found, [])
                  : UNKNOWN;
        }
        case KIND.never_type:
            return NEVER;
        case KIND.reference_type:
            return refTo(lowerType(meaning, child("type"), context), tree.hasFlag(node, FLAG.mut));
        case KIND.pointer_type:
            return { k: "pointer", inner: lowerType(meaning, child("type"), context) };
        case KIND.array_type:
            return {
                k: tree.findChild(node, "length") === undefined ? "slice" : "array",
                inner: lowerType(meaning, child("element"), context),
            };
        case KIND.unit_type:
            return UNIT;
        case KIND.tuple_type:
            return lowerTuple(meaning, node, context);
        case KIND.function_type:
            return lowerFunction(meaning, node, context);
        case KIND.abstract_type:
            return { ...lowerBounds(meaning, tree.childrenOf(node), context), form: "impl" };
        case KIND.dynamic_type:
        case KIND.bounded_type:
            return lowerBounds(meaning, tree.childrenOf(node), context);
        case KIND.higher_ranked_trait_bound:
            return lowerType(meaning, child("type"), context);
        case KIND.bracketed_type:
            return lowerType(meaning, tree.childrenOf(node)[0], context);
        case KIND.self:
            return context.self;
        default:
            return UNKNOWN;
    }
}

function lowerTuple(meaning: Meaning, node: number, context: TypeContext): Ty {
    const items = context.inst.tree.childrenOf(node).map((one) => lowerType(meaning, one, context));
    // The grammar gives a parenthesized type the same node as a tuple of one; only `(T,)` differs, and rarely occurs.
    return items.length === 1 ? (items[0] ?? UNKNOWN) : { k: "tuple", items };
}

function lowerFunction(meaning: Meaning, node: number, context: TypeContext): Ty {
    const bound = lowerCallable(meaning, node, context);
    if (bound !== undefined) {
        return { k: "bound", form: "dyn", traits: [bound], open: false };
    }
    const { params, result } = lowerInterface(meaning, node, context);
    return { k: "function", params, result };
}

function lowerInterface(
    meaning: Meaning,
    node: number,
    context: TypeContext,
): { params: Ty[]; result: Ty } {
    const { tree } = context.inst;
    const list = tree.findChild(node, "parameters");
    const params: Ty[] = [];
    for (const child of list === undefined ? [] : tree.childrenOf(list)) {
        if (tree.columns.kind[child] !== KIND.attribute_item) {
            // A pointer's parameters may have names.
            const typeNode =
                tree.columns.kind[child] === KIND.parameter ? tree.findChild(child, "type") : child;
            params.push(lowerType(meaning, typeNode, context));
        }
    }
    const resultNode = tree.findChild(node, "return_type");
    const result = resultNode === undefined ? UNIT : lowerType(meaning, resultNode, context);
    return { params, result };
}

/** `Fn(A) -> B` as a bound; undefined for `fn(A) -> B`. */
function lowerCallable(
    meaning: Meaning,
    node: number,
    context: TypeContext,
): BoundTrait | undefined {
    const traitNode = context.inst.tree.findChild(node, "trait");
    const trait = traitNode === undefined ? undefined : lowerTrait(meaning, traitNode, context);
    if (trait === undefined) {
        return undefined;
    }
    const { params, result } = lowerInterface(meaning, node, context);
    return {
        symbol: trait.symbol,
        args: [{ k: "tuple", items: params }],
        bindings: [{ name: "Output", ty: result }],
    };
}

/** Lowers `A + B + 'a` to the traits it names. */
export function lowerBounds(
    meaning: Meaning,
    nodes: readonly number[],
    context: TypeContext,
): Ty & { readonly k: "bound" } {
    const traits: BoundTrait[] = [];
    let open = false;
    const { tree } = context.inst;
    const visit = (node: number): void => {
        switch (tree.columns.kind[node]) {
            case KIND.lifetime:
            case KIND.type_parameters:
            case KIND.for_lifetimes:
            case KIND.use_bounds:
            case KIND.removed_trait_bound:
            case KIND.mutable_specifier:
                return;
            case KIND.bounded_type:
            case KIND.trait_bounds:
            case KIND.dynamic_type:
            case KIND.abstract_type:
            case KIND.bracketed_type:
                tree.childrenOf(node).forEach(visit);
                return;
            case KIND.tuple_type:
                // `(dyn A + B)` in parentheses reads as a tuple of one.
                tree.childrenOf(node).forEach(visit);
                return;
            case KIND.higher_ranked_trait_bound:
                visit(tree.findChild(node, "type") ?? node + 1);
                return;
            default: {
                const trait =
                    tree.columns.kind[node] === KIND.function_type
                        ? lowerCallable(meaning, node, context)
                        : lowerTrait(meaning, node, context);
                if (trait === undefined) {
                    open = true;
                } else {
                    traits.push(trait);
                }
            }
        }
    };
    nodes.forEach(visit);
    return { k: "bound", form: "dyn", traits, open };
}

/** Lowers a trait as a bound; undefined when it is none of the workspace. */
export function lowerTrait(
    meaning: Meaning,
    node: number,
    context: TypeContext,
): BoundTrait | undefined {
    const { tree } = context.inst;
    const base = isGeneric(tree, node) ? tree.findChild(node, "type") : node;
    const found = base === undefined ? undefined : lookupTypePath(meaning, base, context);
    if (found === undefined || !isFound(found)) {
        return undefined;
    }
    if (found.symbols.length > 1 && !meaning.areTwins(found.symbols)) {
        return undefined;
    }
    const symbol =
        found.symbols.find((one) => meaning.program.symbolAt(one).kind === "trait") ??
        found.symbols.find((one) => meaning.program.symbolAt(one).external !== "");
    if (symbol === undefined) {
        return undefined;
    }
    const parts = lowerArguments(meaning, node, context);
    return { symbol: meaning.canonical(symbol), args: parts.args, bindings: parts.bindings };
}

function isGeneric(tree: SyntaxTree, node: number): boolean {
    const kind = tree.columns.kind[node];
    return kind === KIND.generic_type || kind === KIND.generic_type_with_turbofish;
}

function lowerArguments(
    meaning: Meaning,
    node: number,
    context: TypeContext,
): { args: Ty[]; bindings: { name: string; ty: Ty }[] } {
    const { tree } = context.inst;
    const list = tree.findChild(node, "type_arguments");
    const args: Ty[] = [];
    const bindings: { name: string; ty: Ty }[] = [];
    for (const argument of list === undefined ? [] : tree.childrenOf(list)) {
        const kind = tree.columns.kind[argument];
        if (kind === KIND.lifetime) {
            continue;
        }
        if (kind === KIND.type_binding) {
            const name = tree.findChild(argument, "name");
            bindings.push({
                name: name === undefined ? "" : tree.nameOf(name),
                ty: lowerType(meaning, tree.findChild(argument, "type"), context),
            });
        } else {
            args.push(lowerType(meaning, argument, context));
        }
    }
    return { args, bindings };
}

function lowerPath(meaning: Meaning, node: number, context: TypeContext): Ty {
    const { tree } = context.inst;
    if (isGeneric(tree, node)) {
        const base = tree.findChild(node, "type");
        const { args } = lowerArguments(meaning, node, context);
        return base === undefined ? UNKNOWN : pathType(meaning, base, args, context);
    }
    return pathType(meaning, node, [], context);
}

function pathType(meaning: Meaning, base: number, args: readonly Ty[], context: TypeContext): Ty {
    const { tree } = context.inst;
    const kind = tree.columns.kind[base];
    const name = tree.nameOf(base);
    if (kind === KIND.type_identifier || kind === KIND.identifier) {
        if (name === "Self") {
            return context.self;
        }
        const owner = context.owners.find((one) => meaning.genericsOf(one).names.includes(name));
        if (owner !== undefined) {
            return { k: "param", owner, name };
        }
    }
    const projected = projection(meaning, base, context);
    if (projected !== undefined) {
        return projected;
    }
    const found = lookupTypePath(meaning, base, context);
    return isFound(found) ? foundType(meaning, found, args) : UNKNOWN;
}

/** Whether an item has a type parameter of a primitive type's name, which hides the type. */
function hasTypeParameter(meaning: Meaning, owner: number, name: string): boolean {
    const { names, constants } = meaning.genericsOf(owner);
    return names.includes(name) && constants?.includes(name) !== true;
}

/** `Self::Item`, `T::Item`, `<T as Trait>::Item`: undefined when the path does not start with a type. */
function projection(meaning: Meaning, base: number, context: TypeContext): Ty | undefined {
    const { tree } = context.inst;
    const path = tree.findChild(base, "path");
    const nameNode = tree.findChild(base, "name");
    if (path === undefined || nameNode === undefined) {
        return undefined;
    }
    const name = tree.nameOf(nameNode);
    switch (tree.columns.kind[path]) {
        case KIND.bracketed_type: {
            const qualified = tree.childrenOf(path)[0];
            if (qualified === undefined || tree.columns.kind[qualified] !== KIND.qualified_type) {
                return {
                    k: "projection",
                    self: lowerType(meaning, qualified, context),
                    trait: undefined,
                    name,
                };
            }
            const alias = tree.findChild(qualified, "alias");
            const self = lowerType(meaning, tree.findChild(qualified, "type"), context);
            const trait = alias === undefined ? undefined : lowerTrait(meaning, alias, context);
            return trait === undefined ? UNKNOWN : { k: "projection", self, trait, name };
        }
        case KIND.identifier:
        case KIND.type_identifier: {
            const head = tree.nameOf(path);
            const [own, ...twins] =
                head === "Self" ? associatedOfImpl(meaning.program, context.owners, name) : [];
            if (own !== undefined && twins.length === 0) {
                return meaning.aliasTarget(own);
            }
            const isType =
                head === "Self" ||
                context.owners.some((one) => meaning.genericsOf(one).names.includes(head));
            const self = isType ? lowerType(meaning, path, context) : UNKNOWN;
            const trait = head === "Self" ? traitAround(meaning, context, name) : undefined;
            return isType ? { k: "projection", self, trait, name } : undefined;
        }
        case KIND.scoped_type_identifier:
        case KIND.scoped_identifier: {
            const self = projection(meaning, path, context);
            return self === undefined
                ? undefined
                : { k: "projection", self, trait: undefined, name };
        }
        default:
            return undefined;
    }
}

/** The trait in whose definition a type is written, if it has an associated type of the name itself. */
function traitAround(meaning: Meaning, context: TypeContext, name: string): BoundTrait | undefined {
    const { program } = meaning;
    const trait = context.owners.find((one) => program.symbolAt(one).kind === "trait");
    const members = trait === undefined ? undefined : program.members.get(trait)?.get(name);
    if (
        trait === undefined ||
        members?.some((one) => program.symbolAt(one).kind === "assoc-type") !== true
    ) {
        return undefined;
    }
    const { names } = meaning.genericsOf(trait);
    const args = names.map((one): Ty => ({ k: "param", owner: trait, name: one }));
    return { symbol: trait, args, bindings: [] };
}

/** The associated types of a name that the innermost impl around has itself. */
export function associatedOfImpl(
    program: Program,
    owners: readonly number[],
    name: string,
): readonly number[] {
    const impl = owners.find((one) => program.symbolAt(one).kind === "impl");
    const members = impl === undefined ? undefined : program.members.get(impl)?.get(name);
    return members?.filter((one) => program.symbolAt(one).kind === "assoc-type") ?? [];
}

/** What a plain type path names. */
export function lookupTypePath(meaning: Meaning, node: number, context: TypeContext): Lookup {
    const { tree } = context.inst;
    const { program } = meaning;
    const kind = tree.columns.kind[node];
    if (kind !== KIND.scoped_type_identifier && kind !== KIND.scoped_identifier) {
        const name = tree.nameOf(node);
        return isGeneric(tree, node)
            ? lookupTypePath(meaning, tree.findChild(node, "type") ?? node + 1, context)
            : lookupFirst(meaning, name, context.scope);
    }
    const path = tree.findChild(node, "path");
    const name = tree.nameOf(tree.findChild(node, "name") ?? node);
    if (path === undefined) {
        const extern = context.scope.crate.externs.get(name);
        return extern === undefined
            ? { reason: `no crate ${name}` }
            : { symbols: [extern], alias: false };
    }
    const container = lookupTypePath(meaning, path, context);
    return isFound(container)
        ? stepInto(program, container, { name, namespace: NS.type, from: context.scope })
        : container;
}

/** First segment of a path in the type name space, keywords included. */
export function lookupFirst(
    meaning: Meaning,
    name: string,
    scope: Scope,
    neverVariant = true,
): Lookup {
    const { module, crate } = scope;
    switch (name) {
        case "crate":
            return { symbols: crate.root === undefined ? [] : [crate.root.symbol], alias: false };
        case "self":
            return { symbols: [module.symbol], alias: false };
        case "super":
            return { symbols: [(module.parentModule ?? module).symbol], alias: false };
        default:
            return lookupLexical(meaning.program, scope, {
                name,
                namespace: NS.type,
                from: scope,
                neverVariant,
            });
    }
}

/** Whether symbols are one, be it one of std by several paths, or one under different predicates. */
export function isOneDefinition(meaning: Meaning, symbols: readonly number[]): boolean {
    const [first, ...rest] = symbols;
    if (first === undefined || rest.length === 0) {
        return true;
    }
    const one = meaning.canonical(first);
    return rest.every((other) => meaning.canonical(other) === one) || meaning.areTwins(symbols);
}

/** What an alias stands for; unknown where its cfg twins stand for different types. */
function aliasType(meaning: Meaning, aliases: readonly number[], args: readonly Ty[]): Ty {
    const [first = UNKNOWN, ...others] = aliases.map((alias) => {
        const values = new Map<string, Ty>();
        meaning.genericsOf(alias).names.forEach((name, i) => {
            values.set(paramKey(alias, name), args[i] ?? UNKNOWN);
        });
        return substitute(meaning.aliasTarget(alias), values);
    });
    const text = others.length === 0 ? "" : JSON.stringify(first);
    return others.every((other) => JSON.stringify(other) === text) ? first : UNKNOWN;
}

/** The type that a found name stands for. */
export function foundType(meaning: Meaning, found: Found, args: readonly Ty[]): Ty {
    if (found.builtin !== undefined) {
        return { k: "primitive", name: found.builtin };
    }
    const { program } = meaning;
    const first = found.symbols[0];
    if (first === undefined || !isOneDefinition(meaning, found.symbols)) {
        return UNKNOWN;
    }
    const symbol = program.symbolAt(first);
    switch (symbol.kind) {
        case "struct":
        case "enum":
        case "union":
            return { k: "adt", symbol: meaning.representative(first), args };
        case "trait":
            return {
                k: "bound",
                form: "dyn",
                traits: [{ symbol: first, args, bindings: [] }],
                open: false,
            };
        case "external":
            return (
                meaning.stdType(first, args) ?? {
                    k: "external",
                    symbol: first,
                    name: symbol.name,
                    args,
                }
            );
        case "type-alias":
            return aliasType(meaning, found.symbols, args);
        case "assoc-type":
            return itemOf(symbol) === undefined ? UNKNOWN : meaning.aliasTarget(first);
        default:
            return UNKNOWN;
    }
}
