// Answers about the past of the graph: states, differences, proofs, verification, ripples of then.

import { compareText, refuse, type Refusal } from "../base/index.ts";
import { flagNames, NODE_FLAG, type GraphNode } from "../graph/index.ts";
import {
    formatGrowthFile,
    formatProofFile,
    type DifferentEdge,
    type GraphSnapshot,
    type HistoryPosition,
} from "../graphstore/index.ts";
import { monotonicMs } from "../platform/index.ts";
import type {
    DiffParams,
    DiffResult,
    HistoryPointDto,
    ImpactParams,
    ImpactResult,
    PastEdgeDto,
    GrowthParams,
    GrowthResult,
    ProofParams,
    ProofResult,
    ReachedDto,
    SnapshotParams,
    SnapshotResult,
    SymbolDto,
    VerifyResult,
} from "../protocol/index.ts";
import { countEdges, countNodes } from "./count-kinds.ts";
import type { EngineHistory, RequestContext } from "./engine.ts";
import { countCrates } from "./measure-impact.ts";
import type { Pace } from "./pace.ts";
import {
    describeNode,
    isCanonicalPath,
    placeOfPast,
    refuseLocal,
    selectPast,
} from "./past-symbols.ts";
import type { HistoryPort } from "./ports.ts";
import type { RippleOptions } from "./ripple.ts";
import { selectTarget } from "./select-target.ts";
import { rippleOfSnapshot } from "./snapshot-ripple.ts";
import type { View } from "./view.ts";

/** What questions about the past stand on. */
export interface HistoryQueriesParts {
    /** The history once all commits under way are durable. */
    readonly history: () => Promise<HistoryPort>;
    readonly view: (context: RequestContext) => Promise<View>;
    readonly pace: Pace;
}

/** Questions about the past of one workspace. */
export class HistoryQueries implements EngineHistory {
    readonly #parts: HistoryQueriesParts;

    constructor(parts: HistoryQueriesParts) {
        this.#parts = parts;
    }

    async snapshot({ k }: SnapshotParams): Promise<SnapshotResult | Refusal> {
        const start = monotonicMs();
        const history = await this.#parts.history();
        const outside = checkDelta(history, k);
        if (outside !== undefined) {
            return outside;
        }
        const { snapshot, position } = await history.graphSnapshotAt(k);
        const { stateRoot, graphRoot } = snapshot;
        return {
            point: pointOf(k, position),
            stateRoot,
            graphRoot,
            nodes: countNodes(snapshot),
            edges: countEdges(snapshot),
            files: snapshot.fileCount,
            milliseconds: Math.round(monotonicMs() - start),
        };
    }

    async diff({ j, k, limit }: DiffParams): Promise<DiffResult | Refusal> {
        const start = monotonicMs();
        const history = await this.#parts.history();
        const outside = checkDelta(history, j) ?? checkDelta(history, k);
        if (outside !== undefined) {
            return outside;
        }
        const found = await history.diff(j, k);
        const [from, to] = [await history.positionOf(j), await history.positionOf(k)];
        const cut = <T>(list: readonly T[]): readonly T[] => list.slice(0, limit);
        const { files } = found;
        return {
            from: pointOf(j, from),
            to: pointOf(k, to),
            renamed: cut(found.renamed).map((each) => ({
                from: describe(each.from),
                to: describe(each.to),
                followers: each.followers,
            })),
            added: cut(found.added).map(describe),
            removed: cut(found.removed).map(describe),
            changed: cut(found.changed).map((each) => ({
                symbol: describe(each.after),
                before: flagNames(each.before.flags),
                after: flagNames(each.after.flags),
            })),
            addedEdges: cut(found.addedEdges).map(describeEdge),
            removedEdges: cut(found.removedEdges).map(describeEdge),
            addedFiles: cut(files.added),
            removedFiles: cut(files.removed),
            changedFiles: cut(files.changed),
            counts: {
                renamed: found.renamed.length,
                added: found.added.length,
                removed: found.removed.length,
                changed: found.changed.length,
                addedEdges: found.addedEdges.length,
                removedEdges: found.removedEdges.length,
                addedFiles: files.added.length,
                removedFiles: files.removed.length,
                changedFiles: files.changed.length,
            },
            milliseconds: Math.round(monotonicMs() - start),
        };
    }

    async proof(context: RequestContext, params: ProofParams): Promise<ProofResult | Refusal> {
        const path = await this.#canonicalPath(context, params);
        if (typeof path !== "string") {
            return path;
        }
        const history = await this.#parts.history();
        const proof = await history.prove(path, this.#parts.pace.pause);
        return {
            proof: formatProofFile(proof),
            claim: proof.claim,
            path,
            commit: proof.log.size,
            stateRoot: (await history.graphSnapshotAt(history.graphDeltaCount())).snapshot
                .stateRoot,
            logRoot: proof.log.root,
        };
    }

    async growth({ before, after }: GrowthParams): Promise<GrowthResult | Refusal> {
        const history = await this.#parts.history();
        const count = history.graphDeltaCount();
        const { commit } = await history.positionOf(count);
        const commits = commit?.record.commitCount ?? 0;
        const isThere = [before, after].every((each) => Number.isInteger(each) && each >= 1);
        if (!isThere || after > commits || before > after) {
            const message = `there are no commits ${before} and then ${after}: the history has ${commits}`;
            return refuse("HISTORY_NO_COMMIT", message, {
                advice: "commits are numbered from 1; `ferrograph status` says how many there are",
            });
        }
        const proof = await history.proveGrowth(before, after);
        return {
            proof: formatGrowthFile(proof),
            before,
            after,
            logRootBefore: proof.before.root,
            logRoot: proof.after.root,
        };
    }

    async verify({ onProgress }: RequestContext): Promise<VerifyResult> {
        const start = monotonicMs();
        const history = await this.#parts.history();
        const found = await history.verify((done, total) => {
            onProgress?.("verify", done, total);
        }, this.#parts.pace.pause);
        return {
            commits: found.commitCount,
            deltas: found.deltaCount,
            stateRoot: found.stateRoot,
            logRoot: await history.logRoot(),
            logBytes: found.logBytes,
            archivedDeltas: found.archivedDeltas,
            milliseconds: Math.round(monotonicMs() - start),
        };
    }

    async impactAt(
        context: RequestContext,
        params: ImpactParams & { readonly at: number },
        options: RippleOptions,
    ): Promise<ImpactResult | Refusal> {
        const history = await this.#parts.history();
        const outside = checkDelta(history, params.at);
        if (outside !== undefined) {
            return outside;
        }
        const { snapshot, position } = await history.graphSnapshotAt(params.at);
        const view = await this.#parts.view(context);
        const chosen = selectPast(view, snapshot, params.symbol);
        if (chosen.kind === "refusal") {
            return chosen;
        }
        const past = pointOf(params.at, position);
        return { ...measurePast(view, snapshot, chosen.nodes, options), past };
    }

    async #canonicalPath(
        context: RequestContext,
        { symbol }: ProofParams,
    ): Promise<string | Refusal> {
        if (symbol.kind === "path" && isCanonicalPath(symbol.path)) {
            return symbol.path;
        }
        const history = await this.#parts.history();
        const view = await this.#parts.view(context);
        const chosen = selectTarget(view, symbol);
        if (chosen.kind === "refusal") {
            return chosen;
        }
        if (chosen.target.kind === "local") {
            return refuseLocal(chosen.target.local.name);
        }
        const { id, display } = view.resolution.symbol(chosen.target.symbol);
        const { snapshot } = await history.graphSnapshotAt(history.graphDeltaCount());
        const node = snapshot.findNode(id);
        return node === undefined
            ? refuse("SYMBOL_NOT_FOUND", `\`${display}\` is not in the committed graph`, {
                  advice: "save the files, run `ferrograph capture`, and ask again",
              })
            : snapshot.pathAt(node);
    }
}

function checkDelta(history: HistoryPort, k: number): Refusal | undefined {
    const count = history.graphDeltaCount();
    const archived = history.archivedDeltas();
    if (k >= 0 && k < archived) {
        return refuse(
            "HISTORY_ARCHIVED",
            `delta ${k} is archived: the history begins at ${archived}`,
            {
                advice: "the store's `.archive` files hold what was before; `ferrograph inspect` prints them",
            },
        );
    }
    return Number.isInteger(k) && k >= 0 && k <= count
        ? undefined
        : refuse("HISTORY_NO_DELTA", `there is no delta ${k}: the history has ${count}`, {
              advice: "0 is the empty graph; `ferrograph status` says how many deltas there are",
          });
}

function pointOf(k: number, { commit, isInside }: HistoryPosition): HistoryPointDto {
    return {
        k,
        commit: commit?.record.commitCount ?? 0,
        inside: isInside,
        timeMs: commit?.record.timeMs,
    };
}

function measurePast(
    view: View,
    snapshot: GraphSnapshot,
    nodes: readonly number[],
    options: RippleOptions,
): Omit<ImpactResult, "past"> {
    const describeAt = (node: number): SymbolDto =>
        describeNode(snapshot.nodeAt(node), placeOfPast(view, snapshot, snapshot.idAt(node)));
    const ids = nodes.map((node) => snapshot.idAt(node));
    const rows = rippleOfSnapshot(snapshot)
        .reaching(ids, options)
        .flatMap((hit) => {
            const node = snapshot.findNode(hit.id);
            return node === undefined ? [] : [{ hit, node, symbol: describeAt(node) }];
        })
        .sort(
            (a, b) =>
                a.hit.distance - b.hit.distance ||
                compareText(a.symbol.crate, b.symbol.crate) ||
                compareText(a.symbol.path, b.symbol.path) ||
                compareText(a.symbol.id, b.symbol.id),
        );
    const positions = new Map(rows.map(({ hit }, index) => [hit.id, index]));
    const reached = rows.map(({ hit, node, symbol }): ReachedDto => {
        const through = hit.through === undefined ? undefined : snapshot.findNode(hit.through);
        return {
            symbol,
            distance: hit.distance,
            via: positions.get(hit.via) ?? -1,
            edge: hit.edge,
            ...(through === undefined ? {} : { through: describeAt(through).path }),
            isTest: (snapshot.flagsAt(node) & NODE_FLAG.test) !== 0,
        };
    });
    return {
        symbol: describeAt(nodes[0] ?? 0),
        reached,
        crates: countCrates(reached),
        tests: reached.filter((each) => each.isTest).length,
        root: snapshot.graphRoot,
        undecided: 0,
    };
}

function describe(node: GraphNode): SymbolDto {
    return describeNode(node, undefined);
}

function describeEdge({ source, kind, target }: DifferentEdge): PastEdgeDto {
    return { source: describe(source).path, kind, target: describe(target).path };
}
