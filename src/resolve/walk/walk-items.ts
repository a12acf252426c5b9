// Items: their definitions, generics, parameters; what changes when an item's inside is entered.

import { FLAG, KIND } from "../../syntax/index.ts";
import { coerce } from "../types/coercion.ts";
import { NS } from "../file-items.ts";
import { importMeanings } from "../imports.ts";
import { isFound, lookupHiding, type Found } from "../lookup.ts";
import { lowerType } from "../types/type-lowering.ts";
import { UNKNOWN, refTo, type Ty } from "../types/types.ts";
import type { UseLeaf } from "../use-tree.ts";
import { CLASS, type Barriers, type Handler, type Walk } from "./walk.ts";
import { withTargets } from "./walk-control.ts";
import { visitPath } from "./walk-paths.ts";
import { visitPattern } from "./walk-patterns.ts";

/** What entering an item saves, to be put back on leaving it. */
interface Saved {
    readonly mark: number;
    readonly barriers: Barriers;
    readonly enclosing: number;
    readonly owners: readonly number[];
    readonly self: Ty;
    readonly scope: Walk["scope"];
}

function save(walk: Walk, barriers: Barriers): Saved {
    const { enclosing, owners, self, scope } = walk;
    return { mark: walk.enter(), barriers, enclosing, owners, self, scope };
}

function restore(walk: Walk, saved: Saved, node: number): void {
    walk.leave(saved.mark, node);
    walk.lower(saved.barriers);
    walk.enclosing = saved.enclosing;
    walk.owners = saved.owners;
    walk.self = saved.self;
    walk.scope = saved.scope;
}

/** Enters an item: records its name, hides outer locals unless it is a member, sets what `Self` means. */
function withItem(walk: Walk, node: number, inside: (symbol: number) => void): void {
    const item = walk.itemOfNode.get(node);
    const index = item === undefined ? -1 : (walk.inst.symbols[item] ?? -1);
    if (index === -1) {
        walk.visitChildren(node);
        return;
    }
    const symbol = walk.program.symbolAt(index);
    const name = walk.tree.findChild(node, "name");
    if (name !== undefined) {
        const outer = walk.enclosing;
        walk.enclosing = index;
        walk.record(name, "definition", { symbols: [index], alias: false });
        walk.enclosing = outer;
    }
    const owners = walk.semantics.ownersOf(symbol);
    const isMember = owners.length > 1;
    const saved = save(walk, isMember ? walk.barriers : walk.raise(symbol.kind === "module"));
    walk.enclosing = index;
    walk.owners = owners;
    if (!isMember || symbol.kind === "impl") {
        walk.self = walk.semantics.selfTypeOf(symbol);
    }
    const before = walk.solver.enter(walk.semantics.environmentOf(owners));
    inside(index);
    walk.solver.leave(before);
    restore(walk, saved, node);
}

/** Visits all children but the name, which is recorded already. */
function visitRest(walk: Walk, node: number): void {
    const name = walk.tree.findChild(node, "name");
    for (const child of walk.tree.childrenOf(node)) {
        if (child !== name) {
            walk.visit(child);
        }
    }
}

const visitPlainItem: Handler = (walk, node) => {
    withItem(walk, node, () => {
        visitRest(walk, node);
    });
    return UNKNOWN;
};

/** A function: its body gives what its signature says. */
const visitFunction: Handler = (walk, node) => {
    withItem(walk, node, (symbol) => {
        const { result } = walk.semantics.functionOf(symbol);
        const plain = result.k === "future" ? result.inner : result;
        const wanted = walk.solver.normalize(plain);
        const name = walk.tree.findChild(node, "name");
        const body = walk.tree.findChild(node, "body");
        withTargets(walk, { result: wanted, breaks: [] }, () => {
            for (const child of walk.tree.childrenOf(node)) {
                if (child === body) {
                    const ty = walk.visit(child, wanted);
                    coerce(walk.solver, walk.members, ty, wanted);
                } else if (child !== name) {
                    walk.visit(child);
                }
            }
        });
    });
    return UNKNOWN;
};

/** A constant or static: its value has the type that is written. */
const visitConstant: Handler = (walk, node) => {
    withItem(walk, node, () => {
        const name = walk.tree.findChild(node, "name");
        const typeNode = walk.tree.findChild(node, "type");
        const value = walk.tree.findChild(node, "value");
        const wanted = typeNode === undefined ? undefined : walk.written(typeNode);
        for (const child of walk.tree.childrenOf(node)) {
            if (child !== name) {
                walk.visit(child, child === value ? wanted : undefined);
            }
        }
    });
    return UNKNOWN;
};

const visitModule: Handler = (walk, node) => {
    withItem(walk, node, () => {
        const body = walk.tree.findChild(node, "body");
        const scope = body === undefined ? undefined : walk.inst.scopes.get(body);
        if (scope !== undefined) {
            walk.scope = scope;
        }
        visitRest(walk, node);
    });
    return UNKNOWN;
};

const visitParameters: Handler = (walk, node) => {
    const bound = new Map<string, number>();
    for (const child of walk.tree.childrenOf(node)) {
        switch (walk.kind(child)) {
            case KIND.parameter:
                visitParameter(walk, child, bound);
                break;
            case KIND.self_parameter:
                walk.visitChildren(child);
                defineSelf(walk, child, receiverType(walk, child));
                break;
            default:
                walk.visit(child);
        }
    }
    return UNKNOWN;
};

function visitParameter(walk: Walk, node: number, bound: Map<string, number>): void {
    const typeNode = walk.tree.findChild(node, "type");
    const pattern = walk.tree.findChild(node, "pattern");
    walk.visitMaybe(typeNode);
    const lowered = lowerType(walk.semantics, typeNode, walk.typeContext());
    const ty = walk.solver.normalize(lowered);
    if (pattern === undefined) {
        return;
    }
    if (walk.kind(pattern) === KIND.self) {
        defineSelf(walk, pattern, ty);
    } else {
        visitPattern(walk, pattern, ty, { kind: "parameter", bound, irrefutable: true });
    }
}

function receiverType(walk: Walk, node: number): Ty {
    const isReference = walk.tree.columns.start[node + 1] !== walk.tree.columns.start[node];
    const mutable = walk.tree.hasFlag(node, FLAG.mut);
    return isReference ? refTo(walk.self, mutable) : walk.self;
}

/** The receiver is a local named `self`, so that its type is found; it has no occurrences. */
function defineSelf(walk: Walk, node: number, ty: Ty): void {
    const name = walk.kind(node) === KIND.self ? node : (walk.tree.findKind(node, "self") ?? node);
    walk.define(name, "parameter", { class: CLASS.value, ty });
}

const visitTypeParameters: Handler = (walk, node) => {
    const children = walk.tree.childrenOf(node);
    for (const child of children) {
        defineParameter(walk, child);
    }
    for (const child of children) {
        const name = walk.tree.findChild(child, "name");
        for (const part of walk.tree.childrenOf(child)) {
            if (part !== name) {
                walk.visit(part);
            }
        }
    }
    return UNKNOWN;
};

function defineParameter(walk: Walk, node: number): void {
    const name = walk.tree.findChild(node, "name");
    const owner = walk.owners[0] ?? -1;
    switch (walk.kind(node)) {
        case KIND.lifetime_parameter: {
            const token = name === undefined ? node : walk.nameNodeOf(name);
            const local = walk.define(token, "lifetime", { class: CLASS.lifetime });
            walk.recordLocal(token, "definition", local);
            return;
        }
        case KIND.lifetime: {
            const local = walk.define(node + 1, "lifetime", { class: CLASS.lifetime });
            walk.recordLocal(node + 1, "definition", local);
            return;
        }
        case KIND.type_parameter:
        case KIND.type_identifier: {
            const token = name ?? node;
            const ty: Ty = { k: "param", owner, name: walk.tree.nameOf(token) };
            const local = walk.define(token, "type-parameter", { class: CLASS.type, ty });
            walk.recordLocal(token, "definition", local);
            return;
        }
        case KIND.const_parameter: {
            if (name !== undefined) {
                const local = walk.define(name, "const-parameter", { class: CLASS.value });
                walk.recordLocal(name, "definition", local);
            }
            return;
        }
        default:
    }
}

/** `for<'a>`: the lifetimes are in scope for what follows in the same parent. */
const visitForLifetimes: Handler = (walk, node) => {
    for (const child of walk.tree.childrenOf(node)) {
        defineParameter(walk, child);
    }
    return UNKNOWN;
};

/** Types with a binder of their own: its lifetimes end with the type. */
const visitBinder: Handler = (walk, node) => {
    const mark = walk.enter();
    walk.visitChildren(node);
    walk.leave(mark, node);
    return UNKNOWN;
};

const visitLifetime: Handler = (walk, node) => {
    const token = walk.nameNodeOf(node);
    const name = walk.tree.nameOf(token);
    if (name === "static" || name === "_" || name === "") {
        return UNKNOWN;
    }
    const local = walk.findLocal(name, CLASS.lifetime);
    if (local === undefined) {
        walk.recordUnknown(token, "lifetime", "no such lifetime in scope");
    } else {
        walk.recordLocal(token, "lifetime", local);
    }
    return UNKNOWN;
};

const visitTypePath: Handler = (walk, node) => {
    visitPath(walk, node, NS.type, "type");
    return UNKNOWN;
};

/** `Item = T` in a bound: an associated type of the trait before it. */
const visitTypeBinding: Handler = (walk, node) => {
    const name = walk.tree.findChild(node, "name");
    if (name !== undefined) {
        const list = walk.tree.columns.parent[node] ?? 0;
        const generic = walk.tree.columns.parent[list] ?? 0;
        const base = walk.tree.findChild(generic, "type");
        const ty =
            base === undefined ? UNKNOWN : lowerType(walk.semantics, base, walk.typeContext());
        const trait = ty.k === "bound" ? ty.traits[0]?.symbol : undefined;
        if (trait !== undefined && walk.program.symbolAt(trait).external === "") {
            walk.record(name, "type", walk.members.traitItem(trait, walk.tree.nameOf(name)));
        } else if (ty.k === "external" || trait !== undefined) {
            const symbols = [walk.program.external(`_::${walk.tree.nameOf(name)}`)];
            walk.record(name, "type", { symbols, alias: false });
        } else {
            walk.recordUnknown(name, "type", "the trait is not resolved");
        }
    }
    for (const child of walk.tree.childrenOf(node)) {
        if (child !== name) {
            walk.visit(child);
        }
    }
    return UNKNOWN;
};

const visitVisibility: Handler = (walk, node) => {
    for (const child of walk.tree.childrenOf(node)) {
        if (walk.kind(child) === KIND.identifier || walk.kind(child) === KIND.scoped_identifier) {
            visitPath(walk, child, NS.type, "visibility");
        }
    }
    return UNKNOWN;
};

/** The name of a primitive type, which a type of the workspace, or a type parameter, may have, too. */
const visitPrimitive: Handler = (walk, node) => {
    const name = walk.tree.nameOf(node);
    if (walk.isLocalAround(name, CLASS.type)) {
        const meaning = walk.lookupName(name, NS.type, true);
        if ("local" in meaning) {
            walk.recordLocal(node, "type", meaning.local);
        } else if (!isFound(meaning) || meaning.builtin === undefined) {
            walk.record(node, "type", meaning);
        }
        return UNKNOWN;
    }
    const found = lookupHiding(walk.program, walk.scope, name);
    if (found !== undefined) {
        walk.record(node, "type", found);
    }
    return UNKNOWN;
};

/** A name in a `use` declaration: its last segment may mean something in each name space. */
const visitUse: Handler = (walk, node) => {
    const use = walk.useOfNode.get(node);
    for (const child of walk.tree.childrenOf(node)) {
        if (walk.kind(child) === KIND.visibility_modifier) {
            walk.visit(child);
        }
    }
    for (const leaf of use?.leaves ?? []) {
        visitLeaf(walk, use?.externCrate === true, leaf);
    }
    return UNKNOWN;
};

function visitLeaf(walk: Walk, isExternCrate: boolean, leaf: UseLeaf): void {
    const meanings = importMeanings(walk.program, walk.inst, leaf);
    leaf.nodes.forEach((segment, i) => {
        if (segment === -1 || isKeyword(walk, segment)) {
            return;
        }
        const isLast = i === leaf.nodes.length - 1 && !leaf.glob && !leaf.isSelf;
        const role = isLast || isExternCrate ? "import" : "module";
        if (i === 0 && !isExternCrate && isLocalAround(walk, leaf)) {
            walk.recordUnknown(segment, role, "an import cannot refer to a local");
            return;
        }
        recordImported(walk, segment, role, meanings[i]);
    });
    if (leaf.aliasNode !== -1 && walk.tree.nameOf(leaf.aliasNode) !== "_") {
        recordImported(walk, leaf.aliasNode, "import-alias", meanings[meanings.length - 1]);
    }
}

/**
 * Whether an import in a block begins with the name of a local or a generic parameter: rustc refuses it, whatever
 * else the name means, and also where an item lies between the two.
 */
function isLocalAround(walk: Walk, leaf: UseLeaf): boolean {
    const [name = ""] = leaf.path;
    if (leaf.global || walk.inst.crate.edition === "2015") {
        return false;
    }
    const isAlone = leaf.path.length === 1 && !leaf.glob && !leaf.isSelf;
    return (
        walk.isLocalAround(name, CLASS.type) || (isAlone && walk.isLocalAround(name, CLASS.value))
    );
}

function isKeyword(walk: Walk, node: number): boolean {
    const kind = walk.kind(node);
    return kind === KIND.crate || kind === KIND.self || kind === KIND.super;
}

function recordImported(
    walk: Walk,
    node: number,
    role: "import" | "module" | "import-alias",
    found: Found | undefined,
): void {
    if (found === undefined || found.symbols.length === 0) {
        walk.recordUnknown(node, role, "the import is not resolved");
        return;
    }
    const alias = role === "import-alias" || found.alias;
    walk.record(node, role, { symbols: [...new Set(found.symbols)], alias });
}

/** Handlers of items, generics and types, by node kind. */
export const ITEM_HANDLERS: readonly (readonly [number, Handler])[] = [
    [KIND.mod_item, visitModule],
    [KIND.function_item, visitFunction],
    [KIND.function_signature_item, visitPlainItem],
    [KIND.struct_item, visitPlainItem],
    [KIND.enum_item, visitPlainItem],
    [KIND.union_item, visitPlainItem],
    [KIND.trait_item, visitPlainItem],
    [KIND.impl_item, visitPlainItem],
    [KIND.const_item, visitConstant],
    [KIND.static_item, visitConstant],
    [KIND.type_item, visitPlainItem],
    [KIND.associated_type, visitPlainItem],
    [KIND.enum_variant, visitPlainItem],
    [KIND.field_declaration, visitPlainItem],
    [KIND.parameters, visitParameters],
    [KIND.type_parameters, visitTypeParameters],
    [KIND.for_lifetimes, visitForLifetimes],
    [KIND.function_type, visitBinder],
    [KIND.where_predicate, visitBinder],
    [KIND.bounded_type, visitBinder],
    [KIND.abstract_type, visitBinder],
    [KIND.dynamic_type, visitBinder],
    [KIND.lifetime, visitLifetime],
    [KIND.type_identifier, visitTypePath],
    [KIND.scoped_type_identifier, visitTypePath],
    [KIND.generic_type, visitTypePath],
    [KIND.generic_type_with_turbofish, visitTypePath],
    [KIND.type_binding, visitTypeBinding],
    [KIND.visibility_modifier, visitVisibility],
    [KIND.primitive_type, visitPrimitive],
    [KIND.use_declaration, visitUse],
    [KIND.extern_crate_declaration, visitUse],
];
