// Calls that no token names, from evidence to this session's symbols.

import type { NodeId } from "../../graph/index.ts";
import { NO_IMPLICIT_CALLS, type ImplicitCalls } from "../resolution-source.ts";
import type { LiveCall, LiveTarget } from "./evidence.ts";
import type { JoinSource } from "./join-table.ts";

/** Joins the calls of a file. One whose ends are not all known now is left out. */
export function joinCalls(
    calls: readonly LiveCall[],
    source: Pick<JoinSource, "findById" | "external">,
): ImplicitCalls {
    if (calls.length === 0) {
        return NO_IMPLICIT_CALLS;
    }
    const rows = new Map<string, readonly [number, number, number]>();
    for (const { owner, callee, cause } of calls) {
        for (const from of symbolsOf(owner, source)) {
            for (const to of symbolsOf(callee, source)) {
                rows.set(`${from} ${to} ${cause}`, [from, to, cause]);
            }
        }
    }
    const all = [...rows.values()];
    return {
        source: Uint32Array.from(all, (row) => row[0]),
        target: Uint32Array.from(all, (row) => row[1]),
        cause: Uint8Array.from(all, (row) => row[2]),
    };
}

function symbolsOf(
    target: LiveTarget,
    source: Pick<JoinSource, "findById" | "external">,
): readonly number[] {
    if (target.kind === "outside") {
        return [source.external(target.path)];
    }
    const found =
        target.kind === "symbols"
            ? target.ids.map((id) => source.findById(BigInt(`0x${id}`) as NodeId))
            : [];
    return found.every((one) => one !== undefined) ? found : [];
}
