// What a store can say of its past: any state, any difference, proofs, and whether all of it is so.
// Reads only. Past graphs are stored; past texts are not.

import { OperatingError, takeTurns, type Pause } from "../../base/index.ts";
import { nodeIdOf, type NodeId } from "../../graph/index.ts";
import { PAGE_BYTES, proveKey, STATE_SCHEMA_VERSION } from "../../merkle/index.ts";
import type { HistoryBase, HistoryFile } from "../durable/history-file.ts";
import { GraphSnapshot } from "../graph-snapshot.ts";
import type { GraphTables } from "../graph-tables.ts";
import { NO_ROW } from "../node-table.ts";
import { wholeLog, type ReplayStart } from "../replay-log.ts";
import { nodeSource } from "../state-tries.ts";
import { changedRows } from "./changed-rows.ts";
import type { CommitEntry, CommitIndex, HistoryPosition } from "./commit-index.ts";
import { describeDifference, movesOf, type GraphDifference } from "./graph-difference.ts";
import { nodeTrieAt, pastSnapshot } from "./past-snapshot.ts";
import type { GraphProof, GrowthProof, ProvenPoint } from "./proof-file.ts";
import { verifyHistory, type HistoryCheck } from "./verify-history.ts";

/** A past state, and where it stands. */
export interface PastGraph {
    readonly snapshot: GraphSnapshot;
    readonly position: HistoryPosition;
}

/** What the history is read from. */
export interface HistoryParts {
    /** The newest committed state. */
    readonly current: () => GraphSnapshot;
    readonly commits: CommitIndex;
    /** Bytes of the log that are committed. */
    readonly logBytes: () => number;
    readonly openLog: () => Promise<HistoryFile>;
    /** What a history begins from whose first commits are archived. */
    readonly startOf: (
        history: HistoryFile & { readonly base: HistoryBase },
        pause: Pause,
    ) => Promise<ReplayStart>;
    /** Verifies what lies beside the log: checkpoint and write-ahead log. */
    readonly verifyFiles: (pause: Pause) => Promise<unknown>;
}

/** The history of one store. */
export class GraphHistory {
    readonly #parts: HistoryParts;

    constructor(parts: HistoryParts) {
        this.#parts = parts;
    }

    /** Number of deltas (k). */
    graphDeltaCount(): number {
        return this.#parts.current().deltaCount;
    }

    /** The newest committed state. */
    materializedGraph(): GraphSnapshot {
        return this.#parts.current();
    }

    /** State root of the newest commit, hex. */
    currentRootHash(): string {
        return this.#parts.current().stateRoot;
    }

    /** The graph after k deltas; throws HISTORY_NO_DELTA when there are fewer. */
    async graphSnapshotAt(k: number): Promise<PastGraph> {
        const position = await this.positionOf(k);
        return { snapshot: pastSnapshot(this.#tables(), k, position), position };
    }

    /** What leads from the state after j deltas to that after k. */
    async diff(j: number, k: number): Promise<GraphDifference> {
        await this.positionOf(Math.max(j, k));
        await this.positionOf(Math.min(j, k));
        const tables = this.#tables();
        const [from, to] = j <= k ? [j, k] : [k, j];
        const rows = changedRows(tables, from, to);
        const moves = this.#movesBetween(from, to);
        if (j <= k) {
            return describeDifference({ tables, k: j }, { tables, k }, rows, moves);
        }
        const turned = {
            versions: { removed: rows.versions.added, added: rows.versions.removed },
            edges: { removed: rows.edges.added, added: rows.edges.removed },
            files: { removed: rows.files.added, added: rows.files.removed },
        };
        const back = new Map([...moves].map(([before, after]) => [after, before]));
        return describeDifference({ tables, k: j }, { tables, k }, turned, back);
    }

    /** Proves of a canonical path that the newest commit's graph has it, or that it has not. */
    async prove(path: string, pause: Pause = () => undefined): Promise<GraphProof> {
        const snapshot = this.#parts.current();
        const { log, newest } = this.#commitsOf(snapshot);
        const { record, header } = newest;
        const { source, trie, root } = await takeTurns(
            nodeTrieAt(this.#tables(), snapshot.deltaCount),
            pause,
        );
        if (hex(root) !== record.roots.nodeRoot) {
            throw new OperatingError("STORE_DAMAGED", "the nodes do not lead to the recorded root");
        }
        const key = Buffer.alloc(8);
        key.writeBigUInt64BE(nodeIdOf(path));
        const value = nodeValue(this.#tables(), nodeIdOf(path), snapshot.deltaCount);
        const { nodeRoot, edgeRoot, fileRoot } = record.roots;
        const { nodeCount, edgeCount, fileCount } = record;
        const counts = { nodeCount, edgeCount, fileCount };
        const [index, size] = [record.commitCount - 1, record.commitCount];
        return {
            path,
            claim: value === undefined ? "absent" : "present",
            value,
            proof: proveKey({ source, trie }, key),
            state: {
                schemaVersion: STATE_SCHEMA_VERSION,
                pageBytes: PAGE_BYTES,
                nodeRoot,
                edgeRoot,
                fileRoot,
                ...counts,
            },
            header,
            log: { index, size, root: hex(log.root(size)), proof: log.inclusionProof(index, size) },
        };
    }

    /**
     * Proves that the history up to one commit begins with that up to an earlier one. Throws
     * HISTORY_NO_COMMIT, HISTORY_ARCHIVED.
     */
    async proveGrowth(before: number, after: number): Promise<GrowthProof> {
        await Promise.resolve();
        const { commitCount } = this.#parts.current();
        if (before < 1 || after > commitCount || before > after) {
            const message = `there are no commits ${before} and then ${after}: the history has ${commitCount}`;
            throw new OperatingError("HISTORY_NO_COMMIT", message);
        }
        const { commits } = this.#parts;
        const { log } = commits;
        const point = (size: number): ProvenPoint => ({
            size,
            root: hex(log.root(size)),
            header: commits.entry(size).header,
            proof: log.inclusionProof(size - 1, size),
        });
        return {
            before: point(before),
            after: point(after),
            proof: log.consistencyProof(before, after),
        };
    }

    /** Number of the last delta that is archived; 0 when none is. */
    archivedDeltas(): number {
        return this.#parts.commits.archivedDeltas;
    }

    /** Root over the headers of all commits, hex. */
    async logRoot(): Promise<string> {
        await Promise.resolve();
        const { commitCount } = this.#parts.current();
        return hex(this.#parts.commits.log.root(commitCount));
    }

    /** Replays everything from nothing and compares all roots; throws STORE_DAMAGED. */
    async verify(
        onProgress: (bytesDone: number, bytesTotal: number) => void,
        pause: Pause = () => undefined,
    ): Promise<HistoryCheck> {
        const { current, logBytes } = this.#parts;
        const end = logBytes();
        const { deltaCount, stateRoot } = current();
        const history = await this.#parts.openLog();
        const { port, base } = history;
        try {
            const from = base?.mark.logEnd ?? 0;
            const bytes = await port.readAt(from, end - from);
            const start =
                base === undefined
                    ? wholeLog(bytes, port.path)
                    : await this.#parts.startOf({ ...history, base }, pause);
            const steps = verifyHistory(bytes, port.path, start, (done) => {
                onProgress(done, end);
            });
            const found = await takeTurns(steps, pause);
            if (found.deltaCount !== deltaCount || found.stateRoot !== stateRoot) {
                const message = `${port.path} leads to state root ${found.stateRoot}`;
                throw new OperatingError("STORE_DAMAGED", `${message}, the store has ${stateRoot}`);
            }
            await this.#parts.verifyFiles(pause);
            return found;
        } finally {
            await port.close();
        }
    }

    /**
     * Ids before and after all renames between two delta numbers together. Commit by commit: what a later one
     * changes in a thing that was renamed does not hide that it was.
     */
    #movesBetween(j: number, k: number): Map<NodeId, NodeId> {
        const tables = this.#tables();
        const origins = new Map<NodeId, NodeId>();
        let from = j;
        for (const to of [...this.#parts.commits.endsBetween(j, k), k]) {
            const recorded = movesBetween(tables, from, to);
            const [before, after] = [
                { tables, k: from },
                { tables, k: to },
            ];
            const rows = changedRows(tables, from, to);
            const { moved, gone } = movesOf(before, after, rows, recorded);
            const next = [...moved].map(
                ([one, other]) => [other, origins.get(one) ?? one] as const,
            );
            for (const id of [...moved.keys(), ...gone]) {
                origins.delete(id);
            }
            for (const [id, origin] of next) {
                origins.set(id, origin);
            }
            from = to;
        }
        return new Map([...origins].map(([after, before]) => [before, after]));
    }

    #tables(): GraphTables {
        return GraphSnapshot.tablesOf(this.#parts.current());
    }

    /** Where a delta number stands; throws HISTORY_NO_DELTA when there are fewer. */
    async positionOf(k: number): Promise<HistoryPosition> {
        await Promise.resolve();
        const position = this.#parts.commits.position(k);
        if (position === undefined) {
            const message = `there are ${this.graphDeltaCount()} deltas, not ${k}`;
            throw new OperatingError("HISTORY_NO_DELTA", message);
        }
        return position;
    }

    #commitsOf(snapshot: GraphSnapshot): {
        readonly log: CommitIndex["log"];
        readonly newest: CommitEntry;
    } {
        const { commits } = this.#parts;
        if (snapshot.commitCount === 0) {
            throw new OperatingError("HISTORY_NO_DELTA", "nothing is committed yet", {
                advice: "run `ferrograph capture`",
            });
        }
        return { log: commits.log, newest: commits.entry(snapshot.commitCount) };
    }
}

/** Ids before and after all recorded renames between two delta numbers together. */
function movesBetween(tables: GraphTables, j: number, k: number): Map<NodeId, NodeId> {
    const { nodes, moves } = tables;
    const origins = new Map<NodeId, NodeId>();
    for (const [from, to] of moves.between(j, k)) {
        const before = nodes.idOf(from);
        const origin = origins.get(before) ?? before;
        origins.delete(before);
        origins.set(nodes.idOf(to), origin);
    }
    return new Map([...origins].map(([after, before]) => [before, after]));
}

/** The bytes of a node's record at a delta number; undefined where the graph does not have it. */
function nodeValue(tables: GraphTables, id: NodeId, k: number): Uint8Array | undefined {
    const { nodes } = tables;
    const slot = nodes.findSlot(Number(id >> 32n), Number(id & 0xffff_ffffn));
    const version = slot === undefined ? NO_ROW : nodes.versionAt(slot, k);
    if (version === NO_ROW) {
        return undefined;
    }
    const source = nodeSource(nodes);
    const value = Buffer.alloc(source.valueBytes(version));
    source.writeValue(version, value, 0);
    return value;
}

function hex(bytes: Uint8Array): string {
    return Buffer.from(bytes).toString("hex");
}
