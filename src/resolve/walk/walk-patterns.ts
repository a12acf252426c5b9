// Patterns: what they bind, and the constants, variants and fields that they name.

import { FLAG, KIND, ROLE } from "../../syntax/index.ts";
import { NS } from "../file-items.ts";
import { isFound, MAY_BE_HIDDEN, type Found, type Lookup } from "../lookup.ts";
import type { LocalInfo } from "../model.ts";
import { OCCURRENCE_FLAG } from "./occurrence-table.ts";
import { itemOf } from "../symbols.ts";
import { foundType, isOneDefinition } from "../types/type-lowering.ts";
import { UNKNOWN, peel, refTo, type Ty } from "../types/types.ts";
import type { Walk } from "./walk.ts";
import { CLASS } from "./walk.ts";
import { madeType } from "./made-types.ts";
import { typeOfPath } from "./walk-calls.ts";
import { stdVariant, visitPath, type PathMeaning } from "./walk-paths.ts";

/** How the names of one pattern are bound. */
export interface PatternContext {
    readonly kind: LocalInfo["kind"];
    /** Names bound so far in this pattern: alternatives of an or-pattern share their locals. */
    readonly bound: Map<string, number>;
    readonly conditional?: boolean;
    /** The pattern always fits (`let`, parameters, `for`): a plain name in it is no constant. */
    readonly irrefutable?: boolean;
    /** What the default binding mode has become on the way: names bind references, `mutable` or not. */
    readonly mode?: "ref" | "mut";
}

/** A scrutinee behind references, and the binding mode that going through them gives. */
interface Opened {
    readonly ty: Ty;
    readonly context: PatternContext;
}

/** Goes through references, as patterns that are no references do. */
function open(walk: Walk, ty: Ty, context: PatternContext): Opened {
    let at = walk.solver.known(ty);
    let { mode } = context;
    while (at.k === "ref") {
        mode = at.mutable && mode !== "ref" ? "mut" : "ref";
        at = walk.solver.known(at.inner);
    }
    return {
        ty: at,
        context:
            mode === context.mode
                ? context
                : { ...context, ...(mode === undefined ? {} : { mode }) },
    };
}

/** The type of a name bound in a mode. */
function boundType(ty: Ty, context: PatternContext): Ty {
    return context.mode === undefined ? ty : refTo(ty, context.mode === "mut");
}

function withoutMode(context: PatternContext): PatternContext {
    const { mode, ...rest } = context;
    return mode === undefined ? context : rest;
}

/** Visits a pattern that is matched against a type. */
export function visitPattern(walk: Walk, node: number, ty: Ty, context: PatternContext): void {
    if (walk.visitBroken(node)) {
        return;
    }
    switch (walk.kind(node)) {
        case KIND.identifier:
            visitBinding(walk, node, ty, context);
            return;
        case KIND.mut_pattern:
            visitInner(walk, node, ty, withoutMode(context));
            return;
        case KIND.ref_pattern: {
            const mutable = walk.tree.hasFlag(node, FLAG.mut);
            visitInner(walk, node, refTo(ty, mutable), withoutMode(context));
            return;
        }
        case KIND.reference_pattern: {
            const inner = walk.infer.fresh();
            walk.infer.unify(refTo(inner, walk.tree.hasFlag(node, FLAG.mut)), ty);
            visitInner(walk, node, inner, withoutMode(context));
            return;
        }
        case KIND.captured_pattern:
            visitCaptured(walk, node, ty, context);
            return;
        case KIND.or_pattern:
            patternChildren(walk, node).forEach((child) => {
                visitPattern(walk, child, ty, context);
            });
            return;
        case KIND.tuple_pattern:
            visitTuple(walk, node, ty, context);
            return;
        case KIND.slice_pattern:
            visitSlice(walk, node, ty, context);
            return;
        case KIND.tuple_struct_pattern:
            visitTupleStruct(walk, node, ty, context);
            return;
        case KIND.struct_pattern:
            visitStruct(walk, node, ty, context);
            return;
        case KIND.scoped_identifier: {
            const named = walk.infer.peel(
                typeOfPath(walk, visitPath(walk, node, NS.value, "pattern")),
            );
            walk.infer.unify(named, walk.infer.peel(ty));
            return;
        }
        case KIND.match_pattern:
            visitInner(walk, node, ty, context);
            return;
        case KIND.wildcard_pattern:
        case KIND.remaining_field_pattern:
            return;
        default: {
            // A literal says what it is compared with.
            const literal = walk.visit(node);
            walk.infer.unify(walk.infer.peel(literal), walk.infer.peel(ty));
        }
    }
}

function patternChildren(walk: Walk, node: number): number[] {
    return walk.tree
        .childrenOf(node)
        .filter((child) => walk.kind(child) !== KIND.mutable_specifier);
}

/** The pattern in another; `_` has no node, so that a guard can be the first child of an arm's. */
function visitInner(walk: Walk, node: number, ty: Ty, context: PatternContext): void {
    const inner = patternChildren(walk, node).find(
        (child) => walk.tree.columns.role[child] !== ROLE.condition,
    );
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
    const meaning = walk.lookupItem(name, NS.value);
    if (recordConstant(walk, node, meaning, context)) {
        return;
    }
    const doubt = doubtOf(walk, name, meaning, context) ?? variantDoubt(walk, name, ty);
    if (doubt === undefined) {
        bind(walk, node, ty, context);
    } else {
        walk.recordUnknown(node, "pattern", doubt);
        walk.defineDoubt(name, doubt);
    }
}

/**
 * Why a plain name cannot be a local, or may be none: the compiler denies one that a unit variant of its type has (E0170).
 */
function variantDoubt(walk: Walk, name: string, ty: Ty): string | undefined {
    const known = walk.infer.peel(ty);
    return mayHaveVariant(walk, known, name) ? NAMED_AS_VARIANT : undefined;
}

function mayHaveVariant(walk: Walk, known: Ty, name: string): boolean {
    const { members, byName } = walk.program;
    const isVariant = (one: number): boolean => isUnitVariant(walk, one);
    switch (known.k) {
        case "adt":
            return members.get(known.symbol)?.get(name)?.some(isVariant) === true;
        case "external":
            return STARTS_UPPER.test(name) && stdVariant(walk, known, name) !== undefined;
        case "var":
        case "unknown":
            return byName.get(name)?.some(isVariant) === true;
        default:
            return false;
    }
}

function isUnitVariant(walk: Walk, index: number): boolean {
    const symbol = walk.program.symbolAt(index);
    return symbol.kind === "variant" && itemOf(symbol)?.body === -1;
}

const NAMED_AS_VARIANT = "no pattern can bind the name of a variant of its type";

/** Records a name that means a constant, or a const parameter, which no pattern may be; whether it does. */
function recordConstant(
    walk: Walk,
    node: number,
    meaning: Lookup,
    context: PatternContext,
): boolean {
    const name = walk.tree.nameOf(node);
    const isShorthand = walk.kind(node) === KIND.shorthand_field_identifier;
    const flags = isShorthand ? OCCURRENCE_FLAG.shorthandValue : 0;
    const local = walk.findLocal(name, CLASS.value);
    if (local !== undefined && walk.locals[local]?.kind === "const-parameter") {
        walk.recordLocal(node, "pattern", local, flags);
        return true;
    }
    const item = findConstant(walk, name, meaning, context);
    if (item?.symbols.some((one) => isTupleStruct(walk, one)) === true) {
        walk.recordUnknown(node, "pattern", NO_BINDING, { flags });
        walk.defineDoubt(name, NO_BINDING);
    } else if (item !== undefined) {
        walk.record(node, "pattern", item, flags);
        if (item.globOf !== undefined && local !== undefined) {
            walk.defineDoubt(name, MAY_BE_HIDDEN);
        }
    }
    return item !== undefined;
}

function bind(walk: Walk, node: number, ty: Ty, context: PatternContext): void {
    const name = walk.tree.nameOf(node);
    const known = context.bound.get(name);
    const local =
        known ??
        walk.define(node, context.kind, {
            class: CLASS.value,
            ty: boundType(ty, context),
            conditional: context.conditional === true,
        });
    context.bound.set(name, local);
    const isShorthand = walk.kind(node) === KIND.shorthand_field_identifier;
    walk.recordLocal(node, "definition", local, isShorthand ? OCCURRENCE_FLAG.shorthandValue : 0);
}

/** Whether a symbol is a struct with fields in parentheses: it has no value that a pattern could be. */
function isTupleStruct(walk: Walk, index: number): boolean {
    const symbol = walk.program.symbolAt(index);
    return symbol.kind === "struct" && itemOf(symbol)?.body !== -1;
}

const NO_BINDING = "a pattern cannot bind the name of a tuple struct";

/** A constant, struct or variant that a plain name in a pattern means. */
function findConstant(
    walk: Walk,
    name: string,
    meaning: Lookup,
    context: PatternContext,
): Found | undefined {
    if (!isFound(meaning) || (context.irrefutable === true && meaning.globOf !== undefined)) {
        return undefined;
    }
    const symbols = constantsOf(walk, name, meaning.symbols);
    return symbols.length === 0 ? undefined : { ...meaning, symbols };
}

function constantsOf(walk: Walk, name: string, symbols: readonly number[]): readonly number[] {
    return symbols.filter((index) => {
        const symbol = walk.program.symbolAt(index);
        switch (symbol.kind) {
            case "const":
            case "static":
            case "variant":
                return true;
            case "struct":
                return true;
            case "external":
                // The name space of an external is not known: by convention only constants, variants and
                // unit structs begin with a capital.
                return STARTS_UPPER.test(name);
            default:
                return false;
        }
    });
}

const STARTS_UPPER = /^\p{Lu}/u;

/** Whether it is a constant of the workspace, whatever its name. */
function isOwnConstant(walk: Walk, index: number): boolean {
    const { external, name } = walk.program.symbolAt(index);
    return external === "" && constantsOf(walk, name, [index]).length > 0;
}

/**
 * Why a name may be a constant that is not seen, of a macro or a glob import; undefined where it is a
 * local: by convention constants begin with a capital, and locals do not, and what always matches is none.
 */
function doubtOf(
    walk: Walk,
    name: string,
    meaning: Lookup,
    context: PatternContext,
): string | undefined {
    if (!isFound(meaning) && meaning.outside?.some((one) => isOwnConstant(walk, one)) === true) {
        return meaning.reason;
    }
    if (context.irrefutable === true || !STARTS_UPPER.test(name)) {
        return undefined;
    }
    const isAbsent = isFound(meaning) || meaning.reason === `no ${name} in scope`;
    return isAbsent ? undefined : meaning.reason;
}

function visitCaptured(walk: Walk, node: number, ty: Ty, context: PatternContext): void {
    const [name, inner] = patternChildren(walk, node);
    // It is always a name of its own, but may not be one that a constant has: that is what it would be.
    if (name !== undefined) {
        const meaning = walk.lookupItem(walk.tree.nameOf(name), NS.value);
        if (!recordConstant(walk, name, meaning, context)) {
            bind(walk, name, ty, context);
        }
    }
    if (inner !== undefined) {
        visitPattern(walk, inner, ty, context);
    }
}

function visitTuple(walk: Walk, node: number, scrutinee: Ty, context: PatternContext): void {
    const children = patternChildren(walk, node);
    const { ty, context: inside } = open(walk, scrutinee, context);
    const hasRest = children.some((child) => isRest(walk, child));
    if (ty.k === "var" && !hasRest) {
        walk.infer.unify(ty, { k: "tuple", items: children.map(() => walk.infer.fresh()) });
    }
    const known = walk.infer.shallow(ty);
    visitParts(walk, children, known.k === "tuple" ? known.items : [], inside);
}

function isRest(walk: Walk, node: number): boolean {
    return walk.kind(node) === KIND.remaining_field_pattern;
}

/** Visits the parts of a pattern by position; those after `..` count from the end. */
function visitParts(
    walk: Walk,
    children: readonly number[],
    types: readonly Ty[],
    context: PatternContext,
): void {
    const rest = children.findIndex((child) => isRest(walk, child));
    const shift = rest === -1 ? 0 : types.length - children.length;
    children.forEach((child, i) => {
        const position = rest !== -1 && i > rest ? i + shift : i;
        const fits = rest !== -1 || children.length === types.length;
        visitPattern(walk, child, (fits ? types[position] : undefined) ?? UNKNOWN, context);
    });
}

function visitSlice(walk: Walk, node: number, scrutinee: Ty, context: PatternContext): void {
    const { ty, context: inside } = open(walk, scrutinee, context);
    const inner = ty.k === "slice" || ty.k === "array" ? ty.inner : UNKNOWN;
    for (const child of patternChildren(walk, node)) {
        const isPart =
            walk.kind(child) === KIND.captured_pattern &&
            patternChildren(walk, child).some((part) => isRest(walk, part));
        const part: Ty = inner.k === "unknown" ? UNKNOWN : { k: "slice", inner };
        visitPattern(walk, child, isPart ? part : inner, inside);
    }
}

function visitTupleStruct(walk: Walk, node: number, scrutinee: Ty, context: PatternContext): void {
    const type = walk.tree.findChild(node, "type");
    const meaning: PathMeaning =
        type === undefined ? {} : visitPath(walk, type, NS.value, "pattern");
    const { ty, context: inside } = open(walk, scrutinee, context);
    const { role } = walk.tree.columns;
    const children = patternChildren(walk, node).filter((child) => role[child] !== ROLE.type);
    visitParts(walk, children, tupleFields(walk, meaning, ty), inside);
}

/** Types of a tuple struct's or variant's fields, for a scrutinee of this type. */
function tupleFields(walk: Walk, meaning: PathMeaning, ty: Ty): readonly Ty[] {
    const symbols = meaning.found?.symbols ?? [];
    const symbol = symbols[0];
    if (symbol === undefined || !isOneDefinition(walk.semantics, symbols)) {
        return [];
    }
    const record = walk.program.symbolAt(symbol);
    if (record.external !== "") {
        return payload(walk, record.external, ty);
    }
    const through = throughAlias(walk, symbol);
    const made = madeType(walk, through, meaning.at, meaning.typeArgs);
    walk.infer.unify(made, ty);
    return walk.members.tupleFields(through, made);
}

/** What a variant of std holds, such as `Some(x)`. */
function payload(walk: Walk, path: string, ty: Ty): readonly Ty[] {
    const made = walk.semantics.std.constructorOf(path);
    if (made === undefined) {
        return [];
    }
    const { params, result } = walk.solver.instantiate(made, new Map());
    walk.infer.unify(result, ty);
    return params;
}

function visitStruct(walk: Walk, node: number, ty: Ty, context: PatternContext): void {
    const type = walk.tree.findChild(node, "type");
    const meaning: PathMeaning =
        type === undefined ? {} : visitPath(walk, type, NS.type, "pattern");
    const holder = fieldHolder(walk, meaning);
    const { ty: scrutinee, context: inside } = open(walk, ty, context);
    if (holder !== undefined) {
        walk.infer.unify(holder.constructed, scrutinee);
    }
    // The name of a projection is not seen: what it is matched with says what it is.
    const variant = type === undefined ? undefined : lastSegment(walk, type);
    const projection = holder === undefined ? walk.solver.known(scrutinee) : undefined;
    for (const field of walk.tree.childrenOf(node)) {
        if (walk.kind(field) === KIND.field_pattern) {
            visitField(walk, field, { holder, scrutinee, projection, variant }, inside);
        } else if (walk.kind(field) === KIND.attribute_item) {
            walk.visit(field);
        }
    }
}

/** The last segment of a path that has several. */
function lastSegment(walk: Walk, path: number): string | undefined {
    const name = walk.tree.findChild(path, "name");
    return name === undefined ? undefined : walk.tree.nameOf(name);
}

/** The struct, union or variant whose fields a literal or pattern names; its type only where it is ours. */
export interface FieldHolder {
    readonly symbols: readonly number[];
    readonly constructed: Ty;
}

/** Finds the holder of the fields from what the path means. */
export function fieldHolder(walk: Walk, meaning: PathMeaning): FieldHolder | undefined {
    const symbols = (meaning.found?.symbols ?? []).map((index) => throughAlias(walk, index));
    const first = symbols[0] ?? (meaning.at?.k === "adt" ? meaning.at.symbol : undefined);
    if (first === undefined) {
        return undefined;
    }
    if (walk.program.symbolAt(first).external !== "") {
        const isSure = symbols.every((one) => isForeign(walk, one));
        return isSure && meaning.found?.globOf === undefined
            ? { symbols, constructed: UNKNOWN }
            : undefined;
    }
    const constructed = madeType(
        walk,
        first,
        meaning.at ?? aliased(walk, meaning),
        meaning.typeArgs,
    );
    return { symbols: symbols.length === 0 ? [first] : symbols, constructed };
}

/** Whether a symbol is somebody else's, and not only taken for it because nothing of that name is seen here. */
function isForeign(walk: Walk, index: number): boolean {
    const { external } = walk.program.symbolAt(index);
    return external !== "" && !external.startsWith("_::");
}

/** The type that an alias stands for, where the path names one. */
function aliased(walk: Walk, meaning: PathMeaning): Ty | undefined {
    const index = meaning.found?.symbols[0];
    return index !== undefined && walk.program.symbolAt(index).kind === "type-alias"
        ? foundType(walk.semantics, { symbols: [index], alias: true }, meaning.typeArgs ?? [])
        : undefined;
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
    of: {
        readonly holder: FieldHolder | undefined;
        readonly scrutinee: Ty;
        /** What may be a projection of a pinned type. */
        readonly projection: Ty | undefined;
        /** The variant that the pattern names. */
        readonly variant: string | undefined;
    },
    context: PatternContext,
): void {
    const name = walk.tree.findChild(field, "name");
    if (name === undefined) {
        return;
    }
    const isShorthand = walk.kind(name) === KIND.shorthand_field_identifier;
    const flags = isShorthand ? OCCURRENCE_FLAG.shorthandField : 0;
    const projected =
        of.projection === undefined
            ? undefined
            : walk.members.projectedField(of.projection, walk.tree.nameOf(name), of.variant);
    if (projected !== undefined) {
        walk.record(name, "pattern-field", projected, flags);
    }
    const { holder, scrutinee } = of;
    const type =
        projected?.type ?? recordField(walk, name, "pattern-field", { holder, scrutinee, flags });
    const pattern = walk.tree.findChild(field, "pattern");
    if (isShorthand) {
        // `ref x` and `mut x` bind in their own way, whatever the pattern around is matched with.
        const isRef = walk.tree.hasFlag(field, FLAG.ref);
        const isMut = walk.tree.hasFlag(field, FLAG.mut);
        const bound = isRef ? refTo(type, isMut) : type;
        visitBinding(walk, name, bound, isRef || isMut ? withoutMode(context) : context);
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
    const isElse = holder?.symbols.every((one) => isForeign(walk, one)) === true;
    if (holder === undefined || isElse) {
        const isOurs = walk.semantics.memberNames.fields.has(walk.tree.nameOf(name));
        if (isOurs && !isElse) {
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
    const symbols = [...new Set(found.flatMap((one) => one.symbols))];
    walk.record(name, role, { symbols, alias: false }, of.flags);
    return first.type;
}
