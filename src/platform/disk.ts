// The files of a store on the real disk, one step each: nothing here is durable before it is synced,
// and whoever calls decides the order. Simulated disks in tests have the same shape.

import { readdir, rename, rm, mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";

import { CallPace } from "./call-pace.ts";
import { openDirectFile, type DirectFile } from "./direct-file.ts";
import type { FileCalls } from "./file-calls.ts";
import { statFile, syncFolder } from "./files.ts";
import { acquireLock, findLockOwner, type Lock } from "./lock-file.ts";
import { openLogFile, type LogFile, type LogFileMode } from "./log-file.ts";
import { errnoOf, readError, writeError } from "./system-error.ts";

/** A disk as a store uses it. */
export interface Disk {
    openFile(path: string, mode: LogFileMode): Promise<LogFile>;
    /** Opens a file that is read at once; throws FILE_NOT_FOUND. */
    openDirect(path: string): DirectFile;
    /** Bytes of a file; undefined when there is none. */
    fileSize(path: string): Promise<number | undefined>;
    /** Names in a folder, sorted; none when there is no folder. */
    listFolder(path: string): Promise<string[]>;
    /** Creates a folder that only its owner may enter, and its parents; durable when it resolves. */
    makeFolder(path: string): Promise<void>;
    /** Gives a file another name, in place of the file that has it; all or nothing, not durable. */
    rename(from: string, to: string): Promise<void>;
    /** Removes a name; one that is not there is no error; not durable. */
    remove(path: string): Promise<void>;
    /** Makes the names in a folder durable. */
    syncFolder(path: string): Promise<void>;
    /** Takes a lock, or throws STORE_LOCKED naming the process that holds it. */
    lock(path: string): Lock;
    /** Pid of the living process that holds a lock; undefined when none does. */
    lockOwner(path: string): number | undefined;
}

/** The disk of this machine; with calls that Node does not offer, files are mapped, reserved and locked by the kernel. */
export function realDisk(calls?: FileCalls, pace = new CallPace()): Disk {
    return {
        openFile: (path, mode) => openLogFile(path, mode, { calls, pace }),
        openDirect: (path) => openDirectFile(path, calls),
        fileSize: async (path) => (await statFile(path))?.size,
        listFolder: async (path) => {
            try {
                return (await readdir(path)).sort();
            } catch (cause) {
                if (errnoOf(cause) === "ENOENT") {
                    return [];
                }
                throw readError(cause, path);
            }
        },
        makeFolder: (path) => changing(path, () => makeFolders(path)),
        rename: (from, to) => changing(from, () => rename(from, to)),
        remove: (path) => changing(path, () => rm(path, { force: true })),
        syncFolder,
        lock: (path) => acquireLock(path, calls),
        lockOwner: (path) => findLockOwner(path, calls),
    };
}

/** Says what is in the way of the first folder that is missing, which a recursive mkdir does not. */
async function makeFolders(path: string): Promise<void> {
    try {
        const first = await mkdir(path, { recursive: true, mode: 0o700 });
        if (first !== undefined) {
            await syncNames(resolve(path), resolve(first));
        }
    } catch (cause) {
        const parent = dirname(path);
        if (errnoOf(cause) !== "ENOENT" || parent === path) {
            throw cause;
        }
        await makeFolders(parent);
        await mkdir(path, { mode: 0o700 });
    }
}

/** Makes the names of new folders durable: what is in a folder is lost with its name. */
async function syncNames(last: string, first: string): Promise<void> {
    for (let at = last; ; at = dirname(at)) {
        await syncFolder(dirname(at));
        if (at === first || at === dirname(at)) {
            return;
        }
    }
}

async function changing(path: string, change: () => Promise<unknown>): Promise<void> {
    try {
        await change();
    } catch (cause) {
        throw writeError(cause, path);
    }
}
