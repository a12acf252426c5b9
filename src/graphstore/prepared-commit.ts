// A commit that is applied to the tables and encoded, and not yet durable.

import type { Steps } from "../base/index.ts";
import { encodeFrames, type LogRecord } from "../wal/index.ts";
import { encodeCommit, RECORD_KIND, type CommitRecord } from "./commit-record.ts";
import type { LogMark } from "./durable/log-mark.ts";
import { encodePageDeltas } from "./durable/page-deltas.ts";
import type { Transaction } from "./durable/transactions.ts";
import type { CheckpointState } from "./durable/write-checkpoint.ts";
import type { EncodedDeltas } from "./encoded-deltas.ts";
import type { GraphSnapshot } from "./graph-snapshot.ts";
import type { GraphTables } from "./graph-tables.ts";
import { extendLogHash, markOf } from "./replay-log.ts";
import {
    edgeSource,
    fileSource,
    nodeSource,
    type StateTries,
    type TablesChange,
} from "./state-tries.ts";

/** A state that the tables have reached, with what the next commit begins from. */
export interface ReachedState {
    readonly snapshot: GraphSnapshot;
    /** Undefined before the first commit of a process. */
    readonly tries: StateTries | undefined;
    readonly mark: LogMark;
    /** Sequence number of the next record of the history. */
    readonly nextSequence: number;
}

/** A commit on its way to the disk. */
export interface PreparedCommit {
    readonly transaction: Transaction;
    readonly commit: CommitRecord;
    readonly after: ReachedState;
    /** It goes around the log. */
    readonly isBulk: boolean;
    /** Bytes of its frames in the log. */
    readonly frameBytes: number;
}

/** What records of the history are written with. */
export interface HistoryPlace {
    readonly seed: number;
    /** Bytes of the history that are durable, here or in the `.tlog`. */
    readonly syncedUpTo: number;
    readonly timeMs: number;
}

/** The records of a commit as bytes of the history, and the state after it. */
export function* encodeHistory(
    deltas: EncodedDeltas,
    before: ReachedState,
    after: Pick<ReachedState, "snapshot"> & { readonly tries: StateTries },
    { seed, syncedUpTo, timeMs }: HistoryPlace,
): Steps<{
    readonly logBytes: Buffer;
    readonly commit: CommitRecord;
    readonly reached: ReachedState;
}> {
    const { snapshot, tries } = after;
    const parts: Buffer[] = [];
    let { logHash, logEnd } = before.mark;
    let sequence = before.nextSequence;
    const add = (record: LogRecord): void => {
        const frame = encodeFrames([record], { sequence, syncedUpTo, seed });
        logHash = extendLogHash(logHash, frame);
        logEnd += frame.length;
        sequence += 1;
        parts.push(frame);
    };
    for (const payload of deltas.payloads) {
        add({ kind: RECORD_KIND.deltas, payload });
        yield;
    }
    const commit: CommitRecord = {
        commitCount: snapshot.commitCount,
        deltaCount: snapshot.deltaCount,
        deltas: deltas.count,
        timeMs,
        nodeCount: snapshot.nodeCount,
        edgeCount: snapshot.edgeCount,
        fileCount: snapshot.fileCount,
        roots: snapshot.roots,
        previous: before.mark.headerHash,
        logOffset: logEnd,
        logHash,
    };
    add({ kind: RECORD_KIND.commit, payload: encodeCommit(commit) });
    const mark = markOf(commit, logEnd, logHash);
    const reached = { snapshot, tries, mark, nextSequence: sequence };
    return { logBytes: Buffer.concat(parts), commit, reached };
}

/** The page deltas of a commit, encoded. */
export function encodePages(
    tables: GraphTables,
    tries: StateTries,
    change: TablesChange,
): Steps<Uint8Array[]> {
    return encodePageDeltas([
        { source: nodeSource(tables.nodes), change: change.nodes, after: tries.nodes },
        { source: edgeSource(tables), change: change.edges, after: tries.edges },
        { source: fileSource(tables), change: change.files, after: tries.files },
    ]);
}

/** A reached state as a checkpoint holds it. */
export function checkpointStateOf(
    tables: GraphTables,
    reached: { readonly mark: LogMark; readonly tries: StateTries },
    storeUuid: Uint8Array,
): CheckpointState {
    const { nodes, edges, files, roots } = reached.tries;
    const root = (hex: string): Uint8Array => Buffer.from(hex, "hex");
    return {
        storeUuid,
        mark: reached.mark,
        subTries: [
            { source: nodeSource(tables.nodes), trie: nodes, root: root(roots.nodeRoot) },
            { source: edgeSource(tables), trie: edges, root: root(roots.edgeRoot) },
            { source: fileSource(tables), trie: files, root: root(roots.fileRoot) },
        ],
    };
}
