// Paths of symbols: as a person writes them, and canonical, for ids; and types as canonical text, which is
// independent of impl blocks, aliases and the parameter names of others.

import type { CanonicalPath, Namespace, PathOrigin, PathSegment } from "../graph/index.ts";
import { NS } from "./file-items.ts";
import type { Program } from "./program.ts";
import type { Meaning } from "./meaning.ts";
import type { BoundTrait, Ty } from "./types/types.ts";
import { allOf } from "./cfg.ts";
import type { Sym } from "./symbols.ts";

/** Path as a person writes it: `krate::module::Type::method`, `<Type as Trait>::method`. */
export function displayOf(meaning: Meaning, index: number): string {
    const { program } = meaning;
    const symbol = program.symbolAt(index);
    if (symbol.external !== "") {
        return symbol.external;
    }
    if (symbol.parent === -1) {
        return symbol.name;
    }
    if (symbol.kind === "impl") {
        return implDisplay(meaning, index);
    }
    return `${displayOf(meaning, symbol.parent)}::${symbol.name}`;
}

function implDisplay(meaning: Meaning, index: number): string {
    const impl = meaning.implOf(index);
    if (impl === undefined) {
        return "<_>";
    }
    if (!impl.isTraitImpl) {
        return impl.self.k === "adt"
            ? displayOf(meaning, impl.self.symbol)
            : `<${renderType(meaning, impl.self)}>`;
    }
    const trait = impl.trait === undefined ? "_" : renderTrait(meaning, impl.trait);
    return `<${renderType(meaning, impl.self)} as ${trait}>`;
}

/** Header of an impl as text. */
export function implHeader(meaning: Meaning, index: number): string {
    const impl = meaning.implOf(index);
    if (impl === undefined) {
        return "impl _";
    }
    const self = renderType(meaning, impl.self);
    if (!impl.isTraitImpl) {
        return `impl ${self}`;
    }
    const trait = impl.trait === undefined ? "_" : renderTrait(meaning, impl.trait);
    return `impl ${trait} for ${self}`;
}

/** The canonical path of a symbol, ordinals left out. */
export function canonicalOf(meaning: Meaning, index: number): CanonicalPath {
    const { program } = meaning;
    const symbol = program.symbolAt(index);
    if (symbol.external !== "") {
        return externalPath(symbol);
    }
    const segments: PathSegment[] = [];
    for (let at = symbol; at.parent !== -1; at = program.symbolAt(at.parent)) {
        if (at.kind === "impl") {
            // A type's members hang below the crate, wherever the impl block stands.
            prependImpl(meaning, at, segments);
            break;
        }
        segments.unshift(segment(at, at.name, at.cfg));
    }
    return { origin: originOf(program, symbol), segments };
}

/** A trait impl is a step of its own; an inherent impl is its type, and its predicate goes to the member. */
function prependImpl(meaning: Meaning, impl: Sym, segments: PathSegment[]): void {
    const isTraitImpl = meaning.implOf(impl.index)?.isTraitImpl === true;
    const member = segments[0];
    const name = implDisplay(meaning, impl.index);
    if (isTraitImpl || member === undefined) {
        segments.unshift(segment(impl, name, impl.cfg));
        return;
    }
    if (impl.cfg !== "") {
        segments[0] = { ...member, cfg: allOf(member.cfg ?? "", impl.cfg) };
    }
    segments.unshift(segment(impl, name, ""));
}

function segment(symbol: Sym, name: string, cfg: string): PathSegment {
    const base = { kind: symbol.kind, namespace: namespaceOf(symbol), name };
    return cfg === "" ? base : { ...base, cfg };
}

function namespaceOf(symbol: Sym): Namespace {
    if ((symbol.namespaces & NS.type) !== 0) {
        return "type";
    }
    if ((symbol.namespaces & NS.value) !== 0) {
        return "value";
    }
    return (symbol.namespaces & NS.macro) !== 0 ? "macro" : "none";
}

function originOf(program: Program, symbol: Sym): PathOrigin {
    const crate = program.crateOfSymbol.get(symbol.crate);
    const pkg = crate === undefined ? undefined : program.model.packages[crate.package];
    return {
        kind: "workspace",
        folder: pkg === undefined || pkg.folder === "" ? "." : pkg.folder,
        package: pkg?.name ?? "",
        targetKind: crate?.targetKind ?? "",
        targetName: crate?.targetName ?? "",
    };
}

function externalPath(symbol: Sym): CanonicalPath {
    const [first = "", ...rest] = symbol.external.split("::");
    return {
        origin: { kind: "external", package: first, version: "", source: "" },
        segments: rest.map((name) => ({ kind: "external", namespace: "none", name })),
    };
}

/** Renders a type. Parameters keep their own names; what is not known is `_`. */
export function renderType(meaning: Meaning, ty: Ty): string {
    const render = (one: Ty): string => renderType(meaning, one);
    switch (ty.k) {
        case "adt":
            return displayOf(meaning, ty.symbol) + renderArgs(meaning, ty.args);
        case "external":
            return (
                meaning.program.symbolAt(ty.symbol).external +
                renderArgs(meaning, meaning.writtenArguments(ty))
            );
        case "ref":
            return `&${ty.mutable ? "mut " : ""}${render(ty.inner)}`;
        case "pointer":
            return `*${render(ty.inner)}`;
        case "slice":
            return `[${render(ty.inner)}]`;
        case "array":
            return `[${render(ty.inner)}; _]`;
        case "tuple":
            return `(${ty.items.map(render).join(", ")})`;
        case "primitive":
        case "param":
            return ty.name;
        case "function":
            return `fn(${ty.params.map(render).join(", ")}) -> ${render(ty.result)}`;
        case "future":
            return `async ${render(ty.inner)}`;
        case "bound":
            return `${ty.form} ${ty.traits.map((trait) => renderTrait(meaning, trait)).join(" + ")}`;
        case "projection":
            return `<${render(ty.self)} as ${ty.trait === undefined ? "_" : renderTrait(meaning, ty.trait)}>::${ty.name}`;
        case "var":
        case "unknown":
            return "_";
    }
}

/** Renders a trait with its arguments. */
export function renderTrait(meaning: Meaning, trait: BoundTrait): string {
    const symbol = meaning.program.symbolAt(trait.symbol);
    const name = symbol.external === "" ? displayOf(meaning, trait.symbol) : symbol.external;
    return name + renderArgs(meaning, trait.args);
}

function renderArgs(meaning: Meaning, args: readonly Ty[]): string {
    // Arguments that have defaults are not written: they are not known at the end of the list.
    let length = args.length;
    while (length > 0 && args[length - 1]?.k === "unknown") {
        length -= 1;
    }
    const written = args.slice(0, length).map((one) => renderType(meaning, one));
    return length === 0 ? "" : `<${written.join(", ")}>`;
}
