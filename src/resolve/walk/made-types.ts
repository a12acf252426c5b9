// Types as a body uses them: what literals and constructors make, with what is not written left open.

import { UNKNOWN, type Ty } from "../types/types.ts";
import type { Walk } from "./walk.ts";

/** The type that a struct, union or variant makes, its arguments open where they are not written. */
export function madeType(
    walk: Walk,
    index: number,
    at: Ty | undefined,
    typeArgs: readonly Ty[] | undefined,
): Ty {
    const { semantics, infer } = walk;
    const own = semantics.constructedType(index);
    if (own.k !== "adt") {
        return UNKNOWN;
    }
    if (at?.k === "adt" && at.symbol === own.symbol) {
        return openArguments(walk, at);
    }
    const args = own.args.map((_, i) => typeArgs?.[i] ?? infer.fresh());
    return { ...own, args };
}

/** Fills in the arguments that a written type leaves out. */
export function openArguments(walk: Walk, ty: Ty): Ty {
    if (ty.k !== "adt" && ty.k !== "external") {
        return ty;
    }
    const names = walk.semantics.parameterNames(ty.symbol);
    const args = names.map((_, i) => {
        const given = ty.args[i];
        return given === undefined || given.k === "unknown" ? walk.infer.fresh() : given;
    });
    return { ...ty, args };
}
