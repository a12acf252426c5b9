// Definitions of a HIR dump: path, kind and name token of items, their members and generic parameters.

import { childNode, childText, child, itemNode, itemText, type DebugNode } from "./debug-tree.ts";
import { ownText, parseDefId, parseIdent, type DumpIdent } from "./dump-words.ts";
import type { HirScope } from "./hir-scope.ts";
import { isInDerive } from "./macro-bodies.ts";
import { structOfType } from "./open-sites.ts";
import { fieldName, firstNamed, itemName, lifetimeName, type PickToken } from "./pick-token.ts";
import type { SourceSpan } from "./source-files.ts";

const MEMBER_KINDS: Readonly<Record<string, string>> = {
    Fn: "AssocFn",
    Const: "AssocConst",
    Type: "AssocTy",
};

const PARAMETER_KINDS: Readonly<Record<string, string>> = {
    Lifetime: "LifetimeParam",
    Type: "TyParam",
    Const: "ConstParam",
};

/**
 * True for what a derive has made. It copies generic parameters and types with their places, which name
 * other things there; so of these owners nothing is kept but that they are.
 */
export function readDerived(reader: HirScope, path: string, wrapper: DebugNode): boolean {
    const item = wrapper.keys === undefined ? itemNode(wrapper, 0) : wrapper;
    const printed = item === undefined ? undefined : childText(item, "span");
    const span = reader.collector.files.span(printed);
    if (item === undefined || printed === undefined || span === undefined || span.context === 0) {
        return false;
    }
    const { tokens } = reader.collector.files.file(span.file);
    if (!isInDerive(tokens, tokens.at(span.start))) {
        return false;
    }
    const kind = child(item, "kind");
    const word = typeof kind === "object" ? kind.name : (kind ?? "");
    if (wrapper.name === "Item" && word === "Impl") {
        reader.collector.addImpl(printed, path);
    }
    const isMember = wrapper.name !== "Item";
    reader.collector.define(path, isMember ? (MEMBER_KINDS[word] ?? word) : word, undefined);
    return true;
}

/** Reads the definition that an owner is; gives its span when it was written in the source. */
export function readOwnerDefinition(
    reader: HirScope,
    path: string,
    wrapper: DebugNode,
    enclosing: SourceSpan | undefined,
): SourceSpan | undefined {
    const item = wrapper.keys === undefined ? itemNode(wrapper, 0) : wrapper;
    if (item === undefined) {
        return undefined;
    }
    if (wrapper.name === "Crate") {
        reader.collector.define(path, "Mod", undefined);
        return moduleSpan(reader, path, item);
    }
    const span = childText(item, "span");
    const kind = childNode(item, "kind");
    const kindName = kind?.name ?? childText(item, "kind") ?? "";
    const at = span?.endsWith("(#0)") === true ? reader.collector.files.span(span) : undefined;
    if (at !== undefined) {
        reader.itemSpans.set(ownText(path), at);
    }
    if (wrapper.name === "Item") {
        if (kind !== undefined && span !== undefined) {
            readItem(reader, { path, kind, span }, enclosing);
        }
    } else {
        const ident = parseIdent(childText(item, "ident"));
        const member =
            wrapper.name === "ForeignItem"
                ? kindName === "Type"
                    ? "ForeignTy"
                    : kindName
                : (MEMBER_KINDS[kindName] ?? kindName);
        define(reader, { path, kind: member, ident, span, pick: itemName }, enclosing);
    }
    return at;
}

function readItem(
    reader: HirScope,
    item: { readonly path: string; readonly kind: DebugNode; readonly span: string },
    enclosing: SourceSpan | undefined,
): void {
    const { path, kind, span } = item;
    switch (kind.name) {
        case "Use":
        case "ExternCrate":
        case "ForeignMod":
        case "GlobalAsm":
            return;
        case "Impl":
            readImpl(reader, path, kind, span);
            return;
        case "Mod":
            moduleSpan(reader, path, itemNode(kind, 1));
            break;
        case "TyAlias": {
            const alias = structOfType(
                kind.items.filter((each) => typeof each === "object").at(-1),
            );
            if (alias !== undefined) {
                reader.sites.aliases.set(ownText(path), alias);
            }
            break;
        }
    }
    const text =
        kind.keys === undefined
            ? kind.items.find((each) => typeof each === "string" && each.includes("#"))
            : childText(kind, "ident");
    const ident = parseIdent(typeof text === "string" ? text : undefined);
    define(reader, { path, kind: kind.name, ident, span, pick: itemName }, enclosing);
}

function moduleSpan(
    reader: HirScope,
    path: string,
    module: DebugNode | undefined,
): SourceSpan | undefined {
    const spans = module === undefined ? undefined : childNode(module, "spans");
    const inner = spans === undefined ? undefined : childText(spans, "inner_span");
    const at = inner?.endsWith("(#0)") === true ? reader.collector.files.span(inner) : undefined;
    if (at !== undefined) {
        reader.itemSpans.set(ownText(path), at);
    }
    return at;
}

/** An impl has no name; its place is its header. */
function readImpl(reader: HirScope, path: string, kind: DebugNode, span: string): void {
    const { collector } = reader;
    collector.addImpl(span, path);
    const impl = itemNode(kind, 0);
    const self = impl === undefined ? undefined : childNode(impl, "self_ty");
    if (impl !== undefined) {
        reader.projections.addImpl(path, impl);
    }
    const struct = structOfType(self);
    if (struct !== undefined) {
        reader.sites.aliases.set(ownText(path), struct);
    }
    const at = span.endsWith("(#0)") ? collector.files.span(span) : undefined;
    const selfSpan = self === undefined ? undefined : childText(self, "span");
    const end = collector.files.span(selfSpan);
    const isWhole = at !== undefined && end?.file === at.file && end.end <= at.end;
    collector.define(path, "Impl", isWhole ? { ...at, end: end.end } : undefined);
}

/** Reads a field, variant or generic parameter. */
export function readMemberDefinition(
    reader: HirScope,
    node: DebugNode,
    enclosing: SourceSpan | undefined,
): void {
    const path = parseDefId(childText(node, "def_id"));
    const span = childText(node, "span");
    if (path === undefined) {
        return;
    }
    if (node.name === "GenericParam") {
        const plain = childNode(node, "name");
        const ident = parseIdent(plain?.name === "Plain" ? itemText(plain, 0) : undefined);
        const kind = child(node, "kind");
        const word = typeof kind === "object" ? kind.name : (kind ?? "");
        if (ident !== undefined) {
            const pick = word === "Lifetime" ? lifetimeName : firstNamed;
            const parameter = PARAMETER_KINDS[word] ?? word;
            define(reader, { path, kind: parameter, ident, span, pick }, enclosing);
        }
        return;
    }
    const ident = parseIdent(childText(node, "ident"));
    const pick = node.name === "FieldDef" ? fieldName : firstNamed;
    const kind = node.name === "FieldDef" ? "Field" : node.name;
    define(reader, { path, kind, ident, span, pick }, enclosing);
}

function define(
    reader: HirScope,
    definition: {
        readonly path: string;
        readonly kind: string;
        readonly ident: DumpIdent | undefined;
        readonly span: string | undefined;
        readonly pick: PickToken;
    },
    enclosing: SourceSpan | undefined,
): void {
    const { path, kind, ident, span } = definition;
    const { collector } = reader;
    if (ident === undefined || span === undefined) {
        // A tuple field: a definition without a name of its own.
        collector.define(path, kind, undefined);
        return;
    }
    const found = reader.places.find(ident, span, enclosing, definition.pick);
    collector.define(path, kind, found?.at);
    if (found !== undefined) {
        const target = collector.target("definition", path);
        collector.use(ident.name, { ...found, role: "definition", target });
    }
}
