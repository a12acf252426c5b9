// Saves what a damaged store still holds, when a person asks for it: the longest good beginning of its
// history, and as one more commit the newest state that proves itself. Nothing is deleted: all files are
// copied into a folder beside them first.

import { join } from "node:path";

import { OperatingError, takeTurns, type Pause } from "../../base/index.ts";
import type { Disk } from "../../platform/index.ts";
import type { LogHeader } from "../../wal/index.ts";
import { encodeDifference } from "../emit-deltas.ts";
import type { GraphSnapshot } from "../graph-snapshot.ts";
import type { GraphStore } from "../graph-store.ts";
import { normalizeInSteps } from "../normalize.ts";
import { markOf, replayLog, wholeLog, type ReplayedLog } from "../replay-log.ts";
import { createStoreFiles, createTlog } from "./create-store.ts";
import { BASED_HEADER_BYTES, decodeHistoryHead } from "./history-file.ts";
import { startOfBase } from "./history-start.ts";
import { openCheckpoint } from "./read-checkpoint.ts";
import { foreignFile, mendHistory, readTlog, type ReadTlog } from "./recovered-files.ts";
import { restoreState, type RestoredState } from "./restore-state.ts";
import type { StoreContext } from "./store-context.ts";
import { readWholeFile, writeWholeFile } from "./whole-file.ts";

/** What a salvage saved. */
export interface SalvageReport {
    /** Folder that the files as they were are kept in. */
    readonly keptIn: string;
    /** Commits and deltas whose history is saved. */
    readonly commitCount: number;
    readonly deltaCount: number;
    /** Commit whose state was saved beyond that, without the steps that led to it; 0 when none was. */
    readonly stateOfCommit: number;
    /** What was wrong, a line each. */
    readonly problems: readonly string[];
}

/** Brings a store into order; throws STORE_LOCKED, STORE_MISSING. `open` opens it as anybody would. */
export async function salvageStore(
    context: StoreContext,
    open: () => Promise<GraphStore>,
    pause: Pause,
): Promise<SalvageReport> {
    const { disk, paths } = context;
    const problems: string[] = [];
    const lock = disk.lock(paths.lock);
    let found: Found;
    let keptIn: string;
    try {
        keptIn = await keepFiles(context);
        found = await findWhatIsGood(context, problems, pause);
        await writeBeginning(context, found);
    } finally {
        lock.release();
    }
    const store = await open();
    try {
        const { commitCount, deltaCount } = store;
        const restored = found.restored;
        const isNewer = restored !== undefined && restored.commitCount > commitCount;
        if (isNewer) {
            await commitState(store, restored.snapshot, pause);
        }
        const stateOfCommit = isNewer ? restored.commitCount : 0;
        return { keptIn, commitCount, deltaCount, stateOfCommit, problems };
    } finally {
        await store.close();
    }
}

interface Found {
    readonly header: LogHeader | undefined;
    /** What stands before the first record of a history whose beginning is archived. */
    readonly head: Buffer;
    /** Offset in the history of the first of the bytes. */
    readonly from: number;
    /** The history with its tail as the `.tlog` has it. */
    readonly bytes: Buffer;
    readonly replayed: ReplayedLog | undefined;
    readonly restored: RestoredState | undefined;
    readonly epoch: number;
}

async function keepFiles({ disk, paths }: StoreContext): Promise<string> {
    const names = (await disk.listFolder(paths.folder)).filter((name) =>
        /^workspace\.(?:graph\.log|tlog|checkpoint(?:\.prev)?|base-\d+)$/u.test(name),
    );
    if (names.length === 0) {
        throw new OperatingError("STORE_MISSING", `there is no store at ${paths.folder}`);
    }
    for (let number = 1; ; number++) {
        const folder = join(paths.folder, `salvaged-${number}`);
        if ((await disk.listFolder(folder)).length > 0) {
            continue;
        }
        await disk.makeFolder(folder);
        for (const name of names) {
            const bytes = await readWholeFile(disk, join(paths.folder, name));
            await writeWholeFile(disk, join(folder, name), bytes ?? Buffer.alloc(0));
        }
        return folder;
    }
}

async function findWhatIsGood(
    context: StoreContext,
    problems: string[],
    pause: Pause,
): Promise<Found> {
    const { disk, paths } = context;
    const raw = (await readWholeFile(disk, paths.graphLog)) ?? Buffer.alloc(0);
    const decoded = await attempt(problems, () => decodeHistoryHead(raw, paths.graphLog));
    const header = decoded?.header;
    const base = decoded?.base;
    const head = base === undefined ? Buffer.alloc(0) : raw.subarray(0, BASED_HEADER_BYTES);
    const from = base?.mark.logEnd ?? 0;
    const records = raw.subarray(head.length);
    const tlog = await attempt(problems, () => readTlogOf(disk, paths.tlog));
    // Where the history cannot say whose it is, nothing speaks against the other files.
    const isOurs = (uuid: Uint8Array): boolean =>
        Buffer.compare(uuid, header?.storeUuid ?? uuid) === 0;
    const mended =
        tlog !== undefined && isOurs(tlog.header.storeUuid)
            ? await attempt(problems, () => mendHistory(records, tlog, paths.graphLog, from))
            : undefined;
    const bytes = mended?.bytes ?? records;
    const replayed =
        header === undefined
            ? undefined
            : await attempt(problems, async () => {
                  const start =
                      base === undefined
                          ? wholeLog(bytes, paths.graphLog)
                          : await startOfBase(disk, paths, { header, base }, pause);
                  return replayLog(bytes, paths.graphLog, context.pause, { start });
              });
    if (replayed?.damage !== undefined) {
        problems.push(replayed.damage.message);
    }
    const restored = await newestRestored(context, { from, bytes, problems, isOurs }, pause);
    const epoch = (tlog?.header.epoch ?? 0) + 1;
    return { header, head, from, bytes, replayed, restored, epoch };
}

async function newestRestored(
    { disk, paths }: StoreContext,
    history: {
        readonly from: number;
        readonly bytes: Buffer;
        readonly problems: string[];
        readonly isOurs: (uuid: Uint8Array) => boolean;
    },
    pause: Pause,
): Promise<RestoredState | undefined> {
    for (const path of [paths.checkpoint, paths.previousCheckpoint]) {
        if ((await disk.fileSize(path)) === undefined) {
            continue;
        }
        const restored = await attempt(history.problems, async () => {
            const opened = await openCheckpoint(disk, path);
            if (!history.isOurs(opened.header.storeUuid)) {
                throw foreignFile(path, paths.graphLog);
            }
            return restoreState(disk, opened, history, pause);
        });
        if (restored !== undefined) {
            return restored;
        }
    }
    return undefined;
}

// The beginning of the history gets its place first: interrupted, this is done again from there.
async function writeBeginning(context: StoreContext, found: Found): Promise<void> {
    const { disk, paths } = context;
    const { header, replayed } = found;
    if (header === undefined || replayed === undefined) {
        await createStoreFiles(context);
    } else {
        const records = found.bytes.subarray(0, replayed.end - found.from);
        await writeWholeFile(disk, paths.graphLog, Buffer.concat([found.head, records]));
        const mark = markOf(replayed.lastCommit, replayed.end, replayed.logHash);
        await createTlog(context, header.storeUuid, mark, found.epoch);
    }
    await disk.remove(paths.checkpoint);
    await disk.remove(paths.previousCheckpoint);
    await disk.remove(paths.columns);
    await disk.syncFolder(paths.folder);
}

async function readTlogOf(disk: Disk, path: string): Promise<ReadTlog> {
    const port = await disk.openFile(path, "read-only");
    try {
        return await readTlog(port);
    } finally {
        await port.close();
    }
}

/** Makes a state the store's newest, as one commit. */
async function commitState(
    store: GraphStore,
    snapshot: GraphSnapshot,
    pause: Pause,
): Promise<void> {
    const [nodes, files] = [[...snapshot.nodes()], [...snapshot.files()]];
    const content = { nodes, edges: snapshot.edgeArrays(), files };
    const next = await takeTurns(normalizeInSteps(content), pause);
    const deltas = await takeTurns(encodeDifference(store.snapshot(), next), pause);
    await store.commitGraphDeltas(deltas, pause);
}

/** The result, or undefined and a line more among the problems. */
async function attempt<T>(problems: string[], work: () => Promise<T> | T): Promise<T | undefined> {
    try {
        return await work();
    } catch (error) {
        if (!(error instanceof OperatingError)) {
            throw error;
        }
        problems.push(error.message);
        return undefined;
    }
}
