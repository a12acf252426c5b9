// Moves the beginning of a history out of the store: into an archive, with the state that the rest builds
// upon beside the rest. Format: docs/formats/archive.md.
// Invariants: the store is as it was until the shorter history gets its name, which is one rename, and
// builds upon what is durable by then; what an interrupted archiving left is taken away at opening.

import { basename, dirname, join } from "node:path";

import type { Pause } from "../../base/index.ts";
import type { Disk } from "../../platform/index.ts";
import { corrupt } from "../../wal/index.ts";
import type { CommitRecord } from "../commit-record.ts";
import { markOf, extendLogHash } from "../replay-log.ts";
import { checkArchive, writeArchive } from "./archive-layout.ts";
import {
    BASED_HEADER_BYTES,
    encodeBasedHeader,
    openHistory,
    type HistoryBase,
    type HistoryFile,
} from "./history-file.ts";
import { COMMIT_FRAME_BYTES, emptyMark } from "./history-start.ts";
import type { LogMark } from "./log-mark.ts";
import { archivePath, basePath, type StorePaths } from "./store-paths.ts";
import { writeCheckpoint, type CheckpointState } from "./write-checkpoint.ts";

/** What archiving did. */
export interface ArchiveReport {
    /** Last commit and delta that are archived now. */
    readonly commitCount: number;
    readonly deltaCount: number;
    /** Files that they are in, the newest last. */
    readonly archives: readonly string[];
    /** Bytes of the history before and after. */
    readonly bytesBefore: number;
    readonly bytesAfter: number;
}

/** What is archived, and where the history ends. */
export interface ArchiveTask {
    /** The last commit that is archived. */
    readonly last: CommitRecord;
    readonly frontier: readonly Uint8Array[];
    /** Everything up to here is durable in the history. */
    readonly newest: LogMark;
    /** The state after a commit, as a checkpoint holds it. */
    readonly stateAt: (mark: LogMark) => Promise<CheckpointState>;
}

/** Archives a history up to a commit; nobody may write to the store meanwhile. */
export async function archiveHistory(
    disk: Disk,
    paths: StorePaths,
    task: ArchiveTask,
    pause: Pause,
): Promise<ArchiveReport> {
    const history = await openHistory(disk, paths.graphLog, "read-only");
    try {
        const { base, nextSequence } = await baseAt(history, task);
        const bytesBefore = (await disk.fileSize(paths.graphLog)) ?? 0;
        await putArchive(disk, paths, { history, base }, pause);
        const path = basePath(paths, base.last.commitCount);
        const place = { path, temporary: `${path}.tmp`, previous: undefined };
        await writeCheckpoint(disk, place, await task.stateAt(base.mark), pause);
        await putHistory(disk, paths, { history, base, nextSequence, newest: task.newest }, pause);
        await disk.remove(paths.columns);
        await removeLeftovers(disk, paths, base.last.commitCount, task.newest.commitCount);
        return {
            commitCount: base.last.commitCount,
            deltaCount: base.last.deltaCount,
            archives: await archivesOf(disk, paths),
            bytesBefore,
            bytesAfter: (await disk.fileSize(paths.graphLog)) ?? 0,
        };
    } finally {
        await history.port.close();
    }
}

/** Paths of the archives of a store, the oldest first. */
export async function archivesOf(disk: Disk, paths: StorePaths): Promise<string[]> {
    return (await numbered(disk, paths, "archive")).map((number) => archivePath(paths, number));
}

/**
 * Takes away what an interrupted archiving left, or what it left over: states that the history does not
 * build upon, and archives of commits that the history still has.
 */
export async function removeLeftovers(
    disk: Disk,
    paths: StorePaths,
    archivedCommits: number,
    commitCount: number,
): Promise<void> {
    for (const name of await disk.listFolder(paths.folder)) {
        if (/^workspace\.(?:graph\.log|(?:archive|base)-\d+)\.tmp$/u.test(name)) {
            await disk.remove(join(paths.folder, name));
        }
    }
    for (const number of await numbered(disk, paths, "base")) {
        if (number !== archivedCommits) {
            await disk.remove(basePath(paths, number));
        }
    }
    for (const number of await numbered(disk, paths, "archive")) {
        if (number > archivedCommits && number <= commitCount) {
            await disk.remove(archivePath(paths, number));
        }
    }
}

async function numbered(
    disk: Disk,
    paths: StorePaths,
    what: "archive" | "base",
): Promise<number[]> {
    const prefix = basename(what === "base" ? basePath(paths, 0) : archivePath(paths, 0));
    const start = prefix.slice(0, -1);
    return (await disk.listFolder(paths.folder))
        .filter((name) => name.startsWith(start) && /^\d+$/u.test(name.slice(start.length)))
        .map((name) => Number(name.slice(start.length)))
        .sort((one, other) => one - other);
}

/** The mark and the header of a history that begins behind a commit. */
async function baseAt(
    { port }: HistoryFile,
    { last, frontier }: ArchiveTask,
): Promise<{ readonly base: HistoryBase; readonly nextSequence: number }> {
    const read = await port.readAt(last.logOffset, COMMIT_FRAME_BYTES);
    const frame = Buffer.from(read.buffer, read.byteOffset, read.length);
    const logEnd = last.logOffset + COMMIT_FRAME_BYTES;
    const mark = markOf(last, logEnd, extendLogHash(last.logHash, frame));
    return {
        base: { last, frontier, mark },
        nextSequence: Number(frame.readBigUInt64LE(8)) + 1,
    };
}

async function putArchive(
    disk: Disk,
    paths: StorePaths,
    { history, base }: { readonly history: HistoryFile; readonly base: HistoryBase },
    pause: Pause,
): Promise<void> {
    const path = archivePath(paths, base.last.commitCount);
    const temporary = `${path}.tmp`;
    const start = history.base?.mark.logEnd ?? 0;
    const header = {
        storeUuid: history.header.storeUuid,
        after: history.base?.mark ?? (await emptyMark(history.port)),
        upTo: base.mark,
        start,
        byteCount: base.mark.logEnd - start,
    };
    const file = await disk.openFile(temporary, "create");
    try {
        const readAt = (at: number, count: number): Promise<Uint8Array> =>
            history.port.readAt(at, count);
        await writeArchive(file, header, readAt, pause);
        await file.datasync();
    } finally {
        await file.close();
    }
    await checkArchive(disk, temporary, pause);
    await disk.rename(temporary, path);
    await disk.syncFolder(dirname(path));
}

interface NewHistory {
    readonly history: HistoryFile;
    readonly base: HistoryBase;
    readonly nextSequence: number;
    readonly newest: LogMark;
}

const COPY_BYTES = 1 << 20;

/** The bytes of a history from one mark to another. */
async function* piecesBetween(
    { port }: HistoryFile,
    from: LogMark,
    to: LogMark,
): AsyncIterable<{ readonly at: number; readonly bytes: Uint8Array }> {
    for (let at = from.logEnd; at < to.logEnd; at += COPY_BYTES) {
        yield { at, bytes: await port.readAt(at, Math.min(COPY_BYTES, to.logEnd - at)) };
    }
}

/** Writes the history without its beginning, reads it again, and gives it its name. */
async function putHistory(
    disk: Disk,
    paths: StorePaths,
    { history, base, nextSequence, newest }: NewHistory,
    pause: Pause,
): Promise<void> {
    const temporary = `${paths.graphLog}.tmp`;
    const file = await disk.openFile(temporary, "create");
    try {
        const header = { ...history.header, firstSequence: nextSequence };
        await file.writeAt(0, encodeBasedHeader(header, base));
        let to = BASED_HEADER_BYTES;
        for await (const { bytes } of piecesBetween(history, base.mark, newest)) {
            await file.writeAt(to, bytes);
            to += bytes.length;
            await pause();
        }
        await file.datasync();
    } finally {
        await file.close();
    }
    const written = await openHistory(disk, temporary, "read-only");
    try {
        for await (const { at, bytes } of piecesBetween(history, base.mark, newest)) {
            if (Buffer.compare(bytes, await written.port.readAt(at, bytes.length)) !== 0) {
                throw corrupt(temporary, at, "what was written is not what was to be");
            }
            await pause();
        }
    } finally {
        await written.port.close();
    }
    await disk.rename(temporary, paths.graphLog);
    await disk.syncFolder(paths.folder);
}
