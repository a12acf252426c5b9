// Opens a store: lock, recovery, replay. Formats and rules: docs/formats/graph-log.md, tlog.md.

import { randomBytes } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";

import { finishSteps, OperatingError, type Pause } from "../base/index.ts";
import { monotonicMs, wallClockMs, type Disk, type Lock } from "../platform/index.ts";
import { LOG_HEADER_BYTES } from "../wal/index.ts";
import { diskHere } from "./disk-here.ts";
import type { ArchiveReport } from "./durable/archive-store.ts";
import { createStoreFiles } from "./durable/create-store.ts";
import { TLOG_CAPACITY, type TlogCapacity } from "./durable/epoch-base.ts";
import { openHistory, type HistoryFile } from "./durable/history-file.ts";
import {
    missingFile,
    readStore,
    recoverStore,
    reportOf,
    tornTailOf,
    type StorePorts,
} from "./durable/recover-store.ts";
import { lastMark, readTlog } from "./durable/recovered-files.ts";
import type { StoreContext } from "./durable/store-context.ts";
import { salvageStore, type SalvageReport } from "./durable/salvage-store.ts";
import { storePaths } from "./durable/store-paths.ts";
import { upgradeStore } from "./durable/upgrade-store.ts";
import { writeWholeFile } from "./durable/whole-file.ts";
import type { GraphStoreParts } from "./graph-store-parts.ts";
import { DAMAGE_ADVICE, GraphStore } from "./graph-store.ts";
import { snapshotOf } from "./overlay.ts";
import { isUnborn } from "./replay-log.ts";
import { buildTries } from "./state-tries.ts";

const REPLAY_SLICE_MS = 15;

/** A shorter history is replayed in less time than anybody notices. */
const TABLES_MIN_BYTES = 1 << 20;

/** How to open a store. */
export interface OpenGraphStoreOptions {
    /** The store's own folder, `.ferrograph` in a workspace. */
    readonly folder: string;
    /** Makes an empty store where there is none. */
    readonly createIfMissing?: boolean;
    /** Takes no lock and writes nothing; a damaged store opens with what is good before the damage. */
    readonly readOnly?: boolean;
    /**
     * Awaited with the number of bytes in the history once the store is locked, before it is read and
     * replayed; what it throws gives lock and files back.
     */
    readonly beforeReplay?: (logBytes: number) => Promise<void>;
    /** Wall clock in milliseconds, for information in commits. */
    readonly clock?: () => number;
    /** Where the files are; a simulated disk takes the real one's place in tests. */
    readonly disk?: Disk;
    /** Makes uuids and salts. */
    readonly randomBytes?: (count: number) => Uint8Array;
    /** How large the write-ahead log is made. */
    readonly tlogCapacity?: TlogCapacity;
    /** Bytes of a history from which on the tables are kept on disk, so that opening need not replay. */
    readonly tablesMinBytes?: number;
}

/**
 * Opens a store and recovers it. Throws STORE_MISSING, STORE_LOCKED, STORE_DAMAGED and STORE_MIXED
 * (nothing was changed), STORE_READ_ONLY (a folder that cannot be written and holds no store), LOG_VERSION.
 */
export async function openGraphStore(options: OpenGraphStoreOptions): Promise<GraphStore> {
    const context = contextOf(options);
    const { disk, paths } = context;
    const exists = (await disk.fileSize(paths.graphLog)) !== undefined;
    if (!exists && (options.createIfMissing !== true || options.readOnly === true)) {
        if (await hasContent(context)) {
            throw missingFile(paths.graphLog);
        }
        throw new OperatingError("STORE_MISSING", `there is no store at ${options.folder}`, {
            advice: "run `ferrograph capture`",
        });
    }
    if (options.readOnly === true) {
        return openToRead(context, options, "it was opened to be read only");
    }
    try {
        return await openToWrite(context, options);
    } catch (error) {
        if (!(error instanceof OperatingError) || error.code !== "DISK_READ_ONLY") {
            throw error;
        }
        if (exists) {
            return openToRead(context, options, error.message);
        }
        const message = `no store can be made at ${options.folder}: ${error.message}`;
        throw new OperatingError("STORE_READ_ONLY", message, {
            cause: error,
            advice: "give a folder that can be written with `--store DIR`",
        });
    }
}

/**
 * Saves what a damaged store still holds: the longest good beginning of its history, then the newest state
 * that proves itself. All files are kept as they were in a folder beside. Throws STORE_LOCKED, STORE_MISSING.
 */
export async function salvageGraphStore(
    options: OpenGraphStoreOptions,
    pause: Pause = () => undefined,
): Promise<SalvageReport> {
    const open = (): Promise<GraphStore> => openGraphStore({ ...options, createIfMissing: true });
    return salvageStore(contextOf(options), open, pause);
}

/**
 * Moves what is before delta `before` out of the history of a store, as far as it is whole commits, after
 * verifying all of it; undefined when none is there. Throws as opening and verifying do, HISTORY_NO_DELTA,
 * HISTORY_ARCHIVED.
 */
export async function archiveGraphStore(
    options: OpenGraphStoreOptions,
    before: number,
    onProgress?: (bytesDone: number, bytesTotal: number) => void,
): Promise<ArchiveReport | undefined> {
    const store = await openGraphStore(options);
    try {
        return await store.archive(before, onProgress);
    } finally {
        await store.close();
    }
}

function contextOf(options: OpenGraphStoreOptions): StoreContext {
    return {
        disk: options.disk ?? diskHere(),
        paths: storePaths(options.folder),
        capacity: options.tlogCapacity ?? TLOG_CAPACITY,
        tablesMinBytes: options.tablesMinBytes ?? TABLES_MIN_BYTES,
        randomBytes: options.randomBytes ?? randomBytes,
        pause: turnsFor(),
        beforeReplay: options.beforeReplay ?? (() => Promise.resolve()),
    };
}

async function openToRead(
    context: StoreContext,
    options: OpenGraphStoreOptions,
    reason: string,
): Promise<GraphStore> {
    const ports = await openPorts(context, "read-only");
    try {
        const store = await readStore(context, ports);
        const { replayed } = store;
        return new GraphStore({
            ...commonParts(context, options, store),
            log: undefined,
            readOnlyReason: replayed.damage?.message ?? reason,
            report: reportOf(
                store,
                tornTailOf(context, store, () => ""),
            ),
            release: () => undefined,
        });
    } finally {
        await closePorts(ports);
    }
}

async function openToWrite(
    context: StoreContext,
    options: OpenGraphStoreOptions,
): Promise<GraphStore> {
    const { disk, paths } = context;
    await disk.makeFolder(paths.folder);
    const lock = disk.lock(paths.lock);
    let ports: StorePorts | undefined;
    try {
        await keepOutOfGit(context);
        await makeReady(context);
        await renameColumns(context);
        ports = await openPorts(context, "write");
        return await recover(context, options, ports, lock);
    } catch (error) {
        if (ports !== undefined) {
            await closePorts(ports);
        }
        lock.release();
        throw damaged(error);
    }
}

/** Columns that were written under their former name get the one that they have now. */
async function renameColumns({ disk, paths }: StoreContext): Promise<void> {
    if ((await disk.fileSize(paths.columnsBefore)) === undefined) {
        return;
    }
    if ((await disk.fileSize(paths.columns)) === undefined) {
        await disk.rename(paths.columnsBefore, paths.columns);
    } else {
        await disk.remove(paths.columnsBefore);
    }
}

/** Makes the files where there are none yet, and raises those of an older format. */
async function makeReady(context: StoreContext): Promise<void> {
    const { disk, paths } = context;
    const size = await disk.fileSize(paths.graphLog);
    if (size === undefined || (size <= LOG_HEADER_BYTES && (await isUnbornFile(context)))) {
        if (await hasContent(context)) {
            throw missingFile(paths.graphLog);
        }
        await createStoreFiles(context);
        return;
    }
    await upgradeStore(context);
}

async function isUnbornFile({ disk, paths }: StoreContext): Promise<boolean> {
    const file = await disk.openFile(paths.graphLog, "read-only");
    try {
        return isUnborn(await file.readAll());
    } finally {
        await file.close();
    }
}

/** Whether there are commits in a store that lacks its history. */
async function hasContent({ disk, paths }: StoreContext): Promise<boolean> {
    for (const path of [paths.checkpoint, paths.previousCheckpoint]) {
        if ((await disk.fileSize(path)) !== undefined) {
            return true;
        }
    }
    if ((await disk.fileSize(paths.tlog)) === undefined) {
        return false;
    }
    const port = await disk.openFile(paths.tlog, "read-only");
    try {
        return lastMark(await readTlog(port)).commitCount > 0;
    } catch (error) {
        if (error instanceof OperatingError && error.code === "LOG_CORRUPT") {
            return false; // Without a good header it was never finished.
        }
        throw error;
    } finally {
        await port.close();
    }
}

async function recover(
    context: StoreContext,
    options: OpenGraphStoreOptions,
    ports: StorePorts,
    lock: Lock,
): Promise<GraphStore> {
    const { replayed, image, log, report } = await recoverStore(context, ports);
    return new GraphStore({
        ...commonParts(context, options, { replayed, image }),
        log,
        readOnlyReason: "",
        report,
        release: () => {
            lock.release();
        },
    });
}

async function openPorts(
    { disk, paths }: StoreContext,
    mode: "write" | "read-only",
): Promise<StorePorts> {
    const history = await openHistory(disk, paths.graphLog, mode);
    try {
        return { history, tlog: await disk.openFile(paths.tlog, mode) };
    } catch (error) {
        await history.port.close();
        const isMissing = error instanceof OperatingError && error.code === "FILE_NOT_FOUND";
        throw isMissing ? missingFile(paths.tlog) : error;
    }
}

async function closePorts({ history, tlog }: StorePorts): Promise<void> {
    await tlog.close();
    await history.port.close();
}

/** Gives others a turn whenever this has run for a while. */
function turnsFor(): () => Promise<void> {
    let start = monotonicMs();
    return async () => {
        if (monotonicMs() - start > REPLAY_SLICE_MS) {
            await nextTurn();
            start = monotonicMs();
        }
    };
}

function commonParts(
    context: StoreContext,
    options: OpenGraphStoreOptions,
    { replayed, image }: Pick<GraphStoreParts, "image" | "replayed">,
): Omit<GraphStoreParts, "log" | "readOnlyReason" | "release" | "report"> {
    const { tables, lastCommit } = replayed;
    const { disk, paths } = context;
    const roots = lastCommit?.roots ?? finishSteps(buildTries(tables)).roots;
    return {
        path: paths.graphLog,
        context,
        replayed,
        image,
        snapshot: snapshotOf(tables, lastCommit?.commitCount ?? 0, roots),
        clock: options.clock ?? wallClockMs,
        openToRead: (): Promise<HistoryFile> => openHistory(disk, paths.graphLog, "read-only"),
    };
}

async function keepOutOfGit({ disk, paths }: StoreContext): Promise<void> {
    if ((await disk.fileSize(paths.gitIgnore)) === undefined) {
        await writeWholeFile(disk, paths.gitIgnore, Buffer.from("*\n"));
    }
}

function damaged(cause: unknown): unknown {
    if (cause instanceof OperatingError && /^LOG_CORRUPT/u.test(cause.code)) {
        return new OperatingError("STORE_DAMAGED", cause.message, { cause, advice: DAMAGE_ADVICE });
    }
    return cause;
}
