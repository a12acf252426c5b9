// Whether a token whose meaning is open could mean the subject: by role, name space, scope, privacy.
// Says no only where the language says no; every other token stays a doubt.

import type { Span } from "../base/index.ts";
import { NODE_FLAG } from "../graph/index.ts";
import {
    DEAD_LINK_REASON,
    OWN_MODULE_REASON,
    ROLES as ROLES_BY_CODE,
    type LocalInfo,
    type Occurrence,
    type OccurrenceRole,
    type Resolution,
    type SymbolInfo,
} from "../resolve/index.ts";
import { isReceiver, KIND } from "../syntax/index.ts";
import { packageOfFile, type WorkspaceModel } from "../workspace/index.ts";
import { canPackageReach, canReachCrate, isWrittenBeside, isWrittenInto } from "./crate-reach.ts";
import { fitsBody, type SymbolClass } from "./body-neighbours.ts";
import type { MeaningContext } from "./context.ts";
import { fitsPath, isReadAsPath } from "./path-before.ts";
import { mayLandBeside } from "./landing-places.ts";
import { firstAfter, lastBefore } from "./places.ts";
import { fitsLiteral } from "./literal-holder.ts";
import { leavesCrate, mayBeExpandedNear } from "./macro-reach.ts";
import { isQuoted } from "./quoted-code.ts";
import type { Subject } from "./subject.ts";
import { isInSomeScope, mayFollowPath } from "./variants-in-scope.ts";

type Shape = "free" | "after-dot" | "after-colons" | "after-quote";

/** Whether an undecided occurrence could name the subject (under its old or its new name). */
export function couldMean(
    context: MeaningContext,
    subject: Subject,
    occurrence: Occurrence,
): boolean {
    const { resolution, model } = context;
    const shape = shapeOf(context.textOf(occurrence.file), occurrence);
    if (isDeadLink(occurrence) || !isNearCrate(context, subject, occurrence)) {
        return false;
    }
    if (isQuoted(context, occurrence)) {
        return subject.members.some((symbol) => couldBeWritten(context, symbol, occurrence, shape));
    }
    if (subject.local !== undefined) {
        return occurrence.role === "macro-body" && NOT_HYGIENIC.has(subject.local.kind)
            ? landsInScope(context, subject.local, occurrence, shape)
            : couldMeanLocal(subject.local, occurrence, shape);
    }
    return subject.members.some(
        (symbol) =>
            fitsSymbol(symbol, occurrence, shape) &&
            (shape !== "after-dot" || fitsAfterDot(context, symbol, occurrence)) &&
            (occurrence.role !== "macro-body" || fitsBodyAt(context, symbol, occurrence, shape)) &&
            (occurrence.role !== "macro-body" ||
                symbol.kind !== "macro" ||
                mayBeExpandedNear(context, symbol, occurrence)) &&
            (!isInPath(occurrence, shape) || fitsPath(context, symbol, occurrence)) &&
            isCrateConnected(model, resolution, symbol, occurrence) &&
            isWithinReach(context, symbol, occurrence),
    );
}

/** Whether a path may stand before a token: right before it, or before the list of an import. */
function isInPath({ role }: Occurrence, shape: Shape): boolean {
    return shape === "after-colons" || (shape === "free" && role === "import");
}

/** Whether a token is a link of documentation that nothing in scope has the name of. */
function isDeadLink({ binding }: Occurrence): boolean {
    return binding.kind === "unresolved" && binding.reason === DEAD_LINK_REASON;
}

/** Whether a file that may be part of a crate of its package can name something of the subject's crates. */
function isNearCrate(
    { model, resolution }: MeaningContext,
    { members }: Subject,
    { binding, file }: Occurrence,
): boolean {
    if (binding.kind !== "opaque" || binding.reason !== OWN_MODULE_REASON) {
        return true;
    }
    const home = packageOfFile(model, file);
    return (
        home === undefined ||
        members.length === 0 ||
        members.some((member) => {
            const { crate } = member;
            const name = crate === undefined ? undefined : resolution.symbol(crate).name;
            return (
                name === undefined ||
                (leavesCrate(model, resolution, member)
                    ? canPackageReach(model, home, name)
                    : hasTarget(model, home, name))
            );
        })
    );
}

function hasTarget(model: WorkspaceModel, home: number, crate: string): boolean {
    const targets = model.packages[home]?.targets ?? [];
    return targets.some(({ crateName }) => crateName === crate);
}

/**
 * Whether quoted code can name a symbol: it becomes code where a procedural macro is called, or what a build
 * script has written is included. What is private must be named from there.
 */
function couldBeWritten(
    context: MeaningContext,
    symbol: SymbolInfo,
    occurrence: Occurrence,
    shape: Shape,
): boolean {
    const { model, resolution } = context;
    return (
        fitsSymbol(symbol, occurrence, shape) &&
        (shape !== "after-dot" || fitsAfterDot(context, symbol, occurrence)) &&
        fitsBodyAt(context, symbol, occurrence, shape) &&
        (shape !== "after-colons" || fitsPath(context, symbol, occurrence)) &&
        isWrittenFor(model, resolution, symbol, occurrence.crate) &&
        mayLandBeside(context, symbol)
    );
}

function shapeOf(text: string, occurrence: Occurrence): Shape {
    const { start } = occurrence.span;
    if (text[start - 1] === "'") {
        return "after-quote";
    }
    const before = lastBefore(text, start);
    if (text[before] === "." && text[before - 1] !== ".") {
        return "after-dot";
    }
    return text[before] === ":" && text[before - 1] === ":" ? "after-colons" : "free";
}

const LOCAL_VALUE_ROLES: ReadonlySet<OccurrenceRole> = new Set([
    "value",
    "call",
    "pattern",
    "definition",
    "format-capture",
    "macro-input",
    "macro-body",
    "attribute",
]);

const LOCAL_TYPE_ROLES: ReadonlySet<OccurrenceRole> = new Set([
    "type",
    "module",
    "value",
    "call",
    "definition",
    "macro-input",
    "macro-body",
    "attribute",
    "doc-link",
]);

function couldMeanLocal(local: LocalInfo, occurrence: Occurrence, shape: Shape): boolean {
    const { start } = occurrence.span;
    if (occurrence.file !== local.file || start < local.scope.start || start > local.scope.end) {
        return false;
    }
    if (local.kind === "lifetime" || local.kind === "label") {
        return shape === "after-quote" || occurrence.role === local.kind;
    }
    if (shape !== "free") {
        return false;
    }
    if (local.kind === "const-parameter") {
        return LOCAL_VALUE_ROLES.has(occurrence.role) || occurrence.role === "type";
    }
    return local.kind === "type-parameter"
        ? LOCAL_TYPE_ROLES.has(occurrence.role)
        : LOCAL_VALUE_ROLES.has(occurrence.role);
}

/** Kinds of locals that a macro's body names where it is expanded: hygiene does not tell them apart. */
const NOT_HYGIENIC: ReadonlySet<LocalInfo["kind"]> = new Set([
    "lifetime",
    "type-parameter",
    "const-parameter",
]);

/** Whether the body that a token stands in is expanded where a generic parameter can be seen. */
function landsInScope(
    { resolution }: MeaningContext,
    local: LocalInfo,
    { enclosing }: Occurrence,
    shape: Shape,
): boolean {
    if ((shape === "after-quote") !== (local.kind === "lifetime") || shape === "after-dot") {
        return false;
    }
    const macro = enclosing === undefined ? undefined : resolution.symbol(enclosing);
    return macro?.kind !== "macro" || macrosExpandedIn(resolution, local).has(macro.name);
}

/** What `macrosExpandedIn` has found, for it is asked of every token of a name. */
const expandedIn = new WeakMap<Resolution, WeakMap<LocalInfo, ReadonlySet<string>>>();

/** Lists the names of the macros that calls in a local's scope may come to, through other macros' bodies too. */
export function macrosExpandedIn(resolution: Resolution, local: LocalInfo): ReadonlySet<string> {
    const known = expandedIn.get(resolution) ?? new WeakMap<LocalInfo, ReadonlySet<string>>();
    expandedIn.set(resolution, known);
    const names = known.get(local) ?? findExpandedIn(resolution, local);
    known.set(local, names);
    return names;
}

function findExpandedIn(resolution: Resolution, local: LocalInfo): ReadonlySet<string> {
    const names = new Set<string>();
    readNames(resolution, local.file, local.scope, (name, role) => {
        if (role !== "definition") {
            names.add(name);
        }
    });
    const reached = new Set<string>();
    // A set visits what is added to it during the loop.
    for (const name of names) {
        for (const index of resolution.findByName(name)) {
            const { kind, file, extent } = resolution.symbol(index);
            if (kind === "macro" && file !== undefined && extent !== undefined) {
                reached.add(name);
                readNames(resolution, file, extent, (one) => names.add(one));
            }
        }
    }
    return reached;
}

/** Tells the names of a file's tokens in a range. */
function readNames(
    resolution: Resolution,
    file: string,
    range: Span,
    add: (name: string, role: OccurrenceRole | undefined) => void,
): void {
    for (const { table } of resolution.rowsIn(file)) {
        for (let row = 0; row < table.start.length; row++) {
            const isInside =
                (table.start[row] ?? 0) >= range.start && (table.end[row] ?? 0) <= range.end;
            if (isInside) {
                add(table.names[table.name[row] ?? 0] ?? "", ROLES_BY_CODE[table.role[row] ?? 0]);
            }
        }
    }
}

function classOf(symbol: SymbolInfo): SymbolClass {
    switch (symbol.kind) {
        case "method":
        case "assoc-const":
            return "method";
        case "assoc-type":
            return "member-type";
        case "field":
            return "field";
        case "variant":
            return "variant";
        case "macro":
            return "macro";
        case "module":
            return "module";
        case "function":
        case "const":
        case "static":
            return "value";
        case "struct":
        case "enum":
        case "union":
        case "trait":
        case "trait-alias":
        case "type-alias":
        case "crate":
        case "impl":
        case "external":
            return "type";
    }
}

const ROLES: Readonly<Record<SymbolClass, ReadonlySet<OccurrenceRole>>> = {
    method: new Set(["method-call", "call", "value", "pattern", "import", "type"]),
    field: new Set(["field", "literal-field", "pattern-field"]),
    value: new Set(["call", "value", "pattern", "import", "format-capture", "type"]),
    type: new Set(["type", "module", "call", "value", "pattern", "import", "visibility"]),
    module: new Set(["module", "type", "call", "value", "pattern", "import", "visibility"]),
    macro: new Set(["macro-call", "attribute", "import"]),
    "member-type": new Set(["type", "call", "value", "pattern", "module"]),
    variant: new Set(["call", "value", "pattern", "type", "import"]),
};

/** Roles whose tokens say little: an attribute's argument, a macro's tokens, a link. */
const VAGUE: ReadonlySet<OccurrenceRole> = new Set([
    "macro-input",
    "macro-body",
    "attribute",
    "doc-link",
]);

function fitsSymbol(symbol: SymbolInfo, occurrence: Occurrence, shape: Shape): boolean {
    if (shape === "after-quote") {
        return false;
    }
    const kind = classOf(symbol);
    const { role } = occurrence;
    if (shape === "after-dot") {
        const isMethod = kind === "method" && symbol.kind === "method";
        return role === "method-call" ? isMethod : isMethod || kind === "field";
    }
    if (VAGUE.has(role)) {
        return true;
    }
    if (!ROLES[kind].has(role)) {
        return false;
    }
    // A member of a type is named through a path, never by itself. (Traits' items can be imported.)
    const needsPath = kind === "method" || kind === "member-type";
    return !needsPath || shape === "after-colons" || role === "import" || role === "type";
}

/**
 * After a dot, a name before an argument list is a method's, any other a field's. Among a macro's tokens only
 * another access right behind it tells that there is no such list: its body may bring one.
 */
function fitsAfterDot(
    { textOf, treeOf }: MeaningContext,
    symbol: SymbolInfo,
    { role, file, span, binding }: Occurrence,
): boolean {
    if (symbol.kind === "method" && !mayTakeSelf(treeOf, symbol)) {
        return false;
    }
    if (binding.kind !== "opaque" && (role === "field" || role === "method-call")) {
        return (role === "method-call") === (symbol.kind === "method");
    }
    const text = textOf(file);
    const from = firstAfter(text, span.end);
    const isPlain = /^(?:\.(?!\.)|\?)/u.test(text.slice(from, from + 2));
    const isHidden = text.startsWith("//", from) || text.startsWith("/*", from);
    return symbol.kind !== "method" || !isPlain || isHidden;
}

/** Whether a function has a `self`, by which alone it can be called after a dot; true where it is not read. */
function mayTakeSelf(treeOf: MeaningContext["treeOf"], { file, nameSpan }: SymbolInfo): boolean {
    const tree = file === undefined ? undefined : treeOf(file);
    const name = nameSpan === undefined ? undefined : tree?.nodeAt(nameSpan.start);
    if (tree === undefined || name === undefined) {
        return true;
    }
    const { kind, parent } = tree.columns;
    const item = parent[name] ?? 0;
    const isFunction =
        kind[item] === KIND.function_item || kind[item] === KIND.function_signature_item;
    const list = isFunction ? tree.findChild(item, "parameters") : undefined;
    const first = (list === undefined ? [] : tree.childrenOf(list)).find(
        (one) => kind[one] !== KIND.attribute_item && kind[one] !== KIND.doc_comment,
    );
    return list === undefined || (first !== undefined && isReceiver(tree, first));
}

/** Whether a token of a macro's body, or of quoted code, can be the symbol's name where it stands. */
function fitsBodyAt(
    context: MeaningContext,
    symbol: SymbolInfo,
    occurrence: Occurrence,
    shape: Shape,
): boolean {
    if (shape === "after-dot" || !isReadAsPath(context, occurrence)) {
        return true;
    }
    const text = context.textOf(occurrence.file);
    if (symbol.kind === "field" && !fitsLiteral(context, symbol, occurrence)) {
        return false;
    }
    if (
        symbol.kind === "variant" &&
        occurrence.role === "macro-body" &&
        shape === "free" &&
        !mayFollowPath(text, occurrence.span.start)
    ) {
        const crate = staysInCrate(context.resolution, occurrence) ? occurrence.crate : undefined;
        if (!isInSomeScope(context, symbol, crate)) {
            return false;
        }
    }
    const place = { ...occurrence.span, isAfterColons: shape === "after-colons" };
    return fitsBody(classOf(symbol), text, place);
}

/** A crate sees its dependencies; the body of an exported macro also lands in crates that depend on it. */
function isCrateConnected(
    model: WorkspaceModel,
    resolution: Resolution,
    symbol: SymbolInfo,
    { crate, role, enclosing }: Occurrence,
): boolean {
    if (crate === undefined || symbol.crate === undefined) {
        return true;
    }
    if (!leavesCrate(model, resolution, symbol)) {
        return crate === symbol.crate;
    }
    if (canReachCrate(model, resolution, crate, symbol.crate)) {
        return true;
    }
    const macro = enclosing === undefined ? undefined : resolution.symbol(enclosing);
    const isExported = macro?.kind !== "macro" || macro.visibility === "public";
    return (
        role === "macro-body" && isExported && canReachCrate(model, resolution, symbol.crate, crate)
    );
}

/** Whether code that a crate quotes can come to stand where it sees the symbol. */
function isWrittenFor(
    model: WorkspaceModel,
    resolution: Resolution,
    symbol: SymbolInfo,
    crate: number | undefined,
): boolean {
    if (crate === undefined || symbol.crate === undefined) {
        return true;
    }
    const home = resolution.symbol(symbol.crate).name;
    const maker = resolution.symbol(crate).name;
    const leaves = leavesCrate(model, resolution, symbol);
    return visibilityOf(resolution, symbol) === "public" && leaves
        ? isWrittenBeside(model, maker, home)
        : isWrittenInto(model, maker, home);
}

/** Whether privacy lets the token see the symbol. Bodies of exported macros are expanded anywhere. */
function isWithinReach(
    { model, resolution }: MeaningContext,
    symbol: SymbolInfo,
    occurrence: Occurrence,
): boolean {
    const isBody = occurrence.role === "macro-body";
    const visibility = visibilityOf(resolution, symbol);
    if (occurrence.crate === undefined || symbol.crate === undefined || visibility === "public") {
        return true;
    }
    if (isBody && !staysInCrate(resolution, occurrence)) {
        // What is not public is named by an expansion in its own crate, which must see the macro.
        return canReachCrate(model, resolution, symbol.crate, occurrence.crate);
    }
    if (occurrence.crate !== symbol.crate) {
        return false;
    }
    if (isBody || visibility !== "private" || occurrence.enclosing === undefined) {
        return true;
    }
    const home =
        symbol.kind === "macro"
            ? functionAround(resolution, symbol)
            : moduleOf(resolution, symbol.parent);
    return home === undefined || isInside(resolution, occurrence.enclosing, home);
}

/** The function that a macro is defined in, where alone its name is seen; textual scope leaves modules. */
function functionAround(resolution: Resolution, { parent }: SymbolInfo): number | undefined {
    const kind = parent === undefined ? undefined : resolution.symbol(parent).kind;
    return kind === "function" || kind === "method" ? parent : undefined;
}

/** Whether a token of a macro's body is expanded in the macro's own crate only. */
function staysInCrate(resolution: Resolution, { enclosing }: Occurrence): boolean {
    const macro = enclosing === undefined ? undefined : resolution.symbol(enclosing);
    const isPlain = macro !== undefined && (macro.flags & NODE_FLAG.macroMade) === 0;
    return isPlain && macro.kind === "macro" && macro.visibility !== "public";
}

/** A variant is seen as far as its type. */
function visibilityOf(resolution: Resolution, symbol: SymbolInfo): SymbolInfo["visibility"] {
    return symbol.kind === "variant" && symbol.parent !== undefined
        ? resolution.symbol(symbol.parent).visibility
        : symbol.visibility;
}

/** The nearest module or crate around a symbol, itself included. */
function moduleOf(resolution: Resolution, start: number | undefined): number | undefined {
    for (let at = start; at !== undefined; at = resolution.symbol(at).parent) {
        const { kind } = resolution.symbol(at);
        if (kind === "module" || kind === "crate") {
            return at;
        }
    }
    return undefined;
}

function isInside(resolution: Resolution, start: number, home: number): boolean {
    for (let at: number | undefined = start; at !== undefined; at = resolution.symbol(at).parent) {
        if (at === home) {
            return true;
        }
    }
    return false;
}
