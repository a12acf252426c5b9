// Opens a store: lock, log, replay, recovery. Format and rules: docs/formats/graph-log.md.

import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";

import { finishSteps, OperatingError } from "../base/index.ts";
import { STATE_SCHEMA_VERSION } from "../merkle/index.ts";
import {
    acquireLock,
    listFolder,
    makeFolder,
    monotonicMs,
    openLogFile,
    removeFile,
    statFile,
    wallClockMs,
    writeFileAtomic,
    type Lock,
} from "../platform/index.ts";
import {
    createLog,
    encodeLogHeader,
    LOG_HEADER_BYTES,
    LogWriter,
    type LogPort,
} from "../wal/index.ts";
import { GraphStore, DAMAGE_ADVICE, type GraphStoreParts, type TornTail } from "./graph-store.ts";
import { snapshotOf } from "./overlay.ts";
import { GRAPH_LOG_KIND, replayLog, type ReplayedLog } from "./replay-log.ts";
import { buildTries } from "./state-tries.ts";

/** Name of the log in a store's folder. */
export const GRAPH_LOG_NAME = "workspace.graph.log";

/** Name of the lock in a store's folder. */
const STORE_LOCK_NAME = "workspace.lock";

const CUT_FILES_KEPT = 3;
const REPLAY_SLICE_MS = 15;

/** How to open a store. */
export interface OpenGraphStoreOptions {
    /** The store's own folder, `.ferrograph` in a workspace. */
    readonly folder: string;
    /** Makes an empty store where there is none. */
    readonly createIfMissing?: boolean;
    /** Takes no lock and writes nothing; a damaged store opens with what is good before the damage. */
    readonly readOnly?: boolean;
    /**
     * Awaited with the number of bytes in the log once it is locked and read, before it is replayed; what
     * it throws gives lock and file back.
     */
    readonly beforeReplay?: (logBytes: number) => Promise<void>;
    /** Wall clock in milliseconds, for information in commits. */
    readonly clock?: () => number;
    /** Opens the log for writing; a simulated disk takes the platform's place in tests. */
    readonly openLog?: (path: string) => Promise<LogPort>;
}

/**
 * Opens a store and recovers it. Throws STORE_MISSING, STORE_LOCKED, STORE_DAMAGED (nothing was changed),
 * STORE_READ_ONLY (a folder that cannot be written and holds no store), LOG_VERSION.
 */
export async function openGraphStore(options: OpenGraphStoreOptions): Promise<GraphStore> {
    const path = join(options.folder, GRAPH_LOG_NAME);
    const exists = (await statFile(path)) !== undefined;
    if (!exists && (options.createIfMissing !== true || options.readOnly === true)) {
        throw new OperatingError("STORE_MISSING", `there is no store at ${options.folder}`, {
            advice: "run `ferrograph capture`",
        });
    }
    if (options.readOnly === true) {
        return openToRead(path, options, "it was opened to be read only");
    }
    try {
        return await openToWrite(path, options);
    } catch (error) {
        if (!(error instanceof OperatingError) || error.code !== "DISK_READ_ONLY") {
            throw error;
        }
        if (exists) {
            return openToRead(path, options, error.message);
        }
        const message = `no store can be made at ${options.folder}: ${error.message}`;
        throw new OperatingError("STORE_READ_ONLY", message, {
            cause: error,
            advice: "give a folder that can be written with `--store DIR`",
        });
    }
}

async function openToRead(
    path: string,
    options: OpenGraphStoreOptions,
    reason: string,
): Promise<GraphStore> {
    const port = await openLogFile(path, "read-only");
    try {
        const bytes = await port.readAll();
        await options.beforeReplay?.(bytes.length);
        const log = isUnborn(bytes) ? newHeader() : bytes;
        const replayed = await replayLog(log, path, turnsFor());
        return new GraphStore({
            ...commonParts(path, options, replayed),
            writer: undefined,
            port: undefined,
            readOnlyReason: replayed.damage?.message ?? reason,
            tornTail: tornTailOf(replayed, bytes, ""),
            release: () => undefined,
        });
    } finally {
        await port.close();
    }
}

async function openToWrite(path: string, options: OpenGraphStoreOptions): Promise<GraphStore> {
    await makeFolder(options.folder, 0o700);
    const lock = acquireLock(join(options.folder, STORE_LOCK_NAME));
    let port: LogPort | undefined;
    try {
        await keepOutOfGit(options.folder);
        const openLog = options.openLog ?? ((log) => openLogFile(log, "open-or-create"));
        port = await openLog(path);
        return await recover(port, path, options, lock);
    } catch (error) {
        await port?.close();
        lock.release();
        throw error;
    }
}

async function recover(
    port: LogPort,
    path: string,
    options: OpenGraphStoreOptions,
    lock: Lock,
): Promise<GraphStore> {
    let bytes = await port.readAll();
    if (isUnborn(bytes)) {
        // Interrupted while it was made: it never held a record.
        await port.truncate(0);
        await createLog(port, headerOf());
        bytes = await port.readAll();
    }
    await options.beforeReplay?.(bytes.length);
    const replayed = await replayLog(bytes, path, turnsFor());
    if (replayed.damage !== undefined) {
        throw damaged(replayed.damage);
    }
    const tornTail = await cutTail(port, replayed, bytes);
    const writer = new LogWriter(port, {
        header: replayed.scan.header,
        end: replayed.end,
        nextSequence: replayed.scan.header.firstSequence + replayed.recordCount,
    });
    return new GraphStore({
        ...commonParts(path, options, replayed),
        writer,
        port,
        readOnlyReason: "",
        tornTail,
        release: () => {
            lock.release();
        },
    });
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
    path: string,
    options: OpenGraphStoreOptions,
    replayed: ReplayedLog,
): Pick<GraphStoreParts, "path" | "replayed" | "snapshot" | "clock" | "openToRead"> {
    const { tables, lastCommit } = replayed;
    const roots = lastCommit?.roots ?? finishSteps(buildTries(tables)).roots;
    return {
        path,
        replayed,
        snapshot: snapshotOf(tables, lastCommit?.commitCount ?? 0, roots),
        clock: options.clock ?? wallClockMs,
        openToRead: () => (options.openLog ?? ((log) => openLogFile(log, "read-only")))(path),
    };
}

// The cut bytes are durable elsewhere before they go; a crash in between cuts them again.
async function cutTail(
    port: LogPort,
    replayed: ReplayedLog,
    bytes: Uint8Array,
): Promise<TornTail | undefined> {
    if (replayed.end === bytes.length) {
        return undefined;
    }
    const keptIn = `${port.path}.cut-${replayed.lastCommit?.commitCount ?? 0}`;
    await writeFileAtomic(keptIn, bytes.subarray(replayed.end));
    await port.truncate(replayed.end);
    await port.datasync();
    await forgetOldCuts(port.path);
    return tornTailOf(replayed, bytes, keptIn);
}

function tornTailOf(
    replayed: ReplayedLog,
    bytes: Uint8Array,
    keptIn: string,
): TornTail | undefined {
    const byteCount = bytes.length - replayed.end;
    return byteCount <= 0 || replayed.damage !== undefined
        ? undefined
        : { offset: replayed.end, byteCount, keptIn };
}

async function forgetOldCuts(path: string): Promise<void> {
    const folder = join(path, "..");
    const prefix = `${GRAPH_LOG_NAME}.cut-`;
    const numbers = (await listFolder(folder))
        .filter((name) => name.startsWith(prefix))
        .map((name) => Number(name.slice(prefix.length)))
        .filter((number) => Number.isInteger(number))
        .sort((one, other) => other - one);
    for (const number of numbers.slice(CUT_FILES_KEPT)) {
        await removeFile(join(folder, `${prefix}${number}`));
    }
}

async function keepOutOfGit(folder: string): Promise<void> {
    const path = join(folder, ".gitignore");
    if ((await statFile(path)) === undefined) {
        await writeFileAtomic(path, Buffer.from("*\n"));
    }
}

// A header is written and synced before any record; a file no longer than one that is not a good
// header (zeros, or cut short) holds nothing.
function isUnborn(bytes: Uint8Array): boolean {
    if (bytes.length < LOG_HEADER_BYTES) {
        return true;
    }
    return bytes.length === LOG_HEADER_BYTES && bytes.every((byte) => byte === 0);
}

function headerOf(): Parameters<typeof encodeLogHeader>[0] {
    return {
        contentKind: GRAPH_LOG_KIND,
        schemaVersion: STATE_SCHEMA_VERSION,
        storeUuid: Buffer.from(randomUUID().replaceAll("-", ""), "hex"),
        firstSequence: 0,
    };
}

function newHeader(): Uint8Array {
    return encodeLogHeader(headerOf());
}

function damaged(cause: OperatingError): OperatingError {
    if (cause.code === "LOG_VERSION") {
        return cause;
    }
    return new OperatingError("STORE_DAMAGED", cause.message, { cause, advice: DAMAGE_ADVICE });
}
