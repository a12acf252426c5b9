// In which order operations are made: what frees a name before what takes it, a container before what it
// holds, otherwise as the patch says. What needs each other cannot be ordered.

import { refuse, type Refusal } from "../base/index.ts";
import type { Resolution } from "../resolve/index.ts";
import type { Operation } from "./model.ts";
import { targetAt } from "./select-items.ts";

/** Operations in the order in which they are made. */
export interface Ordered {
    readonly kind: "ordered";
    readonly operations: readonly Operation[];
}

interface Placed {
    readonly operation: Operation;
    /** Key of the scope whose names it changes. */
    readonly scope: string;
    /** Ancestors of the item, as scopes. */
    readonly symbol: number | undefined;
    readonly ancestors: ReadonlySet<number>;
}

/** Orders operations that were matched in one state. */
export function orderOperations(
    resolution: Resolution,
    operations: readonly Operation[],
): Ordered | Refusal {
    const all = operations.map((operation) => place(resolution, operation));
    const waits = all.map((one) => new Set(before(one, all)));
    const order: Operation[] = [];
    const left = new Set(all.keys());
    while (left.size > 0) {
        const next = [...left].find((at) =>
            [...(waits[at] ?? [])].every((other) => !left.has(other)),
        );
        if (next === undefined) {
            return cycle([...left].flatMap((at) => all[at]?.operation ?? []));
        }
        left.delete(next);
        order.push(...operations.slice(next, next + 1));
    }
    return { kind: "ordered", operations: order };
}

/** Positions of the operations that come before one. */
function before(one: Placed, all: readonly Placed[]): number[] {
    const { newName } = one.operation;
    return [...all.entries()].flatMap(([at, other]) => {
        const frees =
            newName !== undefined &&
            other !== one &&
            other.scope === one.scope &&
            other.operation.newName !== undefined &&
            other.operation.oldName === newName;
        const holds = other.symbol !== undefined && one.ancestors.has(other.symbol);
        return frees || holds ? [at] : [];
    });
}

function place(resolution: Resolution, operation: Operation): Placed {
    const target = targetAt(resolution, operation.tracked);
    if (target?.kind !== "symbol") {
        const { file, start } = operation.tracked;
        return { operation, scope: `${file}:${start}`, symbol: undefined, ancestors: new Set() };
    }
    const ancestors = new Set<number>();
    let at = resolution.symbol(target.symbol).parent;
    const scope = `symbol ${at ?? ""}`;
    while (at !== undefined) {
        ancestors.add(at);
        at = resolution.symbol(at).parent;
    }
    return { operation, scope, symbol: target.symbol, ancestors };
}

function cycle(operations: readonly Operation[]): Refusal {
    const said = operations.map(({ path, newName }) => `${path} → ${newName ?? ""}`);
    return refuse("PATCH_CYCLE", "each of these names is to be free before the other", {
        candidates: said,
        advice: "give one of them a third name first, in a pattern of its own, and bind it",
    });
}
