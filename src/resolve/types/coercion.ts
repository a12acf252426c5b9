// What a value's type says of the type that its place asks for, and the reverse: unification where that
// holds, and the coercions of the language where it does not.
//
// Source: the Rust reference, "Type coercions". A coercion that is not understood teaches nothing.

import type { MemberFinder } from "./method-lookup.ts";
import type { TraitSolver } from "./trait-solver.ts";
import type { Ty } from "./types.ts";

const DEREF_STEPS_MAX = 6;

/** Lets a value of one type stand where another is asked for. */
export function coerce(solver: TraitSolver, members: MemberFinder, from: Ty, to: Ty): void {
    const { infer } = solver;
    const actual = infer.shallow(from);
    const wanted = infer.shallow(to);
    if (actual.k === "primitive" && actual.name === "!") {
        return;
    }
    if (actual.k === "ref" && wanted.k === "ref") {
        coerceReference(solver, members, actual.inner, wanted.inner);
        return;
    }
    if (wanted.k === "pointer" && actual.k === "ref") {
        infer.unify(actual.inner, wanted.inner);
        return;
    }
    infer.unify(actual, wanted);
}

/** `&T` to `&U`: equal, or reached by deref, or unsized. */
function coerceReference(solver: TraitSolver, members: MemberFinder, from: Ty, to: Ty): void {
    const { infer } = solver;
    const wanted = infer.shallow(to);
    if (wanted.k === "var" || wanted.k === "unknown") {
        infer.unify(from, wanted);
        return;
    }
    if (wanted.k === "bound") {
        return;
    }
    let at: Ty | undefined = infer.shallow(from);
    for (let step = 0; step < DEREF_STEPS_MAX && at !== undefined; step++) {
        if (at.k === "var" || infer.canUnify(at, wanted)) {
            infer.unify(at, wanted);
            return;
        }
        if (at.k === "array" && wanted.k === "slice") {
            infer.unify(at.inner, wanted.inner);
            return;
        }
        const next: Ty | undefined = members.deref(at);
        at = next === undefined ? undefined : infer.shallow(next);
    }
}
