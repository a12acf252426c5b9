// Where the replay of a history begins: at its first record, at the archived commit that it goes on from,
// or at the commit that the tables on disk are of. Rules: docs/formats/tlog.md, Recovery.
// Invariants: tables and marks count only when the history has their commit at their place, with all its
// hashes; nothing is written.

import { OperatingError, type Pause } from "../../base/index.ts";
import { decodeRootHeader, ROOT_HEADER_BYTES, rootHeaderHash } from "../../merkle/index.ts";
import type { Disk } from "../../platform/index.ts";
import { crc32c, framesOf, LOG_HEADER_BYTES, type LogPort } from "../../wal/index.ts";
import { COMMIT_BYTES, decodeCommit, RECORD_KIND, type CommitRecord } from "../commit-record.ts";
import { CommitIndex } from "../history/commit-index.ts";
import { openImage, tablesOfImage, type OpenedImage } from "../image/read-image.ts";
import { extendLogHash, markOf, startLogHash, type ReplayStart } from "../replay-log.ts";
import type { HistoryBase, HistoryFile } from "./history-file.ts";
import { isSameMark, type LogMark } from "./log-mark.ts";
import { openCheckpoint } from "./read-checkpoint.ts";
import { tablesOfCheckpoint } from "./restore-state.ts";
import { basePath, type StorePaths } from "./store-paths.ts";

/** Bytes of a commit's frame. */
export const COMMIT_FRAME_BYTES = 32 + COMMIT_BYTES;

/** A start that is not the first record, with the tables on disk where it is theirs. */
export interface FoundStart {
    readonly start: ReplayStart;
    readonly image: OpenedImage | undefined;
}

/** Finds where a replay begins; undefined at the first record. `readFrom` bounds where bytes are read from. */
export async function findStart(
    disk: Disk,
    paths: StorePaths,
    history: HistoryFile,
    pause: Pause,
): Promise<FoundStart | undefined> {
    const image = openImage(disk, paths.columns);
    if (image !== undefined) {
        const last = await commitOfImage(history, image);
        if (last !== undefined) {
            return { start: startOfImage(history, image, last), image };
        }
        image.file.close();
    }
    const { base } = history;
    return base === undefined
        ? undefined
        : { start: await startOfBase(disk, paths, { ...history, base }, pause), image: undefined };
}

/** What a history is read from. */
export type ReadPort = Pick<LogPort, "readAt">;

/** Whether a history has a mark's commit where the mark says; reads no more than that. */
export async function hasMark(
    history: Pick<HistoryFile, "base" | "header"> & { readonly port: ReadPort },
    mark: LogMark,
): Promise<boolean> {
    const { port, header, base } = history;
    if (base !== undefined && mark.commitCount <= base.last.commitCount) {
        return isSameMark(mark, base.mark);
    }
    if (mark.commitCount === 0) {
        return isSameMark(mark, await emptyMark(port));
    }
    return (await recordAt(port, header.storeUuid, mark)) !== undefined;
}

/** The mark before the first commit of a history that has its beginning. */
export async function emptyMark(port: ReadPort): Promise<LogMark> {
    const head = await port.readAt(0, LOG_HEADER_BYTES);
    return markOf(undefined, LOG_HEADER_BYTES, startLogHash(head));
}

async function commitOfImage(
    { port, header, base }: HistoryFile,
    image: OpenedImage,
): Promise<CommitRecord | undefined> {
    const { storeUuid, mark, archivedCommits } = image.header;
    const isOurs =
        Buffer.compare(storeUuid, header.storeUuid) === 0 &&
        archivedCommits === (base?.last.commitCount ?? 0) &&
        mark.logEnd <= port.size;
    if (!isOurs) {
        return undefined;
    }
    if (base !== undefined && isSameMark(mark, base.mark)) {
        return base.last;
    }
    const record = await recordAt(port, storeUuid, mark);
    return record === undefined ? undefined : decodeCommit(record);
}

/** The record of a mark's commit, encoded, where the mark says; undefined where it is not. */
async function recordAt(
    port: ReadPort,
    storeUuid: Uint8Array,
    mark: LogMark,
): Promise<Uint8Array | undefined> {
    const start = mark.logEnd - COMMIT_FRAME_BYTES;
    if (start < LOG_HEADER_BYTES) {
        return undefined;
    }
    const bytes = await port.readAt(start, COMMIT_FRAME_BYTES);
    const [frame] = framesOf(bytes, 0, crc32c(storeUuid));
    if (frame?.kind !== RECORD_KIND.commit || frame.bytes.length !== COMMIT_FRAME_BYTES) {
        return undefined;
    }
    return isCommitOf(frame, mark) ? frame.payload : undefined;
}

/** Whether a frame holds a mark's commit: all that a mark says is in the root header, or a hash of the frame. */
function isCommitOf(
    frame: { readonly payload: Uint8Array; readonly bytes: Uint8Array },
    mark: LogMark,
): boolean {
    const header = frame.payload.subarray(0, ROOT_HEADER_BYTES);
    const { commitCount, deltaCount, stateRoot, logHash } = decodeRootHeader(header);
    const found: LogMark = {
        commitCount,
        deltaCount,
        logEnd: mark.logEnd,
        stateRoot: Buffer.from(stateRoot).toString("hex"),
        logHash: extendLogHash(logHash, frame.bytes),
        headerHash: rootHeaderHash(header),
    };
    return isSameMark(found, mark);
}

function startOfImage(
    { header, base }: HistoryFile,
    image: OpenedImage,
    last: CommitRecord,
): ReplayStart {
    const { mark, nextSequence } = image.header;
    return {
        header,
        from: mark.logEnd,
        at: mark.logEnd,
        sequence: nextSequence,
        ...tablesOfImage(image, last, base),
        lastCommit: last,
        logHash: mark.logHash,
    };
}

/** The start behind what is archived; throws STORE_DAMAGED, CHECKPOINT_DAMAGED. */
export async function startOfBase(
    disk: Disk,
    paths: StorePaths,
    { header, base }: Omit<HistoryFile, "base" | "port"> & { readonly base: HistoryBase },
    pause: Pause,
): Promise<ReplayStart> {
    const path = basePath(paths, base.last.commitCount);
    if ((await disk.fileSize(path)) === undefined) {
        throw new OperatingError(
            "STORE_DAMAGED",
            `${path} is missing: the history builds upon it`,
            {
                advice: "bring the file back; `ferrograph salvage` saves what the others hold",
            },
        );
    }
    const checkpoint = await openCheckpoint(disk, path);
    const { storeUuid, mark } = checkpoint.header;
    if (Buffer.compare(storeUuid, header.storeUuid) !== 0 || !isSameMark(mark, base.mark)) {
        const message = `${path} is not what ${paths.graphLog} builds upon`;
        throw new OperatingError("STORE_MIXED", message, {
            advice: "bring back the files that belong together",
        });
    }
    const tables = await tablesOfCheckpoint(disk, checkpoint, pause);
    tables.rebase(mark.deltaCount);
    tables.takeEnded();
    return {
        header,
        from: mark.logEnd,
        at: mark.logEnd,
        sequence: header.firstSequence,
        tables,
        commits: new CommitIndex(base),
        lastCommit: base.last,
        logHash: mark.logHash,
    };
}
