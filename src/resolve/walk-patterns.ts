// Patterns: what they bind, and the constants, variants and fields that they name.

import { KIND, ROLE } from "../syntax/index.ts";
import { NS } from "./file-items.ts";
import { isFound, type Found } from "./lookup.ts";
import type { LocalInfo } from "./model.ts";
import { OCCURRENCE_FLAG } from "./occurrence-table.ts";
import { itemOf } from "./symbols.ts";
import { UNKNOWN, peel, substitute, type Ty } from "./types.ts";
import type { Walk } from "./walk.ts";
import { CLASS } from "./walk.ts";
import { visitPath, type PathMeaning } from "./walk-paths.ts";

/** How the names of one pattern are bound. */
export interface PatternContext {
    readonly kind: LocalInfo["kind"];
    /** Names bound so far in this pattern: alternatives of an or-pattern share their locals. */
    readonly bound: Map<string, number>;
    readonly conditional?: boolean;
}

/** Visits a pattern that is matched against a type. */
export function visitPattern(walk: Walk, node: number, ty: Ty, context: PatternContext): void {
    switch (walk.kind(node)) {
        case KIND.identifier:
            visitBinding(walk, node, ty, context);
            return;
        case KIND.mut_pattern:
        case KIND.ref_pattern:
            visitInner(walk, node, ty, context);
            return;
        case KIND.reference_pattern:
            visitInner(walk, node, ty.k === "ref" ? ty.inner : ty, context);
            return;
        case KIND.captured_pattern:
            visitCaptured(walk, node, ty, context);
            return;
        case KIND.or_pattern:
            patternChildren(walk, node).forEach((child) => {
                visitPattern(walk, child, ty, context);
            });
            return;
        case KIND.tuple_pattern:
            visitTuple(walk, node, peel(ty), context);
            return;
        case KIND.slice_pattern:
            visitSlice(walk, node, peel(ty), context);
            return;
        case KIND.tuple_struct_pattern:
            visitTupleStruct(walk, node, ty, context);
            return;
        case KIND.struct_pattern:
            visitStruct(walk, node, ty, context);
            return;
        case KIND.scoped_identifier:
            visitPath(walk, node, NS.value, "pattern");
            return;
        case KIND.match_pattern:
            visitInner(walk, node, ty, context);
            return;
        default:
            walk.visit(node);
    }
}

function patternChildren(walk: Walk, node: number): number[] {
    return walk.tree
        .childrenOf(node)
        .filter((child) => walk.kind(child) !== KIND.mutable_specifier);
}

function visitInner(walk: Walk, node: number, ty: Ty, context: PatternContext): void {
    const inner = patternChildren(walk, node)[0];
    if (inner !== undefined) {
        visitPattern(walk, inner, ty, context);
    }
}

/** A plain name: a constant or variant where one is in scope, else a new local. */
function visitBinding(walk: Walk, node: number, ty: Ty, context: PatternContext): void {
    const name = walk.tree.nameOf(node);
    const known = context.bound.get(name);
    if (known !== undefined) {
        bind(walk, node, ty, context);
        return;
    }
    const item = findConstant(walk, name);
    if (item !== undefined) {
        const isShorthand = walk.kind(node) === KIND.shorthand_field_identifier;
        walk.record(node, "pattern", item, isShorthand ? OCCURRENCE_FLAG.shorthandValue : 0);
        return;
    }
    bind(walk, node, ty, context);
}

function bind(walk: Walk, node: number, ty: Ty, context: PatternContext): void {
    const name = walk.tree.nameOf(node);
    const known = context.bound.get(name);
    const local =
        known ??
        walk.define(node, context.kind, {
            class: CLASS.value,
            ty,
            conditional: context.conditional === true,
        });
    context.bound.set(name, local);
    const isShorthand = walk.kind(node) === KIND.shorthand_field_identifier;
    walk.recordLocal(node, "definition", local, isShorthand ? OCCURRENCE_FLAG.shorthandValue : 0);
}

/** A constant, unit struct or variant that a plain name in a pattern means. */
function findConstant(walk: Walk, name: string): Found | undefined {
    const meaning = walk.lookupItem(name, NS.value);
    if (!isFound(meaning)) {
        return undefined;
    }
    const symbols = meaning.symbols.filter((index) => {
        const symbol = walk.program.symbolAt(index);
        switch (symbol.kind) {
            case "const":
            case "static":
            case "variant":
                return true;
            case "struct":
                return itemOf(symbol)?.body === -1;
            case "external":
                // The name space of an external is not known: by convention only constants, variants and
                // unit structs begin with a capital.
                return /^\p{Lu}/u.test(name);
            default:
                return false;
        }
    });
    return symbols.length === 0 ? undefined : { symbols, alias: meaning.alias };
}

function visitCaptured(walk: Walk, node: number, ty: Ty, context: PatternContext): void {
    const [name, inner] = patternChildren(walk, node);
    if (name !== undefined) {
        bind(walk, name, ty, context);
    }
    if (inner !== undefined) {
        visitPattern(walk, inner, ty, context);
    }
}

function visitTuple(walk: Walk, node: number, ty: Ty, context: PatternContext): void {
    const children = patternChildren(walk, node);
    const items = ty.k === "tuple" ? ty.items : [];
    const sure = surePositions(walk, children, items.length, walk.tree.columns.start[node] ?? 0);
    children.forEach((child, i) => {
        visitPattern(walk, child, (i < sure ? items[i] : undefined) ?? UNKNOWN, context);
    });
}

/** Characters that stand before a sub-pattern where nothing else does: `(` or `,`, and a blank. */
const SEPARATOR_LENGTH = 2;

/**
 * Number of leading sub-patterns whose positions are certain. A `_` is no node: there is none where all
 * positions are taken, nor between patterns that stand close together.
 */
function surePositions(
    walk: Walk,
    children: readonly number[],
    arity: number,
    openAt: number,
): number {
    const { start, end } = walk.tree.columns;
    const rest = children.findIndex((one) => walk.kind(one) === KIND.remaining_field_pattern);
    if (rest === -1 && children.length === arity) {
        return arity;
    }
    let at = openAt;
    let count = 0;
    for (const child of rest === -1 ? children : children.slice(0, rest)) {
        if ((start[child] ?? 0) - at > SEPARATOR_LENGTH) {
            break;
        }
        at = end[child] ?? 0;
        count += 1;
    }
    return count;
}

function visitSlice(walk: Walk, node: number, ty: Ty, context: PatternContext): void {
    const inner = ty.k === "slice" ? ty.inner : UNKNOWN;
    for (const child of patternChildren(walk, node)) {
        const isRest = walk.kind(child) === KIND.captured_pattern;
        visitPattern(walk, child, isRest ? UNKNOWN : inner, context);
    }
}

function visitTupleStruct(walk: Walk, node: number, ty: Ty, context: PatternContext): void {
    const type = walk.tree.findChild(node, "type");
    const meaning: PathMeaning =
        type === undefined ? {} : visitPath(walk, type, NS.value, "pattern");
    const fields = tupleFields(walk, meaning, peel(ty));
    const { role } = walk.tree.columns;
    const children = patternChildren(walk, node).filter((child) => role[child] !== ROLE.type);
    const openAt = walk.tree.columns.end[type ?? node] ?? 0;
    const sure = surePositions(walk, children, fields.length, openAt);
    children.forEach((child, i) => {
        visitPattern(walk, child, (i < sure ? fields[i] : undefined) ?? UNKNOWN, context);
    });
}

/** Types of a tuple struct's or variant's fields, for a scrutinee of this type. */
function tupleFields(walk: Walk, meaning: PathMeaning, ty: Ty): readonly Ty[] {
    const symbol = meaning.found?.symbols[0];
    if (symbol === undefined) {
        return [];
    }
    const record = walk.program.symbolAt(symbol);
    if (record.external !== "") {
        return wrappedTypes(record.name, ty);
    }
    const own = walk.semantics.constructedType(symbol);
    const matches = ty.k === "adt" && own.k === "adt" && own.symbol === ty.symbol;
    const values = walk.semantics.arguments(matches ? ty : ({ ...own, args: [] } as Ty));
    return walk.semantics.tupleFieldTypes(symbol).map((one) => substitute(one, values));
}

/** What `Some(x)`, `Ok(x)`, `Err(x)` bind. */
function wrappedTypes(name: string, ty: Ty): readonly Ty[] {
    if (ty.k !== "external") {
        return [];
    }
    if ((name === "Some" && ty.name === "Option") || (name === "Ok" && ty.name === "Result")) {
        return ty.args.slice(0, 1);
    }
    return name === "Err" && ty.name === "Result" ? ty.args.slice(1, 2) : [];
}

function visitStruct(walk: Walk, node: number, ty: Ty, context: PatternContext): void {
    const type = walk.tree.findChild(node, "type");
    const meaning: PathMeaning =
        type === undefined ? {} : visitPath(walk, type, NS.type, "pattern");
    const holder = fieldHolder(walk, meaning);
    const scrutinee = peel(ty);
    for (const field of walk.tree.childrenOf(node)) {
        if (walk.kind(field) === KIND.field_pattern) {
            visitField(walk, field, { holder, scrutinee }, context);
        } else if (walk.kind(field) === KIND.attribute_item) {
            walk.visit(field);
        }
    }
}

/** The struct, union or variant whose fields a literal or pattern names. */
export interface FieldHolder {
    readonly symbols: readonly number[];
    readonly constructed: Ty;
}

/** Finds the holder of the fields from what the path means. */
export function fieldHolder(walk: Walk, meaning: PathMeaning): FieldHolder | undefined {
    const symbols = (meaning.found?.symbols ?? []).map((index) => throughAlias(walk, index));
    const first = symbols[0] ?? (meaning.at?.k === "adt" ? meaning.at.symbol : undefined);
    if (first === undefined || walk.program.symbolAt(first).external !== "") {
        return undefined;
    }
    const constructed =
        meaning.at?.k === "adt" ? meaning.at : walk.semantics.constructedType(first);
    return { symbols: symbols.length === 0 ? [first] : symbols, constructed };
}

function throughAlias(walk: Walk, index: number): number {
    const { kind } = walk.program.symbolAt(index);
    if (kind !== "type-alias" && kind !== "assoc-type") {
        return index;
    }
    const target = peel(walk.semantics.aliasTarget(index));
    if (target.k === "adt") {
        return target.symbol;
    }
    return target.k === "external" ? target.symbol : index;
}

function visitField(
    walk: Walk,
    field: number,
    of: { readonly holder: FieldHolder | undefined; readonly scrutinee: Ty },
    context: PatternContext,
): void {
    const name = walk.tree.findChild(field, "name");
    if (name === undefined) {
        return;
    }
    const isShorthand = walk.kind(name) === KIND.shorthand_field_identifier;
    const type = recordField(walk, name, "pattern-field", {
        holder: of.holder,
        scrutinee: of.scrutinee,
        flags: isShorthand ? OCCURRENCE_FLAG.shorthandField : 0,
    });
    const pattern = walk.tree.findChild(field, "pattern");
    if (isShorthand) {
        visitBinding(walk, name, type, context);
    } else if (pattern !== undefined) {
        visitPattern(walk, pattern, type, context);
    }
}

/** Records a field named in a literal or pattern; gives its type. */
export function recordField(
    walk: Walk,
    name: number,
    role: "literal-field" | "pattern-field",
    of: { holder: FieldHolder | undefined; scrutinee: Ty; flags: number },
): Ty {
    if (walk.kind(name) === KIND.integer_literal) {
        return UNKNOWN;
    }
    const { holder } = of;
    if (holder === undefined) {
        const isOurs = walk.semantics.memberNames.fields.has(walk.tree.nameOf(name));
        if (isOurs) {
            walk.recordUnknown(name, role, "the type is not known", { flags: of.flags });
        } else {
            const symbols = [walk.program.external(`_::${walk.tree.nameOf(name)}`)];
            walk.record(name, role, { symbols, alias: false }, of.flags);
        }
        return UNKNOWN;
    }
    const text = walk.tree.nameOf(name);
    const constructed =
        of.scrutinee.k === "adt" &&
        holder.constructed.k === "adt" &&
        of.scrutinee.symbol === holder.constructed.symbol
            ? of.scrutinee
            : holder.constructed;
    const found = holder.symbols.flatMap((symbol) => {
        const field = walk.members.fieldOf(symbol, constructed, text);
        return field === undefined ? [] : [field];
    });
    const first = found[0];
    if (first === undefined) {
        walk.recordUnknown(name, role, `no field ${text} is seen on this type`, {
            flags: of.flags,
        });
        return UNKNOWN;
    }
    const symbols = found.flatMap((one) => one.symbols);
    walk.record(name, role, { symbols, alias: false }, of.flags);
    return first.type;
}
