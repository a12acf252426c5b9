// Paths: what each segment means, with an occurrence for each.

import { FLAG, KIND } from "../../syntax/index.ts";
import { NS } from "../file-items.ts";
import { isFound, lookupInScope, type Found, type Lookup } from "../lookup.ts";
import { isMemberFound, type MemberLookup } from "../types/method-lookup.ts";
import type { OccurrenceRole } from "../model.ts";
import { stepInto } from "../paths.ts";
import { openArguments } from "./made-types.ts";
import type { Callee } from "../types/trait-solver.ts";
import { associatedOfImpl, foundType } from "../types/type-lowering.ts";
import { UNKNOWN, paramKey, type Ty } from "../types/types.ts";
import { SHUT_OFF, type Walk } from "./walk.ts";

/** What a path means as a whole. */
export interface PathMeaning {
    /** Set when the path is a local's name. */
    readonly local?: number;
    readonly found?: Found;
    /** The type that the path names, or at which an associated item was found. */
    readonly at?: Ty;
    /** The interface of an associated function. */
    readonly callee?: Callee;
    /** Type of an associated constant. */
    readonly type?: Ty;
    /** Type arguments written at the end. */
    readonly typeArgs?: readonly Ty[];
}

/** How a path is read. */
interface PathUse {
    readonly namespace: number;
    readonly role: OccurrenceRole;
    readonly typeArgs: readonly Ty[];
}

/** What the part of a path before `::` means. */
type Qualifier =
    /** `ty` where the container is a type of std. */
    | { readonly k: "container"; readonly found: Found; readonly ty?: Ty }
    | { readonly k: "type"; readonly ty: Ty }
    | { readonly k: "trait"; readonly symbol: number; readonly self: Ty | undefined }
    /** The path begins with `::`. */
    | { readonly k: "root" }
    | { readonly k: "missing"; readonly reason: string };

const NOTHING: PathMeaning = {};

/** Visits a path in expression, pattern or type position and records its segments. */
export function visitPath(
    walk: Walk,
    node: number,
    namespace: number,
    role: OccurrenceRole,
): PathMeaning {
    return visitPathWith(walk, node, { namespace, role, typeArgs: [] });
}

function visitPathWith(walk: Walk, node: number, use: PathUse): PathMeaning {
    switch (walk.kind(node)) {
        case KIND.identifier:
        case KIND.type_identifier: {
            const meaning = visitName(walk, node, use.namespace, use.role);
            const { typeArgs } = use;
            const says =
                use.namespace === NS.value ? ofStd(walk, meaning, undefined, typeArgs) : {};
            return typeArgs.length === 0
                ? { ...meaning, ...says }
                : { ...meaning, ...says, typeArgs };
        }
        case KIND.scoped_identifier:
        case KIND.scoped_type_identifier:
            return visitScoped(walk, node, use);
        case KIND.generic_type:
        case KIND.generic_type_with_turbofish: {
            const typeArgs = visitTypeArguments(walk, node);
            const base = walk.tree.findChild(node, "type");
            return base === undefined ? NOTHING : visitPathWith(walk, base, { ...use, typeArgs });
        }
        case KIND.generic_function: {
            const typeArgs = visitTypeArguments(walk, node);
            const base = walk.tree.findChild(node, "function");
            return base === undefined ? NOTHING : visitPathWith(walk, base, { ...use, typeArgs });
        }
        case KIND.self:
        case KIND.super:
        case KIND.crate: {
            const found = keyword(walk, walk.tree.nameOf(node));
            return found === undefined ? NOTHING : { found };
        }
        default:
            walk.visit(node);
            return NOTHING;
    }
}

/** Visits the arguments in `<…>` of a node; gives their types, lifetimes left out. */
export function visitTypeArguments(walk: Walk, node: number): Ty[] {
    const list = walk.tree.findChild(node, "type_arguments");
    if (list === undefined) {
        return [];
    }
    walk.visit(list);
    return walk.tree
        .childrenOf(list)
        .filter((child) => {
            const kind = walk.kind(child);
            return kind !== KIND.lifetime && kind !== KIND.type_binding;
        })
        .map((child) => walk.written(child));
}

function visitName(walk: Walk, node: number, namespace: number, role: OccurrenceRole): PathMeaning {
    const name = walk.tree.nameOf(node);
    if (name === "_") {
        return NOTHING;
    }
    if (name === "Self") {
        return selfMeaning(walk);
    }
    let meaning = walk.lookupName(name, namespace, role === "type");
    const isOpen = !("local" in meaning) && !isFound(meaning) && meaning.reason !== SHUT_OFF;
    if (isOpen && namespace === NS.type) {
        // A const argument is written like a type: `Foo<N>`.
        const value = walk.lookupName(name, NS.value);
        const isSure = "local" in value || (isFound(value) && value.globOf === undefined);
        meaning = isSure ? value : meaning;
    }
    if ("local" in meaning) {
        walk.recordLocal(node, role, meaning.local);
        return { local: meaning.local };
    }
    walk.record(node, role, meaning);
    return isFound(meaning) ? { found: meaning } : NOTHING;
}

/** `Self` as a constructor or a type. */
function selfMeaning(walk: Walk): PathMeaning {
    const { self } = walk;
    return self.k === "adt"
        ? { found: { symbols: [self.symbol], alias: true }, at: self }
        : { at: self };
}

function visitScoped(walk: Walk, node: number, use: PathUse): PathMeaning {
    const name = walk.tree.findChild(node, "name");
    if (name === undefined) {
        walk.visitChildren(node);
        return NOTHING;
    }
    const { namespace, role, typeArgs } = use;
    const isMacro = namespace === NS.macro;
    const qualifier = visitQualifier(walk, walk.tree.findChild(node, "path"), isMacro);
    const text = walk.tree.nameOf(name);
    const query = { name: text, namespace, from: walk.scope };
    switch (qualifier.k) {
        case "missing":
            walk.recordUnknown(name, role, qualifier.reason);
            return NOTHING;
        case "root":
            return {
                ...recordStep(walk, name, role, lookupGlobal(walk, text, namespace)),
                typeArgs,
            };
        case "container": {
            const own = ownOfForeignType(walk, text, namespace, qualifier);
            if (own !== undefined) {
                return recordMember(walk, name, role, own);
            }
            const step = stepInto(walk.program, qualifier.found, query);
            const meaning = recordStep(walk, name, role, step);
            return { ...meaning, typeArgs, ...ofStd(walk, meaning, qualifier.ty, typeArgs) };
        }
        case "trait":
            return visitTraitItem(walk, name, role, qualifier);
        default: {
            const std = stdVariant(walk, qualifier.ty, text);
            if (std !== undefined) {
                const meaning = recordStep(walk, name, role, std);
                return { ...meaning, typeArgs, ...ofStd(walk, meaning, qualifier.ty, typeArgs) };
            }
            const own = namespace === NS.type ? ownAssociated(walk, node, text) : undefined;
            if (own !== undefined) {
                walk.record(name, role, own);
                return { found: own };
            }
            const member = { name: text, from: walk.scope, typeArgs };
            const at = openArguments(walk, qualifier.ty);
            return recordMember(walk, name, role, walk.members.associated(at, member, namespace));
        }
    }
}

/**
 * `Type::name` at somebody else's type that has no impl of ours in sight, where a trait of ours that is in
 * scope has an item of the name: a macro may have written the impl. Undefined where the type has it itself.
 */
function ownOfForeignType(
    walk: Walk,
    name: string,
    namespace: number,
    { found, ty }: { readonly found: Found; readonly ty?: Ty },
): MemberLookup | undefined {
    const { program, semantics, scope } = walk;
    const isInScope = (trait: number): boolean => semantics.traits.isInScope(trait, scope);
    const path = program.symbolAt(found.symbols[0] ?? -1).external;
    // By convention types and variants begin with a capital, and modules and items do not.
    if (
        namespace !== NS.value ||
        !/(?:^|::)\p{Lu}\w*$/u.test(path) ||
        /^\p{Lu}/u.test(name) ||
        !semantics.traits.withItem(name).some(isInScope)
    ) {
        return undefined;
    }
    const type = openArguments(walk, ty ?? foundType(semantics, found, []));
    const lookup = walk.members.associated(type, { name, from: scope }, namespace);
    return "external" in lookup ? undefined : lookup;
}

/** A variant of an enum of std, for which the workspace may have impls. */
export function stdVariant(walk: Walk, ty: Ty, name: string): Found | undefined {
    if (ty.k !== "external") {
        return undefined;
    }
    const path = `${walk.program.symbolAt(ty.symbol).external}::${name}`;
    return walk.semantics.std.variant(path) === undefined
        ? undefined
        : { symbols: [walk.program.external(path)], alias: false };
}

/** `Self::Name` in the impl of a trait that has such a type: that, whatever else `Self` implements. */
function ownAssociated(walk: Walk, node: number, name: string): Found | undefined {
    const prefix = walk.tree.findChild(node, "path");
    const isSelf =
        prefix !== undefined &&
        (walk.kind(prefix) === KIND.identifier || walk.kind(prefix) === KIND.type_identifier) &&
        walk.tree.nameOf(prefix) === "Self";
    const { program, semantics } = walk;
    const symbols = isSelf ? associatedOfImpl(program, walk.owners, name) : [];
    const [first] = symbols;
    if (first === undefined) {
        return undefined;
    }
    const trait = semantics.implOf(program.symbolAt(first).parent)?.trait?.symbol;
    const path = trait === undefined ? "" : program.symbolAt(trait).external;
    if (path !== "") {
        return { symbols: [program.external(`${path}::${name}`)], alias: false };
    }
    const declared = trait === undefined ? undefined : program.members.get(trait)?.get(name);
    return { symbols: declared ?? symbols, alias: false };
}

/** What an item of std, found by its path, says of types. */
function ofStd(
    walk: Walk,
    meaning: PathMeaning,
    ty: Ty | undefined,
    typeArgs: readonly Ty[],
): Partial<PathMeaning> {
    const symbol = meaning.found?.symbols[0];
    const path = symbol === undefined ? "" : walk.program.symbolAt(symbol).external;
    if (path === "") {
        return {};
    }
    const { std } = walk.semantics;
    const variant = std.variant(path);
    const declaration = std.function(path) ?? std.constructorOf(path);
    if (declaration !== undefined && variant?.shape === "unit") {
        return { type: walk.solver.instantiate(declaration, new Map()).result };
    }
    if (declaration !== undefined) {
        const values = new Map<string, Ty>();
        typeArgs.forEach((arg, i) => {
            values.set(paramKey(declaration.owner, declaration.names[i] ?? ""), arg);
        });
        return { callee: walk.solver.instantiate(declaration, values) };
    }
    const cut = path.lastIndexOf("::");
    if (cut === -1) {
        return {};
    }
    const name = path.slice(cut + 2);
    const holder = walk.program.external(path.slice(0, cut));
    const canonical = std.canonical(holder);
    if (canonical !== undefined && std.traitItem(canonical, name) !== undefined) {
        const callee = walk.members.traitCallee(canonical, name, undefined);
        return callee === undefined ? {} : { callee };
    }
    const at = ty ?? std.typeOf(path.slice(0, cut), []);
    if (at === undefined) {
        return {};
    }
    const query = { name, from: walk.scope, typeArgs };
    const lookup = walk.members.associated(openArguments(walk, at), query, NS.value);
    if ("reason" in lookup) {
        return {};
    }
    return {
        ...(lookup.callee === undefined ? {} : { callee: lookup.callee }),
        ...(lookup.type === undefined ? {} : { type: lookup.type }),
    };
}

function recordStep(walk: Walk, name: number, role: OccurrenceRole, lookup: Lookup): PathMeaning {
    if (walk.tree.nameOf(name) === "self" || walk.tree.nameOf(name) === "super") {
        return isFound(lookup) ? { found: lookup } : NOTHING;
    }
    walk.record(name, role, lookup);
    return isFound(lookup) ? { found: lookup } : NOTHING;
}

function visitTraitItem(
    walk: Walk,
    name: number,
    role: OccurrenceRole,
    qualifier: { readonly symbol: number; readonly self: Ty | undefined },
): PathMeaning {
    const symbol = walk.program.symbolAt(qualifier.symbol);
    const text = walk.tree.nameOf(name);
    const trait = walk.semantics.canonical(qualifier.symbol);
    const callee = walk.members.traitCallee(trait, text, qualifier.self);
    const says = callee === undefined ? {} : { callee };
    if (symbol.external !== "") {
        const symbols = [walk.program.external(`${symbol.external}::${text}`)];
        return { ...recordStep(walk, name, role, { symbols, alias: false }), ...says };
    }
    const lookup = walk.members.traitItem(qualifier.symbol, text);
    const meaning = { ...recordStep(walk, name, role, lookup), ...says };
    return qualifier.self === undefined ? meaning : { ...meaning, at: qualifier.self };
}

/** Records a member and gives its meaning; an external member is recorded as one. */
export function recordMember(
    walk: Walk,
    name: number,
    role: OccurrenceRole,
    lookup: MemberLookup,
): PathMeaning {
    if (isMemberFound(lookup)) {
        if (lookup.ambiguous !== undefined) {
            walk.recordAmbiguous(name, role, lookup.symbols, lookup.ambiguous);
            return NOTHING;
        }
        walk.record(name, role, lookup);
        return {
            found: lookup,
            at: lookup.at,
            ...(lookup.callee === undefined ? {} : { callee: lookup.callee }),
            ...(lookup.type === undefined ? {} : { type: lookup.type }),
        };
    }
    if ("external" in lookup) {
        const symbols = [walk.program.external(`_::${lookup.external}`)];
        walk.record(name, role, { symbols, alias: false });
        return {
            ...(lookup.callee === undefined ? {} : { callee: lookup.callee }),
            ...(lookup.type === undefined ? {} : { type: lookup.type }),
        };
    }
    walk.recordUnknown(name, role, lookup.reason);
    return NOTHING;
}

/** The part before `::`; a path that begins with `::` has none. */
function visitQualifier(walk: Walk, node: number | undefined, isMacro: boolean): Qualifier {
    if (node === undefined) {
        return { k: "root" };
    }
    switch (walk.kind(node)) {
        case KIND.self:
        case KIND.super:
        case KIND.crate: {
            const found = keyword(walk, walk.tree.nameOf(node));
            return found === undefined
                ? { k: "missing", reason: "no such module" }
                : { k: "container", found };
        }
        case KIND.identifier:
        case KIND.type_identifier:
            return visitFirst(walk, node, isMacro);
        case KIND.scoped_identifier:
        case KIND.scoped_type_identifier:
            return visitInner(walk, node, isMacro);
        case KIND.generic_type:
        case KIND.generic_type_with_turbofish: {
            visitPath(walk, node, NS.type, "type");
            return typeQualifier(walk, walk.written(node));
        }
        case KIND.bracketed_type:
            return visitBracketed(walk, node);
        case KIND.metavariable:
            return { k: "missing", reason: "a macro variable" };
        default:
            walk.visit(node);
            return { k: "missing", reason: "the path's beginning is not understood" };
    }
}

/** `::name`: an extern crate, or in edition 2015 an item of the crate root. */
function lookupGlobal(walk: Walk, name: string, namespace: number): Lookup {
    const { crate } = walk.scope;
    const extern = crate.externs.get(name);
    if (crate.edition === "2015" && crate.root !== undefined) {
        const query = { name, namespace, from: walk.scope };
        const found = lookupInScope(walk.program, crate.root, query);
        if (found !== undefined) {
            return found;
        }
    }
    return extern === undefined
        ? { reason: `no crate ${name}` }
        : { symbols: [extern], alias: walk.program.symbolAt(extern).name !== name };
}

function visitFirst(walk: Walk, node: number, isMacro: boolean): Qualifier {
    const name = walk.tree.nameOf(node);
    if (name === "Self") {
        return { k: "type", ty: walk.self };
    }
    if (walk.tree.hasFlag(node, FLAG.afterDollar)) {
        return { k: "missing", reason: "a macro variable" };
    }
    const meaning = isMacro
        ? walk.lookupMacroModule(name, node)
        : walk.lookupName(name, NS.type, true);
    if ("local" in meaning) {
        walk.recordLocal(node, "type", meaning.local);
        return { k: "type", ty: walk.locals[meaning.local]?.ty ?? UNKNOWN };
    }
    walk.record(node, qualifierRole(walk, meaning), meaning);
    return toQualifier(walk, meaning);
}

function visitInner(walk: Walk, node: number, isMacro: boolean): Qualifier {
    const name = walk.tree.findChild(node, "name");
    const outer = visitQualifier(walk, walk.tree.findChild(node, "path"), isMacro);
    if (name === undefined) {
        return { k: "missing", reason: "an incomplete path" };
    }
    const text = walk.tree.nameOf(name);
    switch (outer.k) {
        case "missing":
            walk.recordUnknown(name, "module", outer.reason);
            return outer;
        case "root": {
            const lookup = lookupGlobal(walk, text, NS.type);
            recordStep(walk, name, qualifierRole(walk, lookup), lookup);
            return toQualifier(walk, lookup);
        }
        case "container": {
            const lookup = stepInto(walk.program, outer.found, {
                name: text,
                namespace: NS.type,
                from: walk.scope,
            });
            recordStep(walk, name, qualifierRole(walk, lookup), lookup);
            return toQualifier(walk, lookup);
        }
        case "trait": {
            visitTraitItem(walk, name, "type", outer);
            const { symbol, self } = outer;
            const trait = { symbol: walk.semantics.canonical(symbol), args: [], bindings: [] };
            return {
                k: "type",
                ty:
                    self === undefined
                        ? UNKNOWN
                        : walk.solver.normalize({ k: "projection", self, trait, name: text }),
            };
        }
        default: {
            const own = ownAssociated(walk, node, text);
            if (own !== undefined) {
                walk.record(name, "type", own);
                return { k: "type", ty: walk.written(node) };
            }
            const query = { name: text, from: walk.scope };
            const lookup = walk.members.associated(outer.ty, query, NS.type);
            recordMember(walk, name, "type", lookup);
            const { ty } = outer;
            return {
                k: "type",
                ty: walk.solver.normalize({
                    k: "projection",
                    self: ty,
                    trait: undefined,
                    name: text,
                }),
            };
        }
    }
}

/** `<T as Trait>` and `<T>`. */
function visitBracketed(walk: Walk, node: number): Qualifier {
    const inner = walk.tree.childrenOf(node)[0];
    if (inner === undefined || walk.kind(inner) !== KIND.qualified_type) {
        walk.visitMaybe(inner);
        return { k: "type", ty: inner === undefined ? UNKNOWN : walk.written(inner) };
    }
    const type = walk.tree.findChild(inner, "type");
    const alias = walk.tree.findChild(inner, "alias");
    walk.visitMaybe(type);
    const self = walk.written(type);
    const trait = alias === undefined ? NOTHING : visitPath(walk, alias, NS.type, "type");
    const symbol = trait.found?.symbols[0];
    return symbol === undefined || trait.found?.symbols.length !== 1
        ? { k: "missing", reason: "the trait is not resolved" }
        : { k: "trait", symbol, self };
}

function typeQualifier(walk: Walk, ty: Ty): Qualifier {
    if (ty.k === "bound" && ty.traits[0] !== undefined) {
        return { k: "trait", symbol: ty.traits[0].symbol, self: undefined };
    }
    return ty.k === "external" && !isExtended(walk, ty.symbol)
        ? { k: "container", found: { symbols: [ty.symbol], alias: false }, ty }
        : { k: "type", ty };
}

function toQualifier(walk: Walk, lookup: Lookup): Qualifier {
    if (!isFound(lookup)) {
        return { k: "missing", reason: lookup.reason };
    }
    const first = lookup.symbols[0];
    if (first === undefined) {
        return { k: "type", ty: foundType(walk.semantics, lookup, []) };
    }
    switch (walk.program.symbolAt(first).kind) {
        case "crate":
        case "module":
            return { k: "container", found: lookup };
        case "external":
            return isExtended(walk, first)
                ? { k: "type", ty: foundType(walk.semantics, lookup, []) }
                : { k: "container", found: lookup };
        case "trait":
            return { k: "trait", symbol: first, self: undefined };
        default: {
            const ty = foundType(walk.semantics, lookup, []);
            return ty.k === "external" && !isExtended(walk, ty.symbol)
                ? { k: "container", found: { symbols: [ty.symbol], alias: lookup.alias } }
                : { k: "type", ty };
        }
    }
}

/** Whether the workspace has impls for an external type, so that its items may be ours. */
function isExtended(walk: Walk, symbol: number): boolean {
    const canonical = walk.semantics.canonical(symbol);
    const { name } = walk.program.symbolAt(canonical);
    const ty: Ty = { k: "external", symbol: canonical, name, args: [] };
    return walk.semantics.impls.forType(ty).length > 0;
}

function qualifierRole(walk: Walk, lookup: Lookup): OccurrenceRole {
    const first = isFound(lookup) ? lookup.symbols[0] : undefined;
    const kind = first === undefined ? undefined : walk.program.symbolAt(first).kind;
    return kind === "module" || kind === "crate" || kind === undefined ? "module" : "type";
}

function keyword(walk: Walk, name: string): Found | undefined {
    const { module, crate } = walk.scope;
    const scope = name === "crate" ? crate.root : name === "super" ? module.parentModule : module;
    return scope === undefined ? undefined : { symbols: [scope.symbol], alias: false };
}
