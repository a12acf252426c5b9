// Definitions that have the new name already, in the same scope and name space. The binding proof cannot
// see them when nobody uses them.

import type { Place, Span } from "../base/index.ts";
import type { Namespace, SymbolKind } from "../graph/index.ts";
import {
    areExclusive,
    type LocalInfo,
    type Occurrence,
    type Resolution,
    type SymbolInfo,
} from "../resolve/index.ts";
import { KIND, type SyntaxTree } from "../syntax/index.ts";
import { derivesOf, readAttributes } from "./attributes.ts";
import type { RenameContext } from "./context.ts";
import { FileSyntax } from "./file-syntax.ts";
import { describe, localKey } from "./find-target.ts";
import { primitiveConflict } from "./hidden-primitives.ts";
import { typeOf } from "./method-syntax.ts";
import type { FoundConflict } from "./model.ts";
import { placeAt } from "./places.ts";
import type { PlannedEdit } from "./planned-edit.ts";
import { stdBindingClash } from "./std-macro-bindings.ts";
import type { Subject } from "./subject.ts";
import { isImportedName } from "./type-path.ts";

/** Finds duplicates that the new name would make. */
export function findDuplicates(
    context: RenameContext,
    subject: Subject,
    edits: readonly PlannedEdit[],
    newName: string,
): FoundConflict[] {
    const { local } = subject;
    const primitive = primitiveConflict(context, subject, newName);
    return local === undefined
        ? [
              ...primitive,
              ...symbolDuplicates(context, subject, newName),
              ...importDuplicates(context, subject, edits, newName),
              ...derivedTypeClash(context, subject, newName),
              ...stdBindingClash(context, subject, newName),
          ]
        : [
              ...primitive,
              ...localDuplicates(context, local, newName),
              ...derivedParameterClash(context, local, newName),
          ];
}

/** Lists the name spaces that a definition of a kind may take; a struct's value is its constructor. */
export function namespacesOf(kind: SymbolKind): readonly Namespace[] {
    switch (kind) {
        case "function":
        case "method":
        case "const":
        case "static":
        case "assoc-const":
        case "field":
            return ["value"];
        case "struct":
        case "variant":
            return ["type", "value"];
        case "macro":
            return ["macro"];
        case "external":
            return ["type", "value", "macro"];
        case "impl":
            return [];
        case "assoc-type":
        case "crate":
        case "enum":
        case "module":
        case "trait":
        case "trait-alias":
        case "type-alias":
        case "union":
            return ["type"];
    }
}

function shareNamespace(context: RenameContext, a: SymbolInfo, b: SymbolInfo): boolean {
    // A field lives in its type, apart from the methods of the same name.
    if ((a.kind === "field") !== (b.kind === "field")) {
        return false;
    }
    const taken = new Set(exactNamespaces(context, a));
    return exactNamespaces(context, b).some((namespace) => taken.has(namespace));
}

/** Lists the name spaces of a definition: a struct with named fields takes no value; its text tells. */
export function exactNamespaces(context: RenameContext, symbol: SymbolInfo): readonly Namespace[] {
    const { kind, extent, file } = symbol;
    if (kind === "struct" && extent !== undefined && file !== undefined) {
        const text = context.textOf(file).slice(extent.start, extent.end);
        return /[;)]\s*$/u.test(text) ? ["type", "value"] : ["type"];
    }
    return namespacesOf(kind);
}

function symbolDuplicates(
    context: RenameContext,
    subject: Subject,
    newName: string,
): FoundConflict[] {
    const { resolution } = context;
    const found = new Map<number, SymbolInfo>();
    const grades = new Map<number, FoundConflict["grade"]>();
    const named = resolution.findByName(newName).map((index) => resolution.symbol(index));
    for (const member of subject.members) {
        for (const other of named) {
            if (
                subject.family.has(other.index) ||
                other.crate !== member.crate ||
                !shareNamespace(context, member, other)
            ) {
                continue;
            }
            const relation = scopeRelation(context, member, other);
            if (relation === "apart" || areExclusive(member.cfg, other.cfg)) {
                continue;
            }
            found.set(other.index, other);
            // Under different predicates both may never be there at once: not ours to decide.
            const mayExclude = member.cfg !== other.cfg && (member.cfg !== "" || other.cfg !== "");
            const isCertain = relation === "same" && !mayExclude;
            grades.set(other.index, isCertain ? "error" : "unproved");
        }
    }
    return [...found.values()].map((other) => ({
        kind: "duplicate",
        grade: grades.get(other.index) ?? "error",
        message: `${describe(resolution, { kind: "symbol", symbol: other.index })} has that name already`,
        at: symbolPlaces(context, other),
    }));
}

/** Items of a function are told apart by their block, members of a type by their impl. */
function scopeRelation(
    context: RenameContext,
    a: SymbolInfo,
    b: SymbolInfo,
): "same" | "apart" | "unknown" {
    const { resolution } = context;
    if (a.parent === undefined || b.parent === undefined) {
        return "apart";
    }
    const { kind } = resolution.symbol(a.parent);
    if (a.parent !== b.parent) {
        return "apart";
    }
    if (isTextual(context, a) && isTextual(context, b)) {
        return "apart";
    }
    if (kind === "function" || kind === "method") {
        return isSameBlock(context, a, b) ? "same" : "apart";
    }
    return isMember(a) && kind !== "trait" ? implRelation(context, a, b) : "same";
}

function isMember({ kind }: SymbolInfo): boolean {
    return kind === "method" || kind === "assoc-const" || kind === "assoc-type";
}

/** Whether a macro is in scope from its text on only, so that a later one of its name may hide it. */
function isTextual(context: RenameContext, symbol: SymbolInfo): boolean {
    const { kind, file, nameSpan, visibility } = symbol;
    if (kind !== "macro" || file === undefined || nameSpan === undefined) {
        return false;
    }
    const before = context.textOf(file).slice(symbol.extent?.start ?? 0, nameSpan.start);
    return visibility !== "public" && /macro_rules\s*!\s*$/u.test(before);
}

/** Whether two items stand in one block; macros may hide each other there. */
function isSameBlock(context: RenameContext, a: SymbolInfo, b: SymbolInfo): boolean {
    const [one, other] = [blockOf(context, a), blockOf(context, b)];
    return a.file === b.file && a.kind !== "macro" && one !== undefined && one === other;
}

function blockOf(context: RenameContext, symbol: SymbolInfo): number | undefined {
    const { file: path, nameSpan } = symbol;
    const file = path === undefined ? undefined : FileSyntax.of(context, path);
    const name = nameSpan === undefined ? undefined : file?.tree.nodeAt(nameSpan.start);
    return name === undefined ? undefined : file?.around(name, "block", "declaration_list");
}

/** Impls of one type for other arguments may have items of one name, where no type can meet both. */
function implRelation(
    context: RenameContext,
    a: SymbolInfo,
    b: SymbolInfo,
): "same" | "apart" | "unknown" {
    const [one, other] = [implArguments(context, a), implArguments(context, b)];
    if (one === undefined || other === undefined) {
        return "unknown";
    }
    if (one.text === other.text) {
        return "same";
    }
    return one.isPlain && other.isPlain ? "apart" : "unknown";
}

/** Generic arguments of the type that an item's impl is for; plain when each is a type of one name only. */
function implArguments(
    context: RenameContext,
    symbol: SymbolInfo,
): { readonly text: string; readonly isPlain: boolean } | undefined {
    const { file: path, nameSpan } = symbol;
    const file = path === undefined ? undefined : FileSyntax.of(context, path);
    const name = nameSpan === undefined ? undefined : file?.tree.nodeAt(nameSpan.start);
    const impl = name === undefined ? undefined : file?.around(name, "impl_item");
    const type = impl === undefined ? undefined : file?.child(impl, "type");
    if (file === undefined || type === undefined) {
        return undefined;
    }
    const list = file.child(type, "type_arguments");
    const parts = list === undefined ? [] : file.parts(list);
    return {
        text: list === undefined ? "" : file.plainText(list),
        isPlain: parts.every(
            (part) =>
                file.is(part, "primitive_type", "lifetime") ||
                typeOf(context, file, part)?.extent !== undefined,
        ),
    };
}

function symbolPlaces(context: RenameContext, symbol: SymbolInfo): Place[] {
    const { file, nameSpan } = symbol;
    return file === undefined || nameSpan === undefined
        ? []
        : [placeAt(context.textOf(file), file, nameSpan.start)];
}

/** An import makes its last segment a name of the module that it stands in. */
function importDuplicates(
    context: RenameContext,
    subject: Subject,
    edits: readonly PlannedEdit[],
    newName: string,
): FoundConflict[] {
    const { resolution } = context;
    const conflicts: FoundConflict[] = [];
    const homes = new Set<number>();
    const named = resolution.findByName(newName).map((index) => resolution.symbol(index));
    for (const edit of edits) {
        for (const scope of importScopes(context, edit)) {
            homes.add(scope);
            for (const other of named) {
                const child = other.index;
                if (
                    isHomeOf(resolution, scope, other) &&
                    !subject.family.has(child) &&
                    clashes(context, subject, other)
                ) {
                    conflicts.push({
                        kind: "duplicate",
                        grade: "error",
                        message:
                            "the name would be imported where " +
                            `${describe(resolution, { kind: "symbol", symbol: child })} has it already`,
                        at: [
                            placeAt(context.textOf(edit.path), edit.path, edit.span.start),
                            ...symbolPlaces(context, other),
                        ],
                    });
                }
            }
        }
    }
    for (const member of subject.members) {
        if (member.parent !== undefined && resolution.symbol(member.parent).kind !== "impl") {
            homes.add(member.parent);
        }
    }
    for (const occurrence of resolution.occurrencesNamed(newName)) {
        if (isImportedName(context, occurrence) && homes.has(occurrence.enclosing ?? -1)) {
            conflicts.push(...importClash(context, subject, occurrence));
        }
    }
    return conflicts;
}

/** Whether a module has a definition; an exported macro is the crate's, wherever it stands. */
function isHomeOf(resolution: Resolution, scope: number, other: SymbolInfo): boolean {
    const isExported = other.kind === "macro" && other.visibility === "public";
    return (
        other.parent === scope ||
        (isExported && other.crate === scope && resolution.symbol(scope).kind === "crate")
    );
}

function clashes(context: RenameContext, subject: Subject, other: SymbolInfo): boolean {
    return subject.members.some((member) => shareNamespace(context, member, other));
}

function importScopes(context: RenameContext, edit: PlannedEdit): number[] {
    const scopes = context.resolution
        .occurrencesAt(edit.path, edit.span.start)
        .filter((found) => found.span.start === edit.span.start)
        .filter((found) => found.role !== "import-alias" && isImportedName(context, found))
        .flatMap((found) => (found.enclosing === undefined ? [] : [found.enclosing]))
        .filter((scope) => {
            const { kind } = context.resolution.symbol(scope);
            return kind === "module" || kind === "crate";
        });
    return [...new Set(scopes)];
}

function importClash(
    context: RenameContext,
    subject: Subject,
    occurrence: Occurrence,
): FoundConflict[] {
    const { binding } = occurrence;
    const { resolution } = context;
    if (binding.kind === "symbol") {
        const others = binding.symbols.map((index) => resolution.symbol(index));
        if (!others.some((other) => clashes(context, subject, other))) {
            return [];
        }
    }
    return [
        {
            kind: "duplicate",
            // What an external brings is not known: it may live in another name space.
            grade: binding.kind === "symbol" ? "error" : "unproved",
            message: `an import brings \`${occurrence.name}\` into the same module already`,
            at: [placeAt(context.textOf(occurrence.file), occurrence.file, occurrence.span.start)],
        },
    ];
}

type LocalSpace = "value" | "type" | "lifetime" | "label";

function spaceOf(local: LocalInfo): LocalSpace {
    switch (local.kind) {
        case "label":
        case "lifetime":
            return local.kind;
        case "type-parameter":
            return "type";
        case "local":
        case "parameter":
        case "const-parameter":
            return "value";
    }
}

function localDuplicates(
    context: RenameContext,
    local: LocalInfo,
    newName: string,
): FoundConflict[] {
    const others = new Map<string, LocalInfo>();
    for (const { file, binding } of context.resolution.occurrencesNamed(newName)) {
        if (file === local.file && binding.kind === "local") {
            others.set(localKey(binding.local), binding.local);
        }
    }
    const conflicts: FoundConflict[] = [];
    const tree = context.treeOf(local.file);
    for (const other of others.values()) {
        const isGeneric = (one: LocalInfo): boolean => one.kind.endsWith("-parameter");
        const sameSpace =
            spaceOf(other) === spaceOf(local) || (isGeneric(other) && isGeneric(local));
        const clash = sameSpace ? clashOf(tree, local, other) : undefined;
        if (clash !== undefined) {
            conflicts.push({
                kind: "duplicate",
                grade: "error",
                message: `${other.kind} \`${newName}\` ${clash}`,
                at: [placeAt(context.textOf(other.file), other.file, other.nameSpan.start)],
            });
        }
    }
    return conflicts;
}

/** Nodes whose parts bind names side by side: no two of them may be alike. */
const SIDE_BY_SIDE: ReadonlySet<number> = new Set([
    KIND.parameters,
    KIND.closure_parameters,
    KIND.type_parameters,
    KIND.for_lifetimes,
    KIND.tuple_pattern,
    KIND.struct_pattern,
    KIND.tuple_struct_pattern,
    KIND.slice_pattern,
    KIND.captured_pattern,
]);

/** Two names of one list or pattern may not be alike; nor may nested lifetimes and generic parameters. */
function clashOf(
    tree: SyntaxTree | undefined,
    local: LocalInfo,
    other: LocalInfo,
): string | undefined {
    const meeting =
        tree === undefined ? undefined : meetingOf(tree, local.nameSpan, other.nameSpan);
    if (meeting !== undefined && SIDE_BY_SIDE.has(meeting.kind)) {
        return "is declared beside it";
    }
    const isNested = contains(local.scope, other.scope) || contains(other.scope, local.scope);
    const mayNest = local.kind === "local" || local.kind === "parameter" || local.kind === "label";
    return isNested && !mayNest && meeting?.crossesBlock !== true
        ? "is declared in a scope around or inside this one"
        : undefined;
}

/**
 * The innermost node around two tokens, and whether a block lies between it and either of them: an item
 * in a block sees no generics from outside it.
 */
function meetingOf(
    tree: SyntaxTree,
    a: Span,
    b: Span,
): { readonly kind: number; readonly crossesBlock: boolean } {
    const { kind, parent } = tree.columns;
    const above = new Map<number, boolean>();
    let crosses = false;
    for (let at = tree.nodeAt(a.start) ?? 0; ; at = parent[at] ?? 0) {
        above.set(at, crosses);
        crosses ||= kind[at] === KIND.block;
        if (at === 0) {
            break;
        }
    }
    crosses = false;
    let at = tree.nodeAt(b.start) ?? 0;
    while (!above.has(at)) {
        crosses ||= kind[at] === KIND.block;
        at = parent[at] ?? 0;
    }
    return { kind: kind[at] ?? 0, crossesBlock: crosses || above.get(at) === true };
}

function contains(outer: Span, inner: Span): boolean {
    return outer.start <= inner.start && inner.end <= outer.end;
}

const GENERIC_TYPES = ["struct_item", "enum_item", "union_item"] as const;

/** A parameter that gets the name of its type: in the impls that are derived it would hide the type. */
function derivedParameterClash(
    context: RenameContext,
    local: LocalInfo,
    newName: string,
): FoundConflict[] {
    if (local.kind !== "type-parameter" && local.kind !== "const-parameter") {
        return [];
    }
    const file = FileSyntax.of(context, local.file);
    const item = file?.around(file.tree.nodeAt(local.nameSpan.start) ?? 0, ...GENERIC_TYPES);
    const name = item === undefined ? undefined : file?.child(item, "name");
    return file === undefined || name === undefined || file.textOf(name) !== newName
        ? []
        : derivedClash(context, { path: local.file, name: file.start(name) }, local.nameSpan);
}

/** The same of a type that gets the name of its parameter. */
function derivedTypeClash(
    context: RenameContext,
    subject: Subject,
    newName: string,
): FoundConflict[] {
    return subject.members.flatMap(({ file: path, nameSpan, kind }) => {
        const file =
            path === undefined || !["struct", "enum", "union"].includes(kind)
                ? undefined
                : FileSyntax.of(context, path);
        if (file === undefined || path === undefined || nameSpan === undefined) {
            return [];
        }
        const item = file.around(file.tree.nodeAt(nameSpan.start) ?? 0, ...GENERIC_TYPES) ?? 0;
        const list = file.child(item, "type_parameters");
        const parameter = (list === undefined ? [] : file.parts(list))
            .map((one) => file.child(one, "name") ?? one)
            .find((one) => file.textOf(one) === newName);
        return parameter === undefined
            ? []
            : derivedClash(context, { path, name: nameSpan.start }, file.span(parameter));
    });
}

function derivedClash(
    context: RenameContext,
    { path, name }: { readonly path: string; readonly name: number },
    parameter: Span,
): FoundConflict[] {
    const tree = context.treeOf(path);
    const text = context.textOf(path);
    const isDerived = tree !== undefined && derivesOf(readAttributes(tree, text, name)).length > 0;
    return isDerived
        ? [
              {
                  kind: "duplicate",
                  grade: "error",
                  message: "type and parameter would have one name, and what is derived names both",
                  at: [placeAt(text, path, parameter.start)],
              },
          ]
        : [];
}
