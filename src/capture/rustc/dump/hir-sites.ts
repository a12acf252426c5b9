// What HIR names but does not resolve, as sites for THIR: methods, fields, `Type::name`, and the fields of
// literals and patterns.

import { FACT_FLAG } from "../facts.ts";
import { child, childNode, childText, itemNode, itemText, type DebugNode } from "./debug-tree.ts";
import { ownText, parseHirId, parseIdent } from "./dump-words.ts";
import { segmentOf } from "./hir-paths.ts";
import type { HirContext, HirScope } from "./hir-scope.ts";
import { structOf } from "./open-sites.ts";
import { accessedField, firstNamed } from "./pick-token.ts";

/** A field in a struct literal or pattern: its struct is known from the path, or by THIR. */
export function addMemberField(
    reader: HirScope,
    field: DebugNode,
    path: DebugNode | undefined,
    about: {
        readonly context: HirContext;
        readonly owner: string;
        readonly role: "literal-field" | "pattern-field";
    },
): void {
    const ident = parseIdent(childText(field, "ident"));
    const span = childText(field, "span");
    if (ident === undefined || span === undefined) {
        return;
    }
    const { enclosing } = about.context;
    const found = reader.places.find(ident, span, enclosing, firstNamed);
    if (found === undefined) {
        return;
    }
    const shorthand = childText(field, "is_shorthand") === "true";
    const flags = found.flags | (shorthand ? FACT_FLAG.shorthand : 0);
    if (shorthand) {
        reader.sites.shorthand.add(`${found.at.file}:${found.at.start}`);
    }
    reader.sites.memberField({
        name: ident.name,
        at: found.at,
        flags,
        role: about.role,
        owner: ownText(about.owner),
        struct: structOf(path),
    });
}

/** `Self::Variant(…)` is one literal in THIR, by the call's id and not the path's. */
export function addConstructorCall(
    reader: HirScope,
    callee: DebugNode | undefined,
    id: string,
): void {
    const path = callee === undefined ? undefined : childNode(callee, "kind");
    const relative = path?.name === "Path" ? itemNode(path, 0) : undefined;
    const calleeId = parseHirId(callee === undefined ? undefined : childText(callee, "hir_id"));
    if (relative?.name === "TypeRelative" && calleeId !== undefined) {
        reader.sites.calls.set(ownText(id), ownText(calleeId));
    }
}

export function addMethod(
    reader: HirScope,
    kind: DebugNode,
    id: string,
    context: HirContext,
): void {
    const segment = itemNode(kind, 0);
    const receiver = itemNode(kind, 1);
    const span = itemText(kind, 3);
    const ident = parseIdent(segment === undefined ? undefined : childText(segment, "ident"));
    if (ident !== undefined && span !== undefined) {
        reader.sites.methods.set(ownText(id), {
            name: ident.name,
            context: ident.context,
            span: ownText(span),
            enclosing: context.enclosing,
            receiver: ownText(parseHirId(receiver && childText(receiver, "hir_id")) ?? ""),
        });
    }
    reader.walk(segment === undefined ? undefined : child(segment, "args"), context);
    reader.walk(receiver, context);
    reader.walk(kind.items[2], context);
}

export function addField(
    reader: HirScope,
    kind: DebugNode,
    expression: { readonly id: string; readonly span: string },
    context: HirContext,
): void {
    const { id, span } = expression;
    const receiver = itemNode(kind, 0);
    const ident = parseIdent(itemText(kind, 1));
    if (ident === undefined) {
        return;
    }
    const found = reader.places.find(ident, span, context.enclosing, accessedField);
    if (found !== undefined) {
        reader.sites.fields.set(ownText(id), {
            name: ident.name,
            ...found,
            receiver: ownText(parseHirId(receiver && childText(receiver, "hir_id")) ?? ""),
        });
    }
}

/** The last segment of `Type::name`, which HIR does not resolve. */
export function addOpenPath(
    reader: HirScope,
    path: DebugNode | undefined,
    about: {
        readonly key: string;
        readonly span: string;
        readonly context: HirContext;
        readonly table: "values" | "patterns";
    },
): void {
    const segment = path?.name === "TypeRelative" ? itemNode(path, 1) : undefined;
    const ident = parseIdent(segment === undefined ? undefined : childText(segment, "ident"));
    if (path === undefined || ident === undefined) {
        if (about.table === "patterns" && path?.name === "Resolved") {
            learnStruct(reader, path, about.key);
        }
        return;
    }
    const span = path.items.length > 0 ? about.span : undefined;
    const found =
        span === undefined
            ? undefined
            : reader.places.find(
                  ident,
                  span,
                  about.context.enclosing,
                  segmentOf([ident.name], 0, false),
              );
    if (found !== undefined) {
        reader.sites[about.table].set(about.key, {
            name: ident.name,
            ...found,
            role: about.context.role,
        });
    }
}

/** Remembers where HIR knows a type that THIR prints. */
export function learnStruct(reader: HirScope, path: DebugNode, key: string): void {
    const struct = structOf(path);
    if (struct?.kind === "struct" || struct?.kind === "variant") {
        reader.sites.learn(key, struct);
    }
}
