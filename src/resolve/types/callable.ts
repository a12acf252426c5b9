// The interface of what can be called: functions, closures, and types that are bound by `Fn` and its like.

import { isCallable } from "./bounds.ts";
import type { TraitSolver } from "./trait-solver.ts";
import { UNKNOWN, type BoundTrait, type Ty } from "./types.ts";

/** Parameters and result of a call. */
export interface Interface {
    readonly params: readonly Ty[];
    readonly result: Ty;
}

/** What a place asks of a closure that stands there; undefined when nothing. */
export function expectedInterface(solver: TraitSolver, ty: Ty): Interface | undefined {
    const head = solver.infer.shallow(ty);
    switch (head.k) {
        case "function":
            return head;
        case "bound":
            return interfaceOf(solver, head.traits);
        case "var":
            return interfaceOf(solver, solver.waitingFor(head));
        default:
            return undefined;
    }
}

/** The interface of a value that is called; undefined when it is not known. */
export function calledInterface(solver: TraitSolver, ty: Ty): Interface | undefined {
    const head = solver.known(ty);
    switch (head.k) {
        case "function":
            return head;
        case "ref":
            return calledInterface(solver, head.inner);
        case "bound":
            return interfaceOf(solver, head.traits);
        case "param":
        case "projection":
            return interfaceOf(solver, solver.boundsOn(head).traits);
        case "external":
            // Box, Rc, Arc: what they hold is called.
            return head.args[0] === undefined ? undefined : calledInterface(solver, head.args[0]);
        default:
            return undefined;
    }
}

function interfaceOf(solver: TraitSolver, traits: readonly BoundTrait[]): Interface | undefined {
    for (const trait of traits) {
        const items = trait.args[0] === undefined ? UNKNOWN : solver.infer.shallow(trait.args[0]);
        if (items.k === "tuple" && isCallable(solver.semantics, trait)) {
            const output = trait.bindings.find((one) => one.name === "Output")?.ty;
            return { params: items.items, result: output ?? UNKNOWN };
        }
    }
    return undefined;
}
