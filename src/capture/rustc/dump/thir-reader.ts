// Reads a THIR dump body by body and settles what HIR left open. Expressions carry the HIR id that they
// were made from (`temp_scope_id` within the owner that the body's scopes name), patterns their span.

import { checkCancelled } from "../../../base/index.ts";
import type { FactRole } from "../facts.ts";
import {
    child,
    childNode,
    childText,
    DebugTextError,
    itemNode,
    itemText,
    parseDebug,
    type DebugNode,
    type DebugValue,
} from "./debug-tree.ts";
import { readEntries, type DumpStream, type ReadLimits } from "./dump-entries.ts";
import { ownText, parseDefId, parseHirId, withoutConstructor } from "./dump-words.ts";
import type { FactCollector } from "./fact-collector.ts";
import {
    typePath,
    type FieldSite,
    type MemberSite,
    type OpenSites,
    type ValueSite,
} from "./open-sites.ts";
import { firstToken } from "./pick-token.ts";
import { PlaceFinder } from "./place-finder.ts";
import type { SourceSpan } from "./source-files.ts";
import { TypePaths } from "./type-paths.ts";

const PASS = {
    keys: new Set(["user_ty", "region_scope"]),
    names: new Set(["Literal", "Canonical"]),
};

/** Reads a whole THIR dump, then closes the sites. */
export async function readThir(
    stream: DumpStream,
    collector: FactCollector,
    sites: OpenSites,
    limits: ReadLimits,
): Promise<void> {
    const reader = new ThirReader(collector, sites);
    for await (const entry of readEntries(stream, limits.entryBytesMax)) {
        checkCancelled(limits.signal);
        if (entry.text === undefined) {
            collector.drop("giant");
            continue;
        }
        try {
            reader.readBody(entry.text);
        } catch (error) {
            if (!(error instanceof DebugTextError)) {
                throw error;
            }
            collector.drop("malformed");
        }
    }
    reader.finish();
}

/** A field access whose struct is known by its printed type until all is read. */
interface TypedField {
    readonly site: FieldSite;
    readonly type: string;
    readonly receiver: number;
}

/** Expressions of one body. */
interface Body {
    readonly expressions: readonly (DebugNode | undefined)[];
    /** DefPath of the owner that local ids belong to. */
    readonly owner: string;
    /** Scope expression of a HIR id. */
    readonly scopes: ReadonlyMap<string, number>;
}

/** Reads bodies; settles what needs the whole crate in `finish`. */
export class ThirReader {
    readonly #collector: FactCollector;
    readonly #sites: OpenSites;
    readonly #places: PlaceFinder;
    readonly #types: TypePaths;
    readonly #fields: TypedField[] = [];
    readonly #variants: { readonly site: ValueSite; readonly type: string }[] = [];

    constructor(collector: FactCollector, sites: OpenSites) {
        this.#collector = collector;
        this.#sites = sites;
        this.#places = new PlaceFinder(collector);
        this.#types = new TypePaths(collector);
    }

    readBody(text: string): void {
        const start = text.indexOf("\nThir {\n") + 1;
        if (start === 0) {
            // Bodies that could not be built are one line.
            if (text.trim() !== "") {
                throw new DebugTextError("no body");
            }
            return;
        }
        const root = parseDebug(text, start, PASS);
        const list = childNode(root, "exprs")?.items ?? [];
        const body = bodyOf(list.map((each) => (typeof each === "object" ? each : undefined)));
        if (body !== undefined) {
            body.expressions.forEach((expression) => {
                if (expression !== undefined) {
                    this.#expression(body, expression);
                }
            });
        }
        for (const key of ["arms", "stmts", "exprs", "params"]) {
            this.#patterns(child(root, key));
        }
    }

    finish(): void {
        for (const { site, type, receiver } of this.#fields) {
            this.#member(this.#types.find(type), site, { role: "field", receiver });
        }
        for (const { site, type } of this.#variants) {
            const path = this.#types.find(type);
            const variant =
                path === undefined
                    ? undefined
                    : this.#collector.memberPath(path, site.name, "Variant");
            if (variant !== undefined) {
                this.#addValue(site, variant);
            } else {
                this.#collector.drop("field-type");
            }
        }
        for (const site of this.#sites.members) {
            this.#member(this.#structPath(site), site, { role: site.role, receiver: 0 });
        }
        const { methods, fields, values, patterns } = this.#sites;
        for (const open of [methods, fields, values, patterns]) {
            for (let left = open.size; left > 0; left -= 1) {
                this.#collector.drop("unresolved");
            }
        }
    }

    /** The struct or variant of a literal or pattern: HIR knows it, or THIR has printed its type. */
    #structPath(site: MemberSite): string | undefined {
        const known = this.#sites.resolveStruct(site.struct);
        if (known !== undefined) {
            return known.path;
        }
        const printed = this.#sites.printed.get(site.owner) ?? "";
        const type = printed === "" ? undefined : this.#types.find(printed);
        return type !== undefined && site.struct?.kind === "relative"
            ? this.#collector.memberPath(type, site.struct.path, "Variant")
            : type;
    }

    #member(
        parent: string | undefined,
        site: { readonly name: string; readonly at: SourceSpan; readonly flags: number },
        use: { readonly role: FactRole; readonly receiver: number },
    ): void {
        const { name, at, flags } = site;
        const path =
            parent === undefined ? undefined : this.#collector.memberPath(parent, name, "Field");
        if (path === undefined) {
            this.#collector.drop("field-type");
            return;
        }
        const target = this.#collector.target("definition", path);
        this.#collector.use(name, { at, flags, target, ...use });
    }

    #expression(body: Body, expression: DebugNode): void {
        const kind = childNode(expression, "kind");
        const local = childText(expression, "temp_scope_id");
        if (kind === undefined || local === undefined) {
            return;
        }
        const id = `${body.owner}.${local}`;
        switch (kind.name) {
            case "ZstLiteral": {
                const type = childNode(expression, "ty");
                const path = type?.name === "FnDef" ? parseDefId(itemText(type, 0)) : undefined;
                if (path !== undefined) {
                    this.#method(body, id, path, childText(expression, "span") ?? "");
                    this.#value(id, path);
                }
                break;
            }
            case "NamedConst":
            case "StaticRef":
            case "ConstParam":
                this.#value(id, parseDefId(childText(kind, "def_id")));
                break;
            case "Adt":
                this.#literal(id, itemNode(kind, 0));
                break;
            case "Field":
                this.#field(body, id, kind);
                break;
        }
    }

    #method(body: Body, id: string, path: string, span: string): void {
        const site = this.#sites.methods.get(id);
        if (site === undefined) {
            return;
        }
        this.#sites.methods.delete(id);
        const ident = { name: site.name, context: site.context };
        const found = this.#places.find(ident, span, site.enclosing, firstToken);
        if (found !== undefined) {
            const target = this.#collector.target("definition", path);
            const receiver = this.#receiver(body, site.receiver);
            this.#collector.use(site.name, { ...found, role: "method", target, receiver });
        }
    }

    #value(id: string, path: string | undefined): void {
        const site = this.#sites.values.get(id);
        if (site !== undefined && path !== undefined) {
            this.#sites.values.delete(id);
            this.#addValue(site, withoutConstructor(path));
        }
    }

    #addValue(site: ValueSite, path: string): void {
        const target = this.#collector.target("definition", path);
        this.#collector.use(site.name, {
            at: site.at,
            flags: site.flags,
            role: site.role,
            target,
        });
    }

    /** A struct literal, a unit variant, or the call of a constructor. */
    #literal(id: string, literal: DebugNode | undefined): void {
        const type = literal === undefined ? undefined : childText(literal, "adt_def");
        if (type === undefined) {
            return;
        }
        this.#printedType(id, type);
        for (const key of [id, this.#sites.calls.get(id)]) {
            const site = key === undefined ? undefined : this.#sites.values.get(key);
            if (key !== undefined && site !== undefined) {
                this.#sites.values.delete(key);
                this.#variants.push({ site, type: ownText(type) });
            }
        }
    }

    /** A printed type where HIR knows the struct, or wants to know it. */
    #printedType(key: string, type: string): void {
        const learned = this.#sites.learned.get(key);
        if (learned !== undefined) {
            this.#types.learn(type, typePath(learned));
        }
        if (this.#sites.printed.has(key)) {
            this.#sites.printed.set(key, ownText(type));
        }
    }

    #field(body: Body, id: string, kind: DebugNode): void {
        const site = this.#sites.fields.get(id);
        const lhs = body.expressions[expressionIndex(childText(kind, "lhs"))];
        const type = lhs === undefined ? undefined : childText(lhs, "ty");
        if (site === undefined) {
            return;
        }
        this.#sites.fields.delete(id);
        if (type === undefined) {
            this.#collector.drop("field-type");
            return;
        }
        const receiver = this.#receiver(body, site.receiver);
        this.#fields.push({ site, type: ownText(type), receiver });
    }

    /** The type of a receiver before it was adjusted, as index into the types. */
    #receiver(body: Body, id: string): number {
        const scope = body.scopes.get(id);
        const expression = scope === undefined ? undefined : body.expressions[scope];
        let at = expression === undefined ? -1 : valueOf(expression, "value");
        for (let next = at; next >= 0; next = adjustedOf(body, next, id)) {
            at = next;
        }
        const type = at < 0 ? undefined : child(body.expressions[at] ?? EMPTY, "ty");
        return this.#collector.type(typeof type === "object" ? printedNode(type) : type);
    }

    #patterns(value: DebugValue): void {
        if (typeof value !== "object") {
            return;
        }
        if (value.name === "Pat" && value.keys !== undefined) {
            this.#pattern(value);
        }
        for (const item of value.items) {
            if (typeof item === "object") {
                this.#patterns(item);
            }
        }
    }

    #pattern(pattern: DebugNode): void {
        const span = childText(pattern, "span");
        const kind = child(pattern, "kind");
        const name = typeof kind === "object" ? kind.name : (kind ?? "");
        if (span === undefined) {
            return;
        }
        const variant = typeof kind === "object" ? childText(kind, "adt_def") : undefined;
        if (name === "Leaf" || variant !== undefined) {
            this.#printedType(span, variant ?? childText(pattern, "ty") ?? "");
        }
        const site = this.#sites.patterns.get(span);
        if (site === undefined) {
            return;
        }
        const extra = childNode(pattern, "extra");
        const inner = extra === undefined ? undefined : itemNode(extra, 0);
        const constant = inner === undefined ? undefined : childNode(inner, "expanded_const");
        const path = parseDefId(constant === undefined ? undefined : itemText(constant, 0));
        if (path !== undefined) {
            this.#sites.patterns.delete(span);
            this.#addValue(site, path);
        } else if (variant !== undefined) {
            this.#sites.patterns.delete(span);
            this.#variants.push({ site, type: ownText(variant) });
        }
    }
}

const EMPTY: DebugNode = { name: "", keys: [], items: [] };

function bodyOf(expressions: readonly (DebugNode | undefined)[]): Body | undefined {
    const scopes = new Map<string, number>();
    let owner: string | undefined;
    expressions.forEach((expression, index) => {
        const kind = expression === undefined ? undefined : childNode(expression, "kind");
        const id = kind?.name === "Scope" ? parseHirId(childText(kind, "hir_id")) : undefined;
        if (id !== undefined) {
            owner ??= id.slice(0, id.lastIndexOf("."));
            scopes.set(id, index);
        }
    });
    return owner === undefined ? undefined : { expressions, owner, scopes };
}

/** Index in `e12`; -1 for anything else. */
function expressionIndex(text: string | undefined): number {
    return text !== undefined && /^e\d+$/.test(text) ? Number(text.slice(1)) : -1;
}

function valueOf(expression: DebugNode, key: string): number {
    const kind = childNode(expression, "kind");
    return kind === undefined ? -1 : expressionIndex(childText(kind, key));
}

/** The expression that an adjustment of the same HIR expression is made of; -1 at its own. */
function adjustedOf(body: Body, index: number, id: string): number {
    const expression = body.expressions[index];
    const kind = expression === undefined ? undefined : childNode(expression, "kind");
    if (expression === undefined || kind === undefined) {
        return -1;
    }
    let next = -1;
    switch (kind.name) {
        case "Deref":
        case "Borrow":
        case "RawBorrow":
            next = expressionIndex(childText(kind, "arg"));
            break;
        case "NeverToAny":
        case "PointerCoercion":
        case "Use":
            next = expressionIndex(childText(kind, "source"));
            break;
        case "Call": {
            // An overloaded `Deref` step is a call that no source text makes.
            const list = childNode(kind, "args");
            const isStep = childText(kind, "from_hir_call") === "false" && list?.items.length === 1;
            next = isStep ? expressionIndex(itemText(list, 0)) : -1;
            break;
        }
    }
    const inner = next < 0 ? undefined : body.expressions[next];
    const isSame =
        inner !== undefined &&
        childNode(inner, "kind")?.name !== "Scope" &&
        childText(inner, "temp_scope_id") === id.slice(id.lastIndexOf(".") + 1);
    return isSame ? next : -1;
}

/** A type that is printed as a tree: a closure or function by its definition. */
function printedNode(type: DebugNode): string {
    const [first] = type.items;
    const path = typeof first === "string" ? parseDefId(first) : undefined;
    return `${type.name}(${path ?? ""})`;
}
