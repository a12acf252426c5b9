// What HIR names without saying what it is: methods, fields, `Type::name`, fields of literals and patterns.
// THIR knows them by the same ids or spans; what it does not settle is left out.

import type { FactRole } from "../facts.ts";
import { child, childNode, childText, itemNode, itemText, type DebugNode } from "./debug-tree.ts";
import { ownText, parentPath, parseDefId, parseIdent, withoutConstructor } from "./dump-words.ts";
import type { SourceSpan } from "./source-files.ts";

/** The struct or variant that a literal or pattern is of. */
export interface StructRef {
    readonly kind: "struct" | "variant" | "alias" | "relative";
    /** DefPath of struct, variant or alias (an impl for `Self`); the last name of `Type::name`. */
    readonly path: string;
}

/** A method call: its token is found once THIR has given the name's own span. */
export interface MethodSite {
    readonly name: string;
    readonly context: number;
    readonly span: string;
    readonly enclosing: SourceSpan | undefined;
    /** Id of the receiver's expression. */
    readonly receiver: string;
}

/** A field access. */
export interface FieldSite {
    readonly name: string;
    readonly at: SourceSpan;
    readonly flags: number;
    readonly receiver: string;
}

/** The last name of `Type::name` in an expression or pattern. */
export interface ValueSite {
    readonly name: string;
    readonly at: SourceSpan;
    readonly flags: number;
    readonly role: FactRole;
}

/** A field of a struct literal or pattern. */
export interface MemberSite {
    readonly name: string;
    readonly at: SourceSpan;
    readonly flags: number;
    readonly role: "literal-field" | "pattern-field";
    /** Id of the literal, or printed span of the pattern. */
    readonly owner: string;
    readonly struct: StructRef | undefined;
}

/** All that waits for THIR. */
export class OpenSites {
    readonly methods = new Map<string, MethodSite>();
    readonly fields = new Map<string, FieldSite>();
    readonly values = new Map<string, ValueSite>();
    readonly patterns = new Map<string, ValueSite>();
    /** From the id of a call to the id of the `Type::name` that it calls. */
    readonly calls = new Map<string, string>();
    readonly members: MemberSite[] = [];
    /** What stands behind `Self` of an impl, and behind a type alias. */
    readonly aliases = new Map<string, StructRef>();
    /** Tokens that are two uses at once, as `file:start`. */
    readonly shorthand = new Set<string>();
    /** Structs that HIR knows at an id or span where THIR prints the type. */
    readonly learned = new Map<string, StructRef>();
    /** Printed types of literals and patterns whose struct HIR does not name, by id or span. */
    readonly printed = new Map<string, string>();

    memberField(site: MemberSite): void {
        this.members.push(site);
        const { struct } = site;
        if (struct === undefined || struct.kind === "alias" || struct.kind === "relative") {
            this.printed.set(site.owner, "");
        } else {
            this.learned.set(site.owner, struct);
        }
    }

    learn(key: string, struct: StructRef): void {
        this.learned.set(key, struct);
    }

    /** Follows aliases to a struct or variant. */
    resolveStruct(struct: StructRef | undefined): StructRef | undefined {
        let at = struct;
        for (let steps = 0; at?.kind === "alias" && steps < 16; steps += 1) {
            at = this.aliases.get(at.path);
        }
        return at?.kind === "struct" || at?.kind === "variant" ? at : undefined;
    }
}

/** What a path in front of a literal's braces, or of a pattern's, names. */
export function structOf(path: DebugNode | undefined): StructRef | undefined {
    if (path?.name === "TypeRelative") {
        const segment = itemNode(path, 1);
        const ident = parseIdent(segment === undefined ? undefined : childText(segment, "ident"));
        return ident === undefined ? undefined : { kind: "relative", path: ownText(ident.name) };
    }
    const inner = path?.name === "Resolved" ? itemNode(path, 1) : undefined;
    const res = inner === undefined ? undefined : childNode(inner, "res");
    if (res?.name === "SelfTyAlias") {
        const alias = parseDefId(childText(res, "alias_to"));
        return alias === undefined ? undefined : { kind: "alias", path: ownText(alias) };
    }
    const target = res?.name === "Def" ? parseDefId(itemText(res, 1)) : undefined;
    if (res === undefined || target === undefined) {
        return undefined;
    }
    const constructor = itemNode(res, 0);
    const kind = constructor === undefined ? itemText(res, 0) : itemText(constructor, 0);
    const known: Readonly<Record<string, StructRef["kind"]>> = {
        Struct: "struct",
        Union: "struct",
        Enum: "struct",
        Variant: "variant",
        TyAlias: "alias",
    };
    const found = known[kind ?? ""];
    return found === undefined
        ? undefined
        : { kind: found, path: ownText(withoutConstructor(target)) };
}

/** What a type in an impl's header or behind an alias names. */
export function structOfType(type: DebugNode | undefined): StructRef | undefined {
    const kind = type === undefined ? undefined : child(type, "kind");
    return typeof kind === "object" && kind.name === "Path"
        ? structOf(itemNode(kind, 0))
        : undefined;
}

/** DefPath of the type that a struct or variant belongs to. */
export function typePath(struct: StructRef): string {
    return struct.kind === "variant" ? (parentPath(struct.path) ?? struct.path) : struct.path;
}
