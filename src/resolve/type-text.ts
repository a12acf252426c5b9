// Types as canonical text: independent of impl blocks, aliases and parameter names of others.

import { displayOf } from "./symbol-paths.ts";
import type { Semantics } from "./semantics.ts";
import type { BoundTrait, Ty } from "./types.ts";

/** Renders a type. Parameters keep their own names; what is not known is `_`. */
export function renderType(semantics: Semantics, ty: Ty): string {
    const render = (one: Ty): string => renderType(semantics, one);
    switch (ty.k) {
        case "adt":
            return displayOf(semantics, ty.symbol) + renderArgs(semantics, ty.args);
        case "external":
            return semantics.program.symbolAt(ty.symbol).external + renderArgs(semantics, ty.args);
        case "ref":
            return `&${render(ty.inner)}`;
        case "pointer":
            return `*${render(ty.inner)}`;
        case "slice":
            return `[${render(ty.inner)}]`;
        case "tuple":
            return `(${ty.items.map(render).join(", ")})`;
        case "primitive":
        case "param":
            return ty.name;
        case "function":
            return `fn -> ${render(ty.result)}`;
        case "future":
            return `async ${render(ty.inner)}`;
        case "bound":
            return `dyn ${ty.traits.map((trait) => renderTrait(semantics, trait)).join(" + ")}`;
        default:
            return "_";
    }
}

/** Renders a trait with its arguments. */
export function renderTrait(semantics: Semantics, trait: BoundTrait): string {
    const symbol = semantics.program.symbolAt(trait.symbol);
    const name = symbol.external === "" ? displayOf(semantics, trait.symbol) : symbol.external;
    return name + renderArgs(semantics, trait.args);
}

function renderArgs(semantics: Semantics, args: readonly Ty[]): string {
    return args.length === 0 ? "" : `<${args.map((one) => renderType(semantics, one)).join(", ")}>`;
}
