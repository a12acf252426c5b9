// Reads a HIR dump owner by owner: definitions, resolved paths, locals, patterns, imports. What HIR leaves
// open (methods, fields, type-relative paths) becomes a site that THIR settles.

import { checkCancelled } from "../../../base/index.ts";
import { FACT_FLAG, type FactRole } from "../facts.ts";
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
import {
    isPathKeyword,
    ownText,
    parentPath,
    parseDefId,
    parseHirId,
    parseIdent,
    type DumpIdent,
} from "./dump-words.ts";
import type { FactCollector } from "./fact-collector.ts";
import { patternPath, segmentOf, targetsOf } from "./hir-paths.ts";
import { readDerived, readMemberDefinition, readOwnerDefinition } from "./hir-definitions.ts";
import { LifetimeUses } from "./hir-lifetimes.ts";
import { constraintsOf, Projections } from "./hir-projections.ts";
import {
    addConstructorCall,
    addField,
    addMemberField,
    addMethod,
    addOpenPath,
} from "./hir-sites.ts";
import type { HirContext, HirScope } from "./hir-scope.ts";
import { addVisibility } from "./hir-visibility.ts";
import type { OpenSites } from "./open-sites.ts";
import { aliasName, bindingName, firstToken } from "./pick-token.ts";
import { PlaceFinder, tokenSpan, type FoundToken } from "./place-finder.ts";
import { TOKEN } from "./rust-tokens.ts";
import type { SourceSpan } from "./source-files.ts";

const PASS = {
    keys: new Set(["parents", "opt_hash_including_bodies", "tokens"]),
    names: new Set(["Lit"]),
};

/** Reads a whole HIR dump. */
export async function readHir(
    stream: DumpStream,
    collector: FactCollector,
    sites: OpenSites,
    limits: ReadLimits,
): Promise<void> {
    const reader = new HirReader(collector, sites);
    for await (const entry of readEntries(stream, limits.entryBytesMax)) {
        checkCancelled(limits.signal);
        if (entry.text === undefined) {
            collector.drop("giant");
            continue;
        }
        try {
            reader.readOwner(entry.text);
        } catch (error) {
            if (!(error instanceof DebugTextError)) {
                throw error;
            }
            collector.drop("malformed");
        }
    }
    reader.projections.settle();
}

interface PendingLocal {
    readonly id: string;
    readonly ident: DumpIdent;
    readonly found: FoundToken;
    readonly role: FactRole;
}

/** Reads owners; keeps between them only what later owners need. */
export class HirReader implements HirScope {
    readonly collector: FactCollector;
    readonly sites: OpenSites;
    readonly places: PlaceFinder;
    /** Spans of items by DefPath: what encloses the items in them. */
    readonly itemSpans = new Map<string, SourceSpan>();
    readonly #bindings = new Map<string, SourceSpan>();
    #owner = "";
    #pendingLocals: PendingLocal[] = [];
    readonly lifetimes: LifetimeUses;
    readonly projections: Projections;

    constructor(collector: FactCollector, sites: OpenSites) {
        this.collector = collector;
        this.sites = sites;
        this.places = new PlaceFinder(collector);
        this.lifetimes = new LifetimeUses(collector);
        this.projections = new Projections(collector);
    }

    readOwner(text: string): void {
        const lineEnd = text.indexOf("\n");
        const header = text.slice(0, lineEnd);
        const path = parseDefId(header.slice(0, header.indexOf(") => ") + 1));
        if (path === undefined) {
            throw new DebugTextError(`no owner in ${header}`);
        }
        const owner = parseDebug(text, 0, PASS);
        const enclosing = this.#enclosingOf(path);
        const node = childNode(owner, "node");
        const item = node === undefined ? undefined : child(node, "node");
        if (typeof item === "object" && readDerived(this, path, item)) {
            return;
        }
        const span =
            typeof item === "object" ? readOwnerDefinition(this, path, item, enclosing) : undefined;
        this.#owner = path;
        const context: HirContext = {
            role: "path",
            enclosing: span ?? enclosing,
            written: span !== undefined,
        };
        this.walk(item, context);
        this.walk(child(owner, "bodies"), context);
        this.#settleLocals();
        this.lifetimes.settle();
    }

    /** Visits a value and all below. */
    walk(value: DebugValue, context: HirContext): void {
        if (typeof value !== "object") {
            return;
        }
        const spanText = childText(value, "span");
        const span =
            spanText?.endsWith("(#0)") === true ? this.collector.files.span(spanText) : undefined;
        const inner =
            spanText === undefined
                ? context
                : {
                      ...context,
                      enclosing: span ?? context.enclosing,
                      written: span !== undefined,
                  };
        switch (value.keys === undefined ? "" : value.name) {
            case "Path":
                this.#path(value, context);
                return;
            case "Pat":
                this.#pattern(value, { ...inner, role: "pattern" });
                return;
            case "Expr":
                this.#expression(value, { ...inner, role: "path" });
                return;
            case "Ty":
                this.#type(value, { ...inner, role: "path" });
                return;
            case "Item":
                this.#item(value, inner);
                return;
            case "Lifetime":
                this.lifetimes.add(value, inner.written ? inner.enclosing : undefined);
                return;
            case "FieldDef":
                addVisibility(this, this.#owner, value);
                readMemberDefinition(this, value, context.enclosing);
                break;
            case "Variant":
            case "GenericParam":
                readMemberDefinition(this, value, context.enclosing);
                break;
            case "WhereBoundPredicate":
                this.projections.addPredicate(this.#owner, value);
                break;
            case "ImplItem":
            case "ForeignItem":
                addVisibility(this, this.#owner, value);
                break;
        }
        for (const item of value.items) {
            if (typeof item === "object") {
                this.walk(item, inner);
            }
        }
    }

    #enclosingOf(path: string): SourceSpan | undefined {
        for (let at = parentPath(path); at !== undefined; at = parentPath(at)) {
            const span = this.itemSpans.get(at);
            if (span !== undefined) {
                return span;
            }
        }
        return undefined;
    }

    #item(item: DebugNode, context: HirContext): void {
        addVisibility(this, this.#owner, item);
        const kind = childNode(item, "kind");
        if (kind?.name !== "Use") {
            this.walk(kind, context);
            return;
        }
        const path = itemNode(kind, 0);
        const single = itemNode(kind, 1);
        if (path !== undefined) {
            this.#path(path, { ...context, role: "import" });
        }
        const alias = parseIdent(single?.name === "Single" ? itemText(single, 0) : undefined);
        const span = childText(item, "span");
        if (path === undefined || alias === undefined || span === undefined) {
            return;
        }
        const segments = childNode(path, "segments");
        const last =
            segments === undefined ? undefined : itemNode(segments, segments.items.length - 1);
        const real = parseIdent(last === undefined ? undefined : childText(last, "ident"));
        const isAliased = real?.name !== alias.name || this.#hasAlias(span, alias.name);
        if (isAliased && !isPathKeyword(alias.name)) {
            this.#alias(alias, span, path, context);
        }
    }

    /** True for `use path::name as name`. */
    #hasAlias(span: string, name: string): boolean {
        const place = this.collector.files.placeAnywhere(span);
        return place !== undefined && aliasName.name(place.tokens, place.range, name) >= 0;
    }

    /** The new name of `use path as name`. */
    #alias(alias: DumpIdent, span: string, path: DebugNode, context: HirContext): void {
        const found = this.places.find(alias, span, context.enclosing, aliasName);
        if (found !== undefined) {
            for (const target of targetsOf(this.collector, child(path, "res"))) {
                this.collector.use(alias.name, { ...found, role: "import", target });
            }
        }
    }

    #path(path: DebugNode, context: HirContext): void {
        const segments = childNode(path, "segments");
        const span = childText(path, "span");
        if (segments === undefined || span === undefined) {
            return;
        }
        const nodes = segments.items.filter((item) => typeof item === "object");
        const idents = nodes.map((node) => parseIdent(childText(node, "ident")));
        nodes.forEach((node, at) => {
            const ident = idents[at];
            const isLast = at === nodes.length - 1;
            const res = isLast ? (child(path, "res") ?? child(node, "res")) : child(node, "res");
            if (ident !== undefined && !isPathKeyword(ident.name)) {
                this.#segment({ idents, at, ident, span, res }, context);
            }
            this.#constraints(node, res, context);
            this.walk(child(node, "args"), { ...context, role: "path" });
        });
    }

    #segment(
        segment: {
            readonly idents: readonly (DumpIdent | undefined)[];
            readonly at: number;
            readonly ident: DumpIdent;
            readonly span: string;
            readonly res: DebugValue;
        },
        context: HirContext,
    ): void {
        const { ident, res, span } = segment;
        const isLocal = typeof res === "object" && res.name === "Local";
        const targets = isLocal ? [] : targetsOf(this.collector, res);
        if (!isLocal && targets.length === 0) {
            return;
        }
        const names = segment.idents.map((each) => each?.name ?? "");
        const captures = names.length === 1 ? this.places.captures(ident, span) : [];
        const role = captures.length > 0 ? "format-capture" : context.role;
        const found =
            captures.length > 0
                ? captures
                : [
                      this.places.find(
                          ident,
                          span,
                          context.enclosing,
                          segmentOf(names, segment.at, context.role === "import"),
                      ),
                  ];
        const id = isLocal ? parseHirId(itemText(res, 0)) : undefined;
        for (const token of found) {
            if (token === undefined) {
                continue;
            }
            for (const target of targets) {
                this.collector.use(ident.name, { ...token, role, target });
            }
            if (id !== undefined) {
                this.#pendingLocals.push({ id, ident, found: token, role });
            }
        }
    }

    #pattern(pattern: DebugNode, context: HirContext): void {
        const span = childText(pattern, "span");
        const kind = childNode(pattern, "kind");
        if (kind === undefined || span === undefined) {
            return;
        }
        if (kind.name === "Binding") {
            this.#binding(pattern, kind, span, context);
        } else if (kind.name === "Struct") {
            const fields = itemNode(kind, 1)?.items ?? [];
            for (const field of fields) {
                if (typeof field === "object") {
                    addMemberField(this, field, itemNode(kind, 0), {
                        context,
                        owner: span,
                        role: "pattern-field",
                    });
                }
            }
        }
        addOpenPath(this, kind.name === "Expr" ? patternPath(kind) : itemNode(kind, 0), {
            key: ownText(span),
            span,
            context,
            table: "patterns",
        });
        for (const item of kind.items) {
            this.walk(item, context);
        }
    }

    #binding(pattern: DebugNode, kind: DebugNode, span: string, context: HirContext): void {
        const ident = parseIdent(itemText(kind, 2));
        const id = parseHirId(itemText(kind, 1));
        if (ident === undefined || id === undefined || isPathKeyword(ident.name)) {
            return;
        }
        const found = this.places.find(ident, span, context.enclosing, bindingName);
        if (found === undefined) {
            return;
        }
        if (id !== parseHirId(childText(pattern, "hir_id"))) {
            // A later alternative of an or-pattern binds what the first has named.
            this.#pendingLocals.push({ id, ident, found, role: "pattern" });
        } else {
            this.#bindings.set(id, found.at);
            const isShorthand = this.sites.shorthand.has(`${found.at.file}:${found.at.start}`);
            this.collector.use(ident.name, {
                at: found.at,
                flags: found.flags | (isShorthand ? FACT_FLAG.shorthand : 0),
                role: "definition",
                target: this.collector.local(found.at),
            });
        }
    }

    #expression(expression: DebugNode, context: HirContext): void {
        const kind = childNode(expression, "kind");
        const span = childText(expression, "span");
        const id = parseHirId(childText(expression, "hir_id"));
        if (kind === undefined || span === undefined || id === undefined) {
            return;
        }
        switch (kind.name) {
            case "MethodCall":
                addMethod(this, kind, id, context);
                return;
            case "Field":
                addField(this, kind, { id, span }, context);
                break;
            case "Struct":
                for (const field of itemNode(kind, 1)?.items ?? []) {
                    if (typeof field === "object") {
                        const about = {
                            context,
                            owner: ownText(id),
                            role: "literal-field" as const,
                        };
                        addMemberField(this, field, itemNode(kind, 0), about);
                    }
                }
                addOpenPath(this, itemNode(kind, 0), {
                    key: ownText(id),
                    span,
                    context,
                    table: "values",
                });
                break;
            case "Path":
                addOpenPath(this, itemNode(kind, 0), {
                    key: ownText(id),
                    span,
                    context,
                    table: "values",
                });
                break;
            case "Call":
                addConstructorCall(this, itemNode(kind, 0), id);
                break;
            case "Block":
            case "Loop":
            case "Break":
            case "Continue":
                this.#label(kind, id, span);
                break;
        }
        for (const item of kind.items) {
            this.walk(item, context);
        }
    }

    #type(type: DebugNode, context: HirContext): void {
        const kind = childNode(type, "kind");
        const path = kind?.name === "Path" ? itemNode(kind, 0) : undefined;
        if (path?.name === "TypeRelative") {
            this.#projection(type, path, context);
        }
        this.walk(kind, context);
    }

    /** `Type::Name` where a type stands. */
    #projection(type: DebugNode, path: DebugNode, context: HirContext): void {
        const segment = itemNode(path, 1);
        const ident = parseIdent(segment === undefined ? undefined : childText(segment, "ident"));
        const span = childText(type, "span");
        if (ident === undefined || span === undefined) {
            return;
        }
        const pick = segmentOf([ident.name], 0, false);
        const found = this.places.find(ident, span, context.enclosing, pick);
        const isOpen =
            found !== undefined &&
            this.projections.add(this.#owner, itemNode(path, 0), ident.name, found);
        if (found !== undefined && !isOpen) {
            this.collector.drop("unresolved");
        }
    }

    /** `Trait<Name = …>`. */
    #constraints(segment: DebugNode, res: DebugValue, context: HirContext): void {
        const trait =
            typeof res === "object" && res.name === "Def"
                ? parseDefId(itemText(res, 1))
                : undefined;
        for (const constraint of trait === undefined ? [] : constraintsOf(segment)) {
            const ident = parseIdent(childText(constraint, "ident"));
            const span = childText(constraint, "span");
            const found =
                ident === undefined || span === undefined
                    ? undefined
                    : this.places.find(ident, span, context.enclosing, firstToken);
            if (ident !== undefined && found !== undefined && trait !== undefined) {
                this.projections.addConstraint(trait, ident.name, found);
            }
        }
    }

    /** `'name: loop`, `'name: { … }` and the jumps that name it. */
    #label(kind: DebugNode, id: string, span: string): void {
        const isJump = kind.name === "Break" || kind.name === "Continue";
        const destination = isJump ? itemNode(kind, 0) : undefined;
        const label =
            destination === undefined ? itemNode(kind, 1) : childNode(destination, "label");
        const printed = label?.name === "Some" ? itemText(label, 0) : undefined;
        const ident = parseIdent(/^label\((.*)\)$/.exec(printed ?? "")?.[1]);
        const at = this.collector.files.span(span);
        if (ident === undefined || at === undefined) {
            return;
        }
        const file = this.collector.files.file(at.file);
        const index = file.tokens.at(at.start) + (isJump ? 1 : 0);
        const inMacro = file.macroAt(at.start) !== undefined;
        const isLabel = file.tokens.kinds[index] === TOKEN.lifetime;
        if (!isLabel || file.tokens.name(index) !== ident.name || inMacro !== ident.context > 0) {
            this.collector.drop("expanded");
            return;
        }
        const found = { at: tokenSpan(file, index, 0), flags: inMacro ? FACT_FLAG.macroBody : 0 };
        if (isJump) {
            const target = childNode(destination ?? kind, "target_id");
            const loop = parseHirId(target === undefined ? undefined : itemText(target, 0));
            if (loop !== undefined) {
                this.#pendingLocals.push({ id: loop, ident, found, role: "label" });
            }
        } else {
            // Jumps name a loop's expression, but of a labelled block the block in it.
            const block = kind.name === "Block" ? itemNode(kind, 0) : undefined;
            const own = block === undefined ? id : parseHirId(childText(block, "hir_id"));
            this.#bindings.set(own ?? id, found.at);
            const target = this.collector.local(found.at);
            this.collector.use(ident.name, { ...found, role: "definition", target });
        }
    }

    #settleLocals(): void {
        for (const { id, ident, found, role } of this.#pendingLocals) {
            const binding = this.#bindings.get(id);
            if (binding === undefined) {
                this.collector.drop("expanded");
                continue;
            }
            const key = `${found.at.file}:${found.at.start}`;
            const shorthand = this.sites.shorthand.has(key) ? FACT_FLAG.shorthand : 0;
            const flags = found.flags | shorthand;
            const target = this.collector.local(binding);
            this.collector.use(ident.name, { at: found.at, flags, role, target });
        }
        this.#pendingLocals = [];
        this.#bindings.clear();
    }
}
