// Answers the request about affected tests. What it stands on is heavy and loaded when it is first asked.

import type { Refusal } from "../base/index.ts";
import type { AffectedParams, AffectedResult } from "../protocol/index.ts";
import type { Engine, RequestContext } from "./engine.ts";

/** Captures what is saved, and tells which tests the changes since a revision may affect. */
export async function findAffected(
    engine: Engine,
    context: RequestContext,
    params: AffectedParams,
): Promise<AffectedResult | Refusal> {
    await engine.ready;
    await engine.apply({ kind: "disk", paths: [] });
    return engine.query(context, async (view) => {
        const { measureAffected } = await import("./affected/measure-affected.ts");
        return measureAffected(view, params, context.signal);
    });
}
