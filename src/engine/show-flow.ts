// The control flow of an item as an answer: its blocks with their lines, what follows each, and what can be
// reached from where.

import { refuse, type Refusal } from "../base/index.ts";
import { CsrGraph, dominatorsOf, kindMask } from "../csr/index.ts";
import { blockNodeId, edgeKindCode, formatNodeId, type NodeId } from "../graph/index.ts";
import type { FlowBodyDto, FlowParams, FlowPassedDto, FlowResult } from "../protocol/index.ts";
import type { FlowBody, FlowOfItem, StoredFlow } from "../resolve/index.ts";
import { describeSymbol, placeAt } from "./describe.ts";
import { selectTarget, twinsOf } from "./select-target.ts";
import { traversalHere } from "./traversal-here.ts";
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
    { from = 0, to }: FlowParams,
    { bodies, shard }: { readonly bodies: readonly FlowBody[]; readonly shard: StoredFlow },
): FlowResult | Refusal {
    const own = bodies.find((body) => body.part === "");
    const count = own?.sites.length ?? 0;
    for (const block of [from, to !== undefined && "block" in to ? to.block : 0]) {
        if (!Number.isInteger(block) || block < 0 || (block > 0 && block >= count)) {
            return refuse("FLOW_NO_BLOCK", `there is no block ${block}`, {
                advice: `blocks are numbered from 0 to ${Math.max(0, count - 1)}`,
            });
        }
    }
    const { id } = view.resolution.symbol(symbol);
    const searched = bodies.map((body) =>
        searchBody(view, body, graphOf(id, body, shard.hash), from),
    );
    const passed = to === undefined ? undefined : findPassed(searched, to);
    if (passed?.length === 0) {
        return refuse("FLOW_NO_BLOCK", "no block stands on that line or before it", {
            advice: "ask for a line of the item's body",
        });
    }
    return {
        symbol: describeSymbol(view, symbol),
        configurations: shard.header.configurations,
        shard: shard.hash,
        from,
        bodies: searched.map(({ dto }) => dto),
        ...(passed === undefined ? {} : { passed }),
    };
}

/** A body's blocks and edges, as every graph is searched. */
function graphOf(owner: NodeId, body: FlowBody, root: string): CsrGraph {
    const count = body.sites.length;
    const csr = traversalHere().buildCsr(count, {
        sources: body.edgeFrom,
        targets: body.edgeTo,
        kinds: new Uint8Array(body.edgeFrom.length).fill(CONTROL_FLOW),
    });
    const ids = BigUint64Array.from(body.sites, (_, block) => blockNodeId(owner, body.part, block));
    return new CsrGraph(csr, root, ids);
}

/** A body with what a search of it found. */
interface SearchedBody {
    readonly dto: FlowBodyDto;
    readonly idoms: Int32Array;
}

function searchBody(view: View, body: FlowBody, graph: CsrGraph, from: number): SearchedBody {
    const { csr, nodeIds } = graph;
    const traversal = traversalHere();
    const kinds = kindMask([CONTROL_FLOW]);
    const entries = csr.nodeCount === 0 ? [] : [body.part === "" ? from : 0];
    const { dist } = traversal.bfs(csr, entries, { kinds });
    const idoms = traversal.dominators(csr, entries, kinds);
    const blocks = body.sites.map((site, block) => {
        const idom = idoms[block] ?? -1;
        return {
            id: formatNodeId((nodeIds[block] ?? 0n) as NodeId),
            number: block,
            at: site === undefined ? undefined : placeAt(view, site.path, site.start),
            next: [...csr.columns.subarray(csr.rowOffsets[block], csr.rowOffsets[block + 1])],
            distance: dist[block] ?? -1,
            ...(idom < 0 ? {} : { dominator: idom }),
        };
    });
    return { dto: { part: body.part, blocks }, idoms };
}

/** What every way to a block passes; to a line, for each block that stands there, or else the last before it. */
function findPassed(
    bodies: readonly SearchedBody[],
    to: NonNullable<FlowParams["to"]>,
): FlowPassedDto[] {
    const own = bodies.filter(({ dto }) => dto.part === "");
    const chosen =
        "block" in to
            ? own.map((body) => ({ body, block: to.block }))
            : blocksOnLine(bodies, to.line);
    return chosen.map(({ body, block }) => {
        const dominators = dominatorsOf(body.idoms, block);
        const blocks = dominators === undefined ? [] : [...dominators].reverse().concat(block);
        return { part: body.dto.part, to: block, blocks };
    });
}

function blocksOnLine(
    bodies: readonly SearchedBody[],
    line: number,
): { readonly body: SearchedBody; readonly block: number }[] {
    const placed = bodies.flatMap((body) =>
        body.dto.blocks.flatMap(({ number, at }) =>
            at === undefined || at.line > line ? [] : [{ body, block: number, line: at.line }],
        ),
    );
    // A call's block begins with the statements before it: then the line has none of its own.
    const last = placed.reduce((most, each) => Math.max(most, each.line), 0);
    return placed.filter((each) => each.line === last);
}
