// Paths of symbols as a person writes them; and types as canonical text, which is independent of impl
// blocks, aliases and the parameter names of others.

import type { Meaning } from "./meaning.ts";
import type { BoundTrait, Ty } from "./types/types.ts";

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
