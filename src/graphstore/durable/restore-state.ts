// The newest state without the history's beginning: a checkpoint, and the commits that follow it.
// Invariants: every byte of the checkpoint is checked; a commit counts only when its running hash continues
// the checkpoint's and all of it leads to the recorded root.

import { OperatingError, takeTurns, type Pause } from "../../base/index.ts";
import { decodeFileRecord, SYMBOL_KINDS, EDGE_KINDS, type NodeId } from "../../graph/index.ts";
import type { Disk } from "../../platform/index.ts";
import { crc32c, framesOf } from "../../wal/index.ts";
import { decodeCommit, RECORD_KIND, type CommitRecord } from "../commit-record.ts";
import { PayloadWriter } from "../encoded-deltas.ts";
import type { GraphSnapshot } from "../graph-snapshot.ts";
import { GraphTables } from "../graph-tables.ts";
import { applyDeltas, snapshotOf } from "../overlay.ts";
import { extendLogHash } from "../replay-log.ts";
import { buildTries } from "../state-tries.ts";
import { damagedCheckpoint } from "./checkpoint-layout.ts";
import { readCheckpoint, type OpenedCheckpoint, type StoredRecord } from "./read-checkpoint.ts";

/** A state that was restored. */
export interface RestoredState {
    /** Its numbers count from the checkpoint: it has no past. */
    readonly snapshot: GraphSnapshot;
    /** Number of the commit that it is of. */
    readonly commitCount: number;
}

/** A part of a history that reaches to its end, and its place. */
interface HistoryBytes {
    readonly from: number;
    readonly bytes: Uint8Array;
}

/**
 * Restores the state of a checkpoint and of the commits that follow it in a history, as far as they are
 * good; throws CHECKPOINT_DAMAGED.
 */
export async function restoreState(
    disk: Disk,
    checkpoint: OpenedCheckpoint,
    history: HistoryBytes,
    pause: Pause,
): Promise<RestoredState> {
    const tables = await tablesOfCheckpoint(disk, checkpoint, pause);
    const { mark } = checkpoint.header;
    const { roots } = await takeTurns(buildTries(tables), pause);
    if (roots.stateRoot !== mark.stateRoot) {
        throw damagedCheckpoint(checkpoint.path, 0, "its records lead to another state root");
    }
    const last = applyCommits(tables, checkpoint, history);
    if (last === undefined) {
        return { snapshot: snapshotOf(tables, 0, roots), commitCount: mark.commitCount };
    }
    const after = await takeTurns(buildTries(tables), pause);
    if (after.roots.stateRoot !== last.roots.stateRoot) {
        throw damagedCheckpoint(checkpoint.path, 0, "what follows leads to another state root");
    }
    return { snapshot: snapshotOf(tables, 0, after.roots), commitCount: last.commitCount };
}

/** The records of a checkpoint as tables, every byte checked; throws CHECKPOINT_DAMAGED. */
export async function tablesOfCheckpoint(
    disk: Disk,
    checkpoint: OpenedCheckpoint,
    pause: Pause,
): Promise<GraphTables> {
    const tables = new GraphTables();
    const writer = new PayloadWriter();
    const take = (subTrie: number, record: StoredRecord): void => {
        writeRecord(writer, subTrie, record);
    };
    await readCheckpoint(disk, checkpoint, take, pause);
    for (const payload of writer.finish().payloads) {
        applyDeltas(tables, payload);
        await pause();
    }
    return tables;
}

/** Applies whole commits whose running hash continues the checkpoint's; returns the last. */
function applyCommits(
    tables: GraphTables,
    { header }: OpenedCheckpoint,
    { from, bytes: history }: HistoryBytes,
): CommitRecord | undefined {
    if (header.mark.logEnd < from) {
        return undefined;
    }
    let { logHash } = header.mark;
    let last: CommitRecord | undefined;
    let pending: Uint8Array[] = [];
    for (const { kind, payload, bytes } of framesOf(
        history,
        header.mark.logEnd - from,
        crc32c(header.storeUuid),
    )) {
        if (kind === RECORD_KIND.deltas) {
            pending.push(payload);
        } else {
            const commit = decodeCommit(payload);
            if (Buffer.compare(commit.logHash, logHash) !== 0) {
                break;
            }
            pending.forEach((each) => {
                applyDeltas(tables, each);
            });
            pending = [];
            last = commit;
        }
        logHash = extendLogHash(logHash, bytes);
    }
    return last;
}

function writeRecord(writer: PayloadWriter, subTrie: number, { key, value }: StoredRecord): void {
    const id = (at: number): NodeId => key.readBigUInt64BE(at) as NodeId;
    if (subTrie === 0) {
        const nameEnd = 9 + value.readUInt32LE(5);
        const node = {
            id: id(0),
            kind: known(SYMBOL_KINDS[value.readUInt8(0)]),
            flags: value.readUInt32LE(1),
            name: value.toString("utf8", 9, nameEnd),
            path: value.toString("utf8", nameEnd),
        };
        writer.delta({ kind: "add-node", node });
    } else if (subTrie === 1) {
        const edge = { source: id(0), kind: known(EDGE_KINDS[key.readUInt8(8)]), target: id(9) };
        writer.delta({ kind: "add-edge", edge });
    } else {
        writer.delta({ kind: "put-file", file: decodeFileRecord(value) });
    }
}

function known<T>(value: T | undefined): T {
    if (value === undefined) {
        throw new OperatingError("LOG_VERSION", "a record is of a kind that is not known");
    }
    return value;
}
