// Opens the files of a store and brings them into order after whatever happened: rules in
// docs/formats/tlog.md, Recovery.
// Invariants: nothing is changed before everything was read and found to fit together; what is cut off is
// kept in another file first; each step leaves a state from which recovery leads to the same end.

import { OperatingError } from "../../base/index.ts";
import { beginEpoch, EpochWriter, type EpochPosition, type LogPort } from "../../wal/index.ts";
import type { OpenedImage } from "../image/read-image.ts";
import {
    markOf,
    replayLog,
    unknownMark,
    type NamedMark,
    type ReplayedLog,
    type ReplayStart,
} from "../replay-log.ts";
import { removeLeftovers } from "./archive-store.ts";
import { keepCut } from "./cut-files.ts";
import { epochHeader, nextCapacity, NO_CHECKPOINT, type EpochBase } from "./epoch-base.ts";
import { firstRecordAt, type HistoryFile } from "./history-file.ts";
import { findStart, hasMark, type ReadPort } from "./history-start.ts";
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
    readonly checkpoint: FoundCheckpoint;
    readonly tail: TlogTail;
    readonly replayed: ReplayedLog;
    /** Where the replay ended. */
    readonly mark: LogMark;
    /** The tables on disk that the replay began from, open; undefined where there were none. */
    readonly image: OpenedImage | undefined;
}

/** The two logs, open. */
export interface StorePorts {
    readonly tlog: LogPort;
    readonly history: HistoryFile;
}

/** Reads and replays everything; changes nothing. Damage of the history is in `replayed.damage`. */
export async function readStore(context: StoreContext, ports: StorePorts): Promise<ReadStore> {
    const { disk, paths } = context;
    const { storeUuid } = ports.history.header;
    const tlog = await readTlog(ports.tlog);
    if (Buffer.compare(tlog.header.storeUuid, storeUuid) !== 0) {
        throw foreignFile(paths.tlog, paths.graphLog);
    }
    const checkpoint = await checkpointOf(context, ports.history);
    const early = Math.max(ports.history.port.size, lastMark(tlog).logEnd);
    await context.beforeReplay(early);
    const tail = await classifyTlogTail(ports.tlog, tlog);
    const started = await findStart(disk, paths, ports.history, context.pause);
    try {
        const { history, replayed } = await replayFrom(context, ports, {
            start: started?.start,
            tlog,
            marks: marksOf(tlog, checkpoint, paths),
        });
        const mark = markOf(replayed.lastCommit, replayed.end, replayed.logHash);
        const image = started?.image;
        return { tlog, history, checkpoint, tail, replayed, mark, image };
    } catch (error) {
        started?.image?.file.close();
        throw error;
    }
}

/** The newest good checkpoint; one from before what is archived counts for nothing. */
async function checkpointOf(
    { disk, paths }: StoreContext,
    { header, base }: HistoryFile,
): Promise<FoundCheckpoint> {
    const found = await findCheckpoint(disk, paths, header.storeUuid);
    const isOld = (found.opened?.header.mark.commitCount ?? 0) < (base?.last.commitCount ?? 0);
    return isOld ? { ...found, opened: undefined } : found;
}

/** Reads what is to be replayed, puts it as the `.tlog` has it, and replays it. */
async function replayFrom(
    { paths, pause }: StoreContext,
    { history }: StorePorts,
    {
        start,
        tlog,
        marks,
    }: {
        readonly start: ReplayStart | undefined;
        readonly tlog: ReadTlog;
        readonly marks: readonly NamedMark[];
    },
): Promise<{ readonly history: MendedHistory; readonly replayed: ReplayedLog }> {
    const { port } = history;
    // The `.tlog` may begin before the tables do, never before what is archived.
    const lowest = firstRecordAt(history.base);
    const from =
        start === undefined ? 0 : Math.max(lowest, Math.min(start.at, tlog.base.mark.logEnd));
    const read = await port.readAt(from, port.size - from);
    const found = Buffer.from(read.buffer, read.byteOffset, read.length);
    const mended = mendHistory(found, tlog, paths.graphLog, from);
    const startCommit = start?.lastCommit?.commitCount ?? 0;
    const later = marks.filter(({ mark }) => mark.commitCount >= startCommit);
    const replayed = await replayLog(mended.bytes, paths.graphLog, pause, {
        ...(start === undefined ? {} : { start: { ...start, from } }),
        marks: later,
    });
    const reread = { ...history, port: partInMemory(port, from, found) };
    for (const named of marks) {
        if (named.mark.commitCount < startCommit && !(await hasMark(reread, named.mark))) {
            const damage = unknownMark(paths.graphLog, named, "has another");
            return { history: mended, replayed: { ...replayed, damage } };
        }
    }
    return { history: mended, replayed };
}

/** A file of which a part was read already: the `.tlog` has thousands of marks in it. */
function partInMemory(port: LogPort, from: number, bytes: Buffer): ReadPort {
    return {
        readAt: (offset, byteCount) => {
            const start = offset - from;
            return start >= 0 && start + byteCount <= bytes.length
                ? Promise.resolve(bytes.subarray(start, start + byteCount))
                : port.readAt(offset, byteCount);
        },
    };
}

/** A store that is ready to be written. */
export interface RecoveredStore {
    readonly replayed: ReplayedLog;
    readonly image: OpenedImage | undefined;
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
    try {
        return await putInOrder(context, ports, store);
    } catch (error) {
        store.image?.file.close();
        throw error;
    }
}

async function putInOrder(
    context: StoreContext,
    ports: StorePorts,
    store: ReadStore,
): Promise<RecoveredStore> {
    const { replayed, mark, checkpoint, image } = store;
    if (replayed.damage !== undefined) {
        throw replayed.damage;
    }
    await context.disk.remove(context.paths.temporaryCheckpoint);
    await context.disk.remove(context.paths.temporaryColumns);
    const archived = ports.history.base?.last.commitCount ?? 0;
    await removeLeftovers(context.disk, context.paths, archived, mark.commitCount);
    const tornTail = await cutTails(context, ports, store);
    await mendFile(ports.history.port, store);
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
        historyPort: ports.history.port,
        tlog: new EpochWriter(ports.tlog, position),
        mark,
        checkpointId,
        capacity: context.capacity,
        randomBytes: context.randomBytes,
    });
    return { replayed, mark, image, log, report: reportOf(store, tornTail) };
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
    const end = history.from + history.bytes.length;
    if (end > replayed.end && replayed.damage === undefined) {
        return {
            path: graphLog,
            offset: replayed.end,
            byteCount: end - replayed.end,
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
    const rest = history.bytes.subarray(replayed.end - history.from);
    if (rest.length > 0) {
        await keepCut(disk, paths.graphLog, suffix, rest);
    }
    return tornTailOf(context, store, (path) => path + suffix);
}

// Not synced here: the `.tlog` goes on holding what was mended, until an epoch ends and that syncs it.
async function mendFile(port: LogPort, { history, replayed }: ReadStore): Promise<void> {
    for (const { start, end } of history.mended) {
        await port.writeAt(start, history.bytes.subarray(start - history.from, end - history.from));
    }
    if (port.size > replayed.end) {
        await port.truncate(replayed.end);
    }
}

async function beginAnew(
    { capacity, randomBytes }: StoreContext,
    ports: StorePorts,
    tlog: ReadTlog,
    base: EpochBase,
): Promise<EpochPosition> {
    await ports.history.port.datasync();
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
