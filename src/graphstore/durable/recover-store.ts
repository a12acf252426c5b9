// Opens the files of a store and brings them into order after whatever happened: rules in
// docs/formats/tlog.md, Recovery.
// Invariants: nothing is changed before everything was read and found to fit together; what is cut off is
// kept in another file first; each step leaves a state from which recovery leads to the same end.

import { OperatingError } from "../../base/index.ts";
import {
    beginEpoch,
    decodeLogHeader,
    EpochWriter,
    LOG_HEADER_BYTES,
    type EpochPosition,
    type LogPort,
} from "../../wal/index.ts";
import { GRAPH_LOG_KIND, markOf, replayLog, type ReplayedLog } from "../replay-log.ts";
import { keepCut } from "./cut-files.ts";
import { epochHeader, nextCapacity, NO_CHECKPOINT, type EpochBase } from "./epoch-base.ts";
import type { LogMark } from "./log-mark.ts";
import {
    classifyTlogTail,
    findCheckpoint,
    foreignFile,
    lastMark,
    marksOf,
    mendHistory,
    readTlog,
    type FoundCheckpoint,
    type MendedHistory,
    type ReadTlog,
    type TlogTail,
} from "./recovered-files.ts";
import type { StoreContext } from "./store-context.ts";
import { StoreLog } from "./store-log.ts";

/** An interrupted commit that was found at opening and cut off. */
export interface TornTail {
    /** File that it was in. */
    readonly path: string;
    readonly offset: number;
    readonly byteCount: number;
    /** Sequence numbers of its frames; undefined when none could be made out. */
    readonly sequences: readonly [number, number] | undefined;
    /** File that the cut bytes are kept in; empty where nothing could be written. */
    readonly keptIn: string;
}

/** What opening found and did. */
export interface RecoveryReport {
    /** Undefined when the logs ended cleanly. */
    readonly tornTail: TornTail | undefined;
    /** Bytes of the history that were taken from the `.tlog`. */
    readonly mendedBytes: number;
    /** Commits that only the history had. */
    readonly commitsFromHistory: number;
    /** Why the newest checkpoint is not good; empty when it is, or there is none. */
    readonly checkpointProblem: string;
}

/** A store's files, read and replayed. */
export interface ReadStore {
    readonly tlog: ReadTlog;
    readonly history: MendedHistory;
    readonly historyFileBytes: number;
    readonly checkpoint: FoundCheckpoint;
    readonly tail: TlogTail;
    readonly replayed: ReplayedLog;
    /** Where the replay ended. */
    readonly mark: LogMark;
}

/** Ports of the two logs. */
export interface StorePorts {
    readonly tlog: LogPort;
    readonly history: LogPort;
}

/** Reads and replays everything; changes nothing. Damage of the history is in `replayed.damage`. */
export async function readStore(context: StoreContext, ports: StorePorts): Promise<ReadStore> {
    const { disk, paths } = context;
    const head = await ports.history.readAt(0, LOG_HEADER_BYTES);
    const { storeUuid } = decodeLogHeader(head, paths.graphLog, GRAPH_LOG_KIND);
    const tlog = await readTlog(ports.tlog);
    if (Buffer.compare(tlog.header.storeUuid, storeUuid) !== 0) {
        throw foreignFile(paths.tlog, paths.graphLog);
    }
    const checkpoint = await findCheckpoint(disk, paths, storeUuid);
    const early = Math.max(ports.history.size, lastMark(tlog).logEnd);
    await context.beforeReplay(early);
    const tail = await classifyTlogTail(ports.tlog, tlog);
    const read = await ports.history.readAll();
    const found = Buffer.from(read.buffer, read.byteOffset, read.length);
    const history = mendHistory(found, tlog, paths.graphLog);
    const marks = marksOf(tlog, checkpoint, paths);
    const replayed = await replayLog(history.bytes, paths.graphLog, context.pause, marks);
    const mark = markOf(replayed.lastCommit, replayed.end, replayed.logHash);
    return {
        tlog,
        history,
        historyFileBytes: found.length,
        checkpoint,
        tail,
        replayed,
        mark,
    };
}

/** A store that is ready to be written. */
export interface RecoveredStore {
    readonly replayed: ReplayedLog;
    readonly mark: LogMark;
    readonly log: StoreLog;
    readonly report: RecoveryReport;
}

/** Brings the files to where the replay ended, and opens them for writing. */
export async function recoverStore(
    context: StoreContext,
    ports: StorePorts,
): Promise<RecoveredStore> {
    const store = await readStore(context, ports);
    const { replayed, mark, checkpoint } = store;
    if (replayed.damage !== undefined) {
        throw replayed.damage;
    }
    await context.disk.remove(context.paths.temporaryCheckpoint);
    const tornTail = await cutTails(context, ports, store);
    await mendFile(ports.history, store);
    const checkpointId = checkpoint.opened?.id ?? NO_CHECKPOINT;
    const commitsFromHistory = mark.commitCount - lastMark(store.tlog).commitCount;
    const isClean = tornTail === undefined && commitsFromHistory === 0 && !store.tlog.isShort;
    const position = isClean
        ? positionOf(store.tlog)
        : await beginAnew(context, ports, store.tlog, { mark, checkpointId });
    const log = new StoreLog({
        disk: context.disk,
        paths: context.paths,
        tlogPort: ports.tlog,
        historyPort: ports.history,
        tlog: new EpochWriter(ports.tlog, position),
        mark,
        checkpointId,
        capacity: context.capacity,
        randomBytes: context.randomBytes,
    });
    return { replayed, mark, log, report: reportOf(store, tornTail) };
}

/** What a reader would be told. */
export function reportOf(store: ReadStore, tornTail: TornTail | undefined): RecoveryReport {
    const { history, mark, tlog, checkpoint } = store;
    return {
        tornTail,
        mendedBytes: history.mended.reduce((sum, { start, end }) => sum + end - start, 0),
        commitsFromHistory: mark.commitCount - lastMark(tlog).commitCount,
        checkpointProblem: checkpoint.problem,
    };
}

/** Where the interrupted commit is, if there is one; the history's own tail comes second. */
export function tornTailOf(
    context: StoreContext,
    store: ReadStore,
    keptIn: (path: string) => string,
): TornTail | undefined {
    const { tlog, tail, history, replayed } = store;
    const { tlog: tlogPath, graphLog } = context.paths;
    if (tail.end > tlog.found.end) {
        return {
            path: tlogPath,
            offset: tlog.found.end,
            byteCount: tail.end - tlog.found.end,
            sequences: tail.sequences,
            keptIn: keptIn(tlogPath),
        };
    }
    if (history.bytes.length > replayed.end && replayed.damage === undefined) {
        return {
            path: graphLog,
            offset: replayed.end,
            byteCount: history.bytes.length - replayed.end,
            sequences: undefined,
            keptIn: keptIn(graphLog),
        };
    }
    return undefined;
}

async function cutTails(
    context: StoreContext,
    ports: StorePorts,
    store: ReadStore,
): Promise<TornTail | undefined> {
    const { tlog, tail, history, replayed, mark } = store;
    const { disk, paths } = context;
    const suffix = `.cut-${mark.commitCount}`;
    if (tail.end > tlog.found.end) {
        const cut = await ports.tlog.readAt(tlog.found.end, tail.end - tlog.found.end);
        await keepCut(disk, paths.tlog, suffix, cut);
    }
    if (history.bytes.length > replayed.end) {
        await keepCut(disk, paths.graphLog, suffix, history.bytes.subarray(replayed.end));
    }
    return tornTailOf(context, store, (path) => path + suffix);
}

// The history first gets what the `.tlog` has of it; only then may an epoch end that holds the same.
async function mendFile(port: LogPort, store: ReadStore): Promise<void> {
    const { history, replayed } = store;
    for (const { start, end } of history.mended) {
        await port.writeAt(start, history.bytes.subarray(start, end));
    }
    if (port.size > replayed.end) {
        await port.truncate(replayed.end);
    }
    const isChanged = history.mended.length > 0 || store.historyFileBytes !== replayed.end;
    if (isChanged) {
        await port.datasync();
    }
}

async function beginAnew(
    { capacity, randomBytes }: StoreContext,
    ports: StorePorts,
    tlog: ReadTlog,
    base: EpochBase,
): Promise<EpochPosition> {
    await ports.history.datasync();
    const { header } = tlog;
    return beginEpoch(
        ports.tlog,
        epochHeader(base, {
            epoch: header.epoch + 1,
            capacity: nextCapacity(capacity, header.capacity, base.mark.logEnd),
            firstSequence: tlog.nextSequence,
            salt: randomBytes(16),
            storeUuid: header.storeUuid,
        }),
    );
}

function positionOf(tlog: ReadTlog): EpochPosition {
    return { header: tlog.header, end: tlog.found.end, nextSequence: tlog.nextSequence };
}

/** Makes the error for a store whose files do not tell what it holds. */
export function missingFile(path: string): OperatingError {
    return new OperatingError("STORE_DAMAGED", `${path} is missing, and the store is not empty`, {
        advice: "bring the file back; `ferrograph salvage` saves what the others hold",
    });
}
