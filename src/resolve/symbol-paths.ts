// Paths of symbols: as a person writes them, and canonical, for ids.

import type { CanonicalPath, Namespace, PathOrigin, PathSegment } from "../graph/index.ts";
import { NS } from "./file-items.ts";
import type { Program } from "./program.ts";
import type { Semantics } from "./semantics.ts";
import { allOf } from "./cfg.ts";
import type { Sym } from "./symbols.ts";
import { renderTrait, renderType } from "./type-text.ts";

/** Path as a person writes it: `krate::module::Type::method`, `<Type as Trait>::method`. */
export function displayOf(semantics: Semantics, index: number): string {
    const { program } = semantics;
    const symbol = program.symbolAt(index);
    if (symbol.external !== "") {
        return symbol.external;
    }
    if (symbol.parent === -1) {
        return symbol.name;
    }
    if (symbol.kind === "impl") {
        return implDisplay(semantics, index);
    }
    return `${displayOf(semantics, symbol.parent)}::${symbol.name}`;
}

function implDisplay(semantics: Semantics, index: number): string {
    const impl = semantics.impls.of(index);
    if (impl === undefined) {
        return "<_>";
    }
    if (!impl.isTraitImpl) {
        return impl.self.k === "adt"
            ? displayOf(semantics, impl.self.symbol)
            : `<${renderType(semantics, impl.self)}>`;
    }
    const trait = impl.trait === undefined ? "_" : renderTrait(semantics, impl.trait);
    return `<${renderType(semantics, impl.self)} as ${trait}>`;
}

/** Header of an impl as text. */
export function implHeader(semantics: Semantics, index: number): string {
    const impl = semantics.impls.of(index);
    if (impl === undefined) {
        return "impl _";
    }
    const self = renderType(semantics, impl.self);
    if (!impl.isTraitImpl) {
        return `impl ${self}`;
    }
    const trait = impl.trait === undefined ? "_" : renderTrait(semantics, impl.trait);
    return `impl ${trait} for ${self}`;
}

/** The canonical path of a symbol, ordinals left out. */
export function canonicalOf(semantics: Semantics, index: number): CanonicalPath {
    const { program } = semantics;
    const symbol = program.symbolAt(index);
    if (symbol.external !== "") {
        return externalPath(symbol);
    }
    const segments: PathSegment[] = [];
    for (let at = symbol; at.parent !== -1; at = program.symbolAt(at.parent)) {
        if (at.kind === "impl") {
            // A type's members hang below the crate, wherever the impl block stands.
            prependImpl(semantics, at, segments);
            break;
        }
        segments.unshift(segment(at, at.name, at.cfg));
    }
    return { origin: originOf(program, symbol), segments };
}

/** A trait impl is a step of its own; an inherent impl is its type, and its predicate goes to the member. */
function prependImpl(semantics: Semantics, impl: Sym, segments: PathSegment[]): void {
    const isTraitImpl = semantics.impls.of(impl.index)?.isTraitImpl === true;
    const member = segments[0];
    const name = implDisplay(semantics, impl.index);
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
    const crate = program.crates.find((one) => one.symbol === symbol.crate);
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
