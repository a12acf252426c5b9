// The control flow of an item as an answer: its blocks with their lines, what follows each, and what can be
// reached from where.

import { refuse, type Refusal } from "../base/index.ts";
import { bfs, buildCsr, CsrGraph, kindMask } from "../csr/index.ts";
import { blockNodeId, edgeKindCode, formatNodeId, type NodeId } from "../graph/index.ts";
import type { FlowBodyDto, FlowParams, FlowResult } from "../protocol/index.ts";
import type { FlowBody, FlowOfItem, StoredFlow } from "../resolve/index.ts";
import { describeSymbol, placeAt } from "./describe.ts";
import { selectTarget, twinsOf } from "./select-target.ts";
import type { View } from "./view.ts";

/** A shard that speaks of the asked item's crate, and whether it may be believed now. */
export interface FlowSource {
    readonly shard: StoredFlow;
    /** The definitions that the crate depends on are what they were. */
    readonly holds: boolean;
}

/** What an answer is made with. */
export interface FlowParts {
    /** Shards of a crate, by its symbol. */
    readonly sourcesOf: (view: View, crate: number) => Promise<readonly FlowSource[]>;
    readonly flowOf: (view: View, shard: StoredFlow, id: NodeId) => Promise<FlowOfItem>;
}

const CONTROL_FLOW = edgeKindCode("control-flow");
const ADVICE = "capture with `capture --rustc --mir --trust`";

/** Answers the flow request. */
export async function showFlow(
    view: View,
    params: FlowParams,
    parts: FlowParts,
): Promise<FlowResult | Refusal> {
    const chosen = selectTarget(view, params.symbol);
    if (chosen.kind === "refusal") {
        return chosen;
    }
    const { target } = chosen;
    if (target.kind === "local") {
        return refuse("FLOW_NONE", `\`${target.local.name}\` is a ${target.local.kind}`, {
            advice: "ask for the flow of a function, a const or a static",
        });
    }
    let isStale = false;
    for (const symbol of twinsOf(view, target.symbol)) {
        const { crate, id } = view.resolution.symbol(symbol);
        for (const { shard, holds } of crate === undefined
            ? []
            : await parts.sourcesOf(view, crate)) {
            const found = await parts.flowOf(view, shard, id);
            isStale ||= found.kind === "stale" || (found.kind === "flow" && !holds);
            if (found.kind === "flow" && holds) {
                return describeFlow(view, symbol, params, { bodies: found.bodies, shard });
            }
        }
    }
    const { display } = view.resolution.symbol(target.symbol);
    return isStale
        ? refuse("FLOW_STALE", `\`${display}\` has changed since its control flow was captured`, {
              advice: ADVICE,
          })
        : refuse("FLOW_NONE", `no control flow of \`${display}\` is kept`, { advice: ADVICE });
}

function describeFlow(
    view: View,
    symbol: number,
    { from = 0 }: FlowParams,
    { bodies, shard }: { readonly bodies: readonly FlowBody[]; readonly shard: StoredFlow },
): FlowResult | Refusal {
    const own = bodies.find((body) => body.part === "");
    const count = own?.sites.length ?? 0;
    if (!Number.isInteger(from) || from < 0 || (from > 0 && from >= count)) {
        return refuse("FLOW_NO_BLOCK", `there is no block ${from}`, {
            advice: `blocks are numbered from 0 to ${Math.max(0, count - 1)}`,
        });
    }
    const { id } = view.resolution.symbol(symbol);
    return {
        symbol: describeSymbol(view, symbol),
        configurations: shard.header.configurations,
        shard: shard.hash,
        from,
        bodies: bodies.map((body) => describeBody(view, body, graphOf(id, body, shard.hash), from)),
    };
}

/** A body's blocks and edges, as every graph is searched. */
function graphOf(owner: NodeId, body: FlowBody, root: string): CsrGraph {
    const count = body.sites.length;
    const csr = buildCsr(count, {
        sources: body.edgeFrom,
        targets: body.edgeTo,
        kinds: new Uint8Array(body.edgeFrom.length).fill(CONTROL_FLOW),
    });
    const ids = BigUint64Array.from(body.sites, (_, block) => blockNodeId(owner, body.part, block));
    return new CsrGraph(csr, root, ids);
}

function describeBody(view: View, body: FlowBody, graph: CsrGraph, from: number): FlowBodyDto {
    const { csr, nodeIds } = graph;
    const start = body.part === "" ? from : 0;
    const found =
        csr.nodeCount === 0 ? undefined : bfs(csr, start, { kinds: kindMask([CONTROL_FLOW]) });
    return {
        part: body.part,
        blocks: body.sites.map((site, block) => ({
            id: formatNodeId((nodeIds[block] ?? 0n) as NodeId),
            number: block,
            at: site === undefined ? undefined : placeAt(view, site.path, site.start),
            next: [...csr.columns.subarray(csr.rowOffsets[block], csr.rowOffsets[block + 1])],
            distance: found?.dist[block] ?? -1,
        })),
    };
}
